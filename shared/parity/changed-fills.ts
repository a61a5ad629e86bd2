import { columnBlock } from '../base/block';
import { Scratch } from '../base/scratch';
import type { FillColumns } from '../market/columns';

/** Fills of a side with orders left out or put in: columns of their own, in time order. */

export interface PricedFills {
  readonly fills: FillColumns;
  /** Fee of each fill in quote currency, NaN = unknown. */
  readonly feeQuote: Float64Array;
}

const keptScratch = new Scratch((length) => new Int32Array(length));

/** The rows that are kept; `keeps` tells by row number. */
export function keptFills(all: PricedFills, keeps: (row: number) => boolean): PricedFills {
  const { fills } = all;
  const rows = keptScratch.lend(fills.count);
  let count = 0;
  for (let row = 0; row < fills.count; row++) if (keeps(row)) rows[count++] = row;
  return pickedFills(all, all, rows.subarray(0, count), columnBlock(count, 4));
}

const [rowScratch, columnScratch] = [
  new Scratch((length) => new Int32Array(length)),
  new Scratch((length) => new Float64Array(length)),
];

/**
 * Two time-ordered lists of fills as one; of one instant the first list's come first. The columns are lent: the next join overwrites them.
 */
export function joinedFills(first: PricedFills, second: PricedFills): PricedFills {
  const [a, b] = [first.fills.executedAtUs, second.fills.executedAtUs];
  const [sizeA, sizeB] = [first.fills.count, second.fills.count];
  const size = sizeA + sizeB;
  const rows = rowScratch.lend(size);
  let inA = 0;
  for (let inB = 0; inB < sizeB; inB++) {
    const until = b[inB]!;
    for (; inA < sizeA && a[inA]! <= until; inA++) rows[inA + inB] = inA;
    rows[inA + inB] = ~inB;
  }
  for (; inA < sizeA; inA++) rows[inA + sizeB] = inA;
  const columns = columnScratch.lend(4 * size);
  let end = 0;
  return pickedFills(first, second, rows, () => {
    end += size;
    return columns.subarray(end - size, end);
  });
}

/**
 * @param rows row of the first list, or the complement of a row of the second
 * @param column gives four columns of as many numbers
 */
function pickedFills(
  first: PricedFills,
  second: PricedFills,
  rows: Int32Array,
  column: () => Float64Array,
): PricedFills {
  const [a, b] = [first.fills, second.fills];
  return {
    fills: {
      count: rows.length,
      executedAtUs: pick(a.executedAtUs, b.executedAtUs, rows, column()),
      side: pick(a.side, b.side, rows, new Int8Array(rows.length)),
      price: pick(a.price, b.price, rows, column()),
      quantity: pick(a.quantity, b.quantity, rows, column()),
    },
    feeQuote: pick(first.feeQuote, second.feeQuote, rows, column()),
  };
}

function pick<Column extends Float64Array | Int8Array>(a: Column, b: Column, rows: Int32Array, into: Column): Column {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    into[at] = row >= 0 ? a[row]! : b[~row]!;
  }
  return into;
}
