import type { OccurrenceHistory } from '../imports/execution-batch';

/**
 * The counts of equal executions without a trade id, as bytes, so that a file that continues another one goes on counting after a
 * restart. Layout: length of a JSON list of names and counts (uint32), that list, then the hashes one segment after the other.
 */

/** Equals have the same time, so only days near the end can come again; older ones are left out. */
const daysKept = 3;

export function packOccurrences(history: OccurrenceHistory): Uint8Array {
  const days = [...new Set([...history.keys()].map(dayOf))].sort().slice(-daysKept);
  const kept = [...history].filter(([name]) => days.includes(dayOf(name)));
  const counts = kept.map(([name, columns]) => [name, columns.reduce((sum, { length }) => sum + length, 0)] as const);
  const names = Buffer.from(JSON.stringify(counts));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(names.length);
  const hashes = kept.flatMap(([, columns]) =>
    columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  return Buffer.concat([size, names, ...hashes]);
}

export function unpackOccurrences(bytes: Uint8Array): OccurrenceHistory {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const history: OccurrenceHistory = new Map();
  if (packed.length < 4) return history;
  let at = 4 + packed.readUInt32LE(0);
  const counts = JSON.parse(packed.toString('utf8', 4, at)) as [string, number][]; // written by packOccurrences
  for (const [name, count] of counts) {
    const column = new BigUint64Array(count);
    new Uint8Array(column.buffer).set(packed.subarray(at, at + count * 8));
    history.set(name, [column]);
    at += count * 8;
  }
  return history;
}

/** The last part of a segment's name. */
function dayOf(name: string): string {
  return name.slice(name.lastIndexOf('\u0000') + 1);
}
