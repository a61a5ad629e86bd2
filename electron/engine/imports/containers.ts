import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip } from 'node:zlib';
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { FailureError, failure } from '../../../shared/base/errors';
import type { TableKind } from './column-tables';
import { fileFailure } from './file-state';
import { type EntryReader, officeKind, sheetsOf } from './workbook';

/**
 * What is inside the file the user named: the file itself, what a gzip or a column file unpacks to, the sheets of a workbook, or the
 * files of a zip, as streams of bytes. Archives are read in place; nothing is ever written to a path an archive names.
 */

/** A file to read: the named one, or one inside an archive. */
export interface SourceFile {
  /** Name inside the archive; null = the named file itself. */
  readonly member: string | null;
  /** What the text was taken out of, as it is told to the user: `sheet "Trades" of an Excel workbook`; absent = it is the file. */
  readonly container?: string;
  /** The kind of column file the text was made of. */
  readonly table?: TableKind;
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
  {
    magic: 'FEA1',
    what: 'a Feather file of version 1',
    hint: 'Write it again with a present-day pandas or pyarrow (version 2), or save it as CSV.',
  },
  { magic: '%PDF', what: 'a PDF document', hint: 'Export the trades as CSV from the venue and import that.' },
  {
    magic: '\xd0\xcf\x11\xe0',
    what: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel or LibreOffice, save it as .xlsx or CSV, and import that.',
  },
  { magic: '7z\xbc\xaf\x27\x1c', what: 'a 7-Zip archive', hint: 'Unpack it and import the files inside.' },
  { magic: 'Rar!', what: 'a RAR archive', hint: 'Unpack it and import the files inside.' },
  { magic: 'BZh', what: 'a bzip2 archive', hint: 'Unpack it and import the file inside.' },
  { magic: '\xfd7zXZ', what: 'an xz archive', hint: 'Unpack it and import the file inside.' },
  { magic: '\x28\xb5\x2f\xfd', what: 'a Zstandard archive', hint: 'Unpack it and import the file inside.' },
];

export function foreignKind(head: Uint8Array): { readonly what: string; readonly hint: string } | null {
  const text = magicText(head);
  const kind = foreignKinds.find(({ magic }) => text.startsWith(magic)) ?? null;
  // Excel puts an encrypted workbook into the container of its old format.
  if (kind === null || !text.startsWith(oldOffice) || !Buffer.from(head).includes(encryptedPackage)) return kind;
  return {
    what: 'an Excel workbook protected by a password',
    hint: 'Open it in Excel, take the password off (File, Info, Protect Workbook), save it, and import that.',
  };
}

const oldOffice = '\xd0\xcf\x11\xe0';
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');

type PackedKind = 'zip' | 'gzip' | TableKind;

/** What the content must be taken out of; null = nothing that is known here. */
function packedKind(head: Uint8Array): PackedKind | null {
  const text = magicText(head);
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'zip';
  if (text.startsWith('\x1f\x8b')) return 'gzip';
  if (text.startsWith('ARROW1')) return 'arrow';
  return text.startsWith('PAR1') ? 'parquet' : null;
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
  const head = await firstBytes(path, name);
  if (magicText(head).startsWith('SQLite format 3\0')) return { kind: 'database' };
  const packing: Packing = { path, name, signal };
  if (packedKind(head) === 'zip') {
    const opened = async () => openPromise(path, { autoClose: false });
    return { kind: 'files', files: zipMembers(opened, packing, '', onBytes, 1) };
  }
  const file: SourceFile = { member: null, chunks: () => plain(path, name, signal, onBytes) };
  return { kind: 'files', files: unpacked(file, packing, 2) };
}

