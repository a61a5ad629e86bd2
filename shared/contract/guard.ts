import type { z } from 'zod';
import type { Result } from '../base/result';
import type { RollbackProgress } from '../canary/deployment';
import type { Stage } from '../canary/events';
import type { canaryCalls, RollbackChallenge } from './canary';

/**
 * The guarded rollback control: a page of its own, on an origin of its own, that has these few functions and no others. It is opened for
 * one deployment and can act on no other one; the console's page can ask for it to be opened and can do nothing else with it.
 * Types and names alone, so that its preload carries nothing else.
 */

/** Calls that only the guarded control (and the command line) may make; for every other page they do not exist. */
export const guardedCalls = ['canary.rollbackChallenge', 'canary.rollback'] as const;

export type GuardConfirmation = z.infer<(typeof canaryCalls)['canary.rollback']['args']>;

/** How the deployment stands. */
export interface GuardProgress {
  readonly strategy: string;
  readonly version: string;
  readonly stage: Stage;
  readonly rollback: RollbackProgress | null;
}

export interface GuardBridge {
  /** What a rollback would do now, and the right to confirm it once. */
  challenge(): Promise<Result<RollbackChallenge>>;
  rollback(confirmation: GuardConfirmation): Promise<Result<{ readonly rollbackId: string }>>;
  progress(): Promise<Result<GuardProgress>>;
  close(): void;
}

export const guardQuestions = ['challenge', 'rollback', 'progress'] as const;
export type GuardQuestion = (typeof guardQuestions)[number];

/** Electron IPC of the control's own preload; the console's preload knows none of them. */
export const guardChannels = { ask: 'lockstep-guard:ask', close: 'lockstep-guard:close' } as const;

/**
 * Served console: the control is on a port of its own. `GET /?ticket=T` exchanges a ticket, good once and for half a minute, for a token
 * in the fragment of `/#TOKEN`; `POST /QUESTION` with `Authorization: Bearer TOKEN` answers a `Result` as JSON.
 */
export const guardLimits = { ticketMs: 30_000, bodyBytes: 8_192 } as const;
