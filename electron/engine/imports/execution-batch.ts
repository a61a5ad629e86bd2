import { ContentHash } from '../../../shared/base/hash';
import { CompensatedSum } from '../../../shared/base/sums';
import { DAY_US, utcDayOf } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import { liquidityCode } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import { encodeUtf8 } from '../../../shared/market/text-column';
import type { SegmentKey, SegmentPart } from '../ports';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution } from './format';

/**
 * The executions of a stretch of the file as columns in file order, and their way into parts: grouped by segment, put in time
 * order, freed of duplicates. A batch has a bound, so that a file of any size needs the memory of one.
 *
 * Identity of an execution: (source, venue, account, symbol, trade id, time, side, price, quantity). Without a trade id: the order
 * ids and the fee instead, and the how-manieth of its equals in the file it is: equal rows of one file are real trades, equal rows
 * of two overlapping files the same trade.
 */

/** Texts of a row, in the order in which they are packed. */
const textNames = ['tradeId', 'orderId', 'clientOrderId'] as const;
const numberNames = [
  'price',
  'quantity',
  'fee',
  'decidedAtUs',
  'submittedAtUs',
  'arrivalPrice',
  'intendedQuantity',
] as const;
const codeNames = ['feeCurrency', 'venue', 'account', 'version'] as const;

/** Rows at which a batch is due; it still takes what one more chunk of the file brings. */
const batchRows = 98_304;
const textBudgetBytes = 32 * 1024 * 1024;
const dictionaryBudget = 50_000;

interface Slot {
  readonly index: number;
  readonly key: SegmentKey;
  count: number;
  /** Hash state after the constant part of the identity, for the venue and account it was made with. */
  prefix: { readonly low: number; readonly high: number; readonly words: number } | null;
  prefixVenue: number;
  prefixAccount: number;
}

/** The segments of one symbol, and the one used last: rows come mostly in time order. */
interface SymbolDays {
  lastDay: number;
  lastSlot: Slot | null;
  readonly slots: Map<number, Slot>;
}

/** How often each content without a trade id occurred in the file so far, by segment. */
export type OccurrenceHistory = Map<string, BigUint64Array[]>;

export interface BatchParts {
  /** Parts to store, at most some megabytes a group; the columns of a group are views of its one buffer. */
  readonly groups: readonly { readonly parts: readonly SegmentPart[]; readonly buffer: ArrayBuffer }[];
  /** By execution in order of `add`: 1 = new, 0 = duplicate. */
  readonly isNew: Uint8Array;
}

export class ExecutionBatch {
  count = 0;
  private capacity = 0;
  private readonly slots: Slot[] = [];
  private readonly daysOf = new Map<string, Map<string, SymbolDays>>();
  /** The strategy of the last row and its symbols: most files have one. */
  private lastStrategy: string | null = null;
  private lastSymbols = new Map<string, SymbolDays>();
  private readonly hash = new ContentHash();
  private readonly codes = {
    feeCurrency: new Dictionary(),
    venue: new Dictionary(),
    account: new Dictionary(),
    version: new Dictionary(),
  };
  private slotIndex = new Uint32Array(0);
  private executedAtUs = new Float64Array(0);
  private side = new Int8Array(0);
  private liquidity = new Uint8Array(0);
  private paper = new Uint8Array(0);
  private line = new Uint32Array(0);
  private hasTradeId = new Uint8Array(0);
  private hashWords = new Uint32Array(0);
  private readonly numbers = mapNames(numberNames, () => new Float64Array(0));
  private readonly codeColumns = mapNames(codeNames, () => new Uint16Array(0));
  private readonly texts = mapNames(textNames, () => new TextBuilder());

  constructor(
    private readonly source: Source,
    private readonly importId: string,
  ) {
    this.grow(131_072);
  }

  get due(): boolean {
    return (
      this.count >= batchRows ||
      textNames.some((name) => this.texts[name].size >= textBudgetBytes) ||
      codeNames.some((name) => this.codes[name].size >= dictionaryBudget)
    );
  }

