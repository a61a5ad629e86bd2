import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addUtcDays, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { IntervalSeries } from '../../../shared/parity/document';
import { methodVersion } from '../../../shared/parity/method';
import { computePortfolioDay, type PortfolioDayInput } from '../../../shared/parity/portfolio';
import type { ParitySettings } from '../../../shared/parity/settings';
import { computeSymbolDay, type SymbolDayInput } from '../../../shared/parity/symbol-day';
import type { DeskStore, ReportHead, StoredReport, TouchedDay } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import {
  type DayEvidence,
  type DaySegments,
  type EvidenceContext,
  feeCurrenciesOf,
  gatherEvidence,
  type SymbolOfDay,
  thirdCurrencies,
} from './day-evidence';
import { Kept } from './kept';
import type { JudgedSymbol, ParityDayTask } from './parity-day-task';
import { ReportSaver } from './report-saver';

/** Makes the reports of a day that are not what would come out now: of the symbols that changed, and of the portfolio on top of them. */

/** What one look at a range of days needs besides the days themselves; read once. */
export interface Look {
  readonly strategy: string;
  readonly days: ReadonlyMap<UtcDay, ReadonlyMap<string, DaySegments>>;
  readonly coverage: EvidenceContext['coverage'];
  /** Latest reports by {@link headName}, of whatever method. */
  readonly heads: ReadonlyMap<string, ReportHead>;
  readonly nowUs: number;
}

export interface ReadDay extends DayEvidence {
  readonly columns: Readonly<Record<Source, ExecutionColumns | null>>;
}

/** How much work there was, for tests and figures. */
export interface DayWork {
  /** Days whose evidence was looked at. */
  readonly looked: number;
  /** Symbols' days that were worked out. */
  readonly judged: number;
}

export interface DayMakerParts {
  readonly store: Pick<DeskStore, 'executions' | 'reports' | 'touched'>;
  readonly tasks: TaskRunner;
  readonly settings: (strategy: string, symbol: string | null) => Promise<ParitySettings>;
}

type KeptSymbol = JudgedSymbol & { readonly inputHash: string };

/** About ten milliseconds of work. */
const inlineExecutions = 8_000;
/** Symbols whose day is read and judged together: as many as come to this, and never more of them than this. */
const groupExecutions = 9_000;
const groupSymbols = 32;
/** What symbols add to their portfolio, kept so that a change of one needs no work on the others. */
const contributionBytes = 24 * 1_048_576;
const portfolioSeriesKept = 400;
/** The portfolio's place beside the symbols, which are never empty. */
const portfolioName = '';

export class DayMaker {
  private readonly saver: ReportSaver;
  private readonly contributions = new Kept<KeptSymbol>(contributionBytes, bytesOf);
  /** Series of portfolio days by the fingerprint of their report: they rest on every symbol's orders. */
  private readonly series = new Kept<IntervalSeries>(portfolioSeriesKept);
  private looked = 0;
  private judged = 0;

  constructor(private readonly parts: DayMakerParts) {
    this.saver = new ReportSaver(parts.store.reports);
  }

  get work(): DayWork {
    return { looked: this.looked, judged: this.judged };
  }

