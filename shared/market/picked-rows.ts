import type { ExecutionColumns } from './columns';
import type { TextColumn } from './text-column';

/** Some rows of execution columns as columns of their own. */

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
