import { DAY_US } from '../../../../shared/base/time';
import { liquidityCode } from '../../../../shared/market/columns';
import type { Source } from '../../../../shared/market/executions';
import { byteMeanings } from '../execution-bytes';
import type { ExecutionColumn, ExecutionLayout } from '../format';
import { exactPowers, PlainNumber } from '../numbers';
import { earliestUs } from '../validate';
import { kernelBase64 } from './module';

/**
 * Loads kernel.ts and answers what it asks. It has memory of its own: the block's bytes are copied in and the columns copied out, which
 * costs a twentieth of reading them.
 */

/** What the rows are, where the log does not say. */
export interface PlainOrigin {
  readonly source: Source;
  readonly strategy: string | null;
  readonly version: string | null;
  readonly account: string | null;
  /** The present, for judging whether a time is sane. */
  readonly nowUs: number;
}

/** Kinds of columns as kernel.ts numbers them. */
const kinds = { positive: 0, number: 1, isoTime: 2, epochTime: 3, otherTime: 4, id: 5, word: 6 } as const;
const numberPlaces = {
  ...{ executedAtUs: 0, price: 1, quantity: 2, fee: 3 },
  ...{ decidedAtUs: 4, submittedAtUs: 5, arrivalPrice: 6, intendedQuantity: 7 },
} as const;
const idPlaces = { tradeId: 0, orderId: 1, clientOrderId: 2 } as const;
/** Places of the words of a row in bytes; what is only expected has one that nobody reads. */
const slots = {
  ...{ venue: 0, account: 4, strategy: 8, version: 12, symbol: 16 },
  ...{ feeCurrency: 20, side: 24, liquidity: 28, paper: 32, expected: 36 },
} as const;
const slotBytes = 40;
/** The fields that have codes, in the order of the kernel. */
const codedFields = ['feeCurrency', 'venue', 'account', 'version'] as const;

const columnBytes = 40 + 2_048 + 8_192 + 2_048 + 8_192 + 2_048 * 64;
const groupBytes = 40;
const mostGroups = 16_384;
const mostTexts = 16_384;
const textUnitBytes = 1024 * 1024;
const longestText = 1_024;
const mostCells = 4_096;
/** Ids of the longest record, and the other words of its hash. */
const hashBytes = 256 * 1024;
const mostBlocks = 65_535;
/** What may be looked at behind a block: a cell is compared eight bytes at a time, a time is looked at up to its end. */
const paddingBytes = 128;
const pageBytes = 65_536;
const lineFeed = 10;
const notPlain = -1;
/** What -1 is told as, which otherwise says that a row is not plain. */
const minusOne = -2;