  /** Keys of the segments the batch touches. */
  keys(): readonly SegmentKey[] {
    return this.slots.map((slot) => slot.key);
  }

  /** Adds a checked execution. */
  add(execution: ParsedExecution, strategy: string, line: number): void {
    const row = this.nextRow();
    const { tradeId, orderId, clientOrderId } = this.texts;
    tradeId.add(row, execution.tradeId);
    orderId.add(row, execution.orderId);
    clientOrderId.add(row, execution.clientOrderId);
    this.fill(row, execution, strategy, line);
  }

  /** Adds a checked execution whose ids are ASCII bytes. */
  addPlain(execution: ExecutionBytes, strategy: string, line: number): void {
    const row = this.nextRow();
    const { bytes } = execution;
    const { tradeId, orderId, clientOrderId } = this.texts;
    tradeId.addBytes(row, bytes, execution.tradeIdStart, execution.tradeIdEnd);
    orderId.addBytes(row, bytes, execution.orderIdStart, execution.orderIdEnd);
    clientOrderId.addBytes(row, bytes, execution.clientOrderIdStart, execution.clientOrderIdEnd);
    this.fill(row, execution, strategy, line);
  }

  private nextRow(): number {
    if (this.count === this.capacity) this.grow(this.capacity * 2);
    return this.count++;
  }

  /** Fills the row but for its ids, which are there already. */
  private fill(row: number, execution: ExecutionBytes | ParsedExecution, strategy: string, line: number): void {
    const { numbers, codeColumns, codes, texts } = this;
    const venue = codes.venue.code(execution.venue);
    const account = codes.account.code(execution.account);
    const slot = this.slot(strategy, execution.symbol, execution.executedAtUs);
    slot.count++;
    this.slotIndex[row] = slot.index;
    this.executedAtUs[row] = execution.executedAtUs;
    this.side[row] = execution.side === 'buy' ? 1 : -1;
    this.liquidity[row] = liquidityCode[execution.liquidity ?? 'unknown'];
    this.paper[row] = execution.paper ? 1 : 0;
    this.line[row] = line;
    numbers.price[row] = execution.price;
    numbers.quantity[row] = execution.quantity;
    numbers.fee[row] = execution.fee ?? Number.NaN;
    numbers.decidedAtUs[row] = execution.decidedAtUs ?? Number.NaN;
    numbers.submittedAtUs[row] = execution.submittedAtUs ?? Number.NaN;
    numbers.arrivalPrice[row] = execution.arrivalPrice ?? Number.NaN;
    numbers.intendedQuantity[row] = execution.intendedQuantity ?? Number.NaN;
    codeColumns.feeCurrency[row] = codes.feeCurrency.code(execution.feeCurrency);
    codeColumns.venue[row] = venue;
    codeColumns.account[row] = account;
    codeColumns.version[row] = codes.version.code(execution.version);

    if (slot.prefix === null || slot.prefixVenue !== venue || slot.prefixAccount !== account) {
      slot.prefixVenue = venue;
      slot.prefixAccount = account;
      slot.prefix = this.hash
        .reset()
        .addText(this.source)
        .addText(execution.venue)
        .addText(execution.account)
        .addText(execution.symbol)
        .state();
    }
    const hash = this.hash.reset(slot.prefix);
    const hasTradeId = texts.tradeId.addTo(hash, row);
    this.hasTradeId[row] = hasTradeId ? 1 : 0;
    if (!hasTradeId) {
      texts.orderId.addTo(hash, row);
      texts.clientOrderId.addTo(hash, row);
    }
    hash.addNumber(execution.executedAtUs).addNumber(execution.price).addNumber(execution.quantity);
    hash.addWord(this.side[row]!);
    if (!hasTradeId) hash.addNumber(execution.fee);
    hash.finish();
    this.hashWords[row * 2] = hash.low;
    this.hashWords[row * 2 + 1] = hash.high;
  }

