import type { Clock } from '../../../shared/base/clock';
import type { DeploymentEvent, StepOutcome, StoredEvent } from '../../../shared/canary/events';
import type { PlaybookStep, SecretReference } from '../../../shared/canary/playbook';
import type { SecretVault } from '../canary/ports';

/** What a rollback needs from the outside, and what its steps are handed. */

/** The deployment's events as the canary keeps them; the runner knows no other truth and keeps no copy. */
export interface RollbackJournal {
  /** All events of the deployment, oldest first; rejects with `not-found` when there is no such deployment. */
  read(deploymentId: string): Promise<readonly StoredEvent[]>;
  /**
   * Adds events, each with its audit record, durable before it resolves. `conflict` when the last event is not the one named.
   * @returns the new state version
   */
  append(deploymentId: string, stateVersion: number, events: readonly DeploymentEvent[]): Promise<number>;
}

export interface RollbackParts {
  readonly journal: RollbackJournal;
  readonly secrets: Pick<SecretVault, 'reveal'>;
  readonly clock: Clock;
  /** Resolves after so long, or at once when the signal comes. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** One line for the log, secrets struck out. */
  readonly log: (line: string) => void;
  /** Does an attempt; the real steps unless a simulation puts others in their place. */
  readonly perform?: PerformStep;
}

/** Why and for what a playbook runs. */
export interface Occasion {
  readonly deploymentId: string;
  readonly strategy: string;
  readonly version: string;
  /** Of the rollback, the drill or the dry run. */
  readonly rollbackId: string;
  readonly trigger: string;
  readonly reason: string;
  /** `drill` is told to every target. */
  readonly kind: 'rollback' | 'drill';
  readonly startedAtUs: number;
}

/** One attempt of a step. */
export interface Attempt extends Occasion {
  /** The same at every attempt of the step in this rollback. */
  readonly idempotencyKey: string;
  readonly attempt: number;
  /** Comes when the attempt's time is over; it must end then. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Reveals a secret, which is struck out of everything this rollback says from then on. */
  reveal(reference: SecretReference): Promise<string>;
  /** Something found out on the way that must not be shown either: an access token. */
  hide(value: string): void;
  /**
   * What a target said, fit for the history: on one line, short, secrets struck out before it is shortened.
   * @param cut it was longer, so that a secret may stand at its end in part
   */
  quote(text: string, cut: boolean): string;
}

export interface StepAnswer {
  readonly outcome: Exclude<StepOutcome, 'interrupted'>;
  /** What the target said or what went wrong, in words. */
  readonly detail: string;
  /** Whether a further attempt could end otherwise. */
  readonly retry: boolean;
  /** The target's wish, milliseconds. */
  readonly retryAfterMs?: number;
}

/** Never rejects but with something unforeseen, which counts as a failed attempt. */
export type PerformStep = (step: PlaybookStep, attempt: Attempt) => Promise<StepAnswer>;

export const done = (detail: string): StepAnswer => ({ outcome: 'done', detail, retry: false });
/** Failed, and a further attempt may help. */
export const failedForNow = (detail: string, retryAfterMs?: number): StepAnswer => ({
  outcome: 'failed',
  detail,
  retry: true,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
/** Failed, and a further attempt would fail the same way. */
export const failedForGood = (detail: string): StepAnswer => ({ outcome: 'failed', detail, retry: false });
export const timedOut = (detail: string): StepAnswer => ({ outcome: 'timed-out', detail, retry: true });
