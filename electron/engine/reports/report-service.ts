import { FailureError, failure } from '../../../shared/base/errors';
import { addUtcDays, type UtcDay } from '../../../shared/base/time';
import {
  type ComparedReport,
  type Comparison,
  compareReports,
  type NoExplanation,
} from '../../../shared/parity/comparison';
import type { Report } from '../../../shared/parity/document';
import type { Explanation } from '../../../shared/parity/explanation';
import { publishedReport } from '../../../shared/parity/published';
import { explainDays, mostExplainedDays } from '../parity/explain-days';
import type { ParityService } from '../parity/parity-service';
import type { DeskStore } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { csvLine, ordersCsvHeader, ordersCsvLines } from './orders-csv';
import { type SheetInput, sheetName } from './sheet';
import type { Paper } from './sheet-pdf';

/** Reports as they leave the desk: as documents, as printed pages, as tables of orders; and their calendar and revisions. */

export const reportFormats = ['json', 'html', 'pdf', 'csv'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportSelection {
  readonly strategy: string;
  /** null = portfolio. */
  readonly symbol: string | null;
  readonly from: UtcDay;
  readonly to: UtcDay;
  /** Of a single day; null = the latest. */
  readonly revision: number | null;
}

export interface ComparedSelection extends ReportSelection {
  /** Only its fills; null = all. */
  readonly version: string | null;
}

export interface ReportFile {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface RevisionOfDay {
  readonly report: Report;
  readonly madeAtUs: number;
}

export interface ReportService {
  /** The report as a file; one page where it is printed. Throws `no-data`, `not-found` (no such revision), `limit-exceeded`. */
  file(selection: ReportSelection, format: ReportFormat, paper: Paper): Promise<ReportFile>;
  /** The orders of the selection as CSV, in pieces. */
  orders(selection: ReportSelection): AsyncGenerator<string>;
  /** Daily reports of the days with executions in the range: the portfolio's and those of every symbol, or of one symbol. */
  daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]>;
  /** All that are kept of a day, oldest first; the last is up to date. */
  revisions(strategy: string, symbol: string | null, day: UtcDay): Promise<readonly RevisionOfDay[]>;
  /** Two of them beside each other, each of one version alone where it names one. */
  compare(a: ComparedSelection, b: ComparedSelection): Promise<Comparison>;
  /** The report with that revision of it, or the latest. */
  report(selection: ReportSelection): Promise<Report>;
}

export interface ReportServiceOptions {
  readonly store: DeskStore;
  readonly parity: ParityService;
  readonly tasks: TaskRunner;
  /** The store holds simulated data. */
  readonly sample: boolean;
  readonly version: string;
}

export function createReportService({ store, parity, tasks, sample, version }: ReportServiceOptions): ReportService {
  async function revisions(strategy: string, symbol: string | null, day: UtcDay): Promise<readonly RevisionOfDay[]> {
    await parity.report(strategy, symbol, day, day);
    return store.reports.revisions(strategy, symbol, day);
  }

  async function kept({ strategy, symbol, from }: ReportSelection, revision: number): Promise<RevisionOfDay> {
    const all = await revisions(strategy, symbol, from);
    const found = all.find(({ report }) => report.key.revision === revision);
    if (found) return found;
    const known = all.map(({ report }) => report.key.revision).join(', ');
    throw new FailureError(
      failure('not-found', `There is no revision ${revision} of this report.`, `Choose one of: ${known}.`, {
        revision,
      }),
    );
  }

  async function report(selection: ReportSelection): Promise<Report> {
    const { strategy, symbol, from, to, revision } = selection;
    if (revision !== null && from === to) return (await kept(selection, revision)).report;
    return (await parity.report(strategy, symbol, from, to)).report;
  }

  /** Causes are worked out from the orders as they are now: those behind an older revision are not kept. */
  async function explanation(
    { strategy, symbol, from, to, revision }: ReportSelection,
    latestRevision: number,
  ): Promise<Explanation | NoExplanation> {
    if (from === to && revision !== null && revision !== latestRevision) {
      return { unexplained: 'The orders behind an older revision are not kept: its causes are not known.' };
    }
    if (to > addUtcDays(from, mostExplainedDays - 1)) {
      return { unexplained: `Causes are worked out for ${mostExplainedDays} days at most.` };
    }
    return explainDays({ store, parity }, { strategy, symbol, from, to });
  }

  async function sheetInput(selection: ReportSelection): Promise<SheetInput> {
    const { strategy, symbol, from, to, revision } = selection;
    const limits = await parity.settings(strategy, symbol);
    const latest = await parity.report(strategy, symbol, from, to);
    const common = {
      limits,
      sample,
      version,
      explanation: await explanation(selection, latest.report.key.revision),
    };
    if (from !== to) {
      const days = await parity.daily(strategy, symbol, from, to);
      const points = days.map(({ key, trackingErrorBps, trackingDifferenceBps }) => ({
        day: key.from,
        trackingErrorBps,
        trackingDifferenceBps,
      }));
      return { ...common, report: latest.report, series: null, days: points, madeAtUs: null, revisions: 1 };
    }
    const shown = await kept(selection, revision ?? latest.report.key.revision);
    // The course within the day is worked out from the fills as they are now: it is not that of an older revision.
    const series = shown.report.key.revision === latest.report.key.revision ? latest.series : null;
    return { ...common, report: shown.report, series, days: [], madeAtUs: shown.madeAtUs, revisions: latest.revisions };
  }

  async function* orders(selection: ReportSelection): AsyncGenerator<string> {
    const { strategy, symbol, from, to, revision } = selection;
    const latest = await parity.report(strategy, symbol, from, to);
    if (revision !== null && revision !== latest.report.key.revision) {
      throw new FailureError(
        failure(
          'not-found',
          'The orders behind an older revision are not kept, only its figures.',
          'Leave the revision out for the orders as they are now.',
          { revision },
        ),
      );
    }
    yield csvLine(ordersCsvHeader);
    const fileNames = new Map<string, string>();
    for (let day = from; day <= to; day = addUtcDays(day, 1)) {
      const segments = await store.executions.segments(
        symbol === null ? { strategy, from: day, to: day } : { strategy, symbol, from: day, to: day },
      );
      for (const name of [...new Set(segments.map(({ key }) => key.symbol))].sort()) {
        const { result, columns } = await parity.open({ strategy, symbol: name, day });
        for (const id of new Set(
          [columns.live, columns.backtest].flatMap((side) => side?.dictionaries.importIds ?? []),
        )) {
          if (!fileNames.has(id)) fileNames.set(id, (await store.imports.get(id))?.fileName ?? '');
        }
        const { currency } = result.report;
        let piece = '';
        for (const line of ordersCsvLines({
          strategy,
          symbol: name,
          day,
          currency,
          pairs: result.pairs,
          columns,
          fileNames,
        })) {
          piece += line;
          if (piece.length < pieceLength) continue;
          yield piece;
          piece = '';
        }
        if (piece !== '') yield piece;
      }
    }
  }

  async function file(selection: ReportSelection, format: ReportFormat, paper: Paper): Promise<ReportFile> {
    const { strategy, symbol, from, to, revision } = selection;
    const named = sheetName({ key: { strategy, symbol, from, to, revision: 0 } });
    const name = `${named}${revision === null ? '' : `_revision-${revision}`}.${format}`;
    switch (format) {
      case 'json': {
        const document = publishedReport(await report(selection));
        return { name, content: utf8(`${JSON.stringify(document)}\n`) };
      }
      case 'csv': {
        const pieces: Uint8Array[] = [];
        let sizeBytes = 0;
        for await (const piece of orders(selection)) {
          const bytes = utf8(piece);
          pieces.push(bytes);
          sizeBytes += bytes.length;
          if (sizeBytes > mostFileBytes) throw tooLarge(name);
        }
        return { name, content: joined(pieces, sizeBytes) };
      }
      case 'html':
        return {
          name,
          content: await tasks.run('sheet', { input: await sheetInput(selection), format }, { host: {} }),
        };
      case 'pdf': {
        const input = await sheetInput(selection);
        // A report of several days is made when it is asked for; its days say when they were.
        const madeAtUs = input.madeAtUs ?? (await latestMade(selection));
        return { name, content: await tasks.run('sheet', { input, format, paper, madeAtUs }, { host: {} }) };
      }
    }
  }

  async function latestMade({ strategy, symbol, from, to }: ReportSelection): Promise<number> {
    const days = await store.reports.range(strategy, symbol, from, to);
    return Math.max(0, ...days.map(({ madeAtUs }) => madeAtUs));
  }

  async function daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]> {
    if (symbol !== null) return parity.daily(strategy, symbol, from, to);
    const segments = await store.executions.segments({ strategy, from, to });
    const symbols = [...new Set(segments.map(({ key }) => key.symbol))].sort();
    const found = [...(await parity.daily(strategy, null, from, to))];
    for (const name of symbols) found.push(...(await parity.daily(strategy, name, from, to)));
    return found;
  }

  async function compared(selection: ComparedSelection): Promise<ComparedReport> {
    const { strategy, symbol, from, to, version } = selection;
    if (version === null) {
      const latest = await parity.report(strategy, symbol, from, to);
      return {
        report: await report(selection),
        version,
        explanation: await explanation(selection, latest.report.key.revision),
      };
    }
    return {
      report: await parity.ofVersion(strategy, symbol, version, from, to),
      version,
      explanation: { unexplained: 'Causes are worked out over all versions, not for one alone.' },
    };
  }

  async function compare(a: ComparedSelection, b: ComparedSelection): Promise<Comparison> {
    return compareReports(await compared(a), await compared(b));
  }

  return { file, orders, daily, revisions, report, compare };
}

const pieceLength = 65_536;
/** What a page may be handed at once; the command line writes without this limit. */
const mostFileBytes = 32 * 1_048_576;

function tooLarge(name: string): FailureError {
  return new FailureError(
    failure(
      'limit-exceeded',
      `${name} is larger than ${mostFileBytes / 1_048_576} MiB.`,
      'Choose one symbol or fewer days, or write it with "lockstep report --format csv --output FILE".',
      { limitBytes: mostFileBytes },
    ),
  );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
