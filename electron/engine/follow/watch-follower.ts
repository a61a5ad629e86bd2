import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock, Ids } from '../../../shared/base/clock';
import { type Failure, FailureError, toFailure } from '../../../shared/base/errors';
import { fileFailure } from '../imports/file-state';
import { Databases, nothingButDamage } from '../imports/import-service';
import type { ForeignHost, ImportTask } from '../imports/import-task';
import { savedMapTexts } from '../imports/saved-maps';
import type {
  DeskStore,
  FollowBatch,
  FollowedFile,
  FollowedOrigin,
  FollowedState,
  Follower,
  OpenForeignDatabase,
  WatchRecord,
  WatchState,
} from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { fingerprint, type ReadAt } from './fingerprint';
import { batchBytes, type FollowHost, type FollowResult } from './follow-task';
import { Hints, lookAt, rootOf, seeAt, seeOpen } from './look';
import { type Growing, grownBy, namesBetween, placesOf, readAnew, type Seen, stepFor } from './rules';

/** One watch: its files, where they are, and how far each is read. */

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

/** Between two batches of one file: what is written meanwhile costs one batch and not many. */
const batchEveryMs = 600;
/** A busy file may take this share of the time. */
const shareOfTime = 0.3;
/** A document is read once it has not changed for so long. */
const documentRestsMs = 1_000;
/** A document that cannot be read is being written, until it has not changed for so long. */
const documentFailsMs = 30_000;
const databaseEveryMs = 300;
const lookEveryMs = 1_000;
const lookAgainMs = 20;
const unreachableEveryMs = 1_000;
const busyMs = 100;
const openFiles = 64;
/** Files that nothing was read of yet are read and stored together: so many at a time, none of them larger than this. */
const filesTogether = 128;
const togetherBytes = 65_536;
/** After so long other watches have their turn. */
const togetherMs = 1_000;
/** Files beside a vanished one whose content is compared, to find the copy that was made before it was cut off. */
const copiesCompared = 64;

interface Live {
  file: FollowedFile;
  /** Its present name below the root; null = it is nowhere to be seen. */
  at: string | null;
  seen: Seen | null;
  /** As it was when nothing was left to do. */
  done: Seen | null;
  dueMs: number;
  /** When it was first seen as it is now. */
  restsSinceMs: number;
  handle: { readonly at: string; readonly identity: string; readonly file: FileHandle } | null;
}

interface Turn {
  readonly waitMs: number;
  /** Everything was looked at, and nothing is left to do. */
  readonly idle: boolean;
}

export class WatchFollower {
  private readonly root: string;
  private readonly hints: Hints;
  private readonly live = new Map<string, Live>();
  private readonly open = new Set<Live>();
  private readonly hinted = new Set<string>();
  private lookDueMs = Number.NEGATIVE_INFINITY;
  private lookAnyway = true;
  /** When it last began to look at everything. */
  lookedMs = Number.NEGATIVE_INFINITY;
  private lookTookMs = 0;
  private told: { state: WatchState; reason: string | null } | null = null;
  /** The latest wall time seen: a clock that steps back must not make rows look as if they came from the future. */
  private latestUs = 0;

  constructor(
    private readonly watch: WatchRecord,
    files: readonly FollowedFile[],
    private readonly parts: WatchFollowerParts,
  ) {
    this.root = rootOf(watch);
    for (const file of files) this.live.set(file.id, liveOf(file));
    this.hints = new Hints(this.root, (name) => {
      if (name === null) this.lookAnyway = true;
      else this.hinted.add(name);
      parts.rouse();
    });
  }

  async begin(): Promise<void> {
    this.told = { state: this.watch.state, reason: this.watch.reason };
  }

  /** Looks at everything and reads what there is without the usual pauses. */
  hurry(): void {
    this.lookDueMs = Number.NEGATIVE_INFINITY;
    for (const one of this.live.values()) one.dueMs = 0;
  }

  async close(): Promise<void> {
    this.hints.close();
    for (const one of this.live.values()) await this.closeFile(one);
  }

