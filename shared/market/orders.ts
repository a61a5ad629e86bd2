import { columnBlock } from '../base/block';
import { anyKnown, type ExecutionColumns, liquidityCode } from './columns';
import type { OrderEvent } from './executions';
import { textAt, textIsEmptyAt } from './text-column';

/**
 * Orders put together from a day's fills and order events, as columns. Fills with one (venue, account, order id, side) are one order;
 * fills without an order id are one order when venue, account, side, client order id and decision time agree and none is later than the
 * proximity after the first. An order is an order of one day: fills on two days are two orders.
 */

export const formedByCode = { orderId: 0, proximity: 1, event: 2 } as const;
/** As in the order rows of the report document. */
export const orderStatusCode = { filled: 0, partial: 1, rejected: 2, cancelled: 3, open: 4 } as const;

/**
 * Row `i` of every column is one order. Orders with fills come first, by first fill; the `count - filledCount` orders without fills
 * follow, by time of their first event. Unknown numbers are NaN.
 */
export interface OrderTable {
  readonly count: number;
  readonly filledCount: number;
  /** +1 buy, -1 sell, 0 unknown (only without fills). */
  readonly side: Int8Array;
  readonly quantity: Float64Array;
  /** Sum of price * quantity over the fills. */
  readonly notional: Float64Array;
  /** notional / quantity, exactly the fills' price when they share one; NaN without fills. */
  readonly price: Float64Array;
  /** Sum of the fees in quote currency that are known. */
  readonly fee: Float64Array;
  /** Fills whose fee is unknown or unpriced. */
  readonly feeGaps: Uint32Array;
  /** First and last fill; the time of the first and last event for an order without fills. */
  readonly firstUs: Float64Array;
  readonly lastUs: Float64Array;
  readonly decidedAtUs: Float64Array;
  readonly submittedAtUs: Float64Array;
  readonly endedAtUs: Float64Array;
  readonly arrivalPrice: Float64Array;
  readonly intended: Float64Array;
  readonly makerNotional: Float64Array;
  readonly takerNotional: Float64Array;
  readonly fills: Uint32Array;
  /** First row of the order in the execution columns; for an order without fills its first event's index. */
  readonly firstRow: Uint32Array;
  /** Row that carries the client order id, -1 when none does. */
  readonly clientRow: Int32Array;
  readonly formedBy: Uint8Array;
  readonly status: Uint8Array;
  /** Order of each execution row. */
  readonly orderOfRow: Uint32Array;
  /** How orders without fills were ended: reason the log gives, by order. */
  readonly reasons: ReadonlyMap<number, string>;
}

/**
 * @param columns fills of one source, symbol and day in time order; null = none
 * @param feeQuote fee per fill in quote currency, NaN = unknown (see `priceFees`)
 * @param events order events of the same source, symbol and day, any order
 */
export function formOrders(
  columns: ExecutionColumns | null,
  feeQuote: Float64Array | null,
  events: readonly OrderEvent[],
  proximityUs: number,
): OrderTable {
  const rows = columns?.count ?? 0;
  const orderOfRow = new Uint32Array(rows);
  const firstRowOf = new Uint32Array(rows);
  const formedByRow = new Uint8Array(rows);
  const filledCount = columns === null ? 0 : assignRows(columns, proximityUs, orderOfRow, firstRowOf, formedByRow);
  const unfilled = events.length === 0 ? 0 : new Set(events.map((event, index) => eventKey(event, index))).size;
  const table = allocate(filledCount + unfilled, filledCount, orderOfRow, {
    decided: columns !== null && anyKnown(columns.decidedAtUs),
    submitted: events.length > 0 || (columns !== null && anyKnown(columns.submittedAtUs)),
    ended: events.length > 0,
    arrival: columns !== null && anyKnown(columns.arrivalPrice),
    intended: events.length > 0 || (columns !== null && anyKnown(columns.intendedQuantity)),
    liquidity: columns?.liquidity.some((code) => code !== liquidityCode.unknown) ?? false,
  });
  table.firstRow.set(firstRowOf.subarray(0, filledCount));
  table.formedBy.set(formedByRow.subarray(0, filledCount));
  if (columns !== null) aggregate(columns, feeQuote, table);
  const count = events.length === 0 ? filledCount : applyEvents(columns, events, table);
  settleStatus(table, filledCount);
  return { ...table, count };
}

