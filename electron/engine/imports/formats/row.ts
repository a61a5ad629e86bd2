/**
 * Reading one row: every getter checks its value, and the first thing that is wrong is remembered as the row's problem, so that
 * a format reads all it needs and asks once at the end. Nothing is thrown for a bad row and nothing is filled in.
 */
import { type UtcDay, utcDayOf } from '../../../../shared/base/time';
import type { Liquidity, Side } from '../../../../shared/market/executions';
import type { ParsedExecution, ParsedOrderEvent, RowOutcome } from '../format';
import { type AmountWithUnit, type DecimalMark, parseAmountWithUnit, parseNumber } from '../numbers';
import type { TimeReader } from '../times';
import { jsonText } from './json';

const sideWords: ReadonlyMap<string, Side> = new Map([
  ...['buy', 'b', 'bid', 'bought', 'long'].map((word): [string, Side] => [word, 'buy']),
  ...['sell', 's', 'a', 'ask', 'sold', 'short'].map((word): [string, Side] => [word, 'sell']),
]);

const liquidityWords: ReadonlyMap<string, Liquidity> = new Map([
  ...['maker', 'm'].map((word): [string, Liquidity] => [word, 'maker']),
  ...['taker', 't'].map((word): [string, Liquidity] => [word, 'taker']),
]);

/** The side a word means in any log; undefined = none. */
export function sideOfWord(word: string): Side | undefined {
  return sideWords.get(word.trim().toLowerCase());
}

/** As {@link sideOfWord}. */
export function liquidityOfWord(word: string): Liquidity | undefined {
  return liquidityWords.get(word.trim().toLowerCase());
}

/** No log writes a longer time; what takes apart an endless one may take its length squared. */
const longestTime = 200;
/** What programs write where there is no time. */
const noTime = /^(?:-|—|nat|nan|none|null|n\/a)?$/i;

/** The value as it is quoted in a reason: short, and visible when it is blank. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonText(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

export class RowCheck {
  /** What is wrong with the row, naming the column and the value; null while all is well. */
  problem: string | null = null;

  constructor(readonly decimalMark: DecimalMark = '.') {}

  /** Starts the next row. */
  reset(): void {
    this.problem = null;
  }

  /** Remembers the first problem. */
  refuse(problem: string): void {
    this.problem ??= problem;
  }

  /** A number or null where the log says none. */
  number(name: string, raw: unknown): number | null {
    if (raw === undefined || raw === null) return null;
    const value =
      typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw, this.decimalMark) : Number.NaN;
    if (value === null || Number.isFinite(value)) return value;
    this.refuse(`${name} is ${quoted(raw)}, which is no number`);
    return null;
  }

  /** A number that must be there; NaN with a problem otherwise. */
  requiredNumber(name: string, raw: unknown): number {
    const value = this.number(name, raw);
    if (value !== null) return value;
    const said = typeof raw === 'string' && raw.trim() !== '';
    this.refuse(said ? `${name} is ${quoted(raw)}, which is no number` : `${name} is missing`);
    return Number.NaN;
  }

  /** A number above zero that must be there: a price, a quantity. */
  positive(name: string, raw: unknown): number {
    const value = this.requiredNumber(name, raw);
    if (value <= 0) this.refuse(`${name} is ${quoted(raw)}, but must be above zero`);
    return value;
  }

  /** A number above zero, or null where the log says none. */
  optionalPositive(name: string, raw: unknown): number | null {
    const value = this.number(name, raw);
    if (value !== null && value <= 0) this.refuse(`${name} is ${quoted(raw)}, but must be above zero`);
    return value;
  }

  /** An amount with its coin behind it (`0.5SOL`, `62.4 USDT`), or null where the log says none. `assets` are tried first. */
  amountWithUnit(name: string, raw: string | undefined, assets: readonly string[]): AmountWithUnit | null {
    const text = raw?.trim() ?? '';
    if (text === '') return null;
    const amount = parseAmountWithUnit(text, assets, this.decimalMark);
    if (amount === null) this.refuse(`${name} is ${quoted(raw)}, which is no amount with a coin`);
    return amount;
  }

  /** A text or null where the log says none. Whole numbers are ids; one too large for a float64 has lost digits and is refused. */
  text(name: string, raw: unknown): string | null {
    if (typeof raw === 'string')
      return raw.length > 0 && raw.charCodeAt(0) > 32 && raw.charCodeAt(raw.length - 1) > 32 ? raw : raw.trim() || null;
    if (raw === undefined || raw === null) return null;
    if (typeof raw === 'number' && Number.isSafeInteger(raw)) return String(raw);
    if (typeof raw === 'bigint') return String(raw);
    this.refuse(
      typeof raw === 'number'
        ? `${name} is the number ${raw}, whose last digits are lost; it must be written as text`
        : `${name} is ${quoted(raw)}, which is no text`,
    );
    return null;
  }

  requiredText(name: string, raw: unknown): string {
    const value = this.text(name, raw);
    if (value !== null) return value;
    this.refuse(`${name} is missing`);
    return '';
  }

  side(name: string, raw: unknown): Side {
    if (raw === 'buy' || raw === 'sell') return raw;
    const side = typeof raw === 'string' ? sideOfWord(raw) : undefined;
    if (side !== undefined) return side;
    this.refuse(
      raw === undefined || raw === null || raw === ''
        ? `${name} is missing`
        : `${name} is ${quoted(raw)}, which is neither buy nor sell`,
    );
    return 'buy';
  }

  liquidity(name: string, raw: unknown): Liquidity | null {
    if (raw === 'maker' || raw === 'taker') return raw;
    const text = this.text(name, raw);
    if (text === null) return null;
    const liquidity = liquidityOfWord(text);
    if (liquidity === undefined) this.refuse(`${name} is ${quoted(raw)}, which is neither maker nor taker`);
    return liquidity ?? null;
  }

  /** Microseconds UTC, or null where the log says none. */
  time(name: string, raw: unknown, reader: TimeReader): number | null {
    if (raw === undefined || raw === null || raw === '') return null;
    const written = typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'bigint';
    const atUs = written && String(raw).length <= longestTime ? reader.read(String(raw)) : Number.NaN;
    if (!Number.isNaN(atUs)) return atUs;
    if (typeof raw === 'string' && noTime.test(raw.trim())) return null;
    this.refuse(`${name} is ${quoted(raw)}, but must be ${reader.expects} that exists in its zone`);
    return null;
  }

  requiredTime(name: string, raw: unknown, reader: TimeReader): number {
    const atUs = this.time(name, raw, reader);
    if (atUs !== null) return atUs;
    this.refuse(`${name} is missing`);
    return Number.NaN;
  }

  /** The outcome of a row with a problem; day and symbol where they could be read, so that it counts in that day's quality. */
  quarantine(symbol: string | null = null, atUs: number | null = null): RowOutcome {
    return {
      kind: 'quarantine',
      reason: this.problem ?? 'the row cannot be read',
      symbol: symbol || null,
      day: dayOrNull(atUs),
    };
  }
}