  /**
   * Turns the batch into parts and empties it.
   * @param existing for each of {@link keys} the hash columns of what is stored already
   * @param history occurrences earlier in the file; what this batch brings is added unless it is the last
   */
  take(existing: readonly (readonly BigUint64Array[])[], history: OccurrenceHistory, last: boolean): BatchParts {
    const { count, slots } = this;
    const isNew = new Uint8Array(count);
    const order = this.orderBySlot();
    const groups: { parts: SegmentPart[]; buffer: ArrayBuffer }[] = [];
    let begin = 0;
    let plans: PartPlan[] = [];
    let planBytes = 0;
    const pack = () => {
      if (plans.length === 0) return;
      const buffer = new ArrayBuffer(planBytes);
      let at = 0;
      const parts = plans.map((plan) => {
        const part = this.pack(plan, buffer, at);
        at += plan.bytes;
        return part;
      });
      groups.push({ parts, buffer });
      plans = [];
      planBytes = 0;
    };
    for (const slot of slots) {
      const rows = order.subarray(begin, begin + slot.count);
      begin += slot.count;
      const kept = this.withoutDuplicates(slot.key, rows, existing[slot.index] ?? [], history, last, isNew);
      if (kept === 0) continue;
      const plan = this.plan(slot.key, rows.subarray(0, kept));
      if (plans.length >= 64 || planBytes + plan.bytes > 4 * 1024 * 1024) pack();
      plans.push(plan);
      planBytes += plan.bytes;
    }
    pack();
    this.clear();
    return { groups, isNew };
  }

  private clear(): void {
    this.count = 0;
    this.slots.length = 0;
    this.daysOf.clear();
    this.lastStrategy = null;
    for (const name of codeNames) this.codes[name].clear();
    for (const name of textNames) this.texts[name].clear();
  }

  private slot(strategy: string, symbol: string, atUs: number): Slot {
    if (strategy !== this.lastStrategy) {
      this.lastSymbols = entryOf(this.daysOf, strategy, () => new Map<string, SymbolDays>());
      this.lastStrategy = strategy;
    }
    let days = this.lastSymbols.get(symbol);
    if (days === undefined) {
      days = { lastDay: Number.NaN, lastSlot: null, slots: new Map() };
      this.lastSymbols.set(symbol, days);
    }
    const dayNumber = Math.floor(atUs / DAY_US);
    if (days.lastSlot !== null && days.lastDay === dayNumber) return days.lastSlot;
    let slot = days.slots.get(dayNumber);
    if (!slot) {
      const key = { source: this.source, strategy: flat(strategy), symbol: flat(symbol), day: utcDayOf(atUs) };
      slot = { index: this.slots.length, key, count: 0, prefix: null, prefixVenue: 0, prefixAccount: 0 };
      this.slots.push(slot);
      days.slots.set(dayNumber, slot);
    }
    days.lastDay = dayNumber;
    days.lastSlot = slot;
    return slot;
  }

  /** Row numbers slot by slot, each slot in time order, ties in file order. */
  private orderBySlot(): Uint32Array {
    const { count, slots, slotIndex, executedAtUs } = this;
    const order = new Uint32Array(count);
    const next = new Uint32Array(slots.length);
    let total = 0;
    for (const slot of slots) {
      next[slot.index] = total;
      total += slot.count;
    }
    for (let row = 0; row < count; row++) order[next[slotIndex[row]!]!++] = row;
    for (const slot of slots) {
      const end = next[slot.index]!;
      const rows = order.subarray(end - slot.count, end);
      for (let at = 1; at < rows.length; at++) {
        if (executedAtUs[rows[at]!]! < executedAtUs[rows[at - 1]!]!) {
          rows.sort((left, right) => executedAtUs[left]! - executedAtUs[right]! || left - right);
          break;
        }
      }
    }
    return order;
  }

