import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/base/clock';
import { type Failure, FailureError, failure } from '../../shared/base/errors';
import { type UtcDay, utcDayOf } from '../../shared/base/time';
import type { OrderEvent, PricePoint } from '../../shared/market/executions';
import type {
  CutRow,
  ImportAddition,
  ImportRecord,
  ImportSession,
  NewQuarantinedRow,
  ResumedImport,
  SegmentKey,
  SegmentPart,
  SegmentReplacement,
  SharedSegment,
  StoredReading,
} from '../engine/ports';
import { type BindValue, type Real, statement } from './connection';
import { foldImport } from './folding';
import { HEARTBEAT_MS, type ImportLeases } from './import-lease';
import { countsByName, jsonCell, textList } from './import-rows';
import { RowInsert } from './insert-rows';
import { knownHashes } from './known-hashes';
import { encodePrices, mergePrices } from './price-codec';
import type { Readers } from './readers';
import { numberCell, textCell } from './rows';
import { SegmentWriter } from './segment-writer';
import { type ReadSegment, readSharedKeys, readSharedSegment, SegmentReplacing } from './shared-segments';
import { visibleRows } from './visibility';
import type { Durability, Transaction, WriteQueue } from './write-queue';

/**
 * An import in the making. Everything is written in small transactions under the number of an import that is `running`, which
 * hides it from every reader; the commit turns the state and nothing else, so it is short however much was imported.
 */

/** Columns of one transaction of parts: long enough to be cheap, short enough that other writers never wait long. */
const TRANSACTION_BYTES = 1_048_576;
/** Points held back, so that prices arriving in small batches become few chunks. */
const HELD_PRICES = 65_536;

export const insertEvents = new RowInsert(
  'add order events',
  'order_events',
  [
    'content_hash',
    'import_number',
    'strategy',
    'symbol',
    'day',
    'at_us',
    'source',
    'venue',
    'account',
    'version',
    'side',
    'kind',
    'order_id',
    'client_order_id',
    'intended_quantity',
    'price',
    'reason',
    'paper',
    'line',
  ],
  'OR IGNORE',
);
export const insertChunks = new RowInsert('add prices', 'price_chunks', [
  'symbol',
  'day',
  'import_number',
  'points',
  'first_us',
  'last_us',
  'data',
]);
export const insertQuarantined = new RowInsert('add quarantined rows', 'quarantined_rows', [
  'import_number',
  'member',
  'line',
  'day',
  'symbol',
  'reason',
  'text',
]);
export const insertReading = statement(
  'note what a file is read by',
  'INSERT OR REPLACE INTO readings (import_number, member, document) VALUES (?, ?, ?)',
);
const finish = statement(
  'finish an import',
  `UPDATE imports SET file_name = ?, path = ?, size_bytes = ?, source = ?, strategy = ?, version = ?, account = ?, format = ?,
     confidence = ?, reason = ?, ended_at_us = ?, rows_read = ?, executions = ?, order_events = ?, other_rows = ?,
     duplicates = ?, quarantined = ?, merged = ?, several_per_row = ?, cut_line = ?, other_row_names = ?, first_us = ?, last_us = ?, symbols = ?, zone_assumed = ?, failure = ?, state = 'done'
   WHERE number = ? AND state = 'running'`,
);
const cover = statement(
  'note what an import covers',
  `INSERT INTO import_strategies (source, strategy, import_number, first_us, last_us)
   SELECT source, strategy, ?1, ?2, ?3 FROM
     (SELECT ?4 AS source, ?5 AS strategy
      UNION SELECT source, strategy FROM segment_parts WHERE import_number = ?1
      UNION SELECT source, strategy FROM order_events WHERE import_number = ?1)`,
);
const replacedTotals = statement(
  'find totals that change',
  `SELECT DISTINCT strategy, symbol, source FROM segment_parts WHERE id IN
     (SELECT id FROM replaced_rows WHERE import_number = ? AND kind = 'part')`,
);
const removeReplaced = [
  statement(
    'remove replaced parts',
    `DELETE FROM segment_parts WHERE id IN (SELECT id FROM replaced_rows WHERE import_number = ? AND kind = 'part')`,
  ),
  statement(
    'remove replaced merged rows',
    `DELETE FROM merged_segments WHERE id IN (SELECT id FROM replaced_rows WHERE import_number = ? AND kind = 'merged')`,
  ),
  statement('forget what was replaced', 'DELETE FROM replaced_rows WHERE import_number = ?'),
];
const removeTotal = statement(
  'remove the total of a symbol',
  'DELETE FROM symbol_totals WHERE strategy = ? AND symbol = ? AND source = ?',
);
const totalAgain = statement(
  'total a symbol again',
  `INSERT INTO symbol_totals (strategy, symbol, source, first_day, last_day, executions)
   SELECT strategy, symbol, source, min(day), max(day), sum(executions) FROM segment_parts
   WHERE strategy = ?2 AND symbol = ?3 AND source = ?4 AND (${visibleRows} OR import_number = ?1)
   GROUP BY strategy, symbol, source`,
);
const shiftCounts = statement(
  'count rows of an import as duplicates',
  `UPDATE imports SET executions = executions - ?2, duplicates = duplicates + ?2, merged = merged + ?3 WHERE id = ?1`,
);
const noteJudged = statement(
  'note that segments were judged',
  `UPDATE shared_segments SET pending = 0 WHERE pending = 1 AND (strategy, symbol, day, source) IN
     (SELECT value ->> 'strategy', value ->> 'symbol', value ->> 'day', value ->> 'source' FROM json_each(?))`,
);
const addTotals = statement(
  'add to the totals of symbols',
  `INSERT INTO symbol_totals (strategy, symbol, source, first_day, last_day, executions)
   SELECT strategy, symbol, source, min(day), max(day), sum(executions) FROM segment_parts WHERE import_number = ?
   GROUP BY strategy, symbol, source
   ON CONFLICT (strategy, symbol, source) DO UPDATE SET first_day = min(first_day, excluded.first_day),
     last_day = max(last_day, excluded.last_day), executions = executions + excluded.executions`,
);

