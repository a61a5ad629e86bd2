import { constants, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '../../shared/base/clock';
import { type Failure, FailureError, failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import { formatIsoUs } from '../../shared/base/time';
import type { StoreHealth } from '../engine/ports';
import { Connection, statement } from './connection';
import { fileFailure, isMissing } from './file-failure';
import { textCell } from './rows';
import { schemaVersionOf } from './schema';

/** Copies of a desk: made consistent, checked before they are trusted, installed whole or not at all. */

export const DESK_FILE = 'lockstep.db';
const BACKUP_FOLDER = 'backups';
/** Older backups with our own names are removed; a file under a name the user chose never is. */
const KEPT_BACKUPS = 10;
const ownName = /^lockstep-(\d{8}T\d{6}\.\d{6}Z)(?:-before-schema-\d+)?\.db$/;

const copyInto = statement('write a backup', 'VACUUM INTO ?');
const integrity = statement('check a backup', 'PRAGMA integrity_check(1)');
const journalMode = statement('end the write-ahead log', 'PRAGMA journal_mode = DELETE');
const lockAlone = statement('lock the desk', 'PRAGMA locking_mode = EXCLUSIVE');
/** A backup is nobody's running import, whatever the process that made it goes on with. */
const forgetImport = `
  PRAGMA foreign_keys = ON;
  BEGIN IMMEDIATE;
  DELETE FROM segment_parts WHERE import_number IN (SELECT number FROM imports WHERE state = 'running');
  DELETE FROM price_chunks WHERE import_number IN (SELECT number FROM imports WHERE state = 'running');
  DELETE FROM order_events WHERE import_number IN (SELECT number FROM imports WHERE state = 'running');
  DELETE FROM quarantined_rows WHERE import_number IN (SELECT number FROM imports WHERE state = 'running');
  DELETE FROM import_lease;
  DELETE FROM imports WHERE state = 'running';
  COMMIT;
`;

export type Backup = StoreHealth['backups'][number];

/** `20260131T235959.000001Z`: sorts by time and is a file name everywhere. */
function fileStamp(atUs: number): string {
  return formatIsoUs(atUs).replaceAll(/[-:]/g, '');
}

/** Backups in the desk's own folder, newest first. */
export async function listBackups(directory: string): Promise<readonly Backup[]> {
  const folder = join(directory, BACKUP_FOLDER);
  const names = await readdir(folder).catch(() => []);
  const backups: Backup[] = [];
  for (const name of names) {
    const stamp = ownName.exec(name)?.[1];
    if (stamp === undefined) continue;
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (facts !== null) backups.push({ path, sizeBytes: facts.size, madeAtUs: stampUs(stamp) });
  }
  return backups.sort((a, b) => b.madeAtUs - a.madeAtUs);
}

function stampUs(stamp: string): number {
  const [, year, month, day, hour, minute, second, us] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})\.(\d{6})Z$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) * 1_000 + Number(us);
}

/** Path for a new backup in the desk's own folder. */
export async function newBackupPath(directory: string, clock: Clock, suffix: string): Promise<string> {
  const folder = join(directory, BACKUP_FOLDER);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileFailure(error, folder, 'make the folder');
  }
  return join(folder, `lockstep-${fileStamp(clock.nowUs())}${suffix}.db`);
}

/**
 * Writes a consistent copy of the desk. It gets its name only when it is whole and on the disk; a file of that name is never
 * overwritten.
 */
export async function writeBackup(deskFile: string, toFile: string, busyTimeoutMs: number): Promise<void> {
  if ((await stat(toFile).catch(() => null)) !== null) {
    throw new FailureError(
      failure('conflict', `${toFile} already exists`, 'Choose a name that is free; a backup overwrites nothing.', {
        path: toFile,
      }),
    );
  }
  const unfinished = `${toFile}.unfinished`;
  try {
    await rm(unfinished, { force: true });
    const source = await Connection.open(deskFile, 'read', busyTimeoutMs);
    try {
      await source.run(copyInto, [unfinished]);
    } finally {
      await source.close();
    }
    const copy = await Connection.open(unfinished, 'write', busyTimeoutMs);
    try {
      if ((await schemaVersionOf(copy, unfinished)) > 0) await copy.script('end imports in a backup', forgetImport);
    } finally {
      await copy.close();
    }
    await syncFile(unfinished);
    await rename(unfinished, toFile);
    await syncFolder(dirname(toFile));
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error instanceof FailureError ? error : fileFailure(error, toFile, 'write the backup');
  }
}

/** Removes the oldest of the desk's own backups beyond the number that is kept. */
export async function pruneBackups(directory: string): Promise<void> {
  const backups = await listBackups(directory);
  for (const { path } of backups.slice(KEPT_BACKUPS)) await rm(path, { force: true });
}

export interface Restored {
  /** Where the file that was there before is kept; null when there was none. */
  readonly setAside: string | null;
}

/**
 * Puts a backup in the place of the desk in the folder. The backup is copied and checked first; the present file, healthy or not,
 * is set aside under a name with the time, and the copy takes its name in one step. Fails with `backup-invalid` when the backup
 * is damaged, not a desk, or newer than this program, and with `store-locked` while any process has the desk open.
 */
