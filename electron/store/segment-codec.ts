import { crc32 } from 'node:zlib';
import { FailureError, failure } from '../../shared/base/errors';
import { isUtcDay, utcDayOf } from '../../shared/base/time';
import type { ExecutionColumns, ExecutionDictionaries } from '../../shared/market/columns';
import type { TextColumn } from '../../shared/market/text-column';
import type { SegmentPart } from '../engine/ports';
import { damaged } from './rows';

/**
 * Execution columns as bytes and back. Columns lie end to end, little-endian, each on a multiple of eight bytes, so that reading is
 * a check sum and a view per column instead of a copy. A column whose values are all equal (all unknown, one venue, one import) is
 * kept as that value alone.
 *
 *   0  magic `LSEG`        4  layout version     8  CRC-32 of everything from 12 on
 *   12 rows                16 bytes of the dictionaries (JSON, UTF-8)            20 columns
 *   24 one entry of 16 bytes a column: kind (0 one value, 1 all values), bytes, the one value as float64
 *   then the dictionaries, then the columns in the order of `columnsOf`
 */

const MAGIC = 0x4745534c;
const LAYOUT_VERSION = 1;
const HEADER_BYTES = 24;
const ENTRY_BYTES = 16;
const COLUMNS = 23;
const KIND_ONE_VALUE = 0;
const KIND_ALL_VALUES = 1;

export type NumericColumn = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int8Array;

/** The columns in the order of the layout. Adding a column means a new layout version. */
function columnsOf(columns: ExecutionColumns): readonly { readonly values: NumericColumn; readonly free?: true }[] {
  return [
    { values: columns.executedAtUs },
    { values: columns.side },
    { values: columns.price },
    { values: columns.quantity },
    { values: columns.fee },
    { values: columns.feeCurrency },
    { values: columns.liquidity },
    { values: columns.decidedAtUs },
    { values: columns.submittedAtUs },
    { values: columns.arrivalPrice },
    { values: columns.intendedQuantity },
    { values: columns.venue },
    { values: columns.account },
    { values: columns.version },
    { values: columns.paper },
    { values: columns.tradeId.ends },
    { values: columns.tradeId.bytes, free: true },
    { values: columns.orderId.ends },
    { values: columns.orderId.bytes, free: true },
    { values: columns.clientOrderId.ends },
    { values: columns.clientOrderId.bytes, free: true },
    { values: columns.line },
    { values: columns.importIndex },
  ];
}

const aligned = (size: number): number => (size + 7) & ~7;

/** Memory that encoded columns lie in until they are written; used again and again, because first touching memory costs more than filling it. */
export class EncodingSpace {
  private bytes = Buffer.alloc(0);
  private used = 0;

  /** As many bytes, of whatever content, until the next {@link clear}. */
  take(size: number): Buffer {
    if (this.used + size > this.bytes.length) {
      // What was taken before stays with who took it.
      this.bytes = Buffer.allocUnsafeSlow(Math.max(aligned(size), Math.min(this.bytes.length * 2, MOST_SPARE_BYTES)));
      this.used = 0;
    }
    const taken = this.bytes.subarray(this.used, this.used + size);
    this.used += aligned(size);
    return taken;
  }

  clear(): void {
    this.used = 0;
    if (this.bytes.length > MOST_SPARE_BYTES) this.bytes = Buffer.alloc(0);
  }
}
const MOST_SPARE_BYTES = 2 * 1_048_576;

