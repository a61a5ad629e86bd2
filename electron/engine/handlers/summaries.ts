import { addUtcDays, type UtcDay } from '../../../shared/base/time';
import type { DayPoint, Limits, SymbolSummary } from '../../../shared/contract/calls';
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

export function dayPoint(report: Report): DayPoint {
  return {
    day: report.key.from,
    status: report.status,
    trackingErrorBps: report.trackingErrorBps,
    trackingErrorLowerBps: report.trackingErrorInterval?.lower ?? null,
    trackingErrorUpperBps: report.trackingErrorInterval?.upper ?? null,
    trackingDifferenceBps: report.trackingDifferenceBps,
    worstTrackingBps: report.worstTrackingBps,
    feeDifferenceBps: report.feeDifferenceBps,
    latencyDifferenceMs: report.latencyDifferenceMs,
    matchRate: report.matchRate,
    gap: report.attribution.gap,
    executionQualityScore: report.executionQualityScore,
    matched: report.matches.matched,
    missed: report.matches.missed,
    extra: report.matches.extra,
  };
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

/** Days with data by symbol, ascending. */
async function daysBySymbol(desk: Desk, strategy: string): Promise<ReadonlyMap<string, readonly UtcDay[]>> {
  const days = new Map<string, UtcDay[]>();
  for (const { key } of await desk.store.executions.segments({ strategy })) {
    const known = days.get(key.symbol) ?? [];
    days.set(key.symbol, known);
    // Segments come by symbol and day; a day with both sources comes twice in a row.
    if (known.at(-1) !== key.day) known.push(key.day);
  }
  return days;
}

/**
 * Every symbol of the strategy at its latest day (`day` null), or those with data on the given day; worst first. Symbols that went
 * quiet long ago keep their last day.
 */
export async function symbolSummaries(desk: Desk, strategy: string, day: UtcDay | null): Promise<SymbolSummary[]> {
  const summaries: SymbolSummary[] = [];
  for (const [symbol, days] of await daysBySymbol(desk, strategy)) {
    const last = day ?? days.at(-1);
    if (last === undefined || !days.includes(last)) continue;
    const upTo = days.slice(0, days.indexOf(last) + 1);
    const first = upTo.slice(-recentDays)[0] ?? last;
    const reports = await desk.parity.daily(strategy, symbol, first, last);
    const summary = symbolSummary(symbol, days.length, reports);
    if (summary) summaries.push(summary);
  }
  return summaries.sort(worstFirst);
}

/** Portfolio days of the last `days` calendar days with the strategy's last day as the end; null = all there are. */
export async function portfolioDays(desk: Desk, strategy: string, days: number | null): Promise<readonly Report[]> {
  const { from, to } = await desk.parity.span(strategy);
  const first = days === null ? from : addUtcDays(to, 1 - days);
  return desk.parity.daily(strategy, null, first > from ? first : from, to);
}
