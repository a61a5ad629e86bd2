import type { TextColumn } from './text-column';

/**
 * Texts of a column as keys of a hash table, read from their bytes: no text is made. The hash is MurmurHash3 x86-32 (Appleby 2011,
 * public domain) over words of four bytes, the last of which overlaps the one before it. It lives as long as the table and is never stored.
 */

/** The bytes of a column, readable as words. */
export function wordsOf(column: TextColumn): DataView {
  return new DataView(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength);
}

/** Hash of the bytes [from, to) as a signed 32-bit integer; different seeds make different keys of the same bytes. */
export function hashOfBytes(words: DataView, from: number, to: number, seed: number): number {
  let hash = seed ^ (to - from);
  const last = to - 4;
  if (last >= from) {
    for (let at = from; at < last; at += 4) hash = mixed(hash, words.getInt32(at, true));
    hash = mixed(hash, words.getInt32(last, true));
  } else {
    for (let at = from; at < to; at++) hash = mixed(hash, words.getUint8(at));
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  let scrambled = Math.imul(word, 0xcc9e2d51);
  scrambled = Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  const turned = hash ^ scrambled;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

/** Whether `length` bytes from `from` on equal those of the other column from `otherFrom` on. */
export function equalBytes(
  words: DataView,
  from: number,
  others: DataView,
  otherFrom: number,
  length: number,
): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    if (words.getInt32(from + at, true) !== others.getInt32(otherFrom + at, true)) return false;
  }
  for (; at < length; at++) if (words.getUint8(from + at) !== others.getUint8(otherFrom + at)) return false;
  return true;
}

/** Slots of an open-addressing table for so many keys: a power of two, at most three quarters full. */
export function slotsFor(keys: number): number {
  let slots = 16;
  while (slots * 3 < keys * 4) slots *= 2;
  return slots;
}
