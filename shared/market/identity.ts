import { CompensatedSum } from '../base/sums';
import type { Execution } from './executions';

/**
 * Which rows of several logs tell the same trade, and what is kept of them. The answer is a function of the set of rows alone: in
 * which order they were imported decides nothing.
 *
 * Rows of one (source, strategy, symbol, UTC day) are compared. Two rows are one trade
 * - by trade id: equal trade id and side; within one format everything else equal too, across formats price and quantity within
 *   {@link sameFigure} and times closer than the coarser of the two can tell;
 * - by order: equal order id (else client order id) and side, in two formats; the quantities of the order sum to the same within
 *   {@link sameFigure} and its average prices agree within {@link sameAverage}. The side that tells more of it is kept whole.
 * - by its place: the last row of a file that ends inside its line, and the row of that line of another file of the format, when at
 *   most one thing they say differs. The whole row is kept as it is.
 * - as the same row: without trade ids, equal order ids, time, side, price, quantity, fee, venue and account, and the same
 *   how-manieth of such rows in its file. What more one of them says is kept.
 * Of trades that a log takes back or corrects later (trade bust, trade correction) the rows are left out before.
 * Venue and account must be equal, or unknown on one side; paper trades are never real ones. Other rows without a common id are
 * never merged, since two equal trades are real; they are counted as suspected.
 */

/** Relative difference up to which prices and quantities are the same: logs round them, and floats carry noise. */
export const sameFigure = 1e-6;
/** Relative difference up to which average prices of an order are the same: bots keep the average with few digits. */
export const sameAverage = 1e-4;

export interface LoggedExecution extends Execution {
  /** Format of the log. Rows of one format are never taken for another's order. */
  readonly format: string;
  /** Size of the file where the row ends it without the end of its line, so that it may be the beginning of a row only; else null. */
  readonly cutAtBytes?: number | null;
  /** The how-manieth row of those in its log that tell as much of which trade they are, from 0; null where that is not asked. */
  readonly occurrence?: number | null;
}

export const twinRules = [
  'trade id',
  'order id',
  'client order id',
  'cut row',
  'same row',
  'trade bust',
  'trade correction',
] as const;
export type TwinRule = (typeof twinRules)[number];

/** Rows that tell the same: one trade, or all trades of one order. Numbers are indexes into the rows. */
export interface Twins {
  readonly rule: TwinRule;
  /** One for each trade that is kept: the row it is kept by, and the row with what only others knew. */
  readonly kept: readonly { readonly row: number; readonly execution: Execution }[];
  readonly merged: readonly number[];
}

export interface Identified {
  readonly twins: readonly Twins[];
  /** Trades that another format seems to tell too, although no common id says so, or the sums of their order differ. */
  readonly suspected: number;
}

/** One trade: the rows that tell it, best first. */
type Trade = readonly [number, ...number[]];

/** Trades that stay, and the trades of other logs that tell the same orders. */
interface Group {
  rule: TwinRule;
  readonly kept: Set<Trade>;
  readonly merged: Set<Trade>;
}

/** An id that more rows of a day share names no trade. */
const mostRowsOfTrade = 1_000;

export function identify(rows: readonly LoggedExecution[]): Identified {
  const cut = cutRows(rows);
  const trades = tradesById(rows, cut);
  const groups = new Map<Trade, Group>();
  const gone = new Set<Trade>();
  let unmerged = 0;
  for (const [rule, idOf] of [
    ['order id', ({ orderId }: Execution) => orderId],
    ['client order id', ({ clientOrderId }: Execution) => clientOrderId],
  ] as const) {
    const left = trades.filter((trade) => !gone.has(trade));
    for (const told of bucketsOf(left, (trade) => bucketOf(rows, trade, idOf))) {
      const { kept, merged, unlike } = ordersToldTwice(rows, told);
      unmerged += unlike;
      if (merged.length > 0) {
        const group: Group = { rule, kept: new Set(kept), merged: new Set(merged) };
        for (const trade of [...kept, ...merged]) {
          const before = groups.get(trade);
          if (before === undefined || before === group) continue;
          group.rule = before.rule;
          for (const other of before.merged) group.merged.add(other);
          for (const other of before.kept) (merged.includes(other) ? group.merged : group.kept).add(other);
        }
        for (const trade of group.kept) groups.set(trade, group);
        for (const trade of group.merged) {
          groups.set(trade, group);
          gone.add(trade);
        }
      }
    }
  }
  for (const trade of trades) {
    if (trade.length > 1 && !groups.has(trade)) {
      const rule = rows[trade[0]]!.tradeId === null ? 'same row' : 'trade id';
      groups.set(trade, { rule, kept: new Set([trade]), merged: new Set() });
    }
  }
  const twins = [...new Set(groups.values())].map((group) => twinsOf(rows, group));
  for (const [row, whole] of cut) addCutRow(rows, twins, row, whole);
  const left = trades.filter((trade) => !gone.has(trade));
  return { twins, suspected: unmerged + suspectedOf(rows, left) };
}

