import { DAY_US, HOUR_US, MINUTE_US, type UtcDay, utcDayStartUs } from '../base/time';
import type { ExecutionColumns } from '../market/columns';
import type { OrderEvent } from '../market/executions';
import { priceFees, quoteCurrency } from '../market/fees';
import { type FillPrices, freshMarkUs, lastAtOrBefore, marksAtBoundaries, type PriceSeries } from '../market/marks';
import { ordersToldOnce } from '../market/order-events';
import { pickRows } from '../market/picked-rows';
import { pairOfSymbol } from '../market/symbols';
import { textAt } from '../market/text-column';
import type { DeploymentConfiguration } from './configuration';

/**
 * Running aggregates of a deployment's stage. Each symbol and UTC day is folded by itself from all that is known of it, so whatever
 * arrives late replaces its own day only, and the order of arrival decides nothing. `equity.ts` puts the days together.
 */

/** What the aggregates are kept for; a new stage begins a new ledger. */
export interface LedgerFrame {
  /** Money counts from here; fills before only make the position the stage begins with. */
  readonly stageFromUs: number;
  /** Of the stage, in `currency`. */
  readonly capital: number;
  readonly currency: string;
  readonly sessionStartMinutes: number;
}

/** Plain data: JSON keeps it whole. */
export interface Ledger {
  readonly frame: LedgerFrame;
  /** By `symbol day`, see {@link ledgerKey}. */
  readonly days: Readonly<Record<string, LedgerDay>>;
}

/** One symbol and day. Money in quote currency; everything but `openingQuantity` counts from the stage's start. */
export interface LedgerDay {
  readonly symbol: string;
  readonly day: UtcDay;
  /** Why its money cannot be counted; null = it can. */
  readonly unfit: string | null;
  /** Signed quantity traded before the stage began. */
  readonly openingQuantity: number;
  readonly fills: number;
  readonly bought: number;
  readonly boughtNotional: number;
  readonly sold: number;
  readonly soldNotional: number;
  /** Known fees; `unknownFees` counts the fills whose fee is not known in quote currency. */
  readonly fees: number;
  readonly unknownFees: number;
  /** Marks at {@link dayBoundaries}; empty = the day has no price. Those before `markedFrom` are borrowed from later. */
  readonly marks: readonly number[];
  readonly markedFrom: number;
  readonly lastMarkUs: number;
  /** Worth of the day's own trading at each boundary: quantity against the mark, less what was paid, less known fees. */
  readonly traded: readonly number[];
  /** Distinct orders the day tells of, and those of them that were rejected. */
  readonly orders: number;
  readonly rejected: number;
  readonly latency: Latency;
}

/** Latencies in buckets 2 % wide, as [bucket, count] in ascending order: quantiles within 1 % that add up over days. */
export interface Latency {
  readonly count: number;
  readonly sumMs: number;
  readonly buckets: readonly (readonly [number, number])[];
}

/** All that is known of one symbol and day. */
export interface SymbolDayFacts {
  readonly symbol: string;
  readonly day: UtcDay;
  /** Live fills of the strategy, of any version; null = none. */
  readonly live: ExecutionColumns | null;
  /** Backtest fills, which may serve as marks as they do for parity. */
  readonly backtest: FillPrices | null;
  /** Live order events of the strategy, of any version. */
  readonly orderEvents: readonly OrderEvent[];
  /** Imported prices of the symbol, from an hour before the day on. */
  readonly prices: PriceSeries;
  /** Imported prices by symbol, for fees in other currencies. */
  readonly feePrices: ReadonlyMap<string, PriceSeries>;
}

type Belongs = Pick<DeploymentConfiguration, 'version' | 'belongs'>;

export function openLedger(frame: LedgerFrame): Ledger {
  return { frame, days: {} };
}

export function ledgerKey(symbol: string, day: UtcDay): string {
  return `${symbol} ${day}`;
}

/** The ledger with one symbol and day folded anew. A day that nothing is known of any more leaves it. */
export function withDay(ledger: Ledger, facts: SymbolDayFacts, belongs: Belongs, feePriceMaxAgeUs: number): Ledger {
  const folded = foldDay(ledger.frame, facts, belongs, feePriceMaxAgeUs);
  const key = ledgerKey(facts.symbol, facts.day);
  if (folded !== null) return { ...ledger, days: { ...ledger.days, [key]: folded } };
  const { [key]: _gone, ...days } = ledger.days;
  return { ...ledger, days };
}