/** Which columns the logs have anything for; the others share one column, which is never written. */
interface KnownColumns {
  readonly decided: boolean;
  readonly submitted: boolean;
  readonly ended: boolean;
  readonly arrival: boolean;
  readonly intended: boolean;
  readonly liquidity: boolean;
}

function allocate(size: number, filledCount: number, orderOfRow: Uint32Array, known: KnownColumns) {
  const { liquidity, ...times } = known;
  const own = Object.values(times).filter(Boolean).length;
  const numbers = columnBlock(size, 7 + own + (liquidity ? 2 : 1));
  const unknown = numbers().fill(Number.NaN);
  const none = liquidity ? null : numbers();
  const unknownUnless = (isKnown: boolean) => (isKnown ? numbers().fill(Number.NaN) : unknown);
  return {
    count: size,
    filledCount,
    side: new Int8Array(size),
    quantity: numbers(),
    notional: numbers(),
    price: numbers().fill(Number.NaN),
    fee: numbers(),
    feeGaps: new Uint32Array(size),
    firstUs: numbers(),
    lastUs: numbers(),
    decidedAtUs: unknownUnless(known.decided),
    submittedAtUs: unknownUnless(known.submitted),
    endedAtUs: unknownUnless(known.ended),
    arrivalPrice: unknownUnless(known.arrival),
    intended: unknownUnless(known.intended),
    makerNotional: none ?? numbers(),
    takerNotional: none ?? numbers(),
    fills: new Uint32Array(size),
    firstRow: new Uint32Array(size),
    clientRow: new Int32Array(size).fill(-1),
    formedBy: new Uint8Array(size),
    status: new Uint8Array(size),
    orderOfRow,
    reasons: new Map<number, string>(),
    known,
  };
}

type Draft = ReturnType<typeof allocate>;

/**
 * Gives each fill its order through an open-addressing table over the bytes of the ids, so that no text is made. A slot holds the latest
 * order of its key; for fills without an order id an order older than the proximity is followed by a new one.
 */
