import { Scratch } from '../base/scratch';
import type { OrderTable } from '../market/orders';
import type { TextColumn } from '../market/text-column';
import { equalBytes, hashOfBytes, slotsFor, wordsOf } from '../market/text-hash';

/**
 * Pairs of orders that carry the same client order id: an open-addressing table over (client order id, buy or sell side). An entry
 * remembers which order of each source carries its key, or that there are several, which makes it no key.
 */

const none = -1;
const several = -2;

const int32 = (length: number) => new Int32Array(length);
const [slotScratch, hashScratch, firstScratch, liveScratch, backtestScratch] = [
  new Scratch(int32),
  new Scratch(int32),
  new Scratch(int32),
  new Scratch(int32),
  new Scratch(int32),
];

/** Filled orders of one source with the column their keys are in. */
interface Source {
  readonly filledCount: number;
  readonly side: Int8Array;
  readonly clientRow: Int32Array;
  readonly ends: Uint32Array;
  readonly words: DataView;
}

function sourceOf({ filledCount, side, clientRow }: OrderTable, keys: TextColumn): Source {
  return { filledCount, side, clientRow, ends: keys.ends, words: wordsOf(keys) };
}

interface KeyTable {
  /** Entry of each slot. */
  readonly slots: Int32Array;
  readonly hashes: Int32Array;
  /** First order that carries the entry's key: of the backtest for the first `before` entries, then of the source that is being entered. */
  readonly firsts: Int32Array;
  before: number;
  entries: number;
  /** Filled orders whose key is shared within their source. */
  shared: number;
}

/**
 * @param pairUp called once for each pair
 * @returns filled orders of both sources whose client order id is shared within their source
 */
export function matchByKey(
  live: OrderTable,
  backtest: OrderTable,
  liveKeys: TextColumn,
  backtestKeys: TextColumn,
  pairUp: (liveOrder: number, backtestOrder: number) => void,
): number {
  const most = live.filledCount + backtest.filledCount;
  const table: KeyTable = {
    slots: slotScratch.lend(slotsFor(most)).fill(none),
    hashes: hashScratch.lend(most),
    firsts: firstScratch.lend(most),
    before: 0,
    entries: 0,
    shared: 0,
  };
  const expected = sourceOf(backtest, backtestKeys);
  const holders = { backtest: backtestScratch.lend(most), live: liveScratch.lend(most) };
  enter(table, expected, holders.backtest, expected);
  table.before = table.entries;
  holders.live.fill(none, 0, table.before);
  enter(table, sourceOf(live, liveKeys), holders.live, expected);
  for (let entry = 0; entry < table.before; entry++) {
    const liveOrder = holders.live[entry]!;
    const backtestOrder = holders.backtest[entry]!;
    if (liveOrder >= 0 && backtestOrder >= 0) pairUp(liveOrder, backtestOrder);
  }
  return table.shared;
}

/** Enters the source's filled orders; `holders` becomes the order of each entry, {@link none} or {@link several}. */
function enter(table: KeyTable, source: Source, holders: Int32Array, backtest: Source): void {
  const { slots, hashes, firsts, before } = table;
  const { filledCount, side, clientRow, ends, words } = source;
  const mask = slots.length - 1;
  let { entries, shared } = table;
  for (let order = 0; order < filledCount; order++) {
    const row = clientRow[order]!;
    if (row < 0) continue;
    const from = row === 0 ? 0 : ends[row - 1]!;
    const hash = hashOfBytes(words, from, ends[row]!, side[order]!);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]!;
      if (entry === none) {
        slots[slot] = entries;
        hashes[entries] = hash;
        firsts[entries] = order;
        holders[entries++] = order;
        break;
      }
      if (hashes[entry] !== hash) continue;
      if (!sameKey(entry < before ? backtest : source, firsts[entry]!, source, order)) continue;
      if (holders[entry] === none) holders[entry] = order;
      else {
        shared += holders[entry] === several ? 1 : 2;
        holders[entry] = several;
      }
      break;
    }
  }
  table.entries = entries;
  table.shared = shared;
}

function sameKey(a: Source, first: number, b: Source, second: number): boolean {
  if (a.side[first] !== b.side[second]) return false;
  const rowA = a.clientRow[first]!;
  const rowB = b.clientRow[second]!;
  const fromA = rowA === 0 ? 0 : a.ends[rowA - 1]!;
  const fromB = rowB === 0 ? 0 : b.ends[rowB - 1]!;
  const length = b.ends[rowB]! - fromB;
  return a.ends[rowA]! - fromA === length && equalBytes(a.words, fromA, b.words, fromB, length);
}
