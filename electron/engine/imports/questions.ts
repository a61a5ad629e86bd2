import { type Failure, FailureError } from '../../../shared/base/errors';
import type { ImportQuestion, ZoneAssumed } from '../../../shared/contract/calls';
import { parsePair, quoteAssets, symbolOf } from '../../../shared/market/symbols';

/** What a file's content leaves open, as data: asked with what speaks for each answer, never decided in silence. */

/** The file cannot be read before this is answered. */
export class OpenQuestion extends FailureError {
  constructor(
    failure: Failure,
    readonly question: ImportQuestion,
  ) {
    super({ ...failure, detail: { ...failure.detail, question: question.field } });
  }
}

/** What the questions of one reading say of its zone; null = nothing was assumed. */
export function zoneAssumedIn(questions: readonly ImportQuestion[]): ZoneAssumed | null {
  const asked = questions.find(({ field, assumed }) => field === 'zone' && assumed !== null);
  if (asked === undefined || asked.assumed === null) return null;
  const { assumed: zone, options, message } = asked;
  return { zone, reason: options.find(({ value }) => value === zone)?.reason ?? message };
}

/** Zone a file's name states as Binance writes it: `(UTC+8)`, `(UTC--6)` (the first hyphen separates), `(UTC)`; null = none. */
export function zoneOfName(name: string): string | null {
  const stated = /\(UTC(?:-?([+-])(\d{1,2})(?::?(\d{2}))?)?\)/i.exec(name);
  if (stated === null) return null;
  const [, sign, hours, minutes] = stated;
  if (sign === undefined || hours === undefined) return 'UTC';
  return `${sign}${hours.padStart(2, '0')}:${minutes ?? '00'}`;
}

/** The instrument a file's name speaks of: `XRP_ETH-1m.feather`, `BCHEUR.csv`; null = none that can be told. A suggestion, no evidence. */
export function symbolOfName(name: string): string | null {
  const words = name
    .replace(/(?:\.[A-Za-z][A-Za-z0-9]{0,8})+$/, '')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toUpperCase());
  for (let at = words.length - 1; at > 0; at--) {
    const [base = '', quote = ''] = [words[at - 1], words[at]];
    // `XRP_USDT_USDT`: the last names the coin the swap settles in.
    if (base !== quote && isAsset(base) && quoteAssets.includes(quote)) return `${base}/${quote}`;
  }
  const glued = words.find((word) => /^[A-Z0-9]{5,16}$/.test(word) && parsePair(word) !== null);
  return glued === undefined ? null : symbolOf(glued);
}

function isAsset(word: string): boolean {
  return /^(?=.*[A-Z])[A-Z0-9]{2,10}$/.test(word);
}
