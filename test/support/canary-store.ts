import type { CanaryWrite } from '../../electron/engine/canary/ports';
import { defaultConfiguration } from '../../shared/canary/defaults';
import type { Evaluation } from '../../shared/canary/evaluation';
import type { DeploymentEvent } from '../../shared/canary/events';

/** Deployments, evaluations and writes for tests of what keeps and moves them. */

export const configuration = (strategy = 'momentum', version = 'v2') =>
  defaultConfiguration({
    strategy,
    version,
    description: 'A faster exit',
    totalCapital: 1_000_000,
    currency: 'USD',
    playbook: [
      {
        kind: 'kill-switch-file',
        id: 'stop',
        title: 'Stop entries',
        effect: 'stop-entries',
        required: true,
        timeoutMs: 1_000,
        attempts: 2,
        backoffMs: 10,
        path: '/tmp/stop',
      },
    ],
  });

export const evaluationOf = (
  id: string,
  deploymentId: string,
  atUs: number,
  change: Partial<Evaluation> = {},
): Evaluation => ({
  id,
  deploymentId,
  stateVersion: 1,
  stage: 'staging',
  atUs,
  verdict: 'healthy',
  reasons: [],
  observedMs: 0,
  requiredMs: null,
  dataAge: [],
  allocatedCapital: 10_000,
  equity: 10_000,
  figures: [],
  criteria: [],
  sharpe: null,
  control: null,
  drift: null,
  ...change,
});

/** A write of a deployment's events by one user; the first one creates it. */
export function writeOf(
  deploymentId: string,
  stateVersion: number,
  events: readonly DeploymentEvent[],
  change: Partial<CanaryWrite> = {},
): CanaryWrite {
  return {
    deploymentId,
    stateVersion,
    atUs: 1_767_225_600_000_000 + stateVersion,
    events: events.map((event) => ({ actor: { kind: 'user', name: 'ada' }, event })),
    evaluation: null,
    summary: { strategy: 'momentum', version: 'v2', active: true, watched: false },
    progress: null,
    ...change,
  };
}
