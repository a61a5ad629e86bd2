import { passedOverBecause } from '../../../shared/contract/passed-over';
import type { Collected } from '../imports/import-task';
import type { FollowedFile, ImportRecord } from '../ports';

/**
 * What to do about a followed file, given what is known of it and what is seen on the disk: pure, so that every case stands in a table.
 * Absence is never taken for content, and no decision looks at a clock: a change time is only compared for being another one.
 */

/** What a look at a path finds. */
export interface Seen {
  /** Device and inode, `dev:ino`. */
  readonly identity: string;
  readonly sizeBytes: number;
  /** Time of the last change, as text; only good for telling that there was one. */
  readonly changed: string;
}

/** Where the known files are now, by name; null = nowhere to be seen. A name that is nobody's is a new file. */
export function placesOf(
  files: readonly Pick<FollowedFile, 'id' | 'name' | 'identity'>[],
  seen: ReadonlyMap<string, Seen>,
): ReadonlyMap<string, string | null> {
  const byIdentity = new Map<string, string[]>();
  for (const [name, { identity }] of seen) byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), name]);
  const places = new Map<string, string | null>();
  const taken = new Set<string>();
  for (const { id, name, identity } of files) {
    if (seen.get(name)?.identity !== identity) continue;
    places.set(id, name);
    taken.add(name);
  }
  for (const { id, identity } of files) {
    if (places.has(id)) continue;
    // Its own content under another name: moved, or moved aside to make room for the next file of the log.
    const moved = byIdentity.get(identity)?.find((name) => !taken.has(name));
    if (moved === undefined) continue;
    places.set(id, moved);
    taken.add(moved);
  }
  for (const { id, name } of files) {
    // Another file stands at its name: it may be the same log written anew, which only its content tells.
    if (!places.has(id)) places.set(id, seen.has(name) && !taken.has(name) ? name : null);
  }
  return places;
}

export type Step =
  /** Nothing new. */
  | 'rest'
  /** Open it and compare what it holds before the position. */
  | 'compare'
  | 'read'
  /** What was read is not there any more: it was cut off or replaced. */
  | 'replaced'
  | 'gone';

/**
 * @param before what was seen when it was last looked at to the end; null = never in this run
 * @param same whether it still holds what was read of it; null = not compared
 */
export function stepFor(
  file: Pick<FollowedFile, 'positionBytes' | 'identity'>,
  before: Seen | null,
  seen: Seen | null,
  same: boolean | null,
): Step {
  if (seen === null) return 'gone';
  if (seen.sizeBytes < file.positionBytes) return 'replaced';
  if (same === false) return 'replaced';
  if (same === null && file.positionBytes > 0) {
    const unchanged =
      before !== null &&
      before.identity === seen.identity &&
      before.sizeBytes === seen.sizeBytes &&
      before.changed === seen.changed;
    // Right after a start an equal file with nothing behind the position needs no look: what comes next is compared.
    const asStored = before === null && file.identity === seen.identity && file.positionBytes === seen.sizeBytes;
    return unchanged || asStored ? 'rest' : 'compare';
  }
  return seen.sizeBytes > file.positionBytes ? 'read' : 'rest';
}

/** What lies between a log that was numbered aside and its present file, the oldest first: of `log.3` are `log.2` and `log.1`. */
export function namesBetween(aside: string | null, log: string): readonly string[] {
  const number = aside?.startsWith(`${log}.`) ? aside.slice(log.length + 1) : '';
  if (!/^[1-9]\d{0,3}$/.test(number)) return [];
  return Array.from({ length: Number(number) - 1 }, (_, index) => `${log}.${Number(number) - 1 - index}`);
}

/**
 * Whether a file that was numbered aside was only numbered anew: `log.1` that is `log.2` by now, while the log itself is known. Its log
 * went on before, so whatever stands at its former name is nothing that goes on from it.
 */
export function isNumberedAnew(name: string, at: string, known: ReadonlySet<string>): boolean {
  const was = numbered.exec(name);
  const is = numbered.exec(at);
  if (was === null || is === null) return false;
  const [, stem, extension = ''] = was;
  return stem === is[1] && extension === (is[2] ?? '') && known.has(`${stem}${extension}`);
}

/** `log.1`, `log-2.csv`: the number of a file that was moved aside. */
const numbered = /^(.+)[._-][1-9]\d{0,3}(\.[^./]+)?$/;

/** Names nobody means to be read: hidden ones, unfinished downloads and copies, what databases keep beside them, our own store. */
export function isPassedOver(name: string): boolean {
  return name.split('/').some((part) => passedOverBecause(part) !== null);
}

export type Growing = Omit<ImportRecord, 'id' | 'state'>;

/** The file's record with what a further piece of it brought. */
export function grownBy(record: Growing, added: Collected): Growing {
  const names = { ...record.otherRowNames };
  for (const [name, count] of Object.entries(added.otherRowNames)) names[name] = (names[name] ?? 0) + count;
  const { counts } = record;
  return {
    ...together(record, added),
    otherRowNames: names,
    counts: {
      rowsRead: counts.rowsRead + added.counts.rowsRead,
      executions: counts.executions + added.counts.executions,
      orderEvents: counts.orderEvents + added.counts.orderEvents,
      otherRows: counts.otherRows + added.counts.otherRows,
      duplicates: counts.duplicates + added.counts.duplicates,
      quarantined: counts.quarantined + added.counts.quarantined,
    },
  };
}

/**
 * The record of a file that is read anew as a whole. What it brought before counts as duplicates now, which it is not: those rows are
 * its own. A row it no longer shows stays counted, as it stays stored.
 */
export function readAnew(record: Growing, now: Collected): Growing {
  const executions = record.counts.executions + now.counts.executions;
  const orderEvents = record.counts.orderEvents + now.counts.orderEvents;
  const own = record.counts.executions + record.counts.orderEvents;
  const { otherRows, quarantined } = now.counts;
  const duplicates = Math.max(0, now.counts.duplicates - own);
  const rowsRead = executions + orderEvents + otherRows + duplicates + quarantined;
  return {
    ...together(record, now),
    otherRowNames: now.otherRowNames,
    counts: { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined },
  };
}

function together(record: Growing, added: Collected): Growing {
  const strategies = new Set([...(record.strategy === '' ? [] : record.strategy.split(', ')), ...added.strategies]);
  return {
    ...record,
    severalPerRow: record.severalPerRow || added.severalPerRow,
    strategy: [...strategies].join(', '),
    firstUs: outer(Math.min, record.firstUs, added.firstUs),
    lastUs: outer(Math.max, record.lastUs, added.lastUs),
    symbols: [...new Set([...record.symbols, ...added.symbols])].sort(),
  };
}

function outer(choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : choose(a, b);
}
