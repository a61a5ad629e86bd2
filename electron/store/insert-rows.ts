import { type BindValue, type NamedStatement, statement } from './connection';
import type { Transaction } from './write-queue';

/**
 * Many rows in few calls: a call to sqlite3 costs more than a row does. Rows go in groups of fixed sizes, so that a connection
 * prepares a handful of statements and no more.
 */
const GROUPS = [256, 32, 4, 1] as const;

export class ManyRows {
  private readonly statements: ReadonlyMap<number, NamedStatement>;

  /** @param sqlOf the statement for a list of rows of values, `(?, ?), (?, ?)` */
  constructor(name: string, columns: number, sqlOf: (rows: string) => string) {
    const row = `(${Array(columns).fill('?').join(', ')})`;
    this.statements = new Map(GROUPS.map((size) => [size, statement(name, sqlOf(Array(size).fill(row).join(', ')))]));
  }

  /** Returns how many rows were changed. */
  async run(transaction: Transaction, rows: readonly (readonly BindValue[])[]): Promise<number> {
    let changed = 0;
    let at = 0;
    for (const size of GROUPS) {
      const named = this.statements.get(size)!;
      for (; rows.length - at >= size; at += size) {
        changed += await transaction.run(named, rows.slice(at, at + size).flat());
      }
    }
    return changed;
  }
}

/** Inserts into one table; `update` is what follows the values, for rows that are there already. */
export class RowInsert extends ManyRows {
  constructor(
    name: string,
    table: string,
    columns: readonly string[],
    conflict: '' | 'OR IGNORE' | 'OR REPLACE' = '',
    update = '',
  ) {
    super(
      name,
      columns.length,
      (rows) => `INSERT ${conflict} INTO ${table} (${columns.join(', ')}) VALUES ${rows} ${update}`,
    );
  }
}
