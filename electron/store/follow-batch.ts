import type { Clock } from '../../shared/base/clock';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { type UtcDay, utcDayOf } from '../../shared/base/time';
import type { OrderEvent, PricePoint } from '../../shared/market/executions';
import type {
  FollowBatch,
  FollowBatches,
  FollowedFile,
  ImportRecord,
  NewQuarantinedRow,
  SegmentKey,
  SegmentPart,
  SegmentSummary,
  SharedSegment,
  StoreChange,
  StoredReading,
} from '../engine/ports';
import { type BindValue, statement } from './connection';
import { foldTails } from './folding';
import { importRecordOf } from './import-rows';
import {
  contentHash,
  insertChunks,
  insertEvents,
  insertQuarantined,
  insertReading,
  orderEventValues,
} from './import-session';
import type { StoredImports } from './import-store';
import { RowInsert } from './insert-rows';
import { knownHashes } from './known-hashes';
import { encodePrices, mergePrices } from './price-codec';
import type { Readers } from './readers';
import { damaged, numberCell, textCell } from './rows';
import { SegmentWriter } from './segment-writer';
import type { Transaction, WriteQueue } from './write-queue';

/**
 * The rows of readings of followed files, held in memory until one transaction writes them together with the files' positions. It
 * never holds the import lease: its transaction is refused while an import runs, and undone when somebody stored executions of the
 * same segments since it was asked what is stored. Files are read one after the other: what one brings is known to the next.
 */

/** Known hashes of a segment only ever grow, so an equal count is an equal segment. */
const countHashes = statement(
  'count hashes of followed segments',
  `SELECT wanted.key AS place,
     (SELECT coalesce(sum(executions), 0) FROM segment_parts WHERE strategy = wanted.value ->> 'strategy'
       AND symbol = wanted.value ->> 'symbol' AND day = wanted.value ->> 'day' AND source = wanted.value ->> 'source')
     + (SELECT coalesce(sum(length(hashes)), 0) / 8 FROM merged_segments WHERE strategy = wanted.value ->> 'strategy'
       AND symbol = wanted.value ->> 'symbol' AND day = wanted.value ->> 'day' AND source = wanted.value ->> 'source') AS total
   FROM json_each(?1) AS wanted`,
);
const knownEvents = statement(
  'look for order events',
  `SELECT hex(content_hash) AS hash FROM order_events
   WHERE content_hash IN (SELECT unhex(value) FROM json_each(?))`,
);
const importRuns = statement('look for a running import', `SELECT 1 AS runs FROM import_lease`);
const findImports = statement(
  'find the records of followed files',
  'SELECT * FROM imports WHERE id IN (SELECT value FROM json_each(?))',
);
const insertImports = new RowInsert('begin the records of followed files', 'imports', [
  'id',
  'source',
  'version',
  'account',
  'state',
  'started_at_us',
  'file_name',
  'path',
  'size_bytes',
  'strategy',
  'format',
  'confidence',
  'reason',
  'ended_at_us',
  'rows_read',
  'executions',
  'order_events',
  'other_rows',
  'duplicates',
  'quarantined',
  'several_per_row',
  'other_row_names',
  'first_us',
  'last_us',
  'symbols',
  'zone_assumed',
]);
const growImport = statement(
  'add to the record of a followed file',
  `UPDATE imports SET file_name = ?, path = ?, size_bytes = ?, strategy = ?, format = ?, confidence = ?, reason = ?,
     ended_at_us = ?, rows_read = ?, executions = ?, order_events = ?, other_rows = ?, duplicates = ?, quarantined = ?,
     several_per_row = ?, other_row_names = ?, first_us = ?, last_us = ?, symbols = ?, zone_assumed = ? WHERE number = ?`,
);
const cover = new RowInsert(
  'note what followed files cover',
  'import_strategies',
  ['source', 'strategy', 'import_number', 'first_us', 'last_us'],
  '',
  `ON CONFLICT (source, strategy, import_number) DO UPDATE SET
     first_us = min(coalesce(first_us, excluded.first_us), coalesce(excluded.first_us, first_us)),
     last_us = max(coalesce(last_us, excluded.last_us), coalesce(excluded.last_us, last_us))`,
);
const addTotals = new RowInsert(
  'add to the totals of symbols',
  'symbol_totals',
  ['strategy', 'symbol', 'source', 'first_day', 'last_day', 'executions'],
  '',
  `ON CONFLICT (strategy, symbol, source) DO UPDATE SET first_day = min(first_day, excluded.first_day),
     last_day = max(last_day, excluded.last_day), executions = executions + excluded.executions`,
);
/** Shared is what was found to be, what has rows of another import (or any, with ?2), and what was merged before. */
const noteShared = statement(
  'note segments shared with other logs',
  `INSERT INTO shared_segments (strategy, symbol, day, source, import_number, pending)
   SELECT wanted.value ->> 'strategy' AS strategy, wanted.value ->> 'symbol' AS symbol, wanted.value ->> 'day' AS day,
     wanted.value ->> 'source' AS source, wanted.value ->> 'number', 1
   FROM json_each(?1) AS wanted
   WHERE (strategy, symbol, day, source) IN (SELECT strategy, symbol, day, source FROM shared_segments)
     OR EXISTS (SELECT 1 FROM segment_parts AS other WHERE other.strategy = wanted.value ->> 'strategy'
       AND other.symbol = wanted.value ->> 'symbol' AND other.day = wanted.value ->> 'day'
       AND other.source = wanted.value ->> 'source' AND (?2 OR other.import_number <> wanted.value ->> 'number'))
     OR EXISTS (SELECT 1 FROM merged_segments AS other WHERE other.strategy = wanted.value ->> 'strategy'
       AND other.symbol = wanted.value ->> 'symbol' AND other.day = wanted.value ->> 'day'
       AND other.source = wanted.value ->> 'source')
   ON CONFLICT (strategy, symbol, day, source) DO UPDATE SET import_number = excluded.import_number, pending = 1`,
);
const removeQuarantined = statement(
  'void quarantined rows of an earlier reading',
  `DELETE FROM quarantined_rows WHERE import_number = ? AND state = 'open'`,
);
const judgedRows = statement(
  'read what was judged of quarantined rows',
  'SELECT reason, text FROM quarantined_rows WHERE import_number = ?',
);
const noteRead = statement(
  'note what a watch read last',
  `UPDATE watches SET last_read_us = ?2, last_record_us = coalesce(?3, last_record_us), delay_ms = coalesce(?4, delay_ms)
   WHERE id = ?1`,
);

