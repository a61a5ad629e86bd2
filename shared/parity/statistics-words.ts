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

/** What the Sharpe ratios can say about each other, in one sentence. */
export function comparisonWords({
  state,
  days,
  leastDays,
  sharpeDifferenceInterval: interval,
  difference,
}: Statistics): string {
  if (state === 'not-enough-days') {
    return `${days} of ${leastDays} days: too few for rates and ratios. ${leastDays - days} more with both sides complete are needed.`;
  }
  if (interval === null || difference.sharpe.value === null) {
    return 'Too few days to say whether the Sharpe ratios differ by more than chance.';
  }
  if (interval.upper < 0) return 'Live has the lower Sharpe ratio, by more than chance explains.';
  if (interval.lower > 0) return 'Live has the higher Sharpe ratio, by more than chance explains.';
  return 'The Sharpe ratios differ by no more than chance explains: the interval of their difference holds zero.';
}