/** Coverage a resumed import gains: its own strategies, and those its new rows name. */
const coverMore = statement(
  'note what more an import covers',
  `INSERT INTO import_strategies (source, strategy, import_number, first_us, last_us)
   SELECT source, strategy, ?2, ?3, ?4 FROM
     (SELECT source, strategy FROM segment_parts WHERE import_number = ?1
      UNION SELECT source, strategy FROM order_events WHERE import_number = ?1)
   WHERE true
   ON CONFLICT (source, strategy, import_number) DO UPDATE SET
     first_us = min(coalesce(first_us, excluded.first_us), coalesce(excluded.first_us, first_us)),
     last_us = max(coalesce(last_us, excluded.last_us), coalesce(excluded.last_us, last_us))`,
);
const handOvers = [
  'segment_parts',
  'merged_segments',
  'order_events',
  'price_chunks',
  'quarantined_rows',
  'readings',
].map((table) =>
  statement(`hand over ${table}`, `UPDATE OR REPLACE ${table} SET import_number = ?2 WHERE import_number = ?1`),
);
const fixRow = statement(
  'fix a quarantined row',
  `UPDATE quarantined_rows SET state = 'fixed', fixed_text = ?3, note = ?4
   WHERE id = ?1 AND import_number = ?2 AND state = 'open'`,
);
const readNames = statement('read names of an import', 'SELECT other_row_names, symbols FROM imports WHERE number = ?');
const extend = statement(
  'add to an import',
  `UPDATE imports SET rows_read = rows_read + ?2, executions = executions + ?3, order_events = order_events + ?4,
     other_rows = other_rows + ?5, duplicates = duplicates + ?6, quarantined = quarantined + ?7, other_row_names = ?8,
     first_us = min(coalesce(first_us, ?9), coalesce(?9, first_us)),
     last_us = max(coalesce(last_us, ?10), coalesce(?10, last_us)), symbols = ?11, merged = merged + ?12
   WHERE number = ?1`,
);
const removeRetry = statement('end a retry', 'DELETE FROM imports WHERE number = ? AND retry_of IS NOT NULL');

