import { type ExecutionColumns, executionAt } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import { identify, type LoggedExecution } from '../../../shared/market/identity';
import { textAt } from '../../../shared/market/text-column';
import type { ImportedExecution, SegmentKey, SharedSegment, StoredTwins } from '../ports';
import { AnonymousRow } from './execution-batch';
import type { ImportHost } from './import-task';
import { type AppliedChange, applyChanges, daysOfChange, type LoggedChange, type Unapplied } from './trade-changes';

/**
 * Brings together, when all of an import is read, what its rows and earlier imports tell of the same trades. A segment is judged by
 * all rows ever logged of it, those that were merged before included, so that the outcome does not depend on the order of imports.
 */

type Host = Pick<ImportHost, 'sharedSegments' | 'sharedSegment' | 'replaceSegment'>;

export interface MergedRows {
  /** Executions of this import that another row stands for. */
  readonly executions: number;
  /** Rows of this import that are duplicates by that: all their executions of the segment are. */
  readonly rows: number;
  /** Executions that another format seems to tell too. */
  readonly suspected: number;
  /** Why changes of trades were not applied; those that are missing here were. */
  readonly unapplied: ReadonlyMap<LoggedChange, Unapplied>;
}

type KnownImport = SharedSegment['imports'][string];

/** The import that is being made. */
interface OwnImport extends KnownImport {
  readonly importId: string;
}

const unknownImport: KnownImport = { format: '', severalPerRow: false, cutLine: null, sizeBytes: 0 };

/** A row as it was logged. */
interface RawRow extends LoggedExecution {
  readonly importId: string;
  /** `change` = what a bust or correction made of a trade; it counts as no execution. */
  readonly place: 'stored' | 'own' | 'logged' | 'change';
  readonly at: number;
  /** Whether it counted as an execution so far. */
  readonly counted: boolean;
}

/**
 * @param repeating segments of this import alone in which a trade may be told twice
 * @param changes busts and corrections this import brings
 */
export async function mergeTwins(
  host: Host,
  own: OwnImport,
  repeating: readonly SegmentKey[],
  progressed: () => void = () => undefined,
  changes: { readonly source: Source; readonly rows: readonly LoggedChange[] } | null = null,
): Promise<MergedRows> {
  let executions = 0;
  let rows = 0;
  let suspected = 0;
  const unapplied = new Map<LoggedChange, Unapplied>();
  const keys = new Map([...(await host.sharedSegments()), ...repeating].map((key) => [JSON.stringify(key), key]));
  const judge = async (key: SegmentKey, wanted: readonly LoggedChange[]) => {
    progressed();
    const merged = await mergeSegment(host, key, own, wanted);
    executions += merged.executions;
    rows += merged.rows;
    suspected += merged.suspected;
    return merged.outcomes;
  };
  for (const { strategy, symbol, rows: waiting } of changesBySymbol(changes?.rows ?? [])) {
    // The latest day that has the trade is meant.
    let open = waiting;
    for (const day of [...new Set(waiting.flatMap(daysOfChange))].sort().reverse()) {
      const wanted = open.filter((change) => daysOfChange(change).includes(day));
      if (changes === null || wanted.length === 0) continue;
      const key: SegmentKey = { source: changes.source, strategy, symbol, day };
      const outcomes = await judge(key, wanted);
      keys.delete([...keys].find(([, other]) => isSameSegment(other, key))?.[0] ?? '');
      wanted.forEach((change, at) => {
        const outcome = outcomes[at] ?? null;
        if (outcome === null) unapplied.delete(change);
        else unapplied.set(change, outcome);
        if (outcome !== 'missing') open = open.filter((other) => other !== change);
      });
    }
  }
  for (const key of keys.values()) await judge(key, []);
  return { executions, rows, suspected, unapplied };
}

function isSameSegment(one: SegmentKey, other: SegmentKey): boolean {
  return (
    one.source === other.source &&
    one.strategy === other.strategy &&
    one.symbol === other.symbol &&
    one.day === other.day
  );
}

function changesBySymbol(changes: readonly LoggedChange[]) {
  const groups = new Map<string, { strategy: string; symbol: string; rows: LoggedChange[] }>();
  for (const change of changes) {
    const { strategy, symbol } = change;
    const name = JSON.stringify([strategy, symbol]);
    const group = groups.get(name) ?? { strategy, symbol, rows: [] };
    group.rows.push(change);
    groups.set(name, group);
  }
  return [...groups.values()];
}

interface MergedSegment {
  readonly executions: number;
  readonly rows: number;
  readonly suspected: number;
  /** What became of each wanted change; null = it is applied. */
  readonly outcomes: readonly (Unapplied | null)[];
}