  /** Does what is due, a batch of each file at most. */
  async turn(signal: AbortSignal): Promise<Turn> {
    const { clock } = this.parts;
    let nowMs = clock.monotonicMs();
    const looksAgainMs = this.lookedMs + Math.max(lookAgainMs, this.lookTookMs * 5);
    if (nowMs >= this.lookDueMs || (this.lookAnyway && nowMs >= looksAgainMs)) {
      if (!(await this.lookAround())) return { waitMs: unreachableEveryMs, idle: true };
      nowMs = clock.monotonicMs();
    } else if (this.hinted.size > 0) {
      await this.followHints();
    }
    const begun = [...this.live.values()].filter((one) => one.dueMs <= nowMs && isNewAndSmall(one));
    for (let first = 0; begun.length - first > 1 && !signal.aborted; first += filesTogether) {
      await this.readTogether(begun.slice(first, first + filesTogether), signal);
      if (clock.monotonicMs() - nowMs > togetherMs) return { waitMs: 0, idle: false };
    }
    const due = [...this.live.values()].filter((one) => this.hasWork(one)).sort((a, b) => a.dueMs - b.dueMs);
    let waitMs = (this.lookAnyway ? looksAgainMs : this.lookDueMs) - nowMs;
    let idle = !this.lookAnyway;
    for (const one of due) {
      if (signal.aborted) break;
      if (clock.monotonicMs() < one.dueMs) {
        waitMs = Math.min(waitMs, one.dueMs - clock.monotonicMs());
        idle = false;
        continue;
      }
      await this.work(one);
      if (this.hasWork(one)) {
        waitMs = Math.min(waitMs, one.dueMs - clock.monotonicMs());
        idle = false;
      }
    }
    if (due.length > 0) await this.tellState();
    return { waitMs: Math.max(0, waitMs), idle };
  }

  private hasWork({ seen, done }: Live): boolean {
    return seen !== null && !(done && sameLook(seen, done));
  }

  /** False when the watch cannot be reached. */
  private async lookAround(): Promise<boolean> {
    const { clock } = this.parts;
    const beganMs = clock.monotonicMs();
    this.lookAnyway = false;
    this.lookedMs = beganMs;
    this.hinted.clear();
    try {
      const { seen, folders } = await this.lookFor();
      this.hints.watch(folders);
      await this.place(seen);
    } catch (error) {
      const reason = toFailure(fileFailure(error, this.watch.path, this.watch.path));
      if (!(error instanceof Error && 'code' in error) || error instanceof FailureError) throw error;
      this.hints.close();
      this.lookDueMs = clock.monotonicMs() + unreachableEveryMs;
      await this.tell('unreachable', `${reason.message} Following goes on as soon as it can be reached.`);
      return false;
    }
    const endedMs = clock.monotonicMs();
    this.lookTookMs = endedMs - beganMs;
    // Where hints come, looking only makes sure; where none come, it is all there is.
    const pauseMs = this.hints.complete
      ? Math.max(lookEveryMs, this.lookTookMs * 40)
      : Math.max(250, this.lookTookMs * 10);
    this.lookDueMs = endedMs + pauseMs;
    await this.tellState();
    return true;
  }

  /** A single file that only grew needs no look at what lies beside it. */
  private async lookFor(): ReturnType<typeof lookAt> {
    if (this.watch.kind === 'folder') return lookAt(this.watch);
    const name = basename(this.watch.path);
    const own = [...this.live.values()].find(({ file }) => file.name === name);
    const seen = await seeAt(this.watch.path);
    const simple = own
      ? seen !== null && seen.identity === own.file.identity && seen.sizeBytes >= own.file.positionBytes
      : seen !== null;
    if (simple && seen && this.live.size <= 1) return { seen: new Map([[name, seen]]), folders: [this.root] };
    return lookAt(this.watch);
  }

