import { z } from 'zod';
import { correctedAutocorrelation } from '../base/bootstrap';
import { freqtradeDrawdown } from '../base/freqtrade-statistics';
import { leanStatistics } from '../base/lean-statistics';
import { pairedInterval } from '../base/paired-bootstrap';
import { Random } from '../base/random';
import {
  annualReturn,
  annualVolatility,
  calmar,
  downsideRisk,
  excessSharpe,
  maxDrawdown,
  sortino,
  totalReturn,
} from '../base/returns';
import {
  annualisedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
  sharpeStandardError,
} from '../base/sharpe';
import { mean, sampleDeviation } from '../base/statistics';
import { DAY_US, isUtcDay, utcDayStartUs } from '../base/time';
import type { Report } from './document';
import { figure, methodVersion } from './method';
import type { ParitySettings } from './settings';
import { incompleteCodes } from './verdict';

/**
 * The statistics of a strategy over a window of days, live beside backtest, from its daily reports. A day's return is its P&L over its
 * capital (of the portfolio: the symbols' sum over the portfolio's). Only days that are complete on both sides take part, the same for both;
 * what was left out is listed. Where there are too few days there is no number.
 */

export const statisticsSchemaId = 'lockstep.statistics/1';

/** Days from which rates and ratios are told at all; below, their error is larger than what they could say. */
export const leastDays = 7;
/** Days from which the difference of the Sharpe ratios gets an interval by resampling. */
const leastDaysForInterval = 20;
const intervalResamples = 1_000;
const intervalLevel = 0.95;
const trackRecordConfidence = 0.95;

export const noFigureReasons = [
  'not-enough-days',
  /** Every day earned the same. */
  'no-variation',
  /** No day fell short of zero. */
  'no-loss',
  'no-drawdown',
  /** The Sharpe ratio does not exceed the threshold: no number of such days proves that it does. */
  'never',
  'not-computable',
] as const;
const figureSchema = z.object({
  value: z.number().nullable(),
  /** Why there is no value; null when there is one. */
  reason: z.enum(noFigureReasons).nullable(),
});
export type StatisticFigure = z.infer<typeof figureSchema>;

const sideSchema = z.object({
  totalReturn: figureSchema,
  annualReturn: figureSchema,
  annualVolatility: figureSchema,
  downsideRisk: figureSchema,
  maxDrawdown: figureSchema,
  sharpe: figureSchema,
  sharpeStandardError: figureSchema,
  probabilisticSharpe: figureSchema,
  /** Days after which the probability reaches 95 % if the days go on as they were. */
  minimumTrackRecordDays: figureSchema,
  /** How many of them are still to come; 0 = it has been shown. */
  daysStillNeeded: figureSchema,
  sortino: figureSchema,
  calmar: figureSchema,
  leanSharpe: figureSchema,
  leanSortino: figureSchema,
  leanProbabilisticSharpe: figureSchema,
  freqtradeDrawdown: figureSchema,
});
export type SideStatistics = z.infer<typeof sideSchema>;
export type StatisticId = keyof SideStatistics;