function twinsOf(rows: readonly LoggedExecution[], { rule, kept, merged }: Group): Twins {
  const others = [...merged].flat().sort((a, b) => compareRows(rows[a]!, rows[b]!));
  // One trade against one row is that trade; else only what holds for the whole order holds for each of its trades.
  const oneToOne = kept.size === 1 && merged.size === 1;
  return {
    rule,
    kept: [...kept].map((trade) => {
      const own = trade.map((row) => rows[row]!);
      const told = withFacts(own[0]!, own.slice(1), allFacts);
      const facts = oneToOne ? allFacts : orderFacts;
      return {
        row: trade[0],
        execution: withFacts(
          told,
          others.map((row) => rows[row]!),
          facts,
        ),
      };
    }),
    merged: [...[...kept].flatMap((trade) => trade.slice(1)), ...others],
  };
}

const orderFacts = [
  'decidedAtUs',
  'submittedAtUs',
  'arrivalPrice',
  'intendedQuantity',
  'orderId',
  'clientOrderId',
  'venue',
  'account',
  'version',
] as const satisfies readonly (keyof Execution)[];
const allFacts = [...orderFacts, 'liquidity', 'tradeId'] as const satisfies readonly (keyof Execution)[];

/** The execution with what it does not know itself, from the first of the others that does. */
function withFacts(
  best: Execution,
  others: readonly Execution[],
  facts: readonly (typeof allFacts)[number][],
): Execution {
  const { format: _format, ...execution } = best as LoggedExecution;
  let told: Execution = execution;
  for (const fact of facts) {
    if (told[fact] !== null) continue;
    const known = others.find((other) => other[fact] !== null);
    if (known) told = { ...told, [fact]: known[fact] };
  }
  const charged = others.find(({ fee }) => fee !== null);
  // A fee and its currency are one fact.
  if (told.fee === null && charged && facts === allFacts) {
    told = { ...told, fee: charged.fee, feeCurrency: charged.feeCurrency };
  }
  if (told.fee !== null && told.feeCurrency === null && facts === allFacts) {
    const named = others.find(({ fee, feeCurrency }) => fee === told.fee && feeCurrency !== null);
    if (named) told = { ...told, feeCurrency: named.feeCurrency };
  }
  return told;
}

/** Rows that were cut, with the row that is whole. */
function cutRows(rows: readonly LoggedExecution[]): ReadonlyMap<number, number> {
  const cut = new Map<number, number>();
  rows.forEach((row, index) => {
    const { cutAtBytes = null } = row;
    if (cutAtBytes === null) return;
    let best = -1;
    rows.forEach((other, at) => {
      if (other.format !== row.format || other.line !== row.line || at === index) return;
      // A longer file has more of the row, also where it ends there as well.
      if ((other.cutAtBytes ?? Number.POSITIVE_INFINITY) <= cutAtBytes) return;
      if (differences(row, other) > 1) return;
      if (best < 0 || compareRows(other, rows[best]!) < 0) best = at;
    });
    if (best >= 0) cut.set(index, best);
  });
  return cut;
}

/** How many things two rows say differently; a fee and its currency are one. */
function differences(one: Execution, other: Execution): number {
  const fee = one.fee === other.fee && one.feeCurrency === other.feeCurrency ? 0 : 1;
  const fields = [...allFacts, 'executedAtUs', 'price', 'quantity', 'side', 'paper'] as const;
  return fields.reduce((count, field) => count + (one[field] === other[field] ? 0 : 1), fee);
}

/** Puts the cut row to the trade its whole row tells. */
function addCutRow(rows: readonly LoggedExecution[], twins: Twins[], row: number, whole: number): void {
  const at = twins.findIndex(({ kept, merged }) => merged.includes(whole) || kept.some((one) => one.row === whole));
  const told = twins[at];
  if (told) twins[at] = { ...told, merged: [...told.merged, row] };
  else twins.push({ rule: 'cut row', kept: [{ row: whole, execution: rows[whole]! }], merged: [row] });
}

