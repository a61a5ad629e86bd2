import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure, toFailure } from '../../../shared/base/errors';
import type { ImportCounts, ImportStore, QuarantinedRow } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import type { Collected } from './import-task';

/** Brings corrected quarantined rows back to the imports they came with: file by file, each import in one transaction. */

export interface CorrectedQuarantine {
  readonly id: string;
  readonly text: string;
}

export interface RetriedQuarantine {
  readonly id: string;
  readonly state: 'fixed' | 'open';
  /** Why it stays open; null when it is fixed. */
  readonly reason: string | null;
  readonly executions: number;
}

interface Options {
  readonly store: ImportStore;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly maps?: () => Promise<readonly string[]>;
}

interface Correction {
  readonly row: QuarantinedRow;
  readonly text: string;
}

export async function retryRows(
  asked: readonly CorrectedQuarantine[],
  options: Options,
): Promise<readonly RetriedQuarantine[]> {
  const rows = await options.store.quarantinedById(asked.map(({ id }) => id));
  const seen = new Set<string>();
  const corrections = asked.map(({ id, text }, index): Correction => {
    const row = rows[index]!; // one for each id, in their order
    if (row.state !== 'open' || seen.has(id)) throw notOpen(row, seen.has(id));
    seen.add(id);
    return { row, text };
  });
  const results = new Map<string, RetriedQuarantine>();
  for (const ofImport of groupsBy(corrections, ({ row }) => row.importId)) {
    for (const result of await retryOfImport(ofImport, options)) results.set(result.id, result);
  }
  return asked.map(({ id }) => results.get(id)!); // every correction got a result above
}

async function retryOfImport(
  corrections: readonly Correction[],
  { store, runner, clock, maps }: Options,
): Promise<readonly RetriedQuarantine[]> {
  const importId = corrections[0]!.row.importId; // groups are never empty
  const record = await store.get(importId);
  if (record === null) throw new Error(`the import ${importId} of a quarantined row is gone`);
  const session = await store.resume(importId);
  try {
    const results: RetriedQuarantine[] = [];
    const fixed: { id: string; text: string; note: string }[] = [];
    const summaries: Collected[] = [];
    for (const ofFile of groupsBy(corrections, ({ row }) => row.member)) {
      const { member } = ofFile[0]!.row;
      const reading = await store.reading(importId, member);
      if (reading === null) throw unknownReading(record.fileName);
      const read = await runner.run(
        'retry',
        {
          name: member === null ? record.fileName : `${record.fileName}:${member}`,
          importId,
          source: record.source,
          reading,
          rows: ofFile.map(({ row, text }) => ({ line: row.line, text })),
          maps: (await maps?.()) ?? [],
          nowUs: clock.nowUs(),
        },
        {
          host: {
            existingHashes: (keys) => session.existingHashes(keys),
            addParts: (parts) => session.addParts(parts),
            addOrderEvents: (events) => session.addOrderEvents(events),
            addPrices: (points) => session.addPrices(points),
            sharedSegments: () => session.sharedSegments(),
            sharedSegment: (key) => session.sharedSegment(key),
            replaceSegment: (replacement) => session.replaceSegment(replacement),
          },
        },
      );
      summaries.push(read.collected);
      ofFile.forEach(({ row: { id }, text }, index) => {
        const became = read.rows[index]!; // one for each row
        if (became.state === 'fixed') fixed.push({ id, text, note: became.became });
        results.push(
          became.state === 'fixed'
            ? { id, state: 'fixed', reason: null, executions: became.executions }
            : { id, state: 'open', reason: became.reason, executions: 0 },
        );
      });
    }
    await session.commit({
      counts: countsOf(summaries),
      merged: summaries.reduce((sum, { merged }) => sum + merged, 0),
      otherRowNames: namesOf(summaries),
      firstUs: extreme(summaries, ({ firstUs }) => firstUs, Math.min),
      lastUs: extreme(summaries, ({ lastUs }) => lastUs, Math.max),
      symbols: [...new Set(summaries.flatMap(({ symbols }) => symbols))],
      fixed,
    });
    return results;
  } catch (thrown) {
    await session.abandon('failed', toFailure(thrown)).catch(() => undefined);
    throw thrown;
  }
}

function groupsBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): readonly (readonly Item[])[] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function countsOf(collected: readonly Collected[]): ImportCounts {
  const sum = (of: (counts: ImportCounts) => number) => collected.reduce((all, { counts }) => all + of(counts), 0);
  return {
    // Its import read the row already.
    rowsRead: 0,
    executions: sum(({ executions }) => executions),
    orderEvents: sum(({ orderEvents }) => orderEvents),
    otherRows: sum(({ otherRows }) => otherRows),
    duplicates: sum(({ duplicates }) => duplicates),
    quarantined: sum(({ quarantined, rowsRead }) => quarantined - rowsRead),
  };
}

function namesOf(collected: readonly Collected[]): Readonly<Record<string, number>> {
  const names: Record<string, number> = {};
  for (const { otherRowNames } of collected) {
    for (const [name, count] of Object.entries(otherRowNames)) names[name] = (names[name] ?? 0) + count;
  }
  return names;
}

function extreme(
  summaries: readonly Collected[],
  of: (collected: Collected) => number | null,
  choose: (...values: number[]) => number,
): number | null {
  const known = summaries.map(of).filter((value) => value !== null);
  return known.length === 0 ? null : choose(...known);
}

function notOpen(row: QuarantinedRow, twice: boolean): FailureError {
  return new FailureError(
    failure(
      'conflict',
      twice
        ? `Quarantined row ${row.id} is named twice.`
        : `Quarantined row ${row.id} is ${row.state}, not open${row.note === null ? '' : `: ${row.note}`}.`,
      row.state === 'dismissed' ? 'Reopen it first; nothing was changed.' : 'Leave it out; nothing was changed.',
      { id: row.id, state: row.state },
    ),
  );
}

function unknownReading(fileName: string): FailureError {
  return new FailureError(
    failure(
      'conflict',
      `${fileName} was imported by a version that did not keep what its rows were read by.`,
      'Correct the rows in the file itself and import it again.',
    ),
  );
}
