import { type CauseReason, codeOf } from './cause-names';

/** Parts of the orders' money by cause, collected row by row: as many as there are, in columns. Money in quote currency. */
export interface CauseShares {
  readonly count: number;
  /** Row of the pair table, ascending. */
  readonly row: Uint32Array;
  /** See `codeOf`. */
  readonly reason: Uint8Array;
  readonly money: Float64Array;
  /** Main cause of each row of the pair table, by code; unfilled orders have `none`. */
  readonly main: Uint8Array;
}

/** Rows are put in one after the other; the largest part of a row is its main cause. */
export class ShareCollector {
  private readonly row: number[] = [];
  private readonly reason: number[] = [];
  private readonly money: number[] = [];
  private readonly main: Uint8Array;
  private largest = 0;

  constructor(rows: number) {
    this.main = new Uint8Array(rows).fill(codeOf('none.same'));
  }

  /** Begins a row; parts smaller than the dust do not make a cause. */
  begin(dust: number): void {
    this.largest = dust;
  }

  add(row: number, name: CauseReason, money: number): void {
    if (money === 0 || !Number.isFinite(money)) return;
    const code = codeOf(name);
    this.row.push(row);
    this.reason.push(code);
    this.money.push(money);
    if (Math.abs(money) <= this.largest) return;
    this.largest = Math.abs(money);
    this.main[row] = code;
  }

  finish(): CauseShares {
    return {
      count: this.row.length,
      row: Uint32Array.from(this.row),
      reason: Uint8Array.from(this.reason),
      money: Float64Array.from(this.money),
      main: this.main,
    };
  }
}