/** Rows grouped by the trade they tell, in an order that depends on the rows alone. */
function tradesById(rows: readonly LoggedExecution[], cut: ReadonlyMap<number, number>): readonly Trade[] {
  const places = rows.map((_, index) => index).filter((index) => !cut.has(index));
  const order = places.sort((a, b) => compareRows(rows[a]!, rows[b]!));
  const byId = bucketsOf(order, (row) => {
    const { tradeId, side } = rows[row]!;
    return tradeId === null ? null : `${side} ${tradeId}`;
  });
  const trades: Trade[] = [];
  for (const same of byId) {
    if (same.length === 1) {
      trades.push([same[0]!]);
      continue;
    }
    const open: [number, ...number[]][] = [];
    for (const row of same) {
      const near = same.length > mostRowsOfTrade ? open.slice(-mostRowsOfTrade) : open;
      const trade = near.find((members) => members.every((member) => areTwins(rows[member]!, rows[row]!)));
      if (trade) trade.push(row);
      else open.push([row]);
    }
    trades.push(...open);
  }
  const anonymous = order.filter((row) => rows[row]!.tradeId === null);
  for (const [first, ...others] of bucketsOf(anonymous, (row) => sameRowKey(rows[row]!, row))) {
    if (first !== undefined) trades.push([first, ...others]);
  }
  return trades;
}

function sameRowKey(row: LoggedExecution, index: number): string {
  const {
    occurrence = null,
    orderId,
    clientOrderId,
    executedAtUs,
    side,
    price,
    quantity,
    fee,
    venue,
    account,
    paper,
  } = row;
  if (occurrence === null) return String(index);
  const content = [orderId, clientOrderId, executedAtUs, side, price, quantity, fee, venue, account, paper, occurrence];
  return JSON.stringify(content);
}

function areTwins(one: LoggedExecution, other: LoggedExecution): boolean {
  if (!isSamePlace(one, other)) return false;
  if (one.format === other.format) {
    return one.executedAtUs === other.executedAtUs && one.price === other.price && one.quantity === other.quantity;
  }
  return (
    isWithin(one.price, other.price, sameFigure) &&
    isWithin(one.quantity, other.quantity, sameFigure) &&
    isSameTime(one, other)
  );
}

/** Venue and account equal, or unknown on one side; both paper or both real. */
function isSamePlace(one: Execution, other: Execution): boolean {
  return (
    one.paper === other.paper &&
    isEqualOrUnknown(one.venue, other.venue) &&
    isEqualOrUnknown(one.account, other.account)
  );
}

function isEqualOrUnknown(one: string | null, other: string | null): boolean {
  return one === null || other === null || one.toLowerCase() === other.toLowerCase();
}

function isWithin(one: number, other: number, relative: number): boolean {
  return Math.abs(one - other) <= relative * Math.max(Math.abs(one), Math.abs(other));
}

function isSameTime(one: Execution, other: Execution): boolean {
  const apart = Math.abs(one.executedAtUs - other.executedAtUs);
  return apart === 0 || apart < Math.max(resolutionUs(one.executedAtUs), resolutionUs(other.executedAtUs));
}

/** Coarsest step the instant lies on: a minute, a second, a millisecond or a microsecond. */
function resolutionUs(atUs: number): number {
  for (const step of [60_000_000, 1_000_000, 1_000]) if (atUs % step === 0) return step;
  return 1;
}

/** An id the rows of the trade know, with its side; null when none does. */
function bucketOf(
  rows: readonly LoggedExecution[],
  trade: Trade,
  idOf: (row: Execution) => string | null,
): string | null {
  for (const row of trade) {
    const id = idOf(rows[row]!);
    if (id !== null) return `${rows[row]!.side} ${id}`;
  }
  return null;
}

/** The logs that tell trades of one order, each log's trades together; logs that share a trade are one. */
interface Telling {
  readonly trades: readonly Trade[];
  readonly quantity: number;
  readonly averagePrice: number;
  readonly named: boolean;
}

/** The log that tells most of the order, those that tell the same, and how many trades of others do not fit. */
function ordersToldTwice(
  rows: readonly LoggedExecution[],
  trades: readonly Trade[],
): { readonly kept: readonly Trade[]; readonly merged: readonly Trade[]; readonly unlike: number } {
  const [best, ...others] = tellingsOf(rows, trades).sort(
    (one, other) =>
      Number(other.named) - Number(one.named) ||
      other.trades.length - one.trades.length ||
      compareRows(rows[one.trades[0]![0]]!, rows[other.trades[0]![0]]!),
  );
  const kept = best?.trades ?? [];
  const merged: Trade[] = [];
  let unlike = 0;
  for (const other of others) {
    if (!other.trades.every(([row]) => kept.every(([own]) => isSameOrder(rows[own]!, rows[row]!)))) continue;
    const same =
      best !== undefined &&
      isWithin(best.quantity, other.quantity, sameFigure) &&
      isWithin(best.averagePrice, other.averagePrice, sameAverage);
    if (same) merged.push(...other.trades);
    else unlike += other.trades.length;
  }
  return { kept, merged, unlike };
}