  private async place(seen: ReadonlyMap<string, Seen>): Promise<void> {
    const nowMs = this.parts.clock.monotonicMs();
    const sizes = new Map([...seen.values()].map(({ identity, sizeBytes }) => [identity, sizeBytes]));
    for (const one of [...this.live.values()]) {
      const { id, mode, identity, positionBytes } = one.file;
      const cut = (sizes.get(identity) ?? Number.POSITIVE_INFINITY) < positionBytes;
      if (cut && mode === 'stream' && this.live.has(id)) await this.bindToCopy(one, seen);
    }
    const files = [...this.live.values()].map(({ file }) => file);
    const places = placesOf(files, seen);
    const placed = new Set(places.values());
    const taken = new Set<string>();
    const changed: FollowedFile[] = [];
    for (const one of this.live.values()) {
      const at = places.get(one.file.id) ?? null;
      const now = at === null ? null : (seen.get(at) ?? null);
      if (at !== null) taken.add(at);
      if (one.seen === null || now === null || !sameLook(one.seen, now)) one.restsSinceMs = nowMs;
      one.at = at;
      one.seen = now;
      if (now === null && one.file.state !== 'gone') {
        one.file = { ...one.file, state: 'gone', reason: 'It is not there any more; what was read of it stays.' };
        changed.push(one.file);
      } else if (now !== null && one.file.state === 'gone') {
        one.file = { ...one.file, state: 'following', reason: null };
        one.done = null;
        changed.push(one.file);
      }
      // A log that moved aside keeps its name until the next file of that name comes, which goes on where it ended. One that only
      // lost the ending of an unfinished copy, or whose name has gone to another known file, has its new name at once.
      const finished = at !== null && one.file.name.startsWith(at);
      const displaced = at !== one.file.name && placed.has(one.file.name);
      if (at !== null && at !== one.file.name && (finished || displaced)) {
        one.file = { ...one.file, name: at };
        changed.push(one.file);
      }
    }
    if (changed.length > 0) await this.parts.follower.save(changed);
    const own = this.watch.kind === 'file' ? basename(this.watch.path) : null;
    for (const before of [...this.live.values()]) {
      const { name } = before.file;
      if (before.at === null || before.at === name || taken.has(name) || !this.live.has(before.file.id)) continue;
      // The file that was at this name moved aside: the log goes on here as soon as something is written.
      if (seen.has(name)) taken.add(name);
      await this.succeedAll(before, seen, taken);
    }
    const fresh: FollowedFile[] = [];
    for (const [name, found] of seen) {
      if (taken.has(name) || (own !== null && name !== own)) continue;
      fresh.push(this.add(newFile(this.parts.ids.next('followed'), this.watch.id, name, found), found).file);
    }
    // Written down at first sight: what is seen under another name later is then known to have moved.
    await this.parts.follower.save(fresh);
    if (
      own !== null &&
      !seen.has(own) &&
      ![...this.live.values()].some(({ file, at }) => file.name === own && at !== null)
    ) {
      throw Object.assign(new Error(`${this.watch.path} is not there`), { code: 'ENOENT' });
    }
  }

  private add(file: FollowedFile, seen: Seen): Live {
    const one = { ...liveOf(file), at: file.name, seen, restsSinceMs: this.parts.clock.monotonicMs() };
    this.live.set(file.id, one);
    return one;
  }

  private async followHints(): Promise<void> {
    const names = [...this.hinted];
    this.hinted.clear();
    const nowMs = this.parts.clock.monotonicMs();
    for (const hint of names) {
      const name = hint.replace(/-wal$/, '');
      const one = [...this.live.values()].find(({ at }) => at === name);
      if (!one) {
        // A name nobody follows: new, or passed over.
        continue;
      }
      const now = await seeAt(join(this.root, name)).catch(() => null);
      if (now === null || now.identity !== one.seen?.identity || now.sizeBytes < one.file.positionBytes) {
        this.lookAnyway = true;
        continue;
      }
      if (!sameLook(now, one.seen) || hint !== name) {
        one.restsSinceMs = nowMs;
        one.seen = now;
        if (hint !== name) one.done = null;
      }
    }
  }

  /** One step with one file. */
  private async work(one: Live): Promise<void> {
    const { clock } = this.parts;
    const beganMs = clock.monotonicMs();
    const { seen } = one;
    if (seen === null) return;
    let more = false;
    try {
      if (one.file.mode === 'whole') await this.readWhole(one, seen);
      else more = await this.readOn(one, seen);
    } catch (thrown) {
      const failure = toFailure(fileFailure(thrown, join(this.root, one.at ?? one.file.name), one.file.name));
      if (failure.code === 'conflict' || failure.code.startsWith('store-') || failure.code === 'unavailable')
        throw thrown;
      if (failure.code === 'cancelled' || failure.code === 'internal') throw thrown;
      if (failure.code === 'busy') {
        one.dueMs = clock.monotonicMs() + busyMs;
        return;
      }
      if (failure.code === 'file-missing' || failure.code === 'file-unreadable') {
        await this.closeFile(one);
        this.lookAnyway = true;
      }
      await this.refuse(one, seen, failure);
    }
    const tookMs = clock.monotonicMs() - beganMs;
    // What is behind is made up at full speed; what is being written shares the machine.
    one.dueMs = more
      ? clock.monotonicMs()
      : Math.max(one.dueMs, beganMs + Math.max(batchEveryMs, tookMs / shareOfTime));
  }

