import { DAY_MS, formatIsoUs, HOUR_MS, MINUTE_MS, SECOND_MS } from './time';

/**
 * How numbers and times read on screen. Pure; one spelling per unit everywhere: a true minus sign, digits in groups of three, a plus
 * sign where the sign carries meaning, and a dash for what is unknown (never a zero).
 */
export const UNKNOWN_TEXT = '—';

export type FigureUnit = 'bps' | 'bpsPerDay' | 'ms' | 'percent' | 'score' | 'count' | 'ratio';

const unitWords: Record<FigureUnit, string> = {
  bps: 'bps',
  bpsPerDay: 'bps/day',
  ms: 'ms',
  percent: '%',
  score: '/ 100',
  count: '',
  ratio: '',
};

export function unitWord(unit: FigureUnit): string {
  return unitWords[unit];
}

const decimalsOf: Record<FigureUnit, number> = {
  bps: 1,
  bpsPerDay: 1,
  ms: 0,
  percent: 1,
  score: 1,
  count: 0,
  ratio: 2,
};

const formatters = new Map<string, Intl.NumberFormat>();

function numberFormat(minimum: number, maximum: number): Intl.NumberFormat {
  const key = `${minimum}:${maximum}`;
  let format = formatters.get(key);
  if (!format) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
    formatters.set(key, format);
  }
  return format;
}

function fixed(value: number, minimum: number, maximum: number, signed: boolean): string {
  const digits = numberFormat(minimum, maximum).format(Math.abs(value));
  const isZero = !/[1-9]/.test(digits);
  if (isZero) return digits;
  return `${value < 0 ? '−' : signed ? '+' : ''}${digits}`;
}

