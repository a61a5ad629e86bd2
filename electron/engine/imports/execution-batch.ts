import { ContentHash } from '../../../shared/base/hash';
import type { Execution, Source } from '../../../shared/market/executions';
import type { SegmentKey, SegmentPart } from '../ports';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution } from './format';
import { HashCounts } from './hash-counts';
import type { PlainBlock } from './plain-blocks';
import { finishAnonymous, RowIdentity } from './row-identity';
import { SegmentBuilder, segmentKeyOf } from './segment-builder';

/**
 * The executions that were read and not yet stored, by segment, and their way into parts: put in time order, freed of duplicates. A
 * segment is handed over when the file has left its day, so that most days become one part; a bound on the rows held makes a file
 * of any size and order need the memory of one.
 *
 * Here only rows are dropped that say all the same: what another log, or the same log richer, says of a trade is brought together
 * when all is read (see merge-twins.ts). Without a trade id a row is told by its order ids, time, side, price, quantity and fee, and
 * by the how-manieth of its equals in the file it is: equal rows of one file are real trades, equal rows of two overlapping files
 * the same trade. What else it says is part of its hash, so that a richer row is not taken for one that is stored already.
 */

/** Rows at which something is due; a batch still takes what one more chunk of the file brings. */
const dueRows = 49_152;
const textBudgetBytes = 32 * 1024 * 1024;
const segmentBudget = 4_096;
/** Different words of one column of one segment: their codes have sixteen bits. */
const wordBudget = 50_000;
/** Rows of one segment that are kept waiting for the rest of its day. */
const waitingRows = 131_072;
/** Rows that builders kept for segments to come may have room for. */
const spareRows = 2 * dueRows;

const groupParts = 64;
/** A group is copied on its way into the store several times, all of which are in memory at once. */
const groupBytes = 1024 * 1024;

/** The segments of one symbol that are open, and the one used last: rows come mostly in time order. */
interface SymbolSegments {
  last: SegmentBuilder;
  readonly byDay: Map<string, SegmentBuilder>;
}

/** How often each content without a trade id occurred in the file so far, by segment. */
export type OccurrenceHistory = Map<string, BigUint64Array[]>;

export interface BatchParts {
  /** Parts to store, at most a megabyte or one part a group; the columns of a group are views of its one buffer. */
  readonly groups: readonly { readonly parts: readonly SegmentPart[]; readonly buffer: ArrayBuffer }[];
  /** Rows without a token that were new, and that were there already. */
  readonly added: number;
  readonly duplicates: number;
  /** Tokens of the rows that were new, one for each such row. */
  readonly newTokens: readonly number[];
  /** Segments in which a trade may be told twice, in different words. */
  readonly repeating: readonly SegmentKey[];
  /** First and last instant of the rows, duplicates included; infinite when there are none. */
  readonly firstUs: number;
  readonly lastUs: number;
}

export class ExecutionBatch {
  /** Rows held. */
  count = 0;
  private readonly hash = new ContentHash();
  private readonly identity: RowIdentity;
  private readonly known = new HashCounts();
  private readonly occurrences = new HashCounts();
  private readonly symbolsOf = new Map<string, Map<string, SymbolSegments>>();
  /** The strategy of the last row and its symbols: most files have one. */
  private lastStrategy: string | null = null;
  private lastSymbols = new Map<string, SymbolSegments>();
  private open: SegmentBuilder[] = [];
  private chosen: SegmentBuilder[] = [];
  private readonly spares: SegmentBuilder[] = [];
  private spareRows = 0;
  /** Segment of the last row: the file has not left its day. */
  private latest: SegmentBuilder | null = null;
  private textBytes = 0;

  constructor(
    private readonly source: Source,
    private readonly importId: string,
    /** Whether a row of which only what it says besides which one it is is new is a duplicate: nobody brings the two together. */
    private readonly dropsRicher = false,
  ) {
    this.identity = new RowIdentity(source);
  }

  get due(): boolean {
    return (
      this.count >= dueRows || this.open.length >= segmentBudget || this.textBytes >= textBudgetBytes || this.crowded
    );
  }