export interface FollowBatchParts {
  readonly queue: WriteQueue;
  readonly readers: Readers;
  readonly imports: Pick<StoredImports, 'removeInterrupted'>;
  readonly clock: Clock;
  readonly changed: (what?: StoreChange) => void;
  /** Throws `conflict` when this process does not follow any more. */
  renew(transaction: Transaction): Promise<void>;
  saveFiles(transaction: Transaction, files: readonly FollowedFile[]): Promise<void>;
}

type Outcome = Parameters<FollowBatch['commit']>[0];
type GrownRecord = Omit<ImportRecord, 'id' | 'state'>;

export class StoredFollowBatches implements FollowBatches {
  private readonly seen = new Map<
    string,
    { readonly key: SegmentKey; readonly hashes: BigUint64Array[]; count: number }
  >();
  private readonly batches: StoredFollowBatch[] = [];

  constructor(private readonly parts: FollowBatchParts) {}

  begin(): FollowBatch {
    const batch = new StoredFollowBatch(this.parts, this);
    this.batches.push(batch);
    return batch;
  }

  async commit(): Promise<boolean> {
    const written = this.batches.filter(({ outcome }) => outcome !== null);
    if (written.length === 0) return true;
    const numbers = await this.parts.queue
      .transaction('bulk', (transaction) => this.write(transaction, written))
      .catch(async (error: unknown) => {
        if (error instanceof RowsCameBetween) return null;
        // An import whose process died holds the lease until somebody asks.
        if (toFailure(error).code === 'busy') await this.parts.imports.removeInterrupted();
        throw error;
      });
    if (numbers === null) return false;
    this.parts.changed('executions');
    // As after an import: readers see parts and their sum alike. Files that are read together are at their beginning and have no tail.
    const [only, ...others] = written;
    if (only && others.length === 0) {
      await foldTails(
        this.parts.queue,
        numbers[0]!,
        only.summaries.map(({ key }) => key),
      ).catch(() => undefined);
    }
    return true;
  }

