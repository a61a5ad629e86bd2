import { zeroColumn } from '../base/constant-columns';
import { quantilesOf } from '../base/quantiles';
import { Scratch } from '../base/scratch';
import { leastSquaresSlope, mean, weightedMoments } from '../base/statistics';
import { CompensatedSum } from '../base/sums';
import type { Report } from './document';
import { figure } from './method';
import type { LatencyBasis, PairFigures } from './pair-figures';

/** Headline figures over matched orders: slippage, fees, latency, impact. */

export interface Measures extends Pick<Report, 'slippage' | 'latency' | 'impact'> {
  readonly fees: FeeFigures;
  /** Difference of the means over the pairs that have the basis on both sides; NaN without any. */
  readonly latencyDifferenceMs: number;
}

export function measuresOf(pairs: PairFigures): Measures {
  const { latency, differenceMs } = latencyOf(pairs);
  return {
    slippage: slippageOf(pairs),
    fees: feesOf(pairs),
    latency,
    latencyDifferenceMs: differenceMs,
    impact: impactOf(pairs),
  };
}

/** Weighted by min quantity * backtest price; the quantiles count every pair once. */
export function slippageOf(figures: PairFigures): Report['slippage'] {
  const { values, others: weights } = bothKnown(figures.slippageBps, figures.weight);
  const moments = weightedMoments(values, weights);
  const [p5, p50, p95] = quantilesOf(values, [0.05, 0.5, 0.95]).map(figure);
  return {
    meanBps: figure(moments.mean),
    deviationBps: figure(moments.deviation),
    rmsBps: figure(moments.rms),
    p5Bps: p5 ?? null,
    p50Bps: p50 ?? null,
    p95Bps: p95 ?? null,
    weight: moments.weight,
  };
}

export interface FeeFigures {
  readonly liveBps: number;
  readonly backtestBps: number;
  readonly differenceBps: number;
  readonly liveNotional: number;
  readonly backtestNotional: number;
}

/** Fee rates over the pairs whose fees are known in full on both sides; NaN when there is none. */
export function feesOf(figures: PairFigures): FeeFigures {
  const { fee, notional, count } = figures;
  const [liveFees, backtestFees] = [fee.live, fee.backtest];
  const [liveNotionals, backtestNotionals] = [notional.live, notional.backtest];
  const liveSum = new CompensatedSum();
  const backtestSum = new CompensatedSum();
  let liveNotional = 0;
  let backtestNotional = 0;
  for (let pair = 0; pair < count; pair++) {
    const live = liveFees[pair]!;
    const backtest = backtestFees[pair]!;
    if (Number.isNaN(live) || Number.isNaN(backtest)) continue;
    liveSum.add(live);
    backtestSum.add(backtest);
    liveNotional += Math.abs(liveNotionals[pair]!);
    backtestNotional += Math.abs(backtestNotionals[pair]!);
  }
  const liveBps = (liveSum.value / liveNotional) * 1e4;
  const backtestBps = (backtestSum.value / backtestNotional) * 1e4;
  return { liveBps, backtestBps, differenceBps: liveBps - backtestBps, liveNotional, backtestNotional };
}

/**
 * The basis of the latency figures: the decision time if at least half of the pairs have it on both sides, else the submission time
 * likewise, else the displacement of the first live fill from the first backtest fill; none without pairs.
 */
function latencyBasisOf(figures: PairFigures): LatencyBasis {
  if (figures.count === 0) return 'none';
  for (const basis of ['decision', 'submission'] as const) {
    const columns = figures[`${basis}Ms`];
    if (columns !== null && bothKnown(columns.live, columns.backtest).values.length * 2 >= figures.count) return basis;
  }
  return 'displacement';
}

/** Latency of each pair's sides on the basis, ms, NaN = unknown. For a displacement the backtest side is zero by definition. */
export function latencyColumns(
  figures: PairFigures,
  basis: LatencyBasis,
): { live: Float64Array; backtest: Float64Array } {
  const none = new Float64Array(0);
  if (basis === 'none') return { live: none, backtest: none };
  if (basis === 'displacement') return { live: figures.displacementMs, backtest: zeroColumn(figures.count) };
  return figures[`${basis}Ms`] ?? { live: none, backtest: none };
}

/** Difference of the means over the pairs that have the basis on both sides, and the distribution of each side. */
export function latencyOf(figures: PairFigures): {
  readonly latency: Report['latency'];
  readonly differenceMs: number;
} {
  const basis = latencyBasisOf(figures);
  const columns = latencyColumns(figures, basis);
  const { values: live, others: backtest } = bothKnown(columns.live, columns.backtest);
  return {
    latency: {
      basis,
      live: distributionOf(live),
      backtest: distributionOf(basis === 'displacement' ? new Float64Array(0) : backtest),
    },
    differenceMs: mean(live) - mean(backtest),
  };
}

function distributionOf(values: Float64Array): Report['latency']['live'] {
  const centre = mean(values);
  const [p50, p95, p99] = quantilesOf(values, [0.5, 0.95, 0.99]).map(figure);
  return {
    p50: p50 ?? null,
    p95: p95 ?? null,
    p99: p99 ?? null,
    mean: figure(centre),
    orders: values.length,
  };
}

const rootScratch = new Scratch((length) => new Float64Array(length));

/** Slope of the slippage on the square root of the live notional. */
export function impactOf(figures: PairFigures): Report['impact'] {
  const { live } = figures.notional;
  const roots = rootScratch.lend(figures.count);
  for (let pair = 0; pair < roots.length; pair++) roots[pair] = Math.sqrt(Math.abs(live[pair]!));
  const { values, others } = bothKnown(figures.slippageBps, roots);
  const { slope, standardError } = leastSquaresSlope(others, values);
  return { slopeBpsPerSqrtNotional: figure(slope), standardError: figure(standardError), pairs: values.length };
}

/** The entries that are known in both columns; the columns themselves when that is all of them. */
function bothKnown(a: Float64Array, b: Float64Array): { values: Float64Array; others: Float64Array } {
  let count = 0;
  for (let index = 0; index < a.length; index++) if (!Number.isNaN(a[index]! + b[index]!)) count++;
  if (count === a.length) return { values: a, others: b };
  const values = new Float64Array(count);
  const others = new Float64Array(count);
  for (let index = 0, at = 0; index < a.length; index++) {
    if (Number.isNaN(a[index]! + b[index]!)) continue;
    values[at] = a[index]!;
    others[at++] = b[index]!;
  }
  return { values, others };
}