export const statisticsSchema = z.object({
  schema: z.literal(statisticsSchemaId),
  key: z.object({
    strategy: z.string(),
    /** null = portfolio. */
    symbol: z.string().nullable(),
    from: z.string(),
    to: z.string(),
  }),
  state: z.enum(['enough-days', 'not-enough-days']),
  /** Days that take part. */
  days: z.number(),
  leastDays: z.number(),
  /** Calendar days from the first to the last day with a report that have none: nothing was traded or nothing was imported. */
  daysWithoutReport: z.number(),
  /** Days with a report that take no part, by cause. */
  leftOut: z.array(z.object({ code: z.string(), days: z.number(), first: z.string(), message: z.string() })),
  annualisationDays: z.number(),
  /** Annual Sharpe ratio that the probability and the track record are about. */
  sharpeThreshold: z.number(),
  /** Smallest and largest capital of the days, and what it is. */
  capital: z.object({ least: z.number().nullable(), most: z.number().nullable(), bases: z.array(z.string()) }),
  live: sideSchema,
  backtest: sideSchema,
  /** Live minus backtest; of the Sharpe ratio's error, probability and track record there is none. */
  difference: sideSchema.omit({
    sharpeStandardError: true,
    probabilisticSharpe: true,
    minimumTrackRecordDays: true,
    daysStillNeeded: true,
    leanProbabilisticSharpe: true,
  }),
  /** Of the difference of the Sharpe ratios; null below 20 days. */
  sharpeDifferenceInterval: z
    .object({
      lower: z.number(),
      upper: z.number(),
      level: z.number(),
      method: z.string(),
      /** Why the true value may lie outside more often than `level` says; absent when nothing speaks for it. */
      caution: z.string().optional(),
    })
    .nullable(),
  /** Mean of the daily return differences over their deviation, per day. */
  excessSharpe: figureSchema,
  /** Probability that live earns more per day than the backtest in the long run; below 2.5 % or above 97.5 % chance does not explain it. */
  excessProbability: figureSchema,
  /** The returns all of it rests on: 0.01 = 1 % of that day's capital. */
  dailyReturns: z.array(z.object({ day: z.string(), live: z.number(), backtest: z.number() })),
  methodVersion: z.string(),
});
export type Statistics = z.infer<typeof statisticsSchema>;
type Difference = Statistics['difference'];

interface DayReturn {
  readonly day: string;
  readonly live: number;
  readonly backtest: number;
  readonly capital: number;
  readonly basis: string;
}

/**
 * @param reports daily reports of one strategy and one symbol (or the portfolio), oldest first, at least one
 * @param sharpeThreshold annual
 */
export function statisticsOf(reports: readonly Report[], settings: ParitySettings, sharpeThreshold = 0): Statistics {
  const [first] = reports;
  const last = reports.at(-1);
  if (first === undefined || last === undefined) throw new Error('Statistics need at least one daily report');
  const used: DayReturn[] = [];
  const leftOut = new Map<string, Statistics['leftOut'][number]>();
  for (const report of reports) {
    const found = dayReturn(report);
    if ('day' in found) used.push(found);
    else {
      const known = leftOut.get(found.code);
      if (known) known.days++;
      else leftOut.set(found.code, { ...found, days: 1, first: report.key.from });
    }
  }
  const perYear = settings.annualisationDays;
  const liveReturns = Float64Array.from(used, ({ live }) => live);
  const backtestReturns = Float64Array.from(used, ({ backtest }) => backtest);
  const live = sideOf(liveReturns, perYear, sharpeThreshold);
  const backtest = sideOf(backtestReturns, perYear, sharpeThreshold);
  const capitals = used.map(({ capital }) => capital);
  const enough = used.length >= leastDays;
  const { strategy, symbol } = first.key;
  return {
    schema: statisticsSchemaId,
    key: { strategy, symbol, from: first.key.from, to: last.key.to },
    state: enough ? 'enough-days' : 'not-enough-days',
    days: used.length,
    leastDays,
    daysWithoutReport: calendarDays(first.key.from, last.key.to) - reports.length,
    leftOut: [...leftOut.values()],
    annualisationDays: perYear,
    sharpeThreshold,
    capital: {
      least: used.length === 0 ? null : Math.min(...capitals),
      most: used.length === 0 ? null : Math.max(...capitals),
      bases: [...new Set(used.map(({ basis }) => basis))],
    },
    live,
    backtest,
    difference: differenceOf(live, backtest),
    sharpeDifferenceInterval: sharpeDifferenceInterval(
      liveReturns,
      backtestReturns,
      perYear,
      `${strategy}|${symbol ?? ''}|${first.key.from}|${last.key.to}`,
    ),
    excessSharpe: enough ? known(excessSharpe(liveReturns, backtestReturns), 'no-variation') : notEnough,
    excessProbability: enough
      ? known(probabilisticSharpe(sharpeSample(liveReturns, backtestReturns), 0), 'no-variation')
      : notEnough,
    dailyReturns: used.map(({ day, live: earned, backtest: expected }) => ({ day, live: earned, backtest: expected })),
    methodVersion,
  };
}

