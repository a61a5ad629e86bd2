import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
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
