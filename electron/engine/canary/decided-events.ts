import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import type { Deployment } from '../../../shared/canary/deployment';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { Actor, DeploymentEvent, Stage } from '../../../shared/canary/events';
import { foldEvents } from '../../../shared/canary/fold';
import { transition } from '../../../shared/canary/transitions';
import type { CanaryStore, CanaryWrite, StoredDeployment } from './ports';

/** From what was decided to what is written: every event passes the state table before it is stored. */

export interface Decided {
  readonly actor: Actor;
  readonly event: DeploymentEvent;
}

export interface LoadedDeployment extends StoredDeployment {
  readonly deployment: Deployment;
}

const activeStages: ReadonlySet<Stage> = new Set([
  'development',
  'staging',
  'canary',
  'rolling-back',
  'rollback-failed',
] satisfies Stage[]);

export function loadedOf(stored: StoredDeployment): LoadedDeployment {
  return { ...stored, deployment: valueOrThrow(foldEvents(stored.events)) };
}

/** Throws `not-found`. */
export async function loadDeployment(store: CanaryStore, id: string): Promise<LoadedDeployment> {
  const stored = await store.get(id);
  if (stored !== null) return loadedOf(stored);
  throw new FailureError(
    failure('not-found', `There is no deployment "${id}"`, 'List the deployments and name one of them.', { id }),
  );
}

/** The write of these events and the state they make; throws what the state table refuses. */
export function writeOfEvents(
  before: { readonly id: string; readonly deployment: Deployment | null },
  decided: readonly Decided[],
  atUs: number,
  beside: { readonly evaluation: Evaluation | null; readonly progress: string | null } = {
    evaluation: null,
    progress: null,
  },
): { readonly write: CanaryWrite; readonly deployment: Deployment } {
  const stateVersion = before.deployment?.stateVersion ?? 0;
  let deployment = before.deployment;
  for (const [at, { actor, event }] of decided.entries()) {
    const stored = { deploymentId: before.id, sequence: stateVersion + at + 1, atUs, actor, event };
    deployment = valueOrThrow(transition(deployment, stored));
  }
  if (deployment === null) throw new Error('a deployment begins with an event');
  const { strategy, version } = deployment.configuration;
  return {
    deployment,
    write: {
      deploymentId: before.id,
      stateVersion,
      atUs,
      events: decided,
      summary: {
        strategy,
        version,
        active: activeStages.has(deployment.stage),
        watched: deployment.stage === 'production',
      },
      ...beside,
    },
  };
}
