/** What reports of MetaTrader share: sizes in lots, symbols with a broker's suffix, cells of tables. */
import { failure } from '../../../../shared/base/errors';
import { symbolOf } from '../../../../shared/market/symbols';
import type { MarkupCell, MarkupPiece, ReadContext } from '../format';
import { OpenQuestion } from '../questions';
import { toldLots } from './lots';

const currencies = new Set([
  ...['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'AUD', 'NZD', 'CAD', 'NOK', 'SEK', 'DKK', 'PLN', 'HUF', 'CZK', 'TRY', 'ZAR'],
  ...['MXN', 'SGD', 'HKD', 'CNH', 'CNY', 'THB', 'ILS', 'RUB', 'RON'],
]);

/** A lot of a pair of currencies is 100,000 units of the first with every broker of standard accounts. */
const currencyLot = 100_000;

/** `EURUSD`, `eurusd.m` and `EURUSDpro` are EUR/USD; all else keeps the broker's name. */
export function metatraderSymbol(name: string): string {
  const [, base = '', quote = ''] = /^([A-Z]{3})\/?([A-Z]{3})(?:[._#+!-].*|[A-Z]{0,4})$/.exec(name.toUpperCase()) ?? [];
  if (currencies.has(base) && currencies.has(quote)) return `${base}/${quote}`;
  return /[/_-]/.test(name) ? symbolOf(name) : name.toUpperCase();
}

function isCurrencyPair(symbol: string): boolean {
  const [base = '', quote = ''] = symbol.split('/');
  return currencies.has(base) && currencies.has(quote);
}

/** Units of a lot by symbol. A lot is never guessed: where neither the user nor the market says what it is, that is asked. */
export function lotSizes(context: ReadContext): (symbol: string) => number {
  const told = toldLots(context, metatraderSymbol);
  const assumed = new Set<string>();
  return (symbol) => {
    const known = told(symbol);
    if (known !== null) return known;
    if (!isCurrencyPair(symbol)) throw unknownLot(symbol);
    if (assumed.size === 0) {
      const message = 'Sizes are in lots. A lot of a pair of currencies is read as 100,000 units.';
      context.warn(`${message} Name another size with --lot-size where the account has mini or micro lots.`);
      context.ask?.({
        field: 'lotSize',
        message,
        assumed: String(currencyLot),
        options: [
          { value: String(currencyLot), reason: 'a standard lot' },
          { value: '10000', reason: 'a mini lot' },
          { value: '1000', reason: 'a micro lot' },
        ],
      });
    }
    assumed.add(symbol);
    return currencyLot;
  };
}

function unknownLot(symbol: string): OpenQuestion {
  const message = `Sizes are in lots, and the file does not say how many units a lot of ${symbol} is.`;
  return new OpenQuestion(
    failure(
      'invalid-arguments',
      message,
      `The contract's specification in the terminal says it: name it with --lot-size ${symbol}=100 on the command line.`,
      { missing: 'lotSize', symbol },
    ),
    { field: 'lotSize', message, assumed: null, options: [] },
  );
}

/** The texts of a row's cells as they stand in the table: a cell that spans columns is followed by empty ones, hidden cells are left out. */
export function cellTexts(cells: readonly MarkupCell[]): readonly string[] {
  return cells.flatMap(({ text, span, hidden }) =>
    hidden ? [] : [text, ...Array.from({ length: span - 1 }, () => '')],
  );
}

/** The rows of tables, and the title, of a report; null = the piece is neither. */
export function rowTexts(piece: MarkupPiece): readonly string[] | null {
  return piece.kind === 'tableRow' ? cellTexts(piece.cells) : null;
}

export const metatraderTime = /^\d{4}\.\d\d\.\d\d \d\d:\d\d(?::\d\d)?$/;
