import { columnBlock } from '../base/block';
import { anyKnown, knownColumn, unknownColumn, zeroColumn } from '../base/constant-columns';
import { Scratch } from '../base/scratch';
import { type ExecutionColumns, liquidityCode } from './columns';
import type { OrderEvent } from './executions';
import { type OrderRows, ordersOfRows } from './order-rows';
import { textAt } from './text-column';

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
  const rows = columns === null ? noRows : ordersOfRows(columns, proximityUs);
  if (events.length === 0 && columns !== null && rows.count === columns.count) {
    return ordersOfOneFill(columns, feeQuote ?? unknownColumn(columns.count), rows);
  }
  const unfilled = events.length === 0 ? 0 : new Set(events.map((event, index) => eventKey(event, index))).size;
  const table = allocate(rows, rows.count + unfilled, {
    decided: columns !== null && anyKnown(columns.decidedAtUs),
    submitted: events.length > 0 || (columns !== null && anyKnown(columns.submittedAtUs)),
    ended: events.length > 0,
    arrival: columns !== null && anyKnown(columns.arrivalPrice),
    intended: events.length > 0 || (columns !== null && anyKnown(columns.intendedQuantity)),
    liquidity: columns === null ? liquidityCode.unknown : sharedLiquidity(columns),
  });
  if (columns !== null) addFills(columns, feeQuote ?? unknownColumn(columns.count), table);
  const count = events.length === 0 ? rows.count : applyEvents(columns, events, table);
  settleStatus(table);
  return { ...table, count };
}

const noRows: OrderRows = {
  count: 0,
  orderOfRow: new Uint32Array(0),
  firstRow: new Uint32Array(0),
  near: new Uint8Array(0),
};

/** Where every fill is an order of its own, as backtests have it, the columns of the fills are the columns of the orders. */
function ordersOfOneFill(columns: ExecutionColumns, feeQuote: Float64Array, rows: OrderRows): OrderTable {
  const { count } = columns;
  const { price, quantity, liquidity, clientOrderId } = columns;
  const notional = new Float64Array(count);
  const clientRow = new Int32Array(count);
  const fee = new Float64Array(count);
  const feeGaps = new Uint32Array(count);
  let [makers, takers, from] = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    // As a sum of one addend, which is never a negative zero.
    notional[row] = 0 + price[row]! * quantity[row]!;
    const known = feeQuote[row]!;
    if (Number.isNaN(known)) feeGaps[row] = 1;
    else fee[row] = 0 + known;
    const to = clientOrderId.ends[row]!;
    clientRow[row] = to > from ? row : -1;
    from = to;
    const code = liquidity[row]!;
    if (code === liquidityCode.maker) makers++;
    else if (code === liquidityCode.taker) takers++;
  }
  const notionalOf = (code: number, fills: number) => {
    if (fills === 0) return zeroColumn(count);
    return fills === count ? notional : notional.map((value, row) => (liquidity[row] === code ? value : 0));
  };
  const whole = (values: Float64Array) => (values.length === count ? values : values.subarray(0, count));
  const executedAtUs = whole(columns.executedAtUs);
  const table = {
    count,
    filledCount: count,
    side: columns.side,
    quantity: whole(quantity),
    notional,
    price: whole(price),
    fee,
    feeGaps,
    firstUs: executedAtUs,
    lastUs: executedAtUs,
    decidedAtUs: knownColumn(whole(columns.decidedAtUs)),
    submittedAtUs: knownColumn(whole(columns.submittedAtUs)),
    endedAtUs: unknownColumn(count),
    arrivalPrice: knownColumn(whole(columns.arrivalPrice)),
    intended: knownColumn(whole(columns.intendedQuantity)),
    makerNotional: notionalOf(liquidityCode.maker, makers),
    takerNotional: notionalOf(liquidityCode.taker, takers),
    fills: new Uint32Array(count).fill(1),
    firstRow: rows.firstRow,
    clientRow,
    formedBy: rows.near,
    status: new Uint8Array(count),
    orderOfRow: rows.orderOfRow,
    reasons: new Map<number, string>(),
  };
  settleStatus(table);
  return table;
}

/** Which columns the logs have anything for; the others share one column, which is never written. */
interface KnownColumns {
  readonly decided: boolean;
  readonly submitted: boolean;
  readonly ended: boolean;
  readonly arrival: boolean;
  readonly intended: boolean;
  /** The code that all fills share; null = they differ. */
  readonly liquidity: number | null;
}

function sharedLiquidity({ count, liquidity }: ExecutionColumns): number | null {
  for (let row = 1; row < count; row++) if (liquidity[row] !== liquidity[0]) return null;
  return count === 0 ? liquidityCode.unknown : liquidity[0]!;
}

