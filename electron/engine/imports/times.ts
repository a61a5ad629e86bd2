/**
 * Times as logs write them, read into integer microseconds UTC. A reader is made once per column; zones come from the
 * runtime's own IANA data, with each day's offset looked up once.
 */
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../../shared/base/time';

/** A zone turns what a wall clock showed into an instant. Both sides are microseconds; a wall-clock time is written as if it were UTC. */
export interface Zone {
  readonly name: string;
  /** The instant; NaN when the clock skipped that time. Where the clock showed it twice, the first of the two. */
  toUtcUs(wallUs: number): number;
  /** Whether the clock showed that time twice, so that {@link toUtcUs} had to choose. */
  isRepeated(wallUs: number): boolean;
}

function fixedZone(name: string, offsetUs: number): Zone {
  return { name, toUtcUs: (wallUs) => wallUs - offsetUs, isRepeated: () => false };
}

export const utcZone: Zone = fixedZone('UTC', 0);

/** No clock on Earth is further from UTC. */
const maxOffsetHours = 14;
const offsetPattern = /^(?:UTC|GMT)?\s*([+\-\u2212])(\d{1,2})(?::?(\d{2}))?$/i;

/** Reads a zone: an IANA name, `UTC`, `Z`, or an offset (`+05:30`, `-0800`, `UTC+8`). Null when there is no such zone. */
export function parseZone(text: string): Zone | null {
  const name = text.trim();
  if (/^(?:utc|gmt|z)$/i.test(name)) return utcZone;
  const offset = offsetPattern.exec(name);
  if (offset !== null) {
    const hours = Number(offset[2]);
    const minutes = Number(offset[3] ?? '0');
    if (hours > maxOffsetHours || minutes > 59) return null;
    const sign = offset[1] === '+' ? 1 : -1;
    return fixedZone(name.toUpperCase(), sign * (hours * HOUR_US + minutes * MINUTE_US));
  }
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return null;
  try {
    return new IanaZone(name);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

class IanaZone implements Zone {
  private readonly format: Intl.DateTimeFormat;
  /** Offset of the instants around a wall-clock day when it is the same all through, else NaN. Days since 1970. */
  private readonly steadyOffsets = new Map<number, number>();

  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  toUtcUs(wallUs: number): number {
    const steady = this.steadyOffset(wallUs);
    if (!Number.isNaN(steady)) return wallUs - steady;
    // Larger offset = earlier instant, so that the first of two readings wins.
    for (const offset of this.candidateOffsets(wallUs)) {
      if (this.offsetAtUs(wallUs - offset) === offset) return wallUs - offset;
    }
    return Number.NaN;
  }

  isRepeated(wallUs: number): boolean {
    if (!Number.isNaN(this.steadyOffset(wallUs))) return false;
    const fitting = this.candidateOffsets(wallUs).filter((offset) => this.offsetAtUs(wallUs - offset) === offset);
    return fitting.length > 1;
  }

  private candidateOffsets(wallUs: number): readonly number[] {
    const offsets = [this.offsetAtUs(wallUs - DAY_US), this.offsetAtUs(wallUs + DAY_US)];
    return [...new Set(offsets)].sort((first, second) => second - first);
  }

  private steadyOffset(wallUs: number): number {
    const day = Math.floor(wallUs / DAY_US);
    const known = this.steadyOffsets.get(day);
    if (known !== undefined) return known;
    const before = this.offsetAtUs((day - 1) * DAY_US);
    const steady = before === this.offsetAtUs((day + 2) * DAY_US) ? before : Number.NaN;
    this.steadyOffsets.set(day, steady);
    return steady;
  }

  private offsetAtUs(atUs: number): number {
    const ms = Math.floor(atUs / 1_000_000) * 1_000;
    const parts: Record<string, string> = {};
    for (const part of this.format.formatToParts(ms)) parts[part.type] = part.value;
    const wallMs = Date.UTC(
      Number(parts['year']),
      Number(parts['month']) - 1,
      Number(parts['day']),
      Number(parts['hour']),
      Number(parts['minute']),
      Number(parts['second']),
    );
    return (wallMs - ms) * 1_000;
  }
}

/** Reads the times of one column. */
export interface TimeReader {
  /** What it reads, for the reason given with a row it cannot read. */
  readonly expects: string;
  /** Microseconds UTC; NaN when the text is no such time. */
  read(text: string): number;
  /** The same for ASCII bytes; NaN when they are not written as machines write them and the text must be read. */
  readonly readPlain?: (bytes: Uint8Array, start: number, end: number) => number;
  /** What such bytes are, where that can be said: ISO times, those in UTC being read in any zone alike, or counts of so many microseconds. */
  readonly plainForm?: 'iso' | { readonly usEach: number };
}

/** What a reader of naive times needs to know. */
export interface ZoneChoice {
  readonly zone: Zone;
  /** Order of day and month where no date of the column tells it; null or absent = it must be asked. */
  readonly dateOrder?: 'dmy' | 'mdy' | null;
  /** Called for each time that did not say its zone. */
  readonly onNaive?: () => void;
  /** Called for each time that the zone's clock showed twice. */
  readonly onRepeated?: () => void;
}

function resolve(wallUs: number, choice: ZoneChoice): number {
  choice.onNaive?.();
  if (choice.onRepeated !== undefined && choice.zone.isRepeated(wallUs)) choice.onRepeated();
  return choice.zone.toUtcUs(wallUs);
}

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
let cachedDayKey = -1;
let cachedDayUs = Number.NaN;

/** Start of the calendar day, or NaN where there is none. Logs come in runs of one day, so the last answer is kept. */
function dayStartUs(year: number, month: number, day: number): number {
  const key = year * 512 + month * 32 + day;
  if (key === cachedDayKey) return cachedDayUs;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const exists =
    year >= 1900 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= (daysInMonth[month - 1] ?? 0);
  const dayUs = exists && (month !== 2 || day < 29 || leap) ? Date.UTC(year, month - 1, day) * 1_000 : Number.NaN;
  cachedDayKey = key;
  cachedDayUs = dayUs;
  return dayUs;
}

/** Value of the two digits at `at`, or NaN. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const trailingZone = /^\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)$/i;

/**
 * Reads `YYYY-MM-DD[T| ]HH:MM[:SS[.fraction]][zone]`, also with `/` or `.` between the parts of the date, or the date alone.
 * Digits beyond the microsecond are cut off. Zone: `Z`, `UTC`, `+05:30`, `+00`; without one the choice's zone is used.
 */
export function isoReader(choice: ZoneChoice): TimeReader {
  return {
    expects: 'a time like 2026-01-31T13:45:00.123Z',
    read: (text) => parseIsoUs(text, choice),
    readPlain: (bytes, start, end) => plainIsoUs(bytes, start, end, choice),
    plainForm: 'iso',
  };
}

/** `YYYY-MM-DD[T| ]HH:MM:SS[.fraction]` with `Z`, `+00:00` or nothing behind it. */
function plainIsoUs(bytes: Uint8Array, start: number, end: number, choice: ZoneChoice): number {
  if (end - start < 19 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return Number.NaN;
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return Number.NaN;
  if (bytes[start + 10] !== 84 && bytes[start + 10] !== 32) return Number.NaN;
  const century = twoDigitsAt(bytes, start);
  const year = twoDigitsAt(bytes, start + 2);
  const month = twoDigitsAt(bytes, start + 5);
  const day = twoDigitsAt(bytes, start + 8);
  const hour = twoDigitsAt(bytes, start + 11);
  const minute = twoDigitsAt(bytes, start + 14);
  const second = twoDigitsAt(bytes, start + 17);
  // One below zero makes the union negative.
  if ((century | year | month | day | hour | minute | second) < 0) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const dayUs = dayStartUs(century * 100 + year, month, day);
  let at = start + 19;
  let fractionUs = 0;
  if (bytes[at] === 46 && at < end) {
    const first = ++at;
    let unit = 100_000;
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      fractionUs += digit * unit;
      unit = unit > 1 ? unit / 10 : 0;
    }
    if (at === first) return Number.NaN;
  }
  const wallUs = dayUs + (hour * 3_600 + minute * 60 + second) * SECOND_US + fractionUs;
  if (Number.isNaN(wallUs)) return Number.NaN;
  if (at === end) return resolve(wallUs, choice);
  const isUtc = end - at === 1 ? bytes[at] === 90 : end - at === 6 && isZeroOffset(bytes, at);
  return isUtc ? wallUs : Number.NaN;
}

function isZeroOffset(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 43 && twoDigitsAt(bytes, at + 1) === 0 && bytes[at + 3] === 58 && twoDigitsAt(bytes, at + 4) === 0
  );
}

/** Value of the two digits at `at`, or -1. */
function twoDigitsAt(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function parseIsoUs(source: string, choice: ZoneChoice): number {
  const first = source.charCodeAt(0);
  const text = first >= 48 && first <= 57 && source.charCodeAt(source.length - 1) !== 32 ? source : source.trim();
  const length = text.length;
  if (length < 10) return Number.NaN;
  const separator = text.charCodeAt(4);
  if ((separator !== 45 && separator !== 47 && separator !== 46) || text.charCodeAt(7) !== separator) return Number.NaN;
  const dayUs = dayStartUs(twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8));
  if (Number.isNaN(dayUs)) return Number.NaN;
  if (length === 10) return resolve(dayUs, choice);
  const between = text.charCodeAt(10);
  if (between !== 84 && between !== 116 && between !== 32) return Number.NaN;
  let at = 11;
  let hour = twoDigits(text, at);
  if (Number.isNaN(hour) && text.charCodeAt(at + 1) === 58) {
    hour = text.charCodeAt(at) - 48;
    at += 1;
  } else at += 2;
  const minute = twoDigits(text, at + 1);
  if (text.charCodeAt(at) !== 58 || !(hour >= 0 && hour <= 23) || !(minute <= 59)) return Number.NaN;
  at += 3;
  let second = 0;
  let fractionUs = 0;
  if (text.charCodeAt(at) === 58) {
    second = twoDigits(text, at + 1);
    if (!(second <= 59)) return Number.NaN;
    at += 3;
    const mark = text.charCodeAt(at);
    if (mark === 46 || mark === 44) {
      at += 1;
      const start = at;
      for (let unit = 100_000; at < length; at++) {
        const digit = text.charCodeAt(at) - 48;
        if (digit < 0 || digit > 9) break;
        if (unit >= 1) fractionUs += digit * unit;
        unit /= 10;
        if (unit < 1) unit = 0;
      }
      if (at === start) return Number.NaN;
    }
  }
  const wallUs = dayUs + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fractionUs;
  if (at === length) return resolve(wallUs, choice);
  if (at === length - 1 && text.charCodeAt(at) === 90) return wallUs;
  const zone = trailingZone.exec(text.slice(at));
  if (zone === null) return Number.NaN;
  if (zone[1] !== undefined) return wallUs;
  const [hours, minutes] = [Number(zone[3]), Number(zone[4] ?? '0')];
  if (hours > maxOffsetHours || minutes > 59) return Number.NaN;
  const offsetUs = hours * HOUR_US + minutes * MINUTE_US;
  return zone[2] === '+' ? wallUs - offsetUs : wallUs + offsetUs;
}

/** Units an epoch can be counted in, by the power of ten that makes them seconds. */
const epochDigits = { s: 0, ms: 3, us: 6, ns: 9 } as const;
export type EpochUnit = keyof typeof epochDigits;

const epochPattern = /^(-?)(\d{1,20})(?:\.(\d*))?$/;

/**
 * Reads a count since 1970-01-01 UTC, with or without a fraction, rounded to the microsecond. Works on the digits, so that
 * nanoseconds beyond 2^53 lose nothing. `unit` null = told by the size: below 1e11 seconds, 1e14 ms, 1e17 us, above that ns.
 */
export function epochReader(unit: EpochUnit | null): TimeReader {
  const expects = unit === null ? 'a time counted from 1970' : `a time counted in ${unit} from 1970`;
  return {
    expects,
    read: (text) => parseEpochUs(text.trim(), unit),
    readPlain: (bytes, start, end) => plainEpochUs(bytes, start, end, unit),
    ...(unit !== null &&
      unit !== 'ns' && { plainForm: { usEach: unit === 'us' ? 1 : unit === 'ms' ? 1_000 : SECOND_US } }),
  };
}

/** Up to sixteen digits that count microseconds or something coarser; everything else is read as text. */
function plainEpochUs(bytes: Uint8Array, start: number, end: number, unit: EpochUnit | null): number {
  if (unit === null || unit === 'ns' || end - start > 16) return Number.NaN;
  let count = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    count = count * 10 + digit;
  }
  const us = unit === 'us' ? count : unit === 'ms' ? count * 1_000 : count * SECOND_US;
  return Number.isSafeInteger(us) ? us : Number.NaN;
}

