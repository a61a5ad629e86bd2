import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeColumns, EncodingSpace, encodeColumns } from '../../electron/store/segment-codec';
import { mergeColumns, mergeHashes } from '../../electron/store/segment-merge';
import type { ExecutionColumns } from '../../shared/market/columns';
import { textAt, textColumnOf } from '../../shared/market/text-column';
import { failureOf } from '../support/temporary-desk';

/** Columns as bytes and back, and parts as one: nothing changes on the way, and damage is never read as numbers. */

const number = fc.double();
const text = fc.string({ unit: 'binary', maxLength: 12 });
const dictionary = fc
  .uniqueArray(
    text.filter((value) => value !== ''),
    { maxLength: 4 },
  )
  .map((words) => ['', ...words]);

const columnsArbitrary: fc.Arbitrary<ExecutionColumns> = fc
  .tuple(
    fc.nat({ max: 12 }),
    dictionary,
    dictionary,
    dictionary,
    dictionary,
    fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
  )
  .chain(([count, feeCurrencies, venues, accounts, versions, importIds]) => {
    const exactly = { minLength: count, maxLength: count };
    const numbers = fc.oneof(
      fc.array(number, exactly).map((values) => Float64Array.from(values)),
      number.map((value) => new Float64Array(count).fill(value)),
    );
    const bytes = fc.array(fc.nat({ max: 2 }), exactly).map((values) => Uint8Array.from(values));
    const indexes = (words: readonly string[]) =>
      fc.array(fc.nat({ max: words.length - 1 }), exactly).map((values) => Uint16Array.from(values));
    const texts = fc.oneof(fc.array(text, exactly), fc.constant(Array<string>(count).fill(''))).map(textColumnOf);
    return fc.record({
      count: fc.constant(count),
      executedAtUs: fc.array(fc.nat(50), exactly).map((values) => Float64Array.from(values.sort((a, b) => a - b))),
      side: fc.array(fc.constantFrom(1, -1), exactly).map((values) => Int8Array.from(values)),
      price: numbers,
      quantity: numbers,
      fee: numbers,
      feeCurrency: indexes(feeCurrencies),
      liquidity: bytes,
      decidedAtUs: numbers,
      submittedAtUs: numbers,
      arrivalPrice: numbers,
      intendedQuantity: numbers,
      venue: indexes(venues),
      account: indexes(accounts),
      version: indexes(versions),
      paper: bytes,
      tradeId: texts,
      orderId: texts,
      clientOrderId: texts,
      line: fc.array(fc.nat(), exactly).map((values) => Uint32Array.from(values)),
      importIndex: indexes(importIds),
      dictionaries: fc.constant({ feeCurrencies, venues, accounts, versions, importIds }),
    });
  });

/** Rows with every name spelled out, so that columns coded differently can be compared. */
function rowsOf(columns: ExecutionColumns): readonly unknown[] {
  const { dictionaries } = columns;
  return Array.from({ length: columns.count }, (_, row) => [
    columns.executedAtUs[row],
    columns.side[row],
    columns.price[row],
    columns.quantity[row],
    columns.fee[row],
    dictionaries.feeCurrencies[columns.feeCurrency[row]!],
    columns.liquidity[row],
    columns.decidedAtUs[row],
    columns.submittedAtUs[row],
    columns.arrivalPrice[row],
    columns.intendedQuantity[row],
    dictionaries.venues[columns.venue[row]!],
    dictionaries.accounts[columns.account[row]!],
    dictionaries.versions[columns.version[row]!],
    columns.paper[row],
    textAt(columns.tradeId, row),
    textAt(columns.orderId, row),
    textAt(columns.clientOrderId, row),
    columns.line[row],
    dictionaries.importIds[columns.importIndex[row]!],
  ]);
}

describe('columns as bytes', () => {
  it('come back as they were, bit by bit, NaN and -0 included', () => {
    const used = new EncodingSpace();
    fc.assert(
      fc.property(columnsArbitrary, fc.boolean(), (columns, offBoundary) => {
        const encoded = encodeColumns(columns);
        // Memory that held something else makes no difference.
        used.take(4_096).fill(0xff);
        used.clear();
        expect(encodeColumns(columns, used)).toEqual(encoded);
        const stored = offBoundary ? Buffer.concat([Buffer.of(0), encoded]).subarray(1) : encoded;
        expect(decodeColumns(stored, columns.count, 'here')).toEqual(columns);
      }),
    );
  });

  it('are refused as damaged after any change of any byte, and at any other length', async () => {
    await fc.assert(
      fc.asyncProperty(
        columnsArbitrary,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (columns, position, flip) => {
          const encoded = encodeColumns(columns);
          const at = position % encoded.length;
          encoded[at]! ^= flip;
          const read = (bytes: Uint8Array) =>
            failureOf(Promise.resolve().then(() => decodeColumns(bytes, columns.count, 'here')));
          expect((await read(encoded)).code).toBe('store-corrupt');
          encoded[at]! ^= flip;
          expect((await read(encoded.subarray(0, at))).code).toBe('store-corrupt');
          expect((await read(Buffer.concat([encoded, Buffer.alloc(8)]))).code).toBe('store-corrupt');
        },
      ),
    );
  });

  it('of another number of rows than the summary says are refused', async () => {
    const [columns] = fc.sample(
      columnsArbitrary.filter(({ count }) => count > 0),
      1,
    );
    const read = Promise.resolve().then(() => decodeColumns(encodeColumns(columns!), columns!.count + 1, 'here'));
    expect(await failureOf(read)).toMatchObject({
      code: 'store-corrupt',
      message: expect.stringContaining('here holds'),
    });
  });
});

describe('parts merged into one', () => {
  it('hold all rows in time order, ties in the order of the parts', () => {
    fc.assert(
      fc.property(fc.array(columnsArbitrary, { minLength: 1, maxLength: 4 }), (parts) => {
        const expected = parts
          .flatMap((part) => rowsOf(part).map((row, index) => ({ row, atUs: part.executedAtUs[index]! })))
          .sort((a, b) => a.atUs - b.atUs)
          .map(({ row }) => row);
        const merged = mergeColumns(parts);
        expect(rowsOf(merged)).toEqual(expected);
        expect(decodeColumns(encodeColumns(merged), merged.count, 'here')).toEqual(merged);
      }),
    );
  });

  it('hold all hashes in order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))), (columns) => {
        const merged = mergeHashes(columns.map((column) => BigUint64Array.from(column).sort()));
        expect([...merged]).toEqual(columns.flat().sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      }),
    );
  });
});
