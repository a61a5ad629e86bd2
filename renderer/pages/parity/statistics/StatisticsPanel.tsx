import type { UtcDay } from '../../../../shared/base/time';
import type { CallResult } from '../../../../shared/contract/calls';
import { conventionText, statisticConventions } from '../../../../shared/parity/conventions';
import { asOthersCount, comparisonWords, statisticRows } from '../../../../shared/parity/statistics-words';
import { useQuery } from '../../../api/use-query';
import { Figure, Figures } from '../../../components/Figure';
import { Panel } from '../../../components/Page';
import { Answer } from '../../../components/States';
import { formatCount, formatCountOf, formatFigure, formatFigureWithUnit, formatMoney } from '../../../format';
import { ConventionsTable } from './ConventionsTable';
import { StatisticsTable } from './StatisticsTable';
import './statistics.css';

/** How a strategy or symbol did over a window of days, live beside backtest, and how sure that is. */

type Statistics = CallResult<'parity.statistics'>;

export function StatisticsPanel(props: {
  readonly strategy: string;
  /** null = portfolio. */
  readonly symbol: string | null;
  readonly from: UtcDay;
  readonly to: UtcDay;
}) {
  const { strategy, symbol, from, to } = props;
  const answer = useQuery('parity.statistics', { strategy, symbol, from, to });
  return (
    <Panel title="Statistics of daily returns">
      <Answer query={answer} skeletonLines={8}>
        {(statistics) => <Told statistics={statistics} />}
      </Answer>
    </Panel>
  );
}

function Told({ statistics }: { readonly statistics: Statistics }) {
  const { state, days, leastDays, sharpeDifferenceInterval: interval, difference } = statistics;
  const { excessSharpe, excessProbability } = statistics;
  return (
    <div className="statistics">
      <p className="statistics-answer">
        <strong>{state === 'not-enough-days' ? 'Not enough days' : formatCountOf(days, 'day')}</strong>
        <span>{comparisonWords(statistics)}</span>
      </p>
      {state === 'not-enough-days' ? (
        <progress className="statistics-progress" max={leastDays} value={days} aria-label="Days of those needed" />
      ) : (
        <Figures dense>
          <Figure
            label="Sharpe ratio, live − backtest"
            value={difference.sharpe.value}
            unit="ratio"
            signed
            explanation={`Difference of the annualised ratios. ${interval === null ? 'An interval needs 20 days.' : `Interval: ${interval.method}, both sides resampled together.${interval.caution === undefined ? '' : ` ${interval.caution}`}`}`}
            note={
              interval === null
                ? 'no interval below 20 days'
                : `${interval.level * 100} %: ${formatFigure(interval.lower, 'ratio', { signed: true })} to ${formatFigure(interval.upper, 'ratio', { signed: true })}${interval.caution === undefined ? '' : ' (may be too narrow)'}`
            }
          />
          <Figure
            label={statisticConventions.excessSharpe.title}
            value={excessSharpe.value}
            unit="ratio"
            signed
            explanation={conventionText(statisticConventions.excessSharpe)}
            note={`probability that live earns more: ${formatFigureWithUnit(excessProbability.value, 'percent')}`}
            unknownReason="every day differs alike"
          />
          <Figure
            label="Days still needed, live"
            value={statistics.live.daysStillNeeded.value}
            unit="count"
            explanation={conventionText(statisticConventions.daysStillNeeded)}
            note={`to show a Sharpe ratio above ${statistics.sharpeThreshold} at 95 %`}
            unknownReason={`never at this rate: it is not above ${statistics.sharpeThreshold}`}
          />
        </Figures>
      )}
      <StatisticsTable label="Statistics, live beside backtest" statistics={statistics} rows={statisticRows} />
      <Basis statistics={statistics} />
      {state === 'enough-days' && (
        <details>
          <summary>As other engines count the same days</summary>
          <StatisticsTable label="As other engines count" statistics={statistics} rows={asOthersCount} />
        </details>
      )}
      <details>
        <summary>How these are counted</summary>
        <ConventionsTable of={Object.values(statisticConventions)} />
      </details>
    </div>
  );
}

function Basis({ statistics }: { readonly statistics: Statistics }) {
  const { capital, annualisationDays, daysWithoutReport, leftOut, key } = statistics;
  const amount =
    capital.least === capital.most
      ? formatMoney(capital.least, null)
      : `${formatMoney(capital.least, null)} to ${formatMoney(capital.most, null)}`;
  return (
    <ul className="statistics-basis muted">
      <li>
        {key.from} to {key.to}; return of a day = its P&amp;L over its capital, {amount} (
        {capital.bases.join(', ') || 'none'}); a year has {annualisationDays} days.
      </li>
      {daysWithoutReport > 0 && (
        <li>{formatCountOf(daysWithoutReport, 'calendar day')} in between without executions: not counted as zero.</li>
      )}
      {leftOut.map(({ code, days, first, message }) => (
        <li key={code}>
          Left out: {formatCount(days)} {days === 1 ? 'day' : 'days'}, first {first}: {message}.
        </li>
      ))}
    </ul>
  );
}
