import type { CriterionResult } from '../../../shared/canary/evaluation';
import { figureWord, formatLimit, formatValue } from '../../../shared/canary/words';
import { TrendLine } from '../../charts/TrendLine';
import { ScrollSection } from '../../components/ScrollSection';
import { formatCount, typeset, UNKNOWN_TEXT } from '../../format';
import { OutcomeMark, outcomeTone } from './looks';

const gates = [
  { gate: 'rollback', title: 'Rollback: a breach takes the version out of the market' },
  { gate: 'guard', title: 'Guards: warn and block promotion' },
  { gate: 'data', title: 'Data' },
  { gate: 'promotion', title: 'Promotion: all must hold' },
  { gate: 'control', title: 'Control arm' },
] as const;

/** Every criterion, whatever the others say: value, limit, margin, sample, trend, outcome and why. */
export function Criteria(props: {
  readonly criteria: readonly CriterionResult[];
  readonly trends: Readonly<Record<string, readonly (number | null)[]>>;
}) {
  return (
    <ScrollSection className="canary-scroll" label="Criteria">
      <table className="canary-criteria">
        <thead>
          <tr>
            <th scope="col">Criterion</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="canary-number">
              Value
            </th>
            <th scope="col" className="canary-number">
              Limit
            </th>
            <th scope="col" className="canary-number" title="Distance to the limit, + on the good side">
              Margin
            </th>
            <th scope="col" className="canary-number" title="What it rests on, of what it needs">
              Sample
            </th>
            <th scope="col">Trend</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        {gates.map(({ gate, title }) => {
          const rows = props.criteria.filter((criterion) => criterion.gate === gate);
          if (rows.length === 0) return null;
          return (
            <tbody key={gate}>
              <tr>
                <th scope="colgroup" colSpan={8} className="canary-gate">
                  {title}
                </th>
              </tr>
              {rows.map((row) => (
                <Row key={row.id} row={row} trend={props.trends[`${gate}:${row.id}`] ?? props.trends[row.id] ?? []} />
              ))}
            </tbody>
          );
        })}
      </table>
    </ScrollSection>
  );
}

function Row({ row, trend }: { readonly row: CriterionResult; readonly trend: readonly (number | null)[] }) {
  const tone = outcomeTone(row.outcome);
  return (
    <tr className={`canary-row-${row.outcome}`}>
      <th scope="row">{figureWord(row.figure)}</th>
      <td>
        <OutcomeMark outcome={row.outcome} />
        {row.held > 0 && row.holdEvaluations > 1 && (
          <span className="muted canary-held">
            {row.held} of {row.holdEvaluations} looks
          </span>
        )}
      </td>
      <td className="canary-number">
        {formatValue(row.value, row.unit)}
        {row.interval !== null && (
          <span
            className="muted canary-interval"
            title={`Holds at every look with ${row.interval.confidencePercent} %`}
          >
            {formatValue(row.interval.low, row.unit)} to {formatValue(row.interval.high, row.unit)}
          </span>
        )}
      </td>
      <td className="canary-number">{formatLimit(row.comparison, row.limit, row.unit)}</td>
      <td className="canary-number">{formatValue(row.margin, row.unit, { signed: true })}</td>
      <td className={`canary-number ${row.sample < row.minimumSample ? 'mark-warn' : ''}`}>
        {formatCount(row.sample)}
        {row.minimumSample > 0 && <span className="muted"> / {formatCount(row.minimumSample)}</span>}{' '}
        <span className="muted">{row.sampleUnit}</span>
      </td>
      <td>
        {trend.length > 1 ? (
          <TrendLine values={trend} limit={row.limit} colour={tone === 'plain' ? 'unknown' : tone} />
        ) : (
          <span className="muted">{UNKNOWN_TEXT}</span>
        )}
      </td>
      <td className="canary-why">{typeset(row.reason)}</td>
    </tr>
  );
}
