import type { ExecutionColumns } from '../market/columns';
import type { OrderEvent, Source } from '../market/executions';
import { clientOrderIdOf, fillRowsOf, formedByCode, type OrderTable, orderStatusCode } from '../market/orders';
import { textAt } from '../market/text-column';
import { type PairColumns, pairKindCode } from './attribution';
import type { OrderRow, PairRow } from './document';
import type { Matching } from './matching';
import { figure } from './method';

type PairKind = PairRow['kind'];
type PairSort = 'time' | 'gap' | 'slippage' | 'latency' | 'price' | 'quantity' | 'fees';

export interface PairSelection {
  readonly kind: 'all' | PairKind;
  readonly sort: PairSort;
  readonly descending: boolean;
}

export interface TableSide {
  readonly source: Source;
  readonly columns: ExecutionColumns | null;
  readonly events: readonly OrderEvent[];
  readonly orders: OrderTable;
  /** Whether each filled order filled less than was asked for, by its log or by its partner's quantity. */
  readonly partial: Uint8Array;
}

/** What a table is made of: plain data, so that it can cross to another thread. */
export interface PairTableParts {
  readonly rows: PairColumns;
  readonly live: TableSide;
  readonly backtest: TableSide;
  readonly matching: Matching;
  /** Live minus backtest latency per row, ms; NaN = unknown. */
  readonly latencyMs: Float64Array;
}

/** A day's orders side by side, kept as columns; rows are made when asked for. */
export class PairTable {
  constructor(
    readonly rows: PairColumns,
    readonly live: TableSide,
    readonly backtest: TableSide,
    readonly matching: Matching,
    /** Live minus backtest latency per row, ms; NaN = unknown. */
    private readonly latencyMs: Float64Array,
  ) {}

  static of({ rows, live, backtest, matching, latencyMs }: PairTableParts): PairTable {
    return new PairTable(rows, live, backtest, matching, latencyMs);
  }

  parts(): PairTableParts {
    const { rows, live, backtest, matching, latencyMs } = this;
    return { rows, live, backtest, matching, latencyMs };
  }

  get count(): number {
    return this.rows.count;
  }

  /** Row numbers of the selection in its order. Rows without the figure come last either way; ties are in time order. */
  select({ kind, sort, descending }: PairSelection): Uint32Array {
    const selected = new Uint32Array(this.rows.count);
    let size = 0;
    for (let row = 0; row < this.rows.count; row++) {
      if (kind === 'all' || this.rows.kind[row] === pairKindCode[kind]) selected[size++] = row;
    }
    const list = selected.subarray(0, size);
    const sign = descending ? -1 : 1;
    if (sort === 'time') return descending ? list.reverse() : list;
    const keys = {
      gap: this.rows.gap,
      slippage: this.rows.slippageBps,
      latency: this.latencyMs,
      price: this.rows.price,
      quantity: this.rows.quantity,
      fees: this.rows.fees,
    }[sort];
    return list.sort((a, b) => {
      const x = keys[a]!;
      const y = keys[b]!;
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return sign * (x - y) || a - b;
    });
  }

  pairRowAt(row: number): PairRow {
    const live = this.rows.live[row]!;
    const backtest = this.rows.backtest[row]!;
    const kind = pairKinds[this.rows.kind[row]!]!;
    const matched = kind === 'matched';
    return {
      kind,
      matchedBy: matched ? (this.matching.matchedBy[live] === 1 ? 'key' : 'time') : null,
      confidence: matched ? figure(this.matching.confidence[live]!) : null,
      ambiguous: matched && this.matching.ambiguous[live] === 1,
      timeGapMs: matched ? (this.live.orders.firstUs[live]! - this.backtest.orders.firstUs[backtest]!) / 1_000 : null,
      live: live < 0 ? null : orderRow(this.live, live),
      backtest: backtest < 0 ? null : orderRow(this.backtest, backtest),
      slippageBps: figure(this.rows.slippageBps[row]!),
      latencyMs: figure(this.latencyMs[row]!),
      gap: figure(this.rows.gap[row]!) ?? 0,
      price: figure(this.rows.price[row]!) ?? 0,
      delay: figure(this.rows.delay[row]!),
      execution: figure(this.rows.execution[row]!),
      quantity: figure(this.rows.quantity[row]!) ?? 0,
      fees: figure(this.rows.fees[row]!) ?? 0,
    };
  }

