import { compensatedSum } from '../../../../shared/base/sums';
import type { UtcDay } from '../../../../shared/base/time';
import type { ExplainedCause, Explanation } from '../../../../shared/parity/explanation';

export interface CausesKey {
  readonly strategy: string;
  /** Null = the portfolio. */
  readonly symbol: string | null;
  /** The same day twice for one day. */
  readonly from: UtcDay;
  readonly to: UtcDay;
}

/** The causes of a gap as steps from zero to it, the largest first. Pure. */
export interface CauseStep {
  readonly cause: ExplainedCause;
  /** Running total before and after, currency of the explanation. */
  readonly from: number;
  readonly to: number;
}

export interface CauseSteps {
  readonly steps: readonly CauseStep[];
  /** Smallest and largest running total, zero included. */
  readonly low: number;
  readonly high: number;
}

export function causeStepsOf({ causes, gap }: Pick<Explanation, 'causes' | 'gap'>): CauseSteps {
  const steps = causes.map((cause, index): CauseStep => {
    const from = compensatedSum(causes.slice(0, index).map(({ money }) => money));
    return { cause, from, to: from + cause.money };
  });
  const ends = [0, gap, ...steps.map(({ to }) => to)];
  return { steps, low: Math.min(...ends), high: Math.max(...ends) };
}
