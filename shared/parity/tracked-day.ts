import type { FillColumns } from '../market/columns';
import { freshMarkUs, marksAtBoundaries, type PriceSeries } from '../market/marks';
import { pnlOf } from './attribution';
import { equityAtBoundaries, intervalDifferences, trackingDifferenceBps, trackingErrorBps } from './tracking';

/**
 * A day worked out again with other fills on either side: the same marks, P&L and intervals as its report, without pairing the orders,
 * on which neither figure depends. The capital stays the report's, so that what changes is the tracking and not its measure.
 */

export interface TrackedSide {
  readonly fills: FillColumns | null;
  /** Fee of each fill in quote currency, NaN = unknown. Null without fills. */
  readonly feeQuote: Float64Array | null;
  /** Base units held at the day's first instant. */
  readonly positionAtStart: number;
}

export interface TrackedSides {
  readonly live: TrackedSide;
  readonly backtest: TrackedSide;
}

export interface DayFrame {
  /** See `intervalBoundaries`. */
  readonly boundariesUs: Float64Array;
  readonly prices: PriceSeries;
  readonly lastFillBefore: { readonly price: number; readonly atUs: number } | null;
  /** Quote currency; NaN = unknown. */
  readonly capital: number;
}

/**
 * P&L of live minus backtest over the day, quote currency; NaN without a mark. Made for one day and many changes of it: the P&L of a side
 * that is the very same object, at the same marks, is not worked out again.
 */
export function gapsOfDay(frame: DayFrame): (sides: TrackedSides) => number {
  const ends = Float64Array.of(frame.boundariesUs[0]!, frame.boundariesUs.at(-1)!);
  const known = new Map<TrackedSide, { readonly opening: number; readonly closing: number; readonly total: number }>();
  const totalOf = (side: TrackedSide, opening: number, closing: number): number => {
    const before = known.get(side);
    if (before !== undefined && before.opening === opening && before.closing === closing) return before.total;
    const { traded, carried } = pnlOf(side.fills, side.feeQuote, side.positionAtStart, opening, closing);
    const total = traded + carried;
    known.set(side, { opening, closing, total });
    return total;
  };
  return ({ live, backtest }) => {
    const marks = marksOf(frame, ends, live, backtest);
    return totalOf(live, marks[0]!, marks[1]!) - totalOf(backtest, marks[0]!, marks[1]!);
  };
}

/** Tracking error and signed tracking difference of the day, bps of capital; NaN where the report has none. */
export function trackingOfDay(
  frame: DayFrame,
  sides: TrackedSides,
): { readonly errorBps: number; readonly differenceBps: number } {
  const { boundariesUs, capital } = frame;
  const marks = marksOf(frame, boundariesUs, sides.live, sides.backtest);
  const [live, backtest] = [sides.live, sides.backtest].map(({ fills, feeQuote, positionAtStart }) =>
    equityAtBoundaries(fills, feeQuote, positionAtStart, boundariesUs, marks),
  );
  return {
    errorBps: trackingErrorBps(intervalDifferences(live!, backtest!), capital),
    differenceBps: trackingDifferenceBps(live!.at(-1)! - backtest!.at(-1)!, capital),
  };
}

function marksOf(frame: DayFrame, boundariesUs: Float64Array, live: TrackedSide, backtest: TrackedSide): Float64Array {
  return marksAtBoundaries(boundariesUs, frame.prices, live.fills, backtest.fills, frame.lastFillBefore, freshMarkUs)
    .price;
}
