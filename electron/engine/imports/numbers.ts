/**
 * Numbers as logs write them. Each text is turned into a double exactly once, by the language's own correctly rounded
 * conversion; everything before that only removes what is not part of the number (currency signs, thousands separators).
 */
import type { DelimitedSample } from './format';

export type DecimalMark = '.' | ',';

/**
 * Reads a number. `null` = the text says "none" (empty, a dash, `n/a`, `NaN`); `NaN` = the text is no number a float64 can
 * hold: hexadecimal, `1e400`, `12abc`, `1,5` in a file whose decimal mark is the point.
 * Accepts a leading currency sign, accounting parentheses for negative, the Unicode minus, exponents and `.5`; thousands
 * separators (comma or point, blank, no-break blank, apostrophe) only in groups of exactly three digits.
 */
export function parseNumber(text: string, decimalMark: DecimalMark = '.'): number | null {
  if (isPlainNumber(text) && (decimalMark === '.' || !text.includes('.'))) return finiteOrNaN(Number(text));
  return parseUnusual(text, decimalMark);
}

/** Whether the text is digits with at most a sign, a point and an exponent: what nearly every cell of a machine's log is. */
function isPlainNumber(text: string): boolean {
  const length = text.length;
  let index = length > 0 && text.charCodeAt(0) === 45 ? 1 : 0;
  const start = index;
  let points = 0;
  for (; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) continue;
    if (code !== 46 || points > 0) return false;
    points++;
  }
  return index - start > points;
}

/** Powers of ten a float64 holds exactly. */
export const exactPowers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Longer numbers are nothing a machine's log holds. */
const mostDigits = 400;

/**
 * Reads numbers of digits with at most a minus and a point from ASCII bytes: the value {@link parseNumber} gives for the same text
 * with decimal point.
 */
export class PlainNumber {
  /** NaN = what begins there must be read by {@link parseNumber}; so must minus zero. */
  value = Number.NaN;

  /**
   * Reads the number that begins at `start` and returns where it ends: at the first byte that is no part of it, which must exist.
   * A mantissa below 2^53 and a power of ten up to 22 are both exact, so their quotient is rounded once, correctly (Clinger 1990).
   */
  read(bytes: Uint8Array, start: number): number {
    const negative = bytes[start] === 45;
    const first = negative ? start + 1 : start;
    let at = first;
    let mantissa = 0;
    let digit = bytes[at]! - 48;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) mantissa = mantissa * 10 + digit;
    let digits = at - first;
    let decimals = 0;
    if (digit === -2) {
      const point = at;
      digit = bytes[++at]! - 48;
      for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) mantissa = mantissa * 10 + digit;
      decimals = at - point - 1;
      digits += decimals;
    }
    if (digits === 0 || digits > mostDigits || (negative && mantissa === 0)) this.value = Number.NaN;
    else if (mantissa > Number.MAX_SAFE_INTEGER || decimals >= exactPowers.length) {
      this.value = finiteOrNaN(Number(String.fromCharCode(...bytes.subarray(start, at))));
    } else {
      const value = decimals === 0 ? mantissa : mantissa / exactPowers[decimals]!;
      this.value = negative ? -value : value;
    }
    return at;
  }
}

