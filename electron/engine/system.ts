import { randomUUID } from 'node:crypto';
import type { Clock, Ids } from '../../shared/base/clock';

/** The real clock: the only place that reads the machine's time. */
export const systemClock: Clock = {
  nowUs: () => Date.now() * 1_000,
  monotonicMs: () => performance.now(),
};

export const systemIds: Ids = { next: (prefix) => `${prefix}-${randomUUID()}` };
