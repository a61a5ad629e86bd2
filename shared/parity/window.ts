import { sampleDeviation } from '../base/statistics';
import { CompensatedSum } from '../base/sums';
import { addedAttribution, addedCounts, addedQuality, noCoverage, worseStatus, worstFirst } from './added-reports';
import { assembleReport } from './assembly';
import type { Breach, Report } from './document';
import { figure } from './method';
import { gatherRecommendations } from './recommendations';
import type { ParitySettings } from './settings';
import { count, incompleteCodes, type JudgedFigures, type Reason, tooFewPairs, verdictOf } from './verdict';
import { pooledInterval, windowIntervals } from './window-intervals';

/**
 * Several days as one report, from their daily reports alone. Money adds up; rates pool with the weights the days carry; what cannot be
 * pooled (quantiles, the impact slope) is null. `trackingErrorBps` is the root mean square of the days' tracking errors and
 * `trackingDifferenceBps` their mean difference, both per day, so that the limits keep their meaning; the spread of the daily differences
 * is in `window`.
 */

/** Breach events a window lists; the days' own reports have all of them. */
const mostBreaches = 20;

/**
 * @param dailyReports of one strategy and one symbol (or the portfolio), at least one
 * @returns the report itself when there is only one
 */
export function computeWindow(dailyReports: readonly Report[], settings: ParitySettings): Report {
  const days = [...dailyReports].sort((a, b) => (a.key.from < b.key.from ? -1 : 1));
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) throw new Error('A window needs at least one daily report');
  if (days.length === 1) return first;

  const sum = (of: (day: Report) => number): number => {
    const total = new CompensatedSum();
    for (const day of days) total.add(of(day));
    return total.value;
  };
  /** Mean over the days that have the figure, by the weight of each; NaN when none has. */
  const pooled = (of: (day: Report) => number | null, weightOf: (day: Report) => number): number => {
    const known = days.filter((day) => of(day) !== null);
    const weight = known.reduce((total, day) => total + weightOf(day), 0);
    return known.reduce((total, day) => total + (of(day) ?? 0) * weightOf(day), 0) / weight;
  };
  const differences = days.flatMap(({ trackingDifferenceBps }) => trackingDifferenceBps ?? []);
  const deviation = sampleDeviation(differences);
  const windowKey = [first.key.strategy, first.key.symbol ?? '', first.key.from, last.key.to].join(' ');
  const intervals = windowIntervals(Float64Array.from(differences), windowKey);
  const meanDifference = differences.reduce((total, value) => total + value, 0) / differences.length;
  const error = Math.sqrt(
    pooled(
      ({ trackingErrorBps }) => (trackingErrorBps === null ? null : trackingErrorBps ** 2),
      () => 1,
    ),
  );

  const slippageWeight = ({ slippage }: Report) => slippage.weight;
  const slippageMean = pooled(({ slippage }) => slippage.meanBps, slippageWeight);
  const slippageSquare = pooled(({ slippage: { rmsBps } }) => (rmsBps === null ? null : rmsBps ** 2), slippageWeight);
  const liveFee = pooled(
    ({ fees }) => fees.liveBps,
    ({ fees }) => fees.liveNotional,
  );
  const backtestFee = pooled(
    ({ fees }) => fees.backtestBps,
    ({ fees }) => fees.backtestNotional,
  );
  const bases = new Set(days.map(({ latency }) => latency.basis).filter((basis) => basis !== 'none'));
  const [basis = 'none'] = bases;
  const oneBasis = bases.size === 1;
  const latencyOrders = ({ latency }: Report) => latency.live.orders;
  const latencyDifference = oneBasis
    ? pooled(({ latencyDifferenceMs }) => latencyDifferenceMs, latencyOrders)
    : Number.NaN;
  const latencySide = (side: 'live' | 'backtest') => ({
    p50: null,
    p95: null,
    p99: null,
    mean: oneBasis
      ? figure(
          pooled(
            ({ latency }) => latency[side].mean,
            ({ latency }) => latency[side].orders,
          ),
        )
      : null,
    orders: sum(({ latency }) => latency[side].orders),
  });
  const liveJudged = ({ partialFills }: Report) => partialFills.liveOrders;
  const backtestJudged = ({ partialFills }: Report) => partialFills.backtestOrders;
  const traded = ({ grossNotional }: Report) => grossNotional;
  const { orders, matches } = addedCounts(days);

  const figures: JudgedFigures = {
    trackingErrorBps: error,
    trackingDifferenceBps: meanDifference,
    feeDifferenceBps: liveFee - backtestFee,
    latencyDifferenceMs: latencyDifference,
  };
  const pooledOver = (of: (day: Report) => number | null, weightOf: (day: Report) => number, name: string) => {
    const known = days.filter((day) => of(day) !== null && weightOf(day) > 0);
    return pooledInterval(
      Float64Array.from(known, (day) => of(day) ?? Number.NaN),
      Float64Array.from(known, weightOf),
      `${windowKey} ${name}`,
    );
  };
  const breaches = breachesByWeight(days);
  const { notes, ...quality } = qualityOf(days);
  if (breaches.length > mostBreaches) {
    notes.push(`Breach events: the ${mostBreaches} gravest of ${breaches.length}; the daily reports have all.`);
  }
  if (!oneBasis && bases.size > 0) {
    notes.push(`Latency is measured from ${[...bases].join(' and ')} on different days and is not pooled.`);
  }
  const capitals = new Set(days.map(({ capital }) => capital.value));
  if (capitals.size > 1)
    notes.push('The capital differs from day to day; the mean is shown, and each day counts by its own.');
  const capitalMean = pooled(
    ({ capital }) => capital.value,
    () => 1,
  );

  return assembleReport({
    ...windowVerdict(days, figures, matches.matched, settings),
    trackingErrorInterval: null,
    trackingDifferenceInterval: intervals.meanDifference,
    feeDifferenceInterval: pooledOver(
      (day) => day.feeDifferenceBps,
      ({ fees }) => fees.liveNotional,
      'fees',
    ),
    latencyDifferenceInterval: oneBasis ? pooledOver((day) => day.latencyDifferenceMs, latencyOrders, 'latency') : null,
    slippageInterval: pooledOver(({ slippage }) => slippage.meanBps, slippageWeight, 'slippage'),
    key: {
      strategy: first.key.strategy,
      symbol: first.key.symbol,
      from: first.key.from,
      to: last.key.to,
      revision: Math.max(...days.map(({ key }) => key.revision)),
    },
    figures,
    settings,
    currency: days.every(({ currency }) => currency === first.currency) ? first.currency : null,
    window: {
      days: differences.length,
      trackingErrorWindowBps: figure(deviation),
      trackingErrorWindowInterval: intervals.deviation,
      meanTrackingDifferenceBps: figure(meanDifference),
      annualisedTrackingErrorBps: figure(deviation * Math.sqrt(settings.annualisationDays)),
      annualisationDays: settings.annualisationDays,
    },
    pnl: {
      live: sum(({ pnl }) => pnl.live ?? Number.NaN),
      backtest: sum(({ pnl }) => pnl.backtest ?? Number.NaN),
    },
    slippage: {
      meanBps: figure(slippageMean),
      deviationBps: figure(Math.sqrt(Math.max(0, slippageSquare - slippageMean ** 2))),
      rmsBps: figure(Math.sqrt(slippageSquare)),
      p5Bps: null,
      p50Bps: null,
      p95Bps: null,
      weight: sum(slippageWeight),
    },
    fees: {
      liveBps: liveFee,
      backtestBps: backtestFee,
      liveNotional: sum(({ fees }) => fees.liveNotional),
      backtestNotional: sum(({ fees }) => fees.backtestNotional),
    },
    makerShare: {
      live: pooled(({ fees }) => fees.liveMakerShare, traded),
      backtest: pooled(({ fees }) => fees.backtestMakerShare, traded),
    },
    latency: { basis: oneBasis ? basis : 'none', live: latencySide('live'), backtest: latencySide('backtest') },
    partialFills: {
      liveRate: pooled(({ partialFills }) => partialFills.liveRate, liveJudged),
      backtestRate: pooled(({ partialFills }) => partialFills.backtestRate, backtestJudged),
      liveFillRatio: pooled(({ partialFills }) => partialFills.liveFillRatio, liveJudged),
      backtestFillRatio: pooled(({ partialFills }) => partialFills.backtestFillRatio, backtestJudged),
      liveOrders: sum(liveJudged),
      backtestOrders: sum(backtestJudged),
    },
    impact: { slopeBpsPerSqrtNotional: null, standardError: null, pairs: sum(({ impact }) => impact.pairs) },
    capital: { value: figure(capitalMean), basis: basisOfMean(days) },
    orders,
    matches,
    clockOffset: null,
    grossNotional: sum(traded),
    matchedNotional: sum((day) => day.matchedNotional),
    unmatchedNotional: sum((day) => day.unmatchedNotional),
    attribution: addedAttribution(days.map((report) => ({ report, rate: 1 }))),
    breaches: breaches.slice(0, mostBreaches),
    recommendations: gatherRecommendations(
      days.map(({ key, recommendations }) => ({ name: key.from, scale: 1 / days.length, recommendations })),
    ),
    correlation: null,
    symbols: symbolsOf(days),
    dataQuality: { ...quality, notes },
  });
}

