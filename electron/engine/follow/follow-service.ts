import type { Clock, Ids } from '../../../shared/base/clock';
import { type Failure, toFailure } from '../../../shared/base/errors';
import type { DeskStore, Follower, OpenForeignDatabase, WatchRecord } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { FollowedMerge } from './merge-followed';
import { WatchFollower } from './watch-follower';

/**
 * Live follow: reads what is written to the watched files as it is written, exactly once. One loop does one thing at a time: it keeps
 * the right to follow, knows the watches, and gives each its turn. All waiting is by the monotonic clock; the wall clock only dates
 * what happened.
 */
export interface FollowService {
  /** The watches changed: looks at them now instead of within two seconds. */
  look(): void;
  /** Resolves when everything that is on disk now is read, or stands as failed or unfinished. For commands and tests. */
  caughtUp(signal?: AbortSignal): Promise<void>;
  /** Stops following and gives the right to follow back. */
  close(): Promise<void>;
}

export interface FollowServiceOptions {
  readonly store: DeskStore;
  /** A thread of its own: it keeps the readers of the files. */
  readonly runner: TaskRunner;
  readonly openForeignDatabase: OpenForeignDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: (line: string) => void;
}

const renewEveryMs = 5_000;
const watchesEveryMs = 2_000;
const longestWaitMs = 500;
const afterFailureMs = 1_000;

export function createFollowService(options: FollowServiceOptions): FollowService {
  return new Follow(options);
}

class Follow implements FollowService {
  private readonly watches = new Map<string, WatchFollower>();
  private readonly merging: FollowedMerge;
  private readonly closing = new AbortController();
  private readonly running: Promise<void>;
  private wake: () => void = () => undefined;
  private woken = false;
  private looking = true;
  private listedMs = Number.NEGATIVE_INFINITY;
  private waiting: { readonly askedMs: number; readonly resolve: () => void }[] = [];

  constructor(private readonly options: FollowServiceOptions) {
    this.merging = new FollowedMerge(options);
    this.running = this.run();
  }

  look(): void {
    this.looking = true;
    this.rouse();
  }

  async caughtUp(signal?: AbortSignal): Promise<void> {
    const askedMs = this.options.clock.monotonicMs();
    for (const watch of this.watches.values()) watch.hurry();
    await new Promise<void>((resolve) => {
      this.waiting.push({ askedMs, resolve });
      signal?.addEventListener('abort', () => resolve(), { once: true });
      this.look();
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.rouse();
    await this.running;
  }

  private async run(): Promise<void> {
    const { store, clock, log } = this.options;
    let follower: Follower | null = null;
    let renewedMs = 0;
    while (!this.closing.signal.aborted) {
      try {
        const nowMs = clock.monotonicMs();
        if (follower === null) {
          if (!this.looking && nowMs - this.listedMs < watchesEveryMs) {
            await this.sleep(longestWaitMs);
            continue;
          }
          this.listedMs = clock.monotonicMs();
          // Nobody needs the right to follow nothing.
          if ((await store.watches.list()).length > 0) follower = await store.watches.follow();
          if (follower === null) {
            this.looking = false;
            this.tellCaughtUp();
            await this.sleep(longestWaitMs);
            continue;
          }
          renewedMs = nowMs;
          this.looking = true;
        }
        if (nowMs - renewedMs >= renewEveryMs) {
          renewedMs = nowMs;
          if (!(await follower.renew())) {
            follower = null;
            await this.forget();
            continue;
          }
        }
        if (this.looking || nowMs - this.listedMs >= watchesEveryMs) {
          this.looking = false;
          this.listedMs = clock.monotonicMs();
          await this.takeWatches(await store.watches.list(), follower);
        }
        let waitMs = longestWaitMs;
        let idle = true;
        for (const watch of [...this.watches.values()]) {
          if (this.closing.signal.aborted) break;
          const turn = await watch.turn(this.closing.signal);
          waitMs = Math.min(waitMs, turn.waitMs);
          idle &&= turn.idle;
        }
        const awaited = this.waiting.length > 0;
        const merge = await this.merging.turn(follower, { drained: idle, awaited }, this.closing.signal);
        waitMs = Math.min(waitMs, merge.waitMs);
        if (idle && merge.idle && !this.looking) this.tellCaughtUp();
        await this.sleep(waitMs);
      } catch (thrown) {
        const reason: Failure = toFailure(thrown);
        if (this.closing.signal.aborted) break;
        log(`following: ${reason.message}`);
        if (reason.code === 'conflict') follower = null;
        await this.forget();
        this.looking = true;
        await this.sleep(afterFailureMs, false);
      }
    }
    await this.forget();
    await follower?.release().catch((thrown: unknown) => log(`following: ${toFailure(thrown).message}`));
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  private async takeWatches(records: readonly WatchRecord[], follower: Follower): Promise<void> {
    const wanted = new Map(records.filter(({ paused }) => !paused).map((record) => [record.id, record]));
    for (const [id, watch] of this.watches) {
      if (wanted.has(id)) continue;
      this.watches.delete(id);
      await watch.close();
    }
    for (const [id, record] of wanted) {
      if (this.watches.has(id)) continue;
      const watch = new WatchFollower(record, await follower.files(id), {
        ...this.options,
        follower,
        rouse: () => this.rouse(),
        stored: () => this.merging.stored(),
      });
      this.watches.set(id, watch);
      await watch.begin();
    }
  }

  private async forget(): Promise<void> {
    for (const watch of this.watches.values()) await watch.close();
    this.watches.clear();
  }

  /** Nothing is left to do: answers those who asked before the last look at everything. */
  private tellCaughtUp(): void {
    const looks = [this.listedMs, ...[...this.watches.values()].map(({ lookedMs }) => lookedMs)];
    const sinceMs = Math.min(...looks);
    this.waiting = this.waiting.filter(({ askedMs, resolve }) => {
      if (askedMs > sinceMs) return true;
      resolve();
      return false;
    });
  }

  private rouse(): void {
    this.woken = true;
    this.wake();
  }

  private async sleep(forMs: number, wakes = true): Promise<void> {
    if (this.woken && wakes) {
      this.woken = false;
      // Lets the rest of the process have its turn, however much is written.
      forMs = 0;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, forMs));
      if (wakes || this.closing.signal.aborted) {
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }
      if (this.closing.signal.aborted) this.wake();
    });
    this.woken = false;
    this.wake = () => undefined;
  }
}