  /** Moves the new rows to the front of `rows`, keeping their order, gives each its final hash, and returns how many they are. */
  private withoutDuplicates(
    key: SegmentKey,
    rows: Uint32Array,
    existing: readonly BigUint64Array[],
    history: OccurrenceHistory,
    last: boolean,
    isNew: Uint8Array,
  ): number {
    const { hashWords, hasTradeId } = this;
    const known = new HashCounts(rows.length + existing.reduce((sum, column) => sum + column.length, 0));
    for (const column of existing) known.addAll(column);

    const anonymous = rows.reduce((sum, row) => sum + (hasTradeId[row] === 0 ? 1 : 0), 0);
    let occurrences: HashCounts | null = null;
    if (anonymous > 0) {
      const name = keyName(key);
      const earlier = history.get(name) ?? [];
      occurrences = new HashCounts(anonymous + earlier.reduce((sum, column) => sum + column.length, 0));
      for (const column of earlier) occurrences.addAll(column);
      if (!last) history.set(name, [...earlier, this.anonymousHashes(rows, anonymous)]);
    }

    let kept = 0;
    for (const row of rows) {
      let low = hashWords[row * 2]!;
      let high = hashWords[row * 2 + 1]!;
      if (occurrences && hasTradeId[row] === 0) {
        const ordinal = occurrences.add(low, high);
        this.hash.reset().addWord(low);
        this.hash.addWord(high);
        this.hash.addWord(ordinal);
        this.hash.finish();
        low = this.hash.low;
        high = this.hash.high;
        hashWords[row * 2] = low;
        hashWords[row * 2 + 1] = high;
      }
      if (known.add(low, high) > 0) continue;
      isNew[row] = 1;
      rows[kept++] = row;
    }
    return kept;
  }

  private anonymousHashes(rows: Uint32Array, count: number): BigUint64Array {
    const words = new Uint32Array(count * 2);
    let at = 0;
    for (const row of rows) {
      if (this.hasTradeId[row] !== 0) continue;
      words[at++] = this.hashWords[row * 2]!;
      words[at++] = this.hashWords[row * 2 + 1]!;
    }
    return new BigUint64Array(words.buffer);
  }

  private plan(key: SegmentKey, rows: Uint32Array): PartPlan {
    const count = rows.length;
    let textBytes = 0;
    for (const name of textNames) {
      const { starts, ends } = this.texts[name];
      for (const row of rows) textBytes += ends[row]! - starts[row]!;
    }
    const wide = 8 * (2 + numberNames.length) + 4 * (1 + textNames.length) + 2 * (1 + codeNames.length) + 3;
    // Up to eight bytes of padding before each of the columns' widths.
    return { key, rows, bytes: Math.ceil((count * wide + textBytes + 64) / 8) * 8 };
  }

