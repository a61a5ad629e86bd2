/**
 * Reads executions straight from the bytes of a delimited log, without a string a cell or an object a row. It reads only what is
 * plain beyond doubt (printable ASCII, no quotes, numbers of digits, times as machines write them) and gives every other row back,
 * to be read by the format itself: what comes of a row is the same either way.
 */
import type { Liquidity, Side } from '../../../shared/market/executions';
import type { ExecutionColumn, ExecutionLayout } from './format';
import { plainNumberAt } from './numbers';
import type { TimeReader } from './times';

/**
 * One execution as it lies in the bytes of its record, valid until the next is read. Unknown numbers are NaN; an id is the bytes
 * from its start to its end, empty when it is unknown.
 */
export class ExecutionBytes {
  bytes: Uint8Array = new Uint8Array(0);
  venue: string | null = null;
  account: string | null = null;
  strategy: string | null = null;
  version: string | null = null;
  symbol = '';
  side: Side = 'buy';
  price = Number.NaN;
  quantity = Number.NaN;
  fee = Number.NaN;
  feeCurrency: string | null = null;
  liquidity: Liquidity | null = null;
  executedAtUs = Number.NaN;
  decidedAtUs = Number.NaN;
  submittedAtUs = Number.NaN;
  arrivalPrice = Number.NaN;
  intendedQuantity = Number.NaN;
  paper = false;
  tradeIdStart = 0;
  tradeIdEnd = 0;
  orderIdStart = 0;
  orderIdEnd = 0;
  clientOrderIdStart = 0;
  clientOrderIdEnd = 0;
}

/** Longer records are left to the format, whose reading of them has a bound. */
const longestPlainRecord = 64 * 1024;
/** Rows given back, beyond those read, after which this log is left to its format: trying costs too. */
const patience = 1_000;

const plain = 0;
const cellEnds = 1;
const recordEnds = 2;
const returns = 3;
const notPlain = 4;

export class ExecutionByteReader {
  readonly execution = new ExecutionBytes();
  private readonly meaning = new Uint8Array(256).fill(notPlain);
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly columns: readonly CellReader[];
  private left = patience;

  /** @param width cells of every record */
  constructor(
    private readonly layout: ExecutionLayout,
    private readonly width: number,
    delimiter: string,
  ) {
    this.meaning.fill(plain, 32, 127);
    this.meaning['"'.charCodeAt(0)] = notPlain;
    this.meaning[delimiter.charCodeAt(0)] = cellEnds;
    this.meaning[10] = recordEnds;
    this.meaning[13] = returns;
    this.starts = new Int32Array(width);
    this.ends = new Int32Array(width);
    this.columns = layout.columns.map(cellReader);
  }

  /**
   * Reads the record that begins at `start` into {@link execution} and returns where the next one begins; -1 when it is not plain
   * or not there to its end.
   */
  read(bytes: Uint8Array, start: number): number {
    if (this.left <= 0) return -1;
    const next = this.cut(bytes, start);
    const read = next >= 0 && this.fill(bytes);
    this.left += read ? 1 : -1;
    return read ? next : -1;
  }

  /** Finds the cells; -1 unless they are as many as the header's. */
  private cut(bytes: Uint8Array, start: number): number {
    const { meaning, starts, ends, width } = this;
    const limit = Math.min(bytes.length, start + longestPlainRecord);
    let cell = 0;
    let cellStart = start;
    for (let at = start; at < limit; at++) {
      const means = meaning[bytes[at]!]!;
      if (means === plain) continue;
      if (means === notPlain || cell === width) return -1;
      if (means === returns && bytes[at + 1] !== 10) return -1;
      starts[cell] = cellStart;
      ends[cell] = at;
      cell++;
      cellStart = at + 1;
      if (means === cellEnds) continue;
      if (cell < width) return -1;
      return means === returns ? (at + 2 <= limit ? at + 2 : -1) : at + 1;
    }
    return -1;
  }

