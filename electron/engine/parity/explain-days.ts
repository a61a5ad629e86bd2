import { FailureError, failure } from '../../../shared/base/errors';
import { addUtcDays, type UtcDay } from '../../../shared/base/time';
import type { CauseOrder } from '../../../shared/contract/causes';
import { type Cause, type CauseReason, causeOf, causeReasons, codeOf } from '../../../shared/parity/cause-names';
import { addedSums, type DayCauses } from '../../../shared/parity/causes';
import type { Report } from '../../../shared/parity/document';
import { type Explanation, explain } from '../../../shared/parity/explanation';
import { convertedParts, isConvertible } from '../../../shared/parity/portfolio';
import type { SymbolDayContribution, SymbolDayResult } from '../../../shared/parity/symbol-day';
import type { DeskStore } from '../ports';
import type { ParityService } from './parity-service';

/**
 * Why a symbol's day, a portfolio's day or a window of them differs, and the orders behind each cause. Symbols' days are worked out one
 * after the other; of a window only their sums are held.
 */

export interface ExplainedRange {
  readonly strategy: string;
  /** Null = all symbols of the strategy. */
  readonly symbol: string | null;
  readonly from: UtcDay;
  readonly to: UtcDay;
}

/** More would take longer than somebody waits. */
export const mostExplainedDays = 92;

/** What of a desk causes are worked out from. */
interface Explained {
  readonly store: DeskStore;
  readonly parity: ParityService;
}

interface SymbolDay {
  readonly report: Report;
  readonly contribution: SymbolDayContribution;
  readonly result: SymbolDayResult;
  readonly causes: DayCauses;
  readonly columns: Awaited<ReturnType<ParityService['open']>>['columns'];
}

/** A symbol's day with the causes of its gap. */
async function symbolDay(desk: Explained, strategy: string, symbol: string, day: UtcDay): Promise<SymbolDay> {
  const { result, columns, causes } = await desk.parity.open({ strategy, symbol, day });
  return { report: result.report, contribution: result.contribution, result, causes, columns };
}

/** Symbols with executions by day, days and symbols ascending. */
async function symbolsByDay(
  desk: Explained,
  { strategy, symbol, from, to }: ExplainedRange,
): Promise<ReadonlyMap<UtcDay, readonly string[]>> {
  if (to > addUtcDays(from, mostExplainedDays - 1)) {
    throw new FailureError(
      failure(
        'invalid-arguments',
        `From ${from} to ${to} is more than ${mostExplainedDays} days.`,
        'Choose a shorter range, or one day.',
      ),
    );
  }
  const days = new Map<UtcDay, Set<string>>();
  for (const { key } of await desk.store.executions.segments({
    strategy,
    from,
    to,
    ...(symbol !== null && { symbol }),
  })) {
    days.set(key.day, (days.get(key.day) ?? new Set()).add(key.symbol));
  }
  return new Map([...days].sort().map(([day, symbols]) => [day, [...symbols].sort()]));
}

/** A symbol's money counts in its own currency where it is looked at alone, else in the portfolio's; null = it is not part of it. */
function rateOf(
  contribution: SymbolDayContribution,
  all: readonly SymbolPartOfDay[],
  symbol: string | null,
): number | null {
  if (symbol !== null) return 1;
  const found = convertedParts(all).find((part) => part.contribution.symbol === contribution.symbol);
  return found !== undefined && isConvertible(found) ? found.rate : null;
}

type SymbolPartOfDay = Pick<SymbolDay, 'report' | 'contribution'>;

export async function explainDays(desk: Explained, range: ExplainedRange): Promise<Explanation> {
  const { strategy, symbol, from, to } = range;
  const { report } = await desk.parity.report(strategy, symbol, from, to);
  const parts: { sums: DayCauses['sums']; rate: number }[] = [];
  const untold: string[] = [];
  for (const [day, symbols] of await symbolsByDay(desk, range)) {
    const ofDay: (SymbolPartOfDay & { readonly causes: DayCauses })[] = [];
    for (const name of symbols) {
      const { report: own, contribution, causes } = await symbolDay(desk, strategy, name, day);
      ofDay.push({ report: own, contribution, causes });
    }
    for (const { contribution, causes } of ofDay) {
      const rate = rateOf(contribution, ofDay, symbol);
      if (rate === null) continue;
      parts.push({ sums: causes.sums, rate });
      untold.push(
        ...causes.untold.map((remark) => (symbols.length > 1 ? `${contribution.symbol}: ${remark}` : remark)),
      );
    }
  }
  return explain(report, addedSums(parts), untold);
}

