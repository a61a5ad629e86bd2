import { anyKnown } from '../base/constant-columns';
import type { ExecutionColumns } from '../market/columns';
import { freshMarkUs } from '../market/marks';
import type { OrderTable } from '../market/orders';
import type { PairColumns } from './attribution';
import type { Attribution } from './document';
import type { Matching } from './matching';
import { count } from './verdict';

/** What a reader of a symbol's day must know of its data besides the figures: the notes of the report, and what they count. */

interface NotedSide {
  readonly source: string;
  readonly orders: OrderTable;
  /** Fills without a fee in their log. */
  readonly unknown: number;
}

export interface DayNotesEvidence {
  readonly live: NotedSide;
  readonly backtest: NotedSide;
  readonly startUs: number;
  readonly matching: Matching;
  readonly rows: PairColumns;
  readonly attribution: Attribution;
  readonly grossNotional: number;
  /** Fees that could not be priced, by currency. */
  readonly unpriced: ReadonlyMap<string, number>;
  /** Whether a position held over is valued at a price from later in the day. */
  readonly borrowedOpeningMark: boolean;
}

export function dayNotes(evidence: DayNotesEvidence): string[] {
  const { live, backtest, startUs, matching, rows, attribution, grossNotional } = evidence;
  const notes: string[] = [];
  if (evidence.borrowedOpeningMark) {
    notes.push(
      'No price is known at the start of the day: positions held over are valued from the first price of the day on.',
    );
  }
  for (const [currency, fills] of evidence.unpriced) {
    notes.push(
      `${count(fills, 'fee')} ${currency === '' ? 'without a currency' : `in ${currency}`} could not be priced and ${fills === 1 ? 'is' : 'are'} left out of every figure: ${currency === '' ? 'name the fee currency in the log or its column map' : `import prices of ${currency} in the quote currency`}.`,
    );
  }
  if (live.unknown + backtest.unknown > 0) {
    notes.push(`Fills without a fee in their log: live ${live.unknown}, backtest ${backtest.unknown}.`);
  }
  if (attribution.delay !== null) {
    const matched = matching.byKey + matching.byTime;
    let known = 0;
    for (let row = 0; row < rows.count; row++) if (!Number.isNaN(rows.delay[row]!)) known++;
    if (known < matched)
      notes.push(`Delay and execution cover the ${known} of ${matched} pairs with an arrival price.`);
  }
  for (const side of [live, backtest]) {
    const early = sentBefore(side.orders, startUs);
    if (early > 0) {
      notes.push(
        `${count(early, `${side.source} order`)} sent before the day began: what filled today is an order of today, and its size is not judged.`,
      );
    }
    const backwards = filledBeforeSent(side.orders);
    if (backwards > 0) {
      notes.push(`${count(backwards, `${side.source} order`)} filled before decision or submission: check the clocks.`);
    }
  }
  if (matching.sharedKeys > 0) {
    notes.push(
      `${count(matching.sharedKeys, 'order')} share a client order id with another order of their side: matched by time.`,
    );
  }
  if (matching.narrowed > 0) {
    notes.push(
      `${count(matching.narrowed, 'live order')} had more candidates than are compared: the nearest in time were.`,
    );
  }
  if (grossNotional > 0 && Math.abs(attribution.residual) > 1e-9 * grossNotional) {
    notes.push('The attribution leaves more unexplained than rounding: please report it.');
  }
  return notes;
}

function sentBefore(orders: OrderTable, startUs: number): number {
  const { decidedAtUs, submittedAtUs, filledCount } = orders;
  if (!anyKnown(decidedAtUs) && !anyKnown(submittedAtUs)) return 0;
  let early = 0;
  for (let order = 0; order < filledCount; order++) {
    if (decidedAtUs[order]! < startUs || submittedAtUs[order]! < startUs) early++;
  }
  return early;
}

function filledBeforeSent(orders: OrderTable): number {
  const { firstUs, decidedAtUs, submittedAtUs, filledCount } = orders;
  if (!anyKnown(decidedAtUs) && !anyKnown(submittedAtUs)) return 0;
  let backwards = 0;
  for (let order = 0; order < filledCount; order++) {
    const first = firstUs[order]!;
    if (decidedAtUs[order]! > first || submittedAtUs[order]! > first) backwards++;
  }
  return backwards;
}

/** Number of intervals whose closing mark is older than an hour although a side traded in them or the sides held different positions. */
export function staleIntervals(
  live: ExecutionColumns | null,
  backtest: ExecutionColumns | null,
  positionDifference: number,
  boundaries: Float64Array,
  ageUs: Float64Array,
): number {
  if (!ageUs.some((age) => age > freshMarkUs)) return 0;
  let stale = 0;
  let difference = positionDifference;
  const cursors = [
    { columns: live, row: 0, sign: 1 },
    { columns: backtest, row: 0, sign: -1 },
  ];
  for (let boundary = 1; boundary < boundaries.length; boundary++) {
    let moved = difference !== 0;
    for (const cursor of cursors) {
      if (cursor.columns === null) continue;
      while (cursor.row < cursor.columns.count && cursor.columns.executedAtUs[cursor.row]! < boundaries[boundary]!) {
        difference += cursor.sign * cursor.columns.side[cursor.row]! * cursor.columns.quantity[cursor.row]!;
        cursor.row++;
        moved = true;
      }
    }
    if (moved && ageUs[boundary]! > freshMarkUs) stale++;
  }
  return stale;
}