  /** Hash columns of what is stored, and of what was added here, by segment. */
  async existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]> {
    const unknown = keys.filter((key) => !this.seen.has(nameOf(key)));
    if (unknown.length > 0) {
      const found = await knownHashes(this.parts.readers, unknown, null);
      unknown.forEach((key, place) => {
        const count = found[place]!.reduce((sum, { length }) => sum + length, 0);
        this.seen.set(nameOf(key), { key, hashes: found[place]!, count });
      });
    }
    return keys.map((key) => {
      const name = nameOf(key);
      return [...this.seen.get(name)!.hashes, ...this.batches.flatMap((batch) => batch.hashesOf(name))];
    });
  }

  hasEvent(hash: string): boolean {
    return this.batches.some((batch) => batch.hasEvent(hash));
  }

  /** Returns the number of each file's import record. */
  private async write(transaction: Transaction, batches: readonly StoredFollowBatch[]): Promise<readonly number[]> {
    await this.parts.renew(transaction);
    if ((await transaction.get(importRuns)) !== null) {
      throw new FailureError(
        failure('busy', 'An import is running; following goes on after it', 'Wait until the import has ended.'),
      );
    }
    if (await this.cameBetween(transaction)) throw new RowsCameBetween();
    const written = await recordsOf(transaction, batches);
    // A file that is read anew may tell more of its own earlier trades.
    const anew = written.filter(({ outcome }) => outcome.quarantine === 'replace');
    await noteSharedOf(transaction, anew, true);
    const writer = new SegmentWriter(0);
    for (const { batch, number } of written) batch.writeParts(writer, number);
    await writer.write(transaction);
    // Only now: files that are stored together share segments among themselves, too.
    const others = written.filter((one) => !anew.includes(one));
    await noteSharedOf(transaction, others, false);
    for (const { batch, outcome, number } of written) await batch.writeRest(transaction, outcome, number);
    await addTotals.run(
      transaction,
      written.flatMap(({ batch }) =>
        batch.summaries.map(({ key: { strategy, symbol, source, day }, count }) => [
          strategy,
          symbol,
          source,
          day,
          day,
          count,
        ]),
      ),
    );
    await cover.run(transaction, written.flatMap(coveredBy));
    const files = written.map(({ outcome }) => outcome.file);
    await this.parts.saveFiles(transaction, files);
    await this.noteReads(transaction, batches);
    return written.map(({ number }) => number);
  }

  /** A watch tells its latest record, and the delay of what was read last. */
  private async noteReads(transaction: Transaction, batches: readonly StoredFollowBatch[]): Promise<void> {
    const reads = new Map<string, Outcome['read']>();
    for (const { outcome } of batches) {
      if (outcome === null) continue;
      const { lastRecordUs, delayMs } = outcome.read;
      const before = reads.get(outcome.file.watchId);
      reads.set(outcome.file.watchId, {
        lastRecordUs: lastRecordUs ?? before?.lastRecordUs ?? null,
        delayMs: delayMs ?? before?.delayMs ?? null,
      });
    }
    for (const [watchId, { lastRecordUs, delayMs }] of reads) {
      const delay = delayMs === null ? null : { real: delayMs };
      await transaction.run(noteRead, [watchId, this.parts.clock.nowUs(), lastRecordUs, delay]);
    }
  }

  private async cameBetween(transaction: Transaction): Promise<boolean> {
    const seen = [...this.seen.values()];
    if (seen.length === 0) return false;
    const rows = await transaction.all(countHashes, [JSON.stringify(seen.map(({ key }) => key))]);
    return rows.some((row) => numberCell(row, 'total') !== seen[numberCell(row, 'place')]!.count);
  }
}

class StoredFollowBatch implements FollowBatch {
  outcome: Outcome | null = null;
  private readonly added: SegmentPart[] = [];
  private readonly events = new Map<string, OrderEvent>();
  private readonly prices = new Map<
    string,
    { readonly symbol: string; readonly day: UtcDay; readonly points: PricePoint[] }
  >();
  private readonly quarantined: NewQuarantinedRow[] = [];
  private readonly readings: StoredReading[] = [];

