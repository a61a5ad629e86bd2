import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Clock, Ids } from '../../shared/base/clock';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import type { DeskStore, StoreChange, StoreHealth } from '../engine/ports';
import { StoredAudit } from './audit-store';
import { DESK_FILE, listBackups, newBackupPath, pruneBackups, restoreHint, writeBackup } from './backups';
import { StoredCanary } from './canary-store';
import { ChangeWatch } from './change-watch';
import { Connection, freeBytesAt, statement } from './connection';
import { StoredExecutions } from './execution-store';
import { fileFailure } from './file-failure';
import { StoredImports } from './import-store';
import { latestSchemaVersion } from './migrations';
import { StoredMonitorLease } from './monitor-lease';
import { thisProcess } from './process-identity';
import { Readers } from './readers';
import { StoredReports } from './report-store';
import { damaged, textCell } from './rows';
import { migrate, schemaVersionOf } from './schema';
import { StoredSettings } from './settings-store';
import { StoredTouchedDays } from './touched-days';
import { StoredWatches } from './watch-store';
import { WriteQueue } from './write-queue';

/** Opens the `lockstep.db` of a folder: checked, migrated, cleared of imports whose process died. */

export interface StoreOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long a statement waits for another process's lock. */
  readonly busyTimeoutMs: number;
  /** How often other processes' changes are looked for. */
  readonly pollMs: number;
}

const READERS = 2;
/** Tables that only hold bytes: their content has check sums of its own, and checking their pages would take as long as reading them. */
const bulkTables = new Set(['segment_data', 'price_chunks']);

const pageSize = statement('set the page size', 'PRAGMA page_size = 32768');
const writeAhead = statement('use a write-ahead log', 'PRAGMA journal_mode = WAL');
const foreignKeys = statement('check references', 'PRAGMA foreign_keys = ON');
const cacheSize = statement('set the cache size', 'PRAGMA cache_size = -16384');
const journalLimit = statement('bound the write-ahead log', 'PRAGMA journal_size_limit = 67108864');
const tableNames = statement(
  'list tables',
  `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
);
const quickCheck = statement('check the store', 'PRAGMA quick_check(1)');
const sqliteVersion = statement('read the SQLite version', 'SELECT sqlite_version() AS version');

export async function openDesk(
  directory: string,
  mode: 'create' | 'existing',
  options: StoreOptions,
): Promise<Result<DeskStore>> {
  const folder = resolve(directory);
  try {
    return ok(await open(folder, mode, options));
  } catch (error) {
    const cause = toFailure(error);
    if (cause.code !== 'store-corrupt') return fail(cause);
    return fail({ ...cause, hint: await restoreHint(folder) });
  }
}

async function open(directory: string, mode: 'create' | 'existing', options: StoreOptions): Promise<DeskStore> {
  const path = join(directory, DESK_FILE);
  await prepareFolder(directory, path, mode);
  const existed = await checkFile(directory, path);
  const writer = await Connection.open(path, mode === 'create' ? 'create' : 'write', options.busyTimeoutMs).catch(
    async (error: unknown) => {
      throw await explainOpening(error, directory, path);
    },
  );
  const queue = new WriteQueue(writer);
  let readers: Readers | null = null;
  try {
    await writer.all(pageSize);
    await startWriteAhead(writer, directory, path);
    await writer.run(foreignKeys);
    await writer.run(cacheSize);
    await writer.all(journalLimit);
    await checkTables(writer);
    const version = await schemaVersionOf(writer, path);
    if (version > 0 && version < latestSchemaVersion) {
      const toFile = await newBackupPath(directory, options.clock, `-before-schema-${latestSchemaVersion}`);
      await writeBackup(path, toFile, options.busyTimeoutMs);
    }
    // Also when nothing is to be migrated: an empty transaction is what tells that the file can be written.
    await migrate(queue, path, options.clock);
    readers = await Readers.open(path, READERS, options.busyTimeoutMs);
    const watch = new ChangeWatch(queue, readers, options.pollMs);
    const identity = await thisProcess();
    const imports = new StoredImports(queue, readers, identity, options.clock, options.ids, watch.changed);
    if (existed) await imports.removeInterrupted();
    const monitorLease = new StoredMonitorLease(queue, readers, identity, options.clock, options.ids);
    const watches = new StoredWatches({ queue, readers, identity, imports, ...options, changed: watch.changed });
    await watch.start();
    return new OpenDesk(directory, path, queue, readers, watch, imports, watches, monitorLease, options);
  } catch (error) {
    await readers?.close().catch(() => undefined);
    await queue.close().catch(() => undefined);
    throw await explainOpening(error, directory, path);
  }
}

async function prepareFolder(directory: string, path: string, mode: 'create' | 'existing'): Promise<void> {
  if (mode === 'create') {
    try {
      await mkdir(directory, { recursive: true });
    } catch (error) {
      throw await refusedFolder(error, directory);
    }
    return;
  }
  if ((await stat(path).catch(() => null)) !== null) return;
  throw new FailureError(
    failure(
      'not-found',
      `There is no desk in ${directory}`,
      'Import a log first, or name another folder with --data-dir.',
      {
        path,
      },
    ),
  );
}

/** Making a folder on a read-only disk fails as if its parent were missing; the nearest folder that exists tells the reason. */
async function refusedFolder(error: unknown, directory: string): Promise<FailureError> {
  for (let parent = dirname(directory); parent !== dirname(parent); parent = dirname(parent)) {
    if ((await stat(parent).catch(() => null)) === null) continue;
    return access(parent, constants.W_OK).then(
      () => fileFailure(error, directory, 'make the folder'),
      (refused: unknown) => fileFailure(refused, directory, 'make the folder'),
    );
  }
  return fileFailure(error, directory, 'make the folder');
}

/** Whether a file with content is there. An empty file that has a log or backups beside it has lost its content. */
async function checkFile(directory: string, path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return false;
  if (!facts.isFile()) {
    throw new FailureError(
      failure('store-failed', `${path} is not a file`, 'Move it away, or choose another folder with --data-dir.', {
        path,
      }),
    );
  }
  if (facts.size > 0) return true;
  const log = await stat(`${path}-wal`).catch(() => null);
  if ((log?.size ?? 0) > 0 || (await listBackups(directory)).length > 0) throw damaged(`${path} is empty`);
  return false;
}

/** Another process may be opening the same new file; changing the journal mode then fails at once instead of waiting. */
async function startWriteAhead(writer: Connection, directory: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const mode = textCell((await writer.get(writeAhead)) ?? {}, 'journal_mode');
      if (mode === 'wal') return;
      await access(directory, constants.W_OK).catch((error: unknown) => {
        throw fileFailure(error, path, 'write');
      });
      throw new FailureError(
        failure(
          'store-failed',
          `${path} is on a file system without write-ahead logs`,
          'Choose a folder on a local disk with --data-dir.',
          { path, mode },
        ),
      );
    } catch (error) {
      if (toFailure(error).code !== 'store-locked' || attempt === 5) throw error;
    }
  }
}

async function checkTables(writer: Connection): Promise<void> {
  for (const row of await writer.all(tableNames)) {
    const table = textCell(row, 'name');
    if (bulkTables.has(table)) continue;
    const named = statement(`check table ${table}`, `PRAGMA quick_check('${table.replaceAll("'", "''")}')`);
    const found = textCell((await writer.get(named)) ?? {}, 'quick_check');
    if (found !== 'ok') throw damaged(`table ${table}: ${found}`);
  }
}