  /** Makes what is missing or out of date and takes back the marks; returns how many reports were made. */
  async make(day: UtcDay, at: Look, marks: readonly TouchedDay[]): Promise<number> {
    const { strategy, heads, nowUs } = at;
    const { executions, touched } = this.parts.store;
    const symbols = at.days.get(day) ?? new Map<string, DaySegments>();
    this.looked += 1;
    if (symbols.size === 0) {
      await touched.looked(marks);
      return 0;
    }
    const names = [...symbols.keys()].sort();
    const head = (symbol: string | null) => {
      const found = heads.get(headName(symbol, day));
      return found?.present ? found : undefined;
    };
    const [strategySettings, unnamedQuarantined, evidence] = await Promise.all([
      this.parts.settings(strategy, null),
      executions.quarantinedRows({ strategy, symbol: null, day }),
      this.evidenceOfKnown(day, symbols, at),
    ]);
    const portfolioHash = (hashOf: (symbol: string) => string | undefined) =>
      createHash('sha256')
        .update(JSON.stringify([methodVersion, names, names.map(hashOf), strategySettings, unnamedQuarantined]))
        .digest('hex')
        .slice(0, 32);
    const current = new Set(names.filter((name) => evidence.get(name) === head(name)?.inputHash && head(name)));
    if (current.size === names.length) {
      const hash = portfolioHash((name) => evidence.get(name));
      if (head(null)?.inputHash === hash) {
        await touched.looked(marks);
        return 0;
      }
    }

    const known = new Map<string, KeptSymbol>();
    for (const name of current) {
      const kept = this.contributions.get(keptName(strategy, name, day));
      if (kept && kept.inputHash === evidence.get(name)) known.set(name, kept);
    }
    const left = new Map([...symbols].filter(([name]) => !known.has(name)));
    const portfolio = portfolioInput(strategySettings, day, unnamedQuarantined, at);
    // A day that symbols of it are current of is one that changes bit by bit, and so is one that is not over for long. One whose symbols
    // all changed since they were judged is one they all trade on at once: what they add now is old at the next look.
    const recent = nowUs < utcDayStartUs(addUtcDays(day, 2));
    const keep = current.size > 0 || (recent && !names.every((name) => head(name)));
    const outcome = await this.judge(day, left, at, { portfolio, known: [...known.values()], keep });
    for (const { inputHash, report, contribution } of outcome.judged) {
      const symbol = report.key.symbol ?? '';
      if (contribution) this.contributions.set(keptName(strategy, symbol, day), { report, contribution, inputHash });
    }
    const made: StoredReport[] = outcome.judged
      .filter(({ report, inputHash }) => head(report.key.symbol)?.inputHash !== inputHash)
      .map(({ report, inputHash }) => ({ report, inputHash, madeAtUs: nowUs }));
    const hashes = new Map(outcome.judged.map(({ report, inputHash }) => [report.key.symbol, inputHash]));
    const inputHash = portfolioHash((name) => hashes.get(name) ?? known.get(name)?.inputHash);
    this.series.set(seriesName(strategy, day, inputHash), outcome.portfolio.series);
    made.push({ report: outcome.portfolio.report, inputHash, madeAtUs: nowUs });
    await this.saver.save(made, marks);
    return made.length;
  }

  /** Reads the day's executions and gathers its evidence with the prices their fees need. */
  async read(day: UtcDay, symbols: readonly (readonly [string, DaySegments])[], at: Look): Promise<readonly ReadDay[]> {
    const stored = new Map<string, ReadDay['columns']>();
    const columnsOf = (symbol: string) => stored.get(symbol) ?? { live: null, backtest: null };
    const segments = symbols.flatMap(([, { live, backtest }]) => [live, backtest].filter((side) => side !== null));
    for await (const { key, columns } of this.parts.store.executions.readSegments(segments)) {
      stored.set(key.symbol, { ...columnsOf(key.symbol), [key.source]: columns });
    }
    const gathered = await this.evidence(
      day,
      symbols.map(([symbol, sides]) => {
        const { live, backtest } = columnsOf(symbol);
        return { symbol, segments: sides, feeCurrencies: thirdCurrencies(symbol, [live, backtest]) };
      }),
      at,
    );
    return gathered.map((one) => ({ ...one, columns: columnsOf(one.key.symbol) }));
  }

  /** The series of a portfolio day, if it is kept since its report was made. */
  keptSeries(strategy: string, day: UtcDay, inputHash: string): IntervalSeries | undefined {
    return this.series.get(seriesName(strategy, day, inputHash));
  }

  keepSeries(strategy: string, day: UtcDay, inputHash: string, series: IntervalSeries): void {
    this.series.set(seriesName(strategy, day, inputHash), series);
  }

  /** Fingerprints as they are now, of the symbols that have a report which tells what their fees are paid in. */
  private async evidenceOfKnown(
    day: UtcDay,
    symbols: ReadonlyMap<string, DaySegments>,
    at: Look,
  ): Promise<ReadonlyMap<string, string>> {
    const known = [...symbols].flatMap(([symbol, segments]) => {
      const head = at.heads.get(headName(symbol, day));
      return head?.present ? [{ symbol, segments, feeCurrencies: feeCurrenciesOf(head.inputHash) }] : [];
    });
    const found = new Map<string, string>();
    for (let first = 0; first < known.length; first += groupSymbols) {
      for (const { key, inputHash } of await this.evidence(day, known.slice(first, first + groupSymbols), at)) {
        found.set(key.symbol, inputHash);
      }
    }
    return found;
  }

  private async evidence(
    day: UtcDay,
    symbols: readonly Omit<SymbolOfDay, 'settings'>[],
    { strategy, nowUs, coverage }: Look,
  ): Promise<readonly DayEvidence[]> {
    const { settings, store } = this.parts;
    const judged = await Promise.all(
      symbols.map(async (symbol) => ({ ...symbol, settings: await settings(strategy, symbol.symbol) })),
    );
    return gatherEvidence(strategy, day, judged, { executions: store.executions, nowUs, coverage });
  }

