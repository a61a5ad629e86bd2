/**
 * Bars of QuantConnect's LEAN: one day of one instrument, times counted from midnight. Neither day nor instrument is in the content: LEAN
 * names the file by them, and this is the one format that has to read a name.
 */
import { FailureError, failure } from '../../../../shared/base/errors';
import { isUtcDay, MINUTE_US, SECOND_US, utcDayStartUs } from '../../../../shared/base/time';
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { DelimitedSample, Format, ReadContext, RowOutcome } from '../format';
import { symbolOfUser } from './columns';
import { otherRow, RowCheck } from './row';

const dayMs = 86_400_000;
/** Cells of a bar of trades (time, open, high, low, close, volume), and of one of quotes (time, bid bar and size, ask bar and size). */
const tradeCells = 6;
const quoteCells = 11;

interface BarName {
  readonly dayUs: number;
  /** null = the name leaves it out, as the name of the archive does. */
  readonly symbol: string | null;
  readonly barUs: number;
  readonly name: string;
}

const namePattern = /(?:^|\/)(\d{4})(\d{2})(\d{2})_([a-z0-9]+)_(minute|second)_(?:trade|quote)(?:_[a-z]+)?\.csv$/i;

/** What a member's name says: `20180404_btcusd_minute_trade.csv`. */
function barName(names: readonly string[]): BarName | null {
  for (const name of names) {
    const found = namePattern.exec(name);
    if (found === null) continue;
    const [, year, month, day, instrument = '', resolution = ''] = found;
    const date = `${year}-${month}-${day}`;
    if (!isUtcDay(date)) continue;
    const symbol = parsePair(instrument) === null ? null : symbolOf(instrument);
    const barUs = resolution.toLowerCase() === 'minute' ? MINUTE_US : SECOND_US;
    return { dayUs: utcDayStartUs(date), symbol, barUs, name };
  }
  return null;
}

function isBar(low: number, high: number, open: number, close: number): boolean {
  return low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close);
}

function isLeanShape({ headerLine, header, rows }: DelimitedSample): 'trade' | 'quote' | null {
  if (headerLine !== 0 || (header.length !== tradeCells && header.length !== quoteCells)) return null;
  let before = -1;
  const fits = rows.every((cells) => {
    const [time = Number.NaN, open = 0, high = 0, low = 0, close = 0] = cells.map(Number);
    const inOrder = Number.isInteger(time) && time > before && time < dayMs && time % 1_000 === 0;
    before = time;
    // A quote may have no bid in a minute.
    const bar = (header.length === quoteCells && cells[1] === '') || isBar(low, high, open, close);
    return cells.length === header.length && inOrder && bar;
  });
  if (!fits) return null;
  return header.length === tradeCells ? 'trade' : 'quote';
}

export const leanMinuteZip: Format = {
  id: 'lean-minute-zip',
  title: 'LEAN minute bars',
  describes:
    'The close of every bar is a price at its end; of quotes the middle of bid and ask. Day and instrument are taken from the name of the file inside the zip, because LEAN writes them nowhere else. Volumes and sizes are not kept.',
  kind: 'prices',
  exampleHeader: null,
  exampleRows: ['0,10,12,9,11.25,5', '60000,11,13,10.5,12,6'],
  exampleName: '20250101_ethusdt_minute_trade.csv',
  reference: {
    ignores: ['sizes of bid and ask'],
    times: 'Milliseconds since midnight UTC; the day is in the name of the file.',
    otherRows: ['quote of one side only'],
  },
  impliedSource: null,
  recognise(sample) {
    const shape = sample.kind === 'delimited' ? isLeanShape(sample) : null;
    if (shape === null) return null;
    const columns = shape === 'trade' ? 'a bar and its volume' : 'bars of bid and ask with their sizes';
    return {
      confidence: 0.7,
      reason: `no header; shaped like LEAN's bars: milliseconds of a day in order, ${columns}`,
    };
  },
  reader: {
    shape: 'delimited',
    headerless: true,
    open(header, context) {
      const named = barName(context.names ?? []);
      if (named === null) throw nameless(context);
      const symbol = context.symbol !== null || named.symbol === null ? symbolOfUser(context) : named.symbol;
      const day = new Date(named.dayUs / 1_000).toISOString().slice(0, 10);
      context.warn(
        context.symbol === null
          ? `The symbol ${symbol} and the day ${day} are taken from the name "${named.name}": LEAN writes them nowhere else.`
          : `The day ${day} is taken from the name "${named.name}": LEAN writes it nowhere else.`,
      );
      const check = new RowCheck();
      const isQuote = header.length === quoteCells;
      return ({ cells }): RowOutcome => {
        check.reset();
        const time = check.requiredNumber('time', cells[0]);
        if (!Number.isInteger(time) || time < 0 || time >= dayMs) check.refuse(`time is ${cells[0]}, no time of a day`);
        const atUs = named.dayUs + time * 1_000 + named.barUs;
        if (isQuote && (cells[4]?.trim() === '' || cells[9]?.trim() === '') && check.problem === null) {
          return otherRow('quote of one side only');
        }
        const price = isQuote ? middle(check, cells) : tradeClose(check, cells);
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        return { kind: 'prices', points: [{ symbol, atUs, price }] };
      };
    },
  },
};

function tradeClose(check: RowCheck, cells: readonly string[]): number {
  const [open, high, low, close] = [1, 2, 3, 4].map((column) => check.positive(barColumns[column - 1]!, cells[column]));
  const [opened, highest, lowest, price] = [open ?? 0, high ?? 0, low ?? 0, close ?? 0];
  if (check.problem === null && !isBar(lowest, highest, opened, price)) {
    check.refuse(`open ${opened} and close ${price} are not between low ${lowest} and high ${highest}`);
  }
  return price;
}

const barColumns = ['open', 'high', 'low', 'close'] as const;

function middle(check: RowCheck, cells: readonly string[]): number {
  const bid = check.positive('close of the bid', cells[4]);
  const ask = check.positive('close of the ask', cells[9]);
  if (check.problem === null && bid > ask) check.refuse(`the bid ${bid} is above the ask ${ask}`);
  return (bid + ask) / 2;
}

function nameless({ names = [] }: ReadContext): FailureError {
  return new FailureError(
    failure(
      'invalid-arguments',
      `The bars are of one day that only their name tells, and "${names[0] ?? ''}" does not tell it.`,
      'Give the file the name LEAN gives it, such as 20250131_btcusd_minute_trade.csv, or import the zip as LEAN made it.',
      { missing: 'day' },
    ),
  );
}
