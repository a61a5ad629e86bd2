import type { ContentHash } from '../../../shared/base/hash';
import { CompensatedSum } from '../../../shared/base/sums';
import { DAY_US, utcDayOf, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import { liquidityCode } from '../../../shared/market/columns';
import { encodeUtf8 } from '../../../shared/market/text-column';
import type { SegmentKey, SegmentPart } from '../ports';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution } from './format';
import { codeNames, numberNames, type PlainBlock, idNames as textNames } from './plain-blocks';
import type { IdBytes, RowIdentity } from './row-identity';
import { flat, Words } from './words';

/**
 * The rows of one segment while it is read, as the columns they will be stored as. Rows lie in file order; where that is their time
 * order, which is nearly always, a part is made of copies of whole columns and no row is looked at again.
 */

const noId: IdBytes = { bytes: new Uint8Array(0), start: 0, end: 0 };
const leastRows = 16;
/** Bytes of a row in a part, its texts apart. */
const partRowBytes = 8 * (numberNames.length + 1) + 4 * (1 + textNames.length) + 2 * (1 + codeNames.length) + 3;
/** Between columns of different widths lie up to seven bytes. */
const paddingBytes = 64;

/** Hash state after the part of the identity that rows of a segment share, for the venue and account it was made with. */
export interface IdentityPrefix {
  readonly venue: number;
  readonly account: number;
  readonly state: ReturnType<ContentHash['state']>;
}

export class SegmentBuilder {
  count = 0;
  /** First instant of the day, and of the next one. */
  startUs = 0;
  endUs = 0;
  firstUs = 0;
  lastUs = 0;
  prefix: IdentityPrefix | null = null;
  private key: SegmentKey | null = null;
  /** Rows there is memory for. */
  capacity = 0;
  private inTimeOrder = true;
  /** Rows whose log names no trade. */
  anonymous = 0;
  /** Rows with a token. */
  tokens = 0;
  executedAtUs!: Float64Array;
  price!: Float64Array;
  quantity!: Float64Array;
  fee!: Float64Array;
  decidedAtUs!: Float64Array;
  submittedAtUs!: Float64Array;
  arrivalPrice!: Float64Array;
  intendedQuantity!: Float64Array;
  /** Low and high word of each row's hash. */
  hashWords!: Uint32Array;
  /** Hash of which trade the row tells, where it has a trade id. */
  tradeWords!: Uint32Array;
  /** Hash of what the row says besides which one it is, where it has no trade id. */
  factWords!: Uint32Array;
  line!: Uint32Array;
  /** What the row's newness is to be told under; 0 = nobody asks. */
  token!: Uint32Array;
  feeCurrency!: Uint16Array;
  venue!: Uint16Array;
  account!: Uint16Array;
  version!: Uint16Array;
  side!: Int8Array;
  liquidity!: Uint8Array;
  paper!: Uint8Array;
  hasTradeId!: Uint8Array;
  readonly codes = {
    feeCurrency: new Words(),
    venue: new Words(),
    account: new Words(),
    version: new Words(),
  };
  readonly texts = { tradeId: new TextBuilder(), orderId: new TextBuilder(), clientOrderId: new TextBuilder() };
  private readonly ids = { tradeId: noId, orderId: noId, clientOrderId: noId };

  constructor() {
    this.grow(leastRows);
  }

  /** Begins a segment; what was held before is gone, its memory is used again. */
  open(key: SegmentKey): void {
    this.key = key;
    this.startUs = utcDayStartUs(key.day);
    this.endUs = this.startUs + DAY_US;
    this.firstUs = Number.POSITIVE_INFINITY;
    this.lastUs = Number.NEGATIVE_INFINITY;
    this.count = 0;
    this.anonymous = 0;
    this.tokens = 0;
    this.prefix = null;
    this.inTimeOrder = true;
    for (const name of codeNames) this.codes[name].clear();
    for (const name of textNames) this.texts[name].clear();
  }

  get segment(): SegmentKey {
    if (this.key === null) throw new Error('the builder was not opened');
    return this.key;
  }

  /** Different words in the dictionary that has most. */
  get words(): number {
    const { feeCurrency, venue, account, version } = this.codes;
    return Math.max(feeCurrency.size, venue.size, account.size, version.size);
  }

  /** Bytes that texts take. */
  get textBytes(): number {
    const { tradeId, orderId, clientOrderId } = this.texts;
    return tradeId.size + orderId.size + clientOrderId.size;
  }

