/** JSON as venues write it: ids of more digits than a float64 holds, and beginnings of documents that are cut anywhere. */

const longInteger = /[[:,\s]-?\d{16}/;
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * Parses JSON and keeps the digits of every whole number: one that a float64 would round (an order id of 19 digits) becomes the
 * text of its digits. All other values are as from `JSON.parse`. Throws `SyntaxError`.
 */
export function parseKeepingDigits(text: string): unknown {
  return JSON.parse(longInteger.test(text) ? text.replace(stringOrNumber, quoteLongInteger) : text);
}

function quoteLongInteger(token: string): string {
  if (token.length < 16 || token[0] === '"' || !/^-?\d+$/.test(token)) return token;
  return Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
}

const maxDepth = 64;

/** The first JSON value of the text as far as the text shows it: a document cut in the middle ends after its last whole entry. */
export function beginningOf(text: string): unknown {
  const open: string[] = [];
  let cut = 0;
  let closers = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      if (open.length > maxDepth) break;
    } else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return parsedOrNothing(text.slice(0, at + 1));
    } else if (character === ',') {
      cut = at;
      closers = open.join('');
    }
  }
  return parsedOrNothing(text.slice(0, cut) + [...closers].reverse().join(''));
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
