import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import { addUtcDays, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { IntervalSeries, Report } from '../../../shared/parity/document';
import { methodVersion } from '../../../shared/parity/method';
import { computePortfolioDay } from '../../../shared/parity/portfolio';
import type { ParitySettings } from '../../../shared/parity/settings';
import {
  computeSymbolDay,
  type SymbolDayContribution,
  type SymbolDayInput,
  type SymbolDayResult,
} from '../../../shared/parity/symbol-day';
import { computeWindow } from '../../../shared/parity/window';
import type { DeskStore, SegmentSummary, StoredReport } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import {
  type DayEvidence,
  type DaySegments,
  type EvidenceContext,
  feeCurrenciesOf,
  gatherEvidence,
  type SymbolDayKey,
  type SymbolOfDay,
  thirdCurrencies,
} from './day-evidence';

/**
 * The reports of one desk. A stored report counts as long as the fingerprint of what it was made from is that of what is stored now;
 * otherwise its day is made again as the next revision. Days are looked at when they are asked for, and after an import in the
 * background, one at a time, so that neither a call nor the main thread waits for more than a day's work.
 */
export interface ParityService {
  /** First and last day with executions of the strategy; throws `not-found` with the names there are. */
  span(strategy: string): Promise<{ readonly from: UtcDay; readonly to: UtcDay }>;
  /** Up-to-date daily reports of the days with executions in the range, oldest first; symbol null = portfolio. */
  daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]>;
  /** One day's report, or that of a window of days, with the day's series. Throws `no-data` when the range has no executions. */
  report(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<ReportWithSeries>;
  /** The orders of a symbol's day. Throws `no-data`. */
  open(key: SymbolDayKey): Promise<OpenDay>;
  settings(strategy: string, symbol: string | null): Promise<ParitySettings>;
  /** Brings the range up to date; returns how many reports were made. `onMade` hears of each day that changed. */
  refresh(
    strategy: string,
    from: UtcDay,
    to: UtcDay,
    options?: {
      readonly signal?: AbortSignal;
      readonly onMade?: (day: UtcDay) => void;
      readonly bothSidesOnly?: boolean;
    },
  ): Promise<number>;
  /** Stored data changed: nothing is known to be up to date any more. The service's own saving of reports is no such change. */
  noticeChange(): void;
}

interface ReportWithSeries {
  readonly report: Report;
  /** Null in a window of several days. */
  readonly series: IntervalSeries | null;
  readonly revisions: number;
}

interface OpenDay {
  readonly result: SymbolDayResult;
  readonly columns: Readonly<Record<Source, ExecutionColumns | null>>;
}

export interface ParityServiceOptions {
  readonly store: DeskStore;
  /** Works out the days of many executions. */
  readonly tasks: TaskRunner;
  readonly clock: Clock;
}

/** What one look at a range of days needs besides the days themselves; read once. */
interface Look {
  readonly strategy: string;
  readonly days: ReadonlyMap<UtcDay, ReadonlyMap<string, DaySegments>>;
  readonly coverage: EvidenceContext['coverage'];
  readonly stored: ReadonlyMap<string, StoredReport>;
  readonly nowUs: number;
  /** What was known before the look: replaced meanwhile, the look is older than the data. */
  readonly known: UpToDate;
}

interface UpToDate {
  /** `strategy|day` */
  readonly days: Set<string>;
  readonly ranges: { readonly strategy: string; readonly from: UtcDay; readonly to: UtcDay }[];
}

interface OpenedDay extends OpenDay {
  readonly inputHash: string;
}

type ReadDay = DayEvidence & Pick<OpenDay, 'columns'>;

const openDaysKept = 6;
const portfolioSeriesLimit = 400;
/** About ten milliseconds of work. */
const inlineExecutions = 8_000;
/** Symbols whose day is read and judged together: as many as come to this, and never more of them than this. */
const groupExecutions = 9_000;
const groupSymbols = 32;
/** One is read while another is judged: a day's memory stays bounded, whatever the day. */
const groupsAtOnce = 2;
/** The portfolio's place beside the symbols, which are never empty. */
const portfolioName = '';

export function createParityService({ store, tasks, clock }: ParityServiceOptions): ParityService {
  const { executions, reports } = store;
  /** What is known to be up to date; replaced by every change of the data. */
  let upToDate: UpToDate = { days: new Set(), ranges: [] };
  const inFlight = new Map<string, { readonly known: UpToDate; readonly making: Promise<number> }>();
  const opened = new Map<string, OpenedDay>();
  /** Series of portfolio days by the fingerprint of their report: they rest on every symbol's orders. */
  const portfolioSeriesKept = new Map<string, IntervalSeries>();
  const settingsRead = new Map<string, Promise<ParitySettings>>();

  function settings(strategy: string, symbol: string | null): Promise<ParitySettings> {
    const name = JSON.stringify([strategy, symbol]);
    const known = settingsRead.get(name);
    if (known) return known;
    const read = store.settings.parity(strategy, symbol);
    settingsRead.set(name, read);
    read.catch(() => settingsRead.delete(name));
    return read;
  }

  async function span(strategy: string): Promise<{ from: UtcDay; to: UtcDay }> {
    const strategies = await executions.strategies();
    const found = strategies.find((candidate) => candidate.strategy === strategy);
    if (found) return { from: found.firstDay, to: found.lastDay };
    const names = strategies.map((candidate) => candidate.strategy);
    throw new FailureError(
      failure(
        'not-found',
        `There is no strategy "${strategy}" on this desk.`,
        names.length === 0 ? 'Import a log or a backtest of it first.' : `Choose one of: ${names.join(', ')}.`,
        { strategy },
      ),
    );
  }

  async function coverageOf(strategy: string): Promise<EvidenceContext['coverage']> {
    const [live, backtest] = await Promise.all([
      executions.coverage('live', strategy),
      executions.coverage('backtest', strategy),
    ]);
    return { live, backtest };
  }

  async function look(strategy: string, from: UtcDay, to: UtcDay): Promise<Look> {
    const known = upToDate;
    const days = groupByDay(await executions.segments({ strategy, from, to }));
    const symbols = new Set([...days.values()].flatMap((day) => [...day.keys()]));
    const [coverage, reported] = await Promise.all([
      coverageOf(strategy),
      reports.ranges(strategy, [null, ...symbols], from, to),
    ]);
    const stored = new Map<string, StoredReport>();
    for (const report of reported) stored.set(storedName(report.report.key.symbol, report.report.key.from), report);
    return { strategy, days, coverage, stored, nowUs: clock.nowUs(), known };
  }

  async function evidence(
    day: UtcDay,
    symbols: readonly Omit<SymbolOfDay, 'settings'>[],
    at: Look,
  ): Promise<readonly DayEvidence[]> {
    const { strategy, nowUs, coverage } = at;
    const judged = await Promise.all(
      symbols.map(async (symbol) => ({ ...symbol, settings: await settings(strategy, symbol.symbol) })),
    );
    return gatherEvidence(strategy, day, judged, { executions, nowUs, coverage });
  }

  /** Reads the day's executions and gathers its evidence with the prices their fees need. */
  async function read(
    day: UtcDay,
    symbols: readonly (readonly [string, DaySegments])[],
    at: Look,
  ): Promise<readonly ReadDay[]> {
    const stored = new Map<string, OpenDay['columns']>();
    const columnsOf = (symbol: string) => stored.get(symbol) ?? { live: null, backtest: null };
    const segments = symbols.flatMap(([, { live, backtest }]) => [live, backtest].filter((side) => side !== null));
    for await (const { key, columns } of executions.readSegments(segments)) {
      stored.set(key.symbol, { ...columnsOf(key.symbol), [key.source]: columns });
    }
    const gathered = await evidence(
      day,
      symbols.map(([symbol, sides]) => {
        const { live, backtest } = columnsOf(symbol);
        return { symbol, segments: sides, feeCurrencies: thirdCurrencies(symbol, [live, backtest]) };
      }),
      at,
    );
    return gathered.map((one) => ({ ...one, columns: columnsOf(one.key.symbol) }));
  }

  function inputOf({ input, columns }: ReadDay, revision: number): SymbolDayInput {
    return {
      ...input,
      live: { ...input.live, executions: columns.live },
      backtest: { ...input.backtest, executions: columns.backtest },
      revision,
      intervals: true,
    };
  }

  /** Worked out here when it is quick, and on another thread when it would hold up this one. */
  async function judge(
    inputs: readonly SymbolDayInput[],
  ): Promise<readonly Pick<SymbolDayResult, 'report' | 'contribution'>[]> {
    const count = inputs.reduce(
      (sum, { live, backtest }) => sum + (live.executions?.count ?? 0) + (backtest.executions?.count ?? 0),
      0,
    );
    if (count > inlineExecutions) return tasks.run('symbolDays', inputs, { host: {} });
    const judged = [];
    for (const input of inputs) {
      judged.push(computeSymbolDay(input));
      await nextTurn();
    }
    return judged;
  }

  /** The symbols' reports as they come out now, and whether each differs from the stored one. */
  async function makeSymbols(day: UtcDay, symbols: readonly (readonly [string, DaySegments])[], at: Look) {
    const gathered = (await read(day, symbols, at)).map((one) => {
      const before = at.stored.get(storedName(one.key.symbol, day));
      const unchanged = before?.inputHash === one.inputHash;
      const revision = (before?.report.key.revision ?? 0) + (unchanged ? 0 : 1);
      return { inputHash: one.inputHash, unchanged, input: inputOf(one, revision) };
    });
    const judged = await judge(gathered.map(({ input }) => input));
    return judged.map(({ report, contribution }, index) => {
      const { inputHash, unchanged } = gathered[index]!;
      return { report, contribution, inputHash, unchanged };
    });
  }

  /** Makes what is missing or out of date of one day; returns how many reports were made. */
  async function makeDay(day: UtcDay, symbols: ReadonlyMap<string, DaySegments>, at: Look): Promise<number> {
    const { strategy, stored } = at;
    const strategySettings = await settings(strategy, null);
    const unnamedQuarantined = await executions.quarantinedRows({ strategy, symbol: null, day });
    const names = [...symbols.keys()].sort();
    const portfolioHash = (hashes: readonly string[]) =>
      createHash('sha256')
        .update(JSON.stringify([methodVersion, names, hashes, strategySettings, unnamedQuarantined]))
        .digest('hex')
        .slice(0, 32);

    const known = names.map((symbol) => stored.get(storedName(symbol, day)));
    if (known.every((report) => report !== undefined)) {
      const current: DayEvidence[] = [];
      for (let first = 0; first < names.length; first += groupSymbols) {
        const some = names.slice(first, first + groupSymbols).map((symbol, index) => ({
          symbol,
          segments: symbols.get(symbol) ?? { live: null, backtest: null },
          feeCurrencies: feeCurrenciesOf(known[first + index]?.inputHash ?? ''),
        }));
        current.push(...(await evidence(day, some, at)));
      }
      const fresh = current.every((gathered, index) => gathered.inputHash === known[index]?.inputHash);
      const hash = portfolioHash(current.map((gathered) => gathered.inputHash));
      if (fresh && stored.get(storedName(null, day))?.inputHash === hash) return 0;
    }

    const making: ReturnType<typeof makeSymbols>[] = [];
    for (const [index, group] of groupsOf(symbols).entries()) {
      await making[index - groupsAtOnce];
      const one = makeSymbols(day, group, at);
      one.catch(() => undefined); // whoever waits for them all hears of it
      making.push(one);
    }
    const parts = (await Promise.all(making)).flat();
    const made: StoredReport[] = parts
      .filter(({ unchanged }) => !unchanged)
      .map(({ report, inputHash }) => ({ report, inputHash, madeAtUs: at.nowUs }));
    const { report, series } = computePortfolioDay(
      portfolioInput(strategySettings, day, parts, unnamedQuarantined, at),
    );
    const inputHash = portfolioHash(parts.map((part) => part.inputHash));
    keep(portfolioSeriesKept, seriesName(strategy, day, inputHash), series, portfolioSeriesLimit);
    made.push({ report, inputHash, madeAtUs: at.nowUs });
    await reports.save(made);
    return made.length;
  }

  function portfolioInput(
    strategySettings: ParitySettings,
    day: UtcDay,
    symbols: readonly { report: Report; contribution: SymbolDayContribution }[],
    quarantinedRows: number,
    at: Look,
  ) {
    const closedUs = utcDayStartUs(addUtcDays(day, 1)) + strategySettings.graceMs * 1_000;
    return {
      strategy: at.strategy,
      day,
      symbols,
      allocatedCapital: null,
      quarantinedRows,
      nowUs: at.nowUs >= closedUs ? closedUs : closedUs - 1,
      settings: strategySettings,
      revision: (at.stored.get(storedName(null, day))?.report.key.revision ?? 0) + 1,
      intervals: true,
    };
  }

  /**
   * One day at a time and each only once, however many ask for it. Nothing is made from a look that is older than the data, and nobody
   * who looked after a change takes what is being made from before it.
   */
  async function ensureDay(day: UtcDay, at: Look): Promise<number> {
    const name = `${at.strategy}|${day}`;
    const running = inFlight.get(name);
    if (running && running.known === at.known) return running.making;
    if (running) await running.making.catch(() => 0); // whoever asked for it hears of its failure
    if (running || at.known !== upToDate) return ensureDay(day, await look(at.strategy, day, day));
    if (at.known.days.has(name)) return 0;
    const making = makeDay(day, at.days.get(day) ?? new Map(), at)
      .then((count) => {
        // A day that is still open closes by the clock alone, and has to be looked at again.
        if (isClosed(day, at.nowUs)) at.known.days.add(name);
        return count;
      })
      .finally(() => inFlight.delete(name));
    inFlight.set(name, { known: at.known, making });
    return making;
  }

  async function refresh(
    strategy: string,
    from: UtcDay,
    to: UtcDay,
    options: { signal?: AbortSignal; onMade?: (day: UtcDay) => void; bothSidesOnly?: boolean } = {},
  ): Promise<number> {
    if (upToDate.ranges.some((range) => range.strategy === strategy && range.from <= from && to <= range.to)) return 0;
    const at = await look(strategy, from, to);
    let made = 0;
    for (const [day, symbols] of at.days) {
      if (options.signal?.aborted) break;
      if (options.bothSidesOnly && ![...symbols.values()].some((segments) => segments.live && segments.backtest))
        continue;
      const count = await ensureDay(day, at);
      if (count > 0) {
        made += count;
        options.onMade?.(day);
        await nextTurn();
      }
    }
    const all = !options.bothSidesOnly && !options.signal?.aborted;
    if (all && [...at.days.keys()].every((day) => isClosed(day, at.nowUs)))
      at.known.ranges.push({ strategy, from, to });
    return made;
  }

  async function daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]> {
    await refresh(strategy, from, to);
    const found = await reports.range(strategy, symbol, from, to);
    return found.map((stored) => stored.report);
  }

  async function open(key: SymbolDayKey): Promise<OpenDay> {
    const { strategy, symbol, day } = key;
    const at = await look(strategy, day, day);
    const segments = at.days.get(day)?.get(symbol);
    if (!segments) throw await noData(strategy, symbol, day, day);
    await ensureDay(day, at);
    const stored = await reports.latest(strategy, symbol, day);
    const name = JSON.stringify([strategy, symbol, day]);
    const before = opened.get(name);
    if (before && stored && before.inputHash === stored.inputHash) {
      opened.delete(name);
      opened.set(name, before);
      return before;
    }
    const [gathered] = await read(day, [[symbol, segments]], at);
    if (!gathered) throw await noData(strategy, symbol, day, day);
    const result = computeSymbolDay(inputOf(gathered, stored?.report.key.revision ?? 1));
    const openedDay: OpenedDay = { result, columns: gathered.columns, inputHash: gathered.inputHash };
    keep(opened, name, openedDay, openDaysKept);
    return openedDay;
  }

  async function portfolioSeries(strategy: string, day: UtcDay): Promise<IntervalSeries> {
    const stored = await reports.latest(strategy, null, day);
    const name = seriesName(strategy, day, stored?.inputHash ?? '');
    const kept = portfolioSeriesKept.get(name);
    if (kept) return kept;
    const at = await look(strategy, day, day);
    const strategySettings = await settings(strategy, null);
    const parts: SymbolDayResult[] = [];
    for (const symbol of [...(at.days.get(day)?.keys() ?? [])].sort()) {
      parts.push((await open({ strategy, symbol, day })).result);
    }
    const unnamed = await executions.quarantinedRows({ strategy, symbol: null, day });
    const { series } = computePortfolioDay(portfolioInput(strategySettings, day, parts, unnamed, at));
    keep(portfolioSeriesKept, name, series, portfolioSeriesLimit);
    return series;
  }

  async function report(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<ReportWithSeries> {
    const found = await daily(strategy, symbol, from, to);
    const [first] = found;
    if (first === undefined) throw await noData(strategy, symbol, from, to);
    if (from !== to) {
      return { report: computeWindow(found, await settings(strategy, symbol)), series: null, revisions: 0 };
    }
    const [series, revisions] = await Promise.all([
      symbol === null
        ? portfolioSeries(strategy, from)
        : open({ strategy, symbol, day: from }).then(({ result }) => result.series),
      reports.revisions(strategy, symbol, from),
    ]);
    return { report: first, series, revisions: revisions.length };
  }

  async function noData(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<FailureError> {
    const { from: firstDay, to: lastDay } = await span(strategy);
    const segments = await executions.segments(symbol === null ? { strategy } : { strategy, symbol });
    const what = symbol === null ? strategy : `${symbol} in ${strategy}`;
    const when = from === to ? `on ${from}` : `from ${from} to ${to}`;
    const last = segments.at(-1);
    if (last === undefined) {
      const all = await executions.segments({ strategy });
      const symbols = [...new Set(all.map((segment) => segment.key.symbol))].slice(0, 20);
      return new FailureError(
        failure(
          'no-data',
          `${strategy} has no executions of ${symbol ?? 'any symbol'}.`,
          `Choose one of: ${symbols.join(', ')}.`,
          {
            strategy,
            symbol,
          },
        ),
      );
    }
    return new FailureError(
      failure(
        'no-data',
        `There are no executions of ${what} ${when}.`,
        `Choose a day from ${firstDay} to ${lastDay}${symbol === null ? '' : `; the last one with ${symbol} is ${last.key.day}`}.`,
        { strategy, symbol, from, to },
      ),
    );
  }

  return {
    span,
    daily,
    report,
    open,
    settings,
    refresh,
    noticeChange() {
      upToDate = { days: new Set(), ranges: [] };
      settingsRead.clear();
    },
  };
}

function seriesName(strategy: string, day: UtcDay, inputHash: string): string {
  return JSON.stringify([strategy, day, inputHash]);
}

/** Remembers the value and forgets the oldest beyond the limit. */
function keep<Value>(kept: Map<string, Value>, name: string, value: Value, limit: number): void {
  kept.delete(name);
  kept.set(name, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= limit) break;
    kept.delete(oldest);
  }
}

/** A day is open for a while by the clock alone; a day after its end it is closed whatever the settings say. */
function isClosed(day: UtcDay, nowUs: number): boolean {
  return nowUs >= utcDayStartUs(addUtcDays(day, 2));
}

function storedName(symbol: string | null, day: string): string {
  return `${day}|${symbol ?? portfolioName}`;
}

/** The day's symbols, ascending, in groups that are read and judged together; a large one is a group of its own. */
function groupsOf(symbols: ReadonlyMap<string, DaySegments>): readonly (readonly [string, DaySegments])[][] {
  const groups: (readonly [string, DaySegments])[][] = [];
  let total = Number.POSITIVE_INFINITY;
  for (const [symbol, segments] of [...symbols].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = (segments.live?.count ?? 0) + (segments.backtest?.count ?? 0);
    if (total + count > groupExecutions || groups.at(-1)!.length === groupSymbols) {
      groups.push([]);
      total = 0;
    }
    groups.at(-1)!.push([symbol, segments]);
    total += count;
  }
  return groups;
}

/** Segments by day and symbol, days and symbols ascending. */
function groupByDay(segments: readonly SegmentSummary[]): ReadonlyMap<UtcDay, ReadonlyMap<string, DaySegments>> {
  const days = new Map<UtcDay, Map<string, DaySegments>>();
  const inOrder = [...segments].sort((a, b) => (a.key.day < b.key.day ? -1 : a.key.day > b.key.day ? 1 : 0));
  for (const segment of inOrder) {
    const { day, symbol, source } = segment.key;
    const symbols = days.get(day) ?? new Map<string, DaySegments>();
    days.set(day, symbols);
    const before = symbols.get(symbol) ?? { live: null, backtest: null };
    symbols.set(symbol, { ...before, [source]: segment });
  }
  return days;
}
