import { CompensatedSum } from '../../shared/base/sums';
import { isUtcDay } from '../../shared/base/time';
import { sourceSchema } from '../../shared/market/executions';
import type { SegmentKey } from '../engine/ports';
import { statement } from './connection';
import { RowInsert } from './insert-rows';
import { decodePrices, encodePrices, mergePrices } from './price-codec';
import { bytesCell, damaged, numberCell, textCell, wordCell } from './rows';
import { decodeColumns, decodeHashes } from './segment-codec';
import { mergeColumns, mergeHashes } from './segment-merge';
import { SegmentWriter } from './segment-writer';
import { visibleRows } from './visibility';
import type { WriteQueue } from './write-queue';

/**
 * After an import, the parts of each day it touched become one. A fold is one small transaction, so a reader sees either the parts
 * or their sum, and a crash leaves one of the two. Days beyond the limit stay in parts: folding them again and again for a few new
 * rows would cost more than reading them in parts does.
 */
const MOST_FOLDED_ROWS = 500_000;

const partedSegments = statement(
  'find segments in parts',
  `SELECT strategy, symbol, day, source FROM segment_parts
   WHERE (strategy, symbol, day, source) IN
       (SELECT strategy, symbol, day, source FROM segment_parts WHERE import_number = ?)
     AND ${visibleRows}
   GROUP BY strategy, symbol, day, source
   HAVING count(*) > 1 AND sum(executions) <= ${MOST_FOLDED_ROWS}`,
);
const readParts = statement(
  'read parts to fold',
  `SELECT id, executions, net_quantity, hashes, columns FROM segment_parts JOIN segment_data ON part_id = id
   WHERE strategy = ? AND symbol = ? AND day = ? AND source = ? AND ${visibleRows} ORDER BY id`,
);
const deletePart = statement('remove a folded part', 'DELETE FROM segment_parts WHERE id = ?');

const partedPrices = statement(
  'find prices in chunks',
  `SELECT symbol, day FROM price_chunks
   WHERE (symbol, day) IN (SELECT symbol, day FROM price_chunks WHERE import_number = ?) AND ${visibleRows}
   GROUP BY symbol, day HAVING count(*) > 1 AND sum(points) <= ${MOST_FOLDED_ROWS}`,
);
const readChunks = statement(
  'read chunks to fold',
  `SELECT id, data FROM price_chunks WHERE symbol = ? AND day = ? AND ${visibleRows} ORDER BY id`,
);
const deleteChunk = statement('remove a folded chunk', 'DELETE FROM price_chunks WHERE id = ?');
const insertChunk = new RowInsert('add folded prices', 'price_chunks', [
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
    await foldSegment(queue, importNumber, {
      source: wordCell(row, 'source', sourceSchema.options),
      strategy: textCell(row, 'strategy'),
      symbol: textCell(row, 'symbol'),
      day,
    });
  }
  const prices = await queue.transaction('bulk', (transaction) => transaction.all(partedPrices, [importNumber]));
  for (const row of prices) await foldPrices(queue, importNumber, textCell(row, 'symbol'), textCell(row, 'day'));
}

function foldSegment(queue: WriteQueue, importNumber: number, key: SegmentKey): Promise<void> {
  return queue.transaction('bulk', async (transaction) => {
    const rows = await transaction.all(readParts, [key.strategy, key.symbol, key.day, key.source]);
    if (rows.length < 2) return;
    const netQuantity = new CompensatedSum();
    for (const row of rows) netQuantity.add(numberCell(row, 'net_quantity'));
    const places = rows.map(
      (row) => `segment part ${numberCell(row, 'id')} of ${key.strategy} ${key.symbol} ${key.day}`,
    );
    const columns = mergeColumns(
      rows.map((row, index) => decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), places[index]!)),
    );
    const hashes = mergeHashes(
      rows.map((row, index) => decodeHashes(bytesCell(row, 'hashes'), numberCell(row, 'executions'), places[index]!)),
    );
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
      hashes,
    });
    await writer.write(transaction);
    for (const row of rows) await transaction.run(deletePart, [numberCell(row, 'id')]);
  });
}

function foldPrices(queue: WriteQueue, importNumber: number, symbol: string, day: string): Promise<void> {
  return queue.transaction('bulk', async (transaction) => {
    const rows = await transaction.all(readChunks, [symbol, day]);
    if (rows.length < 2) return;
    const series = mergePrices(rows.map((row) => decodePrices(bytesCell(row, 'data'), `prices of ${symbol} ${day}`)));
    const { atUs } = series;
    await insertChunk.run(transaction, [
      [symbol, day, importNumber, atUs.length, atUs[0]!, atUs[atUs.length - 1]!, encodePrices(series)],
    ]);
    for (const row of rows) await transaction.run(deleteChunk, [numberCell(row, 'id')]);
  });
}
