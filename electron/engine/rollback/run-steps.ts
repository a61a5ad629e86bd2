import { toFailure } from '../../../shared/base/errors';
import type { DeploymentEvent, StepOutcome } from '../../../shared/canary/events';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { type Attempt, failedForGood, failedForNow, type Occasion, type RollbackParts, type StepAnswer } from './ports';
import type { StepState } from './rollback-state';
import { secretsOf } from './steps';
import { oneLine, StrikeOut } from './strike-out';

/**
 * Runs the steps of a playbook in order, each within its bounds, and tells of every attempt before and after it. A step that fails never
 * keeps the next one from running: whatever takes the version out of the market is worth doing.
 */

/** Takes an event that has happened; resolves when it is kept. */
export type Tell = (event: DeploymentEvent) => Promise<void>;

export interface StepResult {
  readonly step: PlaybookStep;
  readonly outcome: StepOutcome;
  readonly attempts: number;
  /** From the beginning of its first attempt to the end of its last; 0 for a step that was done before. */
  readonly durationMs: number;
  /** On the clock of durations; null = it was done before. */
  readonly endedAtMs: number | null;
  readonly detail: string;
}

/** A step during which the process ended so often may be what ended it, and must not keep the others from running. */
export const mostInterruptions = 10;
const longestBackoffMs = 60_000;
/** What an attempt has beyond its time to come to an end by itself, ms. */
const overtimeMs = 5_000;
/** How long secrets may take to be read before the first step, ms. */
const secretsMs = 2_000;

export async function runSteps(
  states: readonly StepState[],
  occasion: Occasion,
  parts: Omit<RollbackParts, 'journal'> & Required<Pick<RollbackParts, 'perform'>>,
  tell: Tell,
): Promise<readonly StepResult[]> {
  const secrets = new StrikeOut();
  // A target may also say what another step is told.
  await Promise.race([learnSecrets(states, parts, secrets), parts.wait(secretsMs)]);
  const results: StepResult[] = [];
  for (const state of states) {
    results.push(
      state.done
        ? { step: state.step, outcome: 'done', attempts: 0, durationMs: 0, endedAtMs: null, detail: 'Done before.' }
        : await runStep(state, occasion, parts, secrets, tell),
    );
  }
  return results;
}

async function runStep(
  state: StepState,
  occasion: Occasion,
  parts: Omit<RollbackParts, 'journal'> & Required<Pick<RollbackParts, 'perform'>>,
  secrets: StrikeOut,
  tell: Tell,
): Promise<StepResult> {
  const { step } = state;
  const { clock } = parts;
  const { rollbackId } = occasion;
  const idempotencyKey = `${rollbackId}:${step.id}`;
  const startedAtMs = clock.monotonicMs();
  let interrupted = state.interrupted;
  let failed = state.failed;
  let attempt = state.begun;
  const ended = (outcome: StepOutcome, detail: string): StepResult => {
    const endedAtMs = clock.monotonicMs();
    return { step, outcome, attempts: attempt, durationMs: endedAtMs - startedAtMs, endedAtMs, detail };
  };

  if (state.running !== null) {
    interrupted++;
    const detail = 'Lockstep ended during this attempt; how far it came is not known.';
    await tell({
      kind: 'step-ended',
      rollbackId,
      stepId: step.id,
      attempt,
      outcome: 'interrupted',
      detail,
      durationMs: 0,
    });
  }
  if (interrupted >= mostInterruptions)
    return ended('failed', `Lockstep ended ${interrupted} times during this step, so it is not tried again.`);
  // Its last attempt had failed for good when the process ended.
  if (failed >= step.attempts) return ended('failed', 'All its attempts had failed.');

  for (;;) {
    attempt++;
    await tell({ kind: 'step-started', rollbackId, stepId: step.id, attempt, idempotencyKey });
    const beganMs = clock.monotonicMs();
    const answer = await oneAttempt(step, { ...occasion, idempotencyKey, attempt }, parts, secrets);
    const detail = secrets.strike(oneLine(secrets.strike(answer.detail), 500));
    await tell({
      kind: 'step-ended',
      rollbackId,
      stepId: step.id,
      attempt,
      outcome: answer.outcome,
      detail,
      durationMs: clock.monotonicMs() - beganMs,
    });
    if (answer.outcome === 'done' || answer.outcome === 'dry-run') return ended(answer.outcome, detail);
    parts.log(`rollback ${rollbackId}, step ${step.id}, attempt ${attempt}: ${answer.outcome}: ${detail}`);
    failed++;
    if (!answer.retry || failed >= step.attempts) return ended(answer.outcome, detail);
    const backoffMs = Math.min(longestBackoffMs, step.backoffMs * 2 ** (failed - 1));
    await parts.wait(Math.max(backoffMs, Math.min(longestBackoffMs, answer.retryAfterMs ?? 0)));
  }
}

async function oneAttempt(
  step: PlaybookStep,
  known: Pick<Attempt, keyof Occasion | 'idempotencyKey' | 'attempt'>,
  {
    perform,
    secrets: vault,
    clock,
    wait,
  }: Pick<RollbackParts, 'secrets' | 'clock' | 'wait'> & Required<Pick<RollbackParts, 'perform'>>,
  secrets: StrikeOut,
): Promise<StepAnswer> {
  const over = new AbortController();
  const ended = new AbortController();
  const attempt: Attempt = {
    ...known,
    signal: over.signal,
    clock,
    wait,
    async reveal(reference) {
      const value = await vault.reveal(reference);
      secrets.learn(value);
      return value;
    },
    hide: (value) => secrets.learn(value),
    quote: (text, cut) => secrets.strike(oneLine(secrets.strike(text, cut))),
  };
  const tooLong = (async (): Promise<StepAnswer> => {
    await wait(step.timeoutMs, ended.signal);
    over.abort();
    // A step ends by the signal; one that does not is left behind, so that the others can go on.
    await wait(overtimeMs, ended.signal);
    return { outcome: 'timed-out', detail: `Had not ended after ${step.timeoutMs} ms and does not end.`, retry: true };
  })();
  try {
    return await Promise.race([perform(step, attempt), tooLong]);
  } catch (thrown) {
    // A secret that is not there stays away; of anything else that is unforeseen, a further attempt is worth its while.
    const { code, message, hint } = toFailure(thrown);
    return code === 'internal' ? failedForNow(message) : failedForGood(`${message} ${hint}`);
  } finally {
    ended.abort();
  }
}

async function learnSecrets(
  states: readonly StepState[],
  { secrets: vault }: Pick<RollbackParts, 'secrets'>,
  secrets: StrikeOut,
): Promise<void> {
  for (const reference of states.flatMap(({ step }) => secretsOf(step))) {
    try {
      secrets.learn(await vault.reveal(reference));
    } catch {
      // the step that needs it says so
    }
  }
}
