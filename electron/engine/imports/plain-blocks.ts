import { PlainKernel, type PlainOrigin } from './block-kernel/plain-kernel';
import type { DelimitedSample, Format, ReadContext } from './format';

/**
 * Reads blocks of whole lines of a delimited log, each by itself, into columns: on any thread, in any order. A block is read only
 * where every line of it is an execution that is plain beyond doubt; of every other block nothing is said, and whoever reads the
 * log reads it record by record. What comes of a row is the same either way.
 */

export const numberNames = [
  'executedAtUs',
  'price',
  'quantity',
  'fee',
  'decidedAtUs',
  'submittedAtUs',
  'arrivalPrice',
  'intendedQuantity',
] as const;
export const codeNames = ['feeCurrency', 'venue', 'account', 'version'] as const;
export const idNames = ['tradeId', 'orderId', 'clientOrderId'] as const;

/** Rows of one symbol and day; `startUs` is the day's first instant. */
export interface PlainGroup {
  readonly strategy: string;
  readonly symbol: string;
  readonly startUs: number;
}

/** What a block holds, fit to be moved between threads. */
export interface MovedBlock {
  /** The lines. Ids are read where they lie. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Memory of the rows. */
  readonly memory: ArrayBuffer;
  /** Rows, one a line; 0 = some line is not plain, and nothing is said of any. */
  readonly count: number;
  /** In the order in which they begin in the block. */
  readonly groups: readonly PlainGroup[];
  /** Numbers that are unknown in every row. */
  readonly unknown: readonly (typeof numberNames)[number][];
  /** Words the codes stand for; code 0 is the unknown word. */
  readonly words: Readonly<Record<(typeof codeNames)[number], readonly string[]>>;
}

export interface PlainBlock extends MovedBlock {
  readonly rows: PlainRows;
  readonly lines: DataView;
}

/** Bytes of memory a row takes. */
const rowBytes = 8 * (numberNames.length + 1) + 4 * (2 + 2 * idNames.length) + 2 * (codeNames.length + 1) + 4;
/** Bytes of a value of each column, in the order they lie in. */
const columnWidths: readonly number[] = [
  ...[...numberNames, 'hash'].map(() => 8),
  ...[4, 4, 4, 4, 4, 4, 4, 4],
  ...[2, 2, 2, 2, 2],
  ...[1, 1, 1, 1],
];
/** Shorter lines hold no execution that is worth the room for their number. */
const leastLineBytes = 24;

/** The number of a row's group has sixteen bits. */
const mostRows = 65_536;

/** Memory for the rows of a block of so many bytes. */
export function memoryFor(blockBytes: number): ArrayBuffer {
  const rows = Math.min(Math.ceil(blockBytes / leastLineBytes / 8) * 8, mostRows);
  return new ArrayBuffer(rows * rowBytes);
}

/** Rows of a block as columns in file order. They lie in memory that is made once and goes from block to block. */
export class PlainRows {
  readonly capacity: number;
  readonly executedAtUs: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly fee: Float64Array;
  readonly decidedAtUs: Float64Array;
  readonly submittedAtUs: Float64Array;
  readonly arrivalPrice: Float64Array;
  readonly intendedQuantity: Float64Array;
  /** As of a segment that is being read (see segment-builder.ts). */
  readonly hashWords: Uint32Array;
  readonly tradeWords: Uint32Array;
  readonly factWords: Uint32Array;
  readonly feeCurrency: Uint16Array;
  readonly venue: Uint16Array;
  readonly account: Uint16Array;
  readonly version: Uint16Array;
  /** Which of the block's groups the row belongs to. */
  readonly group: Uint16Array;
  readonly side: Int8Array;
  readonly liquidity: Uint8Array;
  readonly paper: Uint8Array;
  readonly hasTradeId: Uint8Array;
  /** Where the ids begin and end in the block's bytes. */
  readonly idStarts: Readonly<Record<(typeof idNames)[number], Uint32Array>>;
  readonly idEnds: Readonly<Record<(typeof idNames)[number], Uint32Array>>;

