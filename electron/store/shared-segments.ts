import { CompensatedSum } from '../../shared/base/sums';
import { isUtcDay } from '../../shared/base/time';
import type { ExecutionColumns } from '../../shared/market/columns';
import { sourceSchema } from '../../shared/market/executions';
import { twinRules } from '../../shared/market/identity';
import { pickRows } from '../../shared/market/picked-rows';
import type {
  SegmentKey,
  SegmentPart,
  SegmentReplacement,
  SegmentSummary,
  SharedSegment,
  StoredTwins,
} from '../engine/ports';
import { columnsOfRows } from './column-rows';
import { type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import type { Readers } from './readers';
import { bytesCell, damaged, numberCell, numberOrNullCell, textCell, wordCell } from './rows';
import { decodeColumns, decodeHashes, encodeColumns, encodeHashes } from './segment-codec';
import { mergeColumns, mergeHashes } from './segment-merge';
import { SegmentWriter } from './segment-writer';
import { visibleRows } from './visibility';
import type { Transaction } from './write-queue';

/**
 * Segments that an import shares with earlier ones, and what takes their place. The new rows are written hidden, as all an import
 * brings; the old ones are only listed, and go in the commit.
 */

/** Rows of one part. A segment of more is written in several. */
const PART_ROWS = 50_000;

const shared = statement(
  'find segments shared with earlier imports',
  `SELECT DISTINCT strategy, symbol, day, source FROM segment_parts AS own
   WHERE import_number = ?1 AND (
     EXISTS (SELECT 1 FROM segment_parts WHERE strategy = own.strategy AND symbol = own.symbol AND day = own.day
       AND source = own.source AND ${visibleRows})
     OR EXISTS (SELECT 1 FROM merged_segments WHERE strategy = own.strategy AND symbol = own.symbol AND day = own.day
       AND source = own.source AND ${visibleRows}))`,
);
const partsOfSegment = statement(
  'read a shared segment',
  `SELECT id, import_number, executions, revision, hashes, columns FROM segment_parts JOIN segment_data ON part_id = id
   WHERE strategy = ?2 AND symbol = ?3 AND day = ?4 AND source = ?5 AND (${visibleRows} OR import_number = ?1)
     AND id NOT IN (SELECT id FROM replaced_rows WHERE import_number = ?1 AND kind = 'part') ORDER BY id`,
);
const mergedOfSegment = statement(
  'read what was merged in a segment',
  `SELECT id, executions, twins, hashes, columns FROM merged_segments
   WHERE strategy = ?2 AND symbol = ?3 AND day = ?4 AND source = ?5 AND (${visibleRows} OR import_number = ?1)
     AND id NOT IN (SELECT id FROM replaced_rows WHERE import_number = ?1 AND kind = 'merged') ORDER BY id`,
);
const importsOfRows = statement(
  'read imports of rows',
  `SELECT id, format, several_per_row, cut_line, size_bytes FROM imports WHERE id IN (SELECT value FROM json_each(?)) AND state = 'done'`,
);
const insertMerged = statement(
  'keep merged rows',
  `INSERT INTO merged_segments (strategy, symbol, day, source, import_number, executions, merged, twins, hashes, columns)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
);
const insertCounts = new RowInsert('count merged rows', 'merged_counts', ['merged_id', 'import_id', 'executions']);
const insertReplaced = new RowInsert('list what is replaced', 'replaced_rows', ['import_number', 'kind', 'id']);

/** A segment as it was read, for its replacement. */
export interface ReadSegment extends SharedSegment {
  readonly key: SegmentKey;
  readonly partIds: readonly number[];
  readonly mergedIds: readonly number[];
  readonly revision: number;
}

export async function readSharedKeys(readers: Readers, importNumber: number): Promise<readonly SegmentKey[]> {
  return (await readers.all(shared, [importNumber])).map(keyOf);
}

export async function readSharedSegment(readers: Readers, importNumber: number, key: SegmentKey): Promise<ReadSegment> {
  const values = [importNumber, key.strategy, key.symbol, key.day, key.source];
  const place = `${key.strategy} ${key.symbol} ${key.day}`;
  const parts = await readers.all(partsOfSegment, values);
  const merged = await readers.all(mergedOfSegment, values);
  const columnsWhere = (own: boolean): ExecutionColumns | null => {
    const chosen = parts.filter((row) => (numberCell(row, 'import_number') === importNumber) === own);
    return chosen.length === 0
      ? null
      : mergeColumns(
          chosen.map((row) =>
            decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), `a part of ${place}`),
          ),
        );
  };
  const stored = columnsWhere(false);
  const own = columnsWhere(true);
  const [last] = merged.slice(-1);
  const logged = last === undefined ? null : loggedRowsOf(last, place);
  const ids = [stored, own, logged].flatMap((columns) => columns?.dictionaries.importIds ?? []);
  const imports = await readers.all(importsOfRows, [JSON.stringify([...new Set(ids)])]);
  return {
    key,
    stored,
    own,
    logged,
    twins: last === undefined ? [] : twinsOf(last, place),
    imports: Object.fromEntries(
      imports.map((row) => [
        textCell(row, 'id'),
        {
          format: textCell(row, 'format'),
          severalPerRow: numberCell(row, 'several_per_row') === 1,
          cutLine: numberOrNullCell(row, 'cut_line'),
          sizeBytes: numberCell(row, 'size_bytes'),
        },
      ]),
    ),
    partIds: parts.map((row) => numberCell(row, 'id')),
    mergedIds: merged.map((row) => numberCell(row, 'id')),
    revision: Math.max(0, ...parts.map((row) => numberCell(row, 'revision'))),
    hashes: mergeHashes([
      ...parts.map((row) =>
        decodeHashes(bytesCell(row, 'hashes'), numberCell(row, 'executions'), `a part of ${place}`),
      ),
      ...merged.map((row) => looseHashes(row, place)),
    ]),
  };
}

/** Hashes of rows that are no rows of a part any more. */
export function looseHashes(row: Row, place: string): BigUint64Array {
  const bytes = bytesCell(row, 'hashes');
  return decodeHashes(bytes, Math.floor(bytes.byteLength / 8), `merged rows of ${place}`);
}

export function loggedRowsOf(row: Row, place: string): ExecutionColumns | null {
  const count = numberCell(row, 'executions');
  return count === 0 ? null : decodeColumns(bytesCell(row, 'columns'), count, `merged rows of ${place}`);
}

/** Places of the rows that tell the same, checked against the rows they count. */
export function twinsOf(row: Row, place: string): readonly StoredTwins[] {
  const count = numberCell(row, 'executions');
  const read: unknown = JSON.parse(textCell(row, 'twins'));
  if (!Array.isArray(read)) throw damaged(`merged rows of ${place}`);
  return read.map((entry: unknown): StoredTwins => {
    if (!Array.isArray(entry)) throw damaged(`merged rows of ${place}`);
    const [rule, kept, merged, by, reference, atUs]: readonly unknown[] = entry;
    const known = twinRules.find((name) => name === rule);
    if (known === undefined || !isPlaces(kept, count) || !isPlaces(merged, count)) {
      throw damaged(`merged rows of ${place}`);
    }
    if (by === undefined && kept.length > 0) return { rule: known, kept, merged };
    const changes = [by];
    if (!isPlaces(changes, count) || typeof reference !== 'string' || typeof atUs !== 'number') {
      throw damaged(`merged rows of ${place}`);
    }
    return { rule: known, kept, merged, change: { by: changes[0]!, reference, atUs } };
  });
}

function isPlaces(value: unknown, count: number): value is number[] {
  return Array.isArray(value) && value.every((at) => Number.isInteger(at) && at >= 0 && at < count);
}

export function keyOf(row: Row): SegmentKey {
  const day = textCell(row, 'day');
  if (!isUtcDay(day)) throw damaged(`"${day}" is not a day`);
  return {
    source: wordCell(row, 'source', sourceSchema.options),
    strategy: textCell(row, 'strategy'),
    symbol: textCell(row, 'symbol'),
    day,
  };
}

/** The rows that take the segment's place, encoded outside the transaction that writes them. */
export class SegmentReplacing {
  private readonly writer: SegmentWriter;
  private readonly loose: BigUint64Array;

  constructor(
    private readonly importNumber: number,
    private readonly read: ReadSegment,
    private readonly replacement: SegmentReplacement,
  ) {
    const { stored, own, hashes, key } = read;
    const pieces = [
      ...(stored === null ? [] : [pickRows(stored, replacement.stored)]),
      ...(own === null ? [] : [pickRows(own, replacement.own)]),
      ...(replacement.added.length === 0 ? [] : [columnsOfRows(replacement.added)]),
    ].filter(({ count }) => count > 0);
    this.writer = new SegmentWriter(importNumber);
    const columns = pieces.length === 0 ? null : mergeColumns(pieces);
    const count = columns?.count ?? 0;
    for (let begin = 0; columns !== null && begin < count; begin += PART_ROWS) {
      const end = Math.min(count, begin + PART_ROWS);
      const rows = count <= PART_ROWS ? columns : pickRows(columns, range(begin, end));
      this.writer.add(partOf(key, rows, hashes.slice(begin, end), read.revision + 1));
    }
    // Which hash belongs to which row is kept nowhere: all of them are known, and so many as there are rows stand with the rows.
    this.loose = hashes.slice(count);
  }

  async write(transaction: Transaction): Promise<void> {
    const { importNumber, read, replacement } = this;
    const { strategy, symbol, day, source } = read.key;
    await this.writer.write(transaction);
    const { logged, twins } = replacement;
    const packed = JSON.stringify(
      twins.map(({ rule, kept, merged, change }) => [
        ...[rule, kept, merged],
        ...(change === undefined ? [] : [change.by, change.reference, change.atUs]),
      ]),
    );
    const columns = logged.length === 0 ? new Uint8Array(0) : encodeColumns(columnsOfRows(logged));
    const merged = twins.reduce((sum, told) => sum + told.merged.length, 0);
    const [row] = await transaction.all(insertMerged, [
      ...[strategy, symbol, day, source, importNumber, logged.length, merged],
      ...[packed, encodeHashes(this.loose), columns],
    ]);
    const id = numberCell(row ?? {}, 'id');
    await insertCounts.run(
      transaction,
      [...countsOf(replacement)].map(([importId, count]) => [id, importId, count]),
    );
    await insertReplaced.run(transaction, [
      ...read.partIds.map((part) => [importNumber, 'part', part]),
      ...read.mergedIds.map((merged) => [importNumber, 'merged', merged]),
    ]);
  }
}

/** Merged rows each import has part in. */
function countsOf({ logged, twins }: SegmentReplacement): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kept, merged, change } of twins) {
    const keeper = logged[change?.by ?? kept[0]!]!.importId;
    for (const row of merged) {
      for (const importId of new Set([keeper, logged[row]!.importId])) {
        counts.set(importId, (counts.get(importId) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function partOf(key: SegmentKey, columns: ExecutionColumns, hashes: BigUint64Array, revision: number): SegmentPart {
  const { count, executedAtUs, price, quantity, side } = columns;
  const net = new CompensatedSum();
  for (let row = 0; row < count; row++) net.add(side[row]! * quantity[row]!);
  const summary: SegmentSummary = {
    key,
    count,
    firstUs: executedAtUs[0]!,
    lastUs: executedAtUs[count - 1]!,
    netQuantity: net.value,
    lastPrice: price[count - 1]!,
    revision,
  };
  return { summary, columns, hashes };
}

function range(begin: number, end: number): readonly number[] {
  return Array.from({ length: end - begin }, (_, index) => begin + index);
}