function assignRows(
  columns: ExecutionColumns,
  proximityUs: number,
  orderOfRow: Uint32Array,
  firstRowOf: Uint32Array,
  formedBy: Uint8Array,
): number {
  const rows = columns.count;
  let capacity = 16;
  while (capacity < rows * 2) capacity *= 2;
  const slots = new Uint32Array(capacity);
  const mask = capacity - 1;
  const { side, venue, account, orderId, clientOrderId, executedAtUs, decidedAtUs } = columns;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const start = row === 0 ? 0 : orderId.ends[row - 1]!;
    const near = orderId.ends[row] === start;
    const column = near ? clientOrderId : orderId;
    const from = near ? (row === 0 ? 0 : column.ends[row - 1]!) : start;
    const to = column.ends[row]!;
    const { bytes, ends } = column;
    const decided = near ? decidedAtUs[row]! : 0;
    let hash = (venue[row]! << 16) ^ account[row]! ^ (side[row]! << 30) ^ (near ? 0x5bd1e995 : 0);
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    if (near && !Number.isNaN(decided)) hash = Math.imul(hash ^ (decided % 4294967291), 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 13;
    let slot = hash & mask;
    for (;;) {
      const held = slots[slot]!;
      if (held === 0) {
        firstRowOf[count] = row;
        formedBy[count] = near ? formedByCode.proximity : formedByCode.orderId;
        slots[slot] = ++count;
        orderOfRow[row] = count - 1;
        break;
      }
      const first = firstRowOf[held - 1]!;
      const heldFrom = first === 0 ? 0 : ends[first - 1]!;
      let equal =
        side[first] === side[row] &&
        venue[first] === venue[row] &&
        account[first] === account[row] &&
        (formedBy[held - 1] === formedByCode.proximity) === near &&
        ends[first]! - heldFrom === to - from &&
        (!near || Object.is(decidedAtUs[first], decided));
      for (let at = from, other = heldFrom; equal && at < to; at++, other++) equal = bytes[at] === bytes[other];
      if (equal) {
        if (near && executedAtUs[row]! - executedAtUs[first]! > proximityUs) {
          firstRowOf[count] = row;
          formedBy[count] = formedByCode.proximity;
          slots[slot] = ++count;
          orderOfRow[row] = count - 1;
        } else orderOfRow[row] = held - 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return count;
}

function aggregate(columns: ExecutionColumns, feeQuote: Float64Array | null, table: Draft): void {
  const { price, quantity, executedAtUs, decidedAtUs, submittedAtUs, arrivalPrice, intendedQuantity } = columns;
  const { orderOfRow, filledCount } = table;
  const { decided, submitted, arrival, intended, liquidity } = table.known;
  /** 1 = the fills have different prices. */
  const mixed = new Uint8Array(filledCount);
  for (let row = 0; row < columns.count; row++) {
    const order = orderOfRow[row]!;
    const paid = price[row]!;
    const filled = quantity[row]!;
    const notional = paid * filled;
    const first = table.fills[order] === 0;
    if (first) {
      table.side[order] = columns.side[row]!;
      table.firstUs[order] = executedAtUs[row]!;
      table.price[order] = paid;
    } else if (paid !== table.price[order]!) mixed[order] = 1;
    table.fills[order]!++;
    table.lastUs[order] = executedAtUs[row]!;
    table.quantity[order]! += filled;
    table.notional[order]! += notional;
    const fee = feeQuote === null ? Number.NaN : feeQuote[row]!;
    if (!Number.isNaN(fee)) table.fee[order]! += fee;
    else table.feeGaps[order]!++;
    if (liquidity) {
      const code = columns.liquidity[row]!;
      if (code === liquidityCode.maker) table.makerNotional[order]! += notional;
      else if (code === liquidityCode.taker) table.takerNotional[order]! += notional;
    }
    if (decided) table.decidedAtUs[order] = earlier(table.decidedAtUs[order]!, decidedAtUs[row]!);
    if (submitted) table.submittedAtUs[order] = earlier(table.submittedAtUs[order]!, submittedAtUs[row]!);
    if (arrival && Number.isNaN(table.arrivalPrice[order]!)) table.arrivalPrice[order] = arrivalPrice[row]!;
    if (intended) {
      const asked = intendedQuantity[row]!;
      if (!(table.intended[order]! >= asked) && !Number.isNaN(asked)) table.intended[order] = asked;
    }
    if (table.clientRow[order]! < 0 && !textIsEmptyAt(columns.clientOrderId, row)) table.clientRow[order] = row;
  }
  // Equal prices are their own mean, to the last bit.
  for (let order = 0; order < filledCount; order++) {
    if (mixed[order] === 1) table.price[order] = table.notional[order]! / table.quantity[order]!;
  }
}

function earlier(known: number, candidate: number): number {
  return known <= candidate || Number.isNaN(candidate) ? known : candidate;
}

function eventKey(event: OrderEvent, index: number): string {
  if (event.orderId !== null) return `o${event.venue ?? ''}\u0000${event.account ?? ''}\u0000${event.orderId}`;
  return event.clientOrderId === null ? `n${index}` : `c${event.clientOrderId}\u0000${event.side ?? ''}`;
}

/**
 * Attaches events to the orders they name, and makes an order without fills of those that name none of the day's filled orders. Money
 * is never touched. Returns the number of orders.
 */
function applyEvents(columns: ExecutionColumns | null, events: readonly OrderEvent[], table: Draft): number {
  const known = new Map<string, number>();
  if (columns !== null) {
    for (let order = table.filledCount - 1; order >= 0; order--) {
      const row = table.firstRow[order]!;
      const side = columns.side[row] === 1 ? 'buy' : 'sell';
      if (table.clientRow[order]! >= 0) {
        const client = textAt(columns.clientOrderId, table.clientRow[order]!);
        known.set(`c${client}\u0000${side}`, order);
        known.set(`c${client}\u0000`, order);
      }
      const id = textAt(columns.orderId, row);
      if (id === '') continue;
      const venue = columns.dictionaries.venues[columns.venue[row]!] ?? '';
      const account = columns.dictionaries.accounts[columns.account[row]!] ?? '';
      known.set(`o${venue}\u0000${account}\u0000${id}`, order);
      // An order log often leaves out the venue, the account or both, which a fill log names.
      known.set(`o${venue}\u0000\u0000${id}`, order);
      known.set(`o\u0000${account}\u0000${id}`, order);
      known.set(`o\u0000\u0000${id}`, order);
    }
  }
  let count = table.filledCount;
  const byTime = events.map((_, index) => index).sort((a, b) => events[a]!.atUs - events[b]!.atUs || a - b);
  for (const index of byTime) {
    const event = events[index]!;
    const key = eventKey(event, index);
    const clientKey = event.clientOrderId === null ? null : `c${event.clientOrderId}\u0000${event.side ?? ''}`;
    let order = known.get(key) ?? (clientKey === null ? undefined : known.get(clientKey));
    if (order === undefined) {
      order = count++;
      table.side[order] = event.side === null ? 0 : event.side === 'buy' ? 1 : -1;
      table.firstUs[order] = event.atUs;
      table.firstRow[order] = index;
      table.formedBy[order] = formedByCode.event;
      table.status[order] = orderStatusCode.open;
    }
    known.set(key, order);
    if (clientKey !== null && !known.has(clientKey)) known.set(clientKey, order);
    if (order >= table.filledCount) table.lastUs[order] = event.atUs;
    if (event.intendedQuantity !== null && Number.isNaN(table.intended[order]!)) {
      table.intended[order] = event.intendedQuantity;
    }
    if (event.kind === 'submitted') {
      if (!(table.submittedAtUs[order]! <= event.atUs)) table.submittedAtUs[order] = event.atUs;
      continue;
    }
    table.endedAtUs[order] = event.atUs;
    table.status[order] = event.kind === 'rejected' ? orderStatusCode.rejected : orderStatusCode.cancelled;
    if (event.reason !== null) table.reasons.set(order, event.reason);
  }
  return count;
}

/** A filled order is partial when it filled less than it asked for, or when the log says it ended early and does not say the size. */
function settleStatus(table: Draft, filledCount: number): void {
  for (let order = 0; order < filledCount; order++) {
    const endedEarly = !Number.isNaN(table.endedAtUs[order]!);
    const intended = table.intended[order]!;
    const partial = Number.isNaN(intended) ? endedEarly : table.quantity[order]! < intended * (1 - 1e-9);
    table.status[order] = partial ? orderStatusCode.partial : orderStatusCode.filled;
  }
}

/** Rows of the order in the execution columns, in time order; empty for an order without fills. */
export function fillRowsOf(table: OrderTable, order: number): Uint32Array {
  const rows = new Uint32Array(order < table.filledCount ? table.fills[order]! : 0);
  for (let found = 0, row = table.firstRow[order]!; found < rows.length; row++) {
    if (table.orderOfRow[row] === order) rows[found++] = row;
  }
  return rows;
}

/** Client order id, '' when the log has none. */
export function clientOrderIdOf(
  table: OrderTable,
  order: number,
  columns: ExecutionColumns | null,
  events: readonly OrderEvent[],
): string {
  if (order >= table.filledCount) return events[table.firstRow[order]!]?.clientOrderId ?? '';
  const row = table.clientRow[order]!;
  return row < 0 || columns === null ? '' : textAt(columns.clientOrderId, row);
}