  /** Reads what was written behind the position; whether there is more. */
  private async readOn(one: Live, seen: Seen): Promise<boolean> {
    const { file } = one;
    let step = stepFor(file, one.done, seen, null);
    if (step === 'rest') {
      one.done = seen;
      return false;
    }
    const handle = await this.opened(one, seen);
    const now = handle === null ? null : await seeOpen(handle);
    if (handle === null || now === null) {
      this.lookAnyway = true;
      one.done = seen;
      return false;
    }
    if (step === 'compare') {
      const same = (await fingerprint(readerOf(handle), file.positionBytes)) === file.print;
      step = stepFor(file, one.done, now, same);
    }
    if (step === 'replaced') {
      await this.replaced(one, now);
      return false;
    }
    if (step === 'rest') {
      await this.note(one, now, 'following', null);
      one.done = now;
      return false;
    }
    const result = await this.batch(one, handle, now, false);
    if (result === null) return true;
    if (result.kind === 'whole') {
      await this.becomeWhole(one);
      return false;
    }
    if (result.kind === 'changed') {
      this.lookAnyway = true;
      return false;
    }
    if (result.kind === 'unfinished') {
      await this.note(one, now, 'writing', 'No whole row is written yet by which its format could be told.');
      one.done = now;
      return false;
    }
    // What is left of the last batch has no line end yet.
    if (now.sizeBytes - file.positionBytes > batchBytes && result.positionBytes > file.positionBytes) return true;
    one.done = now;
    return false;
  }

  /** Reads one batch and stores it; null when somebody else stored rows meanwhile and it must be read again. */
  private async batch(one: Live, handle: FileHandle, now: Seen, handOver: boolean): Promise<FollowResult | null> {
    const batches = this.parts.follower.batches();
    const { result, next } = await this.readInto(batches.begin(), one, handle, now, handOver);
    if (next !== null) {
      if (!(await batches.commit())) return null;
      one.file = next;
      this.parts.stored();
    } else if (result.kind === 'read' && !handOver) {
      const { state, reason } = stateAfter(result, now);
      await this.note(one, now, state, reason);
    }
    return result;
  }

  /** Reads one batch; `next` is the file as it is once the batch is stored, null where there is nothing to store. */
  private async readInto(
    batch: FollowBatch,
    one: Live,
    handle: FileHandle,
    now: Seen,
    handOver: boolean,
  ): Promise<{ readonly result: FollowResult; readonly next: FollowedFile | null }> {
    const { follower, runner, ids } = this.parts;
    const { file } = one;
    const importId = file.importId ?? ids.next('import');
    const result = await runner.run(
      'follow',
      {
        read: await this.request(one, importId),
        fileId: file.id,
        descriptor: handle.fd,
        positionBytes: file.positionBytes,
        sizeBytes: now.sizeBytes,
        sampleBytes: file.sampleBytes,
        handOver,
      },
      {
        host: new BatchHost(batch, noDatabases, () =>
          file.continues ? follower.origin(file.id) : Promise.resolve(null),
        ),
      },
    );
    if (result.kind !== 'read') return { result, next: null };
    const { collected, positionBytes, print, sampleBytes, format } = result;
    if (positionBytes === file.positionBytes && collected.counts.rowsRead === 0) return { result, next: null };
    const next: FollowedFile = {
      ...file,
      mode: 'stream',
      importId,
      identity: now.identity,
      positionBytes,
      sizeBytes: now.sizeBytes,
      print,
      sampleBytes,
      format,
      ...stateAfter(result, now),
    };
    const record = (before: Growing | null): Growing => ({
      ...grownBy(before ?? this.newRecord(one, now), collected),
      fileName: basename(file.name),
      path: join(this.root, one.at ?? file.name),
      sizeBytes: now.sizeBytes,
      format,
      confidence: result.confidence,
      reason: result.reason,
      zoneAssumed: result.zoneAssumed,
      endedAtUs: this.nowUs(),
    });
    batch.commit({ file: next, record, quarantine: 'add', read: this.lastRead(collected.lastUs) });
    return { result, next };
  }

