import type { UtcDay } from '../base/time';
import type { ExecutionColumns } from '../market/columns';
import type { OrderEvent } from '../market/executions';
import type { IntervalSeries, Report } from './document';
import type { PairTable } from './pair-table';
import type { ParitySettings } from './settings';

/** Prices in time order, one entry per instant. */
export interface PriceSeries {
  readonly atUs: Float64Array;
  readonly price: Float64Array;
}

export interface SideInput {
  readonly executions: ExecutionColumns | null;
  readonly orderEvents: readonly OrderEvent[];
  /** Base units held at the day's first instant. */
  readonly positionAtStart: number;
  /** First and last instant the source's logs of the strategy cover; null when nothing of it is stored. */
  readonly coverage: { readonly firstUs: number; readonly lastUs: number } | null;
}

export interface SymbolDayInput {
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
  readonly live: SideInput;
  readonly backtest: SideInput;
  /** Imported prices of the symbol over the day, its last instant (24:00) included, and the last one before it; may be empty. */
  readonly prices: PriceSeries;
  /** Last fill of either source before the day. */
  readonly lastFillBefore: { readonly price: number; readonly atUs: number } | null;
  /** Imported prices by symbol, for fees paid in a third currency: `FEE/QUOTE` or its inverse. */
  readonly feePrices: ReadonlyMap<string, PriceSeries>;
  readonly allocatedCapital: number | null;
  readonly quarantinedRows: number;
  readonly nowUs: number;
  readonly settings: ParitySettings;
  readonly revision: number;
  /** Whether to compute the bootstrap intervals. */
  readonly intervals: boolean;
}

/** What a symbol's day adds to the portfolio's: plain data, so that it can cross to another thread. */
export interface SymbolDayContribution {
  readonly symbol: string;
  /** Quote currency; null where the symbol does not name one. */
  readonly quote: string | null;
  readonly base: string | null;
  /** Mark at the end of the day; NaN where there is none. */
  readonly closingMark: number;
  /** Equity of each side at the end of each interval, quote currency, zero at the start of the day. */
  readonly liveEquity: Float64Array;
  readonly backtestEquity: Float64Array;
  /** Gross exposure of the backtest as a step function: instants and |position| * price, quote currency. */
  readonly exposureAtUs: Float64Array;
  readonly exposure: Float64Array;
  /** Notional of the backtest's largest order. */
  readonly largestOrder: number;
  /** Per pair, in the pairs' order: slippage in bps, its weight, and sqrt of the live notional. */
  readonly slippageBps: Float64Array;
  readonly slippageWeight: Float64Array;
  readonly impactRoot: Float64Array;
  /** Latencies in ms by basis over the pairs that have them on both sides. */
  readonly latency: Readonly<
    Record<'decision' | 'submission' | 'displacement', { readonly live: Float64Array; readonly backtest: Float64Array }>
  >;
  readonly fees: { readonly live: number; readonly backtest: number };
  readonly filledQuantityShare: { readonly live: number; readonly backtest: number };
}

export interface SymbolDayResult {
  readonly report: Report;
  readonly series: IntervalSeries;
  readonly pairs: PairTable;
  readonly contribution: SymbolDayContribution;
}

export declare function computeSymbolDay(input: SymbolDayInput): SymbolDayResult;
