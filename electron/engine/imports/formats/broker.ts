/** What readers of brokers' exports share: dates without a time, and how many units a contract is. */
import type { ReadContext } from '../format';
import { isoReader, type TimeReader } from '../times';
import { zoneChoice } from './zones';

/**
 * Reads `2024-01-31`, `20240131` and both with a time behind a blank, comma, semicolon or `T` (`20240131;093001`,
 * `2024-01-31, 09:30:01`): how Interactive Brokers writes times, as the query is set. A date alone is its first instant, with a warning.
 */
export function brokerTimeReader(context: ReadContext): TimeReader {
  const iso = isoReader(zoneChoice(context, null));
  return {
    expects: 'a time like 20260131;134500 or 2026-01-31, 13:45:00',
    read: (text) => {
      const [whole, year, month, day, hour, minute, second, zone = ''] =
        /^\s*(\d{4})-?(\d\d)-?(\d\d)(?:[;,\sT]+(\d\d):?(\d\d):?(\d\d)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?\s*$/.exec(text) ??
        [];
      if (whole === undefined) return Number.NaN;
      if (hour === undefined) warnOfDays(context);
      if (context.zone === null && zone === '')
        context.warn(
          'Interactive Brokers writes times in the zone of the account, most often America/New_York; name it with --zone.',
        );
      return iso.read(`${year}-${month}-${day} ${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${zone}`);
    },
  };
}

/** To be told where a log gives the day of a trade and not its time. */
export function warnOfDays(context: ReadContext): void {
  context.warn(
    'Some trades tell their day and no time: they are read as its first instant, so that nothing can be said of latency, and orders are matched by day.',
  );
}

/**
 * How many units one contract is, worked out from what was paid: one for shares, a hundred for most options. NaN where price times
 * quantity does not go into the amount a whole number of times, within half a percent or a cent for its rounding.
 */
export function unitsOfContract(price: number, quantity: number, amount: number | null): number {
  const one = price * quantity;
  if (amount === null || amount === 0) return 1;
  const units = Math.round(Math.abs(amount) / one);
  if (units < 1) return Number.NaN;
  const difference = Math.abs(Math.abs(amount) - units * one);
  return difference <= Math.max(0.005 * units * one, 0.011) ? units : Number.NaN;
}

const hundredths: ReadonlyMap<string, string> = new Map([
  ['GBp', 'GBP'],
  ['GBX', 'GBP'],
  ['ZAc', 'ZAR'],
  ['ILA', 'ILS'],
  ['ILa', 'ILS'],
]);

/** Pence are hundredths of pounds: the currency, and what an amount is multiplied with to be in it. */
export function majorCurrency(name: string | null): { readonly currency: string | null; readonly scale: number } {
  const major = hundredths.get(name ?? '');
  return major === undefined ? { currency: name, scale: 1 } : { currency: major, scale: 0.01 };
}
