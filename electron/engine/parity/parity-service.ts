import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import { addUtcDays, DAY_US, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { DayPoint } from '../../../shared/parity/day-point';
import type { IntervalSeries, Report } from '../../../shared/parity/document';
import { computePortfolioDay } from '../../../shared/parity/portfolio';
import type { ParitySettings } from '../../../shared/parity/settings';
import { paritySettingsKey } from '../../../shared/parity/settings-key';
import type { SideInput, SymbolDayInput, SymbolDayResult } from '../../../shared/parity/symbol-day';
import { dayOfVersion, noteOfVersion, versionsOf } from '../../../shared/parity/version-day';
import { computeWindow } from '../../../shared/parity/window';
import type { DeskStore, ReportHead, SegmentSummary, StoreChange, TouchedDay } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import type { DaySegments, EvidenceContext, SymbolDayKey } from './day-evidence';
import { DayMaker, type DayWork, headName, inputOf, judgeDay, type Look, portfolioInput } from './day-maker';
import { Freshness } from './freshness';
import { Kept } from './kept';
import { type OpenDay, openDay } from './open-day';

/**
 * The reports of one desk. The store marks the days that something was done to; only these are looked at, and of them only the symbols
 * are worked out whose evidence has another fingerprint than their report. Days are brought up to date when they are asked for, and after an
 * import in the background.
 */
export interface ParityService {
  /** First and last day with executions of the strategy; throws `not-found` with the names there are. */
  span(strategy: string): Promise<{ readonly from: UtcDay; readonly to: UtcDay }>;
  /** Up-to-date daily reports of the days with executions in the range, oldest first; symbol null = portfolio. */
  daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]>;
  /**
   * The same of several symbols, each with its own range, null = the portfolio; in the order of `wanted`. All are brought up to what was
   * stored at one moment: what is written meanwhile waits for the next question.
   */
  dailyOf(strategy: string, wanted: readonly SymbolRange[]): Promise<readonly (readonly Report[])[]>;
  /** Points of the up-to-date days in the range, oldest first. */
  points(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly DayPoint[]>;
  /** Points of the portfolio's days, and daily reports as of `dailyOf`: all of one moment. */
  overview(
    strategy: string,
    portfolio: DayRange,
    wanted: readonly SymbolRange[],
  ): Promise<{ readonly points: readonly DayPoint[]; readonly reports: readonly (readonly Report[])[] }>;
  /** One day's report, or that of a window of days, with the day's series. Throws `no-data` when the range has no executions. */
  report(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<ReportWithSeries>;
  /**
   * The report over the fills of one version alone, made on demand from the days that have live fills of it and never stored. Throws
   * `no-data` with the versions there are.
   */
  ofVersion(strategy: string, symbol: string | null, version: string, from: UtcDay, to: UtcDay): Promise<Report>;
  /** The orders of a symbol's day and the causes of its gap. Throws `no-data`. */
  open(key: SymbolDayKey): Promise<OpenDay>;
  settings(strategy: string, symbol: string | null): Promise<ParitySettings>;
  /** Brings the range up to date; returns how many reports were made. `onMade` hears of each day that changed. */
  refresh(strategy: string, from: UtcDay, to: UtcDay, options?: RefreshOptions): Promise<number>;
  /** Stored data changed. The service's own saving of reports is no such change. */
  noticeChange(what?: Exclude<StoreChange, 'reports' | 'canary'>): void;
  /** Counts of the work done so far. */
  readonly work: DayWork;
}

interface DayRange {
  readonly from: UtcDay;
  readonly to: UtcDay;
}

export interface SymbolRange extends DayRange {
  readonly symbol: string | null;
}

interface RefreshOptions {
  readonly signal?: AbortSignal;
  readonly onMade?: (day: UtcDay) => void;
  readonly bothSidesOnly?: boolean;
}

interface ReportWithSeries {
  readonly report: Report;
  /** Null in a window of several days. */
  readonly series: IntervalSeries | null;
  readonly revisions: number;
}

export interface ParityServiceOptions {
  readonly store: DeskStore;
  /** Works out the days of many executions. */
  readonly tasks: TaskRunner;
  readonly clock: Clock;
}

interface OpenedDay extends OpenDay {
  readonly inputHash: string;
}

const openDaysKept = 6;
/** Reports kept as they were read: those that the Desk of a few strategies shows. */
const reportsKept = 4_000;
/** Days that are made at a time. */
const daysAtOnce = 3;
/** Days that are looked up together. */
const daysOfLook = 31;

export function createParityService({ store, tasks, clock }: ParityServiceOptions): ParityService {
  const { executions, reports } = store;
  const freshness = new Freshness(store, gracesOf);
  const maker = new DayMaker({ store, tasks, settings });
  /** Days being made, with the marks they are made from. */
  const inFlight = new Map<string, { readonly marks: ReadonlySet<number>; readonly making: Promise<number> }>();
  const opened = new Kept<OpenedDay>(openDaysKept);
  /** Days being opened, by their name and fingerprint. */
  const opening = new Map<string, Promise<OpenedDay>>();
  const read = new Kept<{ readonly inputHash: string; readonly report: Report }>(reportsKept);
  const settingsRead = new Map<string, Promise<ParitySettings>>();
  const gracesRead = new Map<string, Promise<readonly number[]>>();

  function settings(strategy: string, symbol: string | null): Promise<ParitySettings> {
    return remembered(settingsRead, JSON.stringify([strategy, symbol]), () => store.settings.parity(strategy, symbol));
  }

  /** Times after the end of a day at which it is closed for some symbol of the strategy, ms. */
  function gracesOf(strategy: string): Promise<readonly number[]> {
    return remembered(gracesRead, strategy, async () => {
      const beginning = paritySettingsKey(strategy, null).slice(0, -1); // as of a symbol's key, up to the symbol
      const own = (await store.settings.list(`${beginning},`)).map(({ key }) => symbolOfKey(key));
      const all = await Promise.all([null, ...own].map((symbol) => settings(strategy, symbol)));
      return [...new Set(all.map(({ graceMs }) => graceMs))];
    });
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
    const nowUs = clock.nowUs();
    const days = groupByDay(await executions.segments({ strategy, from, to }));
    const symbols = new Set([...days.values()].flatMap((day) => [...day.keys()]));
    const [coverage, found] = await Promise.all([
      coverageOf(strategy),
      reports.heads(strategy, [null, ...symbols], from, to),
    ]);
    const heads = new Map<string, ReportHead>(found.map((head) => [headName(head.symbol, head.day), head]));
    return { strategy, days, coverage, heads, nowUs };
  }

  /**
   * Each day only once, however many ask for it; but whoever knows of a change does not take what is being made from before it.
   */
  async function ensureDay(day: UtcDay, marks: readonly TouchedDay[], at: Look): Promise<number> {
    const name = `${at.strategy}|${day}`;
    const running = inFlight.get(name);
    if (running) {
      if (marks.every(({ mark }) => running.marks.has(mark))) return running.making;
      await running.making.catch(() => 0); // whoever asked for it hears of its failure
      return ensureDay(day, marks, await look(at.strategy, day, day));
    }
    const making = maker
      .make(day, at, marks)
      .then(async (count) => {
        await freshness.current(at.strategy, day, marks, at.nowUs);
        return count;
      })
      .finally(() => inFlight.delete(name));
    inFlight.set(name, { marks: new Set(marks.map(({ mark }) => mark)), making });
    return making;
  }

  /** What is stale is asked for all ranges before anything is made. */
  async function refresh(strategy: string, ranges: readonly DayRange[], options: RefreshOptions = {}): Promise<number> {
    const nowUs = clock.nowUs();
    const stale = new Map<UtcDay, readonly TouchedDay[]>();
    const distinct = new Map(ranges.map(({ from, to }) => [`${from} ${to}`, { from, to }]));
    for (const { from, to } of distinct.values()) {
      for (const [day, marks] of await freshness.stale(strategy, from, to, nowUs)) stale.set(day, marks);
    }
    let made = 0;
    for (const stretch of stretchesOf(new Map([...stale].sort(([a], [b]) => (a < b ? -1 : 1))))) {
      if (options.signal?.aborted) break;
      const at = await look(strategy, stretch[0]![0], stretch.at(-1)![0]);
      const wanted = stretch.filter(([day]) => {
        const symbols = [...(at.days.get(day)?.values() ?? [])];
        return !options.bothSidesOnly || symbols.some((segments) => segments.live && segments.backtest);
      });
      await atOnce(daysAtOnce, wanted, async ([day, marks]) => {
        if (options.signal?.aborted) return;
        const count = await ensureDay(day, marks, at);
        if (count === 0) return;
        made += count;
        options.onMade?.(day);
        await nextTurn();
      });
    }
    return made;
  }

  /** The reports that these heads stand for; those that were read before are not read again. */
  async function documents(strategy: string, heads: readonly ReportHead[]): Promise<readonly Report[]> {
    const name = (symbol: string | null, day: string) => JSON.stringify([strategy, symbol, day]);
    const missing = heads.filter((head) => read.get(name(head.symbol, head.day))?.inputHash !== head.inputHash);
    const found = new Map<string, Report>();
    if (missing.length > 0) {
      const days = missing.map(({ day }) => day).sort();
      const symbols = [...new Set(missing.map(({ symbol }) => symbol))];
      for (const { report, inputHash } of await reports.ranges(strategy, symbols, days[0]!, days.at(-1)!)) {
        found.set(name(report.key.symbol, report.key.from), report);
        read.set(name(report.key.symbol, report.key.from), { inputHash, report });
      }
    }
    return heads
      .map(({ symbol, day }) => found.get(name(symbol, day)) ?? read.get(name(symbol, day))?.report)
      .filter((report) => report !== undefined);
  }

  async function daily(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly Report[]> {
    await refresh(strategy, [{ from, to }]);
    return documents(strategy, await reports.heads(strategy, [symbol], from, to));
  }

  async function dailyOf(strategy: string, wanted: readonly SymbolRange[]): Promise<readonly (readonly Report[])[]> {
    await refresh(strategy, wanted);
    return stored(strategy, wanted);
  }

  async function points(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay) {
    await refresh(strategy, [{ from, to }]);
    return reports.points(strategy, symbol, from, to);
  }

  async function overview(strategy: string, portfolio: DayRange, wanted: readonly SymbolRange[]) {
    await refresh(strategy, [portfolio, ...wanted]);
    const { from, to } = portfolio;
    const [ofPortfolio, ofWanted] = await Promise.all([
      reports.points(strategy, null, from, to),
      stored(strategy, wanted),
    ]);
    return { points: ofPortfolio, reports: ofWanted };
  }

  /** As they are stored. */
  async function stored(strategy: string, wanted: readonly SymbolRange[]): Promise<readonly (readonly Report[])[]> {
    // Symbols that went quiet at different times have little in common; most of them share one range.
    const ranges = new Map<string, SymbolRange[]>();
    for (const one of wanted) {
      const name = `${one.from} ${one.to}`;
      ranges.set(name, [...(ranges.get(name) ?? []), one]);
    }
    const found = new Map<string | null, Report[]>(wanted.map(({ symbol }) => [symbol, []]));
    for (const some of ranges.values()) {
      const { from, to } = some[0]!;
      const symbols = some.map(({ symbol }) => symbol);
      for (const report of await documents(strategy, await reports.heads(strategy, symbols, from, to))) {
        found.get(report.key.symbol)?.push(report);
      }
    }
    return wanted.map(({ symbol }) => found.get(symbol) ?? []);
  }

  async function open(key: SymbolDayKey): Promise<OpenDay> {
    const { strategy, symbol, day } = key;
    await refresh(strategy, [{ from: day, to: day }]);
    const [stored] = await reports.heads(strategy, [symbol], day, day);
    const name = JSON.stringify([strategy, symbol, day]);
    const before = opened.get(name);
    if (before && stored && before.inputHash === stored.inputHash) return before;
    const at = await look(strategy, day, day);
    const segments = at.days.get(day)?.get(symbol);
    if (!segments) throw await noData(strategy, symbol, day, day);
    const [gathered] = await maker.read(day, [[symbol, segments]], at);
    if (!gathered) throw await noData(strategy, symbol, day, day);
    // The parts of a page ask for one day at once: it is opened once for all of them.
    const { inputHash } = gathered;
    const running = `${inputHash} ${stored?.revision ?? 1} ${name}`;
    const known = opening.get(running);
    if (known !== undefined) return known;
    const startUs = utcDayStartUs(day);
    const making = executions
      .prices(symbol, startUs, startUs + DAY_US + 1)
      .then((prices) => openDay(tasks, { input: inputOf(gathered, stored?.revision ?? 1), prices }))
      .then((found) => {
        const openedDay = { ...found, inputHash };
        opened.set(name, openedDay);
        return openedDay;
      })
      .finally(() => opening.delete(running));
    opening.set(running, making);
    return making;
  }

  async function portfolioSeries(strategy: string, day: UtcDay): Promise<IntervalSeries> {
    const [stored] = await reports.heads(strategy, [null], day, day);
    const inputHash = stored?.inputHash ?? '';
    const kept = maker.keptSeries(strategy, day, inputHash);
    if (kept) return kept;
    const at = await look(strategy, day, day);
    const strategySettings = await settings(strategy, null);
    const parts: SymbolDayResult[] = [];
    for (const symbol of [...(at.days.get(day)?.keys() ?? [])].sort()) {
      parts.push((await open({ strategy, symbol, day })).result);
    }
    const unnamed = await executions.quarantinedRows({ strategy, symbol: null, day });
    const { series } = computePortfolioDay({
      ...portfolioInput(strategySettings, day, unnamed, at),
      symbols: parts,
    });
    maker.keepSeries(strategy, day, inputHash, series);
    return series;
  }

  async function report(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<ReportWithSeries> {
    const found = await daily(strategy, symbol, from, to);
    const [first] = found;
    if (first === undefined) throw await noData(strategy, symbol, from, to);
    if (from !== to) {
      return { report: computeWindow(found, await settings(strategy, symbol)), series: null, revisions: 0 };
    }
    const [series, latest] = await Promise.all([
      symbol === null
        ? portfolioSeries(strategy, from)
        : open({ strategy, symbol, day: from }).then(({ result }) => result.series),
      reports.heads(strategy, [symbol], from, from),
    ]);
    return { report: first, series, revisions: latest[0]?.revision ?? 0 };
  }

  async function ofVersion(
    strategy: string,
    symbol: string | null,
    version: string,
    from: UtcDay,
    to: UtcDay,
  ): Promise<Report> {
    const at = await look(strategy, from, to);
    const strategySettings = await settings(strategy, null);
    const seen = new Set<string>();
    const days: Report[] = [];
    for (const [day, symbols] of at.days) {
      const inputs: SymbolDayInput[] = [];
      for (const wanted of [...symbols].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (symbol !== null && wanted[0] !== symbol) continue;
        for (const one of await maker.read(day, [wanted], at)) {
          for (const name of versionsOf(one.columns.live)) seen.add(name);
          const input = dayOfVersion(inputOf(one, 1), version);
          if (input !== null) inputs.push(input);
        }
        await nextTurn();
      }
      if (inputs.length === 0) continue;
      const portfolio = portfolioInput(strategySettings, day, 0, at);
      const fills = inputs.reduce((sum, { live, backtest }) => sum + fillsOf(live) + fillsOf(backtest), 0);
      const judged = await judgeDay(tasks, { portfolio, groups: 1, known: [], keep: false }, fills, async () => inputs);
      const { report } = symbol === null ? judged.portfolio : judged.symbols[0]!;
      const { dataQuality } = report;
      const notes = [noteOfVersion(version), ...dataQuality.notes];
      days.push({ ...report, dataQuality: { ...dataQuality, notes } });
    }
    if (days.length > 0) return computeWindow(days, await settings(strategy, symbol));
    if (at.days.size === 0) throw await noData(strategy, symbol, from, to);
    const names = [...seen].sort();
    throw new FailureError(
      failure(
        'no-data',
        `Live has no fills of version ${version} of ${symbol ?? strategy} ${from === to ? `on ${from}` : `from ${from} to ${to}`}.`,
        names.length === 0 ? 'The live log names no versions.' : `Choose one of: ${names.join(', ')}.`,
        { strategy, symbol, version, from, to },
      ),
    );
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
    dailyOf,
    points,
    overview,
    report,
    ofVersion,
    open,
    settings,
    refresh: (strategy, from, to, options) => refresh(strategy, [{ from, to }], options),
    noticeChange(what = 'data') {
      freshness.noticeChange();
      if (what === 'executions') return;
      settingsRead.clear();
      gracesRead.clear();
    },
    get work() {
      return maker.work;
    },
  };
}

/** What the reading gives, read once; a reading that failed is tried again. */
function remembered<Value>(
  kept: Map<string, Promise<Value>>,
  name: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = kept.get(name);
  if (known) return known;
  const reading = read();
  kept.set(name, reading);
  reading.catch(() => kept.delete(name));
  return reading;
}

function fillsOf({ executions }: SideInput): number {
  return executions?.count ?? 0;
}

function symbolOfKey(key: string): string {
  const [, symbol] = JSON.parse(key.slice(key.indexOf(':') + 1)) as [string, string]; // as `paritySettingsKey` writes it
  return symbol;
}

/** Days that are looked up together: neighbours, so that nothing between them is read for nothing. */
function stretchesOf<Value>(days: ReadonlyMap<UtcDay, Value>): readonly (readonly (readonly [UtcDay, Value])[])[] {
  const stretches: (readonly [UtcDay, Value])[][] = [];
  for (const [day, value] of days) {
    const last = stretches.at(-1);
    const [before] = last?.at(-1) ?? [];
    if (last && before && last.length < daysOfLook && day <= addUtcDays(before, 7)) last.push([day, value]);
    else stretches.push([[day, value]]);
  }
  return stretches;
}

/** Does the work for each, as many at a time; the first failure is thrown when all that began has ended. */
async function atOnce<Value>(
  most: number,
  values: readonly Value[],
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const left = values[Symbol.iterator]();
  const worker = async () => {
    for (const value of left) await work(value);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, values.length) }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
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
