/** What Bybit's executions and orders share: pages of a category, and contracts that are counted in USD. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import { type Fields, unwrapped } from './api-record';
import { recordOf } from './json';

/** Records of pages (`result.list`) and stream events (`data`); those of a page get its category. */
export function* bybitRecords(message: unknown): Generator<unknown> {
  for (const page of unwrapped(message, ['result', 'data'])) {
    const { list, category } = recordOf(page) ?? {};
    if (!Array.isArray(list)) yield page;
    else for (const item of list) yield recordOf(item) === null ? item : { category, ...recordOf(item) };
  }
}

export interface BybitInstrument {
  readonly symbol: string;
  /** Quantities are USD and values coins. */
  readonly isInverse: boolean;
  /** The asset fees are paid in where the record does not name it. */
  readonly feeCurrency: string | null;
}

export function bybitInstrument(fields: Fields): BybitInstrument {
  const name = fields.requiredText('symbol');
  const category = fields.text('category');
  // Nothing but inverse contracts is named after plain USD: BTCUSD, BTCUSDH26.
  const isInverse = category === 'inverse' || (category === null && /USD(?:[FGHJKMNQUVXZ]\d{2})?$/.test(name));
  const symbol = isInverse ? name : symbolOf(name);
  return { symbol, isInverse, feeCurrency: category === 'linear' ? (parsePair(symbol)?.quote ?? null) : null };
}
