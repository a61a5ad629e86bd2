import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FailureError, toFailure } from '../../../shared/base/errors';
import { Databases, nothingButDamage } from '../imports/import-service';
import type { ForeignHost, ImportTask } from '../imports/import-task';
import { savedMapTexts } from '../imports/saved-maps';
import type { FollowBatch, FollowedFile, FollowedOrigin } from '../ports';
import type { FollowHost, FollowResult } from './follow-task';
import type { FollowedFiles, WatchFollowerParts } from './followed-files';
import { beginsAs, type Live, sameLook, stateAfter } from './live-file';
import { seeAt } from './look';
import { type Growing, grownBy, readAnew, type Seen } from './rules';

/** Reads followed files and stores what they bring, with how far each is read: a batch of one, many small ones together, or a document anew. */

/** A document is read once it has not changed for so long. */
export const documentRestsMs = 1_000;
const databaseEveryMs = 300;

type Read = Extract<FollowResult, { readonly kind: 'read' }>;

export class FileBatches {
  /** The latest wall time seen: a clock that steps back must not make rows look as if they came from the future. */
  private latestUs = 0;

  constructor(
    private readonly files: FollowedFiles,
    private readonly parts: WatchFollowerParts,
  ) {}

  /** Reads one batch and stores it; null when somebody else stored rows meanwhile and it must be read again. */
  async batch(one: Live, handle: FileHandle, now: Seen, handOver: boolean): Promise<FollowResult | null> {
    const batches = this.parts.follower.batches();
    const { result, next } = await this.readInto(batches.begin(), one, handle, now, handOver);
    if (next !== null) {
      if (!(await batches.commit())) return null;
      one.file = next;
      this.parts.stored();
    } else if (result.kind === 'read' && !handOver) {
      const { state, reason } = stateAfter(result, now);
      await this.files.note(one, now, state, reason);
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
    return { result, next: result.kind === 'read' ? this.settle(batch, one, now, importId, result) : null };
  }

  /** The file as it is once the batch is stored; null where there is nothing to store. */
  private settle(batch: FollowBatch, one: Live, now: Seen, importId: string, result: Read): FollowedFile | null {
    const { file } = one;
    const { collected, positionBytes, print, sampleBytes, format } = result;
    if (positionBytes === file.positionBytes && collected.counts.rowsRead === 0) return null;
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
      path: join(this.files.root, one.at ?? file.name),
      sizeBytes: now.sizeBytes,
      format,
      confidence: result.confidence,
      reason: result.reason,
      zoneAssumed: result.zoneAssumed,
      endedAtUs: this.nowUs(),
    });
    batch.commit({ file: next, record, quarantine: 'add', read: this.lastRead(collected.lastUs) });
    return next;
  }

  /**
   * Reads small files that nothing was read of yet in one job and stores them together: a folder that is new has thousands. A file that
   * is not simply read to its end is left to its own turn; where it had added something already, all of them are.
   */
  async readTogether(begun: readonly Live[], signal: AbortSignal): Promise<void> {
    const { follower, runner, ids } = this.parts;
    const batches = follower.batches();
    const [first] = begun;
    if (first === undefined) return;
    const files = begun.map(({ file, at, seen }) => ({
      importId: file.importId ?? ids.next('import'),
      path: join(this.files.root, at ?? file.name),
      name: file.name,
      identity: seen?.identity ?? file.identity,
    }));
    const own = files.map(() => batches.begin());
    const results = await runner.run(
      'followMany',
      { read: await this.request(first, files[0]!.importId), files },
      {
        signal,
        host: {
          existingHashes: (keys) => own[0]!.existingHashes(keys),
          addOrderEvents: ({ place, events }) => own[place]!.addOrderEvents(events),
        },
      },
    );
    const read: { readonly one: Live; readonly now: Seen; readonly next: FollowedFile }[] = [];
    for (const [place, one] of begun.entries()) {
      const result = results[place];
      const batch = own[place]!;
      if (!result) {
        // The others may have left out what this one told before them.
        if (!batch.empty) return;
        continue;
      }
      await batch.addParts(result.parts);
      if (result.prices.length > 0) await batch.addPrices(result.prices);
      await batch.addQuarantined(result.quarantined);
      for (const reading of result.readings) await batch.addReading(reading);
      const next = this.settle(batch, one, result.seen, files[place]!.importId, result.read);
      if (next !== null) read.push({ one, now: result.seen, next });
      else if (!batch.empty) return;
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

  /** Reads a document, an archive or a database anew when it has changed. */
  async readWhole(one: Live, seen: Seen): Promise<void> {
    const { clock, follower, runner, ids } = this.parts;
    const { file } = one;
    const path = join(this.files.root, one.at ?? file.name);
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

  private async request(one: Live, importId: string): Promise<ImportTask['args']> {
    const { source, strategy, version, account, format, map, zone, symbol } = this.files.watch;
    const path = join(this.files.root, one.at ?? one.file.name);
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
    const { source, strategy, version, account } = this.files.watch;
    return {
      fileName: basename(file.name),
      path: join(this.files.root, file.name),
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