/** The day's returns, or why it takes no part. */
function dayReturn(report: Report): DayReturn | { readonly code: string; readonly message: string } {
  const incomplete = report.reasons.find(({ code }) => incompleteCodes.has(code));
  if (incomplete) return incomplete;
  const { pnl, capital, key } = report;
  if (pnl.live === null || pnl.backtest === null)
    return { code: 'pnl-unknown', message: 'the P&L of a side is not known' };
  if (capital.value === null)
    return { code: 'capital-unknown', message: 'there is no capital to measure the P&L against' };
  return {
    day: key.from,
    live: pnl.live / capital.value,
    backtest: pnl.backtest / capital.value,
    capital: capital.value,
    basis: capital.basis,
  };
}

const notEnough: StatisticFigure = { value: null, reason: 'not-enough-days' };

function known(value: number, otherwise: (typeof noFigureReasons)[number]): StatisticFigure {
  const shown = figure(value);
  return shown === null ? { value: null, reason: otherwise } : { value: shown, reason: null };
}

function sideOf(returns: Float64Array, perYear: number, annualThreshold: number): SideStatistics {
  const count = returns.length;
  /** What the days earned and lost is a fact however few they are; all else is an estimate. */
  const fact = (value: number) => (count === 0 ? notEnough : known(value, 'not-computable'));
  const estimate = (compute: () => number, otherwise: (typeof noFigureReasons)[number]) =>
    count < leastDays ? notEnough : known(compute(), otherwise);
  const sample = sharpeSample(returns);
  const threshold = annualThreshold / Math.sqrt(perYear);
  const trackRecord = minimumTrackRecord(sample, threshold, trackRecordConfidence);
  const flat = !Number.isFinite(sample.sharpe);
  const noTrackRecord = flat ? 'no-variation' : 'never';
  const lean = leanStatistics(returns, perYear);
  // Lean says 0 for what has no deviation; that is no ratio.
  const leanRatio = (ratio: number) => () => (flat || ratio === 0 ? Number.NaN : ratio);
  const wealth = freqtradeDrawdown(moneyOf(returns), 1, true)?.relativeAccountDrawdown ?? 0;
  return {
    totalReturn: fact(totalReturn(returns)),
    annualReturn: estimate(() => annualReturn(returns, perYear), 'not-computable'),
    annualVolatility: estimate(() => annualVolatility(returns, perYear), 'not-computable'),
    downsideRisk: estimate(() => downsideRisk(returns, perYear), 'not-computable'),
    maxDrawdown: fact(maxDrawdown(returns)),
    sharpe: estimate(() => annualisedSharpe(returns, perYear), 'no-variation'),
    sharpeStandardError: estimate(() => sharpeStandardError(sample, perYear), 'no-variation'),
    probabilisticSharpe: estimate(() => probabilisticSharpe(sample, threshold), 'no-variation'),
    minimumTrackRecordDays: estimate(() => Math.ceil(trackRecord), noTrackRecord),
    daysStillNeeded: estimate(() => Math.max(0, Math.ceil(trackRecord) - count), noTrackRecord),
    sortino: estimate(() => sortino(returns, perYear), 'no-loss'),
    calmar: estimate(() => calmar(returns, perYear), 'no-drawdown'),
    leanSharpe: estimate(leanRatio(lean.sharpeRatio), 'no-variation'),
    leanSortino: estimate(leanRatio(lean.sortinoRatio), 'no-loss'),
    // Its excess kurtosis can make the variance of the estimate negative.
    leanProbabilisticSharpe: estimate(() => lean.probabilisticSharpeRatio, 'not-computable'),
    freqtradeDrawdown: fact(-wealth),
  };
}

/** What each day added to a beginning of one unit. */
function moneyOf(returns: Float64Array): Float64Array {
  let held = 1;
  return returns.map((earned) => {
    const added = held * earned;
    held += added;
    return added;
  });
}