  /** Adds the row but for its ids and its hash. */
  add(execution: ExecutionBytes | ParsedExecution, line: number, token: number): number {
    if (this.count === this.capacity) this.grow(this.capacity * (this.capacity < 256 ? 4 : 2));
    const row = this.count++;
    const { codes } = this;
    const atUs = execution.executedAtUs;
    if (atUs < this.lastUs) this.inTimeOrder = false;
    else this.lastUs = atUs;
    if (atUs < this.firstUs) this.firstUs = atUs;
    this.executedAtUs[row] = atUs;
    this.price[row] = execution.price;
    this.quantity[row] = execution.quantity;
    this.fee[row] = execution.fee ?? Number.NaN;
    this.decidedAtUs[row] = execution.decidedAtUs ?? Number.NaN;
    this.submittedAtUs[row] = execution.submittedAtUs ?? Number.NaN;
    this.arrivalPrice[row] = execution.arrivalPrice ?? Number.NaN;
    this.intendedQuantity[row] = execution.intendedQuantity ?? Number.NaN;
    this.line[row] = line;
    this.token[row] = token;
    if (token > 0) this.tokens++;
    this.feeCurrency[row] = codes.feeCurrency.code(execution.feeCurrency);
    this.venue[row] = codes.venue.code(execution.venue);
    this.account[row] = codes.account.code(execution.account);
    this.version[row] = codes.version.code(execution.version);
    this.side[row] = execution.side === 'buy' ? 1 : -1;
    this.liquidity[row] = execution.liquidity === null ? liquidityCode.unknown : liquidityCode[execution.liquidity];
    this.paper[row] = execution.paper ? 1 : 0;
    return row;
  }

  /** Adds the ids of the row, which its hash needs. */
  addIds(row: number, { tradeId, orderId, clientOrderId }: Pick<ParsedExecution, (typeof textNames)[number]>): void {
    this.texts.tradeId.add(row, tradeId);
    this.texts.orderId.add(row, orderId);
    this.texts.clientOrderId.add(row, clientOrderId);
  }

  /** Gives the row, whose ids were added, its hash. */
  identify(row: number, execution: ExecutionBytes | ParsedExecution, identity: RowIdentity): void {
    const venue = this.venue[row]!;
    const account = this.account[row]!;
    let { prefix } = this;
    if (prefix === null || prefix.venue !== venue || prefix.account !== account) {
      prefix = { venue, account, state: identity.prefixOf(execution) };
      this.prefix = prefix;
    }
    const { tradeId, orderId, clientOrderId } = this.texts;
    this.ids.tradeId = tradeId.at(row);
    this.ids.orderId = orderId.at(row);
    this.ids.clientOrderId = clientOrderId.at(row);
    identity.identify(prefix.state, execution, this.ids, this.liquidity[row]! | (this.paper[row]! << 2));
    this.hashWords[row * 2] = identity.low;
    this.hashWords[row * 2 + 1] = identity.high;
    this.tradeWords[row] = identity.tradeWord;
    this.factWords[row] = identity.factWord;
    this.hasTradeId[row] = identity.hasTradeId ? 1 : 0;
    if (!identity.hasTradeId) this.anonymous++;
  }

