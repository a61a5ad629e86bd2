import { statisticConventions } from '../../shared/parity/conventions';
import type { StatisticFigure, Statistics } from '../../shared/parity/statistics';
import {
  asOthersCount,
  comparisonWords,
  differenceIn,
  noFigureWords,
  type StatisticRow,
  statisticRows,
} from '../../shared/parity/statistics-words';
import { counted, figure, money, signed, table } from './text';

/** Statistics as a trader reads them on a terminal: live, backtest, difference, and what they rest on. */
export function describeStatistics(statistics: Statistics): string {
  const {
    key,
    days,
    excessSharpe,
    excessProbability,
    sharpeDifferenceInterval: interval,
    sharpeThreshold,
  } = statistics;
  const line = (row: StatisticRow) => {
    const { live, backtest } = statistics;
    const difference = differenceIn(statistics, row.id);
    return [
      '  ',
      statisticConventions[row.id].title.replace('the threshold', String(sharpeThreshold)),
      cell(live[row.id], row),
      cell(backtest[row.id], row),
      difference === null ? '' : cell(difference, { ...row, signed: true }),
    ];
  };
  const lines = (title: string, rows: readonly StatisticRow[]) => {
    const told = rows.filter(({ id }) => statistics.live[id].reason !== 'not-enough-days');
    return told.length === 0 ? '' : table([['  ', title, 'live', 'backtest', 'difference'], ...told.map(line)], [0, 1]);
  };
  const between =
    interval === null
      ? ''
      : ` It is ${signed(interval.lower, 2)} to ${signed(interval.upper, 2)} at ${interval.level * 100} %.${interval.caution === undefined ? '' : ` ${interval.caution}`}`;
  const sections = [
    `${key.strategy}  ${key.symbol ?? 'portfolio'}  ${key.from} to ${key.to}  ${counted(days, 'day')}`,
    `  ${comparisonWords(statistics)}${between}`,
    lines('', statisticRows),
    excessSharpe.reason === 'not-enough-days'
      ? ''
      : [
          `  ${statisticConventions.excessSharpe.title}: ${apart(excessSharpe, { unit: 'ratio', signed: true })}`,
          `  ${statisticConventions.excessProbability.title}: ${apart(excessProbability, { unit: 'percent', signed: false })}`,
        ].join('\n'),
    lines('as other engines count', asOthersCount),
    basis(statistics),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function cell(
  { value, reason }: StatisticFigure,
  { unit, signed: withSign }: Pick<StatisticRow, 'unit' | 'signed'>,
): string {
  if (value === null) return reason === null ? '–' : noFigureWords[reason];
  const written = withSign ? signed : figure;
  if (unit === 'percent') return written(value * 100, 2, '%');
  return written(value, unit === 'count' ? 0 : 2);
}

/** Of the differences of the days. */
function apart(figureOfDifferences: StatisticFigure, row: Pick<StatisticRow, 'unit' | 'signed'>): string {
  return figureOfDifferences.reason === 'no-variation' ? 'every day differs alike' : cell(figureOfDifferences, row);
}

function basis({ capital, annualisationDays, daysWithoutReport, leftOut }: Statistics): string {
  const amount =
    capital.least === capital.most ? money(capital.least) : `${money(capital.least)} to ${money(capital.most)}`;
  return [
    `  returns of days with both sides complete, over capital of ${amount} (${capital.bases.join(', ') || 'none'}); a year has ${annualisationDays} days`,
    ...(daysWithoutReport > 0 ? [`  ${counted(daysWithoutReport, 'calendar day')} between without executions`] : []),
    ...leftOut.map(({ days, first, message }) => `  left out: ${counted(days, 'day')} from ${first}: ${message}`),
  ].join('\n');
}
