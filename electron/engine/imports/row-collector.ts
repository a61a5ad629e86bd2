import { FailureError, failure } from '../../../shared/base/errors';
import { type UtcDay, utcDayOf } from '../../../shared/base/time';
import type { OrderEvent, PricePoint } from '../../../shared/market/executions';
import type { NewQuarantinedRow, SegmentKey, StoredReading } from '../ports';
import { ExecutionBatch, keyName, type OccurrenceHistory } from './execution-batch';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution, ParsedOrderEvent, RowOutcome } from './format';
import type { Collected, ImportHost, ImportTask, PrintedRow, QuarantinedLine } from './import-task';
import type { PlainBlock } from './plain-blocks';
import type { LoggedChange, TradeChange, Unapplied } from './trade-changes';
import { changeProblem, earliestUs, executionProblem, isSound, orderEventProblem, priceProblem } from './validate';
import { flat } from './words';

/**
 * Takes the outcomes of all rows, checks them, and hands them to the host in batches: the one place where rows are counted, so that
 * every row of the source ends in exactly one count.
 */

/** Why a row goes to quarantine, and where it belongs as far as that can be told. */
interface Refusal {
  readonly reason: string;
  readonly symbol?: string | null;
  readonly day?: UtcDay | null;
  readonly atUs?: number;
}

type Host = Pick<
  ImportHost,
  'existingHashes' | 'addParts' | 'addOrderEvents' | 'addPrices' | 'addQuarantined' | 'addReading' | 'print'
>;

const eventsPerCall = 2_000;
const pricesPerCall = 20_000;
const whyNot: Readonly<Record<Unapplied, string>> = {
  missing: 'which is not stored; import the log that has it, then retry this row',
  ambiguous: 'but several different trades have that id; correct the log and dismiss this row',
};

function changeText({ rule, reference }: LoggedChange | TradeChange): string {
  return `the row ${rule === 'trade bust' ? 'takes back' : 'corrects'} the trade ${reference}`;
}

const quarantinePerCall = 500;
const quarantineBytesPerCall = 4 * 1024 * 1024;
const printedPerCall = 500;
/** Printing is meant to be followed, so a batch is due earlier. */
const printedBatchRows = 8_192;
/** Quarantined rows the summary itself carries, and the characters of their texts in all. */
const quarantinedKept = 10_000;
const quarantinedTextKept = 8 * 1024 * 1024;
const segmentsPerCall = 256;
/** Watched executions after which all that waits is stored, so that they can be let go. */
const mostWatched = 100_000;

export class RowCollector {
  rowsRead = 0;
  private executions = 0;
  private orderEvents = 0;
  private otherRows = 0;
  private duplicates = 0;
  private quarantinedCount = 0;
  private fills = 0;
  private merged = 0;
  severalPerRow = false;
  private lastLine = 0;
  /** Ids of the cut rows that this source has whole. */
  readonly wholeRows: string[] = [];
  private readonly cutLines: ReadonlySet<number> | null;
  cutLine: number | null = null;
  /** Segments in which rows of this import may tell one trade twice. */
  private readonly repeating = new Map<string, SegmentKey>();
  private firstUs = Number.POSITIVE_INFINITY;
  private lastUs = Number.NEGATIVE_INFINITY;
  private readonly otherRowNames = new Map<string, number>();
  private readonly symbols = new Set<string>();
  private readonly strategies = new Set<string>();
  private readonly kept: QuarantinedLine[] = [];
  private keptText = 0;

  private readonly batch: ExecutionBatch;
  /** Executions that are looked for again when it shows whether they are new: rows of several, and rows to print. */
  private watched = new WatchedExecutions();
  /** Hashes of a dry run, which has no store to ask; null otherwise. */
  private readonly ownHashes: Map<string, BigUint64Array[]> | null;
  private storing: Promise<void> = Promise.resolve();

  /** The event that stands for its row, so that a row is new when this one is. */
  private rowEvents: OrderEvent[] = [];
  private furtherEvents: OrderEvent[] = [];
  private prices: PricePoint[] = [];
  private quarantine: NewQuarantinedRow[] = [];
  private quarantineBytes = 0;
  /** Name of the archive member being read, for the quarantine; null outside archives. */
  private member: string | null = null;
  /** How to read a row of this file again; null = it is noted already. */
  private reading: (() => string) | null = null;
  private readings: StoredReading[] = [];
  /** Busts and corrections, whose rows are counted when it shows whether their trades are there. */
  private changes: { readonly change: LoggedChange; readonly text: string; readonly member: string | null }[] = [];
  private printed: { readonly row: PrintedRow; readonly token: number }[] = [];