const cutRowsOfSource = statement(
  'find rows that files were cut in',
  `SELECT quarantined_rows.id, line, text FROM imports
   JOIN quarantined_rows ON import_number = number AND line = cut_line AND member IS NULL
   WHERE imports.state = 'done' AND retry_of IS NULL AND quarantined_rows.state = 'open'
     AND source = (SELECT source FROM imports WHERE number = ?1)
   ORDER BY number DESC LIMIT 1000`,
);
/**
 * Earlier imports whose file this one repeats or goes on with, as far as can be told: all their rows of trades are duplicates here;
 * a file without any is known by its name.
 */
const repeatedImports = `SELECT earlier.number FROM imports AS earlier JOIN imports AS this ON this.number = ?1
   WHERE earlier.number <> this.number AND earlier.state = 'done' AND earlier.retry_of IS NULL
     AND earlier.format = this.format AND earlier.source = this.source AND earlier.size_bytes <= this.size_bytes
     AND CASE WHEN earlier.executions + earlier.order_events + earlier.duplicates > 0
       THEN earlier.executions + earlier.order_events + earlier.duplicates
         - (SELECT count(*) FROM quarantined_rows WHERE import_number = earlier.number AND state = 'fixed')
         <= this.duplicates AND this.duplicates > 0
       ELSE earlier.file_name = this.file_name AND earlier.strategy = this.strategy END`;
const fixWholeRows = statement(
  'fix rows that came whole',
  `UPDATE quarantined_rows SET state = 'fixed', note = ?3
   WHERE import_number IN (${repeatedImports}) AND id IN (SELECT value FROM json_each(?2)) AND state = 'open'
   RETURNING import_number`,
);
const countWholeRow = statement(
  'count a row that came whole',
  'UPDATE imports SET quarantined = quarantined - 1, duplicates = duplicates + 1 WHERE number = ?',
);
const removeRepeated = statement(
  'remove rows that are quarantined already',
  `DELETE FROM quarantined_rows WHERE import_number = ?1 AND (line, text, coalesce(member, '')) IN
     (SELECT line, text, coalesce(member, '') FROM quarantined_rows WHERE import_number IN (${repeatedImports}))`,
);
const countRepeated = statement(
  'count rows that were quarantined already',
  'UPDATE imports SET quarantined = quarantined - ?2, duplicates = duplicates + ?2 WHERE number = ?1',
);

export interface SessionParts {
  readonly queue: WriteQueue;
  readonly readers: Readers;
  readonly leases: ImportLeases;
  readonly clock: Clock;
  readonly importNumber: number;
  readonly importId: string;
  readonly token: string;
  /** Removes what the import brought and ends it in the given state. */
  discard(importNumber: number, token: string, state: 'failed' | 'cancelled', failure: Failure): Promise<void>;
  changed(): void;
  ended(session: StoredImportSession): void;
}

export class StoredImportSession implements ImportSession {
  readonly importId: string;
  private readonly number: number;
  private readonly heartbeat: NodeJS.Timeout;
  private heldPrices = new Map<string, { symbol: string; day: UtcDay; points: PricePoint[] }>();
  private heldCount = 0;
  private open = true;
  /** Those that write nothing at the moment. */
  private readonly writers: SegmentWriter[] = [];
  private shared: ReadSegment | null = null;
  /** Segments of which all rows were looked at. */
  private readonly judged = new Map<string, SegmentKey>();
  /** What earlier imports' counts change by. */
  private readonly shifts = new Map<string, { rows: number; merged: number }>();

