import type { Execution, Liquidity, Source } from './executions';
import { type TextColumn, textAt } from './text-column';

/** Liquidity as stored: 0 unknown, 1 maker, 2 taker. */
export const liquidityCode = { unknown: 0, maker: 1, taker: 2 } as const;

/**
 * Executions of one (source, strategy, symbol) as columns, in time order; ties keep file order. Row `i` of every column is one
 * fill. Unknown numbers are NaN, unknown texts the empty string: nothing is filled in with zero. Small repeated texts (venue,
 * account, version, feeCurrency) are dictionary coded: the column holds an index into its list.
 */
export interface ExecutionColumns {
  readonly count: number;
  readonly executedAtUs: Float64Array;
  /** +1 buy, -1 sell. */
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  /** In `feeCurrency`; positive paid, negative rebate; NaN when the log has no fee. */
  readonly fee: Float64Array;
  readonly feeCurrency: Uint16Array;
  readonly liquidity: Uint8Array;
  readonly decidedAtUs: Float64Array;
  readonly submittedAtUs: Float64Array;
  readonly arrivalPrice: Float64Array;
  readonly intendedQuantity: Float64Array;
  readonly venue: Uint16Array;
  readonly account: Uint16Array;
  readonly version: Uint16Array;
  /** 1 = paper, dry run or testnet. */
  readonly paper: Uint8Array;
  readonly tradeId: TextColumn;
  readonly orderId: TextColumn;
  readonly clientOrderId: TextColumn;
  readonly line: Uint32Array;
  /** Index into `importIds`: the import that brought the row, so that a fill leads back to its file and line. */
  readonly importIndex: Uint16Array;
  readonly dictionaries: ExecutionDictionaries;
}

/** What money needs of fills, in time order: the columns of a log, or those of a log with something changed. */
export type FillColumns = Pick<ExecutionColumns, 'count' | 'executedAtUs' | 'side' | 'price' | 'quantity'>;

export interface ExecutionDictionaries {
  /** Index 0 is the empty string (unknown) in every dictionary but `importIds`. */
  readonly feeCurrencies: readonly string[];
  readonly venues: readonly string[];
  readonly accounts: readonly string[];
  readonly versions: readonly string[];
  readonly importIds: readonly string[];
}

/** One row of the columns as a record; unknown numbers and texts become null. */
export function executionAt(
  columns: ExecutionColumns,
  row: number,
  key: { readonly source: Source; readonly strategy: string; readonly symbol: string },
): Execution {
  const { dictionaries } = columns;
  const figure = (column: Float64Array): number | null => {
    const value = column[row];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const text = (column: TextColumn): string | null => textAt(column, row) || null;
  const word = (column: Uint16Array, words: readonly string[]): string | null => words[column[row] ?? 0] || null;
  return {
    source: key.source,
    venue: word(columns.venue, dictionaries.venues),
    account: word(columns.account, dictionaries.accounts),
    strategy: key.strategy,
    version: word(columns.version, dictionaries.versions),
    symbol: key.symbol,
    side: columns.side[row] === 1 ? 'buy' : 'sell',
    price: columns.price[row] ?? Number.NaN,
    quantity: columns.quantity[row] ?? Number.NaN,
    fee: figure(columns.fee),
    feeCurrency: word(columns.feeCurrency, dictionaries.feeCurrencies),
    liquidity: liquidityOf(columns.liquidity[row]),
    executedAtUs: columns.executedAtUs[row] ?? Number.NaN,
    tradeId: text(columns.tradeId),
    orderId: text(columns.orderId),
    clientOrderId: text(columns.clientOrderId),
    decidedAtUs: figure(columns.decidedAtUs),
    submittedAtUs: figure(columns.submittedAtUs),
    arrivalPrice: figure(columns.arrivalPrice),
    intendedQuantity: figure(columns.intendedQuantity),
    paper: columns.paper[row] === 1,
    line: columns.line[row] ?? 0,
  };
}

function liquidityOf(code: number | undefined): Liquidity | null {
  if (code === liquidityCode.maker) return 'maker';
  return code === liquidityCode.taker ? 'taker' : null;
}
