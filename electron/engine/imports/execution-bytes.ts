/**
 * Reads executions straight from the bytes of a delimited log, without a string a cell or an object a row. It reads only what is
 * plain beyond doubt (printable ASCII, no quotes, numbers of digits, times as machines write them) and gives every other row back,
 * to be read by the format itself: what comes of a row is the same either way.
 */
import type { Liquidity, Side } from '../../../shared/market/executions';
import type { ExecutionColumn, ExecutionLayout } from './format';
import { PlainNumber } from './numbers';
import type { TimeReader } from './times';

const noBytes = new Uint8Array(0);

/** A cell as it lies in the bytes of its record; empty when it is unknown. */
class CellBytes {
  bytes: Uint8Array = noBytes;
  start = 0;
  end = 0;
}

/** One execution as it lies in the bytes of its record, valid until the next is read. Unknown numbers are NaN. */
export class ExecutionBytes {
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
  readonly tradeId = new CellBytes();
  readonly orderId = new CellBytes();
  readonly clientOrderId = new CellBytes();
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

const blank = 32;
const lineFeed = 10;

/** What each byte means; block-kernel/kernel.ts reads by the same table. */
export function byteMeanings(delimiter: string): Uint8Array {
  const meaning = new Uint8Array(256).fill(notPlain);
  meaning.fill(plain, blank, 127);
  meaning['"'.charCodeAt(0)] = notPlain;
  meaning[delimiter.charCodeAt(0)] = cellEnds;
  meaning[lineFeed] = recordEnds;
  meaning[13] = returns;
  return meaning;
}

export class ExecutionByteReader {
  readonly execution = new ExecutionBytes();
  private readonly meaning: Uint8Array;
  /** One for each cell of a record. */
  private readonly cells: readonly CellReader[];
  private left = patience;
  private chunk: Uint8Array = new Uint8Array(0);
  private lastLineFeed = -1;

  /** @param width cells of every record */
  constructor(
    private readonly layout: ExecutionLayout,
    width: number,
    delimiter: string,
  ) {
    const meaning = byteMeanings(delimiter);
    this.meaning = meaning;
    const unread: CellReader = { isSide: false, read: (_, bytes, start) => endOfCell(meaning, bytes, start) };
    const cells: CellReader[] = Array.from({ length: width }, () => unread);
    for (const column of layout.columns) {
      const before = cells[column.index]!;
      const reader = { isSide: column.field === 'side', read: readerOf(column, meaning) };
      cells[column.index] = before === unread ? reader : both(before, reader);
    }
    this.cells = cells;
  }

  /**
   * Reads the record that begins at `start` into {@link execution} and returns where the next one begins; -1 when it is not plain
   * or not there to its end. A chunk's bytes stay as they are as long as it is read.
   */
  read(bytes: Uint8Array, start: number): number {
    if (this.left <= 0) return -1;
    if (bytes !== this.chunk) {
      this.chunk = bytes;
      this.lastLineFeed = bytes.lastIndexOf(lineFeed);
    }
    // Every loop below ends at a line feed, so none runs beyond the chunk.
    const next = start <= this.lastLineFeed ? this.walk(bytes, start) : -1;
    const read = next >= 0 && next - start <= longestPlainRecord;
    this.left += read ? 1 : -1;
    return read ? next : -1;
  }

  /** Reads cell by cell, each where the one before it ended. */
  private walk(bytes: Uint8Array, start: number): number {
    const { execution, cells, meaning, lastLineFeed } = this;
    this.clear(bytes);
    const last = cells.length - 1;
    let sided = false;
    let at = start;
    for (let cell = 0; ; cell++) {
      const reader = cells[cell]!;
      if (meaning[bytes[at]!] === plain) {
        at = reader.read(execution, bytes, at, lastLineFeed);
        if (at < 0) return -1;
        if (reader.isSide) sided = true;
      }
      const means = meaning[bytes[at]!];
      at++;
      if (cell < last) {
        if (means !== cellEnds) return -1;
      } else {
        if (!sided) return -1;
        if (means === recordEnds) return at;
        return means === returns && bytes[at] === lineFeed ? at + 1 : -1;
      }
    }
  }

