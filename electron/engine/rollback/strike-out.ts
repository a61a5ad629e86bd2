/**
 * Takes secrets out of what targets and errors say, in every form in which one is likely to be echoed: as it is, percent-encoded, inside JSON,
 * as Base64 (also of `user:password`) and in hexadecimal.
 */

export const struckOut = '•••';

/** A secret this short cannot be struck out without making the rest unreadable, so the whole text goes. */
const shortestStruck = 4;

export class StrikeOut {
  readonly #forms = new Set<string>();
  readonly #short = new Set<string>();

  /** From now on the value is struck out. */
  learn(value: string): void {
    for (const form of new Set([value, value.trim()])) {
      if (form === '') continue;
      const bytes = Buffer.from(form, 'utf8');
      const wellFormed = bytes.toString('utf8');
      const json = JSON.stringify(form).slice(1, -1);
      const asciiJson = json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      const percent = encodeURIComponent(wellFormed);
      const lowerPercent = percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
      const hex = bytes.toString('hex');
      const forms = [
        form,
        wellFormed,
        json,
        asciiJson,
        json.replaceAll('/', '\\/'),
        percent,
        percent.replaceAll('%20', '+'),
        lowerPercent,
        lowerPercent.replaceAll('%20', '+'),
        encodeURI(wellFormed),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        hex,
        hex.toUpperCase(),
        bytes.toString('latin1'),
      ];
      for (const one of forms) (one.length < shortestStruck ? this.#short : this.#forms).add(one);
    }
  }

  /**
   * @param cut the text was cut at its end, so that a secret may stand there in part
   * @returns the text without any form of a secret
   */
  strike(text: string, cut = false): string {
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, struckOut);
    if (cut) clean = withoutBeginning(clean, forms);
    for (const short of this.#short) if (clean.includes(short)) return `${struckOut} (not shown: it may hold a secret)`;
    return clean;
  }
}

/** Without the longest end that is the beginning of a form. */
function withoutBeginning(text: string, forms: readonly string[]): string {
  let longest = 0;
  for (const form of forms)
    for (let length = Math.min(form.length - 1, text.length); length > longest; length--)
      if (text.endsWith(form.slice(0, length))) longest = length;
  return longest === 0 ? text : `${text.slice(0, -longest)}${struckOut}`;
}

/** At most so many characters on one line, without control characters, for a detail in the history. */
export function oneLine(text: string, longest = 300): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}
