import type { TextColumn } from './text-column';

/** Texts of a column as keys of a hash table, read from their bytes: no text is made. */

/** The bytes of a column, readable as words. */
export function wordsOf(column: TextColumn): DataView {
  return new DataView(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength);
}

/**
 * Hash of the bytes [from, to) as a signed 32-bit integer; different seeds make different keys of the same bytes. Ids that count up get
 * hashes close to each other: a log in time order then walks through the table instead of jumping about in it, which would cost more
 * than everything else that is done with a key. It lives as long as the table and is never stored.
 */
export function hashOfBytes(words: DataView, from: number, to: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + words.getUint8(at)) | 0;
  return hash;
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

/**
 * Slots of an open-addressing table for so many keys: a power of two, at most half full. Near hashes stand in rows, and a fuller table
 * has rows that run into each other.
 */
export function slotsFor(keys: number): number {
  let slots = 16;
  while (slots < 2 * keys) slots *= 2;
  return slots;
}