  /**
   * Reads small files that nothing was read of yet one after the other and stores them together: a folder that is new has thousands. A
   * file that is not simply read to its end is left to its own turn; where it had added something already, all of them are.
   */
  private async readTogether(files: readonly Live[], signal: AbortSignal): Promise<void> {
    const batches = this.parts.follower.batches();
    const read: { readonly one: Live; readonly now: Seen; readonly next: FollowedFile }[] = [];
    // What cannot be opened says why in its own turn.
    const openNext = async (one: Live | undefined) => {
      const handle = one ? await this.opened(one, one.seen).catch(() => null) : null;
      return { handle, now: handle === null ? null : await seeOpen(handle).catch(() => null) };
    };
    let opening = openNext(files[0]);
    for (const [place, one] of files.entries()) {
      if (signal.aborted) break;
      const batch = batches.begin();
      try {
        const { handle, now } = await opening;
        // Opened while this one is read.
        opening = openNext(files[place + 1]);
        if (handle === null || now === null || now.sizeBytes > togetherBytes) continue;
        const { next } = await this.readInto(batch, one, handle, now, false);
        if (next !== null) read.push({ one, now, next });
        else if (!batch.empty) return;
      } catch (thrown) {
        const { code } = toFailure(fileFailure(thrown, join(this.root, one.file.name), one.file.name));
        if (code === 'cancelled' || code === 'internal' || code.startsWith('store-')) throw thrown;
        if (!batch.empty) return;
      } finally {
        await this.closeFile(one);
      }
    }
    try {
      if (read.length === 0 || !(await batches.commit())) return;
    } catch (thrown) {
      // Each comes again in its own turn, and waits there.
      if (toFailure(thrown).code === 'busy') return;
      throw thrown;
    }
    for (const { one, now, next } of read) {
      one.file = next;
      one.done = now;
    }
    this.parts.stored();
  }

  /** What was read is not there any more. Where a copy of it lies beside, that is read to its end, and the log goes on here. */
  private async replaced(one: Live, now: Seen): Promise<void> {
    const { file } = one;
    const { seen } = await lookAt(this.watch);
    // A look lists names first and files then: what was renamed between the two seemed to be gone.
    const moved = [...seen].some(
      ([name, { identity, sizeBytes }]) =>
        identity === file.identity && sizeBytes >= file.positionBytes && (name !== one.at || identity !== now.identity),
    );
    if (moved || (file.mode === 'stream' && (await this.bindToCopy(one, seen)))) {
      await this.closeFile(one);
      this.lookAnyway = true;
      this.parts.rouse();
      return;
    }
    if (now.sizeBytes === 0) {
      await this.note(one, now, 'writing', 'It was emptied; what comes next is read from its beginning.');
      one.done = now;
      return;
    }
    await this.closeFile(one);
    this.live.delete(file.id);
    const fresh = this.add(newFile(this.parts.ids.next('followed'), this.watch.id, file.name, now), now);
    await this.parts.follower.save([fresh.file], [file.id]);
    this.parts.rouse();
  }

  /** Finds the file that begins with all that was read of this one, and takes it for the place it moved to. */
  private async bindToCopy(one: Live, seen: ReadonlyMap<string, Seen>): Promise<boolean> {
    const { file } = one;
    const stem = basename(file.name).split('.')[0] ?? '';
    const likely = (name: string) => (basename(name).startsWith(stem) ? 0 : 1);
    const candidates = [...seen]
      .filter(([, { sizeBytes, identity }]) => sizeBytes >= file.positionBytes && identity !== file.identity)
      .sort(([a], [b]) => likely(a) - likely(b))
      .slice(0, copiesCompared);
    for (const [name, found] of candidates) {
      const handle = await open(join(this.root, name)).catch(() => null);
      if (handle === null) continue;
      try {
        if ((await fingerprint(readerOf(handle), file.positionBytes)) !== file.print) continue;
      } finally {
        await handle.close();
      }
      await this.closeFile(one);
      one.file = { ...file, identity: found.identity };
      one.done = null;
      // The copy may have been taken for a file of its own before the cut showed what it is.
      const taken = [...this.live.values()].filter((other) => other !== one && other.file.identity === found.identity);
      await this.parts.follower.save(
        [one.file],
        taken.map((other) => other.file.id),
      );
      for (const other of taken) {
        await this.closeFile(other);
        this.live.delete(other.file.id);
      }
      return true;
    }
    return false;
  }