/** @param size filled orders, and as many others as there can be */
function allocate(rows: OrderRows, size: number, known: KnownColumns) {
  const { liquidity, ...times } = known;
  const own = Object.values(times).filter(Boolean).length;
  const numbers = columnBlock(size, 6 + own + (liquidity === null ? 2 : 0));
  const unknownUnless = (isKnown: boolean) => (isKnown ? numbers().fill(Number.NaN) : unknownColumn(size));
  const firstRow = new Uint32Array(size);
  firstRow.set(rows.firstRow);
  const formedBy = new Uint8Array(size);
  formedBy.set(rows.near);
  const notional = numbers();
  const notionalOf = (code: number) => {
    if (liquidity === null) return numbers();
    return liquidity === code ? notional : zeroColumn(size);
  };
  return {
    count: size,
    filledCount: rows.count,
    side: new Int8Array(size),
    quantity: numbers(),
    notional,
    price: numbers().fill(Number.NaN, rows.count),
    fee: numbers(),
    feeGaps: new Uint32Array(size),
    firstUs: numbers(),
    lastUs: numbers(),
    decidedAtUs: unknownUnless(known.decided),
    submittedAtUs: unknownUnless(known.submitted),
    endedAtUs: unknownUnless(known.ended),
    arrivalPrice: unknownUnless(known.arrival),
    intended: unknownUnless(known.intended),
    makerNotional: notionalOf(liquidityCode.maker),
    takerNotional: notionalOf(liquidityCode.taker),
    fills: new Uint32Array(size),
    firstRow,
    clientRow: new Int32Array(size).fill(-1),
    formedBy,
    status: new Uint8Array(size),
    orderOfRow: rows.orderOfRow,
    reasons: new Map<number, string>(),
    known,
  };
}

type Draft = ReturnType<typeof allocate>;

const mixedScratch = new Scratch((length) => new Uint8Array(length));

/** Adds each fill to its order. */
function addFills(columns: ExecutionColumns, feeQuote: Float64Array, table: Draft): void {
  const { executedAtUs, decidedAtUs, submittedAtUs, arrivalPrice, intendedQuantity, clientOrderId } = columns;
  const { orderOfRow, filledCount, fills, price, quantity, notional, fee, feeGaps, clientRow } = table;
  const { decided, submitted, arrival, intended, liquidity } = table.known;
  /** 1 = the fills have different prices. */
  const mixed = mixedScratch.lend(filledCount).fill(0);
  let clientFrom = 0;
  for (let row = 0; row < columns.count; row++) {
    const order = orderOfRow[row]!;
    const paid = columns.price[row]!;
    const filled = columns.quantity[row]!;
    const value = paid * filled;
    const atUs = executedAtUs[row]!;
    if (fills[order]!++ === 0) {
      table.side[order] = columns.side[row]!;
      table.firstUs[order] = atUs;
      price[order] = paid;
    } else if (paid !== price[order]!) mixed[order] = 1;
    table.lastUs[order] = atUs;
    quantity[order]! += filled;
    notional[order]! += value;
    const cost = feeQuote[row]!;
    if (!Number.isNaN(cost)) fee[order]! += cost;
    else feeGaps[order]!++;
    if (liquidity === null) {
      const code = columns.liquidity[row]!;
      if (code === liquidityCode.maker) table.makerNotional[order]! += value;
      else if (code === liquidityCode.taker) table.takerNotional[order]! += value;
    }
    if (decided) table.decidedAtUs[order] = earlier(table.decidedAtUs[order]!, decidedAtUs[row]!);
    if (submitted) table.submittedAtUs[order] = earlier(table.submittedAtUs[order]!, submittedAtUs[row]!);
    if (arrival && Number.isNaN(table.arrivalPrice[order]!)) table.arrivalPrice[order] = arrivalPrice[row]!;
    if (intended) {
      const asked = intendedQuantity[row]!;
      if (!(table.intended[order]! >= asked) && !Number.isNaN(asked)) table.intended[order] = asked;
    }
    const clientTo = clientOrderId.ends[row]!;
    if (clientTo > clientFrom && clientRow[order]! < 0) clientRow[order] = row;
    clientFrom = clientTo;
  }
  // Equal prices are their own mean, to the last bit.
  for (let order = 0; order < filledCount; order++) {
    if (mixed[order] === 1) price[order] = notional[order]! / quantity[order]!;
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
function settleStatus(table: OrderTable): void {
  const { status, intended, endedAtUs, quantity, filledCount } = table;
  if (!anyKnown(intended) && !anyKnown(endedAtUs)) {
    status.fill(orderStatusCode.filled, 0, filledCount);
    return;
  }
  for (let order = 0; order < filledCount; order++) {
    const asked = intended[order]!;
    const partial = Number.isNaN(asked) ? !Number.isNaN(endedAtUs[order]!) : quantity[order]! < asked * (1 - 1e-9);
    status[order] = partial ? orderStatusCode.partial : orderStatusCode.filled;
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