  constructor(private readonly parts: SessionParts) {
    this.importId = parts.importId;
    this.number = parts.importNumber;
    this.heartbeat = setInterval(() => {
      // A lost lease shows at the next write of the session itself, where somebody hears about it.
      this.write('bulk', async () => undefined).catch(() => undefined);
    }, HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  async existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]> {
    this.checkOpen();
    return knownHashes(this.parts.readers, keys, this.number);
  }

  async addParts(added: readonly SegmentPart[]): Promise<void> {
    this.checkOpen();
    const writer = this.writers.pop() ?? new SegmentWriter(this.number);
    try {
      for (const [index, part] of added.entries()) {
        writer.add(part);
        if (writer.byteLength < TRANSACTION_BYTES && index < added.length - 1) continue;
        await this.write('bulk', (transaction) => writer.write(transaction));
        writer.clear();
      }
    } finally {
      writer.clear();
      this.writers.push(writer);
    }
  }

  async addOrderEvents(events: readonly OrderEvent[]): Promise<number> {
    this.checkOpen();
    if (events.length === 0) return 0;
    return this.write('bulk', (transaction) =>
      insertEvents.run(
        transaction,
        events.map((event) => orderEventValues(event, this.number)),
      ),
    );
  }

  async addPrices(points: readonly PricePoint[]): Promise<void> {
    this.checkOpen();
    for (const point of points) {
      if (!Number.isSafeInteger(point.atUs) || !Number.isFinite(point.price)) {
        throw new FailureError(
          failure(
            'invalid-arguments',
            `The price ${point.price} of ${point.symbol} at ${point.atUs} cannot be stored`,
            'This is a fault in the program that read it; nothing was stored.',
          ),
        );
      }
      const day = utcDayOf(point.atUs);
      const key = `${day} ${point.symbol}`;
      let held = this.heldPrices.get(key);
      if (held === undefined) {
        held = { symbol: point.symbol, day, points: [] };
        this.heldPrices.set(key, held);
      }
      held.points.push(point);
    }
    this.heldCount += points.length;
    if (this.heldCount >= HELD_PRICES) await this.writePrices();
  }

  async addQuarantined(rows: readonly NewQuarantinedRow[]): Promise<void> {
    this.checkOpen();
    if (rows.length === 0) return;
    await this.write('bulk', (transaction) =>
      insertQuarantined.run(
        transaction,
        rows.map(({ member = null, ...row }) => {
          const { line, day, symbol, reason, text } = row;
          return [this.number, member, line, day, symbol, reason, text];
        }),
      ),
    );
  }

  async sharedSegments(): Promise<readonly SegmentKey[]> {
    this.checkOpen();
    return readSharedKeys(this.parts.readers, this.number);
  }

  async sharedSegment(key: SegmentKey): Promise<SharedSegment> {
    this.checkOpen();
    this.shared = await readSharedSegment(this.parts.readers, this.number, key);
    this.judged.set(JSON.stringify(key), key);
    const { stored, own, logged, twins, hashes, imports } = this.shared;
    return { stored, own, logged, twins, hashes, imports };
  }

  async replaceSegment(replacement: SegmentReplacement): Promise<void> {
    this.checkOpen();
    const read = this.shared;
    if (read === null || JSON.stringify(read.key) !== JSON.stringify(replacement.key)) {
      throw new Error('a segment is replaced that was not read last');
    }
    this.shared = null;
    const replacing = new SegmentReplacing(this.number, read, replacement);
    await this.write('bulk', (transaction) => replacing.write(transaction));
    for (const { importId, rows, merged } of replacement.shifts) {
      const before = this.shifts.get(importId) ?? { rows: 0, merged: 0 };
      this.shifts.set(importId, { rows: before.rows + rows, merged: before.merged + merged });
    }
  }

  async addReading({ member, document }: StoredReading): Promise<void> {
    this.checkOpen();
    await this.write('bulk', async (transaction) => {
      await transaction.run(insertReading, [this.number, member ?? '', document]);
    });
  }

  async cutRows(): Promise<readonly CutRow[]> {
    this.checkOpen();
    return (await this.parts.readers.all(cutRowsOfSource, [this.number])).map((row) => ({
      id: String(numberCell(row, 'id')),
      line: numberCell(row, 'line'),
      text: textCell(row, 'text'),
    }));
  }

  async commit(
    record: Omit<ImportRecord, 'id' | 'state' | 'startedAtUs'>,
    wholeRows: readonly string[] = [],
  ): Promise<number> {
    let repeated = 0;
    await this.finish(this.number, async (transaction) => {
      const { executions, orderEvents, duplicates } = record.counts;
      // Prices alone say nothing about what a source traded, so they cover nothing.
      if (executions + orderEvents + duplicates > 0) {
        const { firstUs, lastUs, source, strategy } = record;
        await transaction.run(cover, [this.number, firstUs, lastUs, source, strategy]);
      }
      await transaction.run(finish, [...recordValues(record, this.parts.clock), this.number]);
      if (wholeRows.length > 0) {
        const note = `whole in ${record.fileName} (import ${this.importId})`;
        const fixed = await transaction.all(fixWholeRows, [this.number, JSON.stringify(wholeRows.map(Number)), note]);
        for (const row of fixed) await transaction.run(countWholeRow, [numberCell(row, 'import_number')]);
      }
      if (record.counts.quarantined === 0) return;
      repeated = await transaction.run(removeRepeated, [this.number]);
      if (repeated > 0) await transaction.run(countRepeated, [this.number, repeated]);
    });
    return repeated;
  }

  /** As {@link commit}, into an import that has ended: its record takes the rows, and this session leaves none. */
  async commitInto(resumed: number, added: ImportAddition): Promise<void> {
    await this.finish(resumed, async (transaction) => {
      await transaction.run(coverMore, [this.number, resumed, added.firstUs, added.lastUs]);
      for (const handOver of handOvers) await transaction.run(handOver, [this.number, resumed]);
      for (const { id, text, note } of added.fixed) {
        if ((await transaction.run(fixRow, [Number(id), resumed, text, note])) === 1) continue;
        throw new FailureError(
          failure('conflict', `Quarantined row ${id} is not open any more.`, 'Look at the rows again.', { id }),
        );
      }
      const row = (await transaction.get(readNames, [resumed])) ?? {};
      const { counts } = added;
      await transaction.run(extend, [
        resumed,
        ...[counts.rowsRead, counts.executions, counts.orderEvents],
        ...[counts.otherRows, counts.duplicates, counts.quarantined],
        JSON.stringify(namesTogether(countsByName(jsonCell(row, 'other_row_names')), added.otherRowNames)),
        ...[added.firstUs, added.lastUs],
        JSON.stringify([...new Set([...textList(jsonCell(row, 'symbols')), ...added.symbols])].sort()),
        added.merged,
      ]);
      await transaction.run(removeRetry, [this.number]);
    });
  }

  /** The commit: what `record` writes, the totals, and the end of the lease, all in one short transaction. */
  private async finish(owner: number, record: (transaction: Transaction) => Promise<void>): Promise<void> {
    this.checkOpen();
    await this.writePrices();
    await this.write('decision', async (transaction) => {
      const changed = await transaction.all(replacedTotals, [this.number]);
      for (const removal of changed.length > 0 ? removeReplaced : []) await transaction.run(removal, [this.number]);
      await transaction.run(addTotals, [this.number]);
      for (const row of changed) {
        const of = [textCell(row, 'strategy'), textCell(row, 'symbol'), textCell(row, 'source')];
        await transaction.run(removeTotal, of);
        await transaction.run(totalAgain, [this.number, ...of]);
      }
      for (const [importId, { rows, merged }] of this.shifts) {
        await transaction.run(shiftCounts, [importId, rows, merged]);
      }
      if (this.judged.size > 0) await transaction.run(noteJudged, [JSON.stringify([...this.judged.values()])]);
      await this.parts.leases.giveBack(transaction, this.parts.token);
      await record(transaction);
    });
    this.end();
    this.parts.changed();
    // Folding only makes reading quicker. Readers see parts and folded segments alike, so a fold that fails is left for the next
    // import of the same day; it cannot turn a finished import into a failed one.
    await foldImport(this.parts.queue, owner).catch(() => undefined);
  }

  async abandon(state: 'failed' | 'cancelled', reason: Failure): Promise<void> {
    this.checkOpen();
    this.end();
    await this.parts.discard(this.number, this.parts.token, state, reason);
  }

  /**
   * Ends the session when the store closes under it. What cannot be removed now (a full disk, a lost lease) stays hidden, and the
   * next to open the desk or to import removes it.
   */
  async close(): Promise<void> {
    if (!this.open) return;
    const closed = failure(
      'cancelled',
      'The desk was closed during the import',
      'Import the file again; nothing of it is stored.',
    );
    await this.abandon('cancelled', closed).catch(() => undefined);
  }

  private end(): void {
    this.open = false;
    clearInterval(this.heartbeat);
    this.parts.ended(this);
  }

  private async writePrices(): Promise<void> {
    const chunks = [...this.heldPrices.values()].map(({ symbol, day, points }) => {
      const series = mergePrices([
        {
          atUs: Float64Array.from(points, (point) => point.atUs),
          price: Float64Array.from(points, (point) => point.price),
        },
      ]);
      const { atUs } = series;
      return [symbol, day, this.number, atUs.length, atUs[0]!, atUs[atUs.length - 1]!, encodePrices(series)];
    });
    this.heldPrices = new Map();
    this.heldCount = 0;
    if (chunks.length === 0) return;
    await this.write('bulk', (transaction) => insertChunks.run(transaction, chunks));
  }

  private write<T>(durability: Durability, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.parts.queue.transaction(durability, async (transaction) => {
      await this.parts.leases.renew(transaction, this.parts.token);
      return work(transaction);
    });
  }

  private checkOpen(): void {
    if (this.open) return;
    throw new FailureError(
      failure('conflict', `The import ${this.importId} has already ended`, 'Begin a new import for more rows.'),
    );
  }
}

/** A session that adds to an import that has ended. */
export class StoredResumedImport implements ResumedImport {
  readonly importId: string;

