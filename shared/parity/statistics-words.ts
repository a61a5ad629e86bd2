import type { FigureUnit } from '../base/format';
import type { noFigureReasons, StatisticFigure, StatisticId, Statistics } from './statistics';

/** The statistics in the order and the words they are read in. */

export interface StatisticRow {
  readonly id: StatisticId;
  readonly unit: FigureUnit;
  readonly signed: boolean;
}

const row = (id: StatisticId, unit: FigureUnit, signed = false): StatisticRow => ({ id, unit, signed });

/** Ours; `asOthersCount` are figures to be laid beside what other engines print. */
export const statisticRows: readonly StatisticRow[] = [
  row('totalReturn', 'percent', true),
  row('annualReturn', 'percent', true),
  row('annualVolatility', 'percent'),
  row('downsideRisk', 'percent'),
  row('maxDrawdown', 'percent', true),
  row('sharpe', 'ratio', true),
  row('sharpeStandardError', 'ratio'),
  row('probabilisticSharpe', 'percent'),
  row('minimumTrackRecordDays', 'count'),
  row('daysStillNeeded', 'count'),
  row('sortino', 'ratio', true),
  row('calmar', 'ratio', true),
];

export const asOthersCount: readonly StatisticRow[] = [
  row('leanSharpe', 'ratio', true),
  row('leanSortino', 'ratio', true),
  row('leanProbabilisticSharpe', 'percent'),
  row('freqtradeDrawdown', 'percent', true),
];

export const noFigureWords: Readonly<Record<(typeof noFigureReasons)[number], string>> = {
  'not-enough-days': 'not enough days',
  'no-variation': 'all days equal',
  'no-loss': 'no losing day',
  'no-drawdown': 'no drawdown',
  never: 'never at this rate',
  'not-computable': 'not computable',
};

/** Live minus backtest of a figure; null where such a difference means nothing. */
export function differenceIn({ difference }: Pick<Statistics, 'difference'>, id: StatisticId): StatisticFigure | null {
  const differences: Partial<Readonly<Record<StatisticId, StatisticFigure>>> = difference;
  return differences[id] ?? null;
}

/** What the days can say about live against the backtest, in a sentence or two. */
export function comparisonWords(statistics: Statistics): string {
  const { state, days, leastDays, sharpeDifferenceInterval: interval, excessProbability } = statistics;
  if (state === 'not-enough-days') {
    return `${days} of ${leastDays} days: too few for rates and ratios. ${leastDays - days} more with both sides complete are needed.`;
  }
  return `${earnedWords(excessProbability.value)} ${sharpeWords(interval)}`;
}

/** Two-sided at 95 %. */
function earnedWords(probability: number | null): string {
  if (probability === null) return 'Every day differs alike.';
  if (probability < 0.025) return 'Live earns less per day than its backtest, by more than chance explains.';
  if (probability > 0.975) return 'Live earns more per day than its backtest, by more than chance explains.';
  return 'What live earns per day differs from its backtest by no more than chance explains.';
}

function sharpeWords(interval: Statistics['sharpeDifferenceInterval']): string {
  if (interval === null) return 'Whether the Sharpe ratios differ cannot be told from these days.';
  if (interval.upper < 0) return 'Its Sharpe ratio is lower.';
  if (interval.lower > 0) return 'Its Sharpe ratio is higher.';
  return 'The interval of the difference of the Sharpe ratios holds zero.';
}
