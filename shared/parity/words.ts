import { formatFigure, formatFigureWithUnit, formatMoney } from '../base/format';
import type { ParityStatus, Report } from './document';
import type { ParitySettings } from './settings';
import { causeWords, type Waterfall } from './waterfall';

/** A report in words: what the verdict is, where the money went, and what to do when nothing can be said. */

/** The limits a verdict was measured against. */
type Limits = Pick<ParitySettings, 'trackingBps' | 'feeBps' | 'latencyMs' | 'minMatchedOrders'>;

const headlines: Readonly<Record<ParityStatus, string>> = {
  PASS: 'In parity',
  WARN: 'In parity, near a limit',
  FAIL: 'Out of parity',
  UNKNOWN: 'Parity unknown',
};

/** The verdict in a few words. A window that only its failed days keep from passing does not stand near a limit. */
export function headlineOf({ status, reasons }: Pick<Report, 'status' | 'reasons'>): string {
  const onlyFailedDays = status === 'WARN' && reasons.every(({ code }) => code === 'failed-days');
  return onlyFailedDays ? 'In parity on average, not on every day' : headlines[status];
}

/** "Live earned 12.40 USDT less than the backtest, −8.1 bps of 15,300.00 USDT capital (estimated). Most of it: fees −7.20." */
export function gapSentence(report: Report, waterfall: Waterfall): string {
  const { currency, capital } = report;
  const { gap } = report.attribution;
  const direction = gap < 0 ? 'less' : 'more';
  const daily = report.key.from === report.key.to ? '' : 'on average a day ';
  const basis =
    capital.value === null || report.trackingDifferenceBps === null
      ? ''
      : `, ${daily}${formatFigureWithUnit(report.trackingDifferenceBps, 'bps', { signed: true })} of ${formatMoney(capital.value, currency)} capital (${capital.basis})`;
  if (gap === 0) return 'Live and backtest earned the same.';
  const largest = waterfall.steps.find((step) => step.cause === waterfall.largest);
  const cause = largest
    ? ` Largest cause: ${causeWords[largest.cause].title.toLowerCase()}, ${formatMoney(largest.value, currency, { signed: true })}.`
    : '';
  return `Live earned ${formatMoney(Math.abs(gap), currency)} ${direction} than the backtest${basis}.${cause}`;
}

/** Limits a figure is held against; its size counts, so a signed figure is caught on both sides. */
export interface FigureLimits {
  readonly warn: number;
  readonly limit: number;
  readonly critical?: number;
}

export type LimitState = 'within' | 'warn' | 'limit' | 'critical' | 'unknown';

/** Where the size of the figure stands. At the limit counts as beyond it; unknown is a state of its own. */
export function limitStateOf(value: number | null | undefined, limits: FigureLimits | undefined): LimitState {
  if (limits === undefined) return 'within';
  if (value === null || value === undefined || !Number.isFinite(value)) return 'unknown';
  const size = Math.abs(value);
  if (limits.critical !== undefined && size >= limits.critical) return 'critical';
  if (size >= limits.limit) return 'limit';
  return size >= limits.warn ? 'warn' : 'within';
}

export interface NextStep {
  readonly text: string;
  /** Whether the step is done on the Imports page. */
  readonly imports: boolean;
}

/** Whether both sides traded on the day: without that the gap measures nothing. */
export function bothSidesTraded(report: Report): boolean {
  return report.dataQuality.liveCoverage.firstUs !== null && report.dataQuality.backtestCoverage.firstUs !== null;
}

/** What would turn an UNKNOWN into a verdict: the first thing that stands in the way; null where the report has a verdict. */
export function nextStepOf(report: Report, limits: Limits): NextStep | null {
  if (report.status !== 'UNKNOWN') return null;
  const { dataQuality, matches, key } = report;
  const day = key.from === key.to ? key.from : `${key.from} to ${key.to}`;
  const step = (text: string, imports: boolean): NextStep => ({ text, imports });
  const noLive = dataQuality.liveCoverage.firstUs === null;
  const noBacktest = dataQuality.backtestCoverage.firstUs === null;
  if (noLive && noBacktest) return step(`Import the live log and the backtest result that cover ${day}.`, true);
  if (noLive) return step(`Import the live log that covers ${day}, or check why live did not trade.`, true);
  if (noBacktest)
    return step(`Import the backtest result that covers ${day}, or check why the backtest did not trade.`, true);
  const codes = new Set(report.reasons.map((reason) => reason.code));
  if (codes.has('coverage'))
    return step(`Import the rest of ${day}: the log of one side does not reach as far as the other.`, true);
  if (codes.has('mark-missing')) return step('Import prices (candles) that reach back to the start of the day.', true);
  if (codes.has('capital-unknown'))
    return step('Import the backtest of the day: its exposure tells the capital.', true);
  if (codes.has('not-computable'))
    return step('Check prices and quantities of the imported files: some are out of all proportion.', true);
  if (matches.matched < limits.minMatchedOrders) {
    return matches.missed + matches.extra > matches.matched
      ? step('Check that both files are of the same strategy, symbol and time zone: few orders find each other.', true)
      : step('Too little trading for a verdict on one day: judge the portfolio, or wait for more.', false);
  }
  return step('Wait until the day has closed; the figures so far are shown.', false);
}