export interface CauseSelection {
  readonly cause: Cause;
  /** Null = whatever the reason. */
  readonly reason: CauseReason | null;
}

/** The orders a cause has a part of, the largest money first, whichever its sign. */
export async function ordersOfCause(
  desk: Explained,
  range: ExplainedRange,
  { cause, reason }: CauseSelection,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly CauseOrder[]; readonly total: number }> {
  const { strategy, symbol } = range;
  const wanted = new Uint8Array(causeReasons.length);
  for (const name of causeReasons) {
    if (causeOf(name) === cause && (reason === null || name === reason)) wanted[codeOf(name)] = 1;
  }
  const found: FoundOrder[] = [];
  for (const [day, symbols] of await symbolsByDay(desk, range)) {
    const ofDay: (SymbolPartOfDay & { readonly money: ReadonlyMap<number, number> })[] = [];
    for (const name of symbols) {
      const { report, contribution, causes } = await symbolDay(desk, strategy, name, day);
      const money = new Map<number, number>();
      const { shares } = causes;
      for (let at = 0; at < shares.count; at++) {
        if (wanted[shares.reason[at]!] === 0) continue;
        const row = shares.row[at]!;
        money.set(row, (money.get(row) ?? 0) + shares.money[at]!);
      }
      ofDay.push({ report, contribution, money });
    }
    for (const { contribution, money } of ofDay) {
      const rate = rateOf(contribution, ofDay, symbol);
      if (rate === null) continue;
      for (const [row, value] of money) {
        found.push({ day, symbol: contribution.symbol, row, money: value * rate, rate });
      }
    }
  }
  found.sort(
    (a, b) => Math.abs(b.money) - Math.abs(a.money) || (a.day < b.day ? -1 : a.day > b.day ? 1 : a.row - b.row),
  );
  const shown = found.slice(page.offset, page.offset + page.limit);
  const rows = new Map<FoundOrder, CauseOrder>();
  const bySymbolDay = new Map<string, FoundOrder[]>();
  for (const one of shown) {
    const name = `${one.day} ${one.symbol}`;
    const together = bySymbolDay.get(name);
    if (together === undefined) bySymbolDay.set(name, [one]);
    else together.push(one);
  }
  // Each symbol's day is opened once, however many of its orders are shown.
  for (const together of bySymbolDay.values()) {
    const opened = await symbolDay(desk, strategy, together[0]!.symbol, together[0]!.day);
    for (const one of together) rows.set(one, await causeOrder(desk, opened, one));
  }
  return { rows: shown.map((one) => rows.get(one)!), total: found.length };
}

interface FoundOrder {
  readonly day: UtcDay;
  readonly symbol: string;
  readonly row: number;
  readonly money: number;
  readonly rate: number;
}

async function causeOrder(
  desk: Explained,
  { result, causes, columns }: SymbolDay,
  { day, symbol, row, money, rate }: FoundOrder,
): Promise<CauseOrder> {
  const { pairs } = result;
  const pair = pairs.pairRowAt(row);
  const { shares } = causes;
  const parts: { reason: CauseReason; money: number }[] = [];
  for (let at = 0; at < shares.count; at++) {
    if (shares.row[at] === row)
      parts.push({ reason: causeReasons[shares.reason[at]!]!, money: shares.money[at]! * rate });
  }
  parts.sort((a, b) => Math.abs(b.money) - Math.abs(a.money));
  const sourceOf = async (id: string | undefined) => {
    const fills = id === undefined ? null : pairs.fillsOf(id);
    const side = fills && columns[fills.source];
    const first = fills?.rows[0];
    if (!side || first === undefined) return null;
    const importId = side.dictionaries.importIds[side.importIndex[first]!] ?? '';
    const fileName = (await desk.store.imports.get(importId))?.fileName ?? '';
    return { importId, fileName, line: side.line[first]! };
  };
  return {
    day,
    symbol,
    orderId: pairs.idAt(row),
    money,
    main: causeReasons[shares.main[row]!]!,
    parts,
    message: causes.unmatched.get(row)?.message ?? null,
    liveSource: await sourceOf(pair.live?.id),
    backtestSource: await sourceOf(pair.backtest?.id),
    row: pair,
  };
}
