import { constants, copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Failure, FailureError, failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import type { ForeignDatabase } from '../engine/ports';
import { Connection, statement } from './connection';
import { fileFailure, isMissing } from './file-failure';
import { numberCell, textCell } from './rows';

/**
 * Reads an SQLite file of another program. SQLite may write beside a file even to read it, so a copy is opened and the original is
 * only ever read. A bot in the middle of a write is waited for by copying again.
 */

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
/** Byte 18 of the header: 2 when the file uses a write-ahead log. */
const WRITE_VERSION_OFFSET = 18;
const COPY_ATTEMPTS = 5;
const BUSY_TIMEOUT_MS = 1_000;

export async function openForeignDatabase(path: string): Promise<Result<ForeignDatabase>> {
  let folder: string | null = null;
  let copy: Connection | null = null;
  try {
    const header = await readHeader(path);
    folder = await mkdtemp(join(tmpdir(), 'lockstep-read-'));
    const copied = join(folder, 'copy.db');
    const hasLog = await copyWhole(path, copied);
    copy = await Connection.open(copied, 'write', BUSY_TIMEOUT_MS);
    const tables = await readTables(copy);
    const warnings =
      header[WRITE_VERSION_OFFSET] === 2 && !hasLog && (await looksUnfinished(copy, copied, header, tables))
        ? [
            `${basename(path)} keeps its newest rows in a write-ahead log, and ${basename(path)}-wal is not beside it: its tables are empty or cut short. Copy both files, or let the program that writes them close the database first.`,
          ]
        : [];
    return ok(new CopiedDatabase(copy, folder, tables, warnings));
  } catch (error) {
    await copy?.close().catch(() => undefined);
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return fail(readingFailure(error, path));
  }
}

interface Table {
  readonly columns: readonly string[];
  /** A name of the row number that no column hides; null where the table has none. */
  readonly rowNumber: string | null;
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
    if (bytesRead === 0) {
      throw new FailureError(
        failure('file-empty', `${path} is empty`, 'Choose the file that holds the data.', { path }),
      );
    }
    if (bytesRead < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      throw new FailureError(
        failure('format-damaged', `${path} is not an SQLite database`, 'Choose the database file itself.', { path }),
      );
    }
    return header;
  } finally {
    await file.close();
  }
}

/** Copies the file and its log as of one moment; returns whether there is a log with content. */
async function copyWhole(path: string, to: string): Promise<boolean> {
  for (let attempt = 1; attempt <= COPY_ATTEMPTS; attempt++) {
    const before = await fingerprint(path);
    await copyFile(path, to, constants.COPYFILE_FICLONE).catch((error: unknown) => {
      throw fileFailure(error, path, 'copy');
    });
    const hasLog = await copyFile(`${path}-wal`, `${to}-wal`, constants.COPYFILE_FICLONE).then(
      async () => (await stat(`${to}-wal`)).size > 0,
      async (error: unknown) => {
        if (!isMissing(error)) throw error;
        await rm(`${to}-wal`, { force: true });
        return false;
      },
    );
    if ((await fingerprint(path)) === before) return hasLog;
  }
  throw new FailureError(
    failure(
      'file-changed',
      `${path} changed each of the ${COPY_ATTEMPTS} times it was read`,
      'Stop the program that writes it, or take a copy with its own backup command, then import that.',
      { path },
    ),
  );
}