  constructor(
    memory: ArrayBuffer,
    readonly count: number,
  ) {
    const capacity = Math.floor(memory.byteLength / rowBytes);
    this.capacity = capacity;
    let at = 0;
    const place = (bytesEach: number): number => {
      const start = at;
      at += bytesEach * capacity;
      return start;
    };
    const float64 = () => new Float64Array(memory, place(8), capacity);
    const uint32 = () => new Uint32Array(memory, place(4), capacity);
    const uint16 = () => new Uint16Array(memory, place(2), capacity);
    const uint8 = () => new Uint8Array(memory, place(1), capacity);
    this.executedAtUs = float64();
    this.price = float64();
    this.quantity = float64();
    this.fee = float64();
    this.decidedAtUs = float64();
    this.submittedAtUs = float64();
    this.arrivalPrice = float64();
    this.intendedQuantity = float64();
    this.hashWords = new Uint32Array(memory, place(8), capacity * 2);
    this.tradeWords = uint32();
    this.factWords = uint32();
    this.idStarts = { tradeId: uint32(), orderId: uint32(), clientOrderId: uint32() };
    this.idEnds = { tradeId: uint32(), orderId: uint32(), clientOrderId: uint32() };
    this.feeCurrency = uint16();
    this.venue = uint16();
    this.account = uint16();
    this.version = uint16();
    this.group = uint16();
    this.side = new Int8Array(memory, place(1), capacity);
    this.liquidity = uint8();
    this.paper = uint8();
    this.hasTradeId = uint8();
  }
}

/** The block with its rows to look at. */
export function openBlock(moved: MovedBlock): PlainBlock {
  const { bytes, memory, count } = moved;
  return {
    ...moved,
    rows: new PlainRows(memory, count),
    lines: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
  };
}

/** Reads blocks by the kernel, which is in WebAssembly (see block-kernel/kernel.ts). */
export class PlainBlockReader {
  private constructor(
    private readonly kernel: PlainKernel,
    /** What the columns gave cause to say while the block was read. */
    private readonly remarks: Set<unknown>,
    private readonly unknown: MovedBlock['unknown'],
  ) {}

  /**
   * Null where the format does not say where the executions of its plain rows lie, and where there is no WebAssembly: the log is then
   * read record by record. Called after the format's `open`.
   */
  static open(
    format: Format,
    sample: DelimitedSample,
    context: ReadContext,
    origin: PlainOrigin,
  ): PlainBlockReader | null {
    if (format.reader.shape !== 'delimited') return null;
    const { header, delimiter } = sample;
    const remarks = new Set<unknown>();
    const note = (remark: unknown) => void remarks.add(remark);
    const layout = format.reader.layout?.(header, { ...context, warn: note, ask: note }, sample) ?? null;
    if (layout === null) return null;
    const unknown = numberNames.filter((name) => layout.columns.every(({ field }) => field !== name));
    const kernel = PlainKernel.load(layout, header.length, delimiter, origin);
    return kernel && new PlainBlockReader(kernel, remarks, unknown);
  }

  /**
   * @param bytes whole lines
   * @param memory of {@link memoryFor}
   */
  read(bytes: Uint8Array<ArrayBuffer>, memory: ArrayBuffer): MovedBlock {
    const { kernel, remarks, unknown } = this;
    remarks.clear();
    const capacity = Math.floor(memory.byteLength / rowBytes);
    const read = kernel.read(bytes, capacity, rowBytes);
    const count = remarks.size > 0 ? 0 : read;
    if (count > 0) kernel.copyRows(memory, capacity, count, columnWidths);
    const words = (name: (typeof codeNames)[number]) => (count > 0 ? kernel.words(name) : ['']);
    return {
      ...{ bytes, memory, count, unknown, groups: count > 0 ? kernel.groups() : [] },
      words: {
        ...{ feeCurrency: words('feeCurrency'), venue: words('venue') },
        ...{ account: words('account'), version: words('version') },
      },
    };
  }
}