function isSameOrder(one: Execution, other: Execution): boolean {
  // By its client order id an order is only known where the venue's is not.
  return isSamePlace(one, other) && isEqualOrUnknown(one.orderId, other.orderId);
}

function tellingsOf(rows: readonly LoggedExecution[], trades: readonly Trade[]): Telling[] {
  const byFormat = new Map<string, Set<Trade>>();
  for (const trade of trades) {
    const together = new Set<Trade>([trade]);
    for (const row of trade) for (const other of byFormat.get(rows[row]!.format) ?? []) together.add(other);
    for (const member of together) for (const row of member) byFormat.set(rows[row]!.format, together);
  }
  return [...new Set(byFormat.values())].map((told) => {
    const quantity = sumOf(told, ([row]) => rows[row]!.quantity);
    return {
      trades: [...told].sort(([one], [other]) => compareRows(rows[one]!, rows[other]!)),
      quantity,
      averagePrice: sumOf(told, ([row]) => rows[row]!.quantity * rows[row]!.price) / quantity,
      named: [...told].every(([row]) => rows[row]!.tradeId !== null),
    };
  });
}

function sumOf(trades: Iterable<Trade>, of: (trade: Trade) => number): number {
  const sum = new CompensatedSum();
  for (const trade of trades) sum.add(of(trade));
  return sum.value;
}

const secondUs = 1_000_000;
/** Rows looked at behind each row, at most. */
const suspectReach = 20;

/** Trades of different formats that agree in all but ids, and have no kind of id in common that could tell. */
function suspectedOf(rows: readonly LoggedExecution[], trades: readonly Trade[]): number {
  let suspected = 0;
  const alike = bucketsOf(
    trades.map(([row]) => row),
    (row) => {
      const { side, price, quantity } = rows[row]!;
      return `${side} ${price.toPrecision(6)} ${quantity.toPrecision(6)}`;
    },
  );
  for (const same of alike) {
    if (same.length === 1) continue;
    same.sort((a, b) => rows[a]!.executedAtUs - rows[b]!.executedAtUs || a - b);
    for (const [index, row] of same.entries()) {
      const one = rows[row]!;
      const behind = same.slice(index + 1, index + 1 + suspectReach).map((other) => rows[other]!);
      if (behind.some((other) => one.format !== other.format && areSuspect(one, other))) suspected++;
    }
  }
  return suspected;
}

function areSuspect(one: Execution, other: Execution): boolean {
  const both = (id: 'tradeId' | 'orderId' | 'clientOrderId') => one[id] !== null && other[id] !== null;
  if (both('tradeId') || both('orderId') || both('clientOrderId') || !isSamePlace(one, other)) return false;
  return isSameTime(one, other) || Math.abs(one.executedAtUs - other.executedAtUs) < secondUs;
}

/** Items with equal keys together, in the order of their first; items without a key are left out. */
function bucketsOf<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): readonly Item[][] {
  const buckets = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const bucket = buckets.get(key);
    if (bucket) bucket.push(item);
    else buckets.set(key, [item]);
  }
  return [...buckets.values()];
}

const tieBreak = [
  'executedAtUs',
  'price',
  'quantity',
  'side',
  'fee',
  'feeCurrency',
  'liquidity',
  'tradeId',
  ...orderFacts,
  'format',
] as const satisfies readonly (keyof LoggedExecution)[];

/**
 * The better row first, by what it says itself: trade id, finer time, fee, liquidity, facts of its order. Among equals the fields
 * decide, so that only rows that say all the same are equal here.
 */
export function compareRows(one: LoggedExecution, other: LoggedExecution): number {
  const better =
    known(other.tradeId) - known(one.tradeId) ||
    resolutionUs(one.executedAtUs) - resolutionUs(other.executedAtUs) ||
    known(other.fee) - known(one.fee) ||
    known(other.liquidity) - known(one.liquidity) ||
    factsKnown(other) - factsKnown(one);
  if (better !== 0) return better;
  for (const field of tieBreak) {
    const [left, right] = [one[field], other[field]];
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -1 : 1;
  }
  return 0;
}

function factsKnown(row: Execution): number {
  return orderFacts.reduce((count, fact) => count + known(row[fact]), 0);
}

function known(value: unknown): number {
  return value === null ? 0 : 1;
}
