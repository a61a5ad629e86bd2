import { read as readBytes } from 'node:fs';
import { promisify } from 'node:util';
import { toFailure } from '../../../shared/base/errors';
import type { ImportQuestion } from '../../../shared/contract/calls';
import { foreignKind } from '../imports/containers';
import type { Format } from '../imports/format';
import type { ImportHost } from '../imports/import-task';
import { zoneAssumedIn } from '../imports/questions';
import { checkSource, contextFor, namedFormat, requireTrades } from '../imports/read-source';
import { readingDocument } from '../imports/reading-document';
import type { FormatRegistry } from '../imports/registry';
import { RowCollector } from '../imports/row-collector';
import { withSavedMaps } from '../imports/saved-maps';
import { headBytes } from '../imports/text-source';
import type { TaskContext } from '../worker/protocol';
import { fingerprint, type ReadAt } from './fingerprint';
import { batchBytes, type FollowHost, type FollowResult, type FollowTask } from './follow-task';
import { RowsWait, StreamReader } from './stream-reader';

/** The reading thread's part: keeps a reader for each file, and reads on with it. */

/** Readers kept at a time; one more is made again from its file when that grows. */
const readersKept = 256;

export function followTask(registry: FormatRegistry) {
  const readers = new Map<string, StreamReader>();
  return async (args: FollowTask['args'], context: TaskContext<FollowTask>): Promise<FollowResult> => {
    const readAt = readerOf(args.descriptor);
    const kept = readers.get(args.fileId);
    readers.delete(args.fileId);
    try {
      const reader =
        kept && kept.positionBytes === args.positionBytes
          ? kept
          : await openReader(args, readAt, registry, context.host);
      if (typeof reader === 'string') return { kind: reader };
      const result = await readOn(reader, args, readAt, context.host);
      if (result.kind !== 'read') return result;
      readers.set(args.fileId, reader);
      for (const oldest of readers.keys()) {
        if (readers.size <= readersKept) break;
        readers.delete(oldest);
      }
      return result;
    } catch (error) {
      if (error instanceof RowsWait) return { kind: 'whole' };
      throw error;
    }
  };
}

/** Where the rows of a stream go. */
export type StreamHost = Pick<
  ImportHost,
  'existingHashes' | 'addParts' | 'addOrderEvents' | 'addPrices' | 'addQuarantined' | 'addReading' | 'print'
>;

type Place = Pick<FollowTask['args'], 'read' | 'positionBytes' | 'sizeBytes' | 'sampleBytes' | 'handOver'>;

/** Reads one batch from where the reader stands. */
export async function readOn(
  reader: StreamReader,
  { read, positionBytes, sizeBytes, handOver }: Place,
  readAt: ReadAt,
  host: StreamHost,
): Promise<FollowResult> {
  const boundBytes = Math.min(sizeBytes, positionBytes + batchBytes);
  const collector = new RowCollector(read, host, reader.history, true);
  collector.enter(null, () => readingDocument(read, reader.reading));
  await reader.read(readAt, boundBytes, collector);
  await collector.storeSoFar();
  const origin = handOver ? await reader.handOver(readAt, sizeBytes) : null;
  const print = reader.print.value;
  // Cut off or written anew under the reading: what was read may be a mixture, and is forgotten.
  if ((await fingerprint(readAt, reader.positionBytes)) !== print) return { kind: 'changed' };
  const { format, recognition } = reader.reading;
  return {
    kind: 'read',
    collected: collector.finish(),
    positionBytes: reader.positionBytes,
    print,
    sampleBytes: reader.sampleBytes,
    format: format.id,
    confidence: recognition.confidence,
    reason: recognition.reason,
    zoneAssumed: zoneAssumedIn(reader.questions),
    origin,
  };
}

/** A reader that stands at the position; `whole` or `unfinished` when there can be none (yet). */
export async function openReader(
  args: Place,
  readAt: ReadAt,
  shipped: FormatRegistry,
  host: Pick<FollowHost, 'origin'>,
): Promise<StreamReader | 'whole' | 'unfinished'> {
  const { read, positionBytes, sizeBytes } = args;
  const first = await readAt(0, Math.min(args.sampleBytes ?? headBytes, sizeBytes));
  if (args.sampleBytes === null && !isLineText(first)) return 'whole';
  const head = first.subarray(0, args.sampleBytes ?? first.lastIndexOf(10) + 1);
  if (head.length === 0) return first[0] === 0x7b || first[0] === 0x5b ? 'whole' : 'unfinished';
  const registry = withSavedMaps(shipped, read.maps ?? [], () => undefined);
  const named = namedFormat(read.hints.format, read.hints.map, registry);
  const questions: ImportQuestion[] = [];
  const target = { warn: () => undefined, ask: (question: ImportQuestion) => void questions.push(question) };
  const options = {
    questions,
    formats: registry.formats,
    named,
    name: read.name,
    context: (format: Format) => ({ ...contextFor({ request: read, target }, format, null).context, growing: true }),
  };
  const origin = await host.origin();
  let reader: StreamReader | null;
  try {
    reader = await StreamReader.open(head, args.sampleBytes, origin, options);
  } catch (error) {
    // A document that ends with a line end, or lies open over several lines, is told by all of it.
    if (toFailure(error).code === 'format-unknown' && (head[0] === 0x7b || head[0] === 0x5b)) return 'whole';
    throw error;
  }
  if (reader === null) return 'unfinished';
  const { reading } = reader;
  requireTrades(reading, read.name);
  checkSource(reading.format, read.source, read.name, () => undefined);
  if (reading.sample.kind === 'json' || reading.sample.kind === 'sqlite') return 'whole';
  if (positionBytes > 0) {
    const again = new RowCollector({ ...read, importId: 'again' }, forgetting, reader.history);
    await reader.read(readAt, positionBytes, again);
    await again.storeSoFar();
  }
  return reader;
}

/** Takes what is stored already. */
const forgetting: StreamHost = {
  existingHashes: async (keys) => keys.map(() => []),
  addParts: async () => undefined,
  addOrderEvents: async () => 0,
  addPrices: async () => undefined,
  addQuarantined: async () => undefined,
  addReading: async () => undefined,
  print: async () => undefined,
};

/** Archives, databases, and text of two bytes a character. */
const documentStarts = ['PK', '\x1f\x8b', 'SQLite format', '\xff\xfe', '\xfe\xff'];

/** Whether rows may stand one a line in it; everything else is told and read as a whole. */
function isLineText(head: Uint8Array): boolean {
  if (head.length === 0) return true;
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 64)).toString('latin1');
  if (foreignKind(head) !== null || documentStarts.some((magic) => start.startsWith(magic))) return false;
  return !head.includes(0) && !/^(\xef\xbb\xbf)?\s*</.test(start);
}

function readerOf(descriptor: number): ReadAt {
  return async (position, length) => {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const { bytesRead } = await readFully(descriptor, bytes, at, length - at, position + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  };
}

const readFully = promisify(readBytes);
