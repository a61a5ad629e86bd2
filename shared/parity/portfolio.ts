import { CompensatedSum } from '../base/sums';
import type { UtcDay } from '../base/time';
import { addedAttribution, addedCounts, addedQuality, noCoverage, worstFirst } from './added-reports';
import { dayReport } from './assembly';
import type { LargestOrder } from './breaches';
import { capitalOf } from './capital';
import { correlationOf } from './correlation';
import type { IntervalSeries, Report } from './document';
import { addedSteps, peakOf } from './exposure';
import { measuresOf } from './measures';
import { rateOf } from './order-figures';
import { joinPairFigures } from './pair-figures';
import { gatherRecommendations } from './recommendations';
import type { ParitySettings } from './settings';
import type { SymbolDayContribution } from './symbol-day';
import { intervalBoundaries, intervalDifferences, seriesOf } from './tracking';
import { capitalUnknown, decimals, incompleteCodes, type Reason, tooFewPairs } from './verdict';

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

export function computePortfolioDay(input: PortfolioDayInput): {
  readonly report: Report;
  readonly series: IntervalSeries;
} {
  const { settings } = input;
  const symbols = [...input.symbols].sort((a, b) => (a.contribution.symbol < b.contribution.symbol ? -1 : 1));
  const currency = commonCurrency(symbols);
  const converted = convertedParts(symbols);
  const parts = converted.filter(isConvertible);
  const leftOut = converted.filter((part) => !parts.includes(part));

  const boundaries = intervalBoundaries(input.day, settings.intervalsPerDay);
  const liveEquity = addedEquity(parts, boundaries.length, ({ liveEquity }) => liveEquity);
  const backtestEquity = addedEquity(parts, boundaries.length, ({ backtestEquity }) => backtestEquity);
  const differences = addedDifferences(parts, boundaries.length - 1);
  const exposures = parts
    .filter(({ contribution }) => contribution.exposureAtUs.length > 0)
    .map(({ contribution: { exposureAtUs, exposure }, rate }) => ({
      atUs: exposureAtUs,
      value: rate === 1 ? exposure : exposure.map((value) => value * rate),
    }));
  const largestOrder = Math.max(0, ...parts.map(({ contribution, rate }) => contribution.largestOrder * rate));
  const capital = capitalOf(settings.capital, input.allocatedCapital, () =>
    Math.max(peakOf(addedSteps(exposures)), largestOrder),
  );
  const capitalValue = capital.value ?? Number.NaN;

  const pairs = joinPairFigures(parts.map(({ contribution, rate }) => ({ figures: contribution.pairs, rate })));
  const sum = (of: (part: ConvertedPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const partial = (side: 'live' | 'backtest') => ({
    judged: sum(({ contribution }) => contribution.partial[side].judged),
    partial: sum(({ contribution }) => contribution.partial[side].partial),
  });
  const [livePartial, backtestPartial] = [partial('live'), partial('backtest')];
  const fillRatio = (side: 'live' | 'backtest') =>
    sum(({ contribution, rate }) => contribution.fill[side].filled * rate) /
    sum(({ contribution, rate }) => contribution.fill[side].intended * rate);
  const makerShare = (side: 'live' | 'backtest') =>
    sum(({ contribution, rate }) => contribution.maker[side].maker * rate) /
    sum(({ contribution, rate }) => contribution.maker[side].known * rate);
  const reports = parts.map(({ report }) => report);
  const { orders, matches } = addedCounts(reports);
  const missing = missingParts(parts, leftOut, currency, matches.matched, settings);
  if (capital.value === null && orders.live + orders.backtest > 0) missing.push(capitalUnknown);
  const quality = addedQuality(reports);
  const first = symbols[0]?.report.dataQuality;

  const report = dayReport({
    input,
    symbol: null,
    currency,
    boundaries,
    differences,
    pairs,
    measures: measuresOf(pairs),
    largest: { gap: largestOf(parts, 'gap'), fees: largestOf(parts, 'fees'), latency: largestOf(parts, 'latency') },
    missing,
    capital,
    attribution: addedAttribution(parts),
    grossNotional: sum(({ report, rate }) => report.grossNotional * rate),
    matchedNotional: sum(({ report, rate }) => report.matchedNotional * rate),
    unmatchedNotional: sum(({ report, rate }) => report.unmatchedNotional * rate),
    pnl: {
      live: sum(({ report, rate }) => (report.pnl.live ?? Number.NaN) * rate),
      backtest: sum(({ report, rate }) => (report.pnl.backtest ?? Number.NaN) * rate),
    },
    makerShare: { live: makerShare('live'), backtest: makerShare('backtest') },
    partialFills: {
      liveRate: rateOf(livePartial),
      backtestRate: rateOf(backtestPartial),
      liveFillRatio: fillRatio('live'),
      backtestFillRatio: fillRatio('backtest'),
      liveOrders: livePartial.judged,
      backtestOrders: backtestPartial.judged,
    },
    orders,
    matches,
    clockOffset: null,
    recommendations: gatherRecommendations(
      parts.map(({ report, contribution, rate }) => ({
        name: contribution.symbol,
        scale: ((report.capital.value ?? Number.NaN) * rate) / capitalValue,
        recommendations: report.recommendations,
      })),
    ),
    correlation: correlationOf(
      parts.map(({ contribution, rate }) => ({
        symbol: contribution.symbol,
        differences: intervalDifferences(contribution.liveEquity, contribution.backtestEquity).map((d) => d * rate),
      })),
    ),
    symbols: worstFirst(
      converted.map(({ report, contribution, rate }) => ({
        symbol: contribution.symbol,
        status: report.status,
        worstTrackingBps: report.worstTrackingBps,
        gap: report.attribution.gap * (Number.isFinite(rate) ? rate : 1),
      })),
    ),
    dataQuality: {
      ...quality,
      quarantinedRows: input.quarantinedRows + quality.quarantinedRows,
      dayClosed: symbols.every(({ report }) => report.dataQuality.dayClosed),
      liveCoverage: first?.liveCoverage ?? noCoverage,
      backtestCoverage: first?.backtestCoverage ?? noCoverage,
      notes: notesOf(parts, leftOut, currency),
    },
  });
  return { report, series: seriesOf(boundaries, liveEquity, backtestEquity, differences, capitalValue) };
}

/** The symbols with the price of one unit of their quote currency in the portfolio's; NaN where nothing gives it. */
export function convertedParts<Part extends SymbolPart>(
  symbols: readonly Part[],
): readonly (Part & { readonly rate: number })[] {
  const currency = commonCurrency(symbols);
  return symbols.map((part) => ({ ...part, rate: rateInto(currency, part.contribution, symbols) }));
}

/** Whether the symbol is part of the portfolio's sums. */
export function isConvertible({ rate }: { readonly rate: number }): boolean {
  return Number.isFinite(rate) && rate > 0;
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
  missing.push(...tooFewPairs(matched, settings));
  return missing;
}

function largestOf(parts: readonly ConvertedPart[], of: 'gap' | 'fees' | 'latency'): LargestOrder[] {
  return parts
    .flatMap(({ contribution, rate }) => contribution.largest[of].map((order) => ({ ...order, gap: order.gap * rate })))
    .sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap) || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, 3);
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
  const apart = parts.flatMap(({ report, contribution }) => {
    const clock = report.clockOffset;
    if (
      clock === null ||
      clock.offsetMs === null ||
      !['corrected', 'beyond-limit', 'time-zone'].includes(clock.verdict)
    )
      return [];
    return [
      `${contribution.symbol} ${decimals(clock.offsetMs / 1_000)} s${clock.correctedMs === 0 ? ' (not corrected)' : ''}`,
    ];
  });
  if (apart.length > 0) {
    const more = apart.length > 5 ? ` and ${apart.length - 5} more` : '';
    notes.push(`The clocks of the logs stand apart, live minus backtest: ${apart.slice(0, 5).join(', ')}${more}.`);
  }
  const noted = parts.filter(({ report }) => report.dataQuality.notes.length > 0);
  if (noted.length > 0) {
    const names = noted.slice(0, 5).map(({ contribution }) => contribution.symbol);
    const more = noted.length > names.length ? ` and ${noted.length - names.length} more` : '';
    notes.push(`Notes on the data are in the reports of ${names.join(', ')}${more}.`);
  }
  return notes;
}
