/** Tables of another program's database, read whole: bots keep thousands of rows, not millions. */
import type { ForeignDatabase } from '../../ports';
import { jsonText } from './json';

export type ForeignRow = Readonly<Record<string, unknown>>;

const pageSize = 1_000;

export async function allRows(database: ForeignDatabase, table: string): Promise<readonly ForeignRow[]> {
  const rows: ForeignRow[] = [];
  for (;;) {
    const page = await database.rows(table, rows.length, pageSize);
    rows.push(...page);
    if (page.length < pageSize) return rows;
  }
}

/** The row as it is kept in the quarantine. */
export function rowText(row: ForeignRow): string {
  return jsonText(row);
}
