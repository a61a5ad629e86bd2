import type { Clock, Ids } from '../../shared/base/clock';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { sourceSchema } from '../../shared/market/executions';
import type {
  FollowBatches,
  FollowedFile,
  FollowedFileView,
  FollowedOrigin,
  Follower,
  Page,
  Paged,
  SegmentKey,
  StoreChange,
  WatchKind,
  WatchRecord,
  WatchSettings,
  WatchState,
  WatchStore,
} from '../engine/ports';
import { type BindValue, type Row, statement } from './connection';
import { StoredFollowBatches } from './follow-batch';
import { FollowLeases } from './follow-lease';
import type { StoredImports } from './import-store';
import { ManyRows } from './insert-rows';
import type { ProcessIdentity } from './process-identity';
import type { Readers } from './readers';
import { bytesCell, isNullCell, numberCell, numberOrNullCell, textCell, textOrNullCell, wordCell } from './rows';
import { keyOf } from './shared-segments';
import type { Transaction, WriteQueue } from './write-queue';

/** What is watched, how far each file was read, and who may follow. */

const selectWatches = statement(
  'list watches',
  `SELECT watches.*, (SELECT count(*) FROM followed_files WHERE watch_number = watches.number) AS files,
     (SELECT coalesce(sum(imports.executions), 0) FROM imports WHERE imports.number IN
       (SELECT import_number FROM followed_files WHERE watch_number = watches.number)) AS executions
   FROM watches ORDER BY number`,
);
const insertWatch = statement(
  'add a watch',
  `INSERT INTO watches (id, path, kind, source, strategy, account, version, format, map, zone, symbol, since_us)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO NOTHING`,
);
const deleteWatch = statement('remove a watch', 'DELETE FROM watches WHERE id = ?');
const pauseWatch = statement(
  'pause or resume a watch',
  'UPDATE watches SET paused = ?2, since_us = ?3 WHERE id = ?1 AND paused <> ?2',
);
const hasWatch = statement('look for a watch', 'SELECT number FROM watches WHERE id = ?');
const changeState = statement(
  'change the state of a watch',
  `UPDATE watches SET since_us = iif(state = ?2, since_us, ?4), state = ?2, reason = ?3
   WHERE id = ?1 AND (state, reason) IS NOT (?2, ?3)`,
);
const fileColumns = `followed_files.id, watches.id AS watch_id, name, mode, imports.id AS import_id, identity, position_bytes,
  followed_files.size_bytes, print, sample_bytes, followed_files.format, followed_files.state, followed_files.reason,
  EXISTS (SELECT 1 FROM followed_origins WHERE file_number = followed_files.number) AS continues`;
const fromFiles = `FROM followed_files JOIN watches ON watches.number = watch_number
  LEFT JOIN imports ON imports.number = import_number`;
const selectFiles = statement(
  'list followed files',
  `SELECT ${fileColumns} ${fromFiles} WHERE watches.id = ? ORDER BY followed_files.number`,
);
const selectFilePage = statement(
  'list files of a watch',
  `SELECT ${fileColumns}, coalesce(imports.executions, 0) AS executions, coalesce(imports.quarantined, 0) AS quarantined
   ${fromFiles} WHERE watches.id = ?1 ORDER BY name LIMIT ?3 OFFSET ?2`,
);
const countFiles = statement(
  'count files of a watch',
  'SELECT count(*) AS total FROM followed_files JOIN watches ON watches.number = watch_number WHERE watches.id = ?',
);
const upsertFiles = new ManyRows(
  'note followed files',
  13,
  (rows) => `INSERT INTO followed_files
     (id, watch_number, name, mode, import_number, identity, position_bytes, size_bytes, print, sample_bytes, format, state, reason)
   SELECT file.column1, watches.number, file.column3, file.column4, (SELECT number FROM imports WHERE id = file.column5), file.column6,
     file.column7, file.column8, file.column9, file.column10, file.column11, file.column12, file.column13
   FROM (VALUES ${rows}) AS file JOIN watches ON watches.id = file.column2
   WHERE true
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, mode = excluded.mode, import_number = excluded.import_number,
     identity = excluded.identity, position_bytes = excluded.position_bytes, size_bytes = excluded.size_bytes,
     print = excluded.print, sample_bytes = excluded.sample_bytes, format = excluded.format, state = excluded.state,
     reason = excluded.reason`,
);
const deleteFile = statement('forget a followed file', 'DELETE FROM followed_files WHERE id = ?');
const insertOrigin = statement(
  'note what a file continues',
  `INSERT OR REPLACE INTO followed_origins (file_number, beginning, carry, occurrences)
   SELECT number, ?2, ?3, ?4 FROM followed_files WHERE id = ?1`,
);
const selectOrigin = statement(
  'read what a file continues',
  `SELECT beginning, carry, occurrences FROM followed_origins JOIN followed_files ON file_number = number WHERE id = ?`,
);