  /** Whether some segment has about as many words as it has codes for. */
  private get crowded(): boolean {
    return this.open.some(({ words }) => words >= wordBudget);
  }

  /** Adds a checked execution. */
  add(execution: ParsedExecution, strategy: string, line: number, token: number): void {
    const segment = this.segment(strategy, execution.symbol, execution.executedAtUs);
    const row = segment.add(execution, line, token);
    const before = segment.textBytes;
    segment.addIds(row, execution);
    this.textBytes += segment.textBytes - before;
    this.identify(segment, row, execution);
  }

  /** Adds a checked execution whose ids are ASCII bytes. */
  addPlain(execution: ExecutionBytes, strategy: string, line: number): void {
    const segment = this.segment(strategy, execution.symbol, execution.executedAtUs);
    const row = segment.add(execution, line, 0);
    const before = segment.textBytes;
    segment.texts.tradeId.addBytes(row, execution.tradeId);
    segment.texts.orderId.addBytes(row, execution.orderId);
    segment.texts.clientOrderId.addBytes(row, execution.clientOrderId);
    this.textBytes += segment.textBytes - before;
    this.identify(segment, row, execution);
  }

  /** Adds the rows of a block, the first of which stands on `firstLine`. */
  addBlock(block: PlainBlock, firstLine: number): void {
    const { rows, starts } = rowsByGroup(block);
    for (const [index, { strategy, symbol, startUs }] of block.groups.entries()) {
      const segment = this.segment(strategy, symbol, startUs);
      const before = segment.textBytes;
      segment.append(block, rows.subarray(starts[index]!, starts[index + 1]!), firstLine);
      this.textBytes += segment.textBytes - before;
    }
    const { strategy, symbol, startUs } = block.groups[block.rows.group[block.rows.count - 1]!]!;
    this.latest = this.segment(strategy, symbol, startUs);
    this.count += block.rows.count;
  }

  /** Gives the row, which is there but for it, its hash. */
  private identify(segment: SegmentBuilder, row: number, execution: ExecutionBytes | ParsedExecution): void {
    this.count++;
    this.latest = segment;
    segment.identify(row, execution, this.identity);
  }

  /**
   * Chooses the segments to hand over, which {@link take} then does, and returns their keys: those of days the file has left; where
   * that would not free enough, as in a file of one long day, all are.
   */
  choose(all: boolean): readonly SegmentKey[] {
    const day = this.latest?.segment.day;
    const staying = this.open.filter(({ segment }) => segment.day === day);
    const rows = staying.reduce((sum, { count }) => sum + count, 0);
    if (all || rows > waitingRows || staying.length > segmentBudget / 2 || this.crowded) {
      this.chosen = this.open;
      this.open = [];
    } else {
      this.chosen = this.open.filter(({ segment }) => segment.day !== day);
      this.open = staying;
    }
    return this.chosen.map(({ segment }) => segment);
  }

