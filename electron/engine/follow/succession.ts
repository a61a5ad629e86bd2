import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FollowedFile, FollowedOrigin } from '../ports';
import type { FileBatches } from './file-batches';
import { fingerprint } from './fingerprint';
import type { FollowedFiles, WatchFollowerParts } from './followed-files';
import { type Live, newFile, readerOf } from './live-file';
import { lookAt, seeOpen } from './look';
import { namesBetween, type Seen } from './rules';

/** Where a log goes on: in a new file at its old name, in the copy it was cut off from, or not at all. */

/** Files beside a vanished one whose content is compared, to find the copy that was made before it was cut off. */
const copiesCompared = 64;

export class Succession {
  constructor(
    private readonly files: FollowedFiles,
    private readonly batches: FileBatches,
    private readonly parts: WatchFollowerParts,
  ) {}

  /** What was read is not there any more. Where a copy of it lies beside, that is read to its end, and the log goes on here. */
  async replaced(one: Live, now: Seen): Promise<void> {
    const { file } = one;
    const { seen } = await lookAt(this.files.watch);
    // A look lists names first and files then: what was renamed between the two seemed to be gone.
    const moved = [...seen].some(
      ([name, { identity, sizeBytes }]) =>
        identity === file.identity && sizeBytes >= file.positionBytes && (name !== one.at || identity !== now.identity),
    );
    if (moved || (file.mode === 'stream' && (await this.bindToCopy(one, seen)))) {
      await this.files.closeFile(one);
      this.files.lookAnyway = true;
      this.parts.rouse();
      return;
    }
    if (now.sizeBytes === 0) {
      await this.files.note(one, now, 'writing', 'It was emptied; what comes next is read from its beginning.');
      one.done = now;
      return;
    }
    await this.files.closeFile(one);
    this.files.live.delete(file.id);
    const fresh = this.files.add(newFile(this.parts.ids.next('followed'), this.files.watch.id, file.name, now), now);
    await this.parts.follower.save([fresh.file], [file.id]);
    this.parts.rouse();
  }

  /**
   * Whether what was read of a file is not in it any more. One that moved aside is compared before the log goes on from it: it may have
   * been cut off and written anew before it moved. One that stays is compared in its own turn.
   */
  async isCutOff({ file }: Live, at: string, { sizeBytes }: Seen, stays: boolean): Promise<boolean> {
    if (sizeBytes < file.positionBytes) return true;
    if (stays) return false;
    const handle = await open(join(this.files.root, at)).catch(() => null);
    if (handle === null) return false;
    try {
      const same = (await seeOpen(handle))?.identity === file.identity;
      return same && (await fingerprint(readerOf(handle), file.positionBytes)) !== file.print;
    } finally {
      await handle.close();
    }
  }

  /** Finds the file that begins with all that was read of this one, and takes it for the place it moved to. */
  async bindToCopy(one: Live, seen: ReadonlyMap<string, Seen>): Promise<boolean> {
    const { file } = one;
    const stem = basename(file.name).split('.')[0] ?? '';
    const likely = (name: string) => (basename(name).startsWith(stem) ? 0 : 1);
    const candidates = [...seen]
      .filter(([, { sizeBytes, identity }]) => sizeBytes >= file.positionBytes && identity !== file.identity)
      .sort(([a], [b]) => likely(a) - likely(b))
      .slice(0, copiesCompared);
    for (const [name, found] of candidates) {
      const handle = await open(join(this.files.root, name)).catch(() => null);
      if (handle === null) continue;
      try {
        if ((await fingerprint(readerOf(handle), file.positionBytes)) !== file.print) continue;
      } finally {
        await handle.close();
      }
      await this.files.closeFile(one);
      one.file = { ...file, identity: found.identity };
      one.done = null;
      // The copy may have been taken for a file of its own before the cut showed what it is.
      const taken = [...this.files.live.values()].filter(
        (other) => other !== one && other.file.identity === found.identity,
      );
      await this.parts.follower.save(
        [one.file],
        taken.map((other) => other.file.id),
      );
      for (const other of taken) {
        await this.files.closeFile(other);
        this.files.live.delete(other.file.id);
      }
      return true;
    }
    return false;
  }

