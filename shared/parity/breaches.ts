import type { Breach } from './document';
import { latencyColumns } from './measures';
import type { LatencyBasis, PairFigures } from './pair-figures';
import type { PairTable } from './pair-table';
import type { ParitySettings } from './settings';
import type { JudgedFigures } from './verdict';

/**
 * Breach events of a day: per figure the worst level it stands beyond at the end of the day, and when the figure so far first stood
 * beyond that level. Tracking is looked at on the ends of the intervals, fees and latency at each pair as it was done.
 */

export type LargestOrder = Breach['largestOrders'][number];

/** The orders with the largest share of each kind of breach, up to three, largest first. */
export interface LargestOrders {
  readonly gap: readonly LargestOrder[];
  readonly fees: readonly LargestOrder[];
  readonly latency: readonly LargestOrder[];
}

export interface BreachEvidence {
  readonly figures: JudgedFigures;
  readonly settings: ParitySettings;
  /** Ends of the intervals and the change of (live - backtest) within each, quote currency. */
  readonly endsUs: Float64Array;
  readonly differences: Float64Array;
  readonly capital: number;
  readonly pairs: PairFigures;
  readonly latencyBasis: LatencyBasis;
  readonly largest: LargestOrders;
}

export function breachesOf(evidence: BreachEvidence): Breach[] {
  const { figures, settings, endsUs, differences, capital } = evidence;
  const breaches: Breach[] = [];

  const tracking = (metric: Breach['metric'], value: number, soFar: () => (interval: number) => number) => {
    const { critical, limit, warn } = settings.trackingBps;
    const size = Math.abs(value);
    const level = (
      [
        ['critical', critical],
        ['limit', limit],
        ['warning', warn],
      ] as const
    ).find(([, bound]) => size >= bound);
    if (level === undefined) return;
    const figureAt = soFar();
    let first = differences.length - 1;
    for (let interval = 0; interval < differences.length; interval++) {
      if (Math.abs(figureAt(interval)) < level[1]) continue;
      first = interval;
      break;
    }
    breaches.push({
      metric,
      value,
      limit: level[1],
      severity: level[0],
      firstSeenUs: endsUs[first] ?? 0,
      largestOrders: [...evidence.largest.gap],
    });
  };
  tracking('trackingErrorBps', figures.trackingErrorBps, () => {
    let squares = 0;
    return (interval) => {
      squares += differences[interval]! ** 2;
      return (1e4 * Math.sqrt(squares)) / capital;
    };
  });
  tracking('trackingDifferenceBps', figures.trackingDifferenceBps, () => {
    let total = 0;
    return (interval) => {
      total += differences[interval]!;
      return (1e4 * total) / capital;
    };
  });

  const paired = (
    metric: Breach['metric'],
    value: number,
    size: number,
    bounds: { readonly warn: number; readonly limit: number },
    largest: readonly LargestOrder[],
    soFar: () => (pair: number) => number,
  ) => {
    if (!(size > bounds.warn)) return;
    const severity = size > bounds.limit ? 'limit' : 'warning';
    const limit = severity === 'limit' ? bounds.limit : bounds.warn;
    const order = Uint32Array.from({ length: evidence.pairs.count }, (_, index) => index).sort(
      (a, b) => evidence.pairs.atUs[a]! - evidence.pairs.atUs[b]! || a - b,
    );
    const figureAt = soFar();
    const first = order.find((pair) => figureAt(pair) > limit) ?? order.at(-1);
    const firstSeenUs = first === undefined ? (endsUs.at(-1) ?? 0) : evidence.pairs.atUs[first]!;
    breaches.push({ metric, value, limit, severity, firstSeenUs, largestOrders: [...largest] });
  };
  const { fee, notional } = evidence.pairs;
  paired(
    'feeDifferenceBps',
    figures.feeDifferenceBps,
    Math.abs(figures.feeDifferenceBps),
    settings.feeBps,
    evidence.largest.fees,
    () => {
      let [liveFee, liveNotional, backtestFee, backtestNotional] = [0, 0, 0, 0];
      return (pair) => {
        const live = fee.live[pair]!;
        const backtest = fee.backtest[pair]!;
        if (Number.isNaN(live) || Number.isNaN(backtest)) return 0;
        liveFee += live;
        liveNotional += Math.abs(notional.live[pair]!);
        backtestFee += backtest;
        backtestNotional += Math.abs(notional.backtest[pair]!);
        return Math.abs(liveFee / liveNotional - backtestFee / backtestNotional) * 1e4;
      };
    },
  );
  paired(
    'latencyDifferenceMs',
    figures.latencyDifferenceMs,
    figures.latencyDifferenceMs,
    settings.latencyMs,
    evidence.largest.latency,
    () => {
      const { live, backtest } = latencyColumns(evidence.pairs, evidence.latencyBasis);
      let [sum, pairs] = [0, 0];
      return (pair) => {
        const difference = live[pair]! - backtest[pair]!;
        if (Number.isNaN(difference)) return 0;
        sum += difference;
        return sum / ++pairs;
      };
    },
  );
  return breaches;
}

/** The three rows with the largest absolute key, largest first, with their share. */
export function largestOrders(
  table: PairTable,
  keys: Float64Array,
  shares: Float64Array,
  symbol: string,
): LargestOrder[] {
  const top: number[] = [];
  /** What a row must exceed: the smallest of three. */
  let least = 0;
  for (let row = 0; row < keys.length; row++) {
    const size = Math.abs(keys[row]!);
    if (!(size > least)) continue;
    top.push(row);
    top.sort((a, b) => Math.abs(keys[b]!) - Math.abs(keys[a]!) || a - b);
    if (top.length > 3) top.pop();
    if (top.length === 3) least = Math.abs(keys[top[2]!]!);
  }
  return top.map((row) => ({ id: table.idAt(row), symbol, gap: shares[row]! }));
}