  constructor(
    private readonly session: StoredImportSession,
    private readonly resumed: number,
  ) {
    this.importId = session.importId;
  }

  existingHashes: ResumedImport['existingHashes'] = (keys) => this.session.existingHashes(keys);
  addParts: ResumedImport['addParts'] = (parts) => this.session.addParts(parts);
  addOrderEvents: ResumedImport['addOrderEvents'] = (events) => this.session.addOrderEvents(events);
  addPrices: ResumedImport['addPrices'] = (points) => this.session.addPrices(points);
  addQuarantined: ResumedImport['addQuarantined'] = (rows) => this.session.addQuarantined(rows);
  sharedSegments: ResumedImport['sharedSegments'] = () => this.session.sharedSegments();
  sharedSegment: ResumedImport['sharedSegment'] = (key) => this.session.sharedSegment(key);
  replaceSegment: ResumedImport['replaceSegment'] = (replacement) => this.session.replaceSegment(replacement);
  addReading: ResumedImport['addReading'] = (reading) => this.session.addReading(reading);
  abandon: ResumedImport['abandon'] = (state, reason) => this.session.abandon(state, reason);
  commit: ResumedImport['commit'] = (added) => this.session.commitInto(this.resumed, added);
}

function namesTogether(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const together = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) together.set(name, (together.get(name) ?? 0) + count);
  return Object.fromEntries(together);
}