function dayOrNull(atUs: number | null): UtcDay | null {
  // Beyond what a calendar can tell there is no day.
  return atUs === null || !(Math.abs(atUs) <= 8.64e18) ? null : utcDayOf(atUs);
}

/** A row that is understood and is no trade. A name that comes from the file is cut to what a name may be. */
export function otherRow(name: string): RowOutcome {
  return { kind: 'other', name: name.length > 80 ? `${name.slice(0, 80)}…` : name };
}

/** An execution of which the log tells only what is given; everything else is unknown. */
export function execution(
  known: Pick<ParsedExecution, 'symbol' | 'side' | 'price' | 'quantity' | 'executedAtUs'> & Partial<ParsedExecution>,
): ParsedExecution {
  // Field by field: a spread over defaults costs more than reading the row.
  return {
    venue: known.venue ?? null,
    account: known.account ?? null,
    strategy: known.strategy ?? null,
    version: known.version ?? null,
    symbol: known.symbol,
    side: known.side,
    price: known.price,
    quantity: known.quantity,
    fee: known.fee ?? null,
    feeCurrency: known.feeCurrency ?? null,
    liquidity: known.liquidity ?? null,
    executedAtUs: known.executedAtUs,
    tradeId: known.tradeId ?? null,
    orderId: known.orderId ?? null,
    clientOrderId: known.clientOrderId ?? null,
    decidedAtUs: known.decidedAtUs ?? null,
    submittedAtUs: known.submittedAtUs ?? null,
    arrivalPrice: known.arrivalPrice ?? null,
    intendedQuantity: known.intendedQuantity ?? null,
    paper: known.paper ?? false,
  };
}

/** An order event of which the log tells only what is given. */
export function orderEvent(
  known: Pick<ParsedOrderEvent, 'symbol' | 'kind' | 'atUs'> & Partial<ParsedOrderEvent>,
): ParsedOrderEvent {
  return {
    venue: null,
    account: null,
    strategy: null,
    version: null,
    side: null,
    orderId: null,
    clientOrderId: null,
    intendedQuantity: null,
    price: null,
    reason: null,
    paper: false,
    ...known,
  };
}

/** Remembers the symbol of each name a log uses, so that a name is taken apart once and not once per row. */
export function cachedSymbols(symbolOf: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  let lastName = '';
  let lastSymbol = '';
  return (name) => {
    if (name === lastName) return lastSymbol;
    let symbol = known.get(name);
    if (symbol === undefined) {
      symbol = symbolOf(name);
      // A hostile file may name a new instrument on every line.
      if (known.size < 10_000) known.set(name, symbol);
    }
    lastName = name;
    lastSymbol = symbol;
    return symbol;
  };
}
