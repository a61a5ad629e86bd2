import { firstComponentShare, pearson, spearman } from '../base/statistics';
import { CompensatedSum } from '../base/sums';
import type { UtcDay } from '../base/time';
import { breachesOf, type LargestOrder } from './breaches';
import { capitalOf } from './capital';
import { type Attribution, type IntervalSeries, type ParityStatus, type Report, reportSchemaId } from './document';
import { feesOf, impactOf, latencyOf, slippageOf } from './measures';
import { figure, methodVersion, settingsHashOf } from './method';
import { joinPairFigures } from './pair-figures';
import { gatherRecommendations } from './recommendations';
import { scoreOf } from './score';
import type { ParitySettings } from './settings';
import { rateOf, type SymbolDayContribution } from './symbol-day';
import { intervalBoundaries, intervalDifferences, seriesOf, trackingErrorBps, trackingIntervals } from './tracking';
import { count, incompleteCodes, type Reason, verdictOf } from './verdict';

/**
 * All symbols of a strategy on one day. Equity differences are added per interval before they are squared, so that netting and common
 * drift both show. Money of another quote currency is turned into the portfolio's at the day's closing mark.
 */

export interface PortfolioDayInput {
  readonly strategy: string;
  readonly day: UtcDay;
  /** Daily reports of all symbols of the strategy with what each adds; the order does not matter. */
  readonly symbols: readonly SymbolPart[];
  readonly allocatedCapital: number | null;
  /** Rows in quarantine that name no symbol, besides those counted in the symbols' reports. */
  readonly quarantinedRows: number;
  readonly nowUs: number;
  readonly settings: ParitySettings;
  readonly revision: number;
  readonly intervals: boolean;
}

interface SymbolPart {
  readonly report: Report;
  readonly contribution: SymbolDayContribution;
}

interface ConvertedPart extends SymbolPart {
  /** Price of one unit of the symbol's quote currency in the portfolio's. */
  readonly rate: number;
}

/** Fewest intervals in which both symbols moved that a correlation is shown for, and the most symbols it is shown for. */
const leastCommonIntervals = 10;
const mostCorrelated = 8;