async function fingerprint(path: string): Promise<string> {
  const parts: string[] = [];
  for (const one of [path, `${path}-wal`]) {
    const facts = await stat(one, { bigint: true }).catch((error: unknown) => {
      if (one !== path && isMissing(error)) return null;
      throw error;
    });
    parts.push(facts === null ? 'none' : `${facts.ino}:${facts.size}:${facts.mtimeNs}`);
  }
  return parts.join(' ');
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function readTables(copy: Connection): Promise<ReadonlyMap<string, Table>> {
  const names = await copy.all(
    statement(
      'list tables',
      `SELECT name, wr FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    ),
  );
  const tables = new Map<string, Table>();
  for (const row of names) {
    const name = textCell(row, 'name');
    const found = await copy.all(
      statement(`list columns of ${name}`, 'SELECT name FROM pragma_table_info(?) ORDER BY cid'),
      [name],
    );
    const columns = found.map((column) => textCell(column, 'name'));
    const hidden = new Set(columns.map((column) => column.toLowerCase()));
    const rowNumber = ['rowid', '_rowid_', 'oid'].find((candidate) => !hidden.has(candidate)) ?? null;
    tables.set(name, { columns, rowNumber: numberCell(row, 'wr') === 0 ? rowNumber : null });
  }
  return tables;
}

/** Whether the file itself tells that rows are missing: fewer pages than its header says, or not a single row. */
async function looksUnfinished(
  copy: Connection,
  copied: string,
  header: Buffer,
  tables: ReadonlyMap<string, Table>,
): Promise<boolean> {
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  if (header.readUInt32BE(28) * pageBytes !== (await stat(copied)).size) return true;
  for (const name of tables.keys()) {
    const row = await copy.get(
      statement(`look into ${name}`, `SELECT EXISTS (SELECT 1 FROM ${quote(name)}) AS filled`),
    );
    if (row !== null && numberCell(row, 'filled') === 1) return false;
  }
  return true;
}

class CopiedDatabase implements ForeignDatabase {
  /** Where the next page of a table begins, so that paging through it never counts rows again. */
  private readonly places = new Map<string, { readonly offset: number; readonly rowNumber: number }>();

  constructor(
    private readonly copy: Connection,
    private readonly folder: string,
    private readonly known: ReadonlyMap<string, Table>,
    readonly warnings: readonly string[],
  ) {}

  tables(): Promise<ReadonlyMap<string, readonly string[]>> {
    return Promise.resolve(new Map([...this.known].map(([name, { columns }]) => [name, columns])));
  }

  /** Integers beyond 2^53 come as decimal text, so that none is rounded. */
  async rows(table: string, offset: number, limit: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const known = this.known.get(table);
    if (known === undefined) {
      throw new FailureError(
        failure('format-damaged', `The database has no table "${table}"`, 'Choose another format for this file.', {
          table,
        }),
      );
    }
    const cells = known.columns.map((column) => {
      const name = quote(column);
      const unsafe = `typeof(${name}) = 'integer' AND (${name} > 9007199254740991 OR ${name} < -9007199254740991)`;
      return `CASE WHEN ${unsafe} THEN CAST(${name} AS TEXT) ELSE ${name} END`;
    });
    const selected = cells.map((cell, index) => `${cell} AS c${index}`).join(', ');
    const { rowNumber } = known;
    const place = this.places.get(table);
    const found =
      rowNumber === null
        ? await this.copy.all(statement(`read ${table}`, `SELECT ${selected} FROM ${quote(table)} LIMIT ? OFFSET ?`), [
            limit,
            offset,
          ])
        : place?.offset === offset
          ? await this.copy.all(
              statement(
                `read on in ${table}`,
                `SELECT ${rowNumber} AS row_number, ${selected} FROM ${quote(table)} WHERE ${rowNumber} > ? ORDER BY ${rowNumber} LIMIT ?`,
              ),
              [place.rowNumber, limit],
            )
          : await this.copy.all(
              statement(
                `read ${table}`,
                `SELECT ${rowNumber} AS row_number, ${selected} FROM ${quote(table)} ORDER BY ${rowNumber} LIMIT ? OFFSET ?`,
              ),
              [limit, offset],
            );
    const last = found.at(-1);
    if (last !== undefined && rowNumber !== null) {
      const lastNumber = numberCell(last, 'row_number');
      // A row number beyond 2^53 came rounded; then the next page counts rows instead.
      if (Number.isSafeInteger(lastNumber)) {
        this.places.set(table, { offset: offset + found.length, rowNumber: lastNumber });
      }
    }
    return found.map((row) => Object.fromEntries(known.columns.map((column, index) => [column, row[`c${index}`]])));
  }

  async close(): Promise<void> {
    try {
      await this.copy.close();
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}

function readingFailure(error: unknown, path: string): Failure {
  const cause = toFailure(error);
  if (cause.code === 'store-full') {
    return failure(
      'store-full',
      `No space for a copy of ${path} in the folder for temporary files`,
      'Free some space on that disk, then import the file again.',
      { path },
    );
  }
  if (cause.code.startsWith('store-')) {
    return failure(
      'format-damaged',
      `${path} is not a readable SQLite database: ${cause.message}`,
      'Take a new copy of the file while the program that writes it is stopped.',
      { path },
    );
  }
  if (error instanceof FailureError) return cause;
  return isMissing(error)
    ? failure('file-missing', `${path} does not exist`, 'Check the path.', { path })
    : failure('file-unreadable', `${path} cannot be read: ${cause.message}`, 'Check the permissions of the file.', {
        path,
      });
}
