import { addUtcDays, type UtcDay } from '../../../shared/base/time';
import type { Limits, SymbolSummary } from '../../../shared/contract/calls';
import type { DayPoint } from '../../../shared/parity/day-point';
import type { ParityStatus, Report } from '../../../shared/parity/document';
import type { ParitySettings } from '../../../shared/parity/settings';
import type { Desk } from '../desk';

/** Reports as the lists of the console show them. */

/** What has gone wrong comes first, then what may have, then what cannot be told. */
const severity: Readonly<Record<ParityStatus, number>> = { FAIL: 0, WARN: 1, UNKNOWN: 2, PASS: 3 };

/** Worst first: by status, then by the larger deviation (unknown ones last), then by name. */
export function worstFirst(
  a: { readonly status: ParityStatus; readonly worstTrackingBps: number | null; readonly symbol: string },
  b: { readonly status: ParityStatus; readonly worstTrackingBps: number | null; readonly symbol: string },
): number {
  return (
    severity[a.status] - severity[b.status] ||
    (b.worstTrackingBps ?? -1) - (a.worstTrackingBps ?? -1) ||
    (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0)
  );
}

export function limitsOf(settings: ParitySettings): Limits {
  const { trackingBps, feeBps, latencyMs, minMatchedOrders } = settings;
  return { trackingBps, feeBps, latencyMs, minMatchedOrders };
}

const recentDays = 30;

/** `reports`: the symbol's daily reports up to the day shown, oldest first; `days`: on how many days the symbol has data at all. */
function symbolSummary(symbol: string, days: number, reports: readonly Report[]): SymbolSummary | null {
  const latest = reports.at(-1);
  if (latest === undefined) return null;
  return {
    symbol,
    status: latest.status,
    latestDay: latest.key.from,
    days,
    trackingErrorBps: latest.trackingErrorBps,
    trackingDifferenceBps: latest.trackingDifferenceBps,
    worstTrackingBps: latest.worstTrackingBps,
    feeDifferenceBps: latest.feeDifferenceBps,
    latencyDifferenceMs: latest.latencyDifferenceMs,
    partialFillRateDifference: latest.partialFillRateDifference,
    matchRate: latest.matchRate,
    executionQualityScore: latest.executionQualityScore,
    gap: latest.attribution.gap,
    attribution: latest.attribution,
    matched: latest.matches.matched,
    missed: latest.matches.missed,
    extra: latest.matches.extra,
    recent: reports
      .slice(-recentDays)
      .map((report) => ({ day: report.key.from, status: report.status, worstTrackingBps: report.worstTrackingBps })),
    reasons: latest.reasons,
  };
}

/** What the Desk and the Parity page show of a strategy, all of it as it was at one moment. */
export interface StrategyFigures {
  /** Portfolio days, oldest first. */
  readonly points: readonly DayPoint[];
  /** Of the latest portfolio day; null = there is none. */
  readonly latest: Report | null;
  /** Worst first. */
  readonly symbols: readonly SymbolSummary[];
}

/**
 * Portfolio days of the last `days` calendar days with the strategy's last day as the end, null = all there are, oldest first; and every
 * symbol at its latest day, worst first. Symbols that went quiet long ago keep their last day.
 */
export async function strategyFigures(desk: Desk, strategy: string, days: number | null): Promise<StrategyFigures> {
  const range = await rangeOf(desk, strategy, days);
  const shown = await shownSymbols(desk, strategy, null);
  const wanted = [{ symbol: null, from: range.to, to: range.to }, ...shown];
  const { points, reports } = await desk.parity.overview(strategy, range, wanted);
  const [portfolio = [], ...found] = reports;
  return { points, latest: portfolio.at(-1) ?? null, symbols: summariesOf(shown, found) };
}

/** The symbols with data on the day, worst first. */
export async function symbolSummaries(desk: Desk, strategy: string, day: UtcDay): Promise<readonly SymbolSummary[]> {
  const shown = await shownSymbols(desk, strategy, day);
  return summariesOf(shown, await desk.parity.dailyOf(strategy, shown));
}

/** Portfolio days of the last `days` calendar days with the strategy's last day as the end. */
export async function portfolioDays(desk: Desk, strategy: string, days: number): Promise<readonly Report[]> {
  const { from, to } = await rangeOf(desk, strategy, days);
  return desk.parity.daily(strategy, null, from, to);
}

async function rangeOf({ parity }: Desk, strategy: string, days: number | null) {
  const { from, to } = await parity.span(strategy);
  const first = days === null ? from : addUtcDays(to, 1 - days);
  return { from: first > from ? first : from, to };
}

interface ShownSymbol {
  readonly symbol: string;
  /** On how many days it has data at all. */
  readonly days: number;
  readonly from: UtcDay;
  readonly to: UtcDay;
}

async function shownSymbols(desk: Desk, strategy: string, day: UtcDay | null): Promise<readonly ShownSymbol[]> {
  const known = await desk.store.executions.symbolDays(strategy, recentDays, day);
  return known
    .filter(({ last }) => last.length > 0 && (day === null || last.at(-1) === day))
    .map(({ symbol, days, last }) => ({ symbol, days, from: last[0]!, to: last.at(-1)! }));
}

function summariesOf(shown: readonly ShownSymbol[], found: readonly (readonly Report[])[]): readonly SymbolSummary[] {
  return shown
    .map(({ symbol, days }, index) => symbolSummary(symbol, days, found[index]!))
    .filter((summary) => summary !== null)
    .sort(worstFirst);
}
