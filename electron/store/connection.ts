import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import { type Failure, FailureError, failure } from '../../shared/base/errors';

/**
 * One SQLite connection as promises. Every statement has a name, which is what an error says; every value is checked before it is
 * bound, because sqlite3 stores bigint and undefined as NULL and rounds integers beyond 2^53 without a word.
 */

/** A measured quantity: any finite number, also beyond 2^53, bound as a float for a REAL column. */
export interface Real {
  readonly real: number;
}
/** Plain numbers are counts, times and ids: integers must be safe. */
export type BindValue = string | number | null | Uint8Array | Real;
/** A row as sqlite3 hands it over; the caller knows its columns from the statement beside it. */
export type Row = Readonly<Record<string, unknown>>;

/** A statement and the name it goes by in errors. Statements are constants: each is prepared once per connection. */
export interface NamedStatement {
  readonly name: string;
  readonly sql: string;
}

export function statement(name: string, sql: string): NamedStatement {
  return { name, sql };
}

export class Connection {
  private readonly prepared = new Map<string, Promise<sqlite3.Statement>>();

  private constructor(
    readonly path: string,
    private readonly database: sqlite3.Database,
  ) {}

  static async open(path: string, mode: 'read' | 'write' | 'create', busyTimeoutMs: number): Promise<Connection> {
    const flags =
      mode === 'read'
        ? sqlite3.OPEN_READONLY
        : mode === 'write'
          ? sqlite3.OPEN_READWRITE
          : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
    const database = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(path, flags | sqlite3.OPEN_FULLMUTEX, (error) =>
        error === null ? resolve(opened) : reject(error),
      );
    }).catch(async (error: unknown) => {
      throw await failureOf(error, 'open', path);
    });
    database.configure('busyTimeout', busyTimeoutMs);
    return new Connection(path, database);
  }

  /** All rows of the statement. */
  async all(named: NamedStatement, values: readonly BindValue[] = []): Promise<readonly Row[]> {
    const checked = checkedValues(named.name, values);
    try {
      const ready = await this.prepare(named.sql);
      return await new Promise((resolve, reject) => {
        ready.all<Row>(checked, (error, rows) => (error === null ? resolve(rows ?? []) : reject(error)));
      });
    } catch (error) {
      throw await failureOf(error, named.name, this.path);
    }
  }

  /** The first row. Reads to the end of the result: a statement left half-way would hold its snapshot. */
  async get(named: NamedStatement, values: readonly BindValue[] = []): Promise<Row | null> {
    return (await this.all(named, values))[0] ?? null;
  }

  /** Runs a statement without result rows and returns how many rows it changed. */
  async run(named: NamedStatement, values: readonly BindValue[] = []): Promise<number> {
    const checked = checkedValues(named.name, values);
    try {
      const ready = await this.prepare(named.sql);
      return await new Promise((resolve, reject) => {
        ready.run(checked, function (error) {
          if (error === null) resolve(this.changes);
          else reject(error);
        });
      });
    } catch (error) {
      throw await failureOf(error, named.name, this.path);
    }
  }

  /** Runs a script of several statements without values. */
  async script(name: string, sql: string): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.database.exec(sql, (error) => (error === null ? resolve() : reject(error)));
      });
    } catch (error) {
      throw await failureOf(error, name, this.path);
    }
  }

  async close(): Promise<void> {
    const statements = await Promise.allSettled(this.prepared.values());
    this.prepared.clear();
    for (const settled of statements) {
      if (settled.status !== 'fulfilled') continue;
      await new Promise<void>((resolve) => settled.value.finalize(() => resolve()));
    }
    try {
      await new Promise<void>((resolve, reject) => {
        this.database.close((error) => (error === null ? resolve() : reject(error)));
      });
    } catch (error) {
      throw await failureOf(error, 'close', this.path);
    }
  }

  private prepare(sql: string): Promise<sqlite3.Statement> {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const preparing = new Promise<sqlite3.Statement>((resolve, reject) => {
      const ready: sqlite3.Statement = this.database.prepare(sql, (error: Error | null) =>
        error === null ? resolve(ready) : reject(error),
      );
    });
    this.prepared.set(sql, preparing);
    preparing.catch(() => this.prepared.delete(sql));
    return preparing;
  }
}

