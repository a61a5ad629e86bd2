import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { FailureError, failure } from '../../../shared/base/errors';
import { fileFailure } from './file-state';

/**
 * What is inside the file the user named: the file itself, the one file of a gzip, or the files of a zip, as streams of bytes.
 * Archives are read in place; nothing is ever written to a path an archive names.
 */

/** A file to read: the named one, or one inside an archive. */
export interface SourceFile {
  /** Name inside the archive; null = the named file itself. */
  readonly member: string | null;
  /** A chunk is valid until the next one is asked for. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

export type Contents =
  | { readonly kind: 'database' }
  | { readonly kind: 'files'; readonly files: AsyncGenerator<SourceFile, void, undefined> };

const chunkBytes = 256 * 1024;
/** Up to here an archive may unpack at any ratio; beyond it the ratio is bounded. */
const freeUnpackedBytes = 64 * 1024 * 1024;
const maxRatio = 200;
const maxMembers = 10_000;

/** First bytes of content nothing here can read, with what it is and what to do instead. */
const foreignKinds: readonly { readonly magic: string; readonly what: string; readonly hint: string }[] = [
  { magic: 'PAR1', what: 'a Parquet file', hint: 'Save it as CSV or JSON Lines and import that.' },
  { magic: 'ARROW1', what: 'an Arrow (Feather) file', hint: 'Save it as CSV or JSON Lines and import that.' },
  { magic: 'FEA1', what: 'a Feather file', hint: 'Save it as CSV or JSON Lines and import that.' },
  { magic: '%PDF', what: 'a PDF document', hint: 'Export the trades as CSV from the venue and import that.' },
  { magic: '\xd0\xcf\x11\xe0', what: 'an old Excel workbook', hint: 'Save the sheet as CSV and import that.' },
  { magic: '7z\xbc\xaf\x27\x1c', what: 'a 7-Zip archive', hint: 'Unpack it and import the files inside.' },
  { magic: 'Rar!', what: 'a RAR archive', hint: 'Unpack it and import the files inside.' },
  { magic: 'BZh', what: 'a bzip2 archive', hint: 'Unpack it and import the file inside.' },
  { magic: '\xfd7zXZ', what: 'an xz archive', hint: 'Unpack it and import the file inside.' },
  { magic: '\x28\xb5\x2f\xfd', what: 'a Zstandard archive', hint: 'Unpack it and import the file inside.' },
];

export function foreignKind(head: Uint8Array): { readonly what: string; readonly hint: string } | null {
  const text = magicText(head);
  return foreignKinds.find(({ magic }) => text.startsWith(magic)) ?? null;
}

function isArchive(head: Uint8Array): boolean {
  const text = magicText(head);
  return text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06') || text.startsWith('\x1f\x8b');
}

/**
 * Looks at the first bytes and opens what they say.
 * @param onBytes called with the bytes of the file on disk read so far
 */
export async function openContents(
  path: string,
  name: string,
  signal: AbortSignal,
  onBytes: (bytesRead: number) => void,
): Promise<Contents> {
  const head = magicText(await firstBytes(path, name));
  if (head.startsWith('SQLite format 3\0')) return { kind: 'database' };
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    return { kind: 'files', files: zipMembers(path, name, signal, onBytes) };
  }
  const chunks = () =>
    head.startsWith('\x1f\x8b') ? gunzipped(path, name, signal, onBytes) : plain(path, name, signal, onBytes);
  return { kind: 'files', files: one({ member: null, chunks }) };
}

async function* one(file: SourceFile): AsyncGenerator<SourceFile, void, undefined> {
  yield file;
}

function magicText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16)).toString('latin1');
}

async function firstBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileFailure(error, path, name);
  }
}

/** Two buffers in turn: one is scanned while the other is filled. */
async function* plain(
  path: string,
  name: string,
  signal: AbortSignal,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  try {
    const handle = await open(path);
    const buffers = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)] as const;
    let turn = 0;
    let reading = handle.read(buffers[0], 0, chunkBytes, null);
    try {
      while (true) {
        const { buffer, bytesRead } = await reading;
        if (bytesRead === 0) return;
        turn = 1 - turn;
        reading = handle.read(turn === 0 ? buffers[0] : buffers[1], 0, chunkBytes, null);
        signal.throwIfAborted();
        total += bytesRead;
        yield buffer.subarray(0, bytesRead);
        onBytes(total);
      }
    } finally {
      await reading.catch(() => undefined);
      await handle.close();
    }
  } catch (error) {
    throw fileFailure(error, path, name);
  }
}

