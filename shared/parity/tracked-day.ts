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

/** P&L of live minus backtest over the day, quote currency; NaN without a mark. */
export function gapOfDay(frame: DayFrame, { live, backtest }: TrackedSides): number {
  const ends = Float64Array.of(frame.boundariesUs[0]!, frame.boundariesUs.at(-1)!);
  const [opening, closing] = marksOf(frame, ends, live, backtest);
  const [liveTotal, backtestTotal] = [live, backtest].map(({ fills, feeQuote, positionAtStart }) => {
    const { traded, carried } = pnlOf(fills, feeQuote, positionAtStart, opening!, closing!);
    return traded + carried;
  });
  return liveTotal! - backtestTotal!;
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
