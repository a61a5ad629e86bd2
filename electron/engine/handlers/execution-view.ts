import { type ExecutionColumns, liquidityCode } from '../../../shared/market/columns';
import type { Execution, Liquidity, Source } from '../../../shared/market/executions';
import { type TextColumn, textAt } from '../../../shared/market/text-column';

/** One row of the columns as a record; unknown numbers and texts become null. */
export function executionViewAt(
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