async function mergeSegment(
  host: Host,
  key: SegmentKey,
  own: OwnImport,
  wanted: readonly LoggedChange[],
): Promise<MergedSegment> {
  const segment = await host.sharedSegment(key);
  const importOf = (importId: string): KnownImport =>
    importId === own.importId ? own : (segment.imports[importId] ?? unknownImport);
  const products = productsOf(segment, key);
  const before = changesBefore(segment, key);
  const references = new Set([...before, ...wanted].map(({ reference }) => reference));
  const logged = rawRowsOf(segment, key, products, importOf, references);
  const changed = applyChanges(logged.map(importedOf), before, wanted, own.importId);
  const rows: readonly RawRow[] = [
    ...logged,
    ...changed.changes.map(
      ({ execution }, at): RawRow => ({
        ...execution,
        ...{ format: importOf(execution.importId).format, cutAtBytes: null, place: 'change', at, counted: false },
      }),
    ),
  ];
  const living = [...rows.keys()].filter((row) => !changed.gone.has(row));
  const identified = identify(living.map((row) => rows[row]!));
  const { suspected } = identified;
  const twins = identified.twins.map((told) => ({
    ...told,
    kept: told.kept.map(({ row, execution }) => ({ row: living[row]!, execution })),
    merged: told.merged.map((row) => living[row]!),
  }));
  const inTwins = new Set(twins.flatMap(({ kept, merged }) => [...kept.map(({ row }) => row), ...merged]));
  const changes = changed.changes.map((change, at) => {
    const by = logged.length + at;
    // A correction that no twin stands for is stored as it is.
    const stands = !changed.gone.has(by) && !inTwins.has(by);
    return { ...change, by, kept: stands ? [{ row: by, execution: change.execution }] : [] };
  });
  const isNews =
    changes.some(({ isNew }) => isNew) ||
    [...inTwins, ...changes.flatMap(({ takes }) => takes)].some(
      (row) => !['logged', 'change'].includes(rows[row]!.place),
    );
  const outcomes = changed.wanted;
  if (!isNews) return { executions: 0, rows: 0, suspected, outcomes };

  for (const { by, takes } of changes) for (const row of [by, ...takes]) inTwins.add(row);
  const merged = new Set([...twins.flatMap((told) => told.merged), ...changed.gone]);
  const inOrder = [...inTwins].sort((a, b) => rows[a]!.executedAtUs - rows[b]!.executedAtUs || a - b);
  const placeOf = new Map(inOrder.map((row, place) => [row, place]));
  const staying = (place: 'stored' | 'own', columns: ExecutionColumns | null) => {
    const leaving = new Set(rows.flatMap((row, index) => (row.place === place && inTwins.has(index) ? [row.at] : [])));
    // What was made of logged rows is made again.
    for (const at of products[place]) leaving.add(at);
    return Array.from({ length: columns?.count ?? 0 }, (_, at) => at).filter((at) => !leaving.has(at));
  };
  const shifts = shiftsOf(rows, merged, segment, (importId) => importOf(importId).severalPerRow);
  const ownShift = shifts.get(own.importId);
  shifts.delete(own.importId);
  await host.replaceSegment({
    key,
    stored: staying('stored', segment.stored),
    own: staying('own', segment.own),
    added: [
      ...[...twins, ...changes].flatMap((told) =>
        told.kept.map(({ row, execution }) => ({ ...execution, importId: rows[row]!.importId })),
      ),
      // A row that was merged before and is not any more stands for itself again.
      ...rows.filter((row, index) => row.place === 'logged' && !inTwins.has(index)).map(importedOf),
    ].sort((a, b) => a.executedAtUs - b.executedAtUs),
    logged: inOrder.map((row) => importedOf(rows[row]!)),
    twins: [
      ...twins.map(
        (told): StoredTwins => ({
          rule: told.rule,
          kept: told.kept.map(({ row }) => placeOf.get(row)!),
          merged: told.merged.map((row) => placeOf.get(row)!),
        }),
      ),
      ...changes.map(
        ({ rule, reference, atUs, by, kept, takes }): StoredTwins => ({
          rule,
          kept: kept.map(({ row }) => placeOf.get(row)!),
          merged: takes.map((row) => placeOf.get(row)!),
          change: { by: placeOf.get(by)!, reference, atUs },
        }),
      ),
    ],
    shifts: [...shifts].map(([importId, shift]) => ({ importId, rows: shift.rows, merged: shift.executions })),
  });
  return { executions: ownShift?.executions ?? 0, rows: ownShift?.rows ?? 0, suspected, outcomes };
}

