import { asymptoticHalfWidth, asymptoticRho, bernoulliInterval } from '../base/sequential';
import type { Criterion, DeploymentConfiguration } from './configuration';
import type { AccountSummary } from './equity';
import type { ParityFacts } from './facts';
import type { Progress } from './progress';

/**
 * Confidence sequences of the figures that have one: the truth lies inside at every look at once, with the stated probability, so a
 * limit outside of it is proved and looking again costs nothing. Orders are counted (beta-binomial mixture); means of hours are
 * asymptotic and say nothing before {@link leastHours}.
 */

/** An asymptotic sequence is not to decide before about fifty observations; two days are the least a canary lasts. */
export const leastHours = 48;

/** Hours of a year that trades around the clock. */
export const hoursPerYear = 8_760;

const tested: ReadonlySet<string> = new Set([
  'errorRatePercent',
  'trackingDifferenceBps',
  'trackingErrorBps',
  'totalReturnPercent',
  'sharpe',
]);

/** Whether the figure has observations that a sequential test can run on. */
export function hasSequentialTest(figure: string): boolean {
  return tested.has(figure);
}

/** The chance of acting without cause that each sequential rollback criterion gets: all of them together get the configured one. */
export function alphaOf({ rollback, falseRollbackPercent }: DeploymentConfiguration): number {
  const judged = rollback.filter(({ figure, judgedBy }) => judgedBy === 'sequential' && hasSequentialTest(figure));
  return falseRollbackPercent / 100 / Math.max(1, judged.length);
}

export interface Sequence {
  readonly low: number;
  readonly high: number;
}

export interface SequenceFacts {
  readonly account: AccountSummary | null;
  readonly parity: ParityFacts | null;
  readonly alpha: number;
  /** Hours at which the sequences of means are narrowest: what the stage is planned to last. */
  readonly plannedHours: number;
  /** Sequences of counts made before. */
  readonly made: Progress['intervals'];
}

/** Null = there is nothing to test on yet. `made` is what to keep for the next look, under the criterion's own key. */
export function sequenceOf(
  criterion: Pick<Criterion, 'figure' | 'minimumSample'>,
  facts: SequenceFacts,
  key: string,
): { readonly sequence: Sequence; readonly made: Progress['intervals'][string] | null } | null {
  const { account, parity, alpha, plannedHours } = facts;
  if (criterion.figure === 'errorRatePercent') {
    if (account === null || account.orders === 0) return null;
    // Fixed by the configuration, as it has to be: where the sequence is narrowest may not depend on the data.
    const plannedTrials = Math.max(100, 4 * criterion.minimumSample);
    const counts = `${account.rejected}/${account.orders}/${plannedTrials}/${alpha}`;
    const before = facts.made[key];
    if (before?.key === counts) return { sequence: before, made: before };
    const { lower, upper } = bernoulliInterval(account.rejected, account.orders, { alpha, plannedTrials });
    const made = { key: counts, low: 100 * lower, high: 100 * upper };
    return { sequence: made, made };
  }
  const around = (centre: number, halfWidth: number) => ({
    sequence: { low: centre - halfWidth, high: centre + halfWidth },
    made: null,
  });
  const halfWidthOf = (count: number) =>
    asymptoticHalfWidth(count, alpha, asymptoticRho(alpha, plannedHours, 'two'), 'two');
  if (criterion.figure === 'totalReturnPercent' || criterion.figure === 'sharpe') {
    const count = account?.returns.count ?? 0;
    if (account === null || count < leastHours || !(account.returnDeviation > 0)) return null;
    const { meanReturn, returnDeviation } = account;
    return criterion.figure === 'sharpe'
      ? around((meanReturn / returnDeviation) * Math.sqrt(hoursPerYear), halfWidthOf(count) * Math.sqrt(hoursPerYear))
      : around(100 * count * meanReturn, 100 * count * halfWidthOf(count) * returnDeviation);
  }
  const values = parity?.hourlyDifferencesBps?.value;
  if (values === undefined) return null;
  const squared = criterion.figure === 'trackingErrorBps';
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const difference = values[index]!;
    if (Number.isNaN(difference)) continue;
    const value = squared ? difference * difference : difference;
    count++;
    const away = value - mean;
    mean += away / count;
    squares += away * (value - mean);
  }
  if (count < leastHours || !(squares > 0)) return null;
  const halfWidth = halfWidthOf(count) * Math.sqrt(squares / (count - 1));
  if (!squared) return around(24 * mean, 24 * halfWidth);
  const ofDay = (square: number) => Math.sqrt(24 * Math.max(0, square));
  return { sequence: { low: ofDay(mean - halfWidth), high: ofDay(mean + halfWidth) }, made: null };
}
