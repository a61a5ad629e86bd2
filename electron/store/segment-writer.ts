import type { SegmentPart } from '../engine/ports';
import { type BindValue, statement } from './connection';
import { RowInsert } from './insert-rows';
import { numberCell } from './rows';
import { checkPart, EncodingSpace, encodeColumns, encodeHashes } from './segment-codec';
import type { Transaction } from './write-queue';

const nextId = statement('next segment part', 'SELECT coalesce(max(id), 0) + 1 AS id FROM segment_parts');
const insertParts = new RowInsert('add segment parts', 'segment_parts', [
  'id',
  'strategy',
  'symbol',
  'day',
  'source',
  'import_number',
  'executions',
  'first_us',
  'last_us',
  'net_quantity',
  'last_price',
  'revision',
]);
const insertData = new RowInsert('add segment data', 'segment_data', ['part_id', 'hashes', 'columns']);

/** Checks and packs parts outside the transaction, then writes them all within it. */
export class SegmentWriter {
  private encoded: { readonly part: SegmentPart; readonly columns: Uint8Array; readonly importNumber: number }[] = [];
  private readonly space = new EncodingSpace();
  byteLength = 0;

  constructor(private readonly importNumber: number) {}

  add(part: SegmentPart, importNumber = this.importNumber): void {
    checkPart(part);
    const columns = encodeColumns(part.columns, this.space);
    this.encoded.push({ part, columns, importNumber });
    this.byteLength += columns.byteLength + part.hashes.byteLength;
  }

  /** Forgets what was written; its memory is used for what comes. */
  clear(): void {
    this.encoded = [];
    this.byteLength = 0;
    this.space.clear();
  }

  /** Parts get ascending numbers: after all others, or from a given one on that is free. */
  async write(transaction: Transaction, from?: number): Promise<void> {
    if (this.encoded.length === 0) return;
    const first = from ?? numberCell((await transaction.get(nextId)) ?? {}, 'id');
    const parts: BindValue[][] = [];
    const data: BindValue[][] = [];
    for (const [index, { part, columns, importNumber }] of this.encoded.entries()) {
      const { key, count, firstUs, lastUs, netQuantity, lastPrice, revision = 0 } = part.summary;
      const id = first + index;
      parts.push([
        id,
        key.strategy,
        key.symbol,
        key.day,
        key.source,
        importNumber,
        count,
        firstUs,
        lastUs,
        { real: netQuantity },
        { real: lastPrice },
        revision,
      ]);
      data.push([id, encodeHashes(part.hashes), columns]);
    }
    await insertParts.run(transaction, parts);
    await insertData.run(transaction, data);
  }
}
