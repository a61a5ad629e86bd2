import type { Clock } from '../../../shared/base/clock';
import { FailureError, toFailure } from '../../../shared/base/errors';
import type { DeskStore, Follower, ImportAddition } from '../ports';
import type { TaskRunner } from '../worker/tasks';

/**
 * Brings together what followed files and other logs tell of the same trades, some time after the batches that brought the rows: it
 * holds the import lease and writes whole days anew. Which segments wait for it is kept in the store with their rows, so that an end
 * of the process between the two only puts it off.
 */

export interface FollowedMergeParts {
  readonly store: DeskStore;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** While rows keep coming they are gathered for so long. */
const gatherMs = 2_000;
const restMs = 3_000;
/** Of the time at most a tenth goes into it, however large the days are. */
const restPerTook = 9;
/** An import runs. */
const busyMs = 100;
const afterFailureMs = 60_000;

const nothingAdded: ImportAddition = {
  counts: { rowsRead: 0, executions: 0, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 },
  merged: 0,
  otherRowNames: {},
  firstUs: null,
  lastUs: null,
  symbols: [],
  fixed: [],
};

export class FollowedMerge {
  /** Since when there may be something to merge; null = nothing. At first an earlier run may have left something. */
  private sinceMs: number | null = Number.NEGATIVE_INFINITY;
  private restsUntilMs = Number.NEGATIVE_INFINITY;
  private failed = false;

  constructor(private readonly parts: FollowedMergeParts) {}

  /** Rows went in. */
  stored(): void {
    this.sinceMs ??= this.parts.clock.monotonicMs();
  }

  /**
   * Merges when it is time to.
   * @param drained everything that is written is read
   * @param awaited somebody waits for it
   * @returns when it wants its next turn, and whether nothing is left that could be done now
   */
  async turn(
    follower: Follower,
    { drained, awaited }: { readonly drained: boolean; readonly awaited: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly waitMs: number; readonly idle: boolean }> {
    const { clock } = this.parts;
    if (this.sinceMs === null) return { waitMs: Number.POSITIVE_INFINITY, idle: true };
    const beganMs = clock.monotonicMs();
    const gatheredMs = drained ? beganMs : this.sinceMs + gatherMs;
    const dueMs = awaited && drained && !this.failed ? beganMs : Math.max(gatheredMs, this.restsUntilMs);
    if (beganMs < dueMs) return { waitMs: dueMs - beganMs, idle: this.failed };
    try {
      for (const waiting of await follower.unmerged()) await this.merge(waiting, signal);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'busy') return { waitMs: busyMs, idle: false };
      if (signal.aborted || failure.code.startsWith('store-')) throw new FailureError(failure);
      // Following goes on: the trades count twice until then, as the log says.
      this.parts.log(`following: what several logs tell cannot be merged at present: ${failure.message}`);
      this.failed = true;
      this.restsUntilMs = clock.monotonicMs() + afterFailureMs;
      return { waitMs: afterFailureMs, idle: true };
    }
    const endedMs = clock.monotonicMs();
    this.failed = false;
    this.sinceMs = null;
    this.restsUntilMs = endedMs + Math.max(restMs, (endedMs - beganMs) * restPerTook);
    return { waitMs: Number.POSITIVE_INFINITY, idle: true };
  }

  private async merge(
    { importId, segments }: Awaited<ReturnType<Follower['unmerged']>>[number],
    signal: AbortSignal,
  ): Promise<void> {
    const session = await this.parts.store.imports.resume(importId);
    try {
      await this.parts.runner.run(
        'merge',
        { segments },
        {
          signal,
          host: {
            sharedSegments: () => session.sharedSegments(),
            sharedSegment: (key) => session.sharedSegment(key),
            replaceSegment: (replacement) => session.replaceSegment(replacement),
          },
        },
      );
      await session.commit(nothingAdded);
    } catch (thrown) {
      await session.abandon(signal.aborted ? 'cancelled' : 'failed', toFailure(thrown)).catch(() => undefined);
      throw thrown;
    }
  }
}
