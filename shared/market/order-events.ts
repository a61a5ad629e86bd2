import type { OrderEvent } from './executions';

/** Two logs often tell of one order, and one of them leaves out its venue, its account or its id. */

/** An id that more events of a day share names no order. */
const mostEventsOfOrder = 100;

/**
 * The events with what only other events of the same order know of its venue, account and ids, each end of an order (rejected,
 * cancelled, expired) once: the row that tells more of it is kept. Events are of one order by equal order id, else by equal client
 * order id and side, where venue and account are equal or unknown on one side; where two known orders come into question, none is
 * meant. The order of the events decides nothing but the order of the answer.
 * @param events of one source, strategy, symbol and day
 */
export function ordersToldOnce(events: readonly OrderEvent[]): readonly OrderEvent[] {
  if (events.length < 2) return events;
  const told = named(named(events, 'orderId'), 'clientOrderId');
  const ends = new Map<string, number>();
  const kept: (OrderEvent | null)[] = [...told];
  told.forEach((event, index) => {
    if (event.kind === 'submitted' || (event.orderId === null && event.clientOrderId === null)) return;
    const { kind, venue, account, orderId, clientOrderId, side, paper } = event;
    const order = orderId === null ? ['c', clientOrderId, side] : ['o', orderId];
    const name = JSON.stringify([kind, paper, venue, account, ...order]);
    const before = ends.get(name);
    if (before === undefined) ends.set(name, index);
    else if (compareEvents(told[before]!, event) <= 0) kept[index] = null;
    else {
      kept[before] = null;
      ends.set(name, index);
    }
  });
  return kept.filter((event) => event !== null);
}

/** Gives events without a venue, an account or an order id those of the one order that has this id. */
function named(events: readonly OrderEvent[], id: 'orderId' | 'clientOrderId'): readonly OrderEvent[] {
  const groups = new Map<string, OrderEvent[]>();
  for (const event of events) {
    const value = event[id];
    if (value === null) continue;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [event]);
    else group.push(event);
  }
  const facts = ['venue', 'account', 'orderId'] as const;
  return events.map((event) => {
    const value = event[id];
    if (value === null) return event;
    const group = groups.get(value) ?? [];
    if (group.length > mostEventsOfOrder) return event;
    const others = group.filter((other) => other !== event && isSameOrder(event, other));
    const found = facts.flatMap((fact) => {
      if (event[fact] !== null) return [];
      const known = new Set(others.flatMap((other) => other[fact] ?? []));
      return known.size === 1 ? [[fact, [...known][0]]] : [];
    });
    return found.length === 0 ? event : { ...event, ...Object.fromEntries(found) };
  });
}

function isSameOrder(one: OrderEvent, other: OrderEvent): boolean {
  const agree = (fact: 'venue' | 'account' | 'orderId' | 'side') =>
    one[fact] === null || other[fact] === null || one[fact] === other[fact];
  return one.paper === other.paper && agree('venue') && agree('account') && agree('orderId') && agree('side');
}

/** The better row first: one with a reason, a finer time, more facts; among equals the facts decide. */
function compareEvents(one: OrderEvent, other: OrderEvent): number {
  const known = (value: unknown) => Number(value !== null);
  const facts = ({ side, clientOrderId, intendedQuantity, price, version }: OrderEvent) =>
    [side, clientOrderId, intendedQuantity, price, version].reduce((count: number, value) => count + known(value), 0);
  const better =
    known(other.reason) - known(one.reason) ||
    resolutionUs(one.atUs) - resolutionUs(other.atUs) ||
    facts(other) - facts(one) ||
    one.atUs - other.atUs;
  if (better !== 0) return better;
  const [left, right] = [one, other].map(({ line: _, ...event }) => JSON.stringify(event));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

function resolutionUs(atUs: number): number {
  for (const step of [60_000_000, 1_000_000, 1_000]) if (atUs % step === 0) return step;
  return 1;
}