  /** Symbol and strategy of the last execution: most rows repeat them, and a set look-up a row is dear. */
  private lastSymbol = '';
  private lastStrategy = '';

  constructor(
    private readonly args: ImportTask['args'],
    private readonly host: Host,
    /** Equal executions without a trade id that came before, in the order of the source; goes on being counted here. */
    private readonly history: OccurrenceHistory = new Map(),
    /** Trades are not brought together at the end, see {@link ExecutionBatch}. */
    private readonly neverMerges = false,
  ) {
    this.batch = new ExecutionBatch(args.source, args.importId ?? 'dry-run', neverMerges);
    const { cutRows = [] } = args;
    this.cutLines = cutRows.length === 0 ? null : new Set(cutRows.map(({ line }) => line));
    this.ownHashes = args.importId === null ? new Map() : null;
  }

  /** A file begins: the one named or a member of an archive. `reading` tells how to read one of its rows again. */
  enter(member: string | null, reading: () => string): void {
    this.member = member;
    this.reading = reading;
  }

  take(line: number, outcome: RowOutcome, text: () => string): void {
    this.rowsRead++;
    this.lastLine = Math.max(this.lastLine, line);
    const refusal = this.accept(line, outcome, text);
    if (refusal) this.quarantineRow(line, refusal, text);
    else if (this.isCutLine(line)) {
      for (const cut of this.args.cutRows ?? []) {
        if (cut.line === line && text().startsWith(cut.text)) this.wholeRows.push(cut.id);
      }
    }
  }

  private isCutLine(line: number): boolean {
    return this.cutLines !== null && this.member === null && this.cutLines.has(line);
  }

  /** Counts and keeps the execution of a plain row; false when it is not sound, and the row must be judged by its format. */
  takePlain(line: number, execution: ExecutionBytes): boolean {
    if (!isSound(execution, this.args.nowUs) || this.isCutLine(line)) return false;
    this.rowsRead++;
    this.lastLine = line;
    execution.version ??= this.args.version;
    execution.account ??= this.args.account;
    const strategy = this.strategyOf(execution.strategy);
    this.batch.addPlain(execution, strategy, line);
    return true;
  }

  /** Counts and keeps the executions of a block whose first line is given; false when its rows must be taken one by one. */
  takeBlock(block: PlainBlock, firstLine: number): boolean {
    const { count } = block.rows;
    if (this.cutLines !== null && this.member === null) {
      for (const line of this.cutLines) if (line >= firstLine && line < firstLine + count) return false;
    }
    this.rowsRead += count;
    this.lastLine = firstLine + count - 1;
    for (const { strategy } of block.groups) this.strategyOf(strategy);
    this.batch.addBlock(block, firstLine);
    return true;
  }

  /** Counts the row and keeps what it holds, or says why it belongs in quarantine. */
  private accept(line: number, outcome: RowOutcome, text: () => string): Refusal | null {
    switch (outcome.kind) {
      case 'executions': {
        const { executions, orderEvents = [] } = outcome;
        const refusal = this.judge(executions, orderEvents);
        if (refusal) return refusal;
        if (executions.length === 0) return { reason: 'the row holds no execution' };
        if (executions.length > 1) this.severalPerRow = true;
        if (executions.length === 1 && !this.args.print) this.addExecution(executions[0]!, line, 0);
        else {
          this.watched.row();
          for (const execution of executions) this.addExecution(execution, line, this.watched.execution());
        }
        for (const event of orderEvents) this.furtherEvents.push(this.ownEvent(event, line));
        return null;
      }
      case 'orderEvents': {
        const refusal = this.judge([], outcome.orderEvents);
        if (refusal) return refusal;
        const own = outcome.orderEvents.map((event) => this.ownEvent(event, line));
        const standsForRow = own.pop();
        if (!standsForRow) return { reason: 'the row holds no order event' };
        this.rowEvents.push(standsForRow);
        this.furtherEvents.push(...own);
        return null;
      }
      case 'prices': {
        for (const { symbol, atUs, price } of outcome.points) {
          const reason = priceProblem(symbol, atUs, price, this.args.nowUs);
          if (reason !== null) return { reason, symbol, atUs };
        }
        this.countOther('price');
        for (const point of outcome.points) this.addPrice(point);
        return null;
      }
      case 'other':
        this.countOther(outcome.name);
        return null;
      case 'change': {
        const { change } = outcome;
        const { symbol, atUs } = change;
        const problem = changeProblem(change, this.args.nowUs);
        if (problem !== null) return { reason: problem, symbol, atUs };
        if (this.neverMerges) {
          return {
            reason: `${changeText(change)} while its log is being followed; retry the row to apply it`,
            symbol,
            atUs,
          };
        }
        if (this.args.importId === null) this.countOther(change.rule);
        else {
          const strategy = this.strategyOf(change.strategy);
          const account = change.account ?? this.args.account;
          const own = { ...change, strategy, account, symbol: flat(change.symbol), line };
          this.changes.push({ change: own, text: text(), member: this.member });
        }
        return null;
      }
      case 'quarantine':
        return outcome;
    }
  }

