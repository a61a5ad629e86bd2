import { columnBlock } from '../base/block';
import { Scratch } from '../base/scratch';
import type { FillColumns } from '../market/columns';

/** Fills of a side with orders left out or put in: columns of their own, in time order. */

export interface PricedFills {
  readonly fills: FillColumns;
  /** Fee of each fill in quote currency, NaN = unknown. */
  readonly feeQuote: Float64Array;
}

/** Few orders are left out or put in: what stays is copied by stretches of neighbours, not fill by fill. */
interface Stretches {
  /** First row and the row after the last, stretch after stretch. A row of the second list is told by its complement. */
  readonly bounds: Int32Array;
  /** How many numbers of `bounds` count. */
  readonly size: number;
  readonly rows: number;
}

const int32 = (length: number) => new Int32Array(length);
const [keptScratch, joinedScratch] = [new Scratch(int32), new Scratch(int32)];
const columnScratch = new Scratch((length) => new Float64Array(length));

/** The rows that are kept; `keeps` tells by row number. */
export function keptFills(all: PricedFills, keeps: (row: number) => boolean): PricedFills {
  const { count } = all.fills;
  const bounds = keptScratch.lend(count + 1);
  let size = 0;
  let rows = 0;
  let kept = false;
  for (let row = 0; row < count; row++) {
    const keep = keeps(row);
    if (keep) rows++;
    if (keep === kept) continue;
    bounds[size++] = row;
    kept = keep;
  }
  if (kept) bounds[size++] = count;
  return pickedFills(all, all, { bounds, size, rows }, columnBlock(rows, 4));
}

/**
 * Two time-ordered lists of fills as one; of one instant the first list's come first. The columns are lent: the next join overwrites them.
 */
export function joinedFills(first: PricedFills, second: PricedFills): PricedFills {
  const [a, b] = [first.fills.executedAtUs, second.fills.executedAtUs];
  const [sizeA, sizeB] = [first.fills.count, second.fills.count];
  const rows = sizeA + sizeB;
  const bounds = joinedScratch.lend(4 * sizeB + 2);
  let size = 0;
  let inA = 0;
  for (let inB = 0; inB < sizeB; inB++) {
    const until = b[inB]!;
    const from = inA;
    while (inA < sizeA && a[inA]! <= until) inA++;
    if (inA > from) {
      bounds[size++] = from;
      bounds[size++] = inA;
    }
    bounds[size++] = ~inB;
    bounds[size++] = ~(inB + 1);
  }
  if (inA < sizeA) {
    bounds[size++] = inA;
    bounds[size++] = sizeA;
  }
  const columns = columnScratch.lend(4 * rows);
  let end = 0;
  return pickedFills(first, second, { bounds, size, rows }, () => {
    end += rows;
    return columns.subarray(end - rows, end);
  });
}

/** @param column gives four columns of as many numbers as there are rows */
function pickedFills(
  first: PricedFills,
  second: PricedFills,
  stretches: Stretches,
  column: () => Float64Array,
): PricedFills {
  const [a, b] = [first.fills, second.fills];
  return {
    fills: {
      count: stretches.rows,
      executedAtUs: pick(a.executedAtUs, b.executedAtUs, stretches, column()),
      side: pick(a.side, b.side, stretches, new Int8Array(stretches.rows)),
      price: pick(a.price, b.price, stretches, column()),
      quantity: pick(a.quantity, b.quantity, stretches, column()),
    },
    feeQuote: pick(first.feeQuote, second.feeQuote, stretches, column()),
  };
}

/** Beyond so many rows a copy of memory is quicker than a loop. */
const worthCopying = 24;

function pick<Column extends Float64Array | Int8Array>(
  a: Column,
  b: Column,
  { bounds, size }: Stretches,
  into: Column,
): Column {
  let at = 0;
  for (let place = 0; place < size; place += 2) {
    const bound = bounds[place]!;
    const [values, from, to] = bound >= 0 ? [a, bound, bounds[place + 1]!] : [b, ~bound, ~bounds[place + 1]!];
    if (to - from >= worthCopying) {
      into.set(values.subarray(from, to), at);
      at += to - from;
    } else {
      for (let row = from; row < to; row++) into[at++] = values[row]!;
    }
  }
  return into;
}