function known(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * A sentence of the engine as it reads on screen: its plain ASCII becomes a true minus before a number, grouped thousands where a
 * number has decimals, and ≥ and ≤. Ids, days and file names keep their hyphens.
 */
export function typeset(sentence: string): string {
  return sentence
    .replace(/(^|[\s([])-(?=\d)/g, '$1−')
    .replace(/(?<![\w.,])\d{4,}(?=\.\d)/g, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','))
    .replaceAll('>=', '≥')
    .replaceAll('<=', '≤');
}

/** The digits without the unit. `percent` takes a share (0.05 reads 5.0). Values under 10 ms keep one decimal. */
export function formatFigure(
  value: number | null | undefined,
  unit: FigureUnit,
  options: { readonly signed?: boolean } = {},
): string {
  if (!known(value)) return UNKNOWN_TEXT;
  const scaled = unit === 'percent' ? value * 100 : value;
  const decimals = unit === 'ms' && Math.abs(scaled) < 10 ? 1 : decimalsOf[unit];
  return fixed(scaled, decimals, decimals, options.signed ?? false);
}

/** Digits and unit: `18.4 bps`, `5.0 %`. */
export function formatFigureWithUnit(
  value: number | null | undefined,
  unit: FigureUnit,
  options: { readonly signed?: boolean } = {},
): string {
  const digits = formatFigure(value, unit, options);
  const word = unitWord(unit);
  return digits === UNKNOWN_TEXT || word === '' ? digits : `${digits} ${word}`;
}

export function formatCount(value: number | null | undefined): string {
  return known(value) ? fixed(value, 0, 0, false) : UNKNOWN_TEXT;
}

/** `1 row`, `2 rows`. */
export function formatCountOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

const moneyDecimals: Readonly<Record<string, number>> = { BTC: 8, ETH: 6, BNB: 6, JPY: 0, KRW: 0 };

/** An amount in the quote currency; two decimals unless the currency is usually written with more or none. Small amounts keep their digits. */
export function formatMoney(
  value: number | null | undefined,
  currency: string | null,
  options: { readonly signed?: boolean } = {},
): string {
  if (!known(value)) return UNKNOWN_TEXT;
  const usual = (currency === null ? undefined : moneyDecimals[currency]) ?? 2;
  const magnitude = Math.abs(value);
  const decimals =
    magnitude > 0 && magnitude < 0.5 * 10 ** -usual ? Math.min(12, 1 - Math.floor(Math.log10(magnitude))) : usual;
  const digits = fixed(value, decimals, decimals, options.signed ?? false);
  return currency === null ? digits : `${digits} ${currency}`;
}

/**
 * Writes amounts of one column with the same decimals, so that digits stand under digits: as usual for the currency, more where even
 * the largest is small.
 * @param largest size of the largest amount of the column
 */
export function amountsLike(
  largest: number,
  currency: string | null,
  options: { readonly signed?: boolean } = {},
): (value: number | null | undefined) => string {
  const usual = (currency === null ? undefined : moneyDecimals[currency]) ?? 2;
  const needed = largest > 0 && Number.isFinite(largest) ? 2 - Math.floor(Math.log10(largest)) : 0;
  const decimals = Math.min(12, Math.max(usual, needed));
  return (value) => (known(value) ? fixed(value, decimals, decimals, options.signed ?? false) : UNKNOWN_TEXT);
}

/** A price, quantity or fee as logged: all its digits up to twelve significant ones, no exponent, no zeros behind. */
export function formatExact(value: number | null | undefined): string {
  if (!known(value)) return UNKNOWN_TEXT;
  if (value === 0) return '0';
  const decimals = Math.min(20, Math.max(0, 11 - Math.floor(Math.log10(Math.abs(value)))));
  return fixed(value, 0, decimals, false);
}

export type TimePrecision = 'day' | 'minute' | 'second' | 'millisecond' | 'microsecond';

const isoLength: Record<TimePrecision, number> = { day: 10, minute: 16, second: 19, millisecond: 23, microsecond: 26 };

/** `2026-01-31 23:59:59.000` in UTC. */
export function formatUtc(atUs: number | null | undefined, precision: TimePrecision = 'second'): string {
  if (!known(atUs)) return UNKNOWN_TEXT;
  return formatIsoUs(atUs).slice(0, isoLength[precision]).replace('T', ' ');
}

/** Time of day only, UTC: `23:59:59`. */
export function formatUtcTime(atUs: number | null | undefined, precision: TimePrecision = 'second'): string {
  return known(atUs) ? formatUtc(atUs, precision).slice(11) : UNKNOWN_TEXT;
}

/** The instant in the workstation's zone, with the zone's name, for the hover text. */
export function formatLocal(atUs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'long',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(atUs / 1_000));
}

/** A duration in its two largest units: `420 ms`, `12 s`, `4 min`, `3 h 12 min`, `2 d 4 h`. */
export function formatDuration(durationMs: number | null | undefined): string {
  if (!known(durationMs)) return UNKNOWN_TEXT;
  const ms = Math.max(0, durationMs);
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < 10 * MINUTE_MS) return two(ms, MINUTE_MS, 'min', SECOND_MS, 's');
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return two(ms, HOUR_MS, 'h', MINUTE_MS, 'min');
  return two(ms, DAY_MS, 'd', HOUR_MS, 'h');
}

function two(ms: number, large: number, largeWord: string, small: number, smallWord: string): string {
  const first = Math.floor(ms / large);
  const second = Math.floor((ms - first * large) / small);
  return second === 0 ? `${first} ${largeWord}` : `${first} ${largeWord} ${second} ${smallWord}`;
}

/** How long ago, coarse enough not to flicker: `just now`, `12 s ago`, `3 h 12 min ago`. */
export function formatAge(ageMs: number | null | undefined): string {
  if (!known(ageMs)) return UNKNOWN_TEXT;
  return ageMs < 2 * SECOND_MS ? 'just now' : `${formatDuration(ageMs)} ago`;
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of 1,000, as file managers show them: `117 MB`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (!known(bytes)) return UNKNOWN_TEXT;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const decimals = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${fixed(value, 0, decimals, false)} ${byteUnits[unit]}`;
}

/** `412,000 rows/s`: three significant digits, so that the figure can be read while it changes. */
export function formatRowsPerSecond(rowsPerSecond: number | null | undefined): string {
  if (!known(rowsPerSecond)) return UNKNOWN_TEXT;
  const rounded = rowsPerSecond === 0 ? 0 : Number(rowsPerSecond.toPrecision(3));
  return `${fixed(rounded, 0, 0, false)} rows/s`;
}
