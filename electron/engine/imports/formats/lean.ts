/** What QuantConnect LEAN's files share: keys in two spellings, states of an order as numbers or words, and names of instruments. */
import type { OrderEventKind } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Fields, JsonRecord } from './api-record';

/** The record with its keys as LEAN writes them since 2024: `LastFillTime` and `last-fill-time` become `lastFillTime`. */
export function leanRecord(record: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      (key.charAt(0).toLowerCase() + key.slice(1)).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** OrderStatus, by number in the results and by word in the order events. */
const statuses = [
  'new',
  'submitted',
  'partiallyFilled',
  'filled',
  '',
  'canceled',
  'none',
  'invalid',
  'cancelPending',
  'updateSubmitted',
];

/** The state as LEAN's word; an unknown one is the record's problem. */
export function leanStatus(fields: Fields): string {
  const raw = fields.raw('status');
  const word =
    typeof raw === 'number' ? statuses[raw] : typeof raw === 'string' ? raw.charAt(0).toLowerCase() + raw.slice(1) : '';
  if (word !== undefined && word !== '' && statuses.includes(word)) return word;
  fields.refuseValue('status', 'which is no state of an order that is known');
  return 'none';
}

export const leanEvents: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['submitted', 'submitted'],
  ['canceled', 'cancelled'],
  ['invalid', 'rejected'],
]);

/** Pairs are written without a separator; the currency of the price tells where the quote begins. Everything else keeps its ticker. */
export function leanSymbol(ticker: string, priceCurrency: string | null): string {
  const name = ticker.trim();
  const quote = priceCurrency?.toUpperCase() ?? '';
  if (quote === '' || !name.endsWith(quote) || name.length === quote.length) return name;
  return symbolOf(`${name.slice(0, -quote.length)}/${quote}`);
}