export async function restoreDesk(
  directory: string,
  fromFile: string,
  clock: Clock,
  busyTimeoutMs: number,
): Promise<Result<Restored>> {
  const deskFile = join(directory, DESK_FILE);
  const incoming = join(directory, `${DESK_FILE}.incoming`);
  try {
    if (resolve(fromFile) === resolve(deskFile)) {
      return fail(
        failure('backup-invalid', `${fromFile} is the desk itself`, 'Name a backup; "lockstep doctor" lists them.'),
      );
    }
    await mkdir(directory, { recursive: true });
    await removeDatabase(incoming);
    await copyDatabase(fromFile, incoming);
    const problem = await backupProblem(incoming, fromFile, busyTimeoutMs);
    if (problem !== null) return fail(problem);
    await syncFile(incoming);
    const setAside = await setDeskAside(deskFile, directory, clock, busyTimeoutMs);
    await rename(incoming, deskFile);
    await syncFolder(directory);
    return ok({ setAside });
  } catch (error) {
    return fail(error instanceof FailureError ? error.failure : fileFailure(error, fromFile, 'restore').failure);
  } finally {
    await removeDatabase(incoming).catch(() => undefined);
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    throw fileFailure(error, from, 'read the backup');
  }
  for (const suffix of ['-wal']) {
    await copyFile(`${from}${suffix}`, `${to}${suffix}`).catch((error: unknown) => {
      if (!isMissing(error)) throw fileFailure(error, `${from}${suffix}`, 'read the backup');
    });
  }
}

/** Why the copied file cannot be a desk, or null; leaves it as one file without a write-ahead log. */
async function backupProblem(incoming: string, fromFile: string, busyTimeoutMs: number): Promise<Failure | null> {
  const invalid = (problem: string, hint = 'Choose another backup; "lockstep doctor" lists them.') =>
    failure('backup-invalid', `${fromFile} cannot be restored: ${problem}`, hint, { path: fromFile });
  let copy: Connection | null = null;
  try {
    if ((await stat(incoming)).size === 0) return invalid('it is empty');
    copy = await Connection.open(incoming, 'write', busyTimeoutMs);
    await copy.all(journalMode);
    if ((await schemaVersionOf(copy, fromFile)) === 0) return invalid('it holds no desk');
    const found = textCell((await copy.get(integrity)) ?? {}, 'integrity_check');
    return found === 'ok' ? null : invalid(`it is damaged: ${found}`);
  } catch (error) {
    const cause = toFailure(error);
    if (cause.code === 'store-newer') return invalid(cause.message, 'Update Lockstep, then restore it.');
    return cause.code === 'store-full' ? cause : invalid(cause.message);
  } finally {
    await copy?.close();
  }
}

/**
 * Gives the present file a second name and returns it. A healthy desk is first folded into one file, so that no write-ahead log of
 * the old desk can ever stand beside the new one.
 */
async function setDeskAside(
  deskFile: string,
  directory: string,
  clock: Clock,
  busyTimeoutMs: number,
): Promise<string | null> {
  if ((await stat(deskFile).catch(() => null)) === null) {
    await removeDatabase(deskFile);
    return null;
  }
  let present: Connection | null = null;
  try {
    present = await Connection.open(deskFile, 'write', busyTimeoutMs);
    await present.all(lockAlone);
    await present.all(journalMode);
  } catch (error) {
    // A damaged file cannot be folded, which is why it is replaced; a file in use must not be.
    if (toFailure(error).code !== 'store-corrupt') throw error;
  } finally {
    await present?.close().catch(() => undefined);
  }
  const setAside = join(directory, `lockstep-set-aside-${fileStamp(clock.nowUs())}.db`);
  for (const suffix of ['', '-wal', '-shm']) {
    const from = `${deskFile}${suffix}`;
    if ((await stat(from).catch(() => null)) === null) continue;
    // A file system without hard links gets a copy.
    await link(from, `${setAside}${suffix}`).catch(() =>
      copyFile(from, `${setAside}${suffix}`, constants.COPYFILE_EXCL),
    );
  }
  await rm(`${deskFile}-wal`, { force: true });
  await rm(`${deskFile}-shm`, { force: true });
  return setAside;
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['-wal', '-shm', '-journal', '']) await rm(`${path}${suffix}`, { force: true });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a new name survive a power cut; systems that cannot open folders keep names by themselves. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  if (folder === null) return;
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** The hint of a damaged desk: which backup to take. */
export async function restoreHint(directory: string): Promise<string> {
  const [newest] = await listBackups(directory);
  return newest === undefined
    ? `There is no backup in ${join(directory, BACKUP_FOLDER)}; move ${DESK_FILE} away to begin a new desk and import the logs again.`
    : `Restore the newest backup (${formatIsoUs(newest.madeAtUs)}) with "lockstep restore ${basename(BACKUP_FOLDER)}/${basename(newest.path)}"; the damaged file is set aside, not deleted.`;
}