function parseEpochUs(text: string, unit: EpochUnit | null): number {
  const plain = /[eE]/.test(text) && Number.isSafeInteger(Number(text)) ? String(Number(text)) : text;
  const match = epochPattern.exec(plain);
  if (match === null) return Number.NaN;
  const whole = match[2]!;
  const digits = epochDigits[unit ?? unitBySize(whole)];
  // Move the point so that the number counts microseconds, then round the rest once.
  const shift = 6 - digits;
  const fraction = match[3] ?? '';
  const all = shift >= 0 ? whole + fraction.padEnd(shift, '0').slice(0, shift) : whole.slice(0, shift);
  const rest = shift >= 0 ? fraction.slice(shift) : whole.slice(shift);
  const us = Number(all === '' ? '0' : all) + (rest.charCodeAt(0) >= 53 ? 1 : 0);
  return Number.isSafeInteger(us) ? (match[1] === '-' ? -us : us) : Number.NaN;
}

function unitBySize(whole: string): EpochUnit {
  const size = Number(whole);
  return size < 1e11 ? 's' : size < 1e14 ? 'ms' : size < 1e17 ? 'us' : 'ns';
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const tokens: readonly (readonly [string, string])[] = [
  ['YYYY', '(?<year>\\d{4})'],
  ['YY', '(?<shortYear>\\d{2})'],
  ['MMM', '(?<monthName>[A-Za-z]{3,9})\\.?'],
  ['MM', '(?<month>\\d{1,2})'],
  ['M', '(?<month>\\d{1,2})'],
  ['DD', '(?<day>\\d{1,2})'],
  ['D', '(?<day>\\d{1,2})'],
  ['HH', '(?<hour>\\d{1,2})'],
  ['H', '(?<hour>\\d{1,2})'],
  ['hh', '(?<hour>\\d{1,2})'],
  ['h', '(?<hour>\\d{1,2})'],
  ['mm', '(?<minute>\\d{2})'],
  ['ss', '(?<second>\\d{2})'],
  ['S', '(?<fraction>\\d+)'],
  ['A', '(?<half>[AaPp][Mm])'],
];

/**
 * Makes a reader from a pattern of `YYYY YY MMM MM M DD D HH H hh h mm ss S A`, square brackets around what may be missing,
 * everything else literal: `DD/MM/YYYY HH:mm[:ss][.S]`. Null when the pattern lacks a full date or names a part twice.
 */
export function patternReader(pattern: string, choice: ZoneChoice): TimeReader | null {
  let expression = '';
  for (let at = 0; at < pattern.length; ) {
    const token = tokens.find(([name]) => pattern.startsWith(name, at));
    if (token !== undefined) {
      expression += token[1];
      at += token[0].length;
      continue;
    }
    const character = pattern[at]!;
    if (character === '[') expression += '(?:';
    else if (character === ']') expression += ')?';
    else if (character === ' ') expression += '\\s+';
    else expression += character.replace(/[\\^$.*+?()|{}/-]/, '\\$&');
    at += 1;
  }
  const hasDate = /<(?:year|shortYear)>/.test(expression) && /<month/.test(expression) && /<day>/.test(expression);
  let compiled: RegExp;
  try {
    compiled = new RegExp(`^${expression}$`);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
  if (!hasDate) return null;
  return {
    expects: `a time like ${pattern}`,
    read: (text) => {
      const groups = compiled.exec(text.trim())?.groups;
      return groups === undefined ? Number.NaN : patternTimeUs(groups, choice);
    },
  };
}

function patternTimeUs(groups: Record<string, string | undefined>, choice: ZoneChoice): number {
  const year = groups['year'] === undefined ? 2000 + Number(groups['shortYear']) : Number(groups['year']);
  const monthName = groups['monthName']?.slice(0, 3).toLowerCase();
  const month = monthName === undefined ? Number(groups['month']) : months.indexOf(monthName) + 1;
  const half = groups['half']?.toLowerCase();
  let hour = Number(groups['hour'] ?? '0');
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (half === 'pm' ? 12 : 0);
  }
  const minute = Number(groups['minute'] ?? '0');
  const second = Number(groups['second'] ?? '0');
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const fractionUs = Number((groups['fraction'] ?? '').padEnd(6, '0').slice(0, 6));
  const dayUs = dayStartUs(year, month, Number(groups['day']));
  if (Number.isNaN(dayUs)) return Number.NaN;
  return resolve(dayUs + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fractionUs, choice);
}

export type DateOrder = 'dayFirst' | 'monthFirst' | 'ambiguous' | 'mixed';

const shortDate = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=\D|$)/;

