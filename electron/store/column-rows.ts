import type { ExecutionColumns } from '../../shared/market/columns';
import { liquidityCode } from '../../shared/market/columns';
import { type TextColumn, textColumnOf } from '../../shared/market/text-column';
import type { ImportedExecution } from '../engine/ports';

/** Single rows of execution columns: some of them taken out, or columns made of a few. */

/** The rows of these places, which are ascending. */
export function pickRows(columns: ExecutionColumns, rows: readonly number[]): ExecutionColumns {
  if (rows.length === columns.count) return columns;
  const float64 = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  const uint16 = (values: Uint16Array) => Uint16Array.from(rows, (row) => values[row]!);
  const uint8 = (values: Uint8Array) => Uint8Array.from(rows, (row) => values[row]!);
  return {
    count: rows.length,
    executedAtUs: float64(columns.executedAtUs),
    side: Int8Array.from(rows, (row) => columns.side[row]!),
    price: float64(columns.price),
    quantity: float64(columns.quantity),
    fee: float64(columns.fee),
    feeCurrency: uint16(columns.feeCurrency),
    liquidity: uint8(columns.liquidity),
    decidedAtUs: float64(columns.decidedAtUs),
    submittedAtUs: float64(columns.submittedAtUs),
    arrivalPrice: float64(columns.arrivalPrice),
    intendedQuantity: float64(columns.intendedQuantity),
    venue: uint16(columns.venue),
    account: uint16(columns.account),
    version: uint16(columns.version),
    paper: uint8(columns.paper),
    tradeId: pickTexts(columns.tradeId, rows),
    orderId: pickTexts(columns.orderId, rows),
    clientOrderId: pickTexts(columns.clientOrderId, rows),
    line: Uint32Array.from(rows, (row) => columns.line[row]!),
    importIndex: uint16(columns.importIndex),
    dictionaries: columns.dictionaries,
  };
}

function pickTexts({ bytes, ends }: TextColumn, rows: readonly number[]): TextColumn {
  const startOf = (row: number) => (row === 0 ? 0 : ends[row - 1]!);
  const picked = new Uint8Array(rows.reduce((size, row) => size + ends[row]! - startOf(row), 0));
  let at = 0;
  const pickedEnds = Uint32Array.from(rows, (row) => {
    picked.set(bytes.subarray(startOf(row), ends[row]!), at);
    at += ends[row]! - startOf(row);
    return at;
  });
  return { bytes: picked, ends: pickedEnds };
}

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
