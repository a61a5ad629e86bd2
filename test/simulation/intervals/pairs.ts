import { Random } from '../../../shared/base/random';
import { measuresOf } from '../../../shared/parity/measures';
import type { PairFigures } from '../../../shared/parity/pair-figures';
import { pairIntervals } from '../../../shared/parity/pair-intervals';
import { add, type Coverage, nothing } from './measure';

/** Made-up days of pairs whose true slippage, fee and latency differences are known. */
export interface PairKind {
  readonly name: string;
  /** Standard deviation of the logarithm of the sizes. */
  readonly sizes: number;
  /** Autocorrelation of slippage and latency from pair to pair. */
  readonly persistence: number;
  /** Standard deviation of the logarithm of the live latency; its mean is 200 ms more than the backtest's. */
  readonly latency: number;
  /** Whether the slippage has the tails of Student's t with four degrees of freedom. */
  readonly heavy: boolean;
}

export const pairKinds: readonly PairKind[] = [
  { name: 'alike', sizes: 0, persistence: 0, latency: 0.5, heavy: false },
  { name: 'sizes differ tenfold', sizes: 0.6, persistence: 0, latency: 0.5, heavy: false },
  { name: 'sizes differ hundredfold', sizes: 1.2, persistence: 0, latency: 0.5, heavy: false },
  { name: 'heavy tails, long latencies', sizes: 0.6, persistence: 0, latency: 1, heavy: true },
  { name: 'autocorrelated 0.3', sizes: 0.6, persistence: 0.3, latency: 0.5, heavy: false },
  { name: 'autocorrelated 0.6', sizes: 0.6, persistence: 0.6, latency: 0.5, heavy: false },
  { name: 'autocorrelated 0.9', sizes: 0.6, persistence: 0.9, latency: 0.5, heavy: false },
];

const truth = { slippage: 1.5, latency: 200, liveMaker: 0.4 };
/** Taker 5 bps, maker 1 bps; the backtest assumes 3. */
const trueFee = 5 - 4 * truth.liveMaker - 3;

/** One day of pairs in time order; slippage, latency and liquidity are independent of the size, so that the truth is their own mean. */
export function drawPairs(kind: PairKind, count: number, random: Random): PairFigures {
  const column = (draw: () => number) => Float64Array.from({ length: count }, draw);
  const series = () => {
    let state = random.normal();
    return () => {
      const value = state;
      state = kind.persistence * state + Math.sqrt(1 - kind.persistence ** 2) * random.normal();
      return value;
    };
  };
  const [slip, late, liquidity] = [series(), series(), series()];
  const chi = () => (random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 4;
  const notional = column(() => 1_000 * Math.exp(kind.sizes * random.normal()));
  const latencyMean = Math.exp(kind.latency ** 2 / 2);
  // The quantile of a normal with the share of maker fills below it.
  const makerBelow = -0.2533471031357997;
  const maker = column(() => (liquidity() < makerBelow ? 1 : 0));
  let at = 0;
  return {
    count,
    atUs: column(() => {
      at += random.exponential(1e6);
      return at;
    }),
    slippageBps: column(() => truth.slippage + 4 * (kind.heavy ? slip() / Math.sqrt(chi()) : slip())),
    weight: notional,
    notional: { live: notional, backtest: notional },
    fee: {
      live: notional.map((value, pair) => (value * (maker[pair] === 1 ? 1 : 5)) / 1e4),
      backtest: notional.map((value) => (value * 3) / 1e4),
    },
    decisionMs: {
      live: column(() => 50 + (truth.latency * Math.exp(kind.latency * late())) / latencyMean),
      backtest: new Float64Array(count).fill(50),
    },
    submissionMs: null,
    displacementMs: new Float64Array(count),
  };
}

export interface PairCoverage {
  readonly slippage: Coverage;
  readonly fees: Coverage;
  readonly latency: Coverage;
}

export function pairCoverage(kind: PairKind, count: number, runs: number, first = 0): PairCoverage {
  const coverage = { slippage: nothing(), fees: nothing(), latency: nothing() };
  for (let run = first; run < first + runs; run++) {
    const name = `pairs ${kind.name} ${count} ${run}`;
    const pairs = drawPairs(kind, count, new Random(name));
    const found = pairIntervals(pairs, measuresOf(pairs), name);
    add(coverage.slippage, found.slippageInterval, truth.slippage);
    add(coverage.fees, found.feeDifferenceInterval, trueFee);
    add(coverage.latency, found.latencyDifferenceInterval, truth.latency);
  }
  return coverage;
}