/**
 * Whether the dates of a column put the day or the month first. `ambiguous` = no date has a part above 12, `mixed` = some
 * prove one order and some the other; null = the texts are no dates of that kind.
 */
export function dateOrderOf(texts: readonly string[]): DateOrder | null {
  let dayFirst = false;
  let monthFirst = false;
  let seen = false;
  for (const text of texts) {
    const match = shortDate.exec(text.trim());
    if (match === null) continue;
    seen = true;
    if (Number(match[1]) > 12) dayFirst = true;
    else if (Number(match[3]) > 12) monthFirst = true;
  }
  if (!seen) return null;
  if (dayFirst && monthFirst) return 'mixed';
  return dayFirst ? 'dayFirst' : monthFirst ? 'monthFirst' : 'ambiguous';
}

/** As {@link dateOrderOf}, with what the user said where the dates themselves do not tell. */
export function orderOfColumn(texts: readonly string[], { dateOrder = null }: ZoneChoice): DateOrder | null {
  const order = dateOrderOf(texts);
  if (order !== 'ambiguous' || dateOrder === null) return order;
  return dateOrder === 'dmy' ? 'dayFirst' : 'monthFirst';
}

export type InferredTime =
  | { readonly kind: 'reader'; readonly reader: TimeReader }
  /** Not decidable, or decided against: never guessed. `example` is a text of the column. */
  | { readonly kind: 'ambiguous' | 'mixed' | 'unknown'; readonly example: string };

