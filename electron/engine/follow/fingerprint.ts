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
  return head.length < length || tail.length < length ? null : printOf(head, tail);
}

function printOf(head: Uint8Array, tail: Uint8Array): string {
  return createHash('sha256').update(head).update(tail).digest('hex').slice(0, 32);
}

/** The fingerprint of what was read, whatever became of the file meanwhile. */
export class ReadingPrint {
  private head: Uint8Array = new Uint8Array(0);
  private tail: Uint8Array = new Uint8Array(0);

  add(bytes: Uint8Array): void {
    if (this.head.length < edgeBytes) {
      this.head = Buffer.concat([this.head, bytes.subarray(0, edgeBytes - this.head.length)]);
    }
    const last = bytes.subarray(-edgeBytes);
    this.tail = Buffer.concat([this.tail.subarray(-(edgeBytes - last.length) || this.tail.length), last]);
  }

  get value(): string {
    return printOf(this.head, this.tail);
  }
}
