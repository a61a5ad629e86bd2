import type { Random } from '../../shared/base/random';

/**
 * Ways to change a log. Each says what must hold of the changed log compared with the original, so that a wrong number shows
 * itself, not only a crash.
 */

export type Expectation =
  /** Says the same as the original, row for row. */
  | { readonly kind: 'same' }
  /** One value became something that is no value: no number of the log may change, rows may only go missing. */
  | { readonly kind: 'noNewNumbers' }
  /** One number became another: what changed must be that number, in the row it is in. */
  | { readonly kind: 'replaced'; readonly from: number; readonly to: number }
  /** The log ends early: every row but the last is as it was. */
  | { readonly kind: 'cut' }
  /** Anything but a crash. */
  | { readonly kind: 'survives' };

export interface Mutation {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly chunkSizes: readonly number[];
  readonly expectation: Expectation;
}

const encoder = new TextEncoder();

/** Texts that are no number and no word for "none". */
const noNumbers = [
  ...['1.2.3', '12abc', '--5', '0x1F', '1e999', '-1e999', 'Infinity', '-Infinity', '1_000', '１２', '1 2', '5%5', '+'],
  ...[
    '1e',
    '.',
    '1,2,3',
    '١٢',
    '½',
    '²',
    '0b1',
    '12-',
    '1+1',
    'true',
    '[]',
    '{}',
    '#REF!',
    '=1+1',
    '12\u00005',
    '1e5e5',
  ],
] as const;
/** Instants that do not exist, or are no instant. */
const noTimes = [
  ...[
    '2021-02-30 10:00:00',
    '2021-13-01 10:00:00',
    '2021-00-10 10:00:00',
    '2021-06-31 00:00:00',
    '2021-06-01 24:61:00',
  ],
  ...[
    '2021-06-01 12:60:00',
    '2021-06-01 12:00:61',
    '99999999999999999999',
    'yesterday',
    '2021-06-01T12:00:00+99:00',
    '32/13/2021',
  ],
] as const;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What stands between two values; the last is the field separator of FIX. */
const separatorSpan = new RegExp(`[,;\t|${String.fromCharCode(1)}]`, 'g');
/** A number that is no name of a field, as the tags of FIX are. */
const numberSpan = /(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.=])/g;
const timeSpan =
  /\d{4}[-/.]\d{2}[-/.]\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?|\d{2}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?|\d{1,2}\/\d{1,2}\/\d{4},? \d{1,2}:\d{2}(?::\d{2})?/g;

function spans(text: string, pattern: RegExp, from: number): readonly Span[] {
  return [...text.matchAll(pattern)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length }))
    .filter(({ start }) => start >= from);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(0, values.length - 1)]!;
}

/** Where the rows of the example begin: behind the header of a delimited log. */
function bodyStart(text: string, delimited: boolean): number {
  if (!delimited) return 0;
  const lines = text.split('\n');
  let at = 0;
  let width = 0;
  let start = 0;
  // The header is the first line with the most cells; a preamble has fewer.
  for (const line of lines.slice(0, 10)) {
    const cells = line.split(/[,;\t]/).length;
    at += line.length + 1;
    if (cells <= width) continue;
    width = cells;
    start = at;
    if (/^[^\d]*$/.test(line.replaceAll(/\(.*?\)/g, '')) && cells > 3) break;
  }
  return start;
}

type Mutator = (text: string, random: Random, delimited: boolean) => Omit<Mutation, 'name' | 'chunkSizes'> | null;

const whole = (text: string, expectation: Expectation) => ({ bytes: encoder.encode(text), expectation });
const replaceSpan = (text: string, { start, end }: Span, by: string) => text.slice(0, start) + by + text.slice(end);

