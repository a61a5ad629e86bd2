import { sharpeSample } from '../../shared/base/sharpe';
import { mean, sampleDeviation } from '../../shared/base/statistics';
import { HOUR_US, MINUTE_US, utcDayStartUs } from '../../shared/base/time';
import type { DeploymentConfiguration } from '../../shared/canary/configuration';
import { defaultConfiguration } from '../../shared/canary/defaults';
import type { Deployment } from '../../shared/canary/deployment';
import type { AccountSummary } from '../../shared/canary/equity';
import type { EvaluationInput, Look, ParityFacts } from '../../shared/canary/facts';
import { day } from './symbol-day';

/** Facts of a deployment in good order; a test changes what it is about. */

export const stageFromUs = utcDayStartUs(day);
export const capital = 10_000;

export function configuration(changes: Partial<DeploymentConfiguration> = {}): DeploymentConfiguration {
  return {
    ...defaultConfiguration({
      strategy: 'trend',
      version: '2.0.0',
      description: 'Tighter stops.',
      totalCapital: 1_000_000,
      currency: 'USDT',
      playbook: [],
    }),
    ...changes,
  };
}

export function deploymentOf(
  stage: Deployment['stage'],
  changes: Partial<Deployment> = {},
  configured: Partial<DeploymentConfiguration> = {},
): Deployment {
  const agreed = configuration(configured);
  return {
    id: 'deployment-1',
    stateVersion: 2,
    configuration: agreed,
    stage,
    leftStage: null,
    createdAtUs: stageFromUs,
    stageSinceUs: stageFromUs,
    allocatedCapital: capital,
    paused: [],
    verdict: null,
    decideByUs: stage === 'canary' ? stageFromUs + agreed.canaryHours.maximum * HOUR_US : null,
    overdueSinceUs: null,
    rollback: null,
    lastDrillAtUs: null,
    recorded: [],
    drift: null,
    ...changes,
  };
}

/** Sixty hours of small, mostly good returns, as of `hours` after the stage began. */
export function accountOf(changes: Partial<AccountSummary> = {}, hours = 60): AccountSummary {
  const value = Float64Array.from({ length: hours }, (_, hour) => (hour % 2 === 0 ? 4e-5 : -2e-5));
  const startUs = Float64Array.from(value, (_, hour) => stageFromUs + hour * HOUR_US);
  return {
    capital,
    stageFromUs,
    sessionStartMinutes: 0,
    coveredUntilUs: stageFromUs + hours * HOUR_US,
    boundariesUs: Float64Array.of(stageFromUs, stageFromUs + 48 * HOUR_US, stageFromUs + 72 * HOUR_US),
    equityAt: Float64Array.of(capital, capital, capital),
    equity: capital,
    unknown: null,
    peak: capital,
    deepestFall: 0,
    positions: [],
    realised: 0,
    unrealised: 0,
    fees: 0,
    unknownFees: 0,
    grossExposure: 0,
    oldestMarkUs: null,
    fills: 200,
    orders: 200,
    rejected: 0,
    latency: { count: 200, averageMs: 40, p95Ms: 80 },
    hourly: { startUs, value },
    returns: sharpeSample(value),
    meanReturn: mean(value),
    returnDeviation: sampleDeviation(value),
    ...changes,
  };
}

export const goodParity: ParityFacts = {
  trackingErrorBps: 8,
  trackingDifferenceBps: -2,
  parityScore: 95,
  sample: 120,
  asOfUs: stageFromUs + 60 * HOUR_US,
  note: null,
  hourlyDifferencesBps: null,
};

/** The look `minutes` after the sixtieth hour. */
export function lookAt(minutes: number, changes: Partial<Look> = {}): Look {
  return {
    atUs: stageFromUs + 60 * HOUR_US + minutes * MINUTE_US,
    monotonicMs: 1e6 + minutes * 60_000,
    run: 'run-1',
    intervalMs: 60_000,
    slept: false,
    ...changes,
  };
}

export function evaluationInput(changes: Partial<EvaluationInput> = {}): EvaluationInput {
  const look = changes.look ?? lookAt(0);
  return {
    deployment: deploymentOf('canary'),
    look,
    ids: { evaluation: 'evaluation-1', rollback: 'rollback-1' },
    progress: null,
    sources: [{ source: 'executions', heardAtUs: look.atUs }],
    account: accountOf(),
    parity: { ...goodParity, asOfUs: look.atUs },
    control: null,
    ...changes,
  };
}