/** What reading an archive needs at any depth. */
interface Packing {
  readonly path: string;
  /** What messages call the file the user named. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** A zip inside another archive is unpacked in memory, because its directory stands at its end. */
const maxNestedBytes = 256 * 1024 * 1024;
const maxTableBytes = 512 * 1024 * 1024;

/** The file itself, or what it holds. `depth` = how many archives may still be inside each other; beyond them it is refused. */
async function* unpacked(
  file: SourceFile,
  packing: Packing,
  depth: number,
): AsyncGenerator<SourceFile, void, undefined> {
  const chunks = file.chunks();
  try {
    const first = await chunks.next();
    const bytes = withFirst(first.done ? new Uint8Array(0) : first.value, chunks);
    const kind = first.done ? null : packedKind(first.value);
    const { name } = packing;
    const shown = file.member === null ? name : `${file.member} in ${name}`;
    if (kind === null) yield { ...file, chunks: () => bytes };
    else if (kind === 'arrow' || kind === 'parquet') {
      const container = kind === 'arrow' ? 'Arrow (Feather) table' : 'Parquet table';
      yield { member: file.member, container, table: kind, chunks: () => unpackedTable(kind, bytes, shown) };
    } else if (depth === 0) {
      throw new FailureError(
        failure(
          'archive-unsafe',
          `${name} holds another archive, ${file.member ?? 'its content'}, inside an archive.`,
          'Unpack it and import the files inside.',
          { member: file.member },
        ),
      );
    } else if (kind === 'gzip') {
      yield* unpacked({ member: file.member, chunks: () => gunzipped(bytes, packing) }, packing, depth - 1);
    } else {
      const buffer = await wholeBytes(bytes, maxNestedBytes, shown);
      const opened = () => fromBufferPromise(buffer, {});
      yield* zipMembers(opened, packing, file.member === null ? '' : `${file.member}/`, () => undefined, depth - 1);
    }
  } finally {
    await chunks.return();
  }
}

async function* unpackedTable(
  kind: TableKind,
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = await wholeBytes(chunks, maxTableBytes, name);
  // Loaded when there is such a file: few desks have one, and every start would wait for it.
  const { tableText } = await import('./column-tables');
  yield* tableText(kind, bytes, name);
}

/** All bytes of the source. Throws `limit-exceeded` beyond `limit`. */
async function wholeBytes(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  limit: number,
  name: string,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) {
      throw new FailureError(
        failure(
          'limit-exceeded',
          `${name} is larger than ${limit / 1024 / 1024} MiB and can only be read whole.`,
          'Split it, or save it as CSV, which is read in a stream.',
          { limit },
        ),
      );
    }
    // Copied, because the reader reuses its buffers.
    pieces.push(new Uint8Array(chunk));
  }
  return Buffer.concat(pieces, size);
}

/** The chunk that was looked at, then the rest. */
export async function* withFirst(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } finally {
    // Also when nothing but the first chunk was wanted: it closes the file.
    await rest.return();
  }
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
  packed: AsyncGenerator<Uint8Array, void, undefined>,
  { path, name, signal }: Packing,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  let packedBytes = 0;
  const counted = async function* () {
    for await (const chunk of packed) {
      packedBytes += chunk.length;
      // Copied, because the stream may still hold it when the next one is read into the same memory.
      yield new Uint8Array(chunk);
    }
  };
  const moved = pipeline(counted(), gunzip, { signal });
  moved.catch(() => undefined); // the loop below meets the same error
  let unpackedBytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      unpackedBytes += chunk.length;
      if (unpackedBytes > freeUnpackedBytes && unpackedBytes > packedBytes * maxRatio) {
        throw bomb(name, unpackedBytes, packedBytes);
      }
      yield chunk;
    }
    await moved;
  } catch (error) {
    throw damagedArchive(error, path, name);
  } finally {
    gunzip.destroy();
    await packed.return();
  }
}

/** The files of a zip, or the sheets of a workbook. `prefix` stands before the names of a zip that is inside another. */
async function* zipMembers(
  opening: () => Promise<ZipFile>,
  packing: Packing,
  prefix: string,
  onBytes: (bytesRead: number) => void,
  depth: number,
): AsyncGenerator<SourceFile, void, undefined> {
  const { path, name } = packing;
  let zip: ZipFile | null = null;
  try {
    const opened = await opening();
    zip = opened;
    const entries = await safeEntries(opened, name);
    let before = 0;
    const read = (entry: Entry) => {
      const start = before;
      before += entry.compressedSize;
      return entryChunks(opened, entry, packing, (bytes) => onBytes(start + bytes));
    };
    const office = officeKind(entries);
    if (office === 'workbook') {
      yield* workbookSheets(entries, read, packing, prefix);
      return;
    }
    if (office !== null) throw notWorkbook(office, name);
    for (const entry of entries) {
      yield* unpacked({ member: `${prefix}${entry.fileName}`, chunks: () => read(entry) }, packing, depth);
    }
  } catch (error) {
    throw damagedArchive(error, path, name);
  } finally {
    zip?.close();
  }
}

async function* workbookSheets(
  entries: readonly Entry[],
  read: EntryReader,
  { name }: Packing,
  prefix: string,
): AsyncGenerator<SourceFile, void, undefined> {
  const sheets = await sheetsOf(entries, read, prefix === '' ? name : `${prefix.slice(0, -1)} in ${name}`);
  for (const sheet of sheets) {
    const alone = sheets.length === 1;
    const member = alone && prefix === '' ? null : alone ? prefix.slice(0, -1) : `${prefix}${sheet.name}`;
    yield { member, container: `sheet "${sheet.name}" of an Excel workbook`, chunks: () => sheet.chunks() };
  }
}

function notWorkbook(office: 'binary workbook' | 'other document', name: string): FailureError {
  return new FailureError(
    office === 'binary workbook'
      ? failure(
          'format-unknown',
          `${name} is a binary Excel workbook (.xlsb).`,
          'Save it as .xlsx or CSV and import that.',
        )
      : failure(
          'format-unknown',
          `${name} is an Office document that holds no sheets.`,
          'Export the trades as CSV and import that.',
        ),
  );
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
  { path, name, signal }: Packing,
  onBytes: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    let checksum = 0;
    let unpacked = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
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
