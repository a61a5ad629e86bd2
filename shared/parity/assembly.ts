import { breachesOf, type LargestOrders } from './breaches';
import { type Report, reportSchemaId } from './document';
import type { FeeFigures, Measures } from './measures';
import { figure, methodVersion, settingsHashOf } from './method';
import type { PairFigures } from './pair-figures';
import { noPairIntervals, type PairIntervals, pairIntervals } from './pair-intervals';
import { scoreOf } from './score';
import type { ParitySettings } from './settings';
import {
  noTrackingIntervals,
  type TrackingIntervals,
  trackingDifferenceBps,
  trackingErrorBps,
  trackingIntervals,
} from './tracking';
import { type JudgedFigures, type Reason, verdictOf } from './verdict';

/**
 * From figures to the document: one assembly for a symbol's day, a portfolio's day and a window. Figures come in as numbers with NaN for
 * what is unknown and leave as the document writes them.
 */

/** What day, portfolio and window each put into the document as it is. */
type OwnParts = Pick<
  Report,
  | 'key'
  | 'currency'
  | 'slippage'
  | 'latency'
  | 'impact'
  | 'capital'
  | 'orders'
  | 'matches'
  | 'clockOffset'
  | 'grossNotional'
  | 'matchedNotional'
  | 'unmatchedNotional'
  | 'attribution'
  | 'recommendations'
  | 'correlation'
  | 'symbols'
  | 'dataQuality'
>;

/** NaN = unknown. */
interface OwnFigures {
  readonly pnl: { readonly live: number; readonly backtest: number };
  readonly makerShare: { readonly live: number; readonly backtest: number };
  readonly partialFills: {
    readonly liveRate: number;
    readonly backtestRate: number;
    readonly liveFillRatio: number;
    readonly backtestFillRatio: number;
    readonly liveOrders: number;
    readonly backtestOrders: number;
  };
}

export interface ReportParts
  extends OwnParts,
    OwnFigures,
    TrackingIntervals,
    PairIntervals,
    Pick<Report, 'status' | 'reasons' | 'window' | 'breaches'> {
  readonly figures: JudgedFigures;
  readonly fees: Omit<FeeFigures, 'differenceBps'>;
  readonly settings: ParitySettings;
}

export function assembleReport(parts: ReportParts): Report {
  const { figures, fees, makerShare, partialFills, matchedNotional, unmatchedNotional, settings } = parts;
  const worstTrackingBps = Math.max(figures.trackingErrorBps, Math.abs(figures.trackingDifferenceBps));
  const partialFillRateDifference = partialFills.liveRate - partialFills.backtestRate;
  const matchRate = matchedNotional / (matchedNotional + unmatchedNotional);
  const { score, points } = scoreOf(
    {
      worstTrackingBps,
      feeDifferenceBps: figures.feeDifferenceBps,
      latencyDifferenceMs: figures.latencyDifferenceMs,
      partialFillRateDifference,
      matchRate,
    },
    settings,
  );
  return {
    schema: reportSchemaId,
    key: parts.key,
    status: parts.status,
    reasons: parts.reasons,
    currency: parts.currency,
    trackingErrorBps: figure(figures.trackingErrorBps),
    trackingErrorInterval: parts.trackingErrorInterval,
    trackingDifferenceBps: figure(figures.trackingDifferenceBps),
    trackingDifferenceInterval: parts.trackingDifferenceInterval,
    worstTrackingBps: figure(worstTrackingBps),
    window: parts.window,
    pnl: { live: figure(parts.pnl.live), backtest: figure(parts.pnl.backtest) },
    slippage: { ...parts.slippage, meanInterval: parts.slippageInterval },
    feeDifferenceBps: figure(figures.feeDifferenceBps),
    feeDifferenceInterval: parts.feeDifferenceInterval,
    fees: {
      liveBps: figure(fees.liveBps),
      backtestBps: figure(fees.backtestBps),
      liveNotional: fees.liveNotional,
      backtestNotional: fees.backtestNotional,
      liveMakerShare: figure(makerShare.live),
      backtestMakerShare: figure(makerShare.backtest),
    },
    latencyDifferenceMs: figure(figures.latencyDifferenceMs),
    latencyDifferenceInterval: parts.latencyDifferenceInterval,
    latency: parts.latency,
    partialFillRateDifference: figure(partialFillRateDifference),
    partialFills: {
      liveRate: figure(partialFills.liveRate),
      backtestRate: figure(partialFills.backtestRate),
      liveFillRatio: figure(partialFills.liveFillRatio),
      backtestFillRatio: figure(partialFills.backtestFillRatio),
      liveOrders: partialFills.liveOrders,
      backtestOrders: partialFills.backtestOrders,
    },
    impact: parts.impact,
    matchRate: figure(matchRate),
    executionQualityScore: score,
    scorePoints: points,
    capital: parts.capital,
    orders: parts.orders,
    matches: parts.matches,
    clockOffset: parts.clockOffset,
    grossNotional: parts.grossNotional,
    matchedNotional,
    unmatchedNotional,
    attribution: parts.attribution,
    breaches: parts.breaches,
    recommendations: parts.recommendations,
    correlation: parts.correlation,
    symbols: parts.symbols,
    dataQuality: parts.dataQuality,
    methodVersion,
    settingsHash: settingsHashOf(settings),
  };
}

