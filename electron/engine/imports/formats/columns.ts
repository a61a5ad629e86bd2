/** What readers of delimited files share: the times of a column, the symbol the user names, the check of the amount. */
import { FailureError, failure } from '../../../../shared/base/errors';
import { symbolOf } from '../../../../shared/market/symbols';
import type { DelimitedSample, ReadContext } from '../format';
import { OpenQuestion, symbolOfName } from '../questions';
import {
  dateOrderOf,
  inferTimeReader,
  isoReader,
  orderOfColumn,
  parseZone,
  patternReader,
  type TimeReader,
  type Zone,
  type ZoneChoice,
} from '../times';

/**
 * The reader of a column's times, judged over the sample. Fails where day and month cannot be told apart: a wrong guess would
 * move every trade to another day without anyone noticing.
 */
export function columnTimeReader(
  name: string,
  column: number,
  sample: Pick<DelimitedSample, 'rows'>,
  choice: ZoneChoice,
): TimeReader {
  const texts = sample.rows.flatMap((cells) => cells[column]?.trim() || []);
  const inferred = inferTimeReader(texts, choice);
  switch (inferred.kind) {
    case 'reader':
      return oneDateOrder(name, inferred.reader, orderOfColumn(texts, choice));
    case 'unknown':
      // Rows that are no ISO times are quarantined one by one, with this expectation as the reason.
      return isoReader(choice);
    case 'ambiguous':
      throw askedOrder(name, inferred.example);
    case 'mixed':
      throw mixedTimes(name, inferred.example);
  }
}

/**
 * Holds the whole column to the order its first rows prove. A later date that only the other order allows makes every date
 * between them doubtful, so the file is refused rather than that row.
 */
function oneDateOrder(name: string, reader: TimeReader, order: ReturnType<typeof dateOrderOf>): TimeReader {
  if (order === null) return reader;
  return {
    expects: reader.expects,
    read: (text) => {
      const atUs = reader.read(text);
      if (!Number.isNaN(atUs)) return atUs;
      const other = dateOrderOf([text]);
      if (other === order || (other !== 'dayFirst' && other !== 'monthFirst')) return atUs;
      throw mixedTimes(name, text);
    },
  };
}

function askedOrder(name: string, example: string): OpenQuestion {
  const message = `The times of column "${name}" can be read day first or month first: "${example}".`;
  return new OpenQuestion(
    failure(
      'format-ambiguous',
      message,
      'Say which: "Day and month" on the Imports page, --date-order dmy or mdy on the command line; or export them as YYYY-MM-DD.',
      { column: name, example },
    ),
    {
      field: 'dateOrder',
      message,
      assumed: null,
      options: [
        { value: 'dmy', reason: `"${example}" puts the day first` },
        { value: 'mdy', reason: `"${example}" puts the month first` },
      ],
    },
  );
}

function mixedTimes(name: string, example: string): FailureError {
  return new FailureError(
    failure(
      'format-damaged',
      `The times of column "${name}" are written in more than one way, for example "${example}".`,
      'Two files were probably joined: import each of them as it was exported.',
      { column: name, example },
    ),
  );
}

/** Reads `26-03-17 09:34:12`, year first, beside ISO times: how Binance writes times since 2023. */
export function shortYearReader(choice: ZoneChoice): TimeReader {
  return eitherReader(/^\d\d-/, 'YY-MM-DD H:mm[:ss]', choice);
}

/** Reads times that begin as `shape` says by `pattern`, and all others as ISO times. */
export function eitherReader(shape: RegExp, pattern: string, choice: ZoneChoice): TimeReader {
  const iso = isoReader(choice);
  const other = patternReader(pattern, choice);
  if (other === null) throw new Error(`${pattern} is no pattern of a time`);
  return {
    expects: `${iso.expects} or ${pattern}`,
    read: (text) => (shape.test(text.trim()) ? other : iso).read(text),
  };
}

/** The zone a column's name states in parentheses: `Date (+01)`, `Filled Time(UTC+02:00)`; null = it states none. */
export function zoneInHeader(name: string): Zone | null {
  const stated = /\(([^()]+)\)\s*$/.exec(name)?.[1];
  return stated === undefined ? null : parseZone(stated);
}

/** The instrument the user names; the file cannot be used without it. */
export function symbolOfUser(context: ReadContext): string {
  if (context.symbol !== null && !context.symbol.includes(',')) return symbolOf(context.symbol);
  throw askedSymbol(context.names ?? []);
}

function askedSymbol(names: readonly string[]): OpenQuestion {
  const options = names.flatMap((name) => {
    const value = symbolOfName(name);
    return value === null ? [] : [{ value, reason: `the file is named "${name}"` }];
  });
  const message = 'The file does not name its instrument.';
  return new OpenQuestion(
    failure(
      'invalid-arguments',
      message,
      `Name it: "Symbol" on the Imports page, --symbol ${options[0]?.value ?? 'ETH/USDT'} on the command line.`,
      { missing: 'symbol' },
    ),
    { field: 'symbol', message, assumed: null, options },
  );
}

/** A warning, once, when price times quantity is not the amount the log states: a decimal mark misread, a contract size, damage. */
export function amountCheck(context: ReadContext, amountName: string): AmountCheck {
  let told = false;
  return (price, quantity, amount, line) => {
    if (told || amount === null || !(price > 0) || !(quantity > 0)) return;
    const expected = price * quantity;
    // Half a percent: venues round the amount to few decimals, a wrong scale is off by tenfold.
    if (Math.abs(Math.abs(amount) - expected) <= 0.005 * expected) return;
    // An amount rounded to two decimals may be off by a cent.
    if (Math.abs(Math.abs(amount) - expected) <= 0.01) return;
    told = true;
    context.warn(
      `Price times quantity is not the ${amountName} the file states, first on line ${line}: ${expected} against ${amount}.`,
    );
  };
}

export type AmountCheck = (price: number, quantity: number, amount: number | null, line: number) => void;
