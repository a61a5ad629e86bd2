import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { toFailure } from '../../../shared/base/errors';
import type { PricePoint } from '../../../shared/market/executions';
import { keyName } from '../imports/execution-batch';
import type { FormatRegistry } from '../imports/registry';
import type { NewQuarantinedRow, SegmentKey, SegmentPart, StoredReading } from '../ports';
import type { TaskContext } from '../worker/protocol';
import type { ReadAt } from './fingerprint';
import type { FollowManyTask, ReadAtOnce } from './follow-task';
import { togetherBytes } from './live-file';
import { seenOf } from './look';
import { openReader, readOn, type StreamHost } from './run-follow';
import { RowsWait } from './stream-reader';

/**
 * The reading thread's part for thousands of small files: it opens, reads and closes one after the other by itself, and asks for the
 * hashes of a segment once. Reading is not asynchronous here: a file is a few system calls, and there is nothing else this thread
 * should do between them.
 */
export function followManyTask(registry: FormatRegistry) {
  return async (
    { read, files }: FollowManyTask['args'],
    { signal, host }: TaskContext<FollowManyTask>,
  ): Promise<FollowManyTask['result']> => {
    const known = new KnownSegments(host);
    const results: (ReadAtOnce | null)[] = [];
    for (const [place, { importId, path, name, identity }] of files.entries()) {
      signal.throwIfAborted();
      results.push(
        await readAtOnce({ ...read, importId, path, name }, identity, registry, known.forFile(place)).catch(unlessOurs),
      );
    }
    return results;
  };
}

/** What is wrong with a file it says in its own turn. */
function unlessOurs(thrown: unknown): null {
  if (thrown instanceof RowsWait) return null;
  const { code } = toFailure(thrown);
  const system = thrown instanceof Error && 'code' in thrown;
  if (!system && (code === 'cancelled' || code === 'internal' || code === 'unavailable' || code.startsWith('store-')))
    throw thrown;
  return null;
}

async function readAtOnce(
  read: FollowManyTask['args']['read'],
  identity: string,
  registry: FormatRegistry,
  file: FileRows,
): Promise<ReadAtOnce | null> {
  const descriptor = openSync(read.path, 'r');
  try {
    const seen = seenOf(fstatSync(descriptor, { bigint: true }));
    if (seen?.identity !== identity || seen.sizeBytes > togetherBytes) return null;
    const place = { read, positionBytes: 0, sizeBytes: seen.sizeBytes, sampleBytes: null, handOver: false };
    const readAt = readerOf(descriptor);
    const reader = await openReader(place, readAt, registry, { origin: async () => null });
    if (typeof reader === 'string') return null;
    const result = await readOn(reader, place, readAt, file);
    if (result.kind !== 'read') return null;
    const { parts, prices, quarantined, readings } = file;
    file.keep();
    return { seen, read: result, parts, prices, quarantined, readings };
  } finally {
    closeSync(descriptor);
  }
}

function readerOf(descriptor: number): ReadAt {
  return async (position, length) => {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const bytesRead = readSync(descriptor, bytes, at, length - at, position + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  };
}

/** Hashes of the segments the files of one job touch: what is stored, and what the files before brought. */
class KnownSegments {
  private readonly hashes = new Map<string, BigUint64Array[]>();

  constructor(private readonly host: FollowManyTask['host']) {}

  forFile(place: number): FileRows {
    return new FileRows(this, (events) => this.host.addOrderEvents({ place, events }));
  }

  async of(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]> {
    const unknown = keys.filter((key) => !this.hashes.has(keyName(key)));
    if (unknown.length > 0) {
      const stored = await this.host.existingHashes(unknown);
      unknown.forEach((key, index) => {
        this.hashes.set(keyName(key), [...(stored[index] ?? [])]);
      });
    }
    return keys.map((key) => this.hashes.get(keyName(key)) ?? []);
  }

  add({ summary, hashes }: SegmentPart): void {
    const name = keyName(summary.key);
    this.hashes.set(name, [...(this.hashes.get(name) ?? []), hashes]);
  }
}

/** What one file brings, held until it is read to its end: a file that is not has brought nothing. */
class FileRows implements StreamHost {
  readonly parts: SegmentPart[] = [];
  readonly prices: PricePoint[] = [];
  readonly quarantined: NewQuarantinedRow[] = [];
  readonly readings: StoredReading[] = [];

  constructor(
    private readonly known: KnownSegments,
    readonly addOrderEvents: StreamHost['addOrderEvents'],
  ) {}

  keep(): void {
    for (const part of this.parts) this.known.add(part);
  }

  async existingHashes(keys: readonly SegmentKey[]) {
    const names = keys.map(keyName);
    const own = names.map((name) => this.parts.filter(({ summary }) => keyName(summary.key) === name));
    return (await this.known.of(keys)).map((stored, index) => [...stored, ...own[index]!.map(({ hashes }) => hashes)]);
  }

  async addParts(parts: readonly SegmentPart[]): Promise<void> {
    this.parts.push(...parts);
  }

  async addPrices(points: readonly PricePoint[]): Promise<void> {
    this.prices.push(...points);
  }

  async addQuarantined(rows: readonly NewQuarantinedRow[]): Promise<void> {
    this.quarantined.push(...rows);
  }

  async addReading(reading: StoredReading): Promise<void> {
    this.readings.push(reading);
  }

  async print(): Promise<void> {}
}