  /**
   * Turns the chosen segments into parts and lets them go.
   * @param existing for each chosen key the hash columns of what is stored already
   * @param history occurrences earlier in the file; what these segments bring is added unless they are the last
   */
  take(existing: readonly (readonly BigUint64Array[])[], history: OccurrenceHistory, last: boolean): BatchParts {
    const groups: { parts: SegmentPart[]; buffer: ArrayBuffer }[] = [];
    const newTokens: number[] = [];
    const repeating: SegmentKey[] = [];
    let added = 0;
    let duplicates = 0;
    let firstUs = Number.POSITIVE_INFINITY;
    let lastUs = Number.NEGATIVE_INFINITY;
    let plans: { readonly segment: SegmentBuilder; readonly rows: Uint32Array; readonly bytes: number }[] = [];
    let planBytes = 0;
    const pack = () => {
      if (plans.length === 0) return;
      const buffer = new ArrayBuffer(planBytes);
      let at = 0;
      const parts = plans.map(({ segment, rows, bytes }) => {
        const part = segment.pack(rows, this.importId, buffer, at);
        at += bytes;
        return part;
      });
      groups.push({ parts, buffer });
      plans = [];
      planBytes = 0;
    };
    for (const [index, segment] of this.chosen.entries()) {
      firstUs = Math.min(firstUs, segment.firstUs);
      lastUs = Math.max(lastUs, segment.lastUs);
      const ordered = segment.timeOrder();
      const kept = this.withoutDuplicates(segment, ordered, existing[index] ?? [], history, last);
      const rows = ordered.subarray(0, kept);
      // Files of one execution a row, nearly all, have no tokens.
      const told = segment.tokens === 0 ? [] : [...rows].map((row) => segment.token[row]!).filter((token) => token > 0);
      for (const token of told) newTokens.push(token);
      added += kept - told.length;
      duplicates += segment.count - segment.tokens - (kept - told.length);
      if (kept === 0) continue;
      if (kept > segment.anonymous && this.tellsTwice(segment, rows)) repeating.push(segment.segment);
      const bytes = segment.partBytes(rows);
      if (plans.length >= groupParts || planBytes + bytes > groupBytes) pack();
      plans.push({ segment, rows, bytes });
      planBytes += bytes;
    }
    pack();
    for (const segment of this.chosen) this.release(segment);
    this.chosen = [];
    this.textBytes = this.open.reduce((sum, { textBytes }) => sum + textBytes, 0);
    return { groups, added, duplicates, newTokens, repeating, firstUs, lastUs };
  }

  private release(segment: SegmentBuilder): void {
    const { strategy, symbol, day } = segment.segment;
    this.count -= segment.count;
    const symbols = this.symbolsOf.get(strategy);
    const segments = symbols?.get(symbol);
    segments?.byDay.delete(day);
    if (segments?.byDay.size === 0) symbols?.delete(symbol);
    if (segments?.last === segment) {
      const [other] = segments.byDay.values();
      if (other) segments.last = other;
    }
    if (symbols?.size === 0) {
      this.symbolsOf.delete(strategy);
      this.lastStrategy = null;
    }
    if (this.latest === segment) this.latest = null;
    if (this.spareRows + segment.capacity > spareRows) return;
    this.spareRows += segment.capacity;
    this.spares.push(segment);
  }

  private segment(strategy: string, symbol: string, atUs: number): SegmentBuilder {
    if (strategy !== this.lastStrategy) {
      let symbols = this.symbolsOf.get(strategy);
      if (symbols === undefined) {
        symbols = new Map();
        this.symbolsOf.set(strategy, symbols);
      }
      this.lastSymbols = symbols;
      this.lastStrategy = strategy;
    }
    const segments = this.lastSymbols.get(symbol);
    if (segments !== undefined && atUs >= segments.last.startUs && atUs < segments.last.endUs) return segments.last;
    const key = segmentKeyOf(this.source, strategy, symbol, atUs);
    const { day } = key;
    const known = segments?.byDay.get(day);
    if (segments !== undefined && known !== undefined) {
      segments.last = known;
      return known;
    }
    const spare = this.spares.pop();
    if (spare) this.spareRows -= spare.capacity;
    const made = spare ?? new SegmentBuilder();
    made.open(key);
    this.open.push(made);
    if (segments === undefined) this.lastSymbols.set(key.symbol, { last: made, byDay: new Map([[day, made]]) });
    else {
      segments.byDay.set(day, made);
      segments.last = made;
    }
    return made;
  }