  /**
   * Adds rows of a block, which have their hashes.
   * @param rows their places in the block, in file order
   * @param firstLine line of the block's first row
   */
  append(block: PlainBlock, rows: Uint32Array, firstLine: number): void {
    const start = this.count;
    const count = start + rows.length;
    let capacity = this.capacity;
    while (capacity < count) capacity *= capacity < 256 ? 4 : 2;
    if (capacity > this.capacity) this.grow(capacity);
    this.count = count;
    const from = block.rows;
    for (const name of numberNames) {
      if (block.unknown.includes(name)) this[name].fill(Number.NaN, start, count);
      else gather(from[name], rows, this[name], start);
    }
    gatherUint32(from.tradeWords, rows, this.tradeWords, start);
    gatherUint32(from.factWords, rows, this.factWords, start);
    gatherInt8(from.side, rows, this.side, start);
    gatherUint8(from.liquidity, rows, this.liquidity, start);
    gatherUint8(from.paper, rows, this.paper, start);
    gatherUint8(from.hasTradeId, rows, this.hasTradeId, start);
    for (const name of codeNames) this.appendWords(name, block, rows, start);
    for (const name of textNames)
      this.texts[name].append(start, rows, block.lines, from.idStarts[name], from.idEnds[name]);
    this.token.fill(0, start, count);
    const { hashWords, executedAtUs, hasTradeId, line } = this;
    let { firstUs, lastUs } = this;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const own = start + index;
      hashWords[own * 2] = from.hashWords[row * 2]!;
      hashWords[own * 2 + 1] = from.hashWords[row * 2 + 1]!;
      line[own] = firstLine + row;
      if (hasTradeId[own] === 0) this.anonymous++;
      const atUs = executedAtUs[own]!;
      if (atUs < lastUs) this.inTimeOrder = false;
      else lastUs = atUs;
      if (atUs < firstUs) firstUs = atUs;
    }
    this.firstUs = firstUs;
    this.lastUs = lastUs;
  }

  /** Adds the words of one column, each that is used in the order the rows use them. */
  private appendWords(name: (typeof codeNames)[number], block: PlainBlock, rows: Uint32Array, start: number): void {
    const into = this[name];
    const words = block.words[name];
    if (words.length === 1) {
      into.fill(0, start, start + rows.length);
      return;
    }
    const from = block.rows[name];
    const dictionary = this.codes[name];
    const codes = new Int32Array(words.length).fill(-1);
    codes[0] = 0;
    for (let index = 0; index < rows.length; index++) {
      const word = from[rows[index]!]!;
      if (codes[word]! < 0) codes[word] = dictionary.code(words[word]!);
      into[start + index] = codes[word]!;
    }
  }

  /** The rows in time order, ties in file order. */
  timeOrder(): Uint32Array {
    const { count, executedAtUs } = this;
    const rows = new Uint32Array(count);
    for (let row = 0; row < count; row++) rows[row] = row;
    if (!this.inTimeOrder) rows.sort((left, right) => executedAtUs[left]! - executedAtUs[right]! || left - right);
    return rows;
  }

  /** Bytes that a part of these rows takes at most. */
  partBytes(rows: Uint32Array): number {
    return Math.ceil((rows.length * partRowBytes + this.textBytes + paddingBytes) / 8) * 8;
  }

  /**
   * Writes the rows into the buffer from `start` on, a multiple of eight, and returns them as a part.
   * @param rows the rows to store in time order: all of them or some
   */
  pack(rows: Uint32Array, importId: string, buffer: ArrayBuffer, start: number): SegmentPart {
    const count = rows.length;
    const whole = count === this.count && this.inTimeOrder;
    let at = start;
    const place = (bytes: number, alignment: number): number => {
      const begin = Math.ceil(at / alignment) * alignment;
      at = begin + bytes;
      return begin;
    };
    const float64 = (values: Float64Array) =>
      taken(values, new Float64Array(buffer, place(count * 8, 8), count), rows, whole);
    const uint32 = (values: Uint32Array) =>
      takenUint32(values, new Uint32Array(buffer, place(count * 4, 4), count), rows, whole);
    const coded = (name: (typeof codeNames)[number]) => {
      const column = takenUint16(this[name], new Uint16Array(buffer, place(count * 2, 2), count), rows, whole);
      return { column, words: whole ? this.codes[name].words() : this.codes[name].usedWords(column) };
    };
    const uint8 = (values: Uint8Array) =>
      takenUint8(values, new Uint8Array(buffer, place(count, 1), count), rows, whole);

    const executedAtUs = float64(this.executedAtUs);
    const price = float64(this.price);
    const quantity = float64(this.quantity);
    const fee = float64(this.fee);
    const decidedAtUs = float64(this.decidedAtUs);
    const submittedAtUs = float64(this.submittedAtUs);
    const arrivalPrice = float64(this.arrivalPrice);
    const intendedQuantity = float64(this.intendedQuantity);
    const hashes = this.packHashes(rows, whole, new BigUint64Array(buffer, place(count * 8, 8), count));
    const line = uint32(this.line);
    const tradeEnds = new Uint32Array(buffer, place(count * 4, 4), count);
    const orderEnds = new Uint32Array(buffer, place(count * 4, 4), count);
    const clientEnds = new Uint32Array(buffer, place(count * 4, 4), count);
    const importIndex = new Uint16Array(buffer, place(count * 2, 2), count);
    const feeCurrency = coded('feeCurrency');
    const venue = coded('venue');
    const account = coded('account');
    const version = coded('version');
    const liquidity = uint8(this.liquidity);
    const paper = uint8(this.paper);
    const side = new Int8Array(buffer, place(count, 1), count);
    const net = new CompensatedSum();
    for (let index = 0; index < count; index++) {
      const row = rows[index]!;
      side[index] = this.side[row]!;
      net.add(this.side[row]! * this.quantity[row]!);
    }
    const text = (builder: TextBuilder, ends: Uint32Array) => {
      const bytes = builder.pack(rows, whole, new Uint8Array(buffer, at), ends);
      at += bytes.length;
      return { bytes, ends };
    };
    const columns: ExecutionColumns = {
      count,
      executedAtUs,
      side,
      price,
      quantity,
      fee,
      feeCurrency: feeCurrency.column,
      liquidity,
      decidedAtUs,
      submittedAtUs,
      arrivalPrice,
      intendedQuantity,
      venue: venue.column,
      account: account.column,
      version: version.column,
      paper,
      tradeId: text(this.texts.tradeId, tradeEnds),
      orderId: text(this.texts.orderId, orderEnds),
      clientOrderId: text(this.texts.clientOrderId, clientEnds),
      line,
      importIndex,
      dictionaries: {
        feeCurrencies: feeCurrency.words,
        venues: venue.words,
        accounts: account.words,
        versions: version.words,
        importIds: [importId],
      },
    };
    return {
      summary: {
        key: this.segment,
        count,
        firstUs: executedAtUs[0]!,
        lastUs: executedAtUs[count - 1]!,
        netQuantity: net.value,
        lastPrice: price[count - 1]!,
      },
      columns,
      hashes,
    };
  }

  private packHashes(rows: Uint32Array, whole: boolean, into: BigUint64Array): BigUint64Array {
    const { hashWords } = this;
    const words = new Uint32Array(into.buffer, into.byteOffset, into.length * 2);
    if (whole) words.set(hashWords.subarray(0, words.length));
    else {
      for (let index = 0; index < rows.length; index++) {
        words[index * 2] = hashWords[rows[index]! * 2]!;
        words[index * 2 + 1] = hashWords[rows[index]! * 2 + 1]!;
      }
    }
    return into.sort();
  }

  private grow(capacity: number): void {
    this.capacity = capacity;
    const { count } = this;
    // One buffer for all columns: a builder may be one of thousands.
    const buffer = new ArrayBuffer(capacity * (8 * (numberNames.length + 1) + 4 * 4 + 2 * codeNames.length + 4));
    let at = 0;
    const begin = (bytesEach: number): number => {
      const start = at;
      at += bytesEach * capacity;
      return start;
    };
    for (const name of numberNames) {
      const wider = new Float64Array(buffer, begin(8), capacity);
      if (count > 0) wider.set(this[name]);
      this[name] = wider;
    }
    const hashWords = new Uint32Array(buffer, begin(8), capacity * 2);
    if (count > 0) hashWords.set(this.hashWords);
    this.hashWords = hashWords;
    for (const name of ['line', 'token', 'tradeWords', 'factWords'] as const) {
      const wider = new Uint32Array(buffer, begin(4), capacity);
      if (count > 0) wider.set(this[name]);
      this[name] = wider;
    }
    for (const name of codeNames) {
      const wider = new Uint16Array(buffer, begin(2), capacity);
      if (count > 0) wider.set(this[name]);
      this[name] = wider;
    }
    const side = new Int8Array(buffer, begin(1), capacity);
    if (count > 0) side.set(this.side);
    this.side = side;
    for (const name of ['liquidity', 'paper', 'hasTradeId'] as const) {
      const wider = new Uint8Array(buffer, begin(1), capacity);
      if (count > 0) wider.set(this[name]);
      this[name] = wider;
    }
    for (const name of textNames) this.texts[name].grow(capacity);
  }
}