  private pack({ key, rows }: PartPlan, buffer: ArrayBuffer, start: number): SegmentPart {
    const count = rows.length;
    let at = start;
    const place = (bytes: number, alignment: number): number => {
      at = Math.ceil(at / alignment) * alignment;
      const begin = at;
      at += bytes;
      return begin;
    };
    const float64 = (values: Float64Array): Float64Array =>
      gathered(values, rows, new Float64Array(buffer, place(count * 8, 8), count));
    const executedAtUs = float64(this.executedAtUs);
    const numbers = mapNames(numberNames, (name) => float64(this.numbers[name]));
    const hashes = new BigUint64Array(buffer, place(count * 8, 8), count);
    const words = new Uint32Array(buffer, hashes.byteOffset, count * 2);
    for (let index = 0; index < count; index++) {
      words[index * 2] = this.hashWords[rows[index]! * 2]!;
      words[index * 2 + 1] = this.hashWords[rows[index]! * 2 + 1]!;
    }
    hashes.sort();
    const line = new Uint32Array(buffer, place(count * 4, 4), count);
    for (let index = 0; index < count; index++) line[index] = this.line[rows[index]!]!;
    const textEnds = mapNames(textNames, () => new Uint32Array(buffer, place(count * 4, 4), count));
    const importIndex = new Uint16Array(buffer, place(count * 2, 2), count);
    const dictionaries = mapNames(codeNames, () => [''] as string[]);
    const codeColumns = mapNames(codeNames, (name) => {
      const column = new Uint16Array(buffer, place(count * 2, 2), count);
      this.codes[name].recode(this.codeColumns[name], rows, column, dictionaries[name]);
      return column;
    });
    const side = new Int8Array(buffer, place(count, 1), count);
    const liquidity = new Uint8Array(buffer, place(count, 1), count);
    const paper = new Uint8Array(buffer, place(count, 1), count);
    const net = new CompensatedSum();
    for (let index = 0; index < count; index++) {
      const row = rows[index]!;
      side[index] = this.side[row]!;
      liquidity[index] = this.liquidity[row]!;
      paper[index] = this.paper[row]!;
      net.add(this.side[row]! * this.numbers.quantity[row]!);
    }
    const texts = mapNames(textNames, (name) => {
      const begin = at;
      const size = this.texts[name].gather(rows, new Uint8Array(buffer, begin), textEnds[name]);
      at += size;
      return { bytes: new Uint8Array(buffer, begin, size), ends: textEnds[name] };
    });
    const columns: ExecutionColumns = {
      count,
      executedAtUs,
      side,
      ...numbers,
      liquidity,
      ...codeColumns,
      paper,
      ...texts,
      line,
      importIndex,
      dictionaries: {
        feeCurrencies: dictionaries.feeCurrency,
        venues: dictionaries.venue,
        accounts: dictionaries.account,
        versions: dictionaries.version,
        importIds: [this.importId],
      },
    };
    return {
      summary: {
        key,
        count,
        firstUs: executedAtUs[0]!,
        lastUs: executedAtUs[count - 1]!,
        netQuantity: net.value,
        lastPrice: numbers.price[count - 1]!,
      },
      columns,
      hashes,
    };
  }

  private grow(capacity: number): void {
    this.capacity = capacity;
    const wider = <Column extends Float64Array | Uint32Array | Uint16Array | Uint8Array | Int8Array>(
      empty: Column,
      old: Column,
    ): Column => {
      empty.set(old);
      return empty;
    };
    this.slotIndex = wider(new Uint32Array(capacity), this.slotIndex);
    this.executedAtUs = wider(new Float64Array(capacity), this.executedAtUs);
    this.side = wider(new Int8Array(capacity), this.side);
    this.liquidity = wider(new Uint8Array(capacity), this.liquidity);
    this.paper = wider(new Uint8Array(capacity), this.paper);
    this.line = wider(new Uint32Array(capacity), this.line);
    this.hasTradeId = wider(new Uint8Array(capacity), this.hasTradeId);
    this.hashWords = wider(new Uint32Array(capacity * 2), this.hashWords);
    for (const name of numberNames) this.numbers[name] = wider(new Float64Array(capacity), this.numbers[name]);
    for (const name of codeNames) this.codeColumns[name] = wider(new Uint16Array(capacity), this.codeColumns[name]);
    for (const name of textNames) this.texts[name].grow(capacity);
  }
}

interface PartPlan {
  readonly key: SegmentKey;
  readonly rows: Uint32Array;
  readonly bytes: number;
}

/** The rows' values; a function of its own, so that the loop knows its arrays' one type. */
function gathered(values: Float64Array, rows: Uint32Array, into: Float64Array): Float64Array {
  for (let index = 0; index < rows.length; index++) into[index] = values[rows[index]!]!;
  return into;
}

/** Name of a segment, for maps. */
export function keyName(key: SegmentKey): string {
  return `${key.source}\u0000${key.strategy}\u0000${key.symbol}\u0000${key.day}`;
}

/** A copy that does not hold the chunk of the file it was cut from. */
export function flat(text: string): string {
  return Buffer.from(text).toString();
}