const selectUnmerged = statement(
  'list segments to merge',
  `SELECT imports.id AS import_id, shared_segments.strategy, symbol, day, shared_segments.source
   FROM shared_segments JOIN imports ON imports.number = import_number WHERE pending = 1
   ORDER BY import_number, day, symbol`,
);

export interface WatchParts {
  readonly queue: WriteQueue;
  readonly readers: Readers;
  readonly identity: ProcessIdentity;
  readonly imports: Pick<StoredImports, 'removeInterrupted'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changed: (what?: StoreChange) => void;
}

export class StoredWatches implements WatchStore {
  private readonly leases: FollowLeases;
  private following: StoredFollower | null = null;

  constructor(private readonly parts: WatchParts) {
    this.leases = new FollowLeases(parts.identity, parts.clock, parts.ids);
  }

  async list(): Promise<readonly WatchRecord[]> {
    return (await this.parts.readers.all(selectWatches)).map(watchOf);
  }

  async add(path: string, kind: WatchKind, settings: WatchSettings): Promise<string> {
    const id = this.parts.ids.next('watch');
    const { source, strategy, account, version, format, map, zone, symbol } = settings;
    const values = [id, path, kind, source, strategy, account, version, format, map, zone, symbol];
    const added = await this.parts.queue.transaction('decision', (transaction) =>
      transaction.run(insertWatch, [...values, this.parts.clock.nowUs()]),
    );
    if (added === 0) {
      throw new FailureError(
        failure(
          'conflict',
          `${path} is followed already.`,
          'Remove that watch first to follow it with other settings.',
          {
            path,
          },
        ),
      );
    }
    this.parts.changed();
    return id;
  }

  async remove(id: string): Promise<void> {
    await this.change(id, (transaction) => transaction.run(deleteWatch, [id]));
  }

  async setPaused(id: string, paused: boolean): Promise<void> {
    await this.change(id, (transaction) => transaction.run(pauseWatch, [id, paused ? 1 : 0, this.parts.clock.nowUs()]));
  }

  async files(id: string, { offset, limit }: Page): Promise<Paged<FollowedFileView>> {
    const { readers } = this.parts;
    if ((await readers.get(hasWatch, [id])) === null) throw unknownWatch(id);
    const [rows, count] = await Promise.all([
      readers.all(selectFilePage, [id, offset, limit]),
      readers.get(countFiles, [id]),
    ]);
    return {
      rows: rows.map((row) => ({
        ...fileOf(row),
        executions: numberCell(row, 'executions'),
        quarantined: numberCell(row, 'quarantined'),
      })),
      total: numberCell(count ?? {}, 'total'),
    };
  }

  async follow(): Promise<Follower | null> {
    const held = await this.leases.current(this.parts.readers);
    if (held !== null && !(await this.leases.isLost(held))) return null;
    const token = await this.parts.queue.transaction('decision', (transaction) => this.leases.take(transaction, held));
    if (token === null) return null;
    this.following = new StoredFollower(this.parts, this.leases, token, () => {
      this.following = null;
    });
    return this.following;
  }

  async follower(): Promise<'this' | 'other' | 'none'> {
    if (this.following !== null) return 'this';
    const held = await this.leases.current(this.parts.readers);
    return held === null || (await this.leases.isLost(held)) ? 'none' : 'other';
  }

  async close(): Promise<void> {
    await this.following?.release().catch(() => undefined); // whoever follows next sees that this process is gone
  }

  private async change(id: string, work: (transaction: Transaction) => Promise<unknown>): Promise<void> {
    await this.parts.queue.transaction('decision', async (transaction) => {
      if ((await transaction.get(hasWatch, [id])) === null) throw unknownWatch(id);
      await work(transaction);
    });
    this.parts.changed();
  }
}

class StoredFollower implements Follower {
  constructor(
    private readonly parts: WatchParts,
    private readonly leases: FollowLeases,
    private readonly token: string,
    private readonly ended: () => void,
  ) {}

  async renew(): Promise<boolean> {
    try {
      await this.write(async () => undefined);
      return true;
    } catch (error) {
      if (toFailure(error).code !== 'conflict') throw error;
      this.ended();
      return false;
    }
  }

  async files(watchId: string): Promise<readonly FollowedFile[]> {
    return (await this.parts.readers.all(selectFiles, [watchId])).map(fileOf);
  }