export function encodeColumns(columns: ExecutionColumns, space = new EncodingSpace()): Buffer {
  const { count } = columns;
  const dictionaries = Buffer.from(JSON.stringify(columns.dictionaries), 'utf8');
  const entries = columnsOf(columns).map(({ values, free }) => ({
    values,
    oneValue: free === true || count === 0 || !allEqual(values) ? null : values[0]!,
  }));
  const start = HEADER_BYTES + entries.length * ENTRY_BYTES;
  let size = start + aligned(dictionaries.length);
  for (const { values, oneValue } of entries) size += oneValue === null ? aligned(values.byteLength) : 0;
  const bytes = space.take(size);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(LAYOUT_VERSION, 4);
  bytes.writeUInt32LE(count, 12);
  bytes.writeUInt32LE(dictionaries.length, 16);
  bytes.writeUInt32LE(entries.length, 20);
  dictionaries.copy(bytes, start);
  let at = pad(bytes, start + dictionaries.length);
  for (const [index, { values, oneValue }] of entries.entries()) {
    const entry = HEADER_BYTES + index * ENTRY_BYTES;
    bytes.writeUInt32LE(oneValue === null ? KIND_ALL_VALUES : KIND_ONE_VALUE, entry);
    bytes.writeUInt32LE(oneValue === null ? values.byteLength : 0, entry + 4);
    bytes.writeDoubleLE(oneValue ?? 0, entry + 8);
    if (oneValue !== null) continue;
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at = pad(bytes, at + values.byteLength);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

/** Writes zeros up to the next multiple of eight and returns it: equal columns are equal bytes. */
function pad(bytes: Buffer, from: number): number {
  const to = aligned(from);
  for (let at = from; at < to; at++) bytes[at] = 0;
  return to;
}

/** Equal bit by bit: the bytes are the same when moved by one value, which one native comparison tells. */
function allEqual(values: NumericColumn): boolean {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes.subarray(values.BYTES_PER_ELEMENT).equals(bytes.subarray(0, -values.BYTES_PER_ELEMENT));
}

/** Columns that look into the bytes; throws `store-corrupt` on anything {@link encodeColumns} did not write. */
export function decodeColumns(stored: Uint8Array, expectedCount: number, place: string): ExecutionColumns {
  const reader = new ColumnReader(stored, place);
  if (reader.count !== expectedCount) {
    throw damaged(`${place} holds ${reader.count} executions where ${expectedCount} were written`);
  }
  const columns: ExecutionColumns = {
    count: reader.count,
    executedAtUs: reader.float64(),
    side: reader.int8(),
    price: reader.float64(),
    quantity: reader.float64(),
    fee: reader.float64(),
    feeCurrency: reader.uint16(),
    liquidity: reader.uint8(),
    decidedAtUs: reader.float64(),
    submittedAtUs: reader.float64(),
    arrivalPrice: reader.float64(),
    intendedQuantity: reader.float64(),
    venue: reader.uint16(),
    account: reader.uint16(),
    version: reader.uint16(),
    paper: reader.uint8(),
    tradeId: reader.text(),
    orderId: reader.text(),
    clientOrderId: reader.text(),
    line: reader.uint32(),
    importIndex: reader.uint16(),
    dictionaries: reader.dictionaries,
  };
  reader.end();
  return columns;
}

/** Walks the columns in order; every step checks its length before it looks. */
class ColumnReader {
  readonly count: number;
  readonly dictionaries: ExecutionDictionaries;
  private readonly bytes: Buffer;
  private entry = 0;
  private at: number;

  constructor(
    stored: Uint8Array,
    private readonly place: string,
  ) {
    const onBoundary = stored.byteOffset % 8 === 0 ? stored : Uint8Array.from(stored);
    const bytes = Buffer.from(onBoundary.buffer, onBoundary.byteOffset, onBoundary.byteLength);
    this.bytes = bytes;
    if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw damaged(`${place} is not a segment`);
    const version = bytes.readUInt32LE(4);
    if (version !== LAYOUT_VERSION) throw damaged(`${place} has the unknown layout ${version}`);
    if (crc32(bytes.subarray(12)) !== bytes.readUInt32LE(8)) throw damaged(`${place} fails its check sum`);
    this.count = bytes.readUInt32LE(12);
    const dictionaryBytes = bytes.readUInt32LE(16);
    const start = HEADER_BYTES + bytes.readUInt32LE(20) * ENTRY_BYTES;
    if (bytes.readUInt32LE(20) !== COLUMNS || start + dictionaryBytes > bytes.length) {
      throw damaged(`${place} is cut short`);
    }
    this.dictionaries = readDictionaries(bytes.toString('utf8', start, start + dictionaryBytes), place);
    this.at = start + aligned(dictionaryBytes);
  }

  float64(): Float64Array {
    return this.column((buffer, offset, length) => new Float64Array(buffer, offset, length), 8);
  }

  uint32(): Uint32Array {
    return this.column((buffer, offset, length) => new Uint32Array(buffer, offset, length), 4);
  }

  uint16(): Uint16Array {
    return this.column((buffer, offset, length) => new Uint16Array(buffer, offset, length), 2);
  }

  uint8(): Uint8Array {
    return this.column((buffer, offset, length) => new Uint8Array(buffer, offset, length), 1);
  }

  int8(): Int8Array {
    return this.column((buffer, offset, length) => new Int8Array(buffer, offset, length), 1);
  }

  text(): TextColumn {
    const ends = this.uint32();
    const size = this.count === 0 ? 0 : ends[this.count - 1]!;
    return {
      ends,
      bytes: this.column((buffer, offset, length) => new Uint8Array(buffer, offset, length), 1, size),
    };
  }

  end(): void {
    if (this.at !== this.bytes.length) throw damaged(`${this.place} has ${this.bytes.length - this.at} bytes too many`);
  }

  private column<Column extends NumericColumn>(
    view: (buffer: ArrayBufferLike, offset: number, length: number) => Column,
    bytesEach: number,
    length = this.count,
  ): Column {
    const entry = HEADER_BYTES + this.entry * ENTRY_BYTES;
    this.entry += 1;
    if (this.bytes.readUInt32LE(entry) === KIND_ONE_VALUE) {
      return oneValueColumn(view, bytesEach, this.bytes.readDoubleLE(entry + 8), length);
    }
    const size = this.bytes.readUInt32LE(entry + 4);
    if (size !== length * bytesEach || this.at + size > this.bytes.length) {
      throw damaged(`column ${this.entry} of ${this.place} has ${size} bytes where ${length * bytesEach} belong`);
    }
    const column = view(this.bytes.buffer, this.bytes.byteOffset + this.at, length);
    this.at += aligned(size);
    return column;
  }
}

/** Rows up to which columns of one value are shared: more than nearly every day has. */
const SHARED_ROWS = 131_072;
const MOST_SHARED = 64;
const sharedBuffers = new Map<string, ArrayBuffer>();

/**
 * A column whose rows all hold the value. Columns are only read, so all days look into one such column: most days have half a dozen,
 * unknown from end to end, and their memory would be a third of the day's.
 */
function oneValueColumn<Column extends NumericColumn>(
  view: (buffer: ArrayBufferLike, offset: number, length: number) => Column,
  bytesEach: number,
  value: number,
  length: number,
): Column {
  const filled = (rows: number): ArrayBuffer => {
    const buffer = new ArrayBuffer(rows * bytesEach);
    if (value !== 0 || Object.is(value, -0)) view(buffer, 0, rows).fill(value);
    return buffer;
  };
  if (length > SHARED_ROWS) return view(filled(length), 0, length);
  const name = `${bytesEach} ${Object.is(value, -0) ? '-0' : value}`;
  let buffer = sharedBuffers.get(name);
  if (buffer === undefined || buffer.byteLength < length * bytesEach) {
    if (buffer === undefined && sharedBuffers.size >= MOST_SHARED) return view(filled(length), 0, length);
    // To the next power of two, so that growing days share again soon.
    buffer = filled(Math.max(1_024, 2 ** Math.ceil(Math.log2(length))));
    sharedBuffers.set(name, buffer);
  }
  return view(buffer, 0, length);
}

function readDictionaries(text: string, place: string): ExecutionDictionaries {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const list = (name: string): readonly string[] => {
    const found: unknown =
      typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : null;
    if (!Array.isArray(found) || !found.every((item) => typeof item === 'string')) {
      throw damaged(`${place} has no dictionary "${name}"`);
    }
    return found;
  };
  return {
    feeCurrencies: list('feeCurrencies'),
    venues: list('venues'),
    accounts: list('accounts'),
    versions: list('versions'),
    importIds: list('importIds'),
  };
}

/** Hashes as they are stored; the platforms Node runs on are little-endian. */
export function encodeHashes(hashes: BigUint64Array): Uint8Array {
  return new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength);
}

export function decodeHashes(stored: Uint8Array, expectedCount: number, place: string): BigUint64Array {
  if (stored.byteLength !== expectedCount * 8) {
    throw damaged(`${place} has ${stored.byteLength} bytes of hashes where ${expectedCount * 8} belong`);
  }
  const onBoundary = stored.byteOffset % 8 === 0 ? stored : Uint8Array.from(stored);
  return new BigUint64Array(onBoundary.buffer, onBoundary.byteOffset, expectedCount);
}

/**
 * Refuses a part whose columns, hashes and summary do not agree: what is stored is read back without looking again, and hashes out
 * of order would let duplicates in unseen.
 */
export function checkPart(part: SegmentPart): void {
  const problem = partProblem(part);
  if (problem === null) return;
  const { source, strategy, symbol, day } = part.summary.key;
  throw new FailureError(
    failure(
      'invalid-arguments',
      `Executions of ${strategy} ${symbol} ${day} (${source}) cannot be stored: ${problem}`,
      'This is a fault in the program that made them; nothing was stored.',
    ),
  );
}

function partProblem({ summary, columns, hashes }: SegmentPart): string | null {
  const { count, dictionaries } = columns;
  if (count === 0) return 'the part is empty';
  if (summary.count !== count) return `the summary says ${summary.count} rows, the columns ${count}`;
  if (hashes.length !== count) return `${hashes.length} hashes for ${count} rows`;
  for (const { values, free } of columnsOf(columns)) {
    if (free !== true && values.length !== count) return `a column has ${values.length} values for ${count} rows`;
  }
  const { executedAtUs, side, price, quantity } = columns;
  let previous = -Infinity;
  for (let row = 0; row < count; row++) {
    const atUs = executedAtUs[row]!;
    if (!Number.isSafeInteger(atUs)) return `row ${row} was executed at ${atUs}, not at a whole microsecond`;
    if (atUs < previous) return `row ${row} is earlier than the row before it`;
    previous = atUs;
    if (side[row] !== 1 && side[row] !== -1) return `row ${row} has side ${side[row]}`;
    if (!Number.isFinite(price[row])) return `row ${row} has the price ${price[row]}`;
    if (!Number.isFinite(quantity[row])) return `row ${row} has the quantity ${quantity[row]}`;
  }
  if (summary.firstUs !== executedAtUs[0] || summary.lastUs !== executedAtUs[count - 1]) {
    return 'first and last instant of the summary are not those of the columns';
  }
  const { day } = summary.key;
  if (!isUtcDay(day) || utcDayOf(summary.firstUs) !== day || utcDayOf(summary.lastUs) !== day) {
    return `executions from ${utcDayOf(summary.firstUs)} to ${utcDayOf(summary.lastUs)} in the day "${day}"`;
  }
  const indexes: readonly (readonly [string, Uint16Array, readonly string[]])[] = [
    ['feeCurrency', columns.feeCurrency, dictionaries.feeCurrencies],
    ['venue', columns.venue, dictionaries.venues],
    ['account', columns.account, dictionaries.accounts],
    ['version', columns.version, dictionaries.versions],
    ['importIndex', columns.importIndex, dictionaries.importIds],
  ];
  for (const [name, values, dictionary] of indexes) {
    for (let row = 0; row < count; row++) {
      if (values[row]! >= dictionary.length) return `row ${row} has no ${name} in its dictionary`;
    }
  }
  for (const text of [columns.tradeId, columns.orderId, columns.clientOrderId]) {
    let end = 0;
    for (let row = 0; row < count; row++) {
      if (text.ends[row]! < end) return `the text of row ${row} ends before it begins`;
      end = text.ends[row]!;
    }
    if (end !== text.bytes.length) return `texts end at ${end} of ${text.bytes.length} bytes`;
  }
  // Compared as pairs of 32-bit words: a million bigint comparisons take thirty times as long.
  const words = new Uint32Array(hashes.buffer, hashes.byteOffset, count * 2);
  for (let row = 1; row < count; row++) {
    const high = words[row * 2 + 1]!;
    const highBefore = words[row * 2 - 1]!;
    if (high < highBefore || (high === highBefore && words[row * 2]! < words[row * 2 - 2]!)) {
      return `hash ${row} is smaller than the one before it`;
    }
  }
  return null;
}
