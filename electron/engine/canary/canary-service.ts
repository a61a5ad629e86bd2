import type { Clock, Ids } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import { capitalOf, checkConfiguration } from '../../../shared/canary/creation';
import type { Unmet } from '../../../shared/canary/evaluation';
import type { Actor, DeploymentEvent } from '../../../shared/canary/events';
import { nextStage, unmetConditions } from '../../../shared/canary/promotion';
import type { RollbackChallenge } from '../../../shared/contract/canary';
import type { DeskStore } from '../ports';
import { whatStepDoes } from '../rollback/steps';
import { type Decided, type LoadedDeployment, loadDeployment, loadedOf, writeOfEvents } from './decided-events';
import { readPromotionRules } from './promotion-rules-setting';

/**
 * What a person decides about deployments. Each decision names the state it was made on, passes the state table, and is written with who
 * made it; a promotion passes the gate besides, and nothing goes around it.
 */
export interface CanaryService {
  create(configuration: DeploymentConfiguration): Promise<string>;
  startStaging(id: string, stateVersion: number): Promise<void>;
  promote(id: string, stateVersion: number, evaluationId: string, reason: string): Promise<'canary' | 'production'>;
  pause(id: string, stateVersion: number, reason: string): Promise<void>;
  /** Lifts the operator's pause and that of being overdue. */
  resume(id: string, stateVersion: number, reason: string): Promise<void>;
  abort(id: string, stateVersion: number, reason: string): Promise<void>;
  record(id: string, figure: Omit<Extract<DeploymentEvent, { kind: 'figure-recorded' }>, 'kind'>): Promise<void>;
  replacePlaybook(
    id: string,
    stateVersion: number,
    playbook: DeploymentConfiguration['playbook'],
    reason: string,
  ): Promise<void>;
  /** Conditions of the promotion that are not met now; null where nothing is promoted. */
  unmet(
    loaded: LoadedDeployment,
  ): Promise<{ readonly to: 'canary' | 'production'; readonly unmet: readonly Unmet[] } | null>;
  challenge(id: string): Promise<RollbackChallenge>;
  /** Begins the rollback; whoever holds the right to evaluate runs it. Returns its id. */
  rollback(answer: {
    readonly challengeId: string;
    readonly typedVersion: string;
    readonly reason: string;
    readonly heldMs: number;
    readonly trigger: 'operator' | 'command-line';
  }): Promise<{ readonly deploymentId: string; readonly rollbackId: string }>;
}

export interface CanaryServiceParts {
  readonly store: DeskStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Who decides: the user of the operating system. */
  readonly user: string;
  /** Time between the monitor's looks. */
  readonly intervalMs: () => Promise<number>;
}

export const challengeForMs = 30_000;
export const holdForMs = 1_500;
const mostChallenges = 100;

interface Given {
  readonly deploymentId: string;
  readonly stateVersion: number;
  readonly version: string;
  /** By the monotonic clock: a wall clock that is set back gives nobody more time. */
  readonly expiresMs: number;
}

