import { FailureError, failure, toFailure } from '../../../shared/base/errors';
import { canonicalJson } from '../../../shared/base/json';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import type { DeploymentEvent } from '../../../shared/canary/events';
import type { Occasion, RollbackJournal, RollbackParts } from './ports';
import { type RollbackState, rollbackState } from './rollback-state';
import { runSteps, type StepResult } from './run-steps';
import { performStep, rehearseStep } from './steps';

/**
 * Takes a version out of the market by its playbook. What was begun is in the deployment's events before it is done, so that a rollback
 * whose process died goes on from there, with the same idempotency keys.
 */

export interface RollbackOutcome {
  readonly rollbackId: string;
  readonly outcome: 'rolled-back' | 'failed';
  /** Ids of required steps that are not done. */
  readonly missing: readonly string[];
}

export interface RollbackRunner {
  /**
   * Runs the rollback that the deployment's events say was begun and has not ended: from its beginning, or from where it was interrupted.
   * Asked twice, it runs once. Null = none is under way. Rejects with `conflict` when another process runs it too, and with the store's
   * failure when the end could not be recorded; it is then found unfinished and goes on at the next call.
   */
  run(deploymentId: string): Promise<RollbackOutcome | null>;
  /** Goes through the playbook and does nothing: what would be done, and what can be seen to stand in the way. */
  dryRun(deploymentId: string, configuration: DeploymentConfiguration, reason: string): Promise<readonly StepResult[]>;
  /** Whether a rollback of this deployment runs in this process. */
  running(deploymentId: string): boolean;
}

export function createRollbackRunner(parts: RollbackParts): RollbackRunner {
  const perform = parts.perform ?? performStep;
  const underWay = new Map<string, Promise<RollbackOutcome | null>>();

  async function runUnfinished(deploymentId: string): Promise<RollbackOutcome | null> {
    const events = await parts.journal.read(deploymentId);
    const state = rollbackState(events);
    if (state === null || state.outcome !== null) return null;
    const record = new Record(deploymentId, state.rollbackId, events.at(-1)?.sequence ?? 0, parts);
    const results = await runSteps(state.steps, occasionOf(deploymentId, state), { ...parts, perform }, (event) =>
      record.tell(event),
    );
    const missing = results
      .filter(({ step, outcome }) => step.required && outcome !== 'done')
      .map(({ step }) => step.id);
    const outcome = missing.length === 0 ? 'rolled-back' : 'failed';
    const { rollbackId } = state;
    if (outcome === 'failed') parts.log(`rollback ${rollbackId} failed: not done: ${missing.join(', ')}`);
    await record.tell({ kind: 'rollback-ended', rollbackId, outcome, missing });
    await record.settle();
    return { rollbackId, outcome, missing };
  }

  return {
    run(deploymentId) {
      const present = underWay.get(deploymentId);
      if (present) return present;
      const run = runUnfinished(deploymentId).finally(() => underWay.delete(deploymentId));
      underWay.set(deploymentId, run);
      return run;
    },
    running: (deploymentId) => underWay.has(deploymentId),
    dryRun(deploymentId, configuration, reason) {
      const states = configuration.playbook.map((step) => ({
        step,
        done: false,
        begun: 0,
        failed: 0,
        interrupted: 0,
        running: null,
      }));
      const occasion: Occasion = {
        deploymentId,
        strategy: configuration.strategy,
        version: configuration.version,
        rollbackId: 'dry-run',
        trigger: 'dry-run',
        reason,
        kind: 'drill',
        startedAtUs: parts.clock.nowUs(),
      };
      return runSteps(states, occasion, { ...parts, perform: rehearseStep }, async () => undefined);
    },
  };
}

function occasionOf(deploymentId: string, state: RollbackState): Occasion {
  const { rollbackId, trigger, reason, startedAtUs, configuration } = state;
  const { strategy, version } = configuration;
  return { deploymentId, strategy, version, rollbackId, trigger, reason, kind: 'rollback', startedAtUs };
}

/** Waits between attempts to record before a step goes on all the same, ms. */
const recordAgainAfterMs = [50, 100, 200, 400, 800] as const;

/**
 * Keeps the events of one rollback in order. An operator's pause in between is a conflict that is overcome; a second process at the same
 * rollback is not. A store that takes nothing does not keep a version in the market: the step runs, and its events are recorded as soon
 * as the store takes them; the idempotency keys, which follow from the rollback alone, keep a later repetition harmless.
 */
class Record {
  readonly #waiting: DeploymentEvent[] = [];
  #stateVersion: number;
  readonly #journal: RollbackJournal;

  constructor(
    private readonly deploymentId: string,
    private readonly rollbackId: string,
    stateVersion: number,
    private readonly parts: Pick<RollbackParts, 'journal' | 'wait' | 'log'>,
  ) {
    this.#stateVersion = stateVersion;
    this.#journal = parts.journal;
  }

  async tell(event: DeploymentEvent): Promise<void> {
    this.#waiting.push(event);
    const failed = await this.#flush();
    if (failed) this.parts.log(`rollback ${this.rollbackId} goes on unrecorded: ${toFailure(failed).message}`);
  }

  /** Rejects when something still cannot be recorded. */
  async settle(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const failed = await this.#flush();
    if (failed) throw failed;
  }

  /** Returns what kept the store from taking it; null = all is recorded. */
  async #flush(): Promise<unknown> {
    // Once a failure left open whether the store kept the events, they may be there already.
    let unsure = false;
    for (let round = 0; this.#waiting.length > 0; ) {
      const events = [...this.#waiting];
      try {
        this.#stateVersion = await this.#journal.append(this.deploymentId, this.#stateVersion, events);
        this.#waiting.splice(0, events.length);
      } catch (thrown) {
        const conflict = toFailure(thrown).code === 'conflict';
        const before = this.#stateVersion;
        unsure ||= !conflict;
        if (!conflict) {
          const waitMs = recordAgainAfterMs[round++];
          if (waitMs === undefined) return thrown;
          await this.parts.wait(waitMs);
        }
        try {
          await this.#catchUp(unsure);
        } catch (alsoThrown) {
          if (alsoThrown instanceof Intruded) throw alsoThrown;
        }
        // A conflict with nothing new is no conflict that can be overcome by reading.
        if (conflict && this.#stateVersion === before && round++ >= recordAgainAfterMs.length) return thrown;
      }
    }
    return null;
  }

  /** Reads what others have added. */
  async #catchUp(oursMayBeThere: boolean): Promise<void> {
    for (const { sequence, event } of await this.#journal.read(this.deploymentId)) {
      if (sequence <= this.#stateVersion) continue;
      this.#stateVersion = sequence;
      if (!('rollbackId' in event)) continue;
      const [next] = this.#waiting;
      if (!oursMayBeThere || !next || canonicalJson(next) !== canonicalJson(event)) throw new Intruded(this.rollbackId);
      this.#waiting.shift();
    }
  }
}

class Intruded extends FailureError {
  constructor(rollbackId: string) {
    super(
      failure(
        'conflict',
        `Another process runs the rollback ${rollbackId} as well.`,
        'It goes on there; look at the deployment for how it ends.',
      ),
    );
  }
}
