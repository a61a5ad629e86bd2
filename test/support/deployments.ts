import type { DeploymentConfiguration } from '../../shared/canary/configuration';
import { capitalOf } from '../../shared/canary/creation';
import { defaultConfiguration } from '../../shared/canary/defaults';
import type { Deployment } from '../../shared/canary/deployment';
import type { Evaluation } from '../../shared/canary/evaluation';
import type { Actor, DeploymentEvent, Stage, StoredEvent } from '../../shared/canary/events';
import { transition } from '../../shared/canary/transitions';
import { unwrapped } from './temporary-desk';

/** Deployments in every stage, each brought there by its events. */

export const operator: Actor = { kind: 'user', name: 'ada' };
export const rule: Actor = { kind: 'rule', name: 'monitor' };

export function configuration(change: Partial<DeploymentConfiguration> = {}): DeploymentConfiguration {
  return {
    ...defaultConfiguration({
      strategy: 'trend',
      version: '1.2.0',
      description: 'Tighter stops',
      totalCapital: 1_000_000,
      currency: 'USDT',
      playbook: [
        {
          kind: 'kill-switch-file',
          ...{ id: 'stop', title: 'Stop entries', effect: 'stop-entries', required: true },
          ...{ timeoutMs: 1_000, attempts: 3, backoffMs: 10, path: 'stop.flag' },
        },
        {
          kind: 'webhook',
          ...{ id: 'tell', title: 'Tell the desk', effect: 'notify', required: false },
          ...{ timeoutMs: 1_000, attempts: 2, backoffMs: 10, url: 'http://127.0.0.1:9/rollback', secret: null },
        },
      ],
    }),
    ...change,
  };
}

export class Life {
  deployment: Deployment | null = null;
  readonly events: StoredEvent[] = [];

  constructor(
    private readonly set: DeploymentConfiguration = configuration(),
    private atUs = Date.UTC(2026, 0, 5) * 1_000,
  ) {}

  get state(): Deployment {
    if (this.deployment === null) throw new Error('it was not created');
    return this.deployment;
  }

  stored(event: DeploymentEvent, actor: Actor = operator, afterMs = 0): StoredEvent {
    return {
      deploymentId: 'deployment-1',
      sequence: (this.deployment?.stateVersion ?? 0) + 1,
      atUs: this.atUs + afterMs * 1_000,
      actor,
      event,
    };
  }

  try(event: DeploymentEvent, actor: Actor = operator, afterMs = 0) {
    return transition(this.deployment, this.stored(event, actor, afterMs));
  }

  /** Lets the event happen; throws where it is refused. */
  happens(event: DeploymentEvent, actor: Actor = operator, afterMs = 0): this {
    const stored = this.stored(event, actor, afterMs);
    this.deployment = unwrapped(transition(this.deployment, stored));
    this.events.push(stored);
    this.atUs = stored.atUs;
    return this;
  }

  healthy(): this {
    if (this.state.verdict === 'healthy') return this;
    return this.happens(
      { kind: 'verdict-changed', from: this.state.verdict, to: 'healthy', evaluationId: 'evaluation-1', reason: 'ok' },
      rule,
    );
  }

  promotedTo(to: 'canary' | 'production'): this {
    return this.healthy().happens({
      kind: 'promoted',
      to,
      evaluationId: 'evaluation-1',
      allocatedCapital: capitalOf(this.set, to),
      reason: 'all criteria met',
    });
  }

  /** Brings a new deployment to the stage on the shortest way. */
  static in(stage: Stage | 'none', set = configuration()): Life {
    const life = new Life(set);
    if (stage === 'none') return life;
    life.happens({ kind: 'created', configuration: set });
    if (stage === 'development') return life;
    if (stage === 'aborted') return life.happens({ kind: 'aborted', reason: 'not wanted' });
    life.happens({ kind: 'staging-started', allocatedCapital: capitalOf(set, 'staging') });
    if (stage === 'staging') return life;
    life.promotedTo('canary');
    if (stage === 'canary') return life;
    if (stage === 'production' || stage === 'superseded') {
      life.promotedTo('production');
      return stage === 'production' ? life : life.happens({ kind: 'superseded', by: 'deployment-2' }, rule);
    }
    life.happens(rollback('operator'));
    if (stage === 'rolling-back') return life;
    const outcome = stage === 'rolled-back' ? 'done' : 'failed';
    life.happens(stepStarted()).happens(stepEnded(outcome));
    return life.happens({
      kind: 'rollback-ended',
      rollbackId: 'rollback-1',
      outcome: stage === 'rolled-back' ? 'rolled-back' : 'failed',
      missing: stage === 'rolled-back' ? [] : ['stop'],
    });
  }
}

export function rollback(
  trigger: Extract<DeploymentEvent, { kind: 'rollback-started' }>['trigger'],
  rollbackId = 'rollback-1',
): DeploymentEvent {
  return { kind: 'rollback-started', rollbackId, trigger, evaluationId: null, reason: 'drawdown' };
}

export function stepStarted(attempt = 1, stepId = 'stop', rollbackId = 'rollback-1'): DeploymentEvent {
  return { kind: 'step-started', rollbackId, stepId, attempt, idempotencyKey: `${rollbackId}:${stepId}` };
}

export function stepEnded(
  outcome: Extract<DeploymentEvent, { kind: 'step-ended' }>['outcome'],
  attempt = 1,
  stepId = 'stop',
  rollbackId = 'rollback-1',
): DeploymentEvent {
  return { kind: 'step-ended', rollbackId, stepId, attempt, outcome, detail: '', durationMs: 3 };
}

/** An evaluation with which the deployment could be promoted. */
export function goodEvaluation(deployment: Deployment, change: Partial<Evaluation> = {}): Evaluation {
  return {
    id: 'evaluation-1',
    deploymentId: deployment.id,
    stateVersion: deployment.stateVersion,
    stage: deployment.stage,
    atUs: deployment.stageSinceUs,
    verdict: 'healthy',
    reasons: [],
    observedMs: 7 * 86_400_000,
    requiredMs: null,
    dataAge: [],
    allocatedCapital: deployment.allocatedCapital,
    equity: deployment.allocatedCapital,
    figures: [],
    criteria: deployment.configuration.promotion.map((criterion) => ({
      gate: 'promotion',
      id: criterion.id,
      figure: criterion.figure,
      unit: '',
      comparison: criterion.comparison,
      limit: criterion.limit,
      value: criterion.limit,
      margin: 0,
      sample: 100,
      minimumSample: criterion.minimumSample,
      sampleUnit: 'orders',
      outcome: 'ok',
      held: 0,
      holdEvaluations: criterion.holdEvaluations,
      interval: null,
      reason: 'at its limit',
    })),
    sharpe: null,
    control: null,
    drift: null,
    ...change,
  };
}