/** Ends of the day's hours, its first instant, the session's start and the stage's, ascending; from the stage's start on. A day before it has its end. */
export function dayBoundaries(frame: LedgerFrame, day: UtcDay): Float64Array {
  const startUs = utcDayStartUs(day);
  if (startUs + DAY_US <= frame.stageFromUs) return Float64Array.of(startUs + DAY_US);
  const all = Array.from({ length: 25 }, (_, hour) => startUs + hour * HOUR_US);
  all.push(startUs + frame.sessionStartMinutes * MINUTE_US, frame.stageFromUs);
  const inside = all.filter((atUs) => atUs >= Math.max(startUs, frame.stageFromUs) && atUs <= startUs + DAY_US);
  return Float64Array.from(new Set(inside)).sort();
}

function foldDay(
  frame: LedgerFrame,
  facts: SymbolDayFacts,
  belongs: Belongs,
  feePriceMaxAgeUs: number,
): LedgerDay | null {
  const own = facts.live === null ? null : pickRows(facts.live, belongingRows(facts.live, facts.symbol, belongs));
  const boundaries = dayBoundaries(frame, facts.day);
  const size = boundaries.length;
  const marks = marksAtBoundaries(boundaries, facts.prices, facts.live, facts.backtest, null, freshMarkUs);
  // A first price at a boundary is known there when it was imported; a fill marks later boundaries only.
  const markedFrom = marks.ageUs.findIndex(
    (age, index) => age > 0 || (age === 0 && lastAtOrBefore(facts.prices.atUs, boundaries[index]!) >= 0),
  );
  const isMarked = markedFrom >= 0;
  const events = ordersToldOnce(facts.orderEvents.filter((event) => eventBelongs(event, belongs))).filter(
    ({ atUs }) => atUs >= frame.stageFromUs,
  );
  if ((own === null || own.count === 0) && events.length === 0 && !isMarked) return null;

  const pair = pairOfSymbol(facts.symbol);
  const quote = quoteCurrency(pair, [own]);
  const fees = own === null ? null : priceFees(own, pair?.base ?? null, quote, facts.feePrices, feePriceMaxAgeUs).quote;
  const traded: number[] = [];
  let opening = 0;
  let fills = 0;
  let [bought, boughtNotional, sold, soldNotional, paidFees, unknownFees] = [0, 0, 0, 0, 0, 0];
  let row = 0;
  const take = (untilUs: number) => {
    if (own === null || fees === null) return;
    for (; row < own.count && own.executedAtUs[row]! < untilUs; row++) {
      const quantity = own.quantity[row]!;
      const isBuy = own.side[row] === 1;
      if (own.executedAtUs[row]! < frame.stageFromUs) {
        opening += isBuy ? quantity : -quantity;
        continue;
      }
      fills++;
      if (isBuy) {
        bought += quantity;
        boughtNotional += quantity * own.price[row]!;
      } else {
        sold += quantity;
        soldNotional += quantity * own.price[row]!;
      }
      const fee = fees[row]!;
      if (Number.isNaN(fee)) unknownFees++;
      else paidFees += fee;
    }
  };
  for (let index = 0; index < size; index++) {
    take(index === size - 1 ? Number.POSITIVE_INFINITY : boundaries[index]!);
    const net = bought - sold;
    traded.push((net === 0 ? 0 : net * marks.price[index]!) + soldNotional - boughtNotional - paidFees);
  }
  take(Number.POSITIVE_INFINITY);
  const lastAgeUs = isMarked ? marks.ageUs[size - 1]! : Number.NaN;
  return {
    symbol: facts.symbol,
    day: facts.day,
    unfit:
      quote !== null && quote !== frame.currency && (fills > 0 || opening !== 0)
        ? `${facts.symbol} is priced in ${quote}, the deployment's capital is in ${frame.currency}`
        : null,
    openingQuantity: opening,
    fills,
    bought,
    boughtNotional,
    sold,
    soldNotional,
    fees: paidFees,
    unknownFees,
    marks: isMarked ? Array.from(marks.price) : [],
    markedFrom,
    lastMarkUs: isMarked ? boundaries[size - 1]! - lastAgeUs : 0,
    traded: fills === 0 ? [] : traded,
    ...ordersOf(own, events, frame.stageFromUs),
  };
}

