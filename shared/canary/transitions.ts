import { failure } from '../base/errors';
import { canonicalJson } from '../base/json';
import { fail, ok, type Result } from '../base/result';
import { HOUR_US } from '../base/time';
import { canaryCapPercent, stagingCapPercent } from './configuration';
import { capitalOf } from './creation';
import type { Deployment, RollbackProgress } from './deployment';
import type { DeploymentEvent, DeploymentEventKind, Stage, StoredEvent } from './events';
import type { Playbook } from './playbook';

/**
 * The one table of what may happen to a deployment. `transition` is the only way from one state to the next: what it refuses is never
 * stored, and what is stored can always be folded again.
 */

/** `none` = there is no deployment yet. */
export type From = Stage | 'none';

const trading = ['staging', 'canary'] as const;
const watched = ['staging', 'canary', 'production'] as const;

/** Stages in which each kind of event may happen at all; what else it needs stands in `condition`. */
export const allowedFrom: { readonly [Kind in DeploymentEventKind]: readonly From[] } = {
  created: ['none'],
  'staging-started': ['development'],
  promoted: trading,
  paused: trading,
  resumed: trading,
  'verdict-changed': watched,
  'evaluation-failed': watched,
  gap: watched,
  'figure-recorded': watched,
  overdue: ['canary'],
  'playbook-replaced': ['development', 'staging', 'canary', 'production', 'rollback-failed'],
  'drift-found': ['production'],
  superseded: ['production'],
  aborted: ['development'],
  'rollback-started': ['staging', 'canary', 'production', 'rollback-failed'],
  'step-started': ['rolling-back'],
  'step-ended': ['rolling-back'],
  'rollback-ended': ['rolling-back'],
  drilled: ['development', 'staging', 'canary', 'production'],
};

/** Time an operator's resuming adds to a canary that was not decided in its time. */
export const overdueExtensionUs = 24 * HOUR_US;

/** Rounding of percent and capital; a cap is not exceeded by the last digit of a float. */
const capitalTolerance = 1e-9;

/**
 * The state after the event, or why it cannot happen (`not-allowed`; `conflict` where the event was decided on another state).
 * @param deployment null before it is created
 */
export function transition(deployment: Deployment | null, stored: StoredEvent): Result<Deployment> {
  const { event } = stored;
  const from: From = deployment?.stage ?? 'none';
  if (!allowedFrom[event.kind].includes(from)) return refused(stored, from, whyNot(event.kind, from));
  if (stored.sequence !== (deployment?.stateVersion ?? 0) + 1) {
    return fail(
      failure(
        'conflict',
        `Deployment ${stored.deploymentId} has changed: it is at state ${deployment?.stateVersion ?? 0}, and "${event.kind}" was decided on state ${stored.sequence - 1}.`,
        'Look at it again, then decide again.',
        { stateVersion: deployment?.stateVersion ?? 0 },
      ),
    );
  }
  if (deployment === null) {
    return event.kind === 'created' ? ok(newDeployment(stored, event)) : refused(stored, from, 'it was never created');
  }
  const problem = condition(deployment, stored);
  if (problem !== null) return refused(stored, from, problem);
  return ok({ ...apply(deployment, stored), stateVersion: stored.sequence });
}

function refused(stored: StoredEvent, from: From, why: string): Result<never> {
  return fail(
    failure(
      'not-allowed',
      `"${stored.event.kind}" of deployment ${stored.deploymentId} is refused: ${why}.`,
      'Look at the deployment to see what it needs next.',
      { event: stored.event.kind, stage: from },
    ),
  );
}

function whyNot(kind: DeploymentEventKind, from: From): string {
  if (from === 'none') return 'there is no such deployment';
  if (kind === 'created') return 'it exists already';
  if (from === 'rolled-back' || from === 'aborted' || from === 'superseded') return `it has ended (${from})`;
  if (kind === 'rollback-started' && from === 'rolling-back') return 'it is being rolled back already';
  if (kind === 'rollback-started') return 'it does not trade yet: abort it instead';
  if (kind === 'aborted') return `it trades or traded (${from}): it has to be rolled back, not aborted`;
  return `it cannot happen while it is ${from}`;
}

