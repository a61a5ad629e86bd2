/**
 * A column of short texts without one object per text: UTF-8 bytes end to end, and where each ends.
 * Text `i` is `bytes[ends[i-1] .. ends[i])`; the empty text means unknown.
 */
export interface TextColumn {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Text at row `index`; ids are nearly always ASCII, which is decoded without a decoder object. */
export function textAt(column: TextColumn, index: number): string {
  const start = index === 0 ? 0 : column.ends[index - 1]!;
  const end = column.ends[index]!;
  return decodeUtf8(column.bytes, start, end);
}

export function textColumnOf(texts: readonly string[]): TextColumn {
  const ends = new Uint32Array(texts.length);
  let size = 0;
  for (const text of texts) size += utf8Length(text);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let index = 0; index < texts.length; index++) {
    at = encodeUtf8(texts[index]!, bytes, at);
    ends[index] = at;
  }
  return { bytes, ends };
}

/** Bytes the text takes in UTF-8; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let size = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return size;
}

/** Writes the text at `at` and returns the position after it. */
export function encodeUtf8(text: string, into: Uint8Array, at: number): number {
  for (const character of text) {
    let point = character.codePointAt(0)!;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) into[at++] = point;
    else if (point < 0x800) {
      into[at++] = 0xc0 | (point >> 6);
      into[at++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      into[at++] = 0xe0 | (point >> 12);
      into[at++] = 0x80 | ((point >> 6) & 0x3f);
      into[at++] = 0x80 | (point & 0x3f);
    } else {
      into[at++] = 0xf0 | (point >> 18);
      into[at++] = 0x80 | ((point >> 12) & 0x3f);
      into[at++] = 0x80 | ((point >> 6) & 0x3f);
      into[at++] = 0x80 | (point & 0x3f);
    }
  }
  return at;
}

/** Decodes bytes that {@link encodeUtf8} or a valid UTF-8 source wrote. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at < end) {
    const first = bytes[at]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at += 1;
    } else if (first < 0xe0) {
      text += String.fromCharCode(((first & 0x1f) << 6) | (bytes[at + 1]! & 0x3f));
      at += 2;
    } else if (first < 0xf0) {
      text += String.fromCharCode(((first & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f));
      at += 3;
    } else {
      text += String.fromCodePoint(
        ((first & 0x07) << 18) |
          ((bytes[at + 1]! & 0x3f) << 12) |
          ((bytes[at + 2]! & 0x3f) << 6) |
          (bytes[at + 3]! & 0x3f),
      );
      at += 4;
    }
  }
  return text;
}