function differenceOf(live: SideStatistics, backtest: SideStatistics): Difference {
  const of = (id: StatisticId): StatisticFigure => {
    const [a, b] = [live[id], backtest[id]];
    if (a.value !== null && b.value !== null) return { value: figure(a.value - b.value), reason: null };
    return { value: null, reason: a.reason ?? b.reason };
  };
  return {
    totalReturn: of('totalReturn'),
    annualReturn: of('annualReturn'),
    annualVolatility: of('annualVolatility'),
    downsideRisk: of('downsideRisk'),
    maxDrawdown: of('maxDrawdown'),
    sharpe: of('sharpe'),
    sortino: of('sortino'),
    calmar: of('calmar'),
    leanSharpe: of('leanSharpe'),
    leanSortino: of('leanSortino'),
    freqtradeDrawdown: of('freqtradeDrawdown'),
  };
}

/**
 * Of live's annual Sharpe ratio minus the backtest's, by resampling the days of both together; null below 20 days and where a side's
 * days are all equal.
 * @param live returns of the days, 0.01 = 1 %; `backtest` of the same days
 */
export function sharpeDifferenceInterval(
  live: Float64Array,
  backtest: Float64Array,
  perYear: number,
  seed: string,
): Statistics['sharpeDifferenceInterval'] {
  if (live.length < leastDaysForInterval) return null;
  // Where a side's days are equal, what remains of rounding would be resampled.
  if (![live, backtest].every((returns) => Number.isFinite(annualisedSharpe(returns, 1)))) return null;
  const interval = pairedInterval(live, backtest, (places) => sharpeAt(live, places) - sharpeAt(backtest, places), {
    resamples: intervalResamples,
    level: intervalLevel,
    random: new Random(seed),
  });
  if (interval === null) return null;
  const annual = Math.sqrt(perYear);
  const lower = figure(interval.lower * annual);
  const upper = figure(interval.upper * annual);
  if (lower === null || upper === null) return null;
  const caution = sharpeCaution(live, backtest);
  return {
    lower,
    upper,
    level: intervalLevel,
    method: 'paired stationary bootstrap',
    ...(caution === null ? {} : { caution }),
  };
}

/** Number of days up to which, and autocorrelation from which on, simulated coverage falls below 93 % (see `npm run coverage`). */
const fewDays = 120;
const persistentFrom = 0.15;

function sharpeCaution(live: Float64Array, backtest: Float64Array): string | null {
  const [ownLive, ownBacktest] = [standardised(live), standardised(backtest)];
  // What a day adds to the difference of the ratios, to first order.
  const rho = correctedAutocorrelation(
    ownLive.map((value, day) => value - ownBacktest[day]!),
    0,
  );
  if (rho >= persistentFrom) {
    return `One day's difference goes on into the next (autocorrelation ${rho.toFixed(2)}): the true value lies outside more often than 1 time in 20, up to ${live.length < fewDays ? '1 in 2' : '1 in 5'}.`;
  }
  if (live.length >= fewDays) return null;
  return `${live.length} days are few: the true value lies outside more often than 1 time in 20, up to ${live.length < 60 ? '1 in 7' : '1 in 12'}.`;
}

function standardised(returns: Float64Array): Float64Array {
  const [centre, deviation] = [mean(returns), sampleDeviation(returns)];
  return returns.map((value) => (value - centre) / deviation);
}

/** Sharpe ratio per period of the returns at the places; NaN where they do not differ. */
function sharpeAt(returns: Float64Array, places: Uint32Array): number {
  let sum = 0;
  let squares = 0;
  for (const at of places) sum += returns[at]!;
  const centre = sum / places.length;
  for (const at of places) squares += (returns[at]! - centre) ** 2;
  return squares > 0 ? centre / Math.sqrt(squares / (places.length - 1)) : Number.NaN;
}

function calendarDays(from: string, to: string): number {
  if (!isUtcDay(from) || !isUtcDay(to)) return Number.NaN;
  return (utcDayStartUs(to) - utcDayStartUs(from)) / DAY_US + 1;
}