/** Busts and corrections that were applied by earlier imports. */
function changesBefore({ logged, twins }: SharedSegment, key: SegmentKey): readonly AppliedChange[] {
  return twins.flatMap(({ rule, change }) => {
    if (change === undefined || logged === null || (rule !== 'trade bust' && rule !== 'trade correction')) return [];
    const importId = logged.dictionaries.importIds[logged.importIndex[change.by]!] ?? '';
    const execution = { ...executionAt(logged, change.by, key), importId };
    return [{ rule, reference: change.reference, atUs: change.atUs, execution }];
  });
}

function importedOf({
  place: _place,
  at: _at,
  counted: _counted,
  format: _format,
  cutAtBytes: _cutAtBytes,
  occurrence: _occurrence,
  ...row
}: RawRow): ImportedExecution {
  return row;
}

/** All rows as they were logged that could be told twice. */
function rawRowsOf(
  { stored, own, logged, twins, hashes }: SharedSegment,
  key: SegmentKey,
  products: Products,
  importOf: (importId: string) => KnownImport,
  references: ReadonlySet<string>,
): readonly RawRow[] {
  const mergedBefore = new Set(twins.flatMap(({ merged }) => merged));
  const changes = new Set(twins.flatMap(({ change }) => change?.by ?? []));
  const importIds = [stored, own, logged].flatMap((columns) => columns?.dictionaries.importIds ?? []);
  const oneFormat = new Set(importIds.map((id) => importOf(id).format)).size === 1;
  // Logs of one format tell no orders for each other: there a row matters only if its trade id, or all it says but facts, occurs again.
  const repeated = oneFormat ? repeatedTradeIds([stored, own, logged]) : null;
  const alike = repeatedAnonymous([stored, own, logged]);
  const cutLines = new Set(importIds.map((id) => importOf(id).cutLine));
  const rowsOf = (columns: ExecutionColumns | null, place: RawRow['place']): readonly RawRow[] => {
    const rows: RawRow[] = [];
    for (let at = 0; at < (columns?.count ?? 0); at++) {
      if (columns === null || (place === 'logged' || place === 'change' ? changes : products[place]).has(at)) continue;
      const line = columns.line[at]!;
      const inQuestion = repeated === null || place === 'logged' || cutLines.has(line);
      const tradeId = textAt(columns.tradeId, at);
      const occurs =
        tradeId === ''
          ? alike.has(anonymousName(columns, at))
          : repeated?.has(tradeId) === true || references.has(tradeId);
      if (!inQuestion && !occurs) continue;
      const importId = columns.dictionaries.importIds[columns.importIndex[at]!] ?? '';
      const { format, cutLine, sizeBytes } = importOf(importId);
      const cutAtBytes = cutLine === line ? sizeBytes : null;
      const counted = place !== 'logged' || !mergedBefore.has(at);
      rows.push({ ...executionAt(columns, at, key), importId, format, cutAtBytes, place, at, counted });
    }
    return rows;
  };
  const rows = [...rowsOf(stored, 'stored'), ...rowsOf(own, 'own'), ...rowsOf(logged, 'logged')];
  return withOccurrences(rows, hashes);
}

/**
 * Says of rows without a trade id the how-manieth of their equals they were in their log. Rows are not stored with it, but the
 * hashes that are known tell which there were, and rows that say all the same may stand for each other.
 */
function withOccurrences(rows: readonly RawRow[], hashes: BigUint64Array): readonly RawRow[] {
  const groups = new Map<string, Map<string, { readonly row: AnonymousRow; readonly places: number[] }>>();
  rows.forEach((row, place) => {
    if (row.tradeId !== null) return;
    const anonymous = new AnonymousRow(row);
    const group = groups.get(anonymous.identity) ?? new Map();
    groups.set(anonymous.identity, group);
    const alike = group.get(anonymous.content);
    if (alike) alike.places.push(place);
    else group.set(anonymous.content, { row: anonymous, places: [place] });
  });
  const told = [...rows];
  let known: ReadonlySet<bigint> | null = null;
  for (const group of groups.values()) {
    const all = [...group.values()];
    const [only] = all;
    if (all.length === 1 && (only?.places.length === 1 || only?.row.isBare)) continue;
    known ??= new Set(hashes);
    // A log has an n-th equal row only if it has those before it.
    const ordinals = Array.from({ length: all.reduce((sum, { places }) => sum + places.length, 0) }, (_, at) => at);
    for (const { row, places } of all) {
      // Rows of a followed log are known by no more than which row each is, whatever else it says.
      const bare = row.isBare ? [] : ordinals.filter((at) => known?.has(row.bareHashAs(at)));
      const likely = [...ordinals.filter((at) => known?.has(row.hashAs(at))), ...bare, ...ordinals];
      places.forEach((place, at) => {
        told[place] = { ...rows[place]!, occurrence: likely[at]! };
      });
    }
  }
  return told;
}

