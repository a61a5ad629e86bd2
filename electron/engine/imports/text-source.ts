import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { FailureError, failure } from '../../../shared/base/errors';

/** Text as UTF-8 bytes without a byte-order mark, whatever Unicode encoding the source declares, and a look at its beginning. */
export interface TextSource {
  /** The first bytes, at most {@link headBytes}, unless the whole text is shorter. */
  readonly head: Uint8Array;
  /** Whether `head` is everything. */
  readonly whole: boolean;
  /** All of it from the beginning; can be walked once. A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the file, however much of it was read. */
  close(): Promise<void>;
}

export const headBytes = 64 * 1024;

/** Throws `format-damaged` when the content is not text. */
export async function openText(source: AsyncGenerator<Uint8Array, void, undefined>, name: string): Promise<TextSource> {
  const decoded = decode(source, name);
  try {
    const pieces: Uint8Array[] = [];
    let size = 0;
    let whole = false;
    while (size < headBytes && !whole) {
      const next = await decoded.next();
      if (next.done) whole = true;
      else {
        // Copied, because the reader reuses its buffers.
        pieces.push(new Uint8Array(next.value));
        size += next.value.length;
      }
    }
    const begin = Buffer.concat(pieces);
    const head = begin.subarray(0, headBytes);
    requireText(head, name);
    return {
      head,
      whole: whole && begin.length <= headBytes,
      chunks: replay(begin, decoded),
      close: async () => void (await decoded.return()),
    };
  } catch (error) {
    await decoded.return();
    throw error;
  }
}

async function* replay(
  begin: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (begin.length > 0) yield begin;
  yield* rest;
}

async function* decode(
  source: AsyncGenerator<Uint8Array, void, undefined>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let start: Uint8Array | null = new Uint8Array(0);
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of source) {
      let bytes = chunk;
      if (start) {
        bytes = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
        if (bytes.length < 3) {
          start = new Uint8Array(bytes);
          continue;
        }
        start = null;
        if (bytes[0] === 0xff && bytes[1] === 0xfe) decoder = new TextDecoder('utf-16le', { fatal: true });
        else if (bytes[0] === 0xfe && bytes[1] === 0xff) decoder = new TextDecoder('utf-16be', { fatal: true });
        else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
      }
      yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes;
    }
    if (start && start.length > 0) yield start;
    if (decoder) yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FailureError(
      failure(
        'format-damaged',
        `${name} begins as UTF-16 text but is not valid UTF-16 throughout.`,
        'Export it again as UTF-8; nothing was stored.',
        { encoding: 'utf-16' },
      ),
    );
  }
}

/** One stray NUL or foreign letter costs its row later; this refuses what is no text at all. */
function requireText(head: Uint8Array, name: string): void {
  let nulBytes = 0;
  let controls = 0;
  let high = 0;
  for (const byte of head) {
    if (byte === 0) nulBytes++;
    if (byte >= 0x80) high++;
    else if (isControl(byte)) controls++;
  }
  // A character cut by the end of the head must not count against it.
  const foreign = high * 3 > head.length && !isUtf8(head.subarray(0, lastBoundary(head)));
  if (controls * 50 <= head.length && !foreign) return;
  const firstBad = head.findIndex(isControl);
  const utf16 = nulBytes * 3 > head.length;
  throw new FailureError(
    failure(
      'format-damaged',
      utf16
        ? `${name} looks like UTF-16 text without a byte-order mark, so its encoding cannot be told for certain.`
        : `${name} is not text: ${controls} control bytes in its first ${head.length} bytes.`,
      utf16 ? 'Save it as UTF-8 and import that.' : 'Export it as CSV or JSON in UTF-8; nothing was stored.',
      { firstBinaryByteAt: firstBad, controlBytes: controls },
    ),
  );
}

/** Control bytes that text has no use for; tab, line ends, form feed and the field separator of FIX logs are of use. */
function isControl(byte: number): boolean {
  return byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 1;
}

function lastBoundary(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0 && at > bytes.length - 4 && (bytes[at - 1]! & 0xc0) === 0x80) at--;
  return at > 0 && bytes[at - 1]! >= 0xc0 ? at - 1 : bytes.length;
}