/** The values as sqlite3 takes them; throws on every value that it would store as something else than it is. */
function checkedValues(name: string, values: readonly unknown[]): readonly (string | number | null | Uint8Array)[] {
  return values.map((value, index) => {
    if (typeof value === 'string' || value === null || value instanceof Uint8Array) return value;
    if (typeof value === 'number' && (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))) {
      return value;
    }
    if (isReal(value) && Number.isFinite(value.real)) return value.real;
    throw new FailureError(
      failure(
        'store-failed',
        `Statement "${name}": value ${index + 1} of ${values.length} is ${bindProblem(value)}`,
        'This is a fault in the program: a value must be text, a finite number, a safe integer, bytes or null.',
        { statement: name, position: index + 1 },
      ),
    );
  });
}

function isReal(value: unknown): value is Real {
  return typeof value === 'object' && value !== null && 'real' in value && typeof value.real === 'number';
}

function bindProblem(value: unknown): string {
  if (isReal(value)) return `${value.real}, which cannot be stored`;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? `${value}, an integer beyond 2^53 that would be rounded` : `${value}`;
  }
  return `of type ${typeof value}, which would be stored as something else`;
}

/** Space below which an input/output error is taken for a full disk: SQLite cannot always tell the two apart. */
const FULL_DISK_BYTES = 1_048_576;

/** Turns what sqlite3 throws into a Failure; the code follows SQLite's own code, never the message text. */
async function failureOf(thrown: unknown, name: string, path: string): Promise<FailureError> {
  if (thrown instanceof FailureError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'SQLITE_ERROR';
  const detail: Failure['detail'] = { statement: name, sqlite: code, path };
  const described = `(statement "${name}": ${message})`;
  const full = () =>
    failure(
      'store-full',
      `The disk that holds ${path} is full ${described}`,
      'Free some space on that disk, then repeat the action; nothing of it was stored.',
      detail,
    );
  switch (code) {
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return new FailureError(
        failure(
          'store-corrupt',
          `${path} is damaged ${described}`,
          'Restore a backup with "lockstep restore"; the damaged file is set aside, not deleted.',
          detail,
        ),
      );
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
    case 'SQLITE_PROTOCOL':
      return new FailureError(
        failure(
          'store-locked',
          `${path} is locked by another program ${described}`,
          'Close the other program that uses the file, or wait until it is done, then repeat the action.',
          detail,
        ),
      );
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return new FailureError(
        failure(
          'store-read-only',
          `${path} cannot be written ${described}`,
          'Give this user the right to write the file and its folder, or choose another folder with --data-dir.',
          detail,
        ),
      );
    case 'SQLITE_CANTOPEN':
      return new FailureError(
        failure(
          'store-failed',
          `${path} cannot be opened ${described}`,
          'Check that the folder exists and that this user may read and write it.',
          detail,
        ),
      );
    case 'SQLITE_FULL':
      return new FailureError(full());
    case 'SQLITE_IOERR': {
      const free = await freeBytesAt(path);
      if (free !== null && free < FULL_DISK_BYTES) return new FailureError(full());
      break;
    }
  }
  return new FailureError(
    failure(
      'store-failed',
      `The store reported an error ${described}`,
      'Repeat the action; if it fails again, run "lockstep doctor".',
      detail,
    ),
  );
}

/** Bytes free to this user on the disk of the file; null where the system does not say. */
export async function freeBytesAt(path: string): Promise<number | null> {
  try {
    const facts = await statfs(dirname(path));
    return facts.bavail * facts.bsize;
  } catch {
    return null;
  }
}