function repeatedTradeIds(all: readonly (ExecutionColumns | null)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const columns of all) {
    for (let at = 0; at < (columns?.count ?? 0); at++) {
      const tradeId = columns === null ? '' : textAt(columns.tradeId, at);
      if (tradeId === '') continue;
      if (seen.has(tradeId)) repeated.add(tradeId);
      else seen.add(tradeId);
    }
  }
  return repeated;
}

/** Rows without a trade id that are alike in time, side, price and quantity to another one. */
function repeatedAnonymous(all: readonly (ExecutionColumns | null)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const columns of all) {
    for (let at = 0; columns !== null && at < columns.count; at++) {
      if (textAt(columns.tradeId, at) !== '') continue;
      const name = anonymousName(columns, at);
      if (seen.has(name)) repeated.add(name);
      else seen.add(name);
    }
  }
  return repeated;
}

function anonymousName({ executedAtUs, side, price, quantity }: ExecutionColumns, at: number): string {
  return `${executedAtUs[at]} ${side[at]} ${price[at]} ${quantity[at]}`;
}

/** Places of rows that were made of logged ones. */
interface Products {
  readonly stored: ReadonlySet<number>;
  readonly own: ReadonlySet<number>;
}

/** They differ from the logged rows in what they took over, never in what they are found by. */
function productsOf({ stored, own, logged, twins }: SharedSegment, key: SegmentKey): Products {
  const wanted = new Map<string, number>();
  for (const { kept } of twins) {
    if (logged === null) break;
    for (const at of kept) wanted.set(nameOf(logged, at), (wanted.get(nameOf(logged, at)) ?? 0) + 1);
  }
  const foundIn = (columns: ExecutionColumns | null): ReadonlySet<number> => {
    const found = new Set<number>();
    for (let at = 0; columns !== null && wanted.size > 0 && at < columns.count; at++) {
      const name = nameOf(columns, at);
      const count = wanted.get(name);
      if (count === undefined) continue;
      if (count === 1) wanted.delete(name);
      else wanted.set(name, count - 1);
      found.add(at);
    }
    return found;
  };
  const products = { stored: foundIn(stored), own: foundIn(own) };
  if (wanted.size === 0) return products;
  throw new Error(`rows that were kept are missing in ${key.strategy} ${key.symbol} ${key.day}`);
}

function nameOf(columns: ExecutionColumns, at: number): string {
  const { dictionaries, importIndex, line, executedAtUs, side, price, quantity } = columns;
  const importId = dictionaries.importIds[importIndex[at]!];
  return `${importId} ${line[at]} ${executedAtUs[at]} ${side[at]} ${price[at]} ${quantity[at]}`;
}

interface Shift {
  rows: number;
  executions: number;
}

/** By import: executions that are merged now and were not, and rows left without any. */
function shiftsOf(
  rows: readonly RawRow[],
  merged: ReadonlySet<number>,
  segment: SharedSegment,
  severalPerRow: (importId: string) => boolean,
): Map<string, Shift> {
  const shifts = new Map<string, Shift>();
  const lines = new Map<string, { importId: string; before: boolean; after: boolean }>();
  const seen = { stored: new Set<number>(), own: new Set<number>(), logged: new Set<number>() };
  rows.forEach((row, index) => {
    const { importId } = row;
    if (row.place === 'change') return;
    seen[row.place].add(row.at);
    // Where a row is one execution, its line tells nothing: records of one line of JSON are rows of their own.
    const name = severalPerRow(importId) ? `${importId} ${row.line}` : String(index);
    const line = lines.get(name) ?? { importId, before: false, after: false };
    line.before ||= row.counted;
    line.after ||= !merged.has(index);
    lines.set(name, line);
    const change = Number(merged.has(index)) - Number(!row.counted);
    if (change === 0) return;
    const shift = shifts.get(importId) ?? { rows: 0, executions: 0 };
    shift.executions += change;
    shifts.set(importId, shift);
  });
  // A row may have further executions here, which were not in question.
  for (const place of ['stored', 'own'] as const) {
    const columns = segment[place];
    for (let at = 0; columns !== null && at < columns.count; at++) {
      if (seen[place].has(at)) continue;
      const line = lines.get(`${columns.dictionaries.importIds[columns.importIndex[at]!]} ${columns.line[at]}`);
      if (line) line.after = true;
    }
  }
  for (const { importId, before, after } of lines.values()) {
    const shift = shifts.get(importId);
    if (shift && before !== after) shift.rows += before ? 1 : -1;
  }
  return shifts;
}