  /** Row number of the order with this id (`live:12`); null when there is none. */
  rowOf(orderRowId: string): number | null {
    const found = this.find(orderRowId);
    if (found === null) return null;
    const orders = found.side.source === 'live' ? this.rows.live : this.rows.backtest;
    const row = orders.indexOf(found.order);
    return row < 0 ? null : row;
  }

  /** Rows of the source's execution columns that make the order, in time order; null when there is no such order. */
  fillsOf(orderRowId: string): { readonly source: Source; readonly rows: Uint32Array } | null {
    const found = this.find(orderRowId);
    return found === null ? null : { source: found.side.source, rows: fillRowsOf(found.side.orders, found.order) };
  }

  /** The matched orders in time order, for charts; NaN = unknown. `rows` leads back to the table. */
  points(): {
    readonly rows: Uint32Array;
    readonly slippageBps: Float64Array;
    readonly latencyMs: Float64Array;
    readonly notional: Float64Array;
  } {
    const rows = this.select({ kind: 'matched', sort: 'time', descending: false });
    const pick = (of: (row: number) => number) => Float64Array.from(rows, of);
    const { live, backtest } = this;
    return {
      rows,
      slippageBps: pick((row) => this.rows.slippageBps[row]!),
      latencyMs: pick((row) => this.latencyMs[row]!),
      notional: pick(
        (row) =>
          Math.min(live.orders.quantity[this.rows.live[row]!]!, backtest.orders.quantity[this.rows.backtest[row]!]!) *
          Math.abs(backtest.orders.price[this.rows.backtest[row]!]!),
      ),
    };
  }

  /** Id of the row's live order, or of its backtest order where it has no live one. */
  idAt(row: number): string {
    const live = this.rows.live[row]!;
    return live >= 0 ? `live:${live}` : `backtest:${this.rows.backtest[row]!}`;
  }

  private find(orderRowId: string): { readonly side: TableSide; readonly order: number } | null {
    const parts = /^(live|backtest):(\d{1,9})$/.exec(orderRowId);
    if (parts === null) return null;
    const side = parts[1] === 'live' ? this.live : this.backtest;
    const order = Number(parts[2]);
    return order < side.orders.count ? { side, order } : null;
  }
}

const pairKinds = ['matched', 'missed', 'extra', 'unfilled'] as const satisfies readonly PairKind[];
const formedByNames = ['orderId', 'proximity', 'event'] as const satisfies readonly OrderRow['formedBy'][];
const statusNames = [
  'filled',
  'partial',
  'rejected',
  'cancelled',
  'open',
] as const satisfies readonly OrderRow['status'][];

function orderRow({ source, columns, events, orders, partial }: TableSide, order: number): OrderRow {
  const filled = order < orders.filledCount;
  const first = orders.firstRow[order]!;
  const event = filled ? null : (events[first] ?? null);
  const orderId = filled && columns !== null ? textAt(columns.orderId, first) : (event?.orderId ?? '');
  const clientOrderId = clientOrderIdOf(orders, order, columns, events);
  const notional = orders.notional[order]!;
  const status =
    partial[order] === 1 && orders.status[order] === orderStatusCode.filled
      ? 'partial'
      : statusNames[orders.status[order]!]!;
  return {
    id: `${source}:${order}`,
    side: orders.side[order] === 0 ? null : orders.side[order] === 1 ? 'buy' : 'sell',
    orderId: orderId === '' ? null : orderId,
    clientOrderId: clientOrderId === '' ? null : clientOrderId,
    formedBy: formedByNames[orders.formedBy[order]!] ?? formedByNames[formedByCode.event],
    status,
    decidedAtUs: figure(orders.decidedAtUs[order]!),
    submittedAtUs: figure(orders.submittedAtUs[order]!),
    firstFillUs: filled ? orders.firstUs[order]! : null,
    lastFillUs: filled ? orders.lastUs[order]! : null,
    endedAtUs: figure(orders.endedAtUs[order]!),
    intendedQuantity: figure(orders.intended[order]!),
    filledQuantity: orders.quantity[order]!,
    averagePrice: filled ? figure(orders.price[order]!) : null,
    notional: figure(notional) ?? 0,
    feeQuote: orders.feeGaps[order] === 0 ? figure(orders.fee[order]!) : null,
    // The sums run over the same fills in the same order: equal only when every fill says so.
    liquidity:
      filled && orders.makerNotional[order] === notional
        ? 'maker'
        : filled && orders.takerNotional[order] === notional
          ? 'taker'
          : null,
    arrivalPrice: figure(orders.arrivalPrice[order]!),
    fills: orders.fills[order]!,
  };
}