/** SQLite says "cannot open" and "i/o error" of a folder it may not write; the file system knows better. */
async function explainOpening(error: unknown, directory: string, path: string): Promise<unknown> {
  const cause = toFailure(error);
  if (cause.code !== 'store-failed' || !('sqlite' in cause.detail)) return error;
  for (const place of [directory, path]) {
    try {
      await access(place, constants.W_OK | constants.R_OK);
    } catch (refused) {
      const explained = fileFailure(refused, place, 'open');
      if (explained.failure.code === 'store-read-only') return explained;
    }
  }
  return error;
}

class OpenDesk implements DeskStore {
  readonly executions: DeskStore['executions'];
  readonly reports: DeskStore['reports'];
  readonly touched: DeskStore['touched'];
  readonly settings: DeskStore['settings'];
  readonly canary: DeskStore['canary'];
  readonly audit: DeskStore['audit'];
  private closing: Promise<void> | null = null;

  constructor(
    readonly directory: string,
    private readonly path: string,
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly watch: ChangeWatch,
    readonly imports: StoredImports,
    readonly watches: StoredWatches,
    readonly monitorLease: StoredMonitorLease,
    private readonly options: StoreOptions,
  ) {
    this.executions = new StoredExecutions(readers);
    this.reports = new StoredReports(queue, readers, () => watch.changed('reports'));
    this.touched = new StoredTouchedDays(queue, readers);
    const decided = () => watch.changed('canary');
    this.canary = new StoredCanary(queue, readers, monitorLease, decided);
    this.audit = new StoredAudit(queue, readers, decided);
    this.settings = new StoredSettings(queue, readers, options.clock, watch.changed);
  }

  /** Unlike the check at the start, this one looks at every page. */
  async health(): Promise<StoreHealth> {
    const [file, log, integrity, sqlite, freeBytes, backups] = await Promise.all([
      stat(this.path),
      stat(`${this.path}-wal`).catch(() => null),
      this.readers.get(quickCheck),
      this.readers.get(sqliteVersion),
      freeBytesAt(this.path),
      listBackups(this.directory),
    ]);
    return {
      path: this.path,
      sizeBytes: file.size + (log?.size ?? 0),
      schemaVersion: await schemaVersionOf(this.readers, this.path),
      sqliteVersion: textCell(sqlite ?? {}, 'version'),
      integrity: textCell(integrity ?? {}, 'quick_check'),
      freeBytes,
      backups,
    };
  }

  async backup(toFile: string | null): Promise<string> {
    const target = toFile === null ? await newBackupPath(this.directory, this.options.clock, '') : resolve(toFile);
    await writeBackup(this.path, target, this.options.busyTimeoutMs);
    if (toFile === null) await pruneBackups(this.directory);
    return target;
  }

  onChange(listener: (what: StoreChange) => void): () => void {
    return this.watch.listen(listener);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.watch.close();
    await this.watches.close();
    await this.monitorLease.release().catch(() => undefined);
    await this.imports.close();
    await this.readers.close();
    await this.queue.close();
  }
}