/** As for a day, over the pooled figures; days with incomplete data make it UNKNOWN, and a failed day keeps it from passing. */
function windowVerdict(
  days: readonly Report[],
  figures: JudgedFigures,
  matched: number,
  settings: ParitySettings,
): Pick<Report, 'status' | 'reasons'> {
  const missing: Reason[] = [];
  const incomplete = new Map<string, { readonly day: string; readonly message: string; days: number }>();
  for (const { key, reasons } of days) {
    for (const { code, message } of reasons) {
      if (!incompleteCodes.has(code)) continue;
      const known = incomplete.get(code);
      if (known === undefined) incomplete.set(code, { day: key.from, message, days: 1 });
      else known.days++;
    }
  }
  for (const [code, { day, message, days: affected }] of incomplete) {
    missing.push({
      code,
      message: `${day}: ${message}${affected > 1 ? ` (and ${count(affected - 1, 'more day')})` : ''}`,
    });
  }
  missing.push(...tooFewPairs(matched, settings));
  const { status, reasons } = verdictOf(figures, missing, settings);
  const failed = days.filter((day) => day.status === 'FAIL').length;
  if (failed > 0) reasons.push({ code: 'failed-days', message: `${failed} of ${count(days.length, 'day')} FAIL` });
  return { status: failed > 0 && status === 'PASS' ? 'WARN' : status, reasons };
}

