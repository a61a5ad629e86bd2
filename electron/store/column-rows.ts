import type { ExecutionColumns } from '../../shared/market/columns';
import { liquidityCode } from '../../shared/market/columns';
import { textColumnOf } from '../../shared/market/text-column';
import type { ImportedExecution } from '../engine/ports';

/** Execution columns made of a few rows. */

/** Columns of executions of one segment that are in time order. */
export function columnsOfRows(rows: readonly ImportedExecution[]): ExecutionColumns {
  const float64 = (of: (row: ImportedExecution) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  const coded = (of: (row: ImportedExecution) => string | null, words: Map<string, number>) => {
    const codes = Uint16Array.from(rows, (row) => {
      const word = of(row) ?? '';
      const code = words.get(word) ?? words.size;
      words.set(word, code);
      return code;
    });
    return { codes, words: [...words.keys()] };
  };
  const unknown = () => new Map([['', 0]]);
  const feeCurrency = coded((row) => row.feeCurrency, unknown());
  const venue = coded((row) => row.venue, unknown());
  const account = coded((row) => row.account, unknown());
  const version = coded((row) => row.version, unknown());
  const imported = coded((row) => row.importId, new Map());
  return {
    count: rows.length,
    executedAtUs: float64((row) => row.executedAtUs),
    side: Int8Array.from(rows, ({ side }) => (side === 'buy' ? 1 : -1)),
    price: float64((row) => row.price),
    quantity: float64((row) => row.quantity),
    fee: float64((row) => row.fee),
    feeCurrency: feeCurrency.codes,
    liquidity: Uint8Array.from(rows, ({ liquidity }) => liquidityCode[liquidity ?? 'unknown']),
    decidedAtUs: float64((row) => row.decidedAtUs),
    submittedAtUs: float64((row) => row.submittedAtUs),
    arrivalPrice: float64((row) => row.arrivalPrice),
    intendedQuantity: float64((row) => row.intendedQuantity),
    venue: venue.codes,
    account: account.codes,
    version: version.codes,
    paper: Uint8Array.from(rows, ({ paper }) => (paper ? 1 : 0)),
    tradeId: textColumnOf(rows.map(({ tradeId }) => tradeId ?? '')),
    orderId: textColumnOf(rows.map(({ orderId }) => orderId ?? '')),
    clientOrderId: textColumnOf(rows.map(({ clientOrderId }) => clientOrderId ?? '')),
    line: Uint32Array.from(rows, ({ line }) => line),
    importIndex: imported.codes,
    dictionaries: {
      feeCurrencies: feeCurrency.words,
      venues: venue.words,
      accounts: account.words,
      versions: version.words,
      importIds: imported.words,
    },
  };
}