  /** As {@link succeed}, with the files between where the log was changed several times since it was looked at: log.3, log.2, log.1, log. */
  private async succeedAll(before: Live, seen: ReadonlyMap<string, Seen>, taken: Set<string>): Promise<void> {
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
    const own = [...this.live.values()].find(({ file, at }) => file.id !== before.file.id && at === before.at);
    let origin: FollowedOrigin | null = null;
    if (before.file.mode === 'stream' && before.at !== null) {
      const handle = await this.opened(before, before.seen);
      const old = handle === null ? null : await seeOpen(handle);
      if (handle === null || old === null) {
        this.lookAnyway = true;
        return null;
      }
      while (true) {
        const from = before.file.positionBytes;
        const result = await this.batch(before, handle, old, false);
        if (result === null) continue;
        if (result.kind === 'unfinished' && before.file.continues) origin = await this.handedOn(before, handle, old);
        if (result.kind !== 'read') break;
        if (result.positionBytes > from && result.positionBytes < old.sizeBytes) continue;
        const last = await this.batch(before, handle, old, true);
        if (last === null) continue;
        origin = last.kind === 'read' ? last.origin : null;
        break;
      }
      before.done = old;
    }
    const fresh: FollowedFile = {
      ...newFile(this.parts.ids.next('followed'), this.watch.id, name, seen),
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
    if (this.watch.kind === 'file') {
      for (const { file } of this.live.values()) if (file.id !== before.file.id) removed.push(file.id);
    }
    const print = await this.printOf(before, left[0]);
    await follower.save(
      [...left.map((file) => ({ ...file, print })), fresh],
      removed,
      origin ? new Map([[fresh.id, origin]]) : new Map(),
    );
    for (const id of removed) {
      const gone = this.live.get(id);
      if (gone) await this.closeFile(gone);
      this.live.delete(id);
    }
    const [kept] = left;
    if (kept) before.file = { ...kept, print };
    const next = this.add(fresh, seen);
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

  private async becomeWhole(one: Live): Promise<void> {
    one.file = { ...one.file, mode: 'whole', print: null, state: 'writing', reason: 'It is read once it is complete.' };
    await this.closeFile(one);
    await this.parts.follower.save([one.file]);
    this.parts.rouse();
  }

  /** Reads a document, an archive or a database anew when it has changed. */
  private async readWhole(one: Live, seen: Seen): Promise<void> {
    const { clock, follower, runner, ids } = this.parts;
    const { file } = one;
    const path = join(this.root, one.at ?? file.name);
    const log = await seeAt(`${path}-wal`);
    const content = [seen, log].map((part) => part && `${part.identity} ${part.sizeBytes} ${part.changed}`).join(', ');
    if (content === file.print) {
      one.done = seen;
      return;
    }
    const nowMs = clock.monotonicMs();
    const isDatabase = await beginsAs(path, 'SQLite format 3');
    if (!isDatabase && nowMs - one.restsSinceMs < documentRestsMs) {
      one.dueMs = one.restsSinceMs + documentRestsMs;
      const now = await seeAt(path);
      if (now && !sameLook(now, seen)) {
        one.seen = now;
        one.restsSinceMs = nowMs;
      }
      return;
    }
    const databases = new Databases(this.parts.openForeignDatabase);
    const batches = follower.batches();
    const batch = batches.begin();
    const importId = file.importId ?? ids.next('import');
    try {
      const summary = await runner.run('import', await this.request(one, importId), {
        host: new BatchHost(batch, databases, () => Promise.resolve(null)),
      });
      const damaged = nothingButDamage(summary, { path, name: file.name, uploaded: false });
      if (damaged) throw new FailureError(damaged);
      const record = (before: Growing | null): Growing => ({
        ...readAnew(before ?? this.newRecord(one, seen), summary),
        fileName: basename(file.name),
        path,
        sizeBytes: seen.sizeBytes,
        format: summary.format,
        confidence: summary.confidence,
        reason: summary.reason,
        zoneAssumed: summary.zoneAssumed,
        endedAtUs: this.nowUs(),
      });
      const next: FollowedFile = {
        ...file,
        importId,
        identity: seen.identity,
        positionBytes: seen.sizeBytes,
        sizeBytes: seen.sizeBytes,
        print: content,
        format: summary.format,
        state: 'following',
        reason: summary.warnings.length > 0 ? summary.warnings.join(' ') : null,
      };
      const read = this.lastRead(summary.lastUs);
      batch.commit({ file: next, record, quarantine: 'replace', read });
      if (!(await batches.commit())) return;
      one.file = next;
      this.parts.stored();
      one.done = isDatabase ? null : seen;
      if (isDatabase) one.dueMs = clock.monotonicMs() + databaseEveryMs;
    } finally {
      await databases.close();
    }
  }

  /** A file that cannot be read (yet) keeps its reason until it changes. */
  private async refuse(one: Live, seen: Seen, failure: Failure): Promise<void> {
    const { clock } = this.parts;
    const unfinished = ['format-damaged', 'format-unknown', 'file-changed', 'file-empty'].includes(failure.code);
    const restsMs = clock.monotonicMs() - one.restsSinceMs;
    if (one.file.mode === 'whole' && unfinished && restsMs < documentFailsMs) {
      await this.note(one, seen, 'writing', `It is not complete yet: ${failure.message}`);
      one.dueMs = clock.monotonicMs() + Math.max(documentRestsMs, restsMs);
      return;
    }
    await this.note(one, seen, 'failed', `${failure.message} ${failure.hint}`);
    one.done = seen;
  }

  private async note(one: Live, seen: Seen, state: FollowedState, reason: string | null): Promise<void> {
    const { file } = one;
    if (file.state === state && file.reason === reason && file.sizeBytes === seen.sizeBytes) return;
    one.file = { ...file, state, reason, sizeBytes: seen.sizeBytes };
    await this.parts.follower.save([one.file]);
  }

  private async request(one: Live, importId: string): Promise<ImportTask['args']> {
    const { source, strategy, version, account, format, map, zone, symbol } = this.watch;
    const path = join(this.root, one.at ?? one.file.name);
    const hints = { format, map, zone, symbol };
    const maps = await savedMapTexts(this.parts.store.settings);
    const nowUs = this.nowUs();
    return {
      path,
      name: one.file.name,
      source,
      strategy,
      version,
      account,
      hints,
      maps,
      nowUs,
      importId,
      print: false,
    };
  }

  private newRecord({ file }: Live, seen: Seen): Growing {
    const { source, strategy, version, account } = this.watch;
    return {
      fileName: basename(file.name),
      path: join(this.root, file.name),
      sizeBytes: seen.sizeBytes,
      source,
      strategy: strategy ?? '',
      version,
      account,
      format: '',
      confidence: 0,
      reason: '',
      startedAtUs: this.nowUs(),
      endedAtUs: null,
      counts: { rowsRead: 0, executions: 0, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 },
      merged: 0,
      severalPerRow: false,
      cutLine: null,
      otherRowNames: {},
      firstUs: null,
      lastUs: null,
      symbols: [],
      zoneAssumed: null,
      failure: null,
    };
  }

  private lastRead(lastUs: number | null): { readonly lastRecordUs: number | null; readonly delayMs: number | null } {
    return { lastRecordUs: lastUs, delayMs: lastUs === null ? null : Math.max(0, this.nowUs() - lastUs) / 1_000 };
  }

  private nowUs(): number {
    this.latestUs = Math.max(this.latestUs, this.parts.clock.nowUs());
    return this.latestUs;
  }

  /** The open file, the same one that was seen; null when another one is there by now. */
  private async opened(one: Live, seen: Seen | null): Promise<FileHandle | null> {
    if (one.at === null || seen === null) return null;
    if (one.handle && one.handle.at === one.at && one.handle.identity === seen.identity) return one.handle.file;
    await this.closeFile(one);
    const file = await open(join(this.root, one.at));
    const found = await seeOpen(file);
    if (found?.identity !== seen.identity) {
      await file.close();
      return null;
    }
    if (this.open.size >= openFiles) await this.closeFile([...this.open].sort((a, b) => a.dueMs - b.dueMs)[0]!);
    one.handle = { at: one.at, identity: seen.identity, file };
    this.open.add(one);
    return file;
  }

  private async closeFile(one: Live): Promise<void> {
    const { handle } = one;
    one.handle = null;
    this.open.delete(one);
    await handle?.file.close();
  }

  /** The state of the watch as a whole, written when it changes. */
  private async tellState(): Promise<void> {
    const files = [...this.live.values()].map(({ file }) => file);
    const failed = files.filter(({ state }) => state === 'failed');
    const gone = files.filter(({ state }) => state === 'gone');
    const [first] = failed;
    if (first && failed.length === files.length) return this.tell('failed', first.reason);
    if (first)
      return this.tell(
        'watching',
        `${failed.length} of ${files.length} files cannot be read: ${first.name}: ${first.reason}`,
      );
    if (gone.length > 0 && gone.length === files.length) {
      return this.tell('watching', `Its ${gone.length} files are not there at present.`);
    }
    return this.tell('watching', null);
  }

  private async tell(state: WatchState, reason: string | null): Promise<void> {
    if (this.told && this.told.state === state && this.told.reason === reason) return;
    await this.parts.follower.setState(this.watch.id, state, reason);
    this.told = { state, reason };
  }
}

function newFile(id: string, watchId: string, name: string, { identity, sizeBytes }: Seen): FollowedFile {
  return {
    id,
    watchId,
    name,
    mode: null,
    importId: null,
    identity,
    positionBytes: 0,
    sizeBytes,
    print: null,
    sampleBytes: null,
    format: null,
    state: 'following',
    reason: null,
    continues: false,
  };
}

function liveOf(file: FollowedFile): Live {
  return { file, at: null, seen: null, done: null, dueMs: 0, restsSinceMs: 0, handle: null };
}

/** A log at its first sight. */
function isNewAndSmall({ file, seen, done }: Live): boolean {
  const unread = file.mode === null && file.positionBytes === 0 && !file.continues && file.state === 'following';
  return unread && done === null && seen !== null && seen.sizeBytes > 0 && seen.sizeBytes <= togetherBytes;
}

/** What is left behind the last whole row is a row that is being written. */
function stateAfter({ positionBytes }: { readonly positionBytes: number }, { sizeBytes }: Seen) {
  return positionBytes < sizeBytes
    ? { state: 'writing' as const, reason: `Its last ${sizeBytes - positionBytes} bytes are a row without its end.` }
    : { state: 'following' as const, reason: null };
}

function sameLook(a: Seen, b: Seen): boolean {
  return a.identity === b.identity && a.sizeBytes === b.sizeBytes && a.changed === b.changed;
}

function readerOf(handle: FileHandle): ReadAt {
  return async (position, length) => {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
}

async function beginsAs(path: string, magic: string): Promise<boolean> {
  const handle = await open(path);
  try {
    return Buffer.from(await readerOf(handle)(0, magic.length)).toString('latin1') === magic;
  } finally {
    await handle.close();
  }
}

const noDatabases: ForeignHost = {
  openDatabase: () => Promise.reject(new Error('a stream is no database')),
  databaseRows: () => Promise.reject(new Error('a stream is no database')),
};

class BatchHost implements FollowHost {
  constructor(
    private readonly batch: FollowBatch,
    private readonly databases: ForeignHost,
    readonly origin: () => Promise<FollowedOrigin | null>,
  ) {}

  openDatabase: ForeignHost['openDatabase'] = (path) => this.databases.openDatabase(path);
  databaseRows: ForeignHost['databaseRows'] = (page) => this.databases.databaseRows(page);
  existingHashes: FollowHost['existingHashes'] = (keys) => this.batch.existingHashes(keys);
  addParts: FollowHost['addParts'] = (parts) => this.batch.addParts(parts);
  addOrderEvents: FollowHost['addOrderEvents'] = (events) => this.batch.addOrderEvents(events);
  addPrices: FollowHost['addPrices'] = (points) => this.batch.addPrices(points);
  addQuarantined: FollowHost['addQuarantined'] = (rows) => this.batch.addQuarantined(rows);
  addReading: FollowHost['addReading'] = (reading) => this.batch.addReading(reading);
  sharedSegments: FollowHost['sharedSegments'] = () => this.batch.sharedSegments();
  sharedSegment: FollowHost['sharedSegment'] = (key) => this.batch.sharedSegment(key);
  replaceSegment: FollowHost['replaceSegment'] = (replacement) => this.batch.replaceSegment(replacement);
  print: FollowHost['print'] = async () => undefined;
}
