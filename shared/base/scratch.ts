/**
 * Memory that is lent for the length of one computation: hash tables and lists of a day that are forgotten at its end come from the
 * same place every time, instead of being made, touched for the first time and collected for each of thousands of days. A scratch has
 * one borrower, the function it was made for; what is lent is overwritten by the next loan.
 */
export class Scratch<Column extends Uint32Array | Int32Array | Float64Array | Uint8Array> {
  private held: Column;

  /** @param make a column of so many zeros */
  constructor(private readonly make: (length: number) => Column) {
    this.held = make(0);
  }

  /** A column of so many values, whatever was left in it. */
  lend(length: number): Column {
    if (length > mostHeld) return this.make(length);
    if (this.held.length < length) this.held = this.make(2 ** Math.ceil(Math.log2(Math.max(length, leastHeld))));
    // A part of a column is a column of the same kind.
    return this.held.subarray(0, length) as Column;
  }
}

const leastHeld = 1_024;
/** Longer loans are made for their borrower alone and not kept. */
const mostHeld = 2 ** 20;
