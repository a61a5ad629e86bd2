import { basename, join } from 'node:path';
import { type Failure, FailureError, toFailure } from '../../../shared/base/errors';
import { fileFailure } from '../imports/file-state';
import type { FollowedFile, WatchRecord, WatchState } from '../ports';
import { documentRestsMs, FileBatches } from './file-batches';
import { fingerprint } from './fingerprint';
import { batchBytes } from './follow-task';
import { FollowedFiles, type WatchFollowerParts } from './followed-files';
import { isNewAndSmall, type Live, newFile, readerOf, sameLook } from './live-file';
import { Hints, lookAt, seeAt, seeOpen } from './look';
import { isNumberedAnew, placesOf, type Seen, stepFor } from './rules';
import { Succession } from './succession';

/** One watch: looks at what there is, and gives each file its turn. */

/** Between two batches of one file: what is written meanwhile costs one batch and not many. */
const batchEveryMs = 600;
/** A busy file may take this share of the time. */
const shareOfTime = 0.3;
/** A document that cannot be read is being written, until it has not changed for so long. */
const documentFailsMs = 30_000;
const lookEveryMs = 1_000;
const lookAgainMs = 20;
const unreachableEveryMs = 1_000;
const busyMs = 100;
/** Files that nothing was read of yet are read and stored together: so many at a time. */
const filesTogether = 128;
/** After so long other watches have their turn. */
const togetherMs = 1_000;

interface Turn {
  readonly waitMs: number;
  /** Everything was looked at, and nothing is left to do. */
  readonly idle: boolean;
}

export class WatchFollower {
  private readonly files: FollowedFiles;
  private readonly batches: FileBatches;
  private readonly succession: Succession;
  private readonly hints: Hints;
  private readonly hinted = new Set<string>();
  private lookDueMs = Number.NEGATIVE_INFINITY;
  /** When it last began to look at everything. */
  lookedMs = Number.NEGATIVE_INFINITY;
  private lookTookMs = 0;
  private told: { state: WatchState; reason: string | null } | null = null;

