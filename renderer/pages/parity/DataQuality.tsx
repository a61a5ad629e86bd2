import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { Report } from '../../../shared/parity/document';
import { Time } from '../../components/Time';
import { formatCount, formatFigure, formatMoney, typeset } from '../../format';

interface Finding {
  readonly title: string;
  readonly count: number;
  readonly meaning: string;
}

/** What of the data could not be used or had to be guessed; null findings are stated too, so that silence is never taken for health. */
function findingsOf(report: Report): readonly Finding[] {
  const { dataQuality } = report;
  return [
    {
      title: 'Quarantined rows',
      count: dataQuality.quarantinedRows,
      meaning: 'rows of this day that could not be read',
    },
    {
      title: 'Unpriced fees',
      count: dataQuality.unpricedFees,
      meaning: 'paid in a currency without a price near; left out of the fees',
    },
    {
      title: 'Unknown fees',
      count: dataQuality.unknownFees,
      meaning: 'fills whose log has no fee; left out of the fees',
    },
    {
      title: 'Ambiguous matches',
      count: dataQuality.ambiguousMatches,
      meaning: 'pairs another order would have fitted nearly as well',
    },
    {
      title: 'Stale marks',
      count: dataQuality.staleMarks,
      meaning: 'intervals valued at a price older than an hour; import prices of the whole day',
    },
    { title: 'Paper executions', count: dataQuality.paperExecutions, meaning: 'simulated fills among the live ones' },
  ];
}

export function DataQuality({ report }: { readonly report: Report }) {
  const { dataQuality, capital, currency, matches, orders } = report;
  return (
    <div className="quality">
      <ul className="quality-findings">
        {findingsOf(report).map((finding) => {
          const Icon = finding.count > 0 ? TriangleAlert : CircleCheck;
          return (
            <li key={finding.title} title={finding.meaning} data-found={finding.count > 0 || undefined}>
              <Icon className={`mark ${finding.count > 0 ? 'mark-warn' : ''}`} size={13} aria-hidden="true" />
              <span>{finding.title}</span>
              <span className="figures">{formatCount(finding.count)}</span>
            </li>
          );
        })}
      </ul>
      <dl className="quality-facts">
        <Fact title="Live data">
          <Coverage coverage={dataQuality.liveCoverage} />
        </Fact>
        <Fact title="Backtest data">
          <Coverage coverage={dataQuality.backtestCoverage} />
        </Fact>
        <Fact title="Day">{dataQuality.dayClosed ? 'closed' : 'still open: figures may change'}</Fact>
        <Fact title="Capital">
          {capital.value === null ? 'unknown' : `${formatMoney(capital.value, currency)}, ${capital.basis}`}
        </Fact>
        <Fact title="Matched by">
          {formatCount(matches.byKey)} key, {formatCount(matches.byTime)} time
          {matches.timeConfidence !== null && `, mean confidence ${formatFigure(matches.timeConfidence, 'ratio')}`}
        </Fact>
        {report.clockOffset !== null && <Fact title="Clocks of the logs">{typeset(report.clockOffset.why)}</Fact>}
        <Fact title="Live rejected, cancelled">
          {formatCount(orders.liveRejected)}, {formatCount(orders.liveCancelled)}
        </Fact>
        {report.impact.slopeBpsPerSqrtNotional !== null && (
          <Fact title="Market impact">
            {report.impact.slopeBpsPerSqrtNotional.toPrecision(2)} ±{' '}
            {report.impact.standardError === null ? '—' : report.impact.standardError.toPrecision(2)} bps per √notional
          </Fact>
        )}
        <Fact title="Unexplained">
          {formatFigure(report.attribution.residual === 0 ? 0 : Math.abs(report.attribution.residual), 'ratio')}{' '}
          {currency ?? ''} residual
        </Fact>
        <Fact title="Method, settings">
          <code>
            {report.methodVersion}, {report.settingsHash}
          </code>
        </Fact>
      </dl>
      {dataQuality.notes.length > 0 && (
        <ul className="quality-notes muted">
          {dataQuality.notes.map((note) => (
            <li key={note}>{typeset(note)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="label">{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Coverage({
  coverage,
}: {
  readonly coverage: { readonly firstUs: number | null; readonly lastUs: number | null };
}) {
  if (coverage.firstUs === null) return <strong>none</strong>;
  return (
    <>
      <Time atUs={coverage.firstUs} precision="minute" /> to <Time atUs={coverage.lastUs} precision="minute" />
    </>
  );
}