  async origin(fileId: string): Promise<FollowedOrigin | null> {
    const row = await this.parts.readers.get(selectOrigin, [fileId]);
    return row === null
      ? null
      : {
          beginning: bytesCell(row, 'beginning'),
          carry: bytesCell(row, 'carry'),
          occurrences: bytesCell(row, 'occurrences'),
        };
  }

  async save(
    files: readonly FollowedFile[],
    removedIds: readonly string[] = [],
    origins: ReadonlyMap<string, FollowedOrigin> = new Map(),
  ): Promise<void> {
    if (files.length + removedIds.length === 0) return;
    await this.write(async (transaction) => {
      for (const id of removedIds) await transaction.run(deleteFile, [id]);
      await upsertFiles.run(transaction, files.map(fileValues));
      for (const [id, { beginning, carry, occurrences }] of origins) {
        await transaction.run(insertOrigin, [id, beginning, carry, occurrences]);
      }
    });
  }

  async setState(watchId: string, state: WatchState, reason: string | null): Promise<void> {
    const changed = await this.write((transaction) =>
      transaction.run(changeState, [watchId, state, reason, this.parts.clock.nowUs()]),
    );
    if (changed > 0) this.parts.changed();
  }

  batches(): FollowBatches {
    return new StoredFollowBatches({
      ...this.parts,
      renew: (transaction) => this.leases.renew(transaction, this.token),
      saveFiles: async (transaction, files) => void (await upsertFiles.run(transaction, files.map(fileValues))),
    });
  }

  async unmerged(): ReturnType<Follower['unmerged']> {
    const byImport = new Map<string, SegmentKey[]>();
    for (const row of await this.parts.readers.all(selectUnmerged)) {
      const importId = textCell(row, 'import_id');
      const segments = byImport.get(importId) ?? [];
      byImport.set(importId, segments);
      segments.push(keyOf(row));
    }
    return [...byImport].map(([importId, segments]) => ({ importId, segments }));
  }

  async release(): Promise<void> {
    this.ended();
    await this.parts.queue.transaction('bulk', (transaction) => this.leases.giveBack(transaction, this.token));
  }

  private write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.parts.queue.transaction('bulk', async (transaction) => {
      await this.leases.renew(transaction, this.token);
      return work(transaction);
    });
  }
}

function unknownWatch(id: string): FailureError {
  return new FailureError(failure('not-found', `There is no watch ${id}.`, 'Look at the list of watches.', { id }));
}

function fileValues(file: FollowedFile): BindValue[] {
  return [
    file.id,
    file.watchId,
    file.name,
    file.mode,
    file.importId,
    file.identity,
    file.positionBytes,
    file.sizeBytes,
    file.print,
    file.sampleBytes,
    file.format,
    file.state,
    file.reason,
  ];
}

function fileOf(row: Row): FollowedFile {
  return {
    id: textCell(row, 'id'),
    watchId: textCell(row, 'watch_id'),
    name: textCell(row, 'name'),
    mode: isNullCell(row, 'mode') ? null : wordCell(row, 'mode', ['stream', 'whole'] as const),
    importId: textOrNullCell(row, 'import_id'),
    identity: textCell(row, 'identity'),
    positionBytes: numberCell(row, 'position_bytes'),
    sizeBytes: numberCell(row, 'size_bytes'),
    print: textOrNullCell(row, 'print'),
    sampleBytes: numberOrNullCell(row, 'sample_bytes'),
    format: textOrNullCell(row, 'format'),
    state: wordCell(row, 'state', ['following', 'writing', 'failed', 'gone']),
    reason: textOrNullCell(row, 'reason'),
    continues: numberCell(row, 'continues') === 1,
  };
}

function watchOf(row: Row): WatchRecord {
  return {
    id: textCell(row, 'id'),
    path: textCell(row, 'path'),
    kind: wordCell(row, 'kind', ['folder', 'file']),
    source: wordCell(row, 'source', sourceSchema.options),
    strategy: textOrNullCell(row, 'strategy'),
    account: textOrNullCell(row, 'account'),
    version: textOrNullCell(row, 'version'),
    format: textOrNullCell(row, 'format'),
    map: textOrNullCell(row, 'map'),
    zone: textOrNullCell(row, 'zone'),
    symbol: textOrNullCell(row, 'symbol'),
    paused: numberCell(row, 'paused') === 1,
    state: wordCell(row, 'state', ['watching', 'unreachable', 'failed']),
    reason: textOrNullCell(row, 'reason'),
    sinceUs: numberCell(row, 'since_us'),
    files: numberCell(row, 'files'),
    executions: numberCell(row, 'executions'),
    lastRecordUs: numberOrNullCell(row, 'last_record_us'),
    lastReadUs: numberOrNullCell(row, 'last_read_us'),
    delayMs: numberOrNullCell(row, 'delay_ms'),
  };
}