function mapNames<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>; // one entry per name, by the line itself
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Texts of one column and their codes; code 0 is the unknown text. */
class Dictionary {
  private readonly codes = new Map<string, number>();
  private readonly texts: string[] = [''];
  private lastText: string | null = null;
  private lastCode = 0;

  get size(): number {
    return this.texts.length;
  }

  code(text: string | null): number {
    if (text === null || text === '') return 0;
    if (text === this.lastText) return this.lastCode;
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.texts.length;
      const own = flat(text);
      this.texts.push(own);
      this.codes.set(own, code);
    }
    this.lastText = text;
    this.lastCode = code;
    return code;
  }

  /** Writes the rows' codes into `column`, renumbered for a dictionary of their own, which it fills. */
  recode(codes: Uint16Array, rows: Uint32Array, column: Uint16Array, dictionary: string[]): void {
    const own = new Map<number, number>([[0, 0]]);
    let lastCode = 0;
    let lastOwn = 0;
    for (let index = 0; index < rows.length; index++) {
      const code = codes[rows[index]!]!;
      if (code === lastCode) {
        column[index] = lastOwn;
        continue;
      }
      let renumbered = own.get(code);
      if (renumbered === undefined) {
        renumbered = dictionary.length;
        dictionary.push(this.texts[code]!);
        own.set(code, renumbered);
      }
      lastCode = code;
      lastOwn = renumbered;
      column[index] = renumbered;
    }
  }

  clear(): void {
    this.codes.clear();
    this.texts.length = 1;
    this.lastText = null;
    this.lastCode = 0;
  }
}

/** Texts in the order they come, as UTF-8 bytes. */
class TextBuilder {
  bytes = new Uint8Array(1024 * 1024);
  starts = new Uint32Array(0);
  ends = new Uint32Array(0);
  size = 0;

  add(row: number, text: string | null): void {
    this.starts[row] = this.size;
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

  addBytes(row: number, from: Uint8Array, start: number, end: number): void {
    let at = this.size;
    this.starts[row] = at;
    if (at + end - start > this.bytes.length) this.widen(at + end - start);
    const { bytes } = this;
    for (let next = start; next < end; next++) bytes[at++] = from[next]!;
    this.size = at;
    this.ends[row] = at;
  }

  /** Adds the row's text to the hash; false when it is unknown. */
  addTo(hash: ContentHash, row: number): boolean {
    const start = this.starts[row]!;
    const end = this.ends[row]!;
    hash.addBytes(this.bytes, start, end);
    return end > start;
  }

  /** Writes the rows' texts one behind the other, and where each ends; returns the bytes written. */
  gather(rows: Uint32Array, into: Uint8Array, intoEnds: Uint32Array): number {
    const { bytes, starts, ends } = this;
    let size = 0;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const end = ends[row]!;
      for (let from = starts[row]!; from < end; from++) into[size++] = bytes[from]!;
      intoEnds[index] = size;
    }
    return size;
  }

  grow(capacity: number): void {
    const { starts, ends } = this;
    this.starts = new Uint32Array(capacity);
    this.starts.set(starts);
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
  }
}

/** Counts 64-bit hashes; open addressing over their halves, at most half full. */
class HashCounts {
  private readonly words: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly mask: number;

  /** @param limit how many hashes may be added */
  constructor(limit: number) {
    let size = 16;
    while (size < limit * 2) size *= 2;
    this.words = new Uint32Array(size * 2);
    this.counts = new Uint32Array(size);
    this.mask = size - 1;
  }

  addAll(hashes: BigUint64Array): void {
    const words = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
    for (let at = 0; at < words.length; at += 2) this.add(words[at]!, words[at + 1]!);
  }

  /** Counts the hash and returns how often it was counted before. */
  add(low: number, high: number): number {
    const { words, counts, mask } = this;
    let at = low & mask;
    while (counts[at] !== 0 && (words[at * 2] !== low || words[at * 2 + 1] !== high)) at = (at + 1) & mask;
    words[at * 2] = low;
    words[at * 2 + 1] = high;
    return counts[at]!++;
  }
}