  /** Busts and corrections that wait for their trades; {@link settleChanges} ends it. */
  get waitingChanges(): readonly LoggedChange[] {
    return this.changes.map(({ change }) => change);
  }

  /** Counts the rows of busts and corrections: those that were not applied go to quarantine, which {@link store} must then hand over. */
  settleChanges(unapplied: ReadonlyMap<LoggedChange, Unapplied>): void {
    const { member } = this;
    for (const row of this.changes) {
      const { change } = row;
      const why = unapplied.get(change);
      if (why === undefined) this.countOther(change.rule);
      else {
        const { symbol, atUs } = change;
        this.member = row.member;
        this.quarantineRow(
          change.line,
          { reason: `${changeText(change)}, ${whyNot[why]}`, symbol, atUs },
          () => row.text,
        );
      }
    }
    this.member = member;
    this.changes = [];
  }

  private judge(executions: readonly ParsedExecution[], events: readonly ParsedOrderEvent[]): Refusal | null {
    for (const execution of executions) {
      const reason = executionProblem(execution, this.args.nowUs);
      if (reason !== null) return { reason, symbol: execution.symbol, atUs: execution.executedAtUs };
    }
    for (const event of events) {
      const reason = orderEventProblem(event, this.args.nowUs);
      if (reason !== null) return { reason, symbol: event.symbol, atUs: event.atUs };
    }
    return null;
  }

  /** Whether {@link store} has something worth its while. */
  get due(): boolean {
    return (
      this.executionsDue ||
      (this.args.print && this.batch.count >= printedBatchRows) ||
      this.rowEvents.length + this.furtherEvents.length >= eventsPerCall ||
      this.prices.length >= pricesPerCall ||
      this.quarantine.length >= quarantinePerCall ||
      this.quarantineBytes >= quarantineBytesPerCall
    );
  }

  private get executionsDue(): boolean {
    return this.batch.due || this.watched.count >= mostWatched;
  }

  /** Hands over what was collected, but for days the file may go on with. The parts of a batch are stored while the next rows are read. */
  async store(last: boolean, all = last): Promise<void> {
    if (all || this.args.print || this.executionsDue) await this.storeExecutions(last, all);
    await this.storeOrderEvents();
    for (let at = 0; at < this.prices.length; at += pricesPerCall) {
      await this.host.addPrices(this.prices.slice(at, at + pricesPerCall));
    }
    this.prices = [];
    for (let at = 0; at < this.quarantine.length; at += quarantinePerCall) {
      await this.host.addQuarantined(this.quarantine.slice(at, at + quarantinePerCall));
    }
    this.quarantine = [];
    this.quarantineBytes = 0;
    for (const reading of this.readings) await this.host.addReading(reading);
    this.readings = [];
    if (this.args.print) await this.print();
    if (last) await this.storing;
  }

  /** As {@link store} at the end, but more rows of the same source may follow another day. */
  async storeSoFar(): Promise<void> {
    await this.store(false, true);
    await this.storing;
  }

  /** No line end follows the last row. */
  endsWithoutLine(): void {
    this.cutLine = this.lastLine;
  }

  /** What is to be looked at for trades told twice, when all is stored. */
  get repeatingSegments(): readonly SegmentKey[] {
    return [...this.repeating.values()];
  }

