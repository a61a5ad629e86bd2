import { columnBlock } from '../base/block';
import { anyKnown } from '../base/constant-columns';
import type { OrderTable } from '../market/orders';
import { type PairColumns, pairKindCode } from './attribution';
import type { Matching } from './matching';

/**
 * What the headline figures need of each matched order, as columns: the same measures run over one symbol's pairs and, put end to end,
 * over a portfolio's.
 */

export type LatencyBasis = 'decision' | 'submission' | 'displacement' | 'none';

interface SidePair {
  readonly live: Float64Array;
  readonly backtest: Float64Array;
}

/** Row `i` of every column is one pair; NaN = unknown. Money in quote currency. */
export interface PairFigures {
  readonly count: number;
  /** When both orders were done: the later of their last fills. */
  readonly atUs: Float64Array;
  /** s * (p_live - p_backtest) / |p_backtest| * 1e4: positive = live worse. */
  readonly slippageBps: Float64Array;
  /** min(q_live, q_backtest) * |p_backtest|. */
  readonly weight: Float64Array;
  readonly notional: SidePair;
  /** NaN when any fill's fee is unknown or unpriced. */
  readonly fee: SidePair;
  /** First fill minus decision, ms. Null when no pair has it on both sides. */
  readonly decisionMs: SidePair | null;
  /** First fill minus submission, ms. */
  readonly submissionMs: SidePair | null;
  /** First live fill minus first backtest fill, ms. */
  readonly displacementMs: Float64Array;
}

/** The matched orders of one symbol's day, in the order of its table. */
export function pairFiguresOf(
  live: OrderTable,
  backtest: OrderTable,
  rows: PairColumns,
  matching: Matching,
): PairFigures {
  const size = matching.byKey + matching.byTime;
  const decided = anyKnown(live.decidedAtUs) && anyKnown(backtest.decidedAtUs);
  const submitted = anyKnown(live.submittedAtUs) && anyKnown(backtest.submittedAtUs);
  const column = columnBlock(size, 8 + (decided ? 2 : 0) + (submitted ? 2 : 0));
  const figures = {
    count: size,
    atUs: column(),
    slippageBps: column(),
    weight: column(),
    notional: { live: column(), backtest: column() },
    fee: { live: column(), backtest: column() },
    displacementMs: column(),
  };
  const decisionMs = decided ? { live: column(), backtest: column() } : null;
  const submissionMs = submitted ? { live: column(), backtest: column() } : null;
  const { atUs, slippageBps, weight, notional, fee, displacementMs } = figures;
  for (let row = 0, at = 0; at < size; row++) {
    if (rows.kind[row] !== pairKindCode.matched) continue;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    atUs[at] = Math.max(live.lastUs[l]!, backtest.lastUs[b]!);
    slippageBps[at] = rows.slippageBps[row]!;
    weight[at] = Math.min(live.quantity[l]!, backtest.quantity[b]!) * Math.abs(backtest.price[b]!);
    displacementMs[at++] = (live.firstUs[l]! - backtest.firstUs[b]!) / 1_000;
  }
  for (const [side, orders, of] of [
    ['live', live, rows.live],
    ['backtest', backtest, rows.backtest],
  ] as const) {
    moneyOfPairs(orders, of, rows, notional[side], fee[side]);
    if (decisionMs !== null) sinceInstant(orders, orders.decidedAtUs, of, rows, decisionMs[side]);
    if (submissionMs !== null) sinceInstant(orders, orders.submittedAtUs, of, rows, submissionMs[side]);
  }
  return { ...figures, decisionMs, submissionMs };
}

/** Notional and fee of one side of each pair. */
function moneyOfPairs(
  { notional, fee, feeGaps }: OrderTable,
  orderOfRow: Int32Array,
  { kind }: PairColumns,
  notionals: Float64Array,
  fees: Float64Array,
): void {
  for (let row = 0, at = 0; at < fees.length; row++) {
    if (kind[row] !== pairKindCode.matched) continue;
    const order = orderOfRow[row]!;
    notionals[at] = notional[order]!;
    fees[at++] = feeGaps[order] === 0 ? fee[order]! : Number.NaN;
  }
}

/** First fill of one side of each pair minus an instant of its order, ms. */
function sinceInstant(
  { firstUs }: OrderTable,
  instants: Float64Array,
  orderOfRow: Int32Array,
  { kind }: PairColumns,
  latencies: Float64Array,
): void {
  for (let row = 0, at = 0; at < latencies.length; row++) {
    if (kind[row] !== pairKindCode.matched) continue;
    const order = orderOfRow[row]!;
    latencies[at++] = (firstUs[order]! - instants[order]!) / 1_000;
  }
}

/** Live minus backtest latency on the rows of the table, NaN where it is unknown. */
export function spreadOverRows(
  rows: PairColumns,
  latencies: { live: Float64Array; backtest: Float64Array },
): Float64Array {
  const spread = new Float64Array(rows.count).fill(Number.NaN);
  for (let row = 0, at = 0; row < rows.count && at < latencies.live.length; row++) {
    if (rows.kind[row] === pairKindCode.matched) spread[row] = latencies.live[at]! - latencies.backtest[at++]!;
  }
  return spread;
}

/** Puts the pairs of several symbols end to end, money times each one's rate into a common currency. */
export function joinPairFigures(
  parts: readonly { readonly figures: PairFigures; readonly rate: number }[],
): PairFigures {
  const count = parts.reduce((total, part) => total + part.figures.count, 0);
  const join = (column: (figures: PairFigures) => Float64Array | null, money: boolean): Float64Array => {
    const joined = new Float64Array(count);
    let at = 0;
    for (const { figures, rate } of parts) {
      const values = column(figures);
      if (values === null) joined.fill(Number.NaN, at, at + figures.count);
      else if (money && rate !== 1)
        for (let row = 0; row < figures.count; row++) joined[at + row] = values[row]! * rate;
      else joined.set(values, at);
      at += figures.count;
    }
    return joined;
  };
  const latency = (basis: 'decisionMs' | 'submissionMs'): SidePair | null =>
    parts.every(({ figures }) => figures[basis] === null)
      ? null
      : {
          live: join((figures) => figures[basis]?.live ?? null, false),
          backtest: join((figures) => figures[basis]?.backtest ?? null, false),
        };
  return {
    count,
    atUs: join((figures) => figures.atUs, false),
    slippageBps: join((figures) => figures.slippageBps, false),
    weight: join((figures) => figures.weight, true),
    notional: { live: join((f) => f.notional.live, true), backtest: join((f) => f.notional.backtest, true) },
    fee: { live: join((f) => f.fee.live, true), backtest: join((f) => f.fee.backtest, true) },
    decisionMs: latency('decisionMs'),
    submissionMs: latency('submissionMs'),
    displacementMs: join((figures) => figures.displacementMs, false),
  };
}
