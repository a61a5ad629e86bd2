import { CompensatedSum } from '../../shared/base/sums';
import type { SegmentKey } from '../engine/ports';
import { type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import { decodePrices, encodePrices, mergePrices } from './price-codec';
import { bytesCell, damaged, numberCell, textCell } from './rows';
import { decodeColumns, decodeHashes } from './segment-codec';
import { mergeColumns, mergeHashes } from './segment-merge';
import { SegmentWriter } from './segment-writer';
import { keyOf } from './shared-segments';
import { visibleRows } from './visibility';
import type { Transaction, WriteQueue } from './write-queue';

/**
 * After an import, neighbouring parts of each day it touched become one. Folds go into small transactions, so a reader sees either
 * the parts or their sum, and a crash leaves one of the two. The sum takes the place of the first part: which of two rows of the
 * same instant came first never changes. A sum has at most this many rows, so that no fold holds up the process.
 */
const MOST_FOLDED_ROWS = 50_000;
/** A transaction takes further folds until it has written this many rows: one for each small fold costs more than the fold. */
const TRANSACTION_ROWS = 25_000;

/** While it lasts, rows only change their place: no report is touched by that. */
const beginFolding = statement('begin folding', 'INSERT INTO folding (id) VALUES (1)');
const endFolding = statement('end folding', 'DELETE FROM folding');

const partedSegments = statement(
  'find segments in parts',
  `SELECT strategy, symbol, day, source FROM segment_parts
   WHERE (strategy, symbol, day, source) IN
       (SELECT strategy, symbol, day, source FROM segment_parts WHERE import_number = ?)
     AND ${visibleRows}
   GROUP BY strategy, symbol, day, source HAVING count(*) > 1`,
);
const listParts = statement(
  'list parts to fold',
  `SELECT id, import_number, executions AS size FROM segment_parts
   WHERE strategy = ? AND symbol = ? AND day = ? AND source = ? AND ${visibleRows} ORDER BY id`,
);
const listPartsOfKeys = statement(
  'list parts of segments to fold',
  `SELECT wanted.key AS place, id, import_number, executions AS size FROM json_each(?) AS wanted
   CROSS JOIN segment_parts ON strategy = wanted.value ->> 'strategy' AND symbol = wanted.value ->> 'symbol'
     AND day = wanted.value ->> 'day' AND source = wanted.value ->> 'source'
   WHERE ${visibleRows} ORDER BY wanted.key, id`,
);
const readParts = statement(
  'read parts to fold',
  `SELECT id, executions, net_quantity, revision, hashes, columns FROM segment_parts JOIN segment_data ON part_id = id
   WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
);
const deleteParts = statement(
  'remove folded parts',
  'DELETE FROM segment_parts WHERE id IN (SELECT value FROM json_each(?))',
);

const partedPrices = statement(
  'find prices in chunks',
  `SELECT symbol, day FROM price_chunks
   WHERE (symbol, day) IN (SELECT symbol, day FROM price_chunks WHERE import_number = ?) AND ${visibleRows}
   GROUP BY symbol, day HAVING count(*) > 1`,
);
const listChunks = statement(
  'list chunks to fold',
  `SELECT id, points AS size FROM price_chunks WHERE symbol = ? AND day = ? AND ${visibleRows} ORDER BY id`,
);
const readChunk = statement('read a chunk to fold', `SELECT data FROM price_chunks WHERE id = ?`);
const deleteChunk = statement('remove a folded chunk', 'DELETE FROM price_chunks WHERE id = ?');
const insertChunk = new RowInsert('add folded prices', 'price_chunks', [
  'id',
  'symbol',
  'day',
  'import_number',
  'points',
  'first_us',
  'last_us',
  'data',
]);

/** Folds every segment and price day that the finished import touched. */
export async function foldImport(queue: WriteQueue, importNumber: number): Promise<void> {
  const segments = await queue.transaction('bulk', (transaction) => transaction.all(partedSegments, [importNumber]));
  await foldAll(queue, segments, (transaction, row) => foldSegment(transaction, importNumber, keyOf(row)));
  const prices = await queue.transaction('bulk', (transaction) => transaction.all(partedPrices, [importNumber]));
  await foldAll(queue, prices, (transaction, row) =>
    foldPrices(transaction, importNumber, textCell(row, 'symbol'), textCell(row, 'day')),
  );
}

/** What one fold did: the rows of the sum, and whether the day may have further parts to fold. */
interface Folded {
  readonly rows: number;
  readonly more: boolean;
}
const nothingToFold: Folded = { rows: 0, more: false };

/** Folds what each row names until nothing is left to fold there. */
async function foldAll(
  queue: WriteQueue,
  rows: readonly Row[],
  fold: (transaction: Transaction, row: Row) => Promise<Folded>,
): Promise<void> {
  let next = 0;
  while (next < rows.length) {
    await queue.transaction('bulk', async (transaction) => {
      await transaction.run(beginFolding);
      for (let written = 0; written < TRANSACTION_ROWS && next < rows.length; ) {
        const folded = await fold(transaction, rows[next]!);
        written += folded.rows;
        if (!folded.more) next++;
      }
      await transaction.run(endFolding);
    });
  }
}

/** The first two or more neighbours that fit into one sum, as many as fit; empty when there are none. */
function neighboursToFold(rows: readonly Row[]): readonly number[] {
  let group: number[] = [];
  let total = 0;
  for (const row of rows) {
    const size = numberCell(row, 'size');
    if (total + size > MOST_FOLDED_ROWS) {
      if (group.length > 1) return group;
      group = [];
      total = 0;
    }
    group.push(numberCell(row, 'id'));
    total += size;
  }
  return group.length > 1 ? group : [];
}

/** Folds the first foldable parts of the segment; if there are any. */
async function foldSegment(transaction: Transaction, importNumber: number, key: SegmentKey): Promise<Folded> {
  const { strategy, symbol, day, source } = key;
  const parts = await transaction.all(listParts, [strategy, symbol, day, source]);
  const ids = neighboursToFold(parts);
  if (ids.length === 0) return nothingToFold;
  return { rows: await foldParts(transaction, importNumber, key, ids), more: parts.length > ids.length };
}

/** Parts of a tail that are folded at once. */
const TAIL_PARTS = 4;

/**
 * Folds the newest parts of segments that grow batch by batch: only where several of like size have gathered, so that each row is
 * written anew a few times in all, however many batches come. Parts of other imports stay apart: a batch tells by them that the
 * segment is shared.
 */
export async function foldTails(queue: WriteQueue, importNumber: number, keys: readonly SegmentKey[]): Promise<void> {
  if (keys.length === 0) return;
  await queue.transaction('bulk', async (transaction) => {
    const partsOf: Row[][] = keys.map(() => []);
    for (const row of await transaction.all(listPartsOfKeys, [JSON.stringify(keys)])) {
      partsOf[numberCell(row, 'place')]!.push(row);
    }
    const tails = partsOf.map((parts) => tailToFold(parts, importNumber));
    if (tails.every((tail) => tail.length === 0)) return;
    await transaction.run(beginFolding);
    for (const [place, tail] of tails.entries()) {
      if (tail.length > 0) await foldParts(transaction, importNumber, keys[place]!, tail);
    }
    await transaction.run(endFolding);
  });
}

/** The newest parts of like size, where enough of them have gathered. */
function tailToFold(parts: readonly Row[], importNumber: number): readonly number[] {
  let from = parts.length;
  let total = 0;
  while (from > 0) {
    const part = parts[from - 1]!;
    if (numberCell(part, 'import_number') !== importNumber) break;
    const size = numberCell(part, 'size');
    if (total > 0 && (size > 2 * total || size + total > MOST_FOLDED_ROWS)) break;
    total += size;
    from--;
  }
  return parts.length - from < TAIL_PARTS ? [] : parts.slice(from).map((row) => numberCell(row, 'id'));
}

/** Puts the sum of neighbouring parts in the place of the first; returns its rows. */
async function foldParts(
  transaction: Transaction,
  importNumber: number,
  key: SegmentKey,
  ids: readonly number[],
): Promise<number> {
  const { strategy, symbol, day } = key;
  const netQuantity = new CompensatedSum();
  const columnParts = [];
  const hashParts = [];
  let revision = 0;
  for (const row of await transaction.all(readParts, [JSON.stringify(ids)])) {
    const place = `segment part ${numberCell(row, 'id')} of ${strategy} ${symbol} ${day}`;
    netQuantity.add(numberCell(row, 'net_quantity'));
    revision = Math.max(revision, numberCell(row, 'revision'));
    columnParts.push(decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), place));
    hashParts.push(decodeHashes(bytesCell(row, 'hashes'), numberCell(row, 'executions'), place));
  }
  if (columnParts.length !== ids.length) throw damaged(`executions of ${strategy} ${symbol} ${day} are missing`);
  await transaction.run(deleteParts, [JSON.stringify(ids)]);
  const columns = mergeColumns(columnParts);
  const { count, executedAtUs, price } = columns;
  const writer = new SegmentWriter(importNumber);
  writer.add({
    summary: {
      key,
      count,
      firstUs: executedAtUs[0]!,
      lastUs: executedAtUs[count - 1]!,
      netQuantity: netQuantity.value,
      lastPrice: price[count - 1]!,
      revision,
    },
    columns,
    hashes: mergeHashes(hashParts),
  });
  await writer.write(transaction, ids[0]);
  return count;
}

/** As {@link foldSegment}, for the chunks of a day's prices. */
async function foldPrices(
  transaction: Transaction,
  importNumber: number,
  symbol: string,
  day: string,
): Promise<Folded> {
  const chunks = await transaction.all(listChunks, [symbol, day]);
  const ids = neighboursToFold(chunks);
  const [first] = ids;
  if (first === undefined) return nothingToFold;
  const parts = [];
  for (const id of ids) {
    const row = (await transaction.get(readChunk, [id])) ?? {};
    parts.push(decodePrices(bytesCell(row, 'data'), `prices of ${symbol} ${day}`));
    await transaction.run(deleteChunk, [id]);
  }
  const series = mergePrices(parts);
  const { atUs } = series;
  await insertChunk.run(transaction, [
    [first, symbol, day, importNumber, atUs.length, atUs[0]!, atUs[atUs.length - 1]!, encodePrices(series)],
  ]);
  return { rows: atUs.length, more: chunks.length > ids.length };
}