/** The fee difference counts by its size, and only beyond its limits (at 5 is within, above is not). */
export function feeState(value: number | null, limits: Limits['feeBps']): LimitState {
  return stateBeyond(value === null ? null : Math.abs(value), limits);
}

/** Only slower than the backtest counts; faster is never a breach. */
export function latencyState(value: number | null, limits: Limits['latencyMs']): LimitState {
  return stateBeyond(value, limits);
}

function stateBeyond(value: number | null, limits: { readonly warn: number; readonly limit: number }): LimitState {
  if (value === null) return 'unknown';
  if (value > limits.limit) return 'limit';
  return value > limits.warn ? 'warn' : 'within';
}

export interface LostPoints {
  readonly cause: string;
  /** Null where the figure behind it is unknown. */
  readonly lost: number | null;
  readonly most: number;
}

/** Points the score lost per cause, most lost first, with the most each can cost. */
export function lostPointsOf(points: Report['scorePoints']): readonly LostPoints[] {
  return [
    { cause: 'Tracking', lost: points.tracking, most: 30 },
    { cause: 'Fees', lost: points.fees, most: 20 },
    { cause: 'Latency', lost: points.latency, most: 25 },
    { cause: 'Partial fills', lost: points.partialFills, most: 15 },
    { cause: 'Unmatched', lost: points.unmatched, most: 10 },
  ].sort((a, b) => (b.lost ?? -1) - (a.lost ?? -1));
}

/** "tracking −10.2, fees −4.1", or that nothing was lost. */
export function lostPointsText(points: Report['scorePoints']): string {
  const lost = lostPointsOf(points).filter((one) => one.lost !== null && one.lost >= 0.05);
  if (lost.length === 0) return 'no points lost';
  return lost.map((one) => `${one.cause.toLowerCase()} ${formatFigure(-(one.lost ?? 0), 'score')}`).join(', ');
}

export function intervalText(
  interval: Report['feeDifferenceInterval'],
  options: { readonly signed?: boolean; readonly unit?: 'bps' | 'ms' } = {},
): string | undefined {
  if (interval == null) return undefined;
  const unit = options.unit ?? 'bps';
  return `${formatFigure(interval.level, 'percent').replace('.0', '')} % interval ${formatFigure(interval.lower, unit, options)} to ${formatFigure(interval.upper, unit, options)}${interval.caution === undefined ? '' : ' (may be too narrow)'}`;
}

/** How the interval was found and what speaks against it, for the explanation beside the figure. */
export function intervalMethodText(interval: Report['trackingErrorInterval']): string {
  if (interval === null) return "No interval: fewer than five of the day's intervals differ.";
  return `Interval: ${interval.method}.${interval.caution === undefined ? '' : ` ${interval.caution}`}`;
}

/** The same for a figure over matched orders. */
export function pairIntervalMethodText(interval: Report['feeDifferenceInterval']): string {
  return interval == null
    ? 'No interval: fewer than eight matched orders (over a window: three days) tell this figure.'
    : intervalMethodText(interval);
}

export const metricWords = {
  trackingErrorBps: { title: 'Tracking error', unit: 'bpsPerDay' },
  trackingDifferenceBps: { title: 'Tracking difference', unit: 'bpsPerDay' },
  feeDifferenceBps: { title: 'Fee difference', unit: 'bps' },
  latencyDifferenceMs: { title: 'Latency difference', unit: 'ms' },
} as const;

export const latencyBasisWords: Readonly<Record<Report['latency']['basis'], string>> = {
  decision: 'from decision to first fill',
  submission: 'from submission to first fill',
  displacement: 'live fill minus backtest fill: the log has no decision or submission times',
  none: 'no order has a time to measure from',
};