/** Key of the segment an execution belongs to; its texts are copies that do not hold the chunk of the file they were cut from. */
export function segmentKeyOf(
  source: SegmentKey['source'],
  strategy: string,
  symbol: string,
  executedAtUs: number,
): SegmentKey {
  return { source, strategy: flat(strategy), symbol: flat(symbol), day: utcDayOf(executedAtUs) };
}

/** Copies the values at the given rows to `into` from `start` on. A function for each type, so that its loop knows its arrays. */
function gather(from: Float64Array, rows: Uint32Array, into: Float64Array, start: number): void {
  for (let index = 0; index < rows.length; index++) into[start + index] = from[rows[index]!]!;
}

function gatherUint32(from: Uint32Array, rows: Uint32Array, into: Uint32Array, start: number): void {
  for (let index = 0; index < rows.length; index++) into[start + index] = from[rows[index]!]!;
}

function gatherUint8(from: Uint8Array, rows: Uint32Array, into: Uint8Array, start: number): void {
  for (let index = 0; index < rows.length; index++) into[start + index] = from[rows[index]!]!;
}

function gatherInt8(from: Int8Array, rows: Uint32Array, into: Int8Array, start: number): void {
  for (let index = 0; index < rows.length; index++) into[start + index] = from[rows[index]!]!;
}

