/**
 * Columns that hold one value on every row, cut from one piece of memory for all who need them: a log that says nothing of decision
 * times costs no column of unknowns. They are read only, by agreement: who has something to write makes a column of its own.
 */

let unknowns = new Float64Array(0);
let zeros = new Float64Array(0);

/** `length` times NaN. */
export function unknownColumn(length: number): Float64Array {
  if (unknowns.length < length) unknowns = new Float64Array(nextSize(length)).fill(Number.NaN);
  return unknowns.subarray(0, length);
}

/** `length` times zero. */
export function zeroColumn(length: number): Float64Array {
  if (zeros.length < length) zeros = new Float64Array(nextSize(length));
  return zeros.subarray(0, length);
}

/** To the next power of two, so that growing days share again soon. */
function nextSize(length: number): number {
  return Math.max(1_024, 2 ** Math.ceil(Math.log2(length)));
}

/** Whether any number of the column is known. */
export function anyKnown(values: Float64Array): boolean {
  if (values.buffer === unknowns.buffer) return false;
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row]!)) return true;
  return false;
}

/** The column itself, or where nothing in it is known the one all such columns share. */
export function knownColumn(values: Float64Array): Float64Array {
  return anyKnown(values) ? values : unknownColumn(values.length);
}
