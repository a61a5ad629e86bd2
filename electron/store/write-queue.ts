import { FailureError, failure } from '../../shared/base/errors';
import { type BindValue, type Connection, type NamedStatement, type Row, statement } from './connection';

/**
 * All writes of the process, one transaction after the other on one connection: an insert that slipped between another task's BEGIN
 * and ROLLBACK would be rolled back with it.
 */

/** `decision` is on the disk before the promise resolves (synchronous FULL); `bulk` may be lost as a whole by a power cut (NORMAL). */
export type Durability = 'decision' | 'bulk';

/** What a transaction may do; valid only until its work is over. */
export interface Transaction {
  all(named: NamedStatement, values?: readonly BindValue[]): Promise<readonly Row[]>;
  get(named: NamedStatement, values?: readonly BindValue[]): Promise<Row | null>;
  run(named: NamedStatement, values?: readonly BindValue[]): Promise<number>;
  script(name: string, sql: string): Promise<void>;
}

/** Waiting transactions beyond this are refused: whoever writes faster than the disk must wait for its own writes. */
const MOST_WAITING = 10_000;

const begin = statement('begin', 'BEGIN IMMEDIATE');
const commit = statement('commit', 'COMMIT');
const rollback = statement('rollback', 'ROLLBACK');
const synchronous = {
  decision: statement('synchronous full', 'PRAGMA synchronous = FULL'),
  bulk: statement('synchronous normal', 'PRAGMA synchronous = NORMAL'),
} as const;

export class WriteQueue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private durability: Durability | null = null;
  private closed = false;

  constructor(private readonly connection: Connection) {}

  /** Runs the work in one transaction after all earlier ones; whatever it throws rolls everything back and is thrown on. */
  async transaction<T>(durability: Durability, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.enqueue(async () => {
      if (this.durability !== durability) {
        await this.connection.run(synchronous[durability]);
        this.durability = durability;
      }
      await this.connection.run(begin);
      try {
        const result = await work(this.connection);
        await this.connection.run(commit);
        return result;
      } catch (error) {
        // A full disk or an input/output error has already ended the transaction; then there is nothing to roll back.
        await this.connection.run(rollback).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Reads on the writing connection, between transactions. */
  read(named: NamedStatement): Promise<Row | null> {
    return this.enqueue(() => this.connection.get(named));
  }

  /** Refuses new work, waits for what is queued, and closes the connection. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
    await this.connection.close();
  }

  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(closedFailure());
    if (this.waiting >= MOST_WAITING) {
      return Promise.reject(
        new FailureError(
          failure('busy', `${this.waiting} writes are waiting for the disk`, 'Wait a moment and repeat the action.'),
        ),
      );
    }
    this.waiting += 1;
    const run = this.last.then(task).finally(() => {
      this.waiting -= 1;
    });
    this.last = run.catch(() => undefined);
    return run;
  }
}

export function closedFailure(): FailureError {
  return new FailureError(
    failure('unavailable', 'The store is closed', 'Open the desk again, then repeat the action.'),
  );
}
