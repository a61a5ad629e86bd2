import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeskStore } from '../../electron/engine/ports';
import { deskStores } from '../../electron/store';
import type { Clock, Ids } from '../../shared/base/clock';
import type { Failure } from '../../shared/base/errors';
import { FailureError } from '../../shared/base/errors';
import type { Result } from '../../shared/base/result';

/** A clock that moves one millisecond with every look and by hand. */
export function steppingClock(startUs = Date.parse('2026-03-01T12:00:00Z') * 1_000): Clock & {
  advance(us: number): void;
} {
  let nowUs = startUs;
  return {
    nowUs: () => {
      nowUs += 1_000;
      return nowUs;
    },
    monotonicMs: () => nowUs / 1_000,
    advance: (us) => {
      nowUs += us;
    },
  };
}

/** Ids `import-1`, `import-2`, `lease-1`, counted per prefix. */
export function countingIds(): Ids {
  const counts = new Map<string, number>();
  return {
    next: (prefix) => {
      const count = (counts.get(prefix) ?? 0) + 1;
      counts.set(prefix, count);
      return `${prefix}-${count}`;
    },
  };
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function storesForTest(clock: Clock = steppingClock(), ids: Ids = countingIds()) {
  return deskStores({ clock, ids, busyTimeoutMs: 200, pollMs: 20 });
}

/** Opens the desk and closes it when the test is over. */
export async function openedDesk(
  directory: string,
  stores = storesForTest(),
  mode: 'create' | 'existing' = 'create',
): Promise<DeskStore> {
  const desk = unwrapped(await stores.openDeskStore(directory, mode));
  onTestFinished(() => desk.close());
  return desk;
}

export function unwrapped<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.error);
  return result.value;
}

/** The failure that the promise rejects with, or that its Result carries. */
export async function failureOf(outcome: Promise<unknown>): Promise<Failure> {
  try {
    const value = await outcome;
    if (typeof value === 'object' && value !== null && 'ok' in value && value.ok === false && 'error' in value) {
      return value.error as Failure; // a Result with `ok: false` carries a Failure
    }
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('Nothing failed');
}
