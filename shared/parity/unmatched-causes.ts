import { SECOND_US } from '../base/time';
import { clientOrderIdOf, orderStatusCode } from '../market/orders';
import { pairKindCode } from './attribution';
import type { CauseReason } from './cause-names';
import type { Report } from './document';
import type { PairTable, TableSide } from './pair-table';

/** Why an order has no partner: what the other side's log says of that time. */

export interface UnmatchedCause {
  readonly name: CauseReason;
  /** What the log says of the order that stands for it, where there is one: why it was rejected. */
  readonly message: string | null;
}

type Coverage = Report['dataQuality']['liveCoverage'];

const duplicateWithinUs = 10 * SECOND_US;
const sizeTolerance = 0.01;
const keyedShare = 0.8;
const keyedOrders = 3;
/** Orders missed in a row with nothing live in between that make a gap in the feed. */
const gapOrders = 3;

/**
 * @param toleranceUs widest time between an order and the order event that stands for it
 * @returns by row of the pair table, for its missed and extra orders
 */
export function unmatchedCauses(
  table: PairTable,
  coverage: { readonly live: Coverage; readonly backtest: Coverage },
  toleranceUs: number,
): ReadonlyMap<number, UnmatchedCause> {
  const { rows, live, backtest } = table;
  const missed: number[] = [];
  const extra: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (rows.kind[row] === pairKindCode.missed) missed.push(row);
    else if (rows.kind[row] === pairKindCode.extra) extra.push(row);
  }
  const found = new Map<number, UnmatchedCause>();
  const liveUnfilled = standIns(
    missed.map((row) => rows.backtest[row]!),
    backtest,
    live,
    toleranceUs,
  );
  const inGap = gapRows(
    table,
    missed.filter((row) => !liveUnfilled.has(rows.backtest[row]!)),
  );
  for (const row of missed) {
    const standIn = liveUnfilled.get(rows.backtest[row]!);
    if (standIn !== undefined) {
      const name = unfilledNames[live.orders.status[standIn]!] ?? 'missed.open';
      found.set(row, { name, message: live.orders.reasons.get(standIn) ?? null });
    } else if (isOutside(rows.atUs[row]!, coverage.live)) {
      found.set(row, { name: 'missed.outsideLivePeriod', message: null });
    } else found.set(row, { name: inGap.has(row) ? 'missed.liveGap' : 'missed.noLiveOrder', message: null });
  }
  const backtestUnfilled = standIns(
    extra.map((row) => rows.live[row]!),
    live,
    backtest,
    toleranceUs,
  );
  const keyed = mostAreKeyed(table);
  const twins = extra.length === 0 ? null : matchedLiveOrders(table);
  for (const row of extra) {
    const order = rows.live[row]!;
    let name: CauseReason = 'extra.notInBacktest';
    if (backtestUnfilled.has(order)) name = 'extra.unfilledInBacktest';
    else if (isOutside(rows.atUs[row]!, coverage.backtest)) name = 'extra.outsideBacktestPeriod';
    else if (keyed && live.orders.clientRow[order]! < 0) name = 'extra.manual';
    else if (twins !== null && hasTwin(twins, live, order)) name = 'extra.duplicate';
    const standIn = backtestUnfilled.get(order);
    found.set(row, { name, message: standIn === undefined ? null : (backtest.orders.reasons.get(standIn) ?? null) });
  }
  return found;
}

const unfilledNames: Readonly<Record<number, CauseReason>> = {
  [orderStatusCode.rejected]: 'missed.rejected',
  [orderStatusCode.cancelled]: 'missed.cancelled',
  [orderStatusCode.open]: 'missed.open',
};

function isOutside(atUs: number, { firstUs, lastUs }: Coverage): boolean {
  return firstUs === null || lastUs === null || atUs < firstUs || atUs > lastUs;
}