const mutators: Readonly<Record<string, Mutator>> = {
  'chunks only': (text) => whole(text, { kind: 'same' }),
  'line ends of Windows': (text) => whole(text.replaceAll(/\r?\n/g, '\r\n'), { kind: 'same' }),
  'byte-order mark': (text) => whole(text.startsWith('\ufeff') ? text : `\ufeff${text}`, { kind: 'same' }),
  'no line end at the end': (text) => whole(text.replace(/\r?\n$/, ''), { kind: 'same' }),
  'UTF-16': (text) => {
    const body = text.startsWith('\ufeff') ? text : `\ufeff${text}`;
    return { bytes: new Uint8Array(Buffer.from(body, 'utf16le')), expectation: { kind: 'same' } };
  },
  'blank lines at the end': (text) => whole(`${text}\n\n  \n`, { kind: 'same' }),
  'no number where one was': (text, random, delimited) => {
    const found = spans(text, numberSpan, bodyStart(text, delimited));
    if (found.length === 0) return null;
    return whole(replaceSpan(text, pick(random, found), pick(random, noNumbers)), { kind: 'noNewNumbers' });
  },
  'no time where one was': (text, random, delimited) => {
    const found = spans(text, timeSpan, bodyStart(text, delimited));
    if (found.length === 0) return null;
    return whole(replaceSpan(text, pick(random, found), pick(random, noTimes)), { kind: 'noNewNumbers' });
  },
  'another number': (text, random, delimited) => {
    const found = spans(text, numberSpan, bodyStart(text, delimited));
    if (found.length === 0) return null;
    const span = pick(random, found);
    const from = Number(text.slice(span.start, span.end));
    const to = pick(random, [from * 2, from / 4, -from, from + 1, 0, 1e-9, 123456789.125, from * 1.0000001]);
    return whole(replaceSpan(text, span, plain(to)), { kind: 'replaced', from, to: Number(plain(to)) });
  },
  'cut anywhere': (text, random) => {
    const bytes = encoder.encode(text);
    return { bytes: bytes.slice(0, random.integer(0, bytes.length)), expectation: { kind: 'cut' } };
  },
  'cell removed': (text, random, delimited) => {
    const found = spans(text, separatorSpan, bodyStart(text, delimited));
    return found.length === 0 ? null : whole(replaceSpan(text, pick(random, found), ''), { kind: 'survives' });
  },
  'cell added': (text, random, delimited) => {
    const found = spans(text, separatorSpan, bodyStart(text, delimited));
    if (found.length === 0) return null;
    const span = pick(random, found);
    return whole(replaceSpan(text, span, text.slice(span.start, span.end).repeat(random.integer(2, 50))), {
      kind: 'survives',
    });
  },
  'quote put in': (text, random) => {
    const at = random.integer(0, text.length);
    return whole(text.slice(0, at) + pick(random, ['"', '""', "'", '`', '\\"', '“']) + text.slice(at), {
      kind: 'survives',
    });
  },
  'bytes changed': (text, random) => {
    const bytes = encoder.encode(text);
    for (let count = random.integer(1, 8); count > 0; count--)
      bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
    return { bytes, expectation: { kind: 'survives' } };
  },
  'a piece repeated': (text, random) => {
    const start = random.integer(0, text.length);
    const piece = text.slice(start, start + random.integer(1, 200));
    return whole(text.slice(0, start) + piece.repeat(random.integer(1, 30)) + text.slice(start), { kind: 'survives' });
  },
  'a piece removed': (text, random) => {
    const start = random.integer(0, text.length);
    return whole(text.slice(0, start) + text.slice(start + random.integer(1, 60)), { kind: 'survives' });
  },
  'lines in another order': (text, random, delimited) => {
    const start = bodyStart(text, delimited);
    const lines = text.slice(start).split('\n');
    for (let at = lines.length - 1; at > 0; at--) {
      const other = random.integer(0, at);
      [lines[at], lines[other]] = [lines[other]!, lines[at]!];
    }
    return whole(text.slice(0, start) + lines.join('\n'), { kind: 'survives' });
  },
  'a very long value': (text, random, delimited) => {
    const found = spans(text, numberSpan, bodyStart(text, delimited));
    if (found.length === 0) return null;
    const long = pick(random, ['9', '0', ' ', 'x', '1,', '(']).repeat(random.integer(1_000, 60_000));
    return whole(replaceSpan(text, pick(random, found), long), { kind: 'survives' });
  },
  'values nested': (text, random) => {
    const found = spans(text, numberSpan, 0);
    if (found.length === 0) return null;
    const depth = random.integer(1, 5_000);
    const [open, close] = pick(random, [
      ['[', ']'],
      ['{"a":', '}'],
      ['(', ')'],
    ] as const);
    return whole(replaceSpan(text, pick(random, found), `${open.repeat(depth)}1${close.repeat(depth)}`), {
      kind: 'survives',
    });
  },
  'a name changed': (text, random) => {
    const found = spans(text, /[A-Za-z_]{2,}/g, 0);
    if (found.length === 0) return null;
    const by = pick(random, [
      '',
      '__proto__',
      'constructor',
      'toString',
      'null',
      'ZZZ',
      '\u202e',
      '😀',
      'İ',
      'ß',
      '\ud800',
    ]);
    return whole(replaceSpan(text, pick(random, found), by), { kind: 'survives' });
  },
};

/** The number in digits with a point, as a log would write it. */
function plain(value: number): string {
  return /e/i.test(String(value)) ? value.toFixed(12) : String(value);
}

export const mutationNames: readonly string[] = Object.keys(mutators);

/** A change drawn at random; null when the log has nothing to change that way. */
export function mutate(text: string, delimited: boolean, random: Random): Mutation | null {
  const name = pick(random, mutationNames);
  const mutation = mutators[name]!(text, random, delimited);
  if (mutation === null) return null;
  const chunkSizes = random.chance(0.5)
    ? []
    : Array.from({ length: random.integer(1, 40) }, () => random.integer(1, 90));
  return { name, chunkSizes, ...mutation };
}