  /** Counts executions that were stored and for which another row stands by now. */
  countMerged({ executions, rows }: { readonly executions: number; readonly rows: number }): void {
    this.executions -= rows;
    this.duplicates += rows;
    this.fills -= executions;
    this.merged += executions;
  }

  /** The end of the count; throws when a row was lost or counted twice. */
  finish(): Collected {
    const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantinedCount: quarantined } = this;
    const waiting = this.changes.length;
    if (rowsRead !== executions + orderEvents + otherRows + duplicates + quarantined + waiting) {
      throw new Error(
        `rows were lost: ${rowsRead} read, but ${executions} executions, ${orderEvents} order events, ${otherRows} others, ${duplicates} duplicates, ${quarantined} quarantined`,
      );
    }
    return {
      counts: { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined },
      fills: this.fills,
      merged: this.merged,
      severalPerRow: this.severalPerRow,
      cutLine: this.cutLine,
      otherRowNames: Object.fromEntries(this.otherRowNames),
      quarantined: this.kept,
      firstUs: Number.isFinite(this.firstUs) ? this.firstUs : null,
      lastUs: Number.isFinite(this.lastUs) ? this.lastUs : null,
      symbols: [...this.symbols].sort(),
      strategies: [...this.strategies].sort(),
    };
  }

  /** @param token what the execution is watched under, 0 = it is not */
  private addExecution(execution: ParsedExecution, line: number, token: number): void {
    const strategy = this.strategyOf(execution.strategy);
    const complete =
      (execution.version !== null || this.args.version === null) &&
      (execution.account !== null || this.args.account === null)
        ? execution
        : {
            ...execution,
            version: execution.version ?? this.args.version,
            account: execution.account ?? this.args.account,
          };
    if (this.args.print) {
      const row: PrintedRow = { type: 'execution', ...complete, source: this.args.source, strategy, line };
      this.printed.push({ row, token });
    }
    this.batch.add(complete, strategy, line, token);
  }

  private ownEvent(event: ParsedOrderEvent, line: number): OrderEvent {
    const own: OrderEvent = {
      ...event,
      source: this.args.source,
      strategy: this.strategyOf(event.strategy),
      version: event.version ?? this.args.version,
      account: event.account ?? this.args.account,
      line,
    };
    this.see(event.symbol, event.atUs);
    if (this.args.print) this.printed.push({ row: { type: 'order', ...own }, token: 0 });
    return own;
  }

  private strategyOf(named: string | null): string {
    const strategy = named || this.args.strategy;
    if (strategy === this.lastStrategy && strategy !== '') return strategy;
    if (!strategy) {
      throw new FailureError(
        failure(
          'invalid-arguments',
          `${this.args.name} does not say which strategy traded.`,
          'Name it with --strategy NAME.',
          { missing: 'strategy' },
        ),
      );
    }
    const own = flat(strategy);
    this.strategies.add(own);
    this.lastStrategy = own;
    return own;
  }

  private see(symbol: string, atUs: number): void {
    if (symbol !== this.lastSymbol) {
      this.lastSymbol = symbol;
      if (!this.symbols.has(symbol)) this.symbols.add(flat(symbol));
    }
    if (atUs < this.firstUs) this.firstUs = atUs;
    if (atUs > this.lastUs) this.lastUs = atUs;
  }

  private countOther(name: string): void {
    this.otherRows++;
    this.otherRowNames.set(name, (this.otherRowNames.get(name) ?? 0) + 1);
  }

  private addPrice(point: PricePoint): void {
    this.see(point.symbol, point.atUs);
    this.prices.push(point);
    if (this.args.print) this.printed.push({ row: { type: 'price', ...point }, token: 0 });
  }

  private quarantineRow(line: number, refusal: Refusal, text: () => string): void {
    const { reason, atUs = Number.NaN } = refusal;
    const sane = atUs >= earliestUs && atUs <= this.args.nowUs;
    const day = refusal.day ?? (sane ? utcDayOf(atUs) : null);
    const symbol = refusal.symbol || null;
    const placed = this.member === null ? reason : `${this.member}: ${reason}`;
    const { member } = this;
    const row = { member, line, day, symbol: symbol && flat(symbol), reason: placed, text: flat(text()) };
    if (this.reading !== null) {
      this.readings.push({ member, document: this.reading() });
      this.reading = null;
    }
    this.quarantinedCount++;
    this.quarantine.push(row);
    this.quarantineBytes += row.text.length;
    if (this.kept.length >= quarantinedKept) return;
    const fits = this.keptText + row.text.length <= quarantinedTextKept;
    const kept = fits ? row.text : `${row.text.slice(0, 200)}…`;
    this.keptText += kept.length;
    this.kept.push({ line, reason: placed, text: kept });
  }

  private async storeExecutions(last: boolean, all: boolean): Promise<void> {
    const keys = this.batch.choose(all || this.args.print || this.watched.count >= mostWatched);
    if (keys.length === 0) return;
    // Parts of a segment must be in before it is asked what is there. Where reading is quicker than the disk, it waits: one batch at
    // most is on its way into the store while the next is read.
    await this.storing;
    const existing: (readonly BigUint64Array[])[] = [];
    for (let at = 0; at < keys.length; at += segmentsPerCall) {
      existing.push(...(await this.existingHashes(keys.slice(at, at + segmentsPerCall))));
    }
    const taken = this.batch.take(existing, this.history, last);
    const { groups, added, duplicates, newTokens, firstUs, lastUs } = taken;
    for (const key of taken.repeating) this.repeating.set(keyName(key), key);
    for (const { symbol } of keys) this.symbols.add(symbol);
    this.firstUs = Math.min(this.firstUs, firstUs);
    this.lastUs = Math.max(this.lastUs, lastUs);
    this.fills += added + newTokens.length;
    this.executions += added;
    this.duplicates += duplicates;
    this.watched.found(newTokens);
    if (this.batch.count === 0 && !this.args.print) this.countWatched();
    if (this.ownHashes) {
      for (const { summary, hashes } of groups.flatMap(({ parts }) => parts)) {
        const name = keyName(summary.key);
        // A copy, so that the columns beside it are let go.
        this.ownHashes.set(name, [...(this.ownHashes.get(name) ?? []), hashes.slice()]);
      }
      return;
    }
    // One after the other, so that parts are numbered in the order of the file.
    this.storing = this.storing.then(async () => {
      for (const { parts, buffer } of groups) await this.host.addParts(parts, [buffer]);
    });
    // Awaited before a later batch; until then a refusal must not count as unhandled.
    this.storing.catch(() => undefined);
  }

  /** Counts the watched rows, none of which is waiting any more: a row is new when any of its executions is. */
  private countWatched(): void {
    const { rows, newRows } = this.watched;
    this.executions += newRows;
    this.duplicates += rows - newRows;
    this.watched = new WatchedExecutions();
  }

  private async existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]> {
    const { ownHashes } = this;
    return ownHashes ? keys.map((key) => ownHashes.get(keyName(key)) ?? []) : this.host.existingHashes(keys);
  }

  private async storeOrderEvents(): Promise<void> {
    for (let at = 0; at < this.furtherEvents.length; at += eventsPerCall) {
      await this.host.addOrderEvents(this.furtherEvents.slice(at, at + eventsPerCall));
    }
    for (let at = 0; at < this.rowEvents.length; at += eventsPerCall) {
      const events = this.rowEvents.slice(at, at + eventsPerCall);
      const added = await this.host.addOrderEvents(events);
      this.orderEvents += added;
      this.duplicates += events.length - added;
    }
    this.furtherEvents = [];
    this.rowEvents = [];
  }

  private async print(): Promise<void> {
    const rows = this.printed.filter(({ token }) => token === 0 || this.watched.isNew(token)).map(({ row }) => row);
    this.printed = [];
    this.countWatched();
    for (let at = 0; at < rows.length; at += printedPerCall) await this.host.print(rows.slice(at, at + printedPerCall));
  }
}

/** Executions known by numbers from 1, the row each belongs to, and which of them turned out to be new. */
class WatchedExecutions {
  rows = 0;
  private readonly rowOf: number[] = [];
  private readonly isNewRow = new Set<number>();
  private readonly newOnes = new Set<number>();

  get count(): number {
    return this.rowOf.length;
  }

  get newRows(): number {
    return this.isNewRow.size;
  }

  /** Begins the next row. */
  row(): void {
    this.rows++;
  }

  /** Number of the row's next execution. */
  execution(): number {
    return this.rowOf.push(this.rows);
  }

  found(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.newOnes.add(number);
      this.isNewRow.add(this.rowOf[number - 1]!);
    }
  }

  isNew(number: number): boolean {
    return this.newOnes.has(number);
  }
}
