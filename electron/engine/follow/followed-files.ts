import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Ids } from '../../../shared/base/clock';
import type { DeskStore, FollowedFile, FollowedState, Follower, OpenForeignDatabase, WatchRecord } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { type Live, liveOf } from './live-file';
import { rootOf, seeOpen } from './look';
import type { Seen } from './rules';

/** The files of one watch: which there are, which of them are open, and what is written down of them. */

export interface WatchFollowerParts {
  readonly store: DeskStore;
  readonly follower: Follower;
  readonly runner: TaskRunner;
  readonly openForeignDatabase: OpenForeignDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  /** There is something to do. */
  readonly rouse: () => void;
  /** A batch of rows went in. */
  readonly stored: () => void;
}

const openFiles = 64;

export class FollowedFiles {
  readonly root: string;
  readonly live = new Map<string, Live>();
  /** What was seen does not hold any more: everything is looked at again soon. */
  lookAnyway = true;
  private readonly open = new Set<Live>();

  constructor(
    readonly watch: WatchRecord,
    files: readonly FollowedFile[],
    private readonly parts: WatchFollowerParts,
  ) {
    this.root = rootOf(watch);
    for (const file of files) this.live.set(file.id, liveOf(file));
  }

  add(file: FollowedFile, seen: Seen): Live {
    const one = { ...liveOf(file), at: file.name, seen, restsSinceMs: this.parts.clock.monotonicMs() };
    this.live.set(file.id, one);
    return one;
  }

  async note(one: Live, seen: Seen, state: FollowedState, reason: string | null): Promise<void> {
    const { file } = one;
    if (file.state === state && file.reason === reason && file.sizeBytes === seen.sizeBytes) return;
    one.file = { ...file, state, reason, sizeBytes: seen.sizeBytes };
    await this.parts.follower.save([one.file]);
  }

  /** The open file, the same one that was seen; null when another one is there by now. */
  async opened(one: Live, seen: Seen | null): Promise<FileHandle | null> {
    if (one.at === null || seen === null) return null;
    if (one.handle && one.handle.at === one.at && one.handle.identity === seen.identity) return one.handle.file;
    await this.closeFile(one);
    const file = await open(join(this.root, one.at));
    const found = await seeOpen(file).catch(async (thrown: unknown) => {
      await file.close();
      throw thrown;
    });
    if (found?.identity !== seen.identity) {
      await file.close();
      return null;
    }
    if (this.open.size >= openFiles) await this.closeFile([...this.open].sort((a, b) => a.dueMs - b.dueMs)[0]!);
    one.handle = { at: one.at, identity: seen.identity, file };
    this.open.add(one);
    return file;
  }

  async closeFile(one: Live): Promise<void> {
    const { handle } = one;
    one.handle = null;
    this.open.delete(one);
    await handle?.file.close();
  }
}
