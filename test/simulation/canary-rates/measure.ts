import { Random } from '../../../shared/base/random';
import { HOUR_US } from '../../../shared/base/time';
import type { Criterion } from '../../../shared/canary/configuration';
import { driftResult, nextDrift } from '../../../shared/canary/drift';
import { evaluate } from '../../../shared/canary/evaluate';
import type { DriftProgress, Progress } from '../../../shared/canary/progress';
import { accountOf, deploymentOf, evaluationInput, goodParity, lookAt, stageFromUs } from '../../support/canary-facts';

/**
 * A canary of 72 hours, looked at every minute, whose truth is known: how often it is rolled back, and after how long. An order comes
 * every 20 minutes on average; the difference of an hour is normal. A look with nothing new, or with an order that was accepted, can
 * prove no breach that the one before did not, so `evaluate` runs at those that bring a rejected order or end an hour.
 */

export const looksOfStage = 72 * 60;
const ordersPerMinute = 1 / 20;

const sequential = (id: string, figure: Criterion['figure'], limit: number): Criterion => ({
  id,
  figure,
  comparison: 'at-most',
  limit,
  minimumSample: 20,
  holdEvaluations: 3,
  judgedBy: 'sequential',
});
const errorRate = sequential('error-rate', 'errorRatePercent', 5);
const trackingDifference = sequential('tracking-difference', 'trackingDifferenceBps', 20);
const trackingError = sequential('tracking-error', 'trackingErrorBps', 50);

interface Truth {
  readonly errorPercent: number;
  readonly differenceBpsPerDay: number;
  readonly deviationBpsPerDay: number;
}

export interface RatesCase {
  readonly name: string;
  readonly criteria: readonly Criterion[];
  /** Exactly at the limits: the hardest truth that is no breach. */
  readonly atLimit: Truth;
  /** Twice the limits. */
  readonly breach: Truth;
}

const quiet: Truth = { errorPercent: 1, differenceBpsPerDay: 0, deviationBpsPerDay: 10 };

export const ratesCases: readonly RatesCase[] = [
  {
    name: 'error rate',
    criteria: [errorRate],
    atLimit: { ...quiet, errorPercent: 5 },
    breach: { ...quiet, errorPercent: 10 },
  },
  {
    name: 'tracking difference',
    criteria: [trackingDifference],
    atLimit: { ...quiet, differenceBpsPerDay: 20 },
    breach: { ...quiet, differenceBpsPerDay: 40 },
  },
  {
    name: 'tracking error',
    criteria: [trackingError],
    atLimit: { ...quiet, deviationBpsPerDay: 50 },
    breach: { ...quiet, deviationBpsPerDay: 100 },
  },
  {
    name: 'error rate and difference',
    criteria: [errorRate, trackingDifference],
    atLimit: { ...quiet, errorPercent: 5, differenceBpsPerDay: 20 },
    breach: { ...quiet, errorPercent: 10, differenceBpsPerDay: 40 },
  },
];

interface Run {
  /** Minutes until the rollback; null = none in the stage. */
  readonly rolledBackAt: number | null;
  /** Whether a test for one look, at 5 %, would have called it a breach at any look. */
  readonly naive: boolean;
}