export function createCanaryService(parts: CanaryServiceParts): CanaryService {
  const { store, clock, ids } = parts;
  const actor: Actor = { kind: 'user', name: parts.user };
  const challenges = new Map<string, Given>();

  async function decide(
    id: string,
    stateVersion: number,
    eventsOf: (loaded: LoadedDeployment) => readonly DeploymentEvent[] | Promise<readonly DeploymentEvent[]>,
  ): Promise<LoadedDeployment> {
    const loaded = await loadDeployment(store.canary, id);
    requireState(loaded, stateVersion);
    const decided = (await eventsOf(loaded)).map((event): Decided => ({ actor, event }));
    await store.canary.write([writeOfEvents(loaded, decided, clock.nowUs()).write]);
    return loaded;
  }

  async function unmet(loaded: LoadedDeployment) {
    const to = nextStage(loaded.deployment);
    if (to === null) return null;
    const [rules, intervalMs] = await Promise.all([readPromotionRules(store), parts.intervalMs()]);
    const conditions = unmetConditions({
      deployment: loaded.deployment,
      evaluation: loaded.lastEvaluation,
      rules,
      nowUs: clock.nowUs(),
      mostAgeMs: 2 * intervalMs,
    });
    return { to, unmet: conditions };
  }

  return {
    unmet,
    async create(configuration) {
      const { problems, configuration: checked } = checkConfiguration(configuration);
      if (checked === null) {
        throw new FailureError(
          failure(
            'invalid-arguments',
            `The deployment cannot be created: ${problems.map(({ path, message }) => `${path || 'configuration'}: ${message}`).join('; ')}`,
            'Correct every point of the list, then create it again.',
            { problems: problems.length },
          ),
        );
      }
      const id = ids.next('deployment');
      const { write } = writeOfEvents(
        { id, deployment: null },
        [{ actor, event: { kind: 'created', configuration: checked } }],
        clock.nowUs(),
      );
      await store.canary.write([write]);
      return id;
    },

    async startStaging(id, stateVersion) {
      await decide(id, stateVersion, ({ deployment: { configuration } }) => [
        { kind: 'staging-started', allocatedCapital: capitalOf(configuration, 'staging') },
      ]);
    },

    async promote(id, stateVersion, evaluationId, reason) {
      const loaded = await loadDeployment(store.canary, id);
      requireState(loaded, stateVersion);
      const gate = await unmet(loaded);
      if (gate === null || gate.unmet.length > 0) {
        const why = gate === null ? [`it is in ${loaded.deployment.stage}`] : gate.unmet.map(({ message }) => message);
        throw new FailureError(
          failure(
            'not-allowed',
            `The deployment cannot be promoted: ${why.join(' ')}`,
            'Everything that is listed has to be met; there is no way around it.',
            { unmet: gate?.unmet.map(({ code }) => code).join(', ') ?? 'stage' },
          ),
        );
      }
      const last = loaded.lastEvaluation;
      if (last?.id !== evaluationId || last.stateVersion > stateVersion) {
        throw new FailureError(
          failure(
            'conflict',
            `The deployment was evaluated again since: what was confirmed is ${evaluationId}, the last one is ${last?.id ?? 'none'}`,
            'Look at the present evaluation, then confirm the promotion again.',
            { evaluationId: last?.id ?? null },
          ),
        );
      }
      const atUs = clock.nowUs();
      const { configuration } = loaded.deployment;
      const event = {
        kind: 'promoted',
        to: gate.to,
        evaluationId,
        allocatedCapital: capitalOf(configuration, gate.to),
        reason,
      } as const;
      const writes = [writeOfEvents(loaded, [{ actor, event }], atUs).write];
      if (gate.to === 'production') {
        // What was in production until now is not any more.
        const active = (await store.canary.active()).map(loadedOf);
        for (const other of active) {
          const { stage, configuration: theirs } = other.deployment;
          if (other.id === id || stage !== 'production' || theirs.strategy !== configuration.strategy) continue;
          writes.push(writeOfEvents(other, [{ actor, event: { kind: 'superseded', by: id } }], atUs).write);
        }
      }
      await store.canary.write(writes);
      return gate.to;
    },

    async pause(id, stateVersion, reason) {
      await decide(id, stateVersion, () => [{ kind: 'paused', why: 'operator', reason }]);
    },

    async resume(id, stateVersion, reason) {
      await decide(id, stateVersion, ({ deployment: { paused } }) => {
        const own = paused.flatMap(({ why }) => (why === 'operator' || why === 'overdue' ? [why] : []));
        if (own.length > 0) return own.map((why) => ({ kind: 'resumed', why, reason }));
        throw new FailureError(
          failure(
            'not-allowed',
            paused.length === 0
              ? 'The deployment is not paused.'
              : `The deployment is paused by itself (${paused.map(({ why }) => why).join(', ')}), not by a person.`,
            'A pause for missing data or a budget ends by itself when its cause has gone.',
          ),
        );
      });
    },

    async abort(id, stateVersion, reason) {
      await decide(id, stateVersion, () => [{ kind: 'aborted', reason }]);
    },

    async record(id, figure) {
      const loaded = await loadDeployment(store.canary, id);
      await decide(id, loaded.deployment.stateVersion, () => [{ kind: 'figure-recorded', ...figure }]);
    },

    async replacePlaybook(id, stateVersion, playbook, reason) {
      await decide(id, stateVersion, () => [{ kind: 'playbook-replaced', playbook, reason }]);
    },

    async challenge(id) {
      const loaded = await loadDeployment(store.canary, id);
      const { configuration, stage, stateVersion } = loaded.deployment;
      const challengeId = ids.next('challenge');
      // Asked of the state table now, so that nobody confirms what cannot happen.
      writeOfEvents(loaded, [rollbackEvent(loaded, challengeId, 'operator', 'asked', actor)], clock.nowUs());
      for (const [known, { expiresMs }] of challenges) {
        if (expiresMs < clock.monotonicMs() || challenges.size >= mostChallenges) challenges.delete(known);
      }
      const { strategy, version, playbook } = configuration;
      challenges.set(challengeId, {
        deploymentId: id,
        stateVersion,
        version,
        expiresMs: clock.monotonicMs() + challengeForMs,
      });
      return {
        challengeId,
        deploymentId: id,
        strategy,
        version,
        stage,
        stateVersion,
        steps: playbook.map((step) => ({
          id: step.id,
          title: step.title,
          effect: step.effect,
          required: step.required,
          does: whatStepDoes(step),
        })),
        expiresAtUs: clock.nowUs() + challengeForMs * 1_000,
        holdMs: holdForMs,
      };
    },

    async rollback({ challengeId, typedVersion, reason, heldMs, trigger }) {
      const given = challenges.get(challengeId);
      // Used up whatever comes of it: a second click finds nothing.
      challenges.delete(challengeId);
      if (given === undefined || clock.monotonicMs() > given.expiresMs) {
        throw new FailureError(
          failure(
            'conflict',
            'This confirmation was used already or is older than 30 seconds.',
            'Open the rollback again and confirm what it shows then.',
          ),
        );
      }
      if (typedVersion !== given.version) {
        throw new FailureError(
          failure(
            'not-allowed',
            `"${typedVersion}" is not the version "${given.version}".`,
            'Type the version exactly.',
          ),
        );
      }
      if (!(heldMs >= holdForMs)) {
        throw new FailureError(
          failure('not-allowed', `The button was held for ${heldMs} ms of ${holdForMs}.`, 'Hold it until it says so.'),
        );
      }
      const rollbackId = ids.next('rollback');
      const loaded = await loadDeployment(store.canary, given.deploymentId);
      requireState(loaded, given.stateVersion);
      const decided = rollbackEvent(loaded, rollbackId, trigger, reason, actor);
      await store.canary.write([writeOfEvents(loaded, [decided], clock.nowUs()).write]);
      return { deploymentId: given.deploymentId, rollbackId };
    },
  };
}

function rollbackEvent(
  { deployment, lastEvaluation }: LoadedDeployment,
  rollbackId: string,
  trigger: 'operator' | 'command-line',
  reason: string,
  actor: Actor,
): Decided {
  const isRetry = deployment.stage === 'rollback-failed';
  const evaluationId = lastEvaluation?.id ?? null;
  return {
    actor,
    event: { kind: 'rollback-started', rollbackId, trigger: isRetry ? 'retry' : trigger, evaluationId, reason },
  };
}

function requireState({ id, deployment }: LoadedDeployment, stateVersion: number): void {
  if (deployment.stateVersion === stateVersion) return;
  throw new FailureError(
    failure(
      'conflict',
      `Deployment ${id} has changed meanwhile: this was decided on state ${stateVersion}, it stands at ${deployment.stateVersion}`,
      'Look at the deployment as it is now, then decide again.',
      { deployment: id, decidedOn: stateVersion, found: deployment.stateVersion },
    ),
  );
}