/** What the event needs of the state besides the stage; null = nothing is missing. */
function condition(deployment: Deployment, { event, actor, atUs }: StoredEvent): string | null {
  const { stage, configuration, paused, rollback } = deployment;
  const pausedFor = (why: string) => paused.some((pause) => pause.why === why);
  switch (event.kind) {
    case 'staging-started':
      return capitalProblem(deployment, 'staging', event.allocatedCapital);
    case 'promoted': {
      if (event.to !== (stage === 'staging' ? 'canary' : 'production'))
        return `${stage} is not followed by ${event.to}`;
      if (actor.kind !== 'user') return 'only a person promotes';
      if (paused.length > 0) return `it is paused (${paused.map(({ why }) => why).join(', ')})`;
      if (deployment.verdict !== 'healthy')
        return `its verdict is ${deployment.verdict ?? 'not there yet'}, not healthy`;
      return capitalProblem(deployment, event.to, event.allocatedCapital);
    }
    case 'paused':
      if (event.why === 'overdue') return 'a canary is paused as overdue by being overdue';
      if ((event.why === 'operator') !== (actor.kind === 'user'))
        return `a ${actor.kind} cannot pause it as "${event.why}"`;
      return pausedFor(event.why) ? `it is paused for that already (${event.why})` : null;
    case 'resumed': {
      const byUser = event.why === 'operator' || event.why === 'overdue';
      if (byUser !== (actor.kind === 'user')) return `a ${actor.kind} cannot lift the pause "${event.why}"`;
      return pausedFor(event.why) ? null : `it is not paused for that (${event.why})`;
    }
    case 'verdict-changed':
      if (event.from !== deployment.verdict)
        return `its verdict is ${deployment.verdict ?? 'none'}, not ${event.from ?? 'none'}`;
      return event.to === event.from ? 'that is no change' : null;
    case 'overdue':
      if (deployment.overdueSinceUs !== null) return 'it is overdue already';
      return deployment.decideByUs !== null && atUs >= deployment.decideByUs ? null : 'its time has not passed';
    case 'drift-found':
      return deployment.drift === null ? null : 'a drift was found already';
    case 'rollback-started':
      if (rollback?.id === event.rollbackId) return 'that rollback has been';
      if (stage === 'rollback-failed') return event.trigger === 'retry' ? null : 'it failed before: it can be retried';
      if (event.trigger === 'retry') return 'there is nothing to retry';
      if ((event.trigger === 'operator' || event.trigger === 'command-line') && actor.kind !== 'user')
        return `a ${actor.kind} is no operator`;
      if (event.trigger === 'operator' || event.trigger === 'command-line') return null;
      if (stage === 'production') return 'in production only a person rolls back';
      if (event.trigger === 'breach') return configuration.automaticRollback ? null : 'automatic rollback is off';
      if (event.trigger === 'no-data')
        return configuration.onNoData.action === 'roll-back' ? null : 'without data it is to be held';
      return configuration.onOverdue.action === 'roll-back' ? null : 'when overdue it is to be held';
    case 'step-started': {
      const step = stepOf(rollback, event.stepId);
      if (rollback?.id !== event.rollbackId) return `the rollback that runs is ${rollback?.id ?? 'none'}`;
      if (!step) return `its playbook has no step "${event.stepId}"`;
      if (step.state === 'done') return `step "${event.stepId}" is done`;
      if (step.state === 'running') return `step "${event.stepId}" runs`;
      if (event.attempt !== step.attempts + 1) return `the next attempt is ${step.attempts + 1}, not ${event.attempt}`;
      return step.idempotencyKey === null || step.idempotencyKey === event.idempotencyKey
        ? null
        : 'a step keeps its idempotency key';
    }
    case 'step-ended': {
      const step = stepOf(rollback, event.stepId);
      if (rollback?.id !== event.rollbackId) return `the rollback that runs is ${rollback?.id ?? 'none'}`;
      return step?.state === 'running' && step.attempts === event.attempt
        ? null
        : `attempt ${event.attempt} of step "${event.stepId}" does not run`;
    }
    case 'rollback-ended': {
      if (rollback?.id !== event.rollbackId) return `the rollback that runs is ${rollback?.id ?? 'none'}`;
      const missing = missingSteps(configuration.playbook, rollback);
      if (missing.join() !== event.missing.join()) return `missing are ${missing.join(', ') || 'no steps'}`;
      return (missing.length === 0) === (event.outcome === 'rolled-back')
        ? null
        : `${missing.length} required steps are missing`;
    }
    default:
      return null;
  }
}

