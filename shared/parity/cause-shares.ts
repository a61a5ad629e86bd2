import { type CauseReason, codeOf } from './cause-names';

/** Parts of the orders' money by cause, in columns. Money in quote currency. */
export interface CauseShares {
  readonly count: number;
  /** Row of the pair table, ascending. */
  readonly row: Uint32Array;
  /** See `codeOf`. */
  readonly reason: Uint8Array;
  readonly money: Float64Array;
  /** 1 = the part follows from an earlier order, whose cause it has. */
  readonly follows: Uint8Array;
  /** Main cause of each row of the pair table, by code: that of its largest part; unfilled orders have `none`. */
  readonly main: Uint8Array;
}

/** Collects the parts row by row. */
export class ShareCollector {
  private readonly row: number[] = [];
  private readonly reason: number[] = [];
  private readonly money: number[] = [];
  private readonly follows: number[] = [];
  private readonly main: Uint8Array;
  private dust = 0;
  private largest = 0;

  constructor(rows: number) {
    this.main = new Uint8Array(rows).fill(codeOf('none.same'));
  }

  /** Begins a row; a part no larger than the dust is rounding and is left out. */
  begin(dust: number): void {
    this.dust = dust;
    this.largest = 0;
  }

  add(row: number, name: CauseReason, money: number, follows = false): void {
    const size = Math.abs(money);
    if (!(size > this.dust) || size === Number.POSITIVE_INFINITY) return;
    const code = codeOf(name);
    this.row.push(row);
    this.reason.push(code);
    this.money.push(money);
    this.follows.push(follows ? 1 : 0);
    if (size <= this.largest) return;
    this.largest = size;
    this.main[row] = code;
  }

  finish(): CauseShares {
    return {
      count: this.row.length,
      row: Uint32Array.from(this.row),
      reason: Uint8Array.from(this.reason),
      money: Float64Array.from(this.money),
      follows: Uint8Array.from(this.follows),
      main: this.main,
    };
  }
}
