import { CompensatedSum } from '../base/sums';
import type { Attribution, ParityStatus, Report } from './document';
import { figure } from './method';

/** What adds up over reports: the symbols of a portfolio, the days of a window. */

/** Adds reports' attributions, each times its rate. Delay and execution are null unless one of them has them. */
export function addedAttribution(
  parts: readonly { readonly report: Pick<Report, 'attribution'>; readonly rate: number }[],
): Attribution {
  const add = (name: keyof Attribution): number => {
    const sum = new CompensatedSum();
    for (const { report, rate } of parts) sum.add((report.attribution[name] ?? 0) * rate);
    return sum.value + 0;
  };
  const known = parts.some(({ report }) => report.attribution.delay !== null);
  return {
    gap: add('gap'),
    price: add('price'),
    delay: known ? add('delay') : null,
    execution: known ? add('execution') : null,
    quantity: add('quantity'),
    fees: add('fees'),
    missed: add('missed'),
    extra: add('extra'),
    carry: add('carry'),
    other: add('other'),
    residual: add('residual'),
  };
}

export function addedCounts(reports: readonly Report[]): Pick<Report, 'orders' | 'matches'> {
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  return {
    orders: {
      live: sum(({ orders }) => orders.live),
      backtest: sum(({ orders }) => orders.backtest),
      liveRejected: sum(({ orders }) => orders.liveRejected),
      liveCancelled: sum(({ orders }) => orders.liveCancelled),
    },
    matches: {
      matched: sum(({ matches }) => matches.matched),
      byKey: sum(({ matches }) => matches.byKey),
      byTime: sum(({ matches }) => matches.byTime),
      missed: sum(({ matches }) => matches.missed),
      extra: sum(({ matches }) => matches.extra),
      ambiguous: sum(({ matches }) => matches.ambiguous),
      timeConfidence: figure(
        sum(({ matches }) => (matches.timeConfidence ?? 0) * matches.byTime) / sum(({ matches }) => matches.byTime),
      ),
    },
  };
}

type AddedQuality = Omit<Report['dataQuality'], 'dayClosed' | 'liveCoverage' | 'backtestCoverage' | 'notes'>;

export function addedQuality(reports: readonly Report[]): AddedQuality {
  const sum = (of: (quality: Report['dataQuality']) => number) =>
    reports.reduce((total, { dataQuality }) => total + of(dataQuality), 0);
  return {
    unpricedFees: sum(({ unpricedFees }) => unpricedFees),
    unknownFees: sum(({ unknownFees }) => unknownFees),
    quarantinedRows: sum(({ quarantinedRows }) => quarantinedRows),
    ambiguousMatches: sum(({ ambiguousMatches }) => ambiguousMatches),
    paperExecutions: sum(({ paperExecutions }) => paperExecutions),
    staleMarks: sum(({ staleMarks }) => staleMarks),
  };
}

/** Coverage of a report without any symbol or day to take it from. */
export const noCoverage: Report['dataQuality']['liveCoverage'] = { firstUs: null, lastUs: null };

const severity: Readonly<Record<ParityStatus, number>> = { FAIL: 0, UNKNOWN: 1, WARN: 2, PASS: 3 };

/** The worse of two statuses, in the order the lists use: FAIL, UNKNOWN, WARN, PASS. */
export function worseStatus(a: ParityStatus, b: ParityStatus): ParityStatus {
  return severity[a] <= severity[b] ? a : b;
}

export function worstFirst(symbols: Report['symbols']): Report['symbols'] {
  return symbols.sort(
    (a, b) =>
      severity[a.status] - severity[b.status] ||
      (b.worstTrackingBps ?? -1) - (a.worstTrackingBps ?? -1) ||
      (a.symbol < b.symbol ? -1 : 1),
  );
}
