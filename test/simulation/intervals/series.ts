import type { Random } from '../../../shared/base/random';

/** Interval differences of made-up days whose true tracking difference and tracking error are known. */
export interface SeriesKind {
  readonly name: string;
  /** Interval differences of one day, bps of capital. */
  draw(random: Random, count: number): Float64Array;
  /** Expected sum of `count` of them. */
  trueDifference(count: number): number;
  /** Standard deviation of one. */
  readonly deviation: number;
  /** Root of the expected sum of squares. */
  trueError(count: number): number;
}

function independent(name: string, drift: number, deviation: number, draw: (random: Random) => number): SeriesKind {
  return {
    name,
    deviation,
    draw: (random, count) => Float64Array.from({ length: count }, () => draw(random)),
    trueDifference: (count) => count * drift,
    trueError: (count) => Math.sqrt(count * (deviation ** 2 + drift ** 2)),
  };
}

/** x = rho * previous + noise, variance 1, begun far before the day. */
export function autoregression(rho: number, drift = 0): SeriesKind {
  return {
    deviation: 1,
    name: `autocorrelated ${rho}${drift === 0 ? '' : `, drift ${drift}`}`,
    draw: (random, count) => {
      let state = random.normal();
      return Float64Array.from({ length: count }, () => {
        state = rho * state + Math.sqrt(1 - rho * rho) * random.normal();
        return drift + state;
      });
    },
    trueDifference: (count) => count * drift,
    trueError: (count) => Math.sqrt(count * (1 + drift * drift)),
  };
}

/** Student's t with four degrees of freedom: variance 2, made 1. */
function studentFour(random: Random): number {
  const chi = Array.from({ length: 4 }, () => random.normal() ** 2).reduce((sum, value) => sum + value);
  return random.normal() / Math.sqrt(chi / 4) / Math.SQRT2;
}

export const independentKinds: readonly SeriesKind[] = [
  independent('independent', 0, 1, (random) => random.normal()),
  independent('independent, drift 0.5', 0.5, 1, (random) => 0.5 + random.normal()),
];

export const heavyKinds: readonly SeriesKind[] = [
  independent('heavy tails (t, 4)', 0, 1, studentFour),
  independent('one-sided losses', -0.3, 1, (random) => 0.7 - random.exponential(1)),
  independent('trading in half of the intervals', 0, Math.SQRT1_2, (random) =>
    random.chance(0.5) ? random.normal() : 0,
  ),
];