  constructor(
    private readonly parts: FollowBatchParts,
    private readonly all: StoredFollowBatches,
  ) {}

  get empty(): boolean {
    const { added, events, prices, quarantined, readings } = this;
    return added.length + events.size + prices.size + quarantined.length + readings.length === 0;
  }

  get summaries(): readonly SegmentSummary[] {
    return this.added.map(({ summary }) => summary);
  }

  hashesOf(name: string): readonly BigUint64Array[] {
    return this.added.filter(({ summary }) => nameOf(summary.key) === name).map(({ hashes }) => hashes);
  }

  hasEvent(hash: string): boolean {
    return this.events.has(hash);
  }

  existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]> {
    return this.all.existingHashes(keys);
  }

  async addParts(parts: readonly SegmentPart[]): Promise<void> {
    this.added.push(...parts);
  }

  async addOrderEvents(events: readonly OrderEvent[]): Promise<number> {
    const byHash = new Map(
      events.map((event) => [Buffer.from(contentHash(event)).toString('hex').toUpperCase(), event]),
    );
    const known = new Set(
      (await this.parts.readers.all(knownEvents, [JSON.stringify([...byHash.keys()])])).map((row) => row['hash']),
    );
    let added = 0;
    for (const [hash, event] of byHash) {
      if (known.has(hash) || this.all.hasEvent(hash)) continue;
      this.events.set(hash, event);
      added++;
    }
    return added;
  }

  async addPrices(points: readonly PricePoint[]): Promise<void> {
    for (const point of points) {
      const day = utcDayOf(point.atUs);
      const name = `${day} ${point.symbol}`;
      const held = this.prices.get(name) ?? { symbol: point.symbol, day, points: [] };
      this.prices.set(name, held);
      held.points.push(point);
    }
  }

  async addQuarantined(rows: readonly NewQuarantinedRow[]): Promise<void> {
    this.quarantined.push(...rows);
  }

  /** What other logs tell of the same trades is brought together between batches: that holds the import lease, a batch does not. */
  async sharedSegments(): Promise<readonly SegmentKey[]> {
    return [];
  }

  async sharedSegment(): Promise<SharedSegment> {
    return { stored: null, own: null, logged: null, twins: [], hashes: new BigUint64Array(0), imports: {} };
  }

  async replaceSegment(): Promise<void> {
    throw new Error('a batch shares no segments');
  }

  async addReading(reading: StoredReading): Promise<void> {
    this.readings.push(reading);
  }

  commit(outcome: Outcome): void {
    this.outcome = outcome;
  }

  writeParts(writer: SegmentWriter, number: number): void {
    for (const part of this.added) writer.add(part, number);
  }

  async writeRest(transaction: Transaction, outcome: Outcome, number: number): Promise<void> {
    const events = [...this.events.values()];
    const inserted = await insertEvents.run(
      transaction,
      events.map((event) => orderEventValues(event, number)),
    );
    if (inserted !== events.length) throw new RowsCameBetween();
    await this.writePrices(transaction, number);
    if (outcome.quarantine === 'replace') await transaction.run(removeQuarantined, [number]);
    const judged = outcome.quarantine === 'replace' ? await transaction.all(judgedRows, [number]) : [];
    // A row that somebody fixed or dismissed stays so, however often its file is read.
    const known = new Set(judged.map((row) => JSON.stringify([row['reason'], row['text']])));
    const rows = this.quarantined.filter(({ reason, text }) => !known.has(JSON.stringify([reason, text])));
    await insertQuarantined.run(
      transaction,
      rows.map(({ member = null, line, day, symbol, reason, text }) => [
        number,
        member,
        line,
        day,
        symbol,
        reason,
        text,
      ]),
    );
    for (const { member, document } of this.readings)
      await transaction.run(insertReading, [number, member ?? '', document]);
  }

  private async writePrices(transaction: Transaction, number: number): Promise<void> {
    const chunks = [...this.prices.values()].map(({ symbol, day, points }) => {
      const series = mergePrices([
        {
          atUs: Float64Array.from(points, (point) => point.atUs),
          price: Float64Array.from(points, (point) => point.price),
        },
      ]);
      const { atUs } = series;
      return [symbol, day, number, atUs.length, atUs[0]!, atUs[atUs.length - 1]!, encodePrices(series)];
    });
    if (chunks.length > 0) await insertChunks.run(transaction, chunks);
  }
}

