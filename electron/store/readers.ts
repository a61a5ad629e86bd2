import { type BindValue, Connection, type NamedStatement, type Row } from './connection';
import { closedFailure } from './write-queue';

/**
 * Read-only connections: a read never waits for a write and can never write. Each read is one statement and so sees one
 * consistent state.
 */
export class Readers {
  private readonly busy: number[];
  private closed = false;

  private constructor(private readonly connections: readonly Connection[]) {
    this.busy = connections.map(() => 0);
  }

  static async open(path: string, count: number, busyTimeoutMs: number): Promise<Readers> {
    const connections: Connection[] = [];
    try {
      for (let index = 0; index < count; index++) {
        connections.push(await Connection.open(path, 'read', busyTimeoutMs));
      }
    } catch (error) {
      for (const connection of connections) await connection.close();
      throw error;
    }
    return new Readers(connections);
  }

  async all(named: NamedStatement, values: readonly BindValue[] = []): Promise<readonly Row[]> {
    if (this.closed) throw closedFailure();
    const index = this.busy.indexOf(Math.min(...this.busy));
    this.busy[index]! += 1;
    try {
      return await this.connections[index]!.all(named, values);
    } finally {
      this.busy[index]! -= 1;
    }
  }

  async get(named: NamedStatement, values: readonly BindValue[] = []): Promise<Row | null> {
    return (await this.all(named, values))[0] ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const connection of this.connections) await connection.close();
  }
}
