import type { Criterion, DeploymentConfiguration } from './configuration';

/** The limits that ship. Everything of them can be changed within the bounds of the configuration's schema. */

type Limit = Pick<Criterion, 'id' | 'figure' | 'comparison' | 'limit' | 'minimumSample'> & Partial<Criterion>;

const criterion = (limit: Limit): Criterion => ({ holdEvaluations: 3, judgedBy: 'value', ...limit });
const money = (limit: Limit): Criterion => criterion({ ...limit, holdEvaluations: 1 });

export const defaultPromotionCriteria: readonly Criterion[] = [
  // Hours: of fewer than two days an annualised ratio says nothing.
  criterion({ id: 'sharpe', figure: 'sharpe', comparison: 'at-least', limit: 1, minimumSample: 48 }),
  money({ id: 'max-drawdown', figure: 'drawdownPercent', comparison: 'at-most', limit: 2, minimumSample: 0 }),
  criterion({ id: 'error-rate', figure: 'errorRatePercent', comparison: 'at-most', limit: 1, minimumSample: 50 }),
  criterion({ id: 'parity-score', figure: 'parityScore', comparison: 'at-least', limit: 85, minimumSample: 10 }),
  criterion({ id: 'tracking-error', figure: 'trackingErrorBps', comparison: 'at-most', limit: 20, minimumSample: 10 }),
];

export const defaultRollbackCriteria: readonly Criterion[] = [
  money({ id: 'daily-loss', figure: 'dailyLossPercent', comparison: 'at-most', limit: 1, minimumSample: 0 }),
  money({ id: 'drawdown', figure: 'drawdownPercent', comparison: 'at-most', limit: 3, minimumSample: 0 }),
  criterion({
    id: 'error-rate',
    figure: 'errorRatePercent',
    comparison: 'at-most',
    limit: 5,
    minimumSample: 20,
    judgedBy: 'sequential',
  }),
  criterion({ id: 'parity-score', figure: 'parityScore', comparison: 'at-least', limit: 70, minimumSample: 10 }),
  criterion({ id: 'tracking-error', figure: 'trackingErrorBps', comparison: 'at-most', limit: 50, minimumSample: 10 }),
];

/** A configuration to begin from: the limits that ship around what only the desk knows. */
export function defaultConfiguration(
  own: Pick<DeploymentConfiguration, 'strategy' | 'version' | 'description' | 'totalCapital' | 'currency' | 'playbook'>,
): DeploymentConfiguration {
  return {
    ...own,
    stagingPercent: 1,
    canaryPercent: 5,
    stagingDays: 7,
    canaryHours: { minimum: 48, maximum: 72 },
    sessionStartMinutes: 0,
    belongs: { version: null, account: null, clientOrderIdPrefix: null, symbols: [] },
    promotion: [...defaultPromotionCriteria],
    rollback: [...defaultRollbackCriteria],
    guards: { dailyLossPercent: 0.5, drawdownPercent: 2, grossExposurePercent: 100 },
    automaticRollback: true,
    maxDataAgeMinutes: 15,
    onNoData: { action: 'hold', afterMinutes: 60 },
    onOverdue: { action: 'hold', afterHours: 24 },
    strictSharpe: false,
    falseRollbackPercent: 5,
    control: null,
  };
}