export function orderEventValues(event: OrderEvent, importNumber: number): readonly BindValue[] {
  return [
    contentHash(event),
    importNumber,
    event.strategy,
    event.symbol,
    utcDayOf(event.atUs),
    event.atUs,
    event.source,
    event.venue,
    event.account,
    event.version,
    event.side,
    event.kind,
    event.orderId,
    event.clientOrderId,
    real(event.intendedQuantity),
    real(event.price),
    event.reason,
    event.paper ? 1 : 0,
    event.line,
  ];
}

/** 128 bits over everything the event says; where it stood in which file does not count. */
export function contentHash(event: OrderEvent): Uint8Array {
  const content = [
    event.source,
    event.venue,
    event.account,
    event.strategy,
    event.version,
    event.symbol,
    event.side,
    event.kind,
    event.atUs,
    event.orderId,
    event.clientOrderId,
    event.intendedQuantity,
    event.price,
    event.reason,
    event.paper,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest().subarray(0, 16);
}

function real(value: number | null): Real | null {
  return value === null ? null : { real: value };
}

function recordValues(record: Omit<ImportRecord, 'id' | 'state' | 'startedAtUs'>, clock: Clock): readonly BindValue[] {
  const { counts } = record;
  return [
    record.fileName,
    record.path,
    record.sizeBytes,
    record.source,
    record.strategy,
    record.version,
    record.account,
    record.format,
    record.confidence,
    record.reason,
    record.endedAtUs ?? clock.nowUs(),
    counts.rowsRead,
    counts.executions,
    counts.orderEvents,
    counts.otherRows,
    counts.duplicates,
    counts.quarantined,
    record.merged,
    record.severalPerRow ? 1 : 0,
    record.cutLine,
    JSON.stringify(record.otherRowNames),
    record.firstUs,
    record.lastUs,
    JSON.stringify(record.symbols),
    record.zoneAssumed === null ? null : JSON.stringify(record.zoneAssumed),
    record.failure === null ? null : JSON.stringify(record.failure),
  ];
}