const gravity: Readonly<Record<Breach['severity'], number>> = { critical: 0, limit: 1, warning: 2 };

function breachesByWeight(days: readonly Report[]): Breach[] {
  return days
    .flatMap(({ breaches }) => breaches)
    .sort((a, b) => gravity[a.severity] - gravity[b.severity] || a.firstSeenUs - b.firstSeenUs);
}

function symbolsOf(days: readonly Report[]): Report['symbols'] {
  const bySymbol = new Map<string, Report['symbols'][number]>();
  for (const { symbol, status, worstTrackingBps, gap } of days.flatMap((day) => day.symbols)) {
    const known = bySymbol.get(symbol);
    bySymbol.set(symbol, {
      symbol,
      status: known === undefined ? status : worseStatus(known.status, status),
      worstTrackingBps:
        known?.worstTrackingBps == null
          ? worstTrackingBps
          : Math.max(known.worstTrackingBps, worstTrackingBps ?? Number.NEGATIVE_INFINITY),
      gap: (known?.gap ?? 0) + gap,
    });
  }
  return worstFirst([...bySymbol.values()]);
}

function qualityOf(days: readonly Report[]): Report['dataQuality'] {
  const last = days.at(-1)?.dataQuality;
  const noted = days.filter(({ dataQuality }) => dataQuality.notes.length > 0);
  const named = noted.slice(0, 3).map(({ key }) => key.from);
  const more = noted.length > named.length ? ` and ${noted.length - named.length} more days` : '';
  const notes = noted.length === 0 ? [] : [`Notes on the data are in the reports of ${named.join(', ')}${more}.`];
  return {
    ...addedQuality(days),
    dayClosed: days.every(({ dataQuality }) => dataQuality.dayClosed),
    liveCoverage: last?.liveCoverage ?? noCoverage,
    backtestCoverage: last?.backtestCoverage ?? noCoverage,
    notes,
  };
}

/** Where the mean capital comes from: the latest day that has one, since a day without any does not take part in the mean. */
function basisOfMean(days: readonly Report[]): Report['capital']['basis'] {
  return days.findLast(({ capital }) => capital.value !== null)?.capital.basis ?? 'none';
}
