import { formatIsoUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { OrderRow, PairRow } from '../../../shared/parity/document';
import type { PairTable } from '../../../shared/parity/pair-table';

/**
 * The orders of a day side by side as CSV (RFC 4180, UTF-8, CRLF): one line per matched pair, missed, extra or unfilled order. Columns are
 * stable: new ones come at the end. Unknown is empty. A text that a spreadsheet would take for a formula is led by an apostrophe.
 */

export interface OrdersOfDay {
  readonly strategy: string;
  readonly symbol: string;
  readonly day: string;
  readonly currency: string | null;
  readonly pairs: PairTable;
  readonly columns: Readonly<Record<Source, ExecutionColumns | null>>;
  /** Names of the files by import. */
  readonly fileNames: ReadonlyMap<string, string>;
}

type Cell = string | number | boolean | null;

/** Times are UTC, ISO 8601 with microseconds; money is in `currency`, quantities in base units; signs as in the report. */
const pairColumns: readonly (readonly [name: string, of: (pair: PairRow, day: OrdersOfDay) => Cell])[] = [
  ['strategy', (_, day) => day.strategy],
  ['symbol', (_, day) => day.symbol],
  ['day', (_, day) => day.day],
  ['currency', (_, day) => day.currency],
  ['kind', (pair) => pair.kind],
  ['side', (pair) => (pair.live ?? pair.backtest)?.side ?? null],
  ['matched_by', (pair) => pair.matchedBy],
  ['match_confidence', (pair) => pair.confidence],
  ['ambiguous', (pair) => pair.ambiguous],
  ['time_gap_ms', (pair) => pair.timeGapMs],
  ['slippage_bps', (pair) => pair.slippageBps],
  ['latency_difference_ms', (pair) => pair.latencyMs],
  ['gap', (pair) => pair.gap],
  ['gap_price', (pair) => pair.price],
  ['gap_delay', (pair) => pair.delay],
  ['gap_execution', (pair) => pair.execution],
  ['gap_quantity', (pair) => pair.quantity],
  ['gap_fees', (pair) => pair.fees],
];

const orderColumns: readonly (readonly [name: string, of: (order: OrderRow) => Cell])[] = [
  ['row', (order) => order.id],
  ['order_id', (order) => order.orderId],
  ['client_order_id', (order) => order.clientOrderId],
  ['status', (order) => order.status],
  ['formed_by', (order) => order.formedBy],
  ['decided_at', (order) => time(order.decidedAtUs)],
  ['submitted_at', (order) => time(order.submittedAtUs)],
  ['first_fill_at', (order) => time(order.firstFillUs)],
  ['last_fill_at', (order) => time(order.lastFillUs)],
  ['ended_at', (order) => time(order.endedAtUs)],
  ['intended_quantity', (order) => order.intendedQuantity],
  ['filled_quantity', (order) => order.filledQuantity],
  ['average_price', (order) => order.averagePrice],
  ['notional', (order) => order.notional],
  ['fee', (order) => order.feeQuote],
  ['liquidity', (order) => order.liquidity],
  ['arrival_price', (order) => order.arrivalPrice],
  ['fills', (order) => order.fills],
];

const sides = ['live', 'backtest'] as const;

export const ordersCsvHeader: readonly string[] = [
  ...pairColumns.map(([name]) => name),
  ...sides.flatMap((side) => [...orderColumns.map(([name]) => `${side}_${name}`), `${side}_source`]),
];

/** The lines of a day, without the header, in time order. */
export function* ordersCsvLines(day: OrdersOfDay): Generator<string> {
  for (const row of day.pairs.select({ kind: 'all', sort: 'time', descending: false })) {
    const pair = day.pairs.pairRowAt(row);
    yield csvLine([
      ...pairColumns.map(([, of]) => of(pair, day)),
      ...sides.flatMap((side) => {
        const order = pair[side];
        return order === null
          ? [...orderColumns.map(() => null), null]
          : [...orderColumns.map(([, of]) => of(order)), sourceLines(order.id, day)];
      }),
    ]);
  }
}

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Numbers and booleans stand as they are, a negative number too: only text can be taken for a formula. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = /^\s*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^'|^\s|\s$/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function time(atUs: number | null): string | null {
  return atUs === null ? null : formatIsoUs(atUs);
}

/** `fills.csv:12-14 19; more.csv:3`: files and lines of the order's fills; null for an order without fills. */
function sourceLines(orderId: string, { pairs, columns, fileNames }: OrdersOfDay): string | null {
  const found = pairs.fillsOf(orderId);
  const side = found && columns[found.source];
  if (!found || !side) return null;
  const files = new Map<string, number[]>();
  for (const row of found.rows) {
    const importId = side.dictionaries.importIds[side.importIndex[row] ?? 0] ?? '';
    const file = fileNames.get(importId) ?? importId;
    files.set(file, [...(files.get(file) ?? []), side.line[row] ?? 0]);
  }
  return files.size === 0 ? null : [...files].map(([file, lines]) => `${file}:${ranges(lines)}`).join('; ');
}

function ranges(lines: readonly number[]): string {
  const sorted = [...new Set(lines)].sort((a, b) => a - b);
  const found: { first: number; last: number }[] = [];
  for (const line of sorted) {
    const before = found.at(-1);
    if (before !== undefined && before.last === line - 1) before.last = line;
    else found.push({ first: line, last: line });
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}
