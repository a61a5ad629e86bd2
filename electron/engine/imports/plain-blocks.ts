import { DAY_US } from '../../../shared/base/time';
import { liquidityCode } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import { ExecutionByteReader } from './execution-bytes';
import type { DelimitedSample, Format, ReadContext } from './format';
import { RowIdentity } from './row-identity';
import { isSound } from './validate';
import { Words } from './words';

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

/** What the rows are, where the log does not say. */
export interface PlainOrigin {
  readonly source: Source;
  readonly strategy: string | null;
  readonly version: string | null;
  readonly account: string | null;
  /** The present, for judging whether a time is sane. */
  readonly nowUs: number;
}

/** A group and what its rows share. */
interface OpenGroup extends PlainGroup {
  readonly endUs: number;
  readonly number: number;
  prefix: {
    readonly venue: number;
    readonly account: number;
    readonly state: ReturnType<RowIdentity['prefixOf']>;
  } | null;
}

/** The groups of one symbol, and the one used last: rows come mostly in time order. */
interface SymbolGroups {
  last: OpenGroup;
  readonly byStart: Map<number, OpenGroup>;
}

export class PlainBlockReader {
  private readonly identity: RowIdentity;
  private readonly codes = {
    feeCurrency: new Words(),
    venue: new Words(),
    account: new Words(),
    version: new Words(),
  };
  private groups: OpenGroup[] = [];
  private readonly symbolsOf = new Map<string, Map<string, SymbolGroups>>();
  private lastStrategy = '';
  private lastSymbols = new Map<string, SymbolGroups>();

  private constructor(
    private readonly reader: ExecutionByteReader,
    /** What the columns gave cause to say while the block was read. */
    private readonly remarks: Set<unknown>,
    private readonly origin: PlainOrigin,
    private readonly unknown: MovedBlock['unknown'],
  ) {
    this.identity = new RowIdentity(origin.source);
  }

  /** Null where the format does not say where the executions of its plain rows lie. Called after the format's `open`. */
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
    return new PlainBlockReader(new ExecutionByteReader(layout, header.length, delimiter), remarks, origin, unknown);
  }

  /**
   * @param bytes whole lines
   * @param memory of {@link memoryFor}
   */
  read(bytes: Uint8Array<ArrayBuffer>, memory: ArrayBuffer): MovedBlock {
    for (const name of codeNames) this.codes[name].clear();
    this.groups = [];
    this.symbolsOf.clear();
    this.lastStrategy = '';
    this.remarks.clear();
    const count = this.readRows(bytes, new PlainRows(memory, 0));
    const { feeCurrency, venue, account, version } = this.codes;
    return {
      ...{ bytes, memory, count, unknown: this.unknown },
      groups: this.groups.map(({ strategy, symbol, startUs }) => ({ strategy, symbol, startUs })),
      words: {
        ...{ feeCurrency: feeCurrency.words(), venue: venue.words() },
        ...{ account: account.words(), version: version.words() },
      },
    };
  }

  /** Returns how many rows there are; 0 when one is not plain, or gave cause to say something. */
  private readRows(bytes: Uint8Array, rows: PlainRows): number {
    const { reader, origin, identity, remarks } = this;
    const { execution } = reader;
    const { feeCurrency, venue, account, version } = this.codes;
    const { tradeId, orderId, clientOrderId } = execution;
    let count = 0;
    for (let at = 0; at < bytes.length; count++) {
      at = reader.read(bytes, at);
      if (at < 0 || count === rows.capacity || remarks.size > 0 || !isSound(execution, origin.nowUs)) return 0;
      execution.version ??= origin.version;
      execution.account ??= origin.account;
      const strategy = execution.strategy || origin.strategy;
      if (!strategy) return 0;

      rows.executedAtUs[count] = execution.executedAtUs;
      rows.price[count] = execution.price;
      rows.quantity[count] = execution.quantity;
      rows.fee[count] = execution.fee;
      rows.decidedAtUs[count] = execution.decidedAtUs;
      rows.submittedAtUs[count] = execution.submittedAtUs;
      rows.arrivalPrice[count] = execution.arrivalPrice;
      rows.intendedQuantity[count] = execution.intendedQuantity;
      rows.feeCurrency[count] = feeCurrency.code(execution.feeCurrency);
      const venueCode = venue.code(execution.venue);
      const accountCode = account.code(execution.account);
      rows.venue[count] = venueCode;
      rows.account[count] = accountCode;
      rows.version[count] = version.code(execution.version);
      rows.side[count] = execution.side === 'buy' ? 1 : -1;
      const liquidity = execution.liquidity === null ? liquidityCode.unknown : liquidityCode[execution.liquidity];
      const paper = execution.paper ? 1 : 0;
      rows.liquidity[count] = liquidity;
      rows.paper[count] = paper;
      rows.idStarts.tradeId[count] = tradeId.start;
      rows.idEnds.tradeId[count] = tradeId.end;
      rows.idStarts.orderId[count] = orderId.start;
      rows.idEnds.orderId[count] = orderId.end;
      rows.idStarts.clientOrderId[count] = clientOrderId.start;
      rows.idEnds.clientOrderId[count] = clientOrderId.end;

      const group = this.group(strategy, execution.symbol, execution.executedAtUs);
      rows.group[count] = group.number;
      let { prefix } = group;
      if (prefix === null || prefix.venue !== venueCode || prefix.account !== accountCode) {
        prefix = { venue: venueCode, account: accountCode, state: identity.prefixOf(execution) };
        group.prefix = prefix;
      }
      identity.identify(prefix.state, execution, execution, liquidity | (paper << 2));
      rows.hashWords[count * 2] = identity.low;
      rows.hashWords[count * 2 + 1] = identity.high;
      rows.tradeWords[count] = identity.tradeWord;
      rows.factWords[count] = identity.factWord;
      rows.hasTradeId[count] = identity.hasTradeId ? 1 : 0;
    }
    return count;
  }

  private group(strategy: string, symbol: string, atUs: number): OpenGroup {
    if (strategy !== this.lastStrategy) {
      this.lastStrategy = strategy;
      this.lastSymbols = this.symbolsOf.get(strategy) ?? new Map();
      this.symbolsOf.set(strategy, this.lastSymbols);
    }
    const days = this.lastSymbols.get(symbol);
    if (days !== undefined && atUs >= days.last.startUs && atUs < days.last.endUs) return days.last;
    const startUs = Math.floor(atUs / DAY_US) * DAY_US;
    let group = days?.byStart.get(startUs);
    if (group === undefined) {
      group = { strategy, symbol, startUs, endUs: startUs + DAY_US, number: this.groups.length, prefix: null };
      this.groups.push(group);
    }
    if (days === undefined) this.lastSymbols.set(symbol, { last: group, byStart: new Map([[startUs, group]]) });
    else {
      days.last = group;
      days.byStart.set(startUs, group);
    }
    return group;
  }
}
