import { OctagonX, TriangleAlert } from 'lucide-react';
import type { Breach, Report } from '../../../shared/parity/document';
import { lostPointsOf, metricWords } from '../../../shared/parity/words';
import { Badge } from '../../components/StatusBadge';
import { Time } from '../../components/Time';
import { formatFigure, formatFigureWithUnit, formatMoney, typeset } from '../../format';
import { addresses } from '../addresses';

const severityTone = { warning: 'warn', limit: 'fail', critical: 'fail' } as const;

/** Which limits were crossed, since when, and the orders that weigh most. */
export function Breaches({ report }: { readonly report: Report }) {
  if (report.breaches.length === 0) {
    return <p className="muted">No limit was crossed.</p>;
  }
  return (
    <ul className="breaches">
      {report.breaches.map((breach) => (
        <BreachItem key={`${breach.metric}${breach.severity}`} breach={breach} report={report} />
      ))}
    </ul>
  );
}

function BreachItem({ breach, report }: { readonly breach: Breach; readonly report: Report }) {
  const words = metricWords[breach.metric];
  return (
    <li>
      <p className="breach-line">
        <Badge tone={severityTone[breach.severity]} icon={breach.severity === 'warning' ? TriangleAlert : OctagonX}>
          {breach.severity}
        </Badge>
        <strong>
          {words.title} {formatFigureWithUnit(breach.value, words.unit, { signed: breach.value < 0 })}
        </strong>
        <span className="muted">
          {breach.severity === 'warning' ? 'warns at' : 'limit'} {breach.limit} · first beyond at{' '}
          <Time atUs={breach.firstSeenUs} timeOnly precision="minute" /> UTC
        </span>
      </p>
      {breach.largestOrders.length > 0 && (
        <p className="breach-orders">
          <span className="muted">Largest orders</span>
          {breach.largestOrders.map((order) => (
            <a
              key={`${order.symbol}${order.id}`}
              href={addresses.symbolDay(report.key.strategy, order.symbol, report.key.from, { order: order.id })}
            >
              {report.key.symbol === null && `${order.symbol} `}
              <span className="figures">{order.id}</span>{' '}
              <span className="figures">{formatMoney(order.gap, report.currency, { signed: true })}</span>
            </a>
          ))}
        </p>
      )}
    </li>
  );
}

/** What to change, why, and what it would do to the tracking difference. */
export function Recommendations({ report }: { readonly report: Report }) {
  if (report.recommendations.length === 0) {
    return <p className="muted">Nothing to change follows from this day’s figures.</p>;
  }
  return (
    <ul className="recommendations">
      {report.recommendations.map((recommendation) => (
        <li key={`${recommendation.topic}${recommendation.what}`}>
          <p>
            <strong>{typeset(recommendation.what)}</strong>
            {recommendation.expectedEffectBps !== null && (
              <span className="recommendation-effect figures" title="Expected change of the tracking difference">
                {formatFigureWithUnit(recommendation.expectedEffectBps, 'bps', { signed: true })}
              </span>
            )}
          </p>
          <p className="muted">{typeset(recommendation.why)}</p>
        </li>
      ))}
    </ul>
  );
}

/** Where the score lost its points, each against the most that cause can cost. */
export function ScorePoints({ report }: { readonly report: Report }) {
  return (
    <table className="score-points">
      <caption className="visually-hidden">Points the execution quality score lost per cause</caption>
      <tbody>
        {lostPointsOf(report.scorePoints).map(({ cause, lost, most }) => (
          <tr key={cause}>
            <th scope="row">{cause}</th>
            <td className="score-bar">
              <svg width="100%" height="10" aria-hidden="true">
                <rect className="score-track" width={`${(most / 30) * 100}%`} height="10" />
                {lost !== null && <rect className="score-lost" width={`${(lost / 30) * 100}%`} height="10" />}
              </svg>
            </td>
            <td className="figures">{lost === null ? 'unknown' : formatFigure(lost === 0 ? 0 : -lost, 'score')}</td>
            <td className="muted figures">of {most}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Score</th>
          <td />
          <td className="figures">{formatFigure(report.executionQualityScore, 'score')}</td>
          <td className="muted figures">of 100</td>
        </tr>
      </tfoot>
    </table>
  );
}