async function* gunzipped(
  path: string,
  name: string,
  signal: AbortSignal,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  const moved = pipeline(file, gunzip, { signal });
  moved.catch(() => undefined); // the loop below meets the same error
  let unpacked = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length;
      if (unpacked > freeUnpackedBytes && unpacked > file.bytesRead * maxRatio)
        throw bomb(name, unpacked, file.bytesRead);
      yield chunk;
      onBytes(file.bytesRead);
    }
    await moved;
  } catch (error) {
    throw damagedArchive(error, path, name);
  } finally {
    file.destroy();
  }
}

async function* zipMembers(
  path: string,
  name: string,
  signal: AbortSignal,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<SourceFile, void, undefined> {
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(path, { autoClose: false });
    const entries = await safeEntries(zip, name);
    let before = 0;
    for (const entry of entries) {
      const opened = zip;
      const start = before;
      yield {
        member: entry.fileName,
        chunks: () => entryChunks(opened, entry, path, name, signal, (bytes) => onBytes(start + bytes)),
      };
      before += entry.compressedSize;
    }
  } catch (error) {
    throw damagedArchive(error, path, name);
  } finally {
    zip?.close();
  }
}

/** Every entry is judged before the first is read: one unsafe entry refuses the archive. */
async function safeEntries(zip: ZipFile, name: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    if (entries.length >= maxMembers) {
      throw new FailureError(
        failure('limit-exceeded', `${name} holds more than ${maxMembers} files.`, 'Split it into smaller archives.', {
          limit: maxMembers,
        }),
      );
    }
    if (entry.fileName === '[Content_Types].xml') {
      throw new FailureError(
        failure('format-unknown', `${name} is an Excel workbook.`, 'Save the sheet as CSV and import that.'),
      );
    }
    if (entry.isEncrypted()) {
      throw new FailureError(
        failure(
          'file-unreadable',
          `${entry.fileName} in ${name} is encrypted.`,
          'Unpack it and import the files inside.',
        ),
      );
    }
    unpacked += entry.uncompressedSize;
    if (unpacked > freeUnpackedBytes && unpacked > zip.fileSize * maxRatio) throw bomb(name, unpacked, zip.fileSize);
    if (!/(^|\/)(__MACOSX\/|\.DS_Store$)|\/$/.test(entry.fileName)) entries.push(entry);
  }
  if (entries.length === 0) {
    throw new FailureError(failure('file-empty', `${name} is an archive without files.`, 'Export it again.'));
  }
  return entries;
}

async function* entryChunks(
  zip: ZipFile,
  entry: Entry,
  path: string,
  name: string,
  signal: AbortSignal,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    let checksum = 0;
    let unpacked = 0;
    let nested: boolean | null = null;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      nested ??= isArchive(chunk);
      if (nested) {
        throw new FailureError(
          failure(
            'archive-unsafe',
            `${name} holds another archive, ${entry.fileName}.`,
            'Unpack it and import the files inside.',
            { member: entry.fileName },
          ),
        );
      }
      checksum = crc32(chunk, checksum);
      unpacked += chunk.length;
      yield chunk;
      onBytes(Math.round((unpacked / Math.max(1, entry.uncompressedSize)) * entry.compressedSize));
    }
    if (checksum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} does not match`);
  } catch (error) {
    throw damagedArchive(error, path, name);
  }
}

function bomb(name: string, unpackedBytes: number, packedBytes: number): FailureError {
  return new FailureError(
    failure(
      'archive-unsafe',
      `${name} unpacks to more than ${maxRatio} times its size (${packedBytes} bytes to ${unpackedBytes} and more).`,
      'Unpack it where you can watch the disk, and import the files inside.',
      { packedBytes, unpackedBytes, maxRatio },
    ),
  );
}

function damagedArchive(error: unknown, path: string, name: string): unknown {
  const known = fileFailure(error, path, name);
  if (known instanceof FailureError || !(known instanceof Error) || known.name === 'AbortError') return known;
  if (/^(absolute path|invalid relative path|invalid characters in fileName)/.test(known.message)) {
    return new FailureError(
      failure(
        'archive-unsafe',
        `${name} holds a file whose name leads out of the archive (${known.message}).`,
        'Do not trust this archive; ask for it again from its source.',
        { path },
      ),
    );
  }
  return new FailureError(
    failure(
      'format-damaged',
      `${name} is a damaged or incomplete archive: ${known.message}.`,
      'Download or copy it again; nothing was stored.',
      { path },
    ),
  );
}
