import { CompensatedSum } from '../base/sums';
import type { Attribution } from './document';

/**
 * The gap as steps from zero to its total. Steps follow the attribution of the report: each begins where the one before ended, and
 * the last one ends at the gap (a residual beyond rounding is a step of its own, never hidden in another).
 */
export type WaterfallCause =
  | 'delay'
  | 'execution'
  | 'price'
  | 'priceWithoutArrival'
  | 'quantity'
  | 'fees'
  | 'missed'
  | 'extra'
  | 'carry'
  | 'other'
  | 'residual';

export interface WaterfallStep {
  readonly cause: WaterfallCause;
  /** Signed, quote currency: plus = live better than the backtest. */
  readonly value: number;
  /** Running total before and after the step. */
  readonly from: number;
  readonly to: number;
  /** Basis points of capital; null when the capital is unknown. */
  readonly bps: number | null;
  /** Share of the sum of sizes of all steps, 0 to 1. */
  readonly share: number;
}

export interface Waterfall {
  readonly steps: readonly WaterfallStep[];
  readonly total: number;
  readonly totalBps: number | null;
  /** Smallest and largest running total, zero included: the domain of the bars. */
  readonly low: number;
  readonly high: number;
  /** The cause that weighs most; null when every step is zero. */
  readonly largest: WaterfallCause | null;
}

/** Part of the gross notional that counts as rounding: the bound of the attribution's identity. */
const ROUNDING = 1e-9;

/**
 * @param capital quote currency; null or 0 = unknown, then there are no bps
 * @param grossNotional quote currency; scales what counts as rounding
 */
export function waterfallOf(attribution: Attribution, capital: number | null, grossNotional: number): Waterfall {
  const rounding = ROUNDING * Math.max(Math.abs(grossNotional), Math.abs(attribution.gap));
  const parts: [WaterfallCause, number][] = [];
  const { price, delay, execution } = attribution;
  if (delay !== null && execution !== null) {
    parts.push(['delay', delay], ['execution', execution]);
    const rest = price - delay - execution;
    if (Math.abs(rest) > rounding) parts.push(['priceWithoutArrival', rest]);
  } else {
    parts.push(['price', price]);
  }
  parts.push(
    ['quantity', attribution.quantity],
    ['fees', attribution.fees],
    ['missed', attribution.missed],
    ['extra', attribution.extra],
    ['carry', attribution.carry],
    ['other', attribution.other],
  );
  if (Math.abs(attribution.residual) > rounding) parts.push(['residual', attribution.residual]);

  // What is no more than rounding reads as zero: a step of 1e-12 is noise, not a cause.
  for (const part of parts) if (Math.abs(part[1]) <= rounding) part[1] = 0;
  const sizes = parts.reduce((sum, [, value]) => sum + Math.abs(value), 0);
  const bpsOf = (value: number) => (capital !== null && capital > 0 ? (1e4 * value) / capital : null);
  const running = new CompensatedSum();
  const steps: WaterfallStep[] = [];
  let low = Math.min(0, attribution.gap);
  let high = Math.max(0, attribution.gap);
  for (const [cause, value] of parts) {
    const from = running.value;
    running.add(value);
    const to = running.value;
    steps.push({ cause, value, from, to, bps: bpsOf(value), share: sizes > 0 ? Math.abs(value) / sizes : 0 });
    low = Math.min(low, to);
    high = Math.max(high, to);
  }
  const largest = steps.reduce<WaterfallStep | null>(
    (best, step) => (step.value !== 0 && (best === null || Math.abs(step.value) > Math.abs(best.value)) ? step : best),
    null,
  );
  return {
    steps,
    total: attribution.gap,
    totalBps: bpsOf(attribution.gap),
    low,
    high,
    largest: largest?.cause ?? null,
  };
}

interface CauseWords {
  readonly title: string;
  readonly meaning: string;
}

export const causeWords: Readonly<Record<WaterfallCause, CauseWords>> = {
  delay: { title: 'Delay', meaning: 'the market moved before the order reached it' },
  execution: { title: 'Execution', meaning: 'spread and impact on arrival' },
  price: { title: 'Price', meaning: 'worse or better fills on matched quantity' },
  priceWithoutArrival: { title: 'Price, not split', meaning: 'matched orders whose log has no arrival price' },
  quantity: { title: 'Quantity', meaning: 'partial fills and over-fills' },
  fees: { title: 'Fees', meaning: 'live fees against the backtest’s fee model' },
  missed: { title: 'Missed', meaning: 'backtest trades that never happened live' },
  extra: { title: 'Extra', meaning: 'live trades the backtest never made' },
  carry: { title: 'Carry', meaning: 'yesterday’s position difference, still held' },
  other: { title: 'Other', meaning: 'funding and adjustments' },
  residual: { title: 'Residual', meaning: 'not explained: more than rounding, check the data' },
};
