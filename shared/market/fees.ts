import type { ExecutionColumns } from './columns';
import { lastAtOrBefore, type PriceSeries } from './marks';
import type { Pair } from './symbols';

/**
 * Fees in quote currency. Quote as is; base at the fill's own price; any other currency at the last imported price of FEE/QUOTE (or the
 * inverse of QUOTE/FEE) at or before the fill, if it is not too old. What cannot be priced is NaN and counted, never zero.
 */
export interface PricedFees {
  /** Per fill, quote currency, positive paid; NaN where unknown or unpriced. */
  readonly quote: Float64Array;
  /** Fills whose log has no fee. */
  readonly unknown: number;
  /** Fills whose fee is known but not in quote currency, by fee currency ('' = the log does not name it). */
  readonly unpriced: ReadonlyMap<string, number>;
}

/** The currency prices of the symbol are in: its quote, else the one fee currency its fills share, else null. */
export function quoteCurrency(pair: Pair | null, sides: readonly (ExecutionColumns | null)[]): string | null {
  if (pair !== null) return pair.quote;
  let shared: string | null = null;
  for (const columns of sides) {
    if (columns === null) continue;
    const used = new Uint8Array(columns.dictionaries.feeCurrencies.length);
    for (let row = 0; row < columns.count; row++) used[columns.feeCurrency[row]!] = 1;
    for (let index = 1; index < used.length; index++) {
      if (used[index] === 0) continue;
      const currency = columns.dictionaries.feeCurrencies[index]!;
      if (shared !== null && shared !== currency) return null;
      shared = currency;
    }
  }
  return shared;
}

type Pricing =
  | { readonly kind: 'quote' }
  | { readonly kind: 'base' }
  | { readonly kind: 'series'; readonly series: PriceSeries; readonly inverse: boolean }
  | { readonly kind: 'none' };

/**
 * @param base base currency of the symbol, null where it does not name one
 * @param quote see {@link quoteCurrency}
 * @param feePrices imported prices by symbol (`FEE/QUOTE`)
 * @param maxAgeUs oldest price that may turn a fee into quote currency
 */
export function priceFees(
  columns: ExecutionColumns,
  base: string | null,
  quote: string | null,
  feePrices: ReadonlyMap<string, PriceSeries>,
  maxAgeUs: number,
): PricedFees {
  const plain = allInQuote(columns, quote);
  if (plain !== null) return plain;
  const result = new Float64Array(columns.count);
  const pricings = columns.dictionaries.feeCurrencies.map((currency): Pricing => {
    if (currency === '') return { kind: 'none' };
    if (currency === quote) return { kind: 'quote' };
    if (currency === base) return { kind: 'base' };
    const direct = feePrices.get(`${currency}/${quote}`);
    if (direct !== undefined) return { kind: 'series', series: direct, inverse: false };
    const inverse = feePrices.get(`${quote}/${currency}`);
    return inverse === undefined ? { kind: 'none' } : { kind: 'series', series: inverse, inverse: true };
  });
  let unknown = 0;
  const unpriced = new Map<string, number>();
  for (let row = 0; row < columns.count; row++) {
    const fee = columns.fee[row]!;
    if (Number.isNaN(fee)) unknown++;
    if (fee === 0 || Number.isNaN(fee)) {
      result[row] = fee;
      continue;
    }
    const pricing = pricings[columns.feeCurrency[row]!] ?? { kind: 'none' };
    let value = Number.NaN;
    if (pricing.kind === 'quote') value = fee;
    else if (pricing.kind === 'base') value = fee * columns.price[row]!;
    else if (pricing.kind === 'series') {
      const at = lastAtOrBefore(pricing.series.atUs, columns.executedAtUs[row]!);
      if (at >= 0 && columns.executedAtUs[row]! - pricing.series.atUs[at]! <= maxAgeUs) {
        value = pricing.inverse ? fee / pricing.series.price[at]! : fee * pricing.series.price[at]!;
      }
    }
    result[row] = value;
    if (Number.isNaN(value)) {
      const currency = columns.dictionaries.feeCurrencies[columns.feeCurrency[row]!] ?? '';
      unpriced.set(currency, (unpriced.get(currency) ?? 0) + 1);
    }
  }
  return { quote: result, unknown, unpriced };
}

/** Where every fee is in quote currency, zero or unknown, the log's column is the answer; null where any is not. */
function allInQuote(
  { count, fee, feeCurrency, dictionaries }: ExecutionColumns,
  quote: string | null,
): PricedFees | null {
  const quoteCode = quote === null || quote === '' ? -1 : dictionaries.feeCurrencies.indexOf(quote);
  let unknown = 0;
  for (let row = 0; row < count; row++) {
    const paid = fee[row]!;
    if (Number.isNaN(paid)) unknown++;
    else if (feeCurrency[row] !== quoteCode && paid !== 0) return null;
  }
  return { quote: fee.length === count ? fee : fee.subarray(0, count), unknown, unpriced: new Map() };
}