/** Infers how the times of one column are written from some of its texts. */
export function inferTimeReader(texts: readonly string[], choice: ZoneChoice): InferredTime {
  const filled = texts.map((text) => text.trim()).filter((text) => text !== '');
  const example = filled[0] ?? '';
  if (filled.length === 0) return { kind: 'unknown', example };
  if (filled.every((text) => epochPattern.test(text))) {
    const units = new Set(filled.map((text) => unitBySize(epochPattern.exec(text)![2]!)));
    return units.size === 1 ? { kind: 'reader', reader: epochReader([...units][0]!) } : { kind: 'mixed', example };
  }
  if (filled.some((text) => /^\d{4}[-/.]/.test(text))) return { kind: 'reader', reader: isoReader(choice) };
  const order = orderOfColumn(filled, choice);
  if (order === null) return { kind: 'unknown', example };
  if (order === 'ambiguous' || order === 'mixed') return { kind: order, example };
  const separator = shortDate.exec(filled.find((text) => shortDate.test(text))!)![2]!;
  const date = (order === 'dayFirst' ? ['D', 'M', 'YYYY'] : ['M', 'D', 'YYYY']).join(separator);
  const reader = patternReader(`${date}[,][ H:mm[:ss][.S][ A]]`, choice);
  return reader === null ? { kind: 'unknown', example } : { kind: 'reader', reader };
}