function run({ criteria }: RatesCase, truth: Truth, seed: string): Run {
  const random = new Random(seed);
  const deployment = deploymentOf('canary', {}, { rollback: [...criteria], maxDataAgeMinutes: 15 });
  const differences: number[] = [];
  let [orders, rejected] = [0, 0];
  let rolledBackAt: number | null = null;
  let naive = false;
  let progress: Progress | null = null;
  for (let minute = 1; minute <= looksOfStage; minute++) {
    const isOrder = random.chance(ordersPerMinute);
    const isRejected = isOrder && random.chance(truth.errorPercent / 100);
    if (isOrder) orders++;
    if (isRejected) rejected++;
    if (minute % 60 === 0) {
      differences.push(truth.differenceBpsPerDay / 24 + (random.normal() * truth.deviationBpsPerDay) / Math.sqrt(24));
    } else if (!isRejected) continue;
    naive ||= criteria.some((criterion) => isNaiveBreach(criterion, orders, rejected, differences));
    if (rolledBackAt !== null) continue;
    const look = lookAt(minute - 3_600);
    const recent = differences.slice(-24);
    const sum = recent.reduce((total, value) => total + value, 0);
    const squares = recent.reduce((total, value) => total + value * value, 0);
    const evaluated = evaluate(
      evaluationInput({
        deployment,
        look,
        progress,
        account: { ...steadyAccount, orders, rejected },
        parity: {
          ...goodParity,
          asOfUs: look.atUs,
          trackingDifferenceBps: sum,
          trackingErrorBps: Math.sqrt(squares),
          hourlyDifferencesBps: {
            startUs: Float64Array.from(differences, (_, hour) => stageFromUs + hour * HOUR_US),
            value: Float64Array.from(differences),
          },
        },
      }),
    );
    progress = evaluated.progress;
    if (evaluated.transitions.some(({ event }) => event.kind === 'rollback-started')) rolledBackAt = minute;
  }
  return { rolledBackAt, naive };
}

const steadyAccount = accountOf();
/** Of the standard normal distribution, above it 5 %. */
const naiveQuantile = 1.6449;

/** The one-sided test at 5 % of the criterion's limit that is right for one look at a time fixed beforehand. */
function isNaiveBreach(
  { figure, limit, minimumSample }: Criterion,
  orders: number,
  rejected: number,
  differences: readonly number[],
): boolean {
  if (figure === 'errorRatePercent') {
    const share = limit / 100;
    return (
      orders >= minimumSample && rejected - orders * share > naiveQuantile * Math.sqrt(orders * share * (1 - share))
    );
  }
  const count = differences.length;
  if (count < minimumSample) return false;
  const values = figure === 'trackingErrorBps' ? differences.map((value) => value * value) : differences;
  const mean = values.reduce((total, value) => total + value, 0) / count;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (count - 1);
  const hourly = figure === 'trackingErrorBps' ? (limit * limit) / 24 : limit / 24;
  return mean - hourly > naiveQuantile * Math.sqrt(variance / count);
}

export interface Rates {
  /** Shares of the runs without a breach that were rolled back, by `evaluate` and by the naive tests. */
  readonly falseShare: number;
  readonly naiveShare: number;
  /** Share of the runs with a breach that were rolled back, and the median minute of it; NaN = none was. */
  readonly foundShare: number;
  readonly medianMinutes: number;
}

/** Runs `first` to `first + runs - 1`. Equal arguments, equal rates. */
export function measureRates(one: RatesCase, runs: number, first: number): Rates {
  const seeds = Array.from({ length: runs }, (_, index) => `${one.name} ${first + index}`);
  const without = seeds.map((seed) => run(one, one.atLimit, seed));
  const found = seeds
    .map((seed) => run(one, one.breach, `${seed} breach`).rolledBackAt)
    .filter((minute) => minute !== null)
    .sort((a, b) => a - b);
  return {
    falseShare: without.filter(({ rolledBackAt }) => rolledBackAt !== null).length / runs,
    naiveShare: without.filter(({ naive }) => naive).length / runs,
    foundShare: found.length / runs,
    medianMinutes: found[found.length >> 1] ?? Number.NaN,
  };
}

/** Hours of the canary that are the baseline of drift detection. */
const baseline = 72;

/** Mean hours in production until drift is found, where every hour is like those before; `shift` in standard deviations of an hour. */
export function meanHoursToAlarm(runs: number, first: number, shift = 0): number {
  let hours = 0;
  for (let seed = first; seed < first + runs; seed++) {
    const random = new Random(`drift ${seed}`);
    const sinceUs = stageFromUs + baseline * HOUR_US;
    let progress: DriftProgress | null = null;
    for (let hour = 0; ; hour++) {
      const moved = hour < baseline ? 0 : shift;
      const startUs = Float64Array.of(stageFromUs + hour * HOUR_US);
      progress = nextDrift(progress, { startUs, value: Float64Array.of(moved + random.normal()) }, sinceUs);
      if (driftResult(progress).alarm) break;
    }
    hours += progress.looks;
  }
  return hours / runs;
}
