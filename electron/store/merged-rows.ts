import { type ExecutionColumns, executionAt } from '../../shared/market/columns';
import type { ImportedExecution, MergedExecution, SegmentKey } from '../engine/ports';
import type { Row } from './connection';
import { keyOf, loggedRowsOf, twinsOf } from './shared-segments';

/** The pairs of a row of `merged_segments` that an import has part in, or all of them. */
export function mergedExecutionsOf(row: Row, importId: string | null): readonly MergedExecution[] {
  const key = keyOf(row);
  const place = `${key.strategy} ${key.symbol} ${key.day}`;
  const logged = loggedRowsOf(row, place);
  if (logged === null) return [];
  const pairs = twinsOf(row, place).flatMap(({ rule, kept, merged, change }) => {
    const keeper = importedAt(logged, change?.by ?? kept[0]!, key);
    return merged.map((at): MergedExecution => ({ rule, kept: keeper, merged: importedAt(logged, at, key) }));
  });
  return importId === null
    ? pairs
    : pairs.filter(({ kept, merged }) => kept.importId === importId || merged.importId === importId);
}

function importedAt(columns: ExecutionColumns, row: number, key: SegmentKey): ImportedExecution {
  const importId = columns.dictionaries.importIds[columns.importIndex[row]!] ?? '';
  return { ...executionAt(columns, row, key), importId };
}