  private fill(bytes: Uint8Array): boolean {
    const { execution, columns, starts, ends } = this;
    const { constants } = this.layout;
    execution.bytes = bytes;
    execution.venue = constants.venue ?? null;
    execution.account = constants.account ?? null;
    execution.strategy = constants.strategy ?? null;
    execution.version = constants.version ?? null;
    execution.symbol = constants.symbol ?? '';
    execution.feeCurrency = constants.feeCurrency ?? null;
    execution.paper = constants.paper ?? false;
    execution.liquidity = null;
    execution.price = Number.NaN;
    execution.quantity = Number.NaN;
    execution.fee = Number.NaN;
    execution.executedAtUs = Number.NaN;
    execution.decidedAtUs = Number.NaN;
    execution.submittedAtUs = Number.NaN;
    execution.arrivalPrice = Number.NaN;
    execution.intendedQuantity = Number.NaN;
    execution.tradeIdEnd = execution.tradeIdStart;
    execution.orderIdEnd = execution.orderIdStart;
    execution.clientOrderIdEnd = execution.clientOrderIdStart;
    let sided = false;
    for (const column of columns) {
      const start = starts[column.index]!;
      const end = ends[column.index]!;
      if (start === end) continue;
      // What surrounds a value is the format's to judge.
      if (bytes[start] === 32 || bytes[end - 1] === 32) return false;
      if (!column.read(execution, bytes, start, end)) return false;
      if (column.isSide) sided = true;
    }
    return sided;
  }
}

interface CellReader {
  readonly index: number;
  readonly isSide: boolean;
  /** Reads the filled cell into the execution; false when it is not plain. */
  read(execution: ExecutionBytes, bytes: Uint8Array, start: number, end: number): boolean;
}

function cellReader(column: ExecutionColumn): CellReader {
  return { index: column.index, isSide: column.field === 'side', read: readerOf(column) };
}

/** One function a field, each with its own store: a field chosen by name in one shared function costs several times as much. */
function readerOf(column: ExecutionColumn): CellReader['read'] {
  switch (column.field) {
    case 'price':
      return (execution, bytes, start, end) => {
        execution.price = plainNumberAt(bytes, start, end);
        return execution.price > 0;
      };
    case 'quantity':
      return (execution, bytes, start, end) => {
        execution.quantity = plainNumberAt(bytes, start, end);
        return execution.quantity > 0;
      };
    case 'fee':
      return (execution, bytes, start, end) => {
        execution.fee = plainNumberAt(bytes, start, end);
        return !Number.isNaN(execution.fee);
      };
    case 'arrivalPrice':
      return (execution, bytes, start, end) => {
        execution.arrivalPrice = plainNumberAt(bytes, start, end);
        return execution.arrivalPrice > 0;
      };
    case 'intendedQuantity':
      return (execution, bytes, start, end) => {
        execution.intendedQuantity = plainNumberAt(bytes, start, end);
        return execution.intendedQuantity > 0;
      };
    case 'executedAtUs': {
      const { time } = column;
      return (execution, bytes, start, end) => {
        const other = execution.executedAtUs;
        execution.executedAtUs = plainTimeAt(time, bytes, start, end);
        return agrees(execution.executedAtUs, other);
      };
    }
    case 'decidedAtUs': {
      const { time } = column;
      return (execution, bytes, start, end) => {
        const other = execution.decidedAtUs;
        execution.decidedAtUs = plainTimeAt(time, bytes, start, end);
        return agrees(execution.decidedAtUs, other);
      };
    }
    case 'submittedAtUs': {
      const { time } = column;
      return (execution, bytes, start, end) => {
        const other = execution.submittedAtUs;
        execution.submittedAtUs = plainTimeAt(time, bytes, start, end);
        return agrees(execution.submittedAtUs, other);
      };
    }
    case 'tradeId':
      return (execution, _, start, end) => {
        execution.tradeIdStart = start;
        execution.tradeIdEnd = end;
        return true;
      };
    case 'orderId':
      return (execution, _, start, end) => {
        execution.orderIdStart = start;
        execution.orderIdEnd = end;
        return true;
      };
    case 'clientOrderId':
      return (execution, _, start, end) => {
        execution.clientOrderIdStart = start;
        execution.clientOrderIdEnd = end;
        return true;
      };
    case 'venue':
      return wordReader(column.read, (execution, word) => {
        execution.venue = word;
      });
    case 'account':
      return wordReader(column.read, (execution, word) => {
        execution.account = word;
      });
    case 'strategy':
      return wordReader(column.read, (execution, word) => {
        execution.strategy = word;
      });
    case 'version':
      return wordReader(column.read, (execution, word) => {
        execution.version = word;
      });
    case 'symbol':
      return wordReader(column.read, (execution, word) => {
        execution.symbol = word;
      });
    case 'feeCurrency':
      return wordReader(column.read, (execution, word) => {
        execution.feeCurrency = word;
      });
    case 'side':
      return wordReader(column.read, (execution, word) => {
        execution.side = word;
      });
    case 'liquidity':
      return wordReader(column.read, (execution, word) => {
        execution.liquidity = word;
      });
    case 'paper':
      return wordReader(column.read, (execution, word) => {
        execution.paper = word;
      });
    case 'expected':
      return wordReader(column.read, () => undefined);
  }
}