export interface DayParts extends Omit<OwnParts, 'key' | 'slippage' | 'latency' | 'impact'>, OwnFigures {
  readonly input: {
    readonly strategy: string;
    readonly day: string;
    readonly revision: number;
    readonly settings: ParitySettings;
    /** Whether to compute the bootstrap intervals. */
    readonly intervals: boolean;
  };
  /** Null = the portfolio. */
  readonly symbol: string | null;
  /** Boundaries of the intervals and the change of (live - backtest) within each. */
  readonly boundaries: Float64Array;
  readonly differences: Float64Array;
  readonly pairs: PairFigures;
  readonly measures: Measures;
  readonly largest: LargestOrders;
  readonly missing: readonly Reason[];
}

/** The document of one day: tracking, verdict and breaches from the day's intervals and pairs. */
export function dayReport(parts: DayParts): Report {
  const { symbol, differences, measures, boundaries, pairs, largest } = parts;
  const { strategy, day, revision, settings, intervals } = parts.input;
  const capital = parts.capital.value ?? Number.NaN;
  const figures: JudgedFigures = {
    trackingErrorBps: trackingErrorBps(differences, capital),
    trackingDifferenceBps: trackingDifferenceBps(parts.attribution.gap, capital),
    feeDifferenceBps: measures.fees.differenceBps,
    latencyDifferenceMs: measures.latencyDifferenceMs,
  };
  const seed = `${strategy}|${symbol ?? ''}|${day}|${day}`;
  return assembleReport({
    ...parts,
    ...measures,
    ...verdictOf(figures, parts.missing, settings, latencyCaution(figures, measures)),
    ...(intervals ? trackingIntervals(differences, capital, seed) : noTrackingIntervals),
    ...(intervals ? pairIntervals(pairs, measures, seed) : noPairIntervals),
    key: { strategy, symbol, from: day, to: day, revision },
    window: null,
    figures,
    breaches: breachesOf({
      figures,
      settings,
      endsUs: boundaries.subarray(1),
      differences,
      capital,
      pairs,
      latencyBasis: measures.latency.basis,
      largest,
    }),
    settings,
  });
}

/** Pairs without a latency: between clocks that stand apart there is none. */
function latencyCaution({ latencyDifferenceMs }: JudgedFigures, { latency }: Measures): readonly Reason[] {
  if (latency.basis !== 'displacement' || !Number.isNaN(latencyDifferenceMs)) return [];
  const message =
    "latency difference unknown: the logs' clocks stand apart, and they tell no times of decision or submission";
  return [{ code: 'latency-unknown', message }];
}

/** The document cannot carry NaN or infinities; where sums of absurd inputs end there, the figure is zero and the status UNKNOWN. */
export function withoutInfinity(report: Report): Report {
  const attribution = { ...report.attribution };
  for (const [name, value] of Object.entries(attribution)) {
    if (typeof value === 'number' && !Number.isFinite(value)) Object.assign(attribution, { [name]: 0 });
  }
  const finite = (value: number) => (Number.isFinite(value) ? value : 0);
  return {
    ...report,
    attribution,
    slippage: { ...report.slippage, weight: finite(report.slippage.weight) },
    fees: {
      ...report.fees,
      liveNotional: finite(report.fees.liveNotional),
      backtestNotional: finite(report.fees.backtestNotional),
    },
    grossNotional: finite(report.grossNotional),
    matchedNotional: finite(report.matchedNotional),
    unmatchedNotional: finite(report.unmatchedNotional),
  };
}
