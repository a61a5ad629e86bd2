import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock, Ids } from '../../../shared/base/clock';
import { toFailure } from '../../../shared/base/errors';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../shared/base/time';
import { evaluate } from '../../../shared/canary/evaluate';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { Actor, Stage } from '../../../shared/canary/events';
import { type Progress, progressSchema } from '../../../shared/canary/progress';
import { requiredMs } from '../../../shared/canary/promotion';
import type { DeskStore } from '../ports';
import type { RollbackRunner } from '../rollback/runner';
import { type Decided, type LoadedDeployment, loadedOf, writeOfEvents } from './decided-events';
import type { DeploymentFacts } from './deployment-facts';
import type { CanaryWrite } from './ports';

/**
 * Evaluates what trades, again and again, and sees every rollback through. Of all processes on a desk the one that holds the right to
 * evaluate does both; what it writes is refused once the right has gone. All waiting is by the monotonic clock.
 */
export interface Monitor {
  status(): Promise<{
    readonly evaluator: 'this' | 'other' | 'none';
    readonly intervalMs: number;
    readonly lastCycleUs: number | null;
    readonly nextCycleUs: number | null;
  }>;
  /** Goes on with the loop until it is closed. */
  start(): void;
  /** Something happened to a deployment: rollbacks that were begun are looked for now. */
  look(): void;
  /** The machine slept: everything is evaluated at once. */
  woke(): void;
  /** One cycle and the rollbacks that come of it; false when another process evaluates. */
  once(): Promise<boolean>;
  /** Resolves when no rollback of the deployment is under way any more, whoever ran it. */
  rolledBack(id: string, signal: AbortSignal): Promise<void>;
  intervalMs(): Promise<number>;
  close(): Promise<void>;
}

export interface MonitorParts {
  readonly store: DeskStore;
  readonly facts: DeploymentFacts;
  readonly runner: RollbackRunner;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Waits so long, or until the signal comes. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: (line: string) => void;
}

export const intervalSetting = 'canary.interval-ms';
const defaultIntervalMs = MINUTE_MS;
const longestBeatMs = 2 * SECOND_MS;
/** A holder that is silent for so long is taken for stuck: a rollback must not wait for it. */
const longestSilenceMs = 10 * SECOND_MS;
const thinEveryMs = HOUR_MS;
const judged: ReadonlySet<Stage> = new Set(['staging', 'canary', 'production'] satisfies Stage[]);
const self: Actor = { kind: 'process', name: 'monitor' };

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  sleepFor(ms, undefined, { signal }).catch(() => undefined);

export function createMonitor(parts: MonitorParts): Monitor {
  return new CanaryMonitor(parts);
}