function plainTimeAt(time: TimeReader, bytes: Uint8Array, start: number, end: number): number {
  return time.readPlain?.(bytes, start, end) ?? Number.NaN;
}

/** Whether the instant was read, and is the one another column gave if any did. */
function agrees(atUs: number, other: number): boolean {
  return Number.isNaN(other) ? !Number.isNaN(atUs) : atUs === other;
}

function wordReader<Value>(
  read: (word: string) => Value | undefined,
  store: (execution: ExecutionBytes, value: Value) => void,
): CellReader['read'] {
  const known = new KnownWords(read);
  return (execution, bytes, start, end) => {
    const value = known.value(bytes, start, end);
    if (value === undefined) return false;
    store(execution, value);
    return true;
  };
}

const mostWords = 2_048;
const longestWord = 64;

/** The words of one column, told apart by their bytes, each read once. */
class KnownWords<Value> {
  private readonly bytes = new Uint8Array(mostWords * longestWord);
  private readonly sizes = new Uint8Array(mostWords);
  private readonly values: (Value | undefined)[] = [];
  /** Open addressing, at most half full: number of the word plus one, 0 = free. */
  private readonly table = new Uint16Array(mostWords * 2);
  private last = 0;

  constructor(private readonly read: (word: string) => Value | undefined) {}

  /** The word's value; undefined when the format itself must read it, or there are too many words to know. */
  value(bytes: Uint8Array, start: number, end: number): Value | undefined {
    const { values, table } = this;
    if (this.last < values.length && this.is(this.last, bytes, start, end)) return values[this.last];
    if (end - start > longestWord) return undefined;
    let mixed = end - start;
    for (let at = start; at < end; at++) mixed = Math.imul(mixed ^ bytes[at]!, 0x01000193);
    const mask = table.length - 1;
    for (let place = (mixed ^ (mixed >>> 15)) & mask; ; place = (place + 1) & mask) {
      const number = table[place]! - 1;
      if (number < 0) {
        if (values.length === mostWords) return undefined;
        table[place] = values.length + 1;
        return this.learn(bytes, start, end);
      }
      if (!this.is(number, bytes, start, end)) continue;
      this.last = number;
      return values[number];
    }
  }

  private learn(bytes: Uint8Array, start: number, end: number): Value | undefined {
    const number = this.values.length;
    this.bytes.set(bytes.subarray(start, end), number * longestWord);
    this.sizes[number] = end - start;
    const value = this.read(String.fromCharCode(...bytes.subarray(start, end)));
    this.values.push(value);
    this.last = number;
    return value;
  }

  private is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.sizes[number] !== end - start) return false;
    const own = this.bytes;
    for (let at = start, from = number * longestWord; at < end; at++, from++) if (own[from] !== bytes[at]) return false;
    return true;
  }
}