/** Ids of required steps that are not done, in the playbook's order. */
export function missingSteps(playbook: Playbook, rollback: RollbackProgress | null): string[] {
  return playbook.filter(({ id, required }) => required && stepOf(rollback, id)?.state !== 'done').map(({ id }) => id);
}

/** Progress by the new playbook: a step that stands in it word for word stays as it is, any other one has not been done. */
function stepsKept(before: Playbook, after: Playbook, rollback: RollbackProgress): RollbackProgress['steps'] {
  const texts = new Map(before.map((step) => [step.id, canonicalJson(step)]));
  return after.map((step) => {
    const kept = texts.get(step.id) === canonicalJson(step) ? stepOf(rollback, step.id) : undefined;
    return kept ?? waitingStep(step.id);
  });
}

function stepOf(rollback: RollbackProgress | null, stepId: string) {
  return rollback?.steps.find((step) => step.stepId === stepId);
}

function capitalProblem(
  { configuration }: Deployment,
  stage: 'staging' | 'canary' | 'production',
  allocated: number,
): string | null {
  const { totalCapital } = configuration;
  const capPercent = { staging: stagingCapPercent, canary: canaryCapPercent, production: 100 }[stage];
  const most = Math.min(capitalOf(configuration, stage), (totalCapital * capPercent) / 100);
  if (!(allocated > 0)) return `${allocated} is no capital`;
  return allocated <= most * (1 + capitalTolerance) ? null : `${allocated} is more than the ${most} of ${stage}`;
}

function newDeployment(
  { deploymentId, sequence, atUs }: StoredEvent,
  { configuration }: Extract<DeploymentEvent, { kind: 'created' }>,
): Deployment {
  return {
    id: deploymentId,
    stateVersion: sequence,
    configuration,
    stage: 'development',
    leftStage: null,
    createdAtUs: atUs,
    stageSinceUs: atUs,
    allocatedCapital: 0,
    paused: [],
    verdict: null,
    decideByUs: null,
    overdueSinceUs: null,
    rollback: null,
    lastDrillAtUs: null,
    recorded: [],
    drift: null,
  };
}

/** What a new stage begins with: nothing that was said of the one before holds. */
function entered(deployment: Deployment, stage: Stage, atUs: number, allocatedCapital: number): Deployment {
  return {
    ...deployment,
    stage,
    stageSinceUs: atUs,
    allocatedCapital,
    paused: [],
    verdict: null,
    decideByUs: null,
    overdueSinceUs: null,
    drift: null,
  };
}

