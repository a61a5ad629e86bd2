import { FailureError, failure } from '../../../shared/base/errors';
import { canonicalJson } from '../../../shared/base/json';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import type { DeploymentEvent, StoredEvent } from '../../../shared/canary/events';
import type { Playbook, PlaybookStep } from '../../../shared/canary/playbook';

/** What a deployment's events say about its last rollback: which steps are done, and where it was when its process ended. */

export interface StepState {
  readonly step: PlaybookStep;
  readonly done: boolean;
  /** Attempts of this rollback that were begun, those included that were cut short. */
  readonly begun: number;
  /** Attempts of this rollback that failed or ran out of time. */
  readonly failed: number;
  readonly interrupted: number;
  /** The number of the attempt that was begun and has not ended; null = none. */
  readonly running: number | null;
}

export interface RollbackState {
  readonly rollbackId: string;
  readonly trigger: string;
  readonly reason: string;
  readonly startedAtUs: number;
  readonly configuration: DeploymentConfiguration;
  readonly outcome: 'rolled-back' | 'failed' | null;
  /** In the order of the playbook as it was when the rollback began. */
  readonly steps: readonly StepState[];
}

interface Started {
  readonly event: Extract<DeploymentEvent, { kind: 'rollback-started' }>;
  readonly atUs: number;
}

/** Configuration of the deployment, with the playbook that holds by now. Throws `not-found` where nothing was created. */
export function configurationOf(events: readonly StoredEvent[]): DeploymentConfiguration {
  let configuration: DeploymentConfiguration | null = null;
  for (const { event } of events) {
    if (event.kind === 'created') configuration = event.configuration;
    if (event.kind === 'playbook-replaced' && configuration)
      configuration = { ...configuration, playbook: event.playbook };
  }
  if (configuration) return configuration;
  throw new FailureError(failure('not-found', 'There is no such deployment.', 'List the deployments.'));
}

/**
 * The last rollback of a deployment; null = there has been none. A retry goes on with what the failed rollback before it had not done: a
 * step that was done counts as done as long as it stands in the playbook unchanged.
 */
export function rollbackState(events: readonly StoredEvent[]): RollbackState | null {
  let playbook: Playbook = [];
  let started: Started | null = null;
  let outcome: RollbackState['outcome'] = null;
  let done = new Map<string, string>();
  let attempts = new Map<string, StepState>();
  const contentOf = (stepId: string) => canonicalJson(playbook.find(({ id }) => id === stepId) ?? null);

  for (const [index, { event, atUs }] of events.entries()) {
    switch (event.kind) {
      case 'rollback-started':
        if (event.trigger !== 'retry') done = new Map();
        playbook = configurationOf(events.slice(0, index)).playbook;
        started = { event, atUs };
        outcome = null;
        attempts = new Map();
        break;
      case 'step-started': {
        if (event.rollbackId !== started?.event.rollbackId) break;
        const state = attempts.get(event.stepId);
        const step = playbook.find(({ id }) => id === event.stepId);
        if (step)
          attempts.set(event.stepId, { ...(state ?? waiting(step)), begun: event.attempt, running: event.attempt });
        break;
      }
      case 'step-ended': {
        const state = attempts.get(event.stepId);
        if (event.rollbackId !== started?.event.rollbackId || !state) break;
        const failed = event.outcome === 'failed' || event.outcome === 'timed-out';
        attempts.set(event.stepId, {
          ...state,
          running: null,
          failed: state.failed + Number(failed),
          interrupted: state.interrupted + Number(event.outcome === 'interrupted'),
        });
        if (event.outcome === 'done') done.set(event.stepId, contentOf(event.stepId));
        break;
      }
      case 'rollback-ended':
        if (event.rollbackId === started?.event.rollbackId) outcome = event.outcome;
        break;
    }
  }
  if (!started) return null;
  const steps = playbook.map((step) => ({
    ...(attempts.get(step.id) ?? waiting(step)),
    done: done.get(step.id) === contentOf(step.id),
  }));
  const { rollbackId, trigger, reason } = started.event;
  return {
    rollbackId,
    trigger,
    reason,
    startedAtUs: started.atUs,
    configuration: configurationOf(events),
    outcome,
    steps,
  };
}

function waiting(step: PlaybookStep): StepState {
  return { step, done: false, begun: 0, failed: 0, interrupted: 0, running: null };
}
