import type { ExecutionColumns } from '../market/columns';
import { pickRows } from '../market/picked-rows';
import type { SideInput, SymbolDayInput } from './symbol-day';

/** The part of a day that belongs to one version of a strategy. */

/**
 * The day with the live fills and order events of the version alone, against the backtest's fills of that version; against all of the
 * backtest where its log names no version at all. Both sides begin flat: what was carried in belongs to no version. Null when live has
 * no fill of the version.
 */
export function dayOfVersion(input: SymbolDayInput, version: string): SymbolDayInput | null {
  const live = sideOfVersion(input.live, version);
  if (live.executions === null) return null;
  const backtest = namesVersions(input.backtest.executions)
    ? sideOfVersion(input.backtest, version)
    : { ...input.backtest, positionAtStart: 0 };
  return { ...input, live, backtest };
}

/** Versions the day's live fills name, ascending. */
export function versionsOf(columns: ExecutionColumns | null): readonly string[] {
  if (columns === null) return [];
  const found = new Set<string>();
  for (const index of new Set(columns.version)) {
    const name = columns.dictionaries.versions[index] ?? '';
    if (name !== '') found.add(name);
  }
  return [...found].sort();
}

export function noteOfVersion(version: string): string {
  return `Only fills of version ${version}; the day begins flat, since positions carried in belong to the whole strategy.`;
}

function namesVersions(columns: ExecutionColumns | null): boolean {
  return versionsOf(columns).length > 0;
}

function sideOfVersion(side: SideInput, version: string): SideInput {
  const { executions: columns } = side;
  const orderEvents = side.orderEvents.filter((event) => event.version === version);
  if (columns === null) return { ...side, orderEvents, positionAtStart: 0 };
  const wanted = columns.dictionaries.versions.indexOf(version);
  const rows: number[] = [];
  for (let row = 0; row < columns.count; row++) if (columns.version[row] === wanted) rows.push(row);
  return {
    ...side,
    executions: rows.length === 0 ? null : pickRows(columns, rows),
    orderEvents,
    positionAtStart: 0,
  };
}