/** The other side's orders without fills that stand for these orders: by client order id, else the nearest that fits in side, time and size. */
function standIns(
  orders: readonly number[],
  side: TableSide,
  other: TableSide,
  toleranceUs: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const { filledCount, count, firstUs } = other.orders;
  if (count === filledCount) return found;
  const byKey = new Map<string, number>();
  for (let order = filledCount; order < count; order++) {
    const key = clientOrderIdOf(other.orders, order, other.columns, other.events);
    if (key !== '') byKey.set(key, order);
  }
  const taken = new Uint8Array(count);
  for (const order of orders) {
    const standIn = byKey.get(clientOrderIdOf(side.orders, order, side.columns, side.events));
    if (standIn === undefined || taken[standIn] === 1) continue;
    taken[standIn] = 1;
    found.set(order, standIn);
  }
  // Both lists are in time order: candidates before the window of one order are before that of the next.
  let from = filledCount;
  for (const order of orders) {
    const atUs = side.orders.firstUs[order]!;
    while (from < count && firstUs[from]! < atUs - toleranceUs) from++;
    if (found.has(order)) continue;
    let best = -1;
    let nearest = Number.POSITIVE_INFINITY;
    for (let candidate = from; candidate < count && firstUs[candidate]! <= atUs + toleranceUs; candidate++) {
      const apart = Math.abs(firstUs[candidate]! - atUs);
      const otherSide = other.orders.side[candidate]!;
      if (taken[candidate] === 1 || apart >= nearest) continue;
      if (otherSide !== 0 && otherSide !== side.orders.side[order]!) continue;
      if (Math.abs(other.orders.intended[candidate]! / side.orders.quantity[order]! - 1) > sizeTolerance) continue;
      best = candidate;
      nearest = apart;
    }
    if (best < 0) continue;
    taken[best] = 1;
    found.set(order, best);
  }
  return found;
}

/** Missed orders that stand several in a row without any live order or event between the first and the last of them. */
function gapRows({ rows, live }: PairTable, missed: readonly number[]): ReadonlySet<number> {
  const instants: number[] = [];
  for (let order = 0; order < live.orders.count; order++) {
    instants.push(live.orders.firstUs[order]!, live.orders.lastUs[order]!);
  }
  instants.sort((a, b) => a - b);
  const found = new Set<number>();
  let run: number[] = [];
  let next = 0;
  const close = () => {
    if (run.length >= gapOrders) for (const row of run) found.add(row);
    run = [];
  };
  for (const row of missed) {
    const atUs = rows.atUs[row]!;
    const before = next;
    while (next < instants.length && instants[next]! <= atUs) next++;
    if (next !== before) close();
    run.push(row);
  }
  close();
  return found;
}

function mostAreKeyed({ rows, live }: PairTable): boolean {
  let matched = 0;
  let keyed = 0;
  for (let row = 0; row < rows.count; row++) {
    if (rows.kind[row] !== pairKindCode.matched) continue;
    matched++;
    if (live.orders.clientRow[rows.live[row]!]! >= 0) keyed++;
  }
  return matched >= keyedOrders && keyed >= keyedShare * matched;
}

/** Live's matched orders in time order. */
function matchedLiveOrders({ matching }: PairTable): readonly number[] {
  const found: number[] = [];
  for (let order = 0; order < matching.backtestOf.length; order++)
    if (matching.backtestOf[order]! >= 0) found.push(order);
  return found;
}

function hasTwin(matched: readonly number[], { orders }: TableSide, order: number): boolean {
  const atUs = orders.firstUs[order]!;
  let low = 0;
  let high = matched.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (orders.firstUs[matched[middle]!]! < atUs - duplicateWithinUs) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < matched.length; at++) {
    const other = matched[at]!;
    if (orders.firstUs[other]! > atUs + duplicateWithinUs) return false;
    if (orders.side[other] !== orders.side[order]) continue;
    if (Math.abs(orders.quantity[other]! / orders.quantity[order]! - 1) <= sizeTolerance) return true;
  }
  return false;
}
