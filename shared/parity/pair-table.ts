import type { Source } from '../market/executions';
import type { PairRow } from './document';

export type PairKind = PairRow['kind'];
export type PairSort = 'time' | 'gap' | 'slippage' | 'latency' | 'price' | 'quantity' | 'fees';

export interface PairSelection {
  readonly kind: 'all' | PairKind;
  readonly sort: PairSort;
  readonly descending: boolean;
}

/** A day's orders side by side, kept as columns; rows are made when asked for. */
export interface PairTable {
  readonly count: number;
  /** Row numbers of the selection in its order. Rows without the figure come last either way; ties are in time order. */
  select(selection: PairSelection): Uint32Array;
  pairRowAt(row: number): PairRow;
  /** Row number of the order with this id (`live:12`); null when there is none. */
  rowOf(orderRowId: string): number | null;
  /** Rows of the source's execution columns that make the order, in time order; null when there is no such order. */
  fillsOf(orderRowId: string): { readonly source: Source; readonly rows: Uint32Array } | null;
  /** The matched orders in time order, for charts; NaN = unknown. `rows` leads back to the table. */
  points(): {
    readonly rows: Uint32Array;
    readonly slippageBps: Float64Array;
    readonly latencyMs: Float64Array;
    readonly notional: Float64Array;
  };
}