  /** As {@link succeed}, with the files between where the log was changed several times since it was looked at: log.3, log.2, log.1, log. */
  async succeedAll(before: Live, seen: ReadonlyMap<string, Seen>, taken: Set<string>): Promise<void> {
    let last = before;
    const log = before.file.name;
    for (const name of [...namesBetween(before.at, log).filter((between) => !taken.has(between)), log]) {
      const found = seen.get(name);
      if (!found || found.sizeBytes === 0) continue;
      taken.add(name);
      const next = await this.succeed(last, found, name);
      if (next === null) return;
      last = next;
    }
  }

  /**
   * The log goes on in a new file at the old name. Its writer has left the old one behind, so that is read to its end first; then the
   * new one begins with what it needs of it: header, the piece of a row, counts of equal executions.
   */
  private async succeed(before: Live, seen: Seen, at: string): Promise<Live | null> {
    const { follower, clock } = this.parts;
    const { name } = before.file;
    const own = [...this.files.live.values()].find(({ file, at }) => file.id !== before.file.id && at === before.at);
    let origin: FollowedOrigin | null = null;
    if (before.file.mode === 'stream' && before.at !== null) {
      const handle = await this.files.opened(before, before.seen);
      const old = handle === null ? null : await seeOpen(handle);
      if (handle === null || old === null) {
        this.files.lookAnyway = true;
        return null;
      }
      while (true) {
        const from = before.file.positionBytes;
        const result = await this.batches.batch(before, handle, old, false);
        if (result === null) continue;
        if (result.kind === 'unfinished' && before.file.continues) origin = await this.handedOn(before, handle, old);
        if (result.kind !== 'read') break;
        if (result.positionBytes > from && result.positionBytes < old.sizeBytes) continue;
        const last = await this.batches.batch(before, handle, old, true);
        if (last === null) continue;
        origin = last.kind === 'read' ? last.origin : null;
        break;
      }
      before.done = old;
    }
    const fresh: FollowedFile = {
      ...newFile(this.parts.ids.next('followed'), this.files.watch.id, name, seen),
      ...(origin && { mode: 'stream' as const, continues: true }),
    };
    const aside = before.at;
    const left: FollowedFile[] = [];
    const removed: string[] = [];
    if (own || aside === null) removed.push(before.file.id);
    else {
      const { positionBytes, sizeBytes } = before.file;
      // The piece of a row at its end went over to the new file.
      left.push({
        ...before.file,
        name: aside,
        state: 'following',
        reason: null,
        positionBytes: origin ? sizeBytes : positionBytes,
      });
    }
    if (this.files.watch.kind === 'file') {
      for (const { file } of this.files.live.values()) if (file.id !== before.file.id) removed.push(file.id);
    }
    const print = await this.printOf(before, left[0]);
    await follower.save(
      [...left.map((file) => ({ ...file, print })), fresh],
      removed,
      origin ? new Map([[fresh.id, origin]]) : new Map(),
    );
    for (const id of removed) {
      const gone = this.files.live.get(id);
      if (gone) await this.files.closeFile(gone);
      this.files.live.delete(id);
    }
    const [kept] = left;
    if (kept) before.file = { ...kept, print };
    const next = this.files.add(fresh, seen);
    next.at = at;
    next.dueMs = clock.monotonicMs();
    this.parts.rouse();
    return next;
  }

  /** A file without a line of its own hands on what it was given, and its piece of a row. */
  private async handedOn({ file }: Live, handle: FileHandle, { sizeBytes }: Seen): Promise<FollowedOrigin | null> {
    const given = await this.parts.follower.origin(file.id);
    if (given === null) return null;
    return { ...given, carry: Buffer.concat([given.carry, await readerOf(handle)(0, sizeBytes)]) };
  }

  private async printOf(one: Live, file: FollowedFile | undefined): Promise<string | null> {
    if (!file || one.handle === null) return one.file.print;
    return fingerprint(readerOf(one.handle.file), file.positionBytes);
  }
}
