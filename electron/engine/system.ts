import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock, Ids } from '../../shared/base/clock';

/** The real clock: the only place that reads the machine's time. */
export const systemClock: Clock = {
  nowUs: () => Date.now() * 1_000,
  monotonicMs: () => performance.now(),
};

export const systemIds: Ids = { next: (prefix) => `${prefix}-${randomUUID()}` };

/** Name of the user the process runs as, for notes on who decided something; a user without an account has a number only. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Resolves after so long, or at once when the signal comes. */
export async function systemWait(ms: number, signal?: AbortSignal): Promise<void> {
  await timeout(ms, undefined, signal && { signal }).catch((thrown: unknown) => {
    if (!signal?.aborted) throw thrown;
  });
}