function apply(deployment: Deployment, { event, actor, atUs }: StoredEvent): Deployment {
  const { configuration, rollback } = deployment;
  switch (event.kind) {
    case 'staging-started':
      return entered(deployment, 'staging', atUs, event.allocatedCapital);
    case 'promoted': {
      const next = entered(deployment, event.to, atUs, event.allocatedCapital);
      return event.to === 'canary' ? { ...next, decideByUs: atUs + configuration.canaryHours.maximum * HOUR_US } : next;
    }
    case 'paused':
      return withPause(deployment, event.why, event.reason, atUs);
    case 'resumed': {
      const paused = deployment.paused.filter(({ why }) => why !== event.why);
      return event.why === 'overdue'
        ? { ...deployment, paused, overdueSinceUs: null, decideByUs: atUs + overdueExtensionUs }
        : { ...deployment, paused };
    }
    case 'verdict-changed':
      return { ...deployment, verdict: event.to };
    case 'overdue':
      return {
        ...withPause(deployment, 'overdue', 'Its time has passed without a decision.', atUs),
        overdueSinceUs: event.sinceUs,
      };
    case 'figure-recorded': {
      const { name, value, unit, sample } = event;
      const others = deployment.recorded.filter((record) => record.name !== name);
      return { ...deployment, recorded: [...others, { name, value, unit, sample, atUs: event.atUs, by: actor.name }] };
    }
    case 'playbook-replaced':
      return {
        ...deployment,
        configuration: { ...configuration, playbook: event.playbook },
        rollback: rollback && { ...rollback, steps: stepsKept(configuration.playbook, event.playbook, rollback) },
      };
    case 'drift-found':
      return { ...deployment, drift: { atUs, reason: event.reason } };
    case 'superseded':
    case 'aborted': {
      const ended = entered(deployment, event.kind, atUs, 0);
      return { ...ended, leftStage: deployment.stage, verdict: deployment.verdict, drift: deployment.drift };
    }
    case 'rollback-started':
      return {
        ...deployment,
        stage: 'rolling-back',
        stageSinceUs: atUs,
        leftStage: deployment.leftStage ?? deployment.stage,
        decideByUs: null,
        rollback: {
          id: event.rollbackId,
          trigger: event.trigger,
          reason: event.reason,
          startedAtUs: atUs,
          endedAtUs: null,
          outcome: null,
          steps: configuration.playbook.map(({ id }) => {
            const before = event.trigger === 'retry' ? stepOf(rollback, id) : undefined;
            return before?.state === 'done' ? before : waitingStep(id);
          }),
        },
      };
    case 'step-started':
      return withStep(deployment, event.stepId, {
        state: 'running',
        attempts: event.attempt,
        idempotencyKey: event.idempotencyKey,
      });
    case 'step-ended':
      return withStep(deployment, event.stepId, {
        state: event.outcome === 'done' || event.outcome === 'dry-run' ? 'done' : 'failed',
        outcome: event.outcome,
        detail: event.detail,
        durationMs: event.durationMs,
      });
    case 'rollback-ended': {
      const stage = event.outcome === 'rolled-back' ? 'rolled-back' : 'rollback-failed';
      return {
        ...deployment,
        stage,
        stageSinceUs: atUs,
        // What could not be taken out of the market still has its capital.
        allocatedCapital: stage === 'rolled-back' ? 0 : deployment.allocatedCapital,
        rollback: rollback && { ...rollback, endedAtUs: atUs, outcome: event.outcome },
      };
    }
    case 'drilled':
      return { ...deployment, lastDrillAtUs: atUs };
    case 'created':
    case 'evaluation-failed':
    case 'gap':
      return deployment;
  }
}

function withPause(deployment: Deployment, why: Deployment['paused'][number]['why'], reason: string, atUs: number) {
  return { ...deployment, paused: [...deployment.paused, { why, reason, sinceUs: atUs }] };
}

type Step = RollbackProgress['steps'][number];

function waitingStep(stepId: string): Step {
  return { stepId, state: 'waiting', attempts: 0, outcome: null, detail: null, idempotencyKey: null, durationMs: null };
}

function withStep(deployment: Deployment, stepId: string, change: Partial<Step>): Deployment {
  const { rollback } = deployment;
  if (rollback === null) return deployment;
  const steps = rollback.steps.map((step) => (step.stepId === stepId ? { ...step, ...change } : step));
  return { ...deployment, rollback: { ...rollback, steps } };
}