/** Undoes the transaction: what was taken for new was stored by somebody else meanwhile. */
class RowsCameBetween extends Error {}

interface Written {
  readonly batch: StoredFollowBatch;
  readonly outcome: Outcome;
  /** Number and content of the file's import record. */
  readonly number: number;
  readonly record: GrownRecord;
}

/** The files' imports with these rows counted in, stored; what imports and merges changed of them meanwhile stands. */
async function recordsOf(transaction: Transaction, batches: readonly StoredFollowBatch[]): Promise<readonly Written[]> {
  const all = batches.flatMap((batch) => {
    const { outcome } = batch;
    if (outcome === null) return [];
    const { importId, name } = outcome.file;
    if (importId === null) throw damaged(`the followed file ${name} has no import`);
    return [{ batch, outcome, importId }];
  });
  const rowsOf = async (ids: readonly string[]) =>
    new Map(
      (ids.length === 0 ? [] : await transaction.all(findImports, [JSON.stringify(ids)])).map((row) => [
        textCell(row, 'id'),
        row,
      ]),
    );
  const known = await rowsOf(all.map(({ importId }) => importId));
  const grown = all.map((one) => {
    const before = known.get(one.importId);
    return { ...one, before, record: one.outcome.record(before ? importRecordOf(before) : null) };
  });
  const begun = grown.filter(({ before }) => before === undefined);
  await insertImports.run(
    transaction,
    begun.map(({ importId, record }) => {
      const { source, version, account, startedAtUs } = record;
      return [importId, source, version, account, 'done', startedAtUs, ...grownValues(record)];
    }),
  );
  const numbers = await rowsOf(begun.map(({ importId }) => importId));
  const written: Written[] = [];
  for (const { batch, outcome, importId, before, record } of grown) {
    const row = before ?? numbers.get(importId);
    if (row === undefined) throw damaged('a new import got no number');
    const number = numberCell(row, 'number');
    if (before) await transaction.run(growImport, [...grownValues(record), number]);
    written.push({ batch, outcome, number, record });
  }
  return written;
}

/** In the order of {@link growImport}. */
function grownValues(record: GrownRecord): BindValue[] {
  const { counts } = record;
  return [
    record.fileName,
    record.path,
    record.sizeBytes,
    record.strategy,
    record.format,
    record.confidence,
    record.reason,
    record.endedAtUs,
    counts.rowsRead,
    counts.executions,
    counts.orderEvents,
    counts.otherRows,
    counts.duplicates,
    counts.quarantined,
    record.severalPerRow ? 1 : 0,
    JSON.stringify(record.otherRowNames),
    record.firstUs,
    record.lastUs,
    JSON.stringify(record.symbols),
    record.zoneAssumed === null ? null : JSON.stringify(record.zoneAssumed),
  ];
}

async function noteSharedOf(transaction: Transaction, written: readonly Written[], any: boolean): Promise<void> {
  const segments = written.flatMap(({ batch, number }) => {
    const keys = new Map(batch.summaries.map(({ key }) => [nameOf(key), key]));
    return [...keys.values()].map((key) => ({ ...key, number }));
  });
  if (segments.length > 0) await transaction.run(noteShared, [JSON.stringify(segments), any ? 1 : 0]);
}

/** A row for each strategy a file has trades or order events of. */
function coveredBy({ batch, number, record }: Written): readonly BindValue[][] {
  const { source, strategy, firstUs, lastUs, counts } = record;
  const told = counts.executions + counts.orderEvents + counts.duplicates > 0 ? strategy.split(', ') : [];
  const added = batch.summaries.map(({ key }) => ({ source: key.source, strategy: key.strategy }));
  const covered = new Map(
    [...told.map((name) => ({ source, strategy: name })), ...added].map((one) => [one.strategy, one]),
  );
  return [...covered.values()].map((one) => [one.source, one.strategy, number, firstUs, lastUs]);
}

function nameOf({ source, strategy, symbol, day }: SegmentKey): string {
  return JSON.stringify([source, strategy, symbol, day]);
}