class CanaryMonitor implements Monitor {
  private readonly closing = new AbortController();
  private readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Names this process's monotonic clock. */
  private readonly run: string;
  private known = new Map<string, LoadedDeployment>();
  private readonly rollbacks = new Map<string, Promise<void>>();
  private readonly failing = new Map<string, string>();
  private running: Promise<void> | null = null;
  private pause = new AbortController();
  private holds = false;
  private slept = false;
  private last: { readonly atUs: number; readonly monotonicMs: number } | null = null;
  private thinnedMs = Number.NEGATIVE_INFINITY;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: MonitorParts) {
    this.wait = parts.wait ?? waitFor;
    this.run = parts.ids.next('run');
  }

  async status() {
    const [evaluator, intervalMs] = await Promise.all([this.parts.store.monitorLease.holder(), this.intervalMs()]);
    const lastCycleUs = this.last?.atUs ?? null;
    const isOwn = evaluator === 'this';
    return {
      evaluator,
      intervalMs,
      lastCycleUs,
      nextCycleUs: isOwn && lastCycleUs !== null ? lastCycleUs + intervalMs * 1_000 : null,
    };
  }

  start(): void {
    this.running ??= this.loop();
  }

  look(): void {
    this.pause.abort();
  }

  woke(): void {
    this.slept = true;
    this.last = null;
    this.look();
  }

  once(): Promise<boolean> {
    return this.inTurn(async () => {
      if (!(await this.hold())) return false;
      await this.cycle();
      await this.resumeRollbacks();
      await Promise.all(this.rollbacks.values());
      return true;
    });
  }

  async rolledBack(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const stored = await this.parts.store.canary.get(id);
      if (stored === null || loadedOf(stored).deployment.stage !== 'rolling-back') return;
      await this.inTurn(async () => {
        if (await this.hold()) await this.resumeRollbacks();
      });
      await (this.rollbacks.get(id) ?? this.wait(500, signal));
    }
  }

  async intervalMs(): Promise<number> {
    const stored = Number((await this.parts.store.settings.get(intervalSetting)) ?? defaultIntervalMs);
    return Number.isFinite(stored) ? Math.min(HOUR_MS, Math.max(SECOND_MS, stored)) : defaultIntervalMs;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.look();
    await this.running;
    await this.turn;
    await Promise.all(this.rollbacks.values());
    await this.parts.store.monitorLease.release();
  }

  /** Turns of the loop and of what is asked from outside come one after the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async loop(): Promise<void> {
    const { clock, log } = this.parts;
    while (!this.closing.signal.aborted) {
      this.pause = new AbortController();
      let beatMs = SECOND_MS;
      try {
        const intervalMs = await this.intervalMs();
        beatMs = Math.min(longestBeatMs, intervalMs / 4);
        await this.inTurn(async () => {
          if (this.closing.signal.aborted || !(await this.hold())) return;
          if (this.isDue(intervalMs)) await this.cycle();
          await this.resumeRollbacks();
          if (clock.monotonicMs() - this.thinnedMs >= thinEveryMs) {
            this.thinnedMs = clock.monotonicMs();
            await this.parts.store.canary.thin(clock.nowUs());
          }
        });
      } catch (thrown) {
        log(`monitor: ${toFailure(thrown).message}`);
      }
      await this.wait(beatMs, this.pause.signal);
    }
  }

  /** By either clock: after a sleep the wall clock alone tells that time has passed. */
  private isDue(intervalMs: number): boolean {
    if (this.last === null) return true;
    const { clock } = this.parts;
    const byMonotonic = clock.monotonicMs() - this.last.monotonicMs;
    const byWall = (clock.nowUs() - this.last.atUs) / 1_000;
    return byMonotonic >= intervalMs || Math.abs(byWall - byMonotonic) >= intervalMs;
  }

  private async hold(): Promise<boolean> {
    const silenceMs = Math.min(longestSilenceMs, await this.intervalMs());
    const holds = await this.parts.store.monitorLease.hold(silenceMs);
    if (holds && !this.holds) {
      // Another process may have moved on what is known here.
      this.known.clear();
      this.last = null;
    }
    this.holds = holds;
    return holds;
  }

  /** Brings what is known of the deployments up to the store: only those that changed are read. */
  private async refresh(): Promise<readonly LoadedDeployment[]> {
    const { canary } = this.parts.store;
    const heads = await canary.activeHeads();
    const stale = heads.filter(({ id, stateVersion }) => this.known.get(id)?.deployment.stateVersion !== stateVersion);
    const read = new Map((await canary.getMany(stale.map(({ id }) => id))).map((one) => [one.id, loadedOf(one)]));
    const next = new Map<string, LoadedDeployment>();
    for (const { id } of heads) {
      const loaded = read.get(id) ?? this.known.get(id);
      if (loaded !== undefined) next.set(id, loaded);
    }
    this.known = next;
    return [...next.values()];
  }

  private async cycle(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.evaluateAll();
        return;
      } catch (thrown) {
        // Somebody decided meanwhile: what stands now is evaluated.
        if (toFailure(thrown).code !== 'conflict' || attempt === 3) throw thrown;
        this.known.clear();
        if (!(await this.hold())) return;
      }
    }
  }

  private async evaluateAll(): Promise<void> {
    const { store, facts, clock } = this.parts;
    const intervalMs = await this.intervalMs();
    const deployments = await this.refresh();
    facts.keepOnly(new Set(this.known.keys()));
    const slept = this.slept;
    // From here on another sleep is one of the next look.
    this.slept = false;
    const atUs = clock.nowUs();
    const monotonicMs = clock.monotonicMs();
    const writes: CanaryWrite[] = [];
    const next: LoadedDeployment[] = [];
    for (const loaded of deployments) {
      if (!judged.has(loaded.deployment.stage)) continue;
      const { write, after } = await this.evaluateOne(loaded, { atUs, monotonicMs, run: this.run, intervalMs, slept });
      writes.push(write);
      next.push(after);
    }
    try {
      await store.canary.write(writes, true);
    } catch (thrown) {
      this.slept ||= slept;
      throw thrown;
    }
    for (const loaded of next) this.known.set(loaded.id, loaded);
    this.last = this.slept ? null : { atUs, monotonicMs };
  }

  private async evaluateOne(
    loaded: LoadedDeployment,
    look: Parameters<typeof evaluate>[0]['look'],
  ): Promise<{ readonly write: CanaryWrite; readonly after: LoadedDeployment }> {
    const { ids, facts } = this.parts;
    const before = progressOf(loaded);
    try {
      const { evaluation, progress, transitions } = evaluate({
        deployment: loaded.deployment,
        look,
        ids: { evaluation: ids.next('evaluation'), rollback: ids.next('rollback') },
        progress: before,
        ...(await facts.of(loaded.deployment)),
      });
      const made = this.madeOf(loaded, transitions, look.atUs, evaluation, progress);
      this.failing.delete(loaded.id);
      return made;
    } catch (thrown) {
      const { message } = toFailure(thrown);
      this.parts.log(`evaluating ${loaded.id}: ${message}`);
      const evaluation = unknown(loaded, ids.next('evaluation'), look.atUs, message);
      const decided: Decided[] = [];
      // The same failure is told once, not every minute.
      if (this.failing.get(loaded.id) !== message) {
        decided.push({ actor: self, event: { kind: 'evaluation-failed', message: message.slice(0, 1_000) } });
      }
      this.failing.set(loaded.id, message);
      const from = loaded.deployment.verdict;
      if (from !== 'no-data') {
        const reason = `It could not be evaluated: ${message}`.slice(0, 1_000);
        decided.push({
          actor: self,
          event: { kind: 'verdict-changed', from, to: 'no-data', evaluationId: evaluation.id, reason },
        });
      }
      // The time until the next look is not observed.
      const progress = before && {
        ...before,
        observed: { ...before.observed, last: { ...before.observed.last, counts: false } },
      };
      return this.madeOf(loaded, decided, look.atUs, evaluation, progress);
    }
  }

  private madeOf(
    loaded: LoadedDeployment,
    decided: readonly Decided[],
    atUs: number,
    evaluation: Evaluation,
    made: Progress | null,
  ): { readonly write: CanaryWrite; readonly after: LoadedDeployment } {
    const progress = made === null ? null : JSON.stringify(made);
    const { write, deployment } = writeOfEvents(loaded, decided, atUs, { evaluation, progress });
    return {
      write,
      after: {
        id: loaded.id,
        deployment,
        // The events are in the state; keeping them as well would cost memory for nothing.
        events: [],
        lastEvaluation: evaluation,
        progress: progress ?? loaded.progress,
      },
    };
  }

  /** Every rollback that was begun and has not ended runs here: this process holds the right. */
  private async resumeRollbacks(): Promise<void> {
    for (const { id, deployment } of await this.refresh()) {
      if (deployment.stage !== 'rolling-back' || this.rollbacks.has(id)) continue;
      const { runner, log } = this.parts;
      const run = runner
        .run(id)
        .then(
          () => undefined,
          (thrown: unknown) => log(`rollback of ${id}: ${toFailure(thrown).message}`),
        )
        .finally(() => this.rollbacks.delete(id));
      this.rollbacks.set(id, run);
    }
  }
}

function progressOf({ progress }: LoadedDeployment): Progress | null {
  if (progress === null) return null;
  const parsed = progressSchema.safeParse(JSON.parse(progress));
  // Of another version of the program: the stage is observed from now on, never taken for observed.
  return parsed.success ? parsed.data : null;
}

/** What is judged where nothing could be: no figures, and a verdict that nothing can be promoted on. */
function unknown(
  { id, deployment, lastEvaluation }: LoadedDeployment,
  evaluationId: string,
  atUs: number,
  message: string,
): Evaluation {
  const isSameStage = lastEvaluation?.stage === deployment.stage;
  return {
    id: evaluationId,
    deploymentId: id,
    stateVersion: deployment.stateVersion,
    stage: deployment.stage,
    atUs,
    verdict: 'no-data',
    reasons: [`It could not be evaluated: ${message}`],
    observedMs: isSameStage ? lastEvaluation.observedMs : 0,
    requiredMs: requiredMs(deployment),
    dataAge: [],
    allocatedCapital: deployment.allocatedCapital,
    equity: null,
    figures: [],
    criteria: [],
    sharpe: null,
    control: null,
    drift: null,
  };
}