  private clear(bytes: Uint8Array): void {
    const { execution } = this;
    const { constants } = this.layout;
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
    clearCell(execution.tradeId, bytes);
    clearCell(execution.orderId, bytes);
    clearCell(execution.clientOrderId, bytes);
  }
}

function clearCell(cell: CellBytes, bytes: Uint8Array): void {
  cell.bytes = bytes;
  cell.end = cell.start;
}

interface CellReader {
  readonly isSide: boolean;
  /**
   * Reads the filled cell that begins at `start` into the execution and returns the place of the byte that ends it; -1 when it is not
   * plain. That this byte may end a cell is for the caller to see.
   * @param limit place of a line feed that comes later in the chunk
   */
  read(execution: ExecutionBytes, bytes: Uint8Array, start: number, limit: number): number;
}
type ReadCell = CellReader['read'];

/** Place of the byte that ends the cell, or that is not plain. */
function endOfCell(meaning: Uint8Array, bytes: Uint8Array, start: number): number {
  let at = start;
  while (meaning[bytes[at]!] === plain) at++;
  return at;
}

/** One column that says two things. */
function both(first: CellReader, second: CellReader): CellReader {
  return {
    isSide: first.isSide || second.isSide,
    read(execution, bytes, start, limit) {
      const end = first.read(execution, bytes, start, limit);
      return end >= 0 && second.read(execution, bytes, start, limit) === end ? end : -1;
    },
  };
}

/** One function a field, each with its own store: a field chosen by name in one shared function costs several times as much. */
function readerOf(column: ExecutionColumn, meaning: Uint8Array): ReadCell {
  const number = new PlainNumber();
  switch (column.field) {
    case 'price':
      return (execution, bytes, start) => {
        const end = number.read(bytes, start);
        execution.price = number.value;
        return number.value > 0 ? end : -1;
      };
    case 'quantity':
      return (execution, bytes, start) => {
        const end = number.read(bytes, start);
        execution.quantity = number.value;
        return number.value > 0 ? end : -1;
      };
    case 'fee':
      return (execution, bytes, start) => {
        const end = number.read(bytes, start);
        execution.fee = number.value;
        return Number.isNaN(number.value) ? -1 : end;
      };
    case 'arrivalPrice':
      return (execution, bytes, start) => {
        const end = number.read(bytes, start);
        execution.arrivalPrice = number.value;
        return number.value > 0 ? end : -1;
      };
    case 'intendedQuantity':
      return (execution, bytes, start) => {
        const end = number.read(bytes, start);
        execution.intendedQuantity = number.value;
        return number.value > 0 ? end : -1;
      };
    case 'executedAtUs': {
      const instant = new PlainTime(column.time, meaning);
      return (execution, bytes, start, limit) => {
        const end = instant.read(bytes, start, limit);
        if (!agrees(instant.atUs, execution.executedAtUs)) return -1;
        execution.executedAtUs = instant.atUs;
        return end;
      };
    }
    case 'decidedAtUs': {
      const instant = new PlainTime(column.time, meaning);
      return (execution, bytes, start, limit) => {
        const end = instant.read(bytes, start, limit);
        if (!agrees(instant.atUs, execution.decidedAtUs)) return -1;
        execution.decidedAtUs = instant.atUs;
        return end;
      };
    }
    case 'submittedAtUs': {
      const instant = new PlainTime(column.time, meaning);
      return (execution, bytes, start, limit) => {
        const end = instant.read(bytes, start, limit);
        if (!agrees(instant.atUs, execution.submittedAtUs)) return -1;
        execution.submittedAtUs = instant.atUs;
        return end;
      };
    }
    case 'tradeId':
      return (execution, bytes, start) => {
        const end = endOfCell(meaning, bytes, start);
        execution.tradeId.start = start;
        execution.tradeId.end = end;
        return isBare(bytes, start, end) ? end : -1;
      };
    case 'orderId':
      return (execution, bytes, start) => {
        const end = endOfCell(meaning, bytes, start);
        execution.orderId.start = start;
        execution.orderId.end = end;
        return isBare(bytes, start, end) ? end : -1;
      };
    case 'clientOrderId':
      return (execution, bytes, start) => {
        const end = endOfCell(meaning, bytes, start);
        execution.clientOrderId.start = start;
        execution.clientOrderId.end = end;
        return isBare(bytes, start, end) ? end : -1;
      };
    case 'venue':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.venue = word;
      });
    case 'account':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.account = word;
      });
    case 'strategy':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.strategy = word;
      });
    case 'version':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.version = word;
      });
    case 'symbol':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.symbol = word;
      });
    case 'feeCurrency':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.feeCurrency = word;
      });
    case 'side':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.side = word;
      });
    case 'liquidity':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.liquidity = word;
      });
    case 'paper':
      return wordReader(column.read, meaning, (execution, word) => {
        execution.paper = word;
      });
    case 'expected':
      return wordReader(column.read, meaning, () => undefined);
  }
}

/** Whether no blanks surround the value: they are the format's to judge. */
function isBare(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[start] !== blank && bytes[end - 1] !== blank;
}

