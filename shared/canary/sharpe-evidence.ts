import type { z } from 'zod';
import { minimumTrackRecord, probabilisticSharpe, sharpeStandardError } from '../base/sharpe';
import type { AccountSummary } from './equity';
import type { sharpeEvidenceSchema } from './evaluation';
import { hoursPerYear } from './sequential-criteria';

/** How much a Sharpe ratio of a few days proves: its standard error, the probability that the true one exceeds the limit, days still needed. */

export type SharpeEvidence = z.infer<typeof sharpeEvidenceSchema>;

/** Probability from which on the limit counts as exceeded, where the configuration is strict. */
export const sharpeConfidence = 0.95;

/** @param limit annualised */
export function sharpeEvidence(account: AccountSummary, limit: number): SharpeEvidence {
  const { returns } = account;
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  const value = known(returns.sharpe * Math.sqrt(hoursPerYear));
  const threshold = limit / Math.sqrt(hoursPerYear);
  const observedDays = returns.count / 24;
  const neededDays = value === null ? null : known(minimumTrackRecord(returns, threshold, sharpeConfidence) / 24);
  return {
    value,
    standardError: value === null ? null : known(sharpeStandardError(returns, hoursPerYear)),
    probability: value === null ? null : known(probabilisticSharpe(returns, threshold)),
    limit,
    observedDays,
    daysNeeded: neededDays === null ? null : Math.max(0, neededDays - observedDays),
  };
}