  private async judge(
    day: UtcDay,
    symbols: ReadonlyMap<string, DaySegments>,
    at: Look,
    { portfolio, known, keep }: Pick<ParityDayTask['args'], 'portfolio' | 'known' | 'keep'>,
  ) {
    const groups = groupsOf(symbols);
    const hashes: string[][] = groups.map(() => []);
    const inputs = async (group: number): Promise<readonly SymbolDayInput[]> => {
      const gathered = await this.read(day, groups[group]!, at);
      hashes[group] = gathered.map(({ inputHash }) => inputHash);
      return gathered.map((one) => {
        const before = at.heads.get(headName(one.key.symbol, day));
        const unchanged = before?.present && before.inputHash === one.inputHash;
        return inputOf(one, (before?.revision ?? 0) + (unchanged ? 0 : 1));
      });
    };
    const count = [...symbols.values()].reduce((sum, segments) => sum + countOf(segments), 0);
    const args = { portfolio, groups: groups.length, known, keep };
    const outcome = await judgeDay(this.parts.tasks, args, count, inputs);
    this.judged += outcome.symbols.length;
    const all = hashes.flat();
    return {
      judged: outcome.symbols.map((symbol, index) => ({ ...symbol, inputHash: all[index]! })),
      portfolio: outcome.portfolio,
    };
  }
}

/** Worked out here when so many executions are quick, and on another thread when it would hold up this one. */
export async function judgeDay(
  tasks: TaskRunner,
  args: ParityDayTask['args'],
  executions: number,
  inputs: (group: number) => Promise<readonly SymbolDayInput[]>,
): Promise<ParityDayTask['result']> {
  return executions <= inlineExecutions ? judgeHere(args, inputs) : tasks.run('parityDay', args, { host: { inputs } });
}

/** The same as the task, one symbol at a time between the other work of this thread. */
async function judgeHere(
  { portfolio, groups, known }: ParityDayTask['args'],
  inputs: (group: number) => Promise<readonly SymbolDayInput[]>,
): Promise<ParityDayTask['result']> {
  const judged: JudgedSymbol[] = [];
  for (let group = 0; group < groups; group++) {
    for (const input of await inputs(group)) {
      judged.push(computeSymbolDay(input));
      await nextTurn();
    }
  }
  return { symbols: judged, portfolio: computePortfolioDay({ ...portfolio, symbols: [...known, ...judged] }) };
}

export function inputOf({ input, columns }: ReadDay, revision: number): SymbolDayInput {
  return {
    ...input,
    live: { ...input.live, executions: columns.live },
    backtest: { ...input.backtest, executions: columns.backtest },
    revision,
    intervals: true,
  };
}

export function portfolioInput(
  settings: ParitySettings,
  day: UtcDay,
  quarantinedRows: number,
  { strategy, heads, nowUs }: Look,
): Omit<PortfolioDayInput, 'symbols'> {
  const closedUs = utcDayStartUs(addUtcDays(day, 1)) + settings.graceMs * 1_000;
  return {
    strategy,
    day,
    allocatedCapital: null,
    quarantinedRows,
    nowUs: nowUs >= closedUs ? closedUs : closedUs - 1,
    settings,
    revision: (heads.get(headName(null, day))?.revision ?? 0) + 1,
    intervals: true,
  };
}

export function headName(symbol: string | null, day: string): string {
  return `${day}|${symbol ?? portfolioName}`;
}

function keptName(strategy: string, symbol: string, day: UtcDay): string {
  return JSON.stringify([strategy, symbol, day]);
}

function seriesName(strategy: string, day: UtcDay, inputHash: string): string {
  return JSON.stringify([strategy, day, inputHash]);
}

/** About what it takes in memory: its columns of pairs and steps. */
function bytesOf({ contribution: { pairs, exposure } }: KeptSymbol): number {
  return 4_096 + pairs.count * 12 * 8 + exposure.length * 16;
}

function countOf({ live, backtest }: DaySegments): number {
  return (live?.count ?? 0) + (backtest?.count ?? 0);
}

/** The symbols, ascending, in groups that are read and judged together; a large one is a group of its own. */
function groupsOf(symbols: ReadonlyMap<string, DaySegments>): readonly (readonly [string, DaySegments])[][] {
  const groups: (readonly [string, DaySegments])[][] = [];
  let total = Number.POSITIVE_INFINITY;
  for (const [symbol, segments] of [...symbols].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = countOf(segments);
    if (total + count > groupExecutions || groups.at(-1)!.length === groupSymbols) {
      groups.push([]);
      total = 0;
    }
    groups.at(-1)!.push([symbol, segments]);
    total += count;
  }
  return groups;
}