/** The times of one column. They are mostly as long as the one before, so its end is tried before the cell's is looked for. */
class PlainTime {
  atUs = Number.NaN;
  private size = 0;

  constructor(
    private readonly time: TimeReader,
    private readonly meaning: Uint8Array,
  ) {}

  /** Reads the time that begins at `start` and returns where it ends; {@link atUs} is NaN when it must be read as text. */
  read(bytes: Uint8Array, start: number, limit: number): number {
    const tried = start + this.size;
    // A time read up to there has no byte that ends a cell, so the cell ends there and not before.
    if (this.size > 0 && tried <= limit && this.meaning[bytes[tried]!] !== plain) {
      this.atUs = this.time.readPlain?.(bytes, start, tried) ?? Number.NaN;
      if (!Number.isNaN(this.atUs)) return tried;
    }
    const end = endOfCell(this.meaning, bytes, start);
    this.size = end - start;
    this.atUs = this.time.readPlain?.(bytes, start, end) ?? Number.NaN;
    return end;
  }
}

/** Whether the instant was read, and is the one another column gave if any did. */
function agrees(atUs: number, other: number): boolean {
  return Number.isNaN(other) ? !Number.isNaN(atUs) : atUs === other;
}

function wordReader<Value>(
  read: (word: string) => Value | undefined,
  meaning: Uint8Array,
  store: (execution: ExecutionBytes, value: Value) => void,
): ReadCell {
  const known = new KnownWords(read, meaning);
  return (execution, bytes, start, limit) => {
    const end = known.find(bytes, start, limit);
    const { value } = known;
    if (value === undefined) return -1;
    store(execution, value);
    return end;
  };
}

const mostWords = 2_048;
const longestWord = 64;
const mostRecent = 1_024;

/** The words of one column, told apart by their bytes, each read once. */
class KnownWords<Value> {
  private readonly bytes = new Uint8Array(mostWords * longestWord);
  private readonly sizes = new Uint8Array(mostWords);
  private readonly values: (Value | undefined)[] = [];
  /** Open addressing, at most half full: number of the word plus one, 0 = free. */
  private readonly table = new Uint16Array(mostWords * 2);
  /** The word last found by what it begins with: number plus one, 0 = none. Columns of few words are told apart by it. */
  private readonly recent = new Uint16Array(mostRecent);

  /** The value of the word {@link find} found; undefined when the format itself must read it, or there are too many to know. */
  value: Value | undefined = undefined;

  constructor(
    private readonly read: (word: string) => Value | undefined,
    private readonly meaning: Uint8Array,
  ) {}

  /**
   * Finds the word that begins at `start` and returns where it ends.
   * @param limit as of {@link CellReader}
   */
  find(bytes: Uint8Array, start: number, limit: number): number {
    const { values, table, meaning, recent } = this;
    // Of a column of two or three words, or of symbols, three bytes tell nearly always which it is.
    const place =
      start + 2 <= limit ? (bytes[start]! ^ (bytes[start + 1]! << 2) ^ (bytes[start + 2]! << 4)) & (mostRecent - 1) : 0;
    const likely = recent[place]! - 1;
    if (likely >= 0) {
      const end = start + this.sizes[likely]!;
      if (end <= limit && this.is(likely, bytes, start, end) && meaning[bytes[end]!] !== plain) {
        this.value = values[likely];
        return end;
      }
    }
    this.value = undefined;
    let mixed = 0;
    let end = start;
    for (; meaning[bytes[end]!] === plain; end++) mixed = Math.imul(mixed ^ bytes[end]!, 0x01000193);
    if (end - start > longestWord) return end;
    const mask = table.length - 1;
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const number = table[slot]! - 1;
      if (number < 0) {
        if (values.length === mostWords) return end;
        recent[place] = values.length + 1;
        table[slot] = values.length + 1;
        this.learn(bytes, start, end);
        return end;
      }
      if (this.sizes[number] !== end - start || !this.is(number, bytes, start, end)) continue;
      recent[place] = number + 1;
      this.value = values[number];
      return end;
    }
  }

  private learn(bytes: Uint8Array, start: number, end: number): void {
    const number = this.values.length;
    this.bytes.set(bytes.subarray(start, end), number * longestWord);
    this.sizes[number] = end - start;
    this.value = isBare(bytes, start, end) ? this.read(String.fromCharCode(...bytes.subarray(start, end))) : undefined;
    this.values.push(this.value);
  }

  /** Whether these bytes are the word's; looks no further than the first that differs. */
  private is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.bytes;
    for (let at = start, from = number * longestWord; at < end; at++, from++) if (own[from] !== bytes[at]) return false;
    return true;
  }
}