/** The rows' values: the whole column at once, or one by one. A function for each type, so that its loop knows its arrays. */
function taken(values: Float64Array, into: Float64Array, rows: Uint32Array, whole: boolean): Float64Array {
  if (whole) into.set(values.subarray(0, into.length));
  else for (let index = 0; index < rows.length; index++) into[index] = values[rows[index]!]!;
  return into;
}

function takenUint32(values: Uint32Array, into: Uint32Array, rows: Uint32Array, whole: boolean): Uint32Array {
  if (whole) into.set(values.subarray(0, into.length));
  else for (let index = 0; index < rows.length; index++) into[index] = values[rows[index]!]!;
  return into;
}

function takenUint16(values: Uint16Array, into: Uint16Array, rows: Uint32Array, whole: boolean): Uint16Array {
  if (whole) into.set(values.subarray(0, into.length));
  else for (let index = 0; index < rows.length; index++) into[index] = values[rows[index]!]!;
  return into;
}

function takenUint8(values: Uint8Array, into: Uint8Array, rows: Uint32Array, whole: boolean): Uint8Array {
  if (whole) into.set(values.subarray(0, into.length));
  else for (let index = 0; index < rows.length; index++) into[index] = values[rows[index]!]!;
  return into;
}

const wordBytes = 4;

/** Texts in the order they come, as UTF-8 bytes. */
class TextBuilder {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private ends = new Uint32Array(0);
  size = 0;

  add(row: number, text: string | null): void {
    if (text !== null) {
      const length = text.length;
      if (this.size + length * 3 > this.bytes.length) this.widen(this.size + length * 3);
      const { bytes } = this;
      let at = this.size;
      for (let index = 0; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) {
          at = encodeUtf8(text, bytes, this.size);
          break;
        }
        bytes[at++] = code;
      }
      this.size = at;
    }
    this.ends[row] = this.size;
  }

  addBytes(row: number, { bytes: from, start, end }: IdBytes): void {
    let at = this.size;
    if (at + end - start > this.bytes.length) this.widen(at + end - start);
    const { bytes } = this;
    for (let next = start; next < end; next++) bytes[at++] = from[next]!;
    this.size = at;
    this.ends[row] = at;
  }

  /** Adds texts that lie in `from`, as rows from `start` on. */
  append(start: number, rows: Uint32Array, from: DataView, starts: Uint32Array, stops: Uint32Array): void {
    let size = this.size;
    for (let index = 0; index < rows.length; index++) size += stops[rows[index]!]! - starts[rows[index]!]!;
    if (size + wordBytes > this.bytes.length) this.widen(size + wordBytes);
    const { view, ends } = this;
    const lastWord = from.byteLength - wordBytes;
    let at = this.size;
    for (let index = 0; index < rows.length; index++) {
      const begin = starts[rows[index]!]!;
      const length = stops[rows[index]!]! - begin;
      let copied = 0;
      // Whole words, of which the last may bring bytes that the next text writes over.
      for (; copied < length && begin + copied <= lastWord; copied += wordBytes) {
        view.setUint32(at + copied, from.getUint32(begin + copied, true), true);
      }
      for (; copied < length; copied++) view.setUint8(at + copied, from.getUint8(begin + copied));
      at += length;
      ends[start + index] = at;
    }
    this.size = at;
  }

  /** The row's text. */
  at(row: number): IdBytes {
    return { bytes: this.bytes, start: row === 0 ? 0 : this.ends[row - 1]!, end: this.ends[row]! };
  }

  /** Writes the rows' texts one behind the other, and where each ends; returns the bytes written. */
  pack(rows: Uint32Array, whole: boolean, into: Uint8Array, intoEnds: Uint32Array): Uint8Array {
    const { bytes, ends } = this;
    if (whole) {
      intoEnds.set(ends.subarray(0, rows.length));
      into.set(bytes.subarray(0, this.size));
      return into.subarray(0, this.size);
    }
    let size = 0;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const end = ends[row]!;
      for (let from = row === 0 ? 0 : ends[row - 1]!; from < end; from++) into[size++] = bytes[from]!;
      intoEnds[index] = size;
    }
    return into.subarray(0, size);
  }

  grow(capacity: number): void {
    const { ends } = this;
    this.ends = new Uint32Array(capacity);
    this.ends.set(ends);
  }

  clear(): void {
    this.size = 0;
  }

  private widen(atLeast: number): void {
    const wider = new Uint8Array(Math.max(atLeast, this.bytes.length * 2));
    wider.set(this.bytes.subarray(0, this.size));
    this.bytes = wider;
    this.view = new DataView(wider.buffer);
  }
}