const noneWords = new Set(['', '-', '--', '—', '–', 'n/a', 'na', 'nil', 'null', 'none', 'nan']);
const blanks = /[\s\u00a0\u2007\u2009\u202f]/g;
const currencySign = /^([-+]?)(?:[A-Z]{0,3}\$|\p{Sc})/u;
const exactPoint = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const exactComma = /^[-+]?(?:\d+,?\d*|,\d+)(?:[eE][-+]?\d+)?$/;
const groupedPoint = /^[-+]?[1-9]\d{0,2}(?:([,'’])\d{3})(?:\1\d{3})*(?:\.\d+)?$/;
const groupedComma = /^[-+]?[1-9]\d{0,2}(?:([.'’])\d{3})(?:\1\d{3})*(?:,\d+)?$/;
const blankGroups = /^[-+]?[^\s]*?\d{1,3}(?:[\s\u00a0\u2007\u2009\u202f]\d{3})+(?:[.,]\d+)?\)?$/;

/** No log writes longer numbers; judging one digit by digit would take its length squared. */
const longestNumber = 400;

function parseUnusual(source: string, decimalMark: DecimalMark): number | null {
  let text = source.trim();
  if (text.length > longestNumber) return Number.NaN;
  if (noneWords.has(text.toLowerCase())) return null;
  if (/\d[\s\u00a0\u2007\u2009\u202f]+\d/.test(text) && !blankGroups.test(text)) return Number.NaN;
  text = text.replace(blanks, '').replace('\u2212', '-');
  let sign = 1;
  if (text.startsWith('(') && text.endsWith(')')) {
    sign = -1;
    text = text.slice(1, -1);
  }
  text = text.replace(currencySign, '$1');
  if (decimalMark === '.') {
    if (exactPoint.test(text)) return finiteOrNaN(sign * Number(text));
    return groupedPoint.test(text) ? sign * Number(text.replace(/[,'’]/g, '')) : Number.NaN;
  }
  if (groupedComma.test(text)) return sign * Number(text.replace(/[.'’]/g, '').replace(',', '.'));
  return exactComma.test(text) ? finiteOrNaN(sign * Number(text.replace(',', '.'))) : Number.NaN;
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

const commaDecimal = /^[-+]?\d+,\d+(?:[eE][-+]?\d+)?[A-Za-z]*$/;
const commaThousands = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+[A-Za-z]*$/;
const pointDecimal = /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?[A-Za-z]*$/;
const pointThousands = /^[-+]?[1-9]\d{0,2}(?:\.\d{3})+[A-Za-z]*$/;

/**
 * The decimal mark of the file. A comma is possible only where the delimiter is not one; there it is assumed when some cell
 * of the sample shows it beyond doubt (`0,007`, `12,5`) and none shows a decimal point, or when every candidate is a comma.
 */
export function decimalMarkOf(sample: Pick<DelimitedSample, 'delimiter' | 'rows'>): DecimalMark {
  if (sample.delimiter === ',') return '.';
  let commas = 0;
  let points = 0;
  for (const row of sample.rows)
    for (const cell of row) {
      const text = cell.trim();
      if (commaDecimal.test(text) && !commaThousands.test(text)) commas++;
      else if (pointDecimal.test(text) && !pointThousands.test(text)) points++;
    }
  return commas > points ? ',' : '.';
}

export interface AmountWithUnit {
  readonly value: number;
  /** Upper case, as the venue writes the asset. */
  readonly unit: string;
}

const bareNumber = /^[-+]?(?:[\d.,]+E[-+]?\d+|0X[\dA-F]+)$/;
const unitSuffix = /^([-+]?[0-9.,]*[0-9.](?:[eE][-+]?\d+)?)\s*([0-9]*[A-Za-z][A-Za-z0-9]*)$/;

/**
 * Splits a cell that carries its unit: `62.376USDT`, `99.68 USDT`, `5.11INCH`. An asset may begin with digits, so the split is
 * ambiguous; the assets of the pair decide, the longest of them first. Where the unit is none of them (a third fee coin) all
 * digits belong to the number. `null` = no number with a unit.
 */
export function parseAmountWithUnit(
  source: string,
  assets: readonly string[],
  decimalMark: DecimalMark = '.',
): AmountWithUnit | null {
  const text = source.trim().toUpperCase();
  if (text.length > longestNumber) return null;
  let known: AmountWithUnit | null = null;
  for (const asset of assets) {
    if (!text.endsWith(asset) || asset.length <= (known?.unit.length ?? 0)) continue;
    const value = parseNumber(text.slice(0, -asset.length), decimalMark);
    if (value !== null && !Number.isNaN(value)) known = { value, unit: asset };
  }
  if (known !== null) return known;
  const match = unitSuffix.exec(text);
  // What is written as a number is no number with a coin behind it, not even one too large (`1E400`) or not decimal (`0X10`).
  if (match === null || bareNumber.test(text)) return null;
  const value = parseNumber(match[1]!, decimalMark);
  return value === null || Number.isNaN(value) ? null : { value, unit: match[2]! };
}
