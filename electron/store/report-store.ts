import { FailureError, failure } from '../../shared/base/errors';
import { isUtcDay, type UtcDay, utcDayOf } from '../../shared/base/time';
import { type DayPoint, dayPointOf } from '../../shared/parity/day-point';
import { type Report, reportSchemaId } from '../../shared/parity/document';
import { methodVersion } from '../../shared/parity/method';
import type { ReportHead, ReportStore, StoredReport, TouchedDay } from '../engine/ports';
import { type BindValue, type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import type { Readers } from './readers';
import { damaged, isNullCell, numberCell, textCell } from './rows';
import { removeMarks } from './touched-days';
import type { WriteQueue } from './write-queue';

/**
 * Daily reports with all their revisions. A report of an older document schema counts as not made: it is made again. While its day lasts
 * a report has one revision that is written anew: a followed day changes several times a second.
 */

const PORTFOLIO = '';

const insertReports = new RowInsert('store reports', 'reports', [
  'strategy',
  'symbol',
  'day',
  'revision',
  'input_hash',
  'made_at_us',
  'made_by',
  'document',
  'point',
]);
const lastRevisions = statement(
  'find the last revisions',
  `SELECT wanted.key AS place, coalesce(max(revision), 0) AS revision, made_at_us FROM json_each(?) AS wanted
   LEFT JOIN reports ON strategy = wanted.value ->> 0 AND symbol = wanted.value ->> 1 AND day = wanted.value ->> 2
   GROUP BY wanted.key`,
);
const removeRevision = statement(
  'remove a revision of a report',
  'DELETE FROM reports WHERE strategy = ? AND symbol = ? AND day = ? AND revision = ?',
);
export const selectLatest = statement(
  'read the latest report',
  `SELECT input_hash, made_at_us, document FROM reports WHERE strategy = ? AND symbol = ? AND day = ?
   ORDER BY revision DESC LIMIT 1`,
);
export const selectRange = statement(
  'read latest reports',
  `SELECT input_hash, made_at_us, document FROM reports AS report
   WHERE strategy = ?1 AND symbol = ?2 AND day BETWEEN ?3 AND ?4 AND revision =
     (SELECT max(revision) FROM reports WHERE strategy = ?1 AND symbol = ?2 AND day = report.day)
   ORDER BY day`,
);
export const selectRanges = statement(
  'read latest reports of symbols',
  `SELECT input_hash, made_at_us, document FROM json_each(?2) AS wanted
   CROSS JOIN reports AS report ON strategy = ?1 AND symbol = wanted.value AND day BETWEEN ?3 AND ?4
   WHERE revision =
     (SELECT max(revision) FROM reports WHERE strategy = ?1 AND symbol = report.symbol AND day = report.day)
   ORDER BY wanted.key, day`,
);
export const selectHeads = statement(
  'look for latest reports',
  `SELECT report.symbol, day, revision, input_hash, made_at_us, made_by FROM json_each(?2) AS wanted
   CROSS JOIN reports AS report ON strategy = ?1 AND symbol = wanted.value AND day BETWEEN ?3 AND ?4
   WHERE revision =
     (SELECT max(revision) FROM reports WHERE strategy = ?1 AND symbol = report.symbol AND day = report.day)
   ORDER BY wanted.key, day`,
);
/** As one text: a row each would take longer than what is in it. */
export const selectPoints = statement(
  'read points of latest reports',
  `SELECT '[' || coalesce(group_concat(point ORDER BY day), '') || ']' AS points FROM reports AS report
   WHERE strategy = ?1 AND symbol = ?2 AND day BETWEEN ?3 AND ?4 AND substr(made_by, 1, length(?5)) = ?5 AND revision =
     (SELECT max(revision) FROM reports WHERE strategy = ?1 AND symbol = ?2 AND day = report.day)`,
);
export const selectUnsettled = statement(
  'look for unsettled reports',
  `SELECT report.symbol, day, revision, input_hash, made_at_us, made_by FROM reports AS report
   WHERE strategy = ?1 AND symbol = '${PORTFOLIO}' AND day BETWEEN ?2 AND ?3
     AND (made_by <> ?4 OR made_at_us <= (unixepoch(day) + 86400 + ?5 / 1000.0) * 1000000) AND revision =
     (SELECT max(revision) FROM reports WHERE strategy = ?1 AND symbol = '${PORTFOLIO}' AND day = report.day)
   ORDER BY day`,
);
const selectRevisions = statement(
  'read revisions of a report',
  `SELECT input_hash, made_at_us, document FROM reports WHERE strategy = ? AND symbol = ? AND day = ? ORDER BY revision`,
);

export class StoredReports implements ReportStore {
  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly changed: () => void,
  ) {}

  async latest(strategy: string, symbol: string | null, day: UtcDay): Promise<StoredReport | null> {
    const row = await this.readers.get(selectLatest, [strategy, symbol ?? PORTFOLIO, day]);
    return row === null ? null : storedReportOf(row);
  }

  async range(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly StoredReport[]> {
    return current(await this.readers.all(selectRange, [strategy, symbol ?? PORTFOLIO, from, to]));
  }

  async ranges(
    strategy: string,
    symbols: readonly (string | null)[],
    from: UtcDay,
    to: UtcDay,
  ): Promise<readonly StoredReport[]> {
    const wanted = JSON.stringify(symbols.map((symbol) => symbol ?? PORTFOLIO));
    return current(await this.readers.all(selectRanges, [strategy, wanted, from, to]));
  }

  async revisions(strategy: string, symbol: string | null, day: UtcDay): Promise<readonly StoredReport[]> {
    return current(await this.readers.all(selectRevisions, [strategy, symbol ?? PORTFOLIO, day]));
  }

  async points(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly DayPoint[]> {
    const values = [strategy, symbol ?? PORTFOLIO, from, to, `${reportSchemaId} `];
    const row = await this.readers.get(selectPoints, values);
    const points = jsonOf(textCell(row ?? {}, 'points'));
    if (!isPoints(points)) throw damaged(`days of reports of ${strategy}`);
    return points;
  }

  async heads(
    strategy: string,
    symbols: readonly (string | null)[],
    from: UtcDay,
    to: UtcDay,
  ): Promise<readonly ReportHead[]> {
    const wanted = JSON.stringify(symbols.map((symbol) => symbol ?? PORTFOLIO));
    return (await this.readers.all(selectHeads, [strategy, wanted, from, to])).map(headOf);
  }

  async unsettled(strategy: string, from: UtcDay, to: UtcDay, graceMs: number): Promise<readonly ReportHead[]> {
    return (await this.readers.all(selectUnsettled, [strategy, from, to, presentMethod, graceMs])).map(headOf);
  }

  async save(reports: readonly StoredReport[], looked: readonly TouchedDay[] = []): Promise<void> {
    if (reports.length === 0) return;
    for (const { report } of reports) {
      if (report.key.from === report.key.to) continue;
      throw new FailureError(
        failure(
          'invalid-arguments',
          `A report from ${report.key.from} to ${report.key.to} cannot be stored: only reports of one day are`,
          'Make reports of longer windows from the stored days.',
        ),
      );
    }
    await this.queue.transaction('decision', async (transaction) => {
      const keys = reports.map(({ report: { key } }) => [key.strategy, key.symbol ?? PORTFOLIO, key.from] as const);
      const last = new Map<string, number>();
      for (const row of await transaction.all(lastRevisions, [JSON.stringify(keys)])) {
        const place = numberCell(row, 'place');
        const revision = numberCell(row, 'revision');
        const { report, madeAtUs } = reports[place]!;
        const lasting =
          !isNullCell(row, 'made_at_us') &&
          [numberCell(row, 'made_at_us'), madeAtUs].every((atUs) => utcDayOf(atUs) === report.key.from);
        if (lasting) await transaction.run(removeRevision, [...keys[place]!, revision]);
        last.set(JSON.stringify(keys[place]), lasting ? revision - 1 : revision);
      }
      const rows = reports.map(({ report, inputHash, madeAtUs }, index): readonly BindValue[] => {
        const key = keys[index]!;
        const name = JSON.stringify(key);
        // Several revisions of one report may be saved at once.
        const revision = last.get(name)! + 1;
        last.set(name, revision);
        const document: Report = { ...report, key: { ...report.key, revision } };
        return [
          ...key,
          revision,
          inputHash,
          madeAtUs,
          madeBy(document),
          JSON.stringify(document),
          JSON.stringify(dayPointOf(document)),
        ];
      });
      await insertReports.run(transaction, rows);
      if (looked.length > 0) await removeMarks(transaction, looked);
    });
    this.changed();
  }
}

/** What made a report, as its row says it. */
function madeBy({ schema, methodVersion }: Pick<Report, 'schema' | 'methodVersion'>): string {
  return `${schema} ${methodVersion}`;
}

const presentMethod = madeBy({ schema: reportSchemaId, methodVersion });

function headOf(row: Row): ReportHead {
  const symbol = textCell(row, 'symbol');
  const day = textCell(row, 'day');
  if (!isUtcDay(day)) throw damaged(`"${day}" is not a day`);
  return {
    symbol: symbol === PORTFOLIO ? null : symbol,
    day,
    revision: numberCell(row, 'revision'),
    inputHash: textCell(row, 'input_hash'),
    madeAtUs: numberCell(row, 'made_at_us'),
    present: row['made_by'] === presentMethod,
  };
}

function current(rows: readonly Row[]): readonly StoredReport[] {
  return rows.map(storedReportOf).filter((report) => report !== null);
}

function storedReportOf(row: Row): StoredReport | null {
  const document = jsonOf(textCell(row, 'document'));
  return isCurrentReport(document)
    ? { report: document, inputHash: textCell(row, 'input_hash'), madeAtUs: numberCell(row, 'made_at_us') }
    : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged('a stored report is not JSON');
    throw error;
  }
}

/** `save` and the migration that brought them stored points of documents, whose schema id is asked for. */
function isPoints(points: unknown): points is readonly DayPoint[] {
  return (
    Array.isArray(points) && points.every((point) => typeof point === 'object' && point !== null && 'day' in point)
  );
}

/** `save` stored a Report under this schema id, and the id changes with the meaning of its keys; so the id stands for the type. */
function isCurrentReport(document: unknown): document is Report {
  return (
    typeof document === 'object' && document !== null && 'schema' in document && document.schema === reportSchemaId
  );
}
