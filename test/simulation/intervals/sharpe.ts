import { Random } from '../../../shared/base/random';
import { sharpeDifferenceInterval } from '../../../shared/parity/statistics';
import { add, type Coverage, nothing } from './measure';

/** Made-up returns of live and backtest whose true difference of the Sharpe ratios is known. */
export interface ReturnKind {
  readonly name: string;
  /** Mean of live and of the backtest per day, in standard deviations of a day. */
  readonly live: number;
  readonly backtest: number;
  /** Correlation of live with the backtest. */
  readonly together: number;
  /** Autocorrelation from day to day. */
  readonly persistence: number;
  /** Whether the days have the tails of Student's t with four degrees of freedom. */
  readonly heavy: boolean;
}

const plain = { live: 0.1, backtest: 0.1, together: 0.95, persistence: 0, heavy: false };

export const returnKinds: readonly ReturnKind[] = [
  { ...plain, name: 'independent, alike' },
  { ...plain, name: 'independent, live loses 0.1', live: 0 },
  { ...plain, name: 'independent, together 0.5', together: 0.5 },
  { ...plain, name: 'heavy tails (t, 4)', heavy: true },
  ...[-0.3, 0.3, 0.6, 0.8].map((persistence) => ({ ...plain, name: `autocorrelated ${persistence}`, persistence })),
];

const perYear = 365;
const deviation = 0.01;

export function drawReturns(kind: ReturnKind, days: number, random: Random) {
  const series = () => {
    let state = random.normal();
    return () => {
      const value = state;
      state = kind.persistence * state + Math.sqrt(1 - kind.persistence ** 2) * random.normal();
      return value;
    };
  };
  const [common, own] = [series(), series()];
  const live = new Float64Array(days);
  const backtest = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    const [shared, alone] = [common(), own()];
    const chi = Array.from({ length: 4 }, () => random.normal() ** 2).reduce((sum, value) => sum + value);
    // One divisor for both sides: a wild day is wild for both. The variance of t with four degrees is 2.
    const scale = kind.heavy ? 1 / Math.sqrt(chi / 2) : 1;
    backtest[day] = deviation * (kind.backtest + shared * scale);
    live[day] = deviation * (kind.live + (kind.together * shared + Math.sqrt(1 - kind.together ** 2) * alone) * scale);
  }
  return { live, backtest };
}

export function sharpeCoverage(kind: ReturnKind, days: number, runs: number, first = 0): Coverage {
  const coverage = nothing();
  for (let run = first; run < first + runs; run++) {
    const name = `Sharpe ${kind.name} ${days} ${run}`;
    const { live, backtest } = drawReturns(kind, days, new Random(name));
    add(
      coverage,
      sharpeDifferenceInterval(live, backtest, perYear, name),
      (kind.live - kind.backtest) * Math.sqrt(perYear),
    );
  }
  return coverage;
}
