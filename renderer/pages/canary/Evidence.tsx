import type { Evaluation } from '../../../shared/canary/evaluation';
import { formatValue } from '../../../shared/canary/words';
import { Donut } from '../../charts/Donut';
import { Figure, Figures } from '../../components/Figure';
import { formatDuration, formatFigureWithUnit, formatMoney } from '../../format';

/** What an evaluation knows beside its criteria: how sure the Sharpe ratio is, the control arm, drift, the budget, the age of the data. */

export function SharpePanel({ sharpe }: { readonly sharpe: NonNullable<Evaluation['sharpe']> }) {
  const { value, standardError, probability, limit, observedDays, daysNeeded } = sharpe;
  const share = probability === null ? null : probability;
  return (
    <>
      <Figures dense>
        <Figure
          label="Sharpe ratio"
          value={value}
          unit="ratio"
          note={standardError === null ? 'standard error unknown' : `± ${standardError.toFixed(2)} standard error`}
          unknownReason="too few hours"
        />
        <Figure
          label={`Probability that it exceeds ${limit.toFixed(2)}`}
          value={share}
          unit="percent"
          unknownReason="too few hours"
        />
        <Figure
          label="Days still needed"
          value={daysNeeded === null ? null : Math.max(0, daysNeeded - observedDays)}
          unit="count"
          note={`if it stays as it is; ${observedDays.toFixed(1)} observed`}
          unknownReason={
            value === null ? 'too few hours' : 'at this value it would never be proved to exceed the limit'
          }
        />
      </Figures>
      {daysNeeded !== null && daysNeeded > observedDays && (
        <p className="canary-note">
          {observedDays.toFixed(1)} days prove little about a Sharpe ratio: at this value it would take{' '}
          {Math.ceil(daysNeeded)} days to be 95 % sure.
        </p>
      )}
    </>
  );
}

export function ControlPanel({ control }: { readonly control: NonNullable<Evaluation['control']> }) {
  const { label, pairs, meanDifferenceBps, lowBps, highBps, exposure } = control;
  const bps = (value: number | null) => formatFigureWithUnit(value, 'bps', { signed: true });
  const uneven = exposure !== null && exposure.p < 0.001;
  return (
    <>
      <Figures dense>
        <Figure
          label={`Return an hour, against ${label}`}
          value={meanDifferenceBps}
          unit="bps"
          signed
          note={lowBps === null || highBps === null ? 'no interval yet' : `between ${bps(lowBps)} and ${bps(highBps)}`}
          unknownReason={`${pairs} paired hours are too few`}
        />
        <Figure label="Paired hours" value={pairs} unit="count" />
        {exposure !== null && (
          <Figure
            label="Share of the exposure"
            value={exposure.observedPercent / 100}
            unit="percent"
            state={uneven ? 'warn' : 'within'}
            note={`agreed ${exposure.agreedPercent.toFixed(1)} %, ${exposure.orders} orders`}
          />
        )}
      </Figures>
      {lowBps !== null && highBps !== null && <IntervalBar low={lowBps} high={highBps} mean={meanDifferenceBps} />}
      {uneven && (
        <p className="canary-note">
          The two do not trade in the agreed proportion (p = {exposure.p.toPrecision(1)}): the comparison may favour
          one.
        </p>
      )}
    </>
  );
}

/** The interval on a scale that has zero in it: left of zero the version earns less than its control. */
function IntervalBar(props: { readonly low: number; readonly high: number; readonly mean: number | null }) {
  const reach = Math.max(Math.abs(props.low), Math.abs(props.high)) * 1.15 || 1;
  const at = (value: number) => `${(50 + (value / reach) * 50).toFixed(2)}%`;
  const width = `${(((props.high - props.low) / reach) * 50).toFixed(2)}%`;
  const said =
    props.low > 0 ? 'The version earns more.' : props.high < 0 ? 'The version earns less.' : 'No difference is proved.';
  return (
    <div className="canary-interval-bar">
      <svg width="100%" height="26" role="img" aria-label={said}>
        <rect className="limit-scale-track" x="0" y="7" width="100%" height="2" />
        <rect className="canary-interval-range" x={at(props.low)} y="3" width={width} height="10" rx="2" />
        {props.mean !== null && <circle className="canary-interval-mean" cx={at(props.mean)} cy="8" r="4" />}
        <rect className="limit-scale-tick" x="50%" y="0" width="1" height="16" />
        <text className="limit-scale-text" x="50%" y="26" textAnchor="middle">
          0
        </text>
      </svg>
      <p>{said}</p>
    </div>
  );
}

export function DriftPanel({ drift }: { readonly drift: NonNullable<Evaluation['drift']> }) {
  return (
    <>
      <Figures dense>
        <Figure
          label="Change detection"
          value={drift.statistic}
          unit="ratio"
          state={drift.alarm ? 'critical' : 'within'}
          note={`alarm at ${drift.limit.toFixed(2)}`}
        />
        <Figure
          label="Looks"
          value={drift.looks}
          unit="count"
          note={`a false alarm in ${drift.falseAlarmEvery.toLocaleString('en-US')} on average`}
        />
      </Figures>
      <p className="canary-note">
        {drift.alarm
          ? 'The version no longer earns as it did against its control. It is not rolled back by itself: decide.'
          : 'No change is found. An alarm would not roll back by itself.'}
      </p>
    </>
  );
}

export function BudgetPanel(props: { readonly evaluation: Evaluation; readonly currency: string }) {
  const { evaluation, currency } = props;
  const figure = (name: string) => evaluation.figures.find((one) => one.name === name)?.value ?? null;
  const used = figure('riskBudgetUsedPercent');
  const text = formatValue(used, 'percent');
  const colour = used === null ? 'unknown' : used > 100 ? 'fail' : used > 80 ? 'warn' : 'pass';
  return (
    <div className="canary-budget">
      <Donut
        share={used === null ? null : used / 100}
        colour={colour}
        text={used === null ? text : `${used.toFixed(0)} %`}
        label={used === null ? 'Risk budget used: unknown' : `Risk budget used: ${text}`}
      />
      <dl className="canary-pairs">
        <div>
          <dt>Risk budget used</dt>
          <dd>{text}</dd>
        </div>
        <div>
          <dt>Stage’s capital</dt>
          <dd>{formatMoney(evaluation.allocatedCapital, currency)}</dd>
        </div>
        <div>
          <dt>Equity</dt>
          <dd>{formatMoney(evaluation.equity, currency)}</dd>
        </div>
        <div>
          <dt>Total return</dt>
          <dd>{formatValue(figure('totalReturnPercent'), 'percent', { signed: true })}</dd>
        </div>
        {evaluation.dataAge.map(({ source, ageMs, limitMs }) => (
          <div key={source}>
            <dt>Data: {source}</dt>
            <dd className={ageMs === null || ageMs > limitMs ? 'mark-fail' : undefined}>
              {ageMs === null ? 'never seen' : `${formatDuration(ageMs)} old`}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