/** As much of WebAssembly as is used: Node has it, and its types come with those of the page alone. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
}

/** What the kernel exports, see kernel.ts. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  place(...addresses: readonly number[]): void;
  expect(source: number, earliest: number, latest: number): void;
  readBlock(start: number, end: number, rows: number, capacity: number, block: number): number;
  groupsRead(): number;
}

// There unless Node was told to do without it.
const wasm = (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
let compiled: object | null = null;

export class PlainKernel {
  private readonly kernel: Kernel;
  private readonly columns: readonly ExecutionColumn[];
  private readonly texts: (string | null)[] = [];
  private readonly textNumbers = new Map<string | null, number>();
  private readonly number = new PlainNumber();
  private readonly at: {
    readonly columns: number;
    readonly texts: number;
    readonly textUnits: number;
    readonly codes: number;
    readonly codeTexts: number;
    readonly codeCounts: number;
    readonly lastGroups: number;
    readonly groups: number;
    /** Where the rows begin, and behind them the bytes of the block. */
    readonly rows: number;
  };
  private unitBytes = 0;
  private blocks = 0;
  /** The block being read. */
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView;

  /**
   * Null where there is no WebAssembly or no memory for it, or a text the import was told is longer than any log's.
   * @param width cells of every record
   */
  static load(layout: ExecutionLayout, width: number, delimiter: string, origin: PlainOrigin): PlainKernel | null {
    if (wasm === undefined || width > mostCells || Object.values({ ...layout.constants, ...origin }).some(isLong))
      return null;
    try {
      return new PlainKernel(wasm, layout, width, delimiter, origin);
    } catch (error) {
      if (error instanceof RangeError || error instanceof wasm.CompileError) return null;
      throw error;
    }
  }

  private constructor(
    wasm: WebAssemblyApi,
    { columns, constants }: ExecutionLayout,
    width: number,
    delimiter: string,
    origin: PlainOrigin,
  ) {
    const meaning = byteMeanings(delimiter);
    const powers = exactPowers;
    compiled ??= new wasm.Module(Buffer.from(kernelBase64, 'base64'));
    const { exports } = new wasm.Instance(compiled, {
      kernel: {
        readWord: (column: number, start: number, end: number) => this.readWord(column, start, end),
        readNumber: (start: number, end: number) => this.readNumber(start, end),
        readTime: (column: number, start: number, end: number) => this.readTime(column, start, end),
      },
      env: {
        abort: () => {
          throw new Error('the kernel stopped');
        },
      },
    });
    // What kernel.ts exports.
    this.kernel = exports as unknown as Kernel;
    this.columns = [...columns].sort((left, right) => left.index - right.index);
    let next = pageBytes;
    const take = (bytes: number): number => {
      const start = next;
      next = Math.ceil((next + bytes) / 64) * 64;
      return start;
    };
    const meaningsAt = take(256);
    const powersAt = take(powers.byteLength);
    const cellsAt = take(width * 8);
    const defaultsAt = take(slotBytes);
    const slotsAt = take(slotBytes);
    const codeCounts = take(16);
    const groupTableAt = take(pageBytes * 2);
    const hashWordsAt = take(hashBytes);
    this.at = {
      ...{ codeCounts, columns: take(this.columns.length * columnBytes) },
      ...{ texts: take(mostTexts * 8), textUnits: take(textUnitBytes) },
      ...{ codes: take(4 * mostTexts * 4), codeTexts: take(4 * mostTexts * 4 + 4), lastGroups: take(mostTexts * 4) },
      ...{ groups: take(mostGroups * groupBytes), rows: take(0) },
    };
    const { at } = this;
    this.view = this.reserve(at.rows);
    new Uint8Array(this.view.buffer).set(meaning, meaningsAt);
    new Float64Array(this.view.buffer, powersAt, powers.length).set(powers);
    this.kernel.place(
      ...[meaningsAt, powersAt, cellsAt, width, at.columns, defaultsAt, slotsAt, at.texts, at.codes, at.codeTexts],
      ...[mostTexts, codeCounts, at.lastGroups, groupTableAt, at.groups, hashWordsAt],
    );
    this.textNumber(null);
    for (const [number, column] of this.columns.entries()) {
      const cell = cellsAt + column.index * 8;
      const before = this.view.getUint32(cell + 4, true);
      if (before === 0) this.view.setUint32(cell, number, true);
      this.view.setUint32(cell + 4, before + 1, true);
      const { kind, place, scale } = kindOf(column);
      const record = at.columns + number * columnBytes;
      this.view.setInt32(record, kind, true);
      this.view.setUint32(record + 4, place, true);
      this.view.setUint32(record + 8, scale, true);
    }
    const defaults = {
      venue: constants.venue ?? null,
      account: constants.account ?? origin.account,
      strategy: constants.strategy || origin.strategy || null,
      version: constants.version ?? origin.version,
      symbol: constants.symbol || null,
      feeCurrency: constants.feeCurrency ?? null,
    } as const;
    for (const [name, text] of Object.entries(defaults)) {
      this.view.setInt32(defaultsAt + slots[name as keyof typeof defaults], this.textNumber(text), true); // its own keys
    }
    this.view.setInt32(defaultsAt + slots.liquidity, liquidityCode.unknown, true);
    this.view.setInt32(defaultsAt + slots.paper, constants.paper ? 1 : 0, true);
    this.kernel.expect(this.textNumber(origin.source), earliestUs, origin.nowUs + DAY_US);
  }

  /**
   * Reads whole lines and returns how many they are; 0 when one is not plain. What was read stays until the next call.
   * @param capacity rows there is room for in what {@link copyRows} is given, a multiple of eight
   * @param rowBytes bytes of a row
   */
  read(bytes: Uint8Array, capacity: number, rowBytes: number): number {
    if (bytes.at(-1) !== lineFeed) return 0;
    const start = this.at.rows + Math.ceil((capacity * rowBytes) / 64) * 64;
    const end = start + bytes.length;
    this.view = this.reserve(end + paddingBytes);
    const memory = new Uint8Array(this.view.buffer);
    memory.set(bytes, start);
    memory.fill(lineFeed, end, end + paddingBytes);
    this.bytes = bytes;
    if (this.blocks === mostBlocks) {
      memory.fill(0, this.at.codes, this.at.codes + 4 * mostTexts * 4);
      memory.fill(0, this.at.lastGroups, this.at.lastGroups + mostTexts * 4);
      this.blocks = 0;
    }
    this.blocks++;
    return this.kernel.readBlock(start, end, this.at.rows, capacity, this.blocks);
  }

  /** Copies the first rows of every column. @param widths bytes of a value of each column, in their order */
  copyRows(into: ArrayBuffer, capacity: number, count: number, widths: readonly number[]): void {
    const from = new Uint8Array(this.view.buffer, this.at.rows);
    const to = new Uint8Array(into);
    let column = 0;
    for (const width of widths) {
      to.set(from.subarray(column, column + width * count), column);
      column += width * capacity;
    }
  }

  groups(): { readonly strategy: string; readonly symbol: string; readonly startUs: number }[] {
    const { view } = this;
    return Array.from({ length: this.kernel.groupsRead() }, (_, index) => {
      const group = this.at.groups + index * groupBytes;
      return {
        strategy: this.texts[view.getUint32(group, true)] ?? '',
        symbol: this.texts[view.getUint32(group + 4, true)] ?? '',
        startUs: Number(view.getBigInt64(group + 8, true)),
      };
    });
  }

  /** Words the codes of a field stand for; code 0 is the unknown word. */
  words(name: (typeof codedFields)[number]): readonly string[] {
    const field = codedFields.indexOf(name);
    const count = this.view.getUint32(this.at.codeCounts + field * 4, true);
    const first = this.at.codeTexts + field * mostTexts * 4;
    return Array.from({ length: count + 1 }, (_, code) =>
      code === 0 ? '' : (this.texts[this.view.getUint32(first + code * 4, true)] ?? ''),
    );
  }

  /** Memory up to that address. */
  private reserve(end: number): DataView {
    const { memory } = this.kernel;
    const missing = Math.ceil((end - memory.buffer.byteLength) / pageBytes);
    if (missing > 0) memory.grow(missing);
    return new DataView(memory.buffer);
  }

  private readWord(number: number, start: number, end: number): number {
    const column = this.columns[number]!;
    if (!('read' in column)) return notPlain;
    const value = column.read(String.fromCharCode(...this.bytes.subarray(start, end)));
    if (value === undefined) return notPlain;
    switch (column.field) {
      case 'side':
        return value === 'buy' ? 1 : minusOne;
      case 'liquidity':
        return value === 'maker' || value === 'taker' ? liquidityCode[value] : notPlain;
      case 'paper':
        return value === true ? 1 : 0;
      case 'expected':
        return 1;
      default:
        if (typeof value !== 'string') return notPlain;
        // Without a symbol or a strategy it is no execution.
        return value === '' ? notPlain : this.textNumber(value);
    }
  }

  private readNumber(start: number, end: number): number {
    // Digits with a point end where the text does, so that what follows them is not looked at.
    return this.number.read(this.bytes, start) === end ? this.number.value : Number.NaN;
  }

  private readTime(number: number, start: number, end: number): number {
    const column = this.columns[number]!;
    const atUs = 'time' in column ? (column.time.readPlain?.(this.bytes, start, end) ?? Number.NaN) : Number.NaN;
    return Number.isInteger(atUs) ? atUs : Number.NaN;
  }

  /** Number of a text; -1 where there are too many, or it is too long. */
  private textNumber(text: string | null): number {
    const known = this.textNumbers.get(text);
    if (known !== undefined) return known;
    const units = text?.length ?? 0;
    if (this.texts.length === mostTexts || units > longestText || this.unitBytes + units * 2 + 4 > textUnitBytes) {
      return notPlain;
    }
    const number = this.texts.length;
    const start = this.at.textUnits + this.unitBytes;
    for (let at = 0; at < units; at++) this.view.setUint16(start + at * 2, text!.charCodeAt(at), true);
    this.unitBytes += Math.ceil(units / 2) * 4;
    this.view.setUint32(this.at.texts + number * 8, start, true);
    this.view.setInt32(this.at.texts + number * 8 + 4, text === null ? -1 : units, true);
    this.texts.push(text);
    this.textNumbers.set(text, number);
    return number;
  }
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > longestText;
}

function kindOf(column: ExecutionColumn): { kind: number; place: number; scale: number } {
  switch (column.field) {
    case 'price':
    case 'quantity':
    case 'arrivalPrice':
    case 'intendedQuantity':
      return { kind: kinds.positive, place: numberPlaces[column.field], scale: 0 };
    case 'fee':
      return { kind: kinds.number, place: numberPlaces.fee, scale: 0 };
    case 'executedAtUs':
    case 'decidedAtUs':
    case 'submittedAtUs': {
      const { plainForm } = column.time;
      const place = numberPlaces[column.field];
      if (plainForm === undefined) return { kind: kinds.otherTime, place, scale: 0 };
      if (plainForm === 'iso') return { kind: kinds.isoTime, place, scale: 0 };
      return { kind: kinds.epochTime, place, scale: plainForm.usEach };
    }
    case 'tradeId':
    case 'orderId':
    case 'clientOrderId':
      return { kind: kinds.id, place: idPlaces[column.field], scale: 0 };
    default:
      return { kind: kinds.word, place: slots[column.field], scale: 0 };
  }
}
