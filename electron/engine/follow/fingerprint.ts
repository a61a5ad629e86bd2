import { createHash } from 'node:crypto';

/**
 * Fingerprint of what a followed file holds before a position: its first and last bytes there. A log only grows at its end, so these
 * tell whether it is still the same one; inode numbers do not, because they are used again and survive a truncation.
 */

const edgeBytes = 2_048;

/** Reads up to `length` bytes at the position of the file; fewer only where it ends. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

/** Null when the file is shorter than the position. */
export async function fingerprint(readAt: ReadAt, positionBytes: number): Promise<string | null> {
  const length = Math.min(edgeBytes, positionBytes);
  const [head, tail] = await Promise.all([readAt(0, length), readAt(positionBytes - length, length)]);
  if (head.length < length || tail.length < length) return null;
  return createHash('sha256').update(head).update(tail).digest('hex').slice(0, 32);
}