/** Rows whose fills belong to the deployment: all that is stated must agree. */
function belongingRows(columns: ExecutionColumns, symbol: string, { version, belongs }: Belongs): number[] {
  if (!symbolBelongs(symbol, belongs)) return [];
  const { versions, accounts } = columns.dictionaries;
  const rows: number[] = [];
  for (let row = 0; row < columns.count; row++) {
    const tags = {
      version: versions[columns.version[row]!] || null,
      account: accounts[columns.account[row]!] || null,
      clientOrderId: belongs.clientOrderIdPrefix === null ? null : textAt(columns.clientOrderId, row) || null,
    };
    if (tagsBelong(tags, version, belongs)) rows.push(row);
  }
  return rows;
}

function eventBelongs(event: OrderEvent, { version, belongs }: Belongs): boolean {
  return symbolBelongs(event.symbol, belongs) && tagsBelong(event, version, belongs);
}

function symbolBelongs(symbol: string, { symbols }: Belongs['belongs']): boolean {
  return symbols.length === 0 || symbols.includes(symbol);
}

/** A log without versions is taken only where the account or the prefix of the order ids is stated and says whose it is. */
function tagsBelong(
  tags: { readonly version: string | null; readonly account: string | null; readonly clientOrderId: string | null },
  version: string,
  belongs: Belongs['belongs'],
): boolean {
  const { account, clientOrderIdPrefix: prefix } = belongs;
  if (account !== null && tags.account !== account) return false;
  if (prefix !== null && tags.clientOrderId?.startsWith(prefix) !== true) return false;
  if (tags.version === null) return belongs.version === null && (account !== null || prefix !== null);
  return tags.version === (belongs.version ?? version);
}

/**
 * Distinct orders of the stage: by order id, else by client order id, else every fill its own. A client order id that stands beside an
 * order id anywhere in the day names that order. Latency is that of an order's first fill since it was sent, else since it was decided.
 */
function ordersOf(
  own: ExecutionColumns | null,
  events: readonly OrderEvent[],
  stageFromUs: number,
): Pick<LedgerDay, 'orders' | 'rejected' | 'latency'> {
  const named = new Map<string, string>();
  const name = (orderId: string | null, clientOrderId: string | null, otherwise: string) =>
    orderId !== null
      ? `o${orderId}`
      : clientOrderId !== null
        ? (named.get(clientOrderId) ?? `c${clientOrderId}`)
        : otherwise;
  const fills: { readonly orderId: string | null; readonly clientOrderId: string | null; readonly row: number }[] = [];
  for (let row = 0; row < (own?.count ?? 0); row++) {
    if (own === null || own.executedAtUs[row]! < stageFromUs) continue;
    fills.push({
      orderId: textAt(own.orderId, row) || null,
      clientOrderId: textAt(own.clientOrderId, row) || null,
      row,
    });
  }
  for (const { orderId, clientOrderId } of [...fills, ...events]) {
    if (orderId !== null && clientOrderId !== null) named.set(clientOrderId, `o${orderId}`);
  }
  const orders = new Set<string>();
  const rejected = new Set<string>();
  const counts = new Map<number, number>();
  let count = 0;
  let sumMs = 0;
  for (const { orderId, clientOrderId, row } of fills) {
    const order = name(orderId, clientOrderId, `f${row}`);
    if (orders.has(order) || own === null) continue;
    orders.add(order);
    const sentUs = Number.isNaN(own.submittedAtUs[row]!) ? own.decidedAtUs[row]! : own.submittedAtUs[row]!;
    const latencyMs = (own.executedAtUs[row]! - sentUs) / 1_000;
    if (!(latencyMs >= 0)) continue;
    count++;
    sumMs += latencyMs;
    const bucket = Math.round(Math.log1p(latencyMs) / bucketWidth);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  for (const [index, { orderId, clientOrderId, kind }] of events.entries()) {
    const order = name(orderId, clientOrderId, `e${index}`);
    orders.add(order);
    if (kind === 'rejected') rejected.add(order);
  }
  const buckets = [...counts].sort(([one], [other]) => one - other);
  return { orders: orders.size, rejected: rejected.size, latency: { count, sumMs, buckets } };
}

const bucketWidth = Math.log(1.02);

/** Middle of a latency bucket, ms. */
export function bucketMs(bucket: number): number {
  return Math.expm1(bucket * bucketWidth);
}