export function computePortfolioDay(input: PortfolioDayInput): {
  readonly report: Report;
  readonly series: IntervalSeries;
} {
  const { settings } = input;
  const symbols = [...input.symbols].sort((a, b) => (a.contribution.symbol < b.contribution.symbol ? -1 : 1));
  const currency = commonCurrency(symbols);
  const converted = symbols.map((part) => ({ ...part, rate: rateInto(currency, part.contribution, symbols) }));
  const parts = converted.filter(({ rate }) => Number.isFinite(rate) && rate > 0);
  const leftOut = converted.filter((part) => !parts.includes(part));

  const boundaries = intervalBoundaries(input.day, settings.intervalsPerDay);
  const liveEquity = addedEquity(parts, boundaries.length, ({ liveEquity }) => liveEquity);
  const backtestEquity = addedEquity(parts, boundaries.length, ({ backtestEquity }) => backtestEquity);
  const differences = addedDifferences(parts, boundaries.length - 1);
  const attribution = addedAttribution(parts);
  const largestOrder = Math.max(0, ...parts.map(({ contribution, rate }) => contribution.largestOrder * rate));
  const capital = capitalOf(settings.capital, input.allocatedCapital, () =>
    Math.max(peakExposure(parts), largestOrder),
  );
  const capitalValue = capital.value ?? Number.NaN;
  const errorBps = trackingErrorBps(differences, capitalValue);
  const differenceBps = capitalValue > 0 ? (1e4 * attribution.gap) / capitalValue : Number.NaN;
  const worstBps = Math.max(errorBps, Math.abs(differenceBps));

  const pairs = joinPairFigures(parts.map(({ contribution, rate }) => ({ figures: contribution.pairs, rate })));
  const fees = feesOf(pairs);
  const { latency, differenceMs } = latencyOf(pairs);
  const sum = (of: (part: ConvertedPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const partial = {
    live: {
      judged: sum(({ contribution }) => contribution.partial.live.judged),
      partial: sum(({ contribution }) => contribution.partial.live.partial),
    },
    backtest: {
      judged: sum(({ contribution }) => contribution.partial.backtest.judged),
      partial: sum(({ contribution }) => contribution.partial.backtest.partial),
    },
  };
  const ratio = (side: 'live' | 'backtest') =>
    figure(
      sum(({ contribution, rate }) => contribution.fill[side].filled * rate) /
        sum(({ contribution, rate }) => contribution.fill[side].intended * rate),
    );
  const makerShare = (side: 'live' | 'backtest') =>
    figure(
      sum(({ contribution, rate }) => contribution.maker[side].maker * rate) /
        sum(({ contribution, rate }) => contribution.maker[side].known * rate),
    );
  const rateDifference = rateOf(partial.live) - rateOf(partial.backtest);
  const matchedNotional = sum(({ report, rate }) => report.matchedNotional * rate);
  const unmatchedNotional = sum(({ report, rate }) => report.unmatchedNotional * rate);
  const matchRate = matchedNotional / (matchedNotional + unmatchedNotional);
  const matched = sum(({ report }) => report.matches.matched);
  const judged = {
    trackingErrorBps: errorBps,
    trackingDifferenceBps: differenceBps,
    feeDifferenceBps: fees.differenceBps,
    latencyDifferenceMs: differenceMs,
  };
  const missing = missingParts(parts, leftOut, currency, matched, settings);
  if (capital.value === null && sum(({ report }) => report.orders.live + report.orders.backtest) > 0) {
    missing.push({
      code: 'capital-unknown',
      message: 'no capital configured, and no backtest exposure to estimate it from',
    });
  }
  const { status, reasons } = verdictOf(judged, missing, settings);
  const { score, points } = scoreOf(
    {
      worstTrackingBps: worstBps,
      feeDifferenceBps: fees.differenceBps,
      latencyDifferenceMs: differenceMs,
      partialFillRateDifference: rateDifference,
      matchRate,
    },
    settings,
  );
  const key = `${input.strategy}||${input.day}|${input.day}`;
  const intervals = input.intervals
    ? trackingIntervals(differences, capitalValue, key)
    : { trackingErrorInterval: null, trackingDifferenceInterval: null };
  const largest = (of: 'gap' | 'fees' | 'latency') => largestOf(parts, of);

  const report: Report = {
    schema: reportSchemaId,
    key: { strategy: input.strategy, symbol: null, from: input.day, to: input.day, revision: input.revision },
    status,
    reasons,
    currency,
    trackingErrorBps: figure(errorBps),
    trackingErrorInterval: intervals.trackingErrorInterval,
    trackingDifferenceBps: figure(differenceBps),
    trackingDifferenceInterval: intervals.trackingDifferenceInterval,
    worstTrackingBps: figure(worstBps),
    window: null,
    pnl: {
      live: figure(sum(({ report, rate }) => (report.pnl.live ?? Number.NaN) * rate)),
      backtest: figure(sum(({ report, rate }) => (report.pnl.backtest ?? Number.NaN) * rate)),
    },
    slippage: slippageOf(pairs),
    feeDifferenceBps: figure(fees.differenceBps),
    fees: {
      liveBps: figure(fees.liveBps),
      backtestBps: figure(fees.backtestBps),
      liveNotional: fees.liveNotional,
      backtestNotional: fees.backtestNotional,
      liveMakerShare: makerShare('live'),
      backtestMakerShare: makerShare('backtest'),
    },
    latencyDifferenceMs: figure(differenceMs),
    latency,
    partialFillRateDifference: figure(rateDifference),
    partialFills: {
      liveRate: figure(rateOf(partial.live)),
      backtestRate: figure(rateOf(partial.backtest)),
      liveFillRatio: ratio('live'),
      backtestFillRatio: ratio('backtest'),
      liveOrders: partial.live.judged,
      backtestOrders: partial.backtest.judged,
    },
    impact: impactOf(pairs),
    matchRate: figure(matchRate),
    executionQualityScore: score,
    scorePoints: points,
    capital,
    orders: {
      live: sum(({ report }) => report.orders.live),
      backtest: sum(({ report }) => report.orders.backtest),
      liveRejected: sum(({ report }) => report.orders.liveRejected),
      liveCancelled: sum(({ report }) => report.orders.liveCancelled),
    },
    matches: {
      matched,
      byKey: sum(({ report }) => report.matches.byKey),
      byTime: sum(({ report }) => report.matches.byTime),
      missed: sum(({ report }) => report.matches.missed),
      extra: sum(({ report }) => report.matches.extra),
      ambiguous: sum(({ report }) => report.matches.ambiguous),
    },
    grossNotional: sum(({ report, rate }) => report.grossNotional * rate),
    matchedNotional,
    unmatchedNotional,
    attribution,
    breaches: breachesOf({
      figures: judged,
      settings,
      endsUs: boundaries.subarray(1),
      differences,
      capital: capitalValue,
      pairs,
      latencyBasis: latency.basis,
      largest: { gap: largest('gap'), fees: largest('fees'), latency: largest('latency') },
    }),
    recommendations: gatherRecommendations(
      parts.map(({ report, contribution, rate }) => ({
        name: contribution.symbol,
        scale: ((report.capital.value ?? Number.NaN) * rate) / capitalValue,
        recommendations: report.recommendations,
      })),
    ),
    correlation: correlationOf(parts),
    symbols: worstFirst(
      converted.map(({ report, contribution, rate }) => ({
        symbol: contribution.symbol,
        status: report.status,
        worstTrackingBps: report.worstTrackingBps,
        gap: report.attribution.gap * (Number.isFinite(rate) ? rate : 1),
      })),
    ),
    dataQuality: {
      unpricedFees: sum(({ report }) => report.dataQuality.unpricedFees),
      unknownFees: sum(({ report }) => report.dataQuality.unknownFees),
      quarantinedRows: input.quarantinedRows + sum(({ report }) => report.dataQuality.quarantinedRows),
      ambiguousMatches: sum(({ report }) => report.dataQuality.ambiguousMatches),
      paperExecutions: sum(({ report }) => report.dataQuality.paperExecutions),
      staleMarks: sum(({ report }) => report.dataQuality.staleMarks),
      dayClosed: symbols.every(({ report }) => report.dataQuality.dayClosed),
      liveCoverage: symbols[0]?.report.dataQuality.liveCoverage ?? { firstUs: null, lastUs: null },
      backtestCoverage: symbols[0]?.report.dataQuality.backtestCoverage ?? { firstUs: null, lastUs: null },
      notes: notesOf(parts, leftOut, currency),
    },
    methodVersion,
    settingsHash: settingsHashOf(settings),
  };
  return { report, series: seriesOf(boundaries, liveEquity, backtestEquity, differences, capitalValue) };
}

/** The quote currency of most symbols; of equally many the first by name; null where no symbol names one. */
function commonCurrency(symbols: readonly SymbolPart[]): string | null {
  const counts = new Map<string, number>();
  for (const { contribution } of symbols) {
    if (contribution.quote !== null) counts.set(contribution.quote, (counts.get(contribution.quote) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}

/** From the symbol's quote currency into the portfolio's at the closing mark of the symbol that trades the two; NaN without one. */
function rateInto(currency: string | null, part: SymbolDayContribution, symbols: readonly SymbolPart[]): number {
  if (part.quote === currency) return 1;
  for (const { contribution } of symbols) {
    const { base, quote, closingMark } = contribution;
    if (base === part.quote && base !== null && quote === currency) return closingMark;
    if (base === currency && base !== null && quote === part.quote) return 1 / closingMark;
  }
  return Number.NaN;
}

function addedEquity(
  parts: readonly ConvertedPart[],
  size: number,
  of: (contribution: SymbolDayContribution) => Float64Array,
): Float64Array {
  const added = new Float64Array(size);
  for (const { contribution, rate } of parts) {
    const equity = of(contribution);
    for (let index = 0; index < size; index++) {
      // A symbol without any price has no equity to add: it has traded nothing, and its report says what it could not value.
      const value = equity[index]! * rate;
      if (!Number.isNaN(value)) added[index]! += value;
    }
  }
  return added;
}

function addedDifferences(parts: readonly ConvertedPart[], size: number): Float64Array {
  const sums = Array.from({ length: size }, () => new CompensatedSum());
  for (const { contribution, rate } of parts) {
    const differences = intervalDifferences(contribution.liveEquity, contribution.backtestEquity);
    for (let index = 0; index < size; index++) {
      const value = differences[index]! * rate;
      if (!Number.isNaN(value)) sums[index]!.add(value);
    }
  }
  return Float64Array.from(sums, (sum) => sum.value);
}

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

interface Steps {
  readonly atUs: Float64Array;
  readonly value: Float64Array;
}

/** Highest sum of the symbols' gross exposures at any one time. */
function peakExposure(parts: readonly ConvertedPart[]): number {
  const steps = parts
    .filter(({ contribution }) => contribution.exposureAtUs.length > 0)
    .map(({ contribution: { exposureAtUs, exposure }, rate }) => ({
      atUs: exposureAtUs,
      value: rate === 1 ? exposure : exposure.map((value) => value * rate),
    }));
  let peak = 0;
  for (const value of steps.length === 0 ? [] : addedSteps(steps).value) if (value > peak) peak = value;
  return peak;
}

/** Sum of step functions, by halves. What changes at one instant changes together: a switch between symbols is no peak. */
function addedSteps(steps: readonly Steps[]): Steps {
  const [first, second] = steps;
  if (first === undefined) return { atUs: new Float64Array(0), value: new Float64Array(0) };
  if (second === undefined) return first;
  const half = steps.length >> 1;
  const a = addedSteps(steps.slice(0, half));
  const b = addedSteps(steps.slice(half));
  const atUs = new Float64Array(a.atUs.length + b.atUs.length);
  const value = new Float64Array(atUs.length);
  let size = 0;
  let i = 0;
  let j = 0;
  while (i < a.atUs.length || j < b.atUs.length) {
    const instant = j === b.atUs.length || (i < a.atUs.length && a.atUs[i]! <= b.atUs[j]!) ? a.atUs[i]! : b.atUs[j]!;
    while (i < a.atUs.length && a.atUs[i] === instant) i++;
    while (j < b.atUs.length && b.atUs[j] === instant) j++;
    atUs[size] = instant;
    value[size++] = (i > 0 ? a.value[i - 1]! : 0) + (j > 0 ? b.value[j - 1]! : 0);
  }
  return { atUs: atUs.subarray(0, size), value: value.subarray(0, size) };
}

function missingParts(
  parts: readonly ConvertedPart[],
  leftOut: readonly ConvertedPart[],
  currency: string | null,
  matched: number,
  settings: ParitySettings,
): Reason[] {
  const missing: Reason[] = [];
  if (parts.length === 0 && leftOut.length === 0)
    missing.push({ code: 'no-data', message: 'no symbol has data on this day' });
  const byCode = new Map<string, { readonly reason: Reason; readonly symbol: string; symbols: number }>();
  for (const { report, contribution } of parts) {
    for (const reason of report.reasons) {
      if (!incompleteCodes.has(reason.code)) continue;
      const known = byCode.get(reason.code);
      if (known === undefined) byCode.set(reason.code, { reason, symbol: contribution.symbol, symbols: 1 });
      else known.symbols++;
    }
  }
  for (const { reason, symbol, symbols } of byCode.values()) {
    const others = symbols > 1 ? ` (and ${symbols - 1} more)` : '';
    // A day is open for all symbols alike.
    const message = reason.code === 'day-open' ? reason.message : `${symbol}: ${reason.message}${others}`;
    missing.push({ code: reason.code, message });
  }
  if (leftOut.length > 0) {
    const names = leftOut.map(({ contribution }) => contribution.symbol).join(', ');
    missing.push({ code: 'currency-mixed', message: `no price turns ${names} into ${currency ?? 'one currency'}` });
  }
  if (matched < settings.minMatchedOrders) {
    missing.push({
      code: 'too-few-pairs',
      message: `${count(matched, 'matched order')} < ${settings.minMatchedOrders}`,
    });
  }
  return missing;
}

function largestOf(parts: readonly ConvertedPart[], of: 'gap' | 'fees' | 'latency'): LargestOrder[] {
  return parts
    .flatMap(({ contribution, rate }) => contribution.largest[of].map((order) => ({ ...order, gap: order.gap * rate })))
    .sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap) || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, 3);
}

/**
 * Correlation of the symbols' interval differences over the intervals in which both moved, for the symbols with the largest differences;
 * the share of the first component over all symbols that moved in enough intervals.
 */
function correlationOf(parts: readonly ConvertedPart[]): Report['correlation'] {
  const moving = parts
    .map(({ contribution, rate }) => {
      const differences = intervalDifferences(contribution.liveEquity, contribution.backtestEquity).map(
        (d) => d * rate,
      );
      const moves = differences.reduce((total, value) => total + (value !== 0 && Number.isFinite(value) ? 1 : 0), 0);
      const size = differences.reduce((total, value) => total + Math.abs(value), 0);
      return { symbol: contribution.symbol, differences, moves, size };
    })
    .filter(({ moves, size }) => moves >= leastCommonIntervals && Number.isFinite(size));
  if (moving.length < 2) return null;
  const share = figure(firstComponentShare(moving.map(({ differences }) => differences)));
  const shown = moving
    .sort((a, b) => b.size - a.size || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, mostCorrelated)
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const pairs = shown.flatMap((a, index) =>
    shown.slice(index + 1).flatMap((b) => {
      const common = Array.from(a.differences.keys()).filter(
        (at) => a.differences[at] !== 0 && b.differences[at] !== 0,
      );
      if (common.length < leastCommonIntervals) return [];
      const x = common.map((at) => a.differences[at]!);
      const y = common.map((at) => b.differences[at]!);
      return {
        a: a.symbol,
        b: b.symbol,
        pearson: figure(pearson(x, y)),
        spearman: figure(spearman(x, y)),
        intervals: common.length,
      };
    }),
  );
  return { symbols: shown.map(({ symbol }) => symbol), pairs, firstComponentShare: share };
}

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

function notesOf(
  parts: readonly ConvertedPart[],
  leftOut: readonly ConvertedPart[],
  currency: string | null,
): string[] {
  const notes = parts
    .filter(({ rate }) => rate !== 1)
    .map(({ contribution, rate }) => {
      const quote = contribution.quote ?? 'its currency';
      return `${contribution.symbol} is turned into ${currency} at ${rate} ${currency} a ${quote}, the price at the end of the day.`;
    });
  for (const { contribution } of leftOut) {
    const quote = contribution.quote ?? 'an unnamed currency';
    notes.push(`${contribution.symbol} is left out: no price of ${quote} in ${currency ?? 'the others'}.`);
  }
  const noted = parts.filter(({ report }) => report.dataQuality.notes.length > 0);
  if (noted.length > 0) {
    const names = noted.slice(0, 5).map(({ contribution }) => contribution.symbol);
    const more = noted.length > names.length ? ` and ${noted.length - names.length} more` : '';
    notes.push(`Notes on the data are in the reports of ${names.join(', ')}${more}.`);
  }
  return notes;
}