  constructor(
    private readonly watch: WatchRecord,
    files: readonly FollowedFile[],
    private readonly parts: WatchFollowerParts,
  ) {
    this.files = new FollowedFiles(watch, files, parts);
    this.batches = new FileBatches(this.files, parts);
    this.succession = new Succession(this.files, this.batches, parts);
    this.hints = new Hints(this.files.root, (name) => {
      if (name === null) this.files.lookAnyway = true;
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
    for (const one of this.files.live.values()) one.dueMs = 0;
  }

  async close(): Promise<void> {
    this.hints.close();
    for (const one of this.files.live.values()) await this.files.closeFile(one);
  }

  /** Does what is due, a batch of each file at most. */
  async turn(signal: AbortSignal): Promise<Turn> {
    const { clock } = this.parts;
    let nowMs = clock.monotonicMs();
    const looksAgainMs = this.lookedMs + Math.max(lookAgainMs, this.lookTookMs * 5);
    if (nowMs >= this.lookDueMs || (this.files.lookAnyway && nowMs >= looksAgainMs)) {
      if (!(await this.lookAround())) return { waitMs: unreachableEveryMs, idle: true };
      nowMs = clock.monotonicMs();
    } else if (this.hinted.size > 0) {
      await this.followHints();
    }
    const begun = [...this.files.live.values()].filter((one) => one.dueMs <= nowMs && isNewAndSmall(one));
    for (let first = 0; begun.length - first > 1 && !signal.aborted; first += filesTogether) {
      await this.batches.readTogether(begun.slice(first, first + filesTogether), signal);
      if (clock.monotonicMs() - nowMs > togetherMs) return { waitMs: 0, idle: false };
    }
    const due = [...this.files.live.values()].filter((one) => hasWork(one)).sort((a, b) => a.dueMs - b.dueMs);
    let waitMs = Number.POSITIVE_INFINITY;
    let idle = true;
    for (const one of due) {
      if (signal.aborted) break;
      // The turn of another one showed that it is a copy of that: it is no file of its own any more.
      if (!this.files.live.has(one.file.id)) continue;
      if (clock.monotonicMs() < one.dueMs) {
        waitMs = Math.min(waitMs, one.dueMs - clock.monotonicMs());
        idle = false;
        continue;
      }
      await this.work(one);
      if (hasWork(one)) {
        waitMs = Math.min(waitMs, one.dueMs - clock.monotonicMs());
        idle = false;
      }
    }
    if (due.length > 0) await this.tellState();
    // Only now: what a file's turn came upon may be the reason for another look.
    const { lookAnyway } = this.files;
    waitMs = Math.min(waitMs, (lookAnyway ? looksAgainMs : this.lookDueMs) - nowMs);
    return { waitMs: Math.max(0, waitMs), idle: idle && !lookAnyway };
  }

  /** False when the watch cannot be reached. */
  private async lookAround(): Promise<boolean> {
    const { clock } = this.parts;
    const beganMs = clock.monotonicMs();
    this.files.lookAnyway = false;
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
    const own = [...this.files.live.values()].find(({ file }) => file.name === name);
    const seen = await seeAt(this.watch.path);
    const simple = own
      ? seen !== null && seen.identity === own.file.identity && seen.sizeBytes >= own.file.positionBytes
      : seen !== null;
    if (simple && seen && this.files.live.size <= 1)
      return { seen: new Map([[name, seen]]), folders: [this.files.root] };
    return lookAt(this.watch);
  }

  private async place(seen: ReadonlyMap<string, Seen>): Promise<void> {
    const nowMs = this.parts.clock.monotonicMs();
    const names = new Map([...seen].map(([name, { identity }]) => [identity, name]));
    for (const one of [...this.files.live.values()]) {
      const { id, name, mode, identity } = one.file;
      const at = names.get(identity);
      if (mode !== 'stream' || at === undefined || !this.files.live.has(id)) continue;
      const stays = seen.get(one.at ?? name)?.identity === identity;
      if (await this.succession.isCutOff(one, at, seen.get(at)!, stays)) await this.succession.bindToCopy(one, seen);
    }
    const files = [...this.files.live.values()].map(({ file }) => file);
    const places = placesOf(files, seen);
    const placed = new Set(places.values());
    const known = new Set(files.map(({ name }) => name));
    const taken = new Set<string>();
    const changed: FollowedFile[] = [];
    for (const one of this.files.live.values()) {
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
      // lost the ending of an unfinished copy, that handed its log on before, or whose name has gone to another known file, has its
      // new name at once.
      const finished = at !== null && one.file.name.startsWith(at);
      const displaced = at !== one.file.name && placed.has(one.file.name);
      const handedOn = at !== null && isNumberedAnew(one.file.name, at, known);
      if (at !== null && at !== one.file.name && (finished || displaced || handedOn)) {
        one.file = { ...one.file, name: at };
        changed.push(one.file);
      }
    }
    if (changed.length > 0) await this.parts.follower.save(changed);
    const own = this.watch.kind === 'file' ? basename(this.watch.path) : null;
    for (const before of [...this.files.live.values()]) {
      const { name } = before.file;
      if (before.at === null || before.at === name || taken.has(name) || !this.files.live.has(before.file.id)) continue;
      // The file that was at this name moved aside: the log goes on here as soon as something is written.
      if (seen.has(name)) taken.add(name);
      await this.succession.succeedAll(before, seen, taken);
    }
    const fresh: FollowedFile[] = [];
    for (const [name, found] of seen) {
      if (taken.has(name) || (own !== null && name !== own)) continue;
      fresh.push(this.files.add(newFile(this.parts.ids.next('followed'), this.watch.id, name, found), found).file);
    }
    // Written down at first sight: what is seen under another name later is then known to have moved.
    await this.parts.follower.save(fresh);
    if (
      own !== null &&
      !seen.has(own) &&
      ![...this.files.live.values()].some(({ file, at }) => file.name === own && at !== null)
    ) {
      throw Object.assign(new Error(`${this.watch.path} is not there`), { code: 'ENOENT' });
    }
  }

  private async followHints(): Promise<void> {
    const names = [...this.hinted];
    this.hinted.clear();
    const nowMs = this.parts.clock.monotonicMs();
    for (const hint of names) {
      const name = hint.replace(/-wal$/, '');
      const one = [...this.files.live.values()].find(({ at }) => at === name);
      if (!one) {
        // A name nobody follows: new, or passed over.
        continue;
      }
      const now = await seeAt(join(this.files.root, name)).catch(() => null);
      if (now === null || now.identity !== one.seen?.identity || now.sizeBytes < one.file.positionBytes) {
        this.files.lookAnyway = true;
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
      if (one.file.mode === 'whole') await this.batches.readWhole(one, seen);
      else more = await this.readOn(one, seen);
    } catch (thrown) {
      const failure = toFailure(fileFailure(thrown, join(this.files.root, one.at ?? one.file.name), one.file.name));
      if (failure.code === 'conflict' || failure.code.startsWith('store-') || failure.code === 'unavailable')
        throw thrown;
      if (failure.code === 'cancelled' || failure.code === 'internal') throw thrown;
      if (failure.code === 'busy') {
        one.dueMs = clock.monotonicMs() + busyMs;
        return;
      }
      if (failure.code === 'file-missing' || failure.code === 'file-unreadable') {
        await this.files.closeFile(one);
        this.files.lookAnyway = true;
      }
      // Moved or removed since it was seen: the next look tells where to, and it is read there.
      if (failure.code !== 'file-missing') await this.refuse(one, seen, failure);
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
    const handle = await this.files.opened(one, seen);
    const now = handle === null ? null : await seeOpen(handle);
    if (handle === null || now === null) {
      // Another file stands there by now. This one has not been read: it is not done, wherever the next look finds it.
      this.files.lookAnyway = true;
      return false;
    }
    if (step === 'compare') {
      const same = (await fingerprint(readerOf(handle), file.positionBytes)) === file.print;
      step = stepFor(file, one.done, now, same);
    }
    if (step === 'replaced') {
      await this.succession.replaced(one, now);
      return false;
    }
    if (step === 'rest') {
      await this.files.note(one, now, 'following', null);
      one.done = now;
      return false;
    }
    const result = await this.batches.batch(one, handle, now, false);
    if (result === null) return true;
    if (result.kind === 'whole') {
      await this.becomeWhole(one);
      return false;
    }
    if (result.kind === 'changed') {
      this.files.lookAnyway = true;
      return false;
    }
    if (result.kind === 'unfinished') {
      await this.files.note(one, now, 'writing', 'No whole row is written yet by which its format could be told.');
      one.done = now;
      return false;
    }
    // What is left of the last batch has no line end yet.
    if (now.sizeBytes - file.positionBytes > batchBytes && result.positionBytes > file.positionBytes) return true;
    one.done = now;
    return false;
  }

  private async becomeWhole(one: Live): Promise<void> {
    one.file = { ...one.file, mode: 'whole', print: null, state: 'writing', reason: 'It is read once it is complete.' };
    await this.files.closeFile(one);
    await this.parts.follower.save([one.file]);
    this.parts.rouse();
  }

  /** A file that cannot be read (yet) keeps its reason until it changes. */
  private async refuse(one: Live, seen: Seen, failure: Failure): Promise<void> {
    const { clock } = this.parts;
    const unfinished = ['format-damaged', 'format-unknown', 'file-changed', 'file-empty'].includes(failure.code);
    const restsMs = clock.monotonicMs() - one.restsSinceMs;
    if (one.file.mode === 'whole' && unfinished && restsMs < documentFailsMs) {
      await this.files.note(one, seen, 'writing', `It is not complete yet: ${failure.message}`);
      one.dueMs = clock.monotonicMs() + Math.max(documentRestsMs, restsMs);
      return;
    }
    await this.files.note(one, seen, 'failed', `${failure.message} ${failure.hint}`);
    one.done = seen;
  }

  /** The state of the watch as a whole, written when it changes. */
  private async tellState(): Promise<void> {
    const files = [...this.files.live.values()].map(({ file }) => file);
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

function hasWork({ seen, done }: Live): boolean {
  return seen !== null && !(done && sameLook(seen, done));
}
