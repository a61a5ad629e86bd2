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