  /** Moves the new rows to the front of `rows`, keeping their order, gives each its final hash, and returns how many they are. */
  private withoutDuplicates(
    segment: SegmentBuilder,
    rows: Uint32Array,
    existing: readonly BigUint64Array[],
    history: OccurrenceHistory,
    last: boolean,
  ): number {
    const { hashWords, factWords, hasTradeId, anonymous } = segment;
    const known = this.known.reset(rows.length * 2 + existing.reduce((sum, column) => sum + column.length, 0));
    for (const column of existing) known.addAll(column);

    let occurrences: HashCounts | null = null;
    if (anonymous > 0) {
      const name = keyName(segment.segment);
      const earlier = history.get(name) ?? [];
      occurrences = this.occurrences.reset(anonymous + earlier.reduce((sum, column) => sum + column.length, 0));
      for (const column of earlier) occurrences.addAll(column);
      if (!last) history.set(name, [...earlier, anonymousHashes(segment, rows)]);
    }

    let kept = 0;
    for (const row of rows) {
      let low = hashWords[row * 2]!;
      let high = hashWords[row * 2 + 1]!;
      if (occurrences && hasTradeId[row] === 0) {
        const ordinal = occurrences.add(low, high);
        finishAnonymous(this.hash, low, high, ordinal, factWords[row]!);
        if (this.dropsRicher && factWords[row] !== 0) {
          if (known.add(this.hash.low, this.hash.high) > 0) continue;
          finishAnonymous(this.hash, low, high, ordinal, 0);
        }
        low = this.hash.low;
        high = this.hash.high;
        hashWords[row * 2] = low;
        hashWords[row * 2 + 1] = high;
      }
      if (known.add(low, high) === 0) rows[kept++] = row;
    }
    return kept;
  }

  /** Whether two of these rows may tell one trade in different words. */
  private tellsTwice(segment: SegmentBuilder, rows: Uint32Array): boolean {
    const { tradeWords, hasTradeId } = segment;
    const trades = this.occurrences.reset(rows.length);
    for (const row of rows) if (hasTradeId[row] !== 0 && trades.add(tradeWords[row]!, 0) > 0) return true;
    return false;
  }
}

/** The hashes a row without a trade id is known by, as the how-manieth of its equals. */
export class AnonymousRow {
  private readonly hash = new ContentHash();
  private readonly low: number;
  private readonly high: number;
  private readonly facts: number;

  constructor(execution: Execution) {
    const { source, strategy, symbol, executedAtUs, line } = execution;
    const segment = new SegmentBuilder();
    segment.open(segmentKeyOf(source, strategy, symbol, executedAtUs));
    const row = segment.add(execution, line, 0);
    segment.addIds(row, execution);
    segment.identify(row, execution, new RowIdentity(source));
    this.low = segment.hashWords[0]!;
    this.high = segment.hashWords[1]!;
    this.facts = segment.factWords[0]!;
  }

  /** Equal for rows that tell one trade as far as one can see. */
  get identity(): string {
    return `${this.low} ${this.high}`;
  }

  /** Equal for rows that say all the same. */
  get content(): string {
    return `${this.low} ${this.high} ${this.facts}`;
  }

  /** Whether it says no more than which row it is. */
  get isBare(): boolean {
    return this.facts === 0;
  }

  hashAs(ordinal: number): bigint {
    return this.finished(ordinal, this.facts);
  }

  /** The hash it would have if it said no more than which row it is. */
  bareHashAs(ordinal: number): bigint {
    return this.finished(ordinal, 0);
  }

  private finished(ordinal: number, facts: number): bigint {
    finishAnonymous(this.hash, this.low, this.high, ordinal, facts);
    return (BigInt(this.hash.high) << 32n) | BigInt(this.hash.low);
  }
}

/** The rows of each group of the block in file order, one group behind the other, and where each begins. */
function rowsByGroup({ rows: { count, group }, groups }: PlainBlock): { rows: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(groups.length + 1);
  for (let row = 0; row < count; row++) starts[group[row]! + 1]!++;
  for (let index = 1; index < starts.length; index++) starts[index]! += starts[index - 1]!;
  const next = starts.slice();
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[next[group[row]!]!++] = row;
  return { rows, starts };
}

function anonymousHashes({ anonymous, hashWords, hasTradeId }: SegmentBuilder, rows: Uint32Array): BigUint64Array {
  const words = new Uint32Array(anonymous * 2);
  let at = 0;
  for (const row of rows) {
    if (hasTradeId[row] !== 0) continue;
    words[at++] = hashWords[row * 2]!;
    words[at++] = hashWords[row * 2 + 1]!;
  }
  return new BigUint64Array(words.buffer);
}

/** Name of a segment, for maps. */
export function keyName(key: SegmentKey): string {
  return `${key.source}\u0000${key.strategy}\u0000${key.symbol}\u0000${key.day}`;
}
