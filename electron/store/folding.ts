import { CompensatedSum } from '../../shared/base/sums';
import { isUtcDay } from '../../shared/base/time';
import { sourceSchema } from '../../shared/market/executions';
import type { SegmentKey } from '../engine/ports';
import { type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import { decodePrices, encodePrices, mergePrices } from './price-codec';
import { bytesCell, damaged, numberCell, textCell, wordCell } from './rows';
import { decodeColumns, decodeHashes } from './segment-codec';
import { mergeColumns, mergeHashes } from './segment-merge';
import { SegmentWriter } from './segment-writer';
import { visibleRows } from './visibility';
import type { Transaction, WriteQueue } from './write-queue';

/**
 * After an import, neighbouring parts of each day it touched become one. A fold is one small transaction, so a reader sees either
 * the parts or their sum, and a crash leaves one of the two. The sum takes the place of the first part: which of two rows of the
 * same instant came first never changes. A sum has at most this many rows, so that no fold holds up the process.
 */
const MOST_FOLDED_ROWS = 50_000;

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
  `SELECT id, executions AS size FROM segment_parts
   WHERE strategy = ? AND symbol = ? AND day = ? AND source = ? AND ${visibleRows} ORDER BY id`,
);
const readPart = statement(
  'read a part to fold',
  `SELECT id, executions, net_quantity, hashes, columns FROM segment_parts JOIN segment_data ON part_id = id WHERE id = ?`,
);
const deletePart = statement('remove a folded part', 'DELETE FROM segment_parts WHERE id = ?');

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
  for (const row of segments) {
    const day = textCell(row, 'day');
    if (!isUtcDay(day)) throw damaged(`"${day}" is not a day`);
    const key: SegmentKey = {
      source: wordCell(row, 'source', sourceSchema.options),
      strategy: textCell(row, 'strategy'),
      symbol: textCell(row, 'symbol'),
      day,
    };
    while (await queue.transaction('bulk', (transaction) => foldSegment(transaction, importNumber, key)));
  }
  const prices = await queue.transaction('bulk', (transaction) => transaction.all(partedPrices, [importNumber]));
  for (const row of prices) {
    const symbol = textCell(row, 'symbol');
    const day = textCell(row, 'day');
    while (await queue.transaction('bulk', (transaction) => foldPrices(transaction, importNumber, symbol, day)));
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

/** Folds the first foldable parts of the segment; returns whether there were any. */
async function foldSegment(transaction: Transaction, importNumber: number, key: SegmentKey): Promise<boolean> {
  const { strategy, symbol, day, source } = key;
  const ids = neighboursToFold(await transaction.all(listParts, [strategy, symbol, day, source]));
  const [first] = ids;
  if (first === undefined) return false;
  const netQuantity = new CompensatedSum();
  const columnParts = [];
  const hashParts = [];
  for (const id of ids) {
    const row = (await transaction.get(readPart, [id])) ?? {};
    const place = `segment part ${id} of ${strategy} ${symbol} ${day}`;
    netQuantity.add(numberCell(row, 'net_quantity'));
    columnParts.push(decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), place));
    hashParts.push(decodeHashes(bytesCell(row, 'hashes'), numberCell(row, 'executions'), place));
    await transaction.run(deletePart, [id]);
  }
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
    },
    columns,
    hashes: mergeHashes(hashParts),
  });
  await writer.write(transaction, first);
  return true;
}

/** Folds the first foldable chunks of the day; returns whether there were any. */
async function foldPrices(
  transaction: Transaction,
  importNumber: number,
  symbol: string,
  day: string,
): Promise<boolean> {
  const ids = neighboursToFold(await transaction.all(listChunks, [symbol, day]));
  const [first] = ids;
  if (first === undefined) return false;
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
  return true;
}
