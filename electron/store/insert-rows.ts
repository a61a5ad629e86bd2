import { type BindValue, type NamedStatement, statement } from './connection';
import type { Transaction } from './write-queue';

/**
 * Many rows in few calls: a call to sqlite3 costs more than a row does. Rows go in groups of fixed sizes, so that a connection
 * prepares a handful of statements and no more.
 */
const GROUPS = [256, 32, 4, 1] as const;

export class RowInsert {
  private readonly statements: ReadonlyMap<number, NamedStatement>;

  constructor(name: string, table: string, columns: readonly string[], conflict: '' | 'OR IGNORE' = '') {
    const row = `(${columns.map(() => '?').join(', ')})`;
    this.statements = new Map(
      GROUPS.map((size) => [
        size,
        statement(
          name,
          `INSERT ${conflict} INTO ${table} (${columns.join(', ')}) VALUES ${Array(size).fill(row).join(', ')}`,
        ),
      ]),
    );
  }

  /** Returns how many rows were inserted. */
  async run(transaction: Transaction, rows: readonly (readonly BindValue[])[]): Promise<number> {
    let inserted = 0;
    let at = 0;
    for (const size of GROUPS) {
      const named = this.statements.get(size)!;
      for (; rows.length - at >= size; at += size) {
        inserted += await transaction.run(named, rows.slice(at, at + size).flat());
      }
    }
    return inserted;
  }
}
