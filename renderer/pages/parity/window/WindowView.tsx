import { useMemo, useState } from 'react';
import { addUtcDays, isUtcDay } from '../../../../shared/base/time';
import type { CallResult, Limits } from '../../../../shared/contract/calls';
import type { DayPoint } from '../../../../shared/parity/day-point';
import type { Report } from '../../../../shared/parity/document';
import { waterfallOf } from '../../../../shared/parity/waterfall';
import { bothSidesTraded } from '../../../../shared/parity/words';
import { useQuery } from '../../../api/use-query';
import { TrackingSeries } from '../../../charts/TrackingSeries';
import { Waterfall } from '../../../charts/Waterfall';
import { Button } from '../../../components/Button';
import { Choice } from '../../../components/Choice';
import { SettledField } from '../../../components/Field';
import { Panel, Section } from '../../../components/Page';
import { Answer, EmptyState } from '../../../components/States';
import { StatusBadge } from '../../../components/StatusBadge';
import { formatCount, formatCountOf, formatFigure, formatMoney } from '../../../format';
import { goTo, hrefOf, useAddress } from '../../../state/address';
import { addresses } from '../../addresses';
import { ReportExports } from '../../reports/ReportExports';
import { WhyPanel } from '../causes/WhyPanel';
import { DaysTable } from '../DaysTable';
import { unitsOfColumns } from '../figure-columns';
import { OneSided } from '../OneSided';
import { StatisticsPanel } from '../statistics/StatisticsPanel';
import { VerdictPanel } from '../VerdictPanel';
import './window.css';
import { type DayWindow, windowChoices, windowOf, windowQuery, worstDays } from './window';

interface Subject {
  readonly strategy: string;
  /** null = portfolio. */
  readonly symbol: string | null;
}

/** A strategy or a symbol over a window of days: verdict, where the money went, why, and every day. The window is in the address. */
export function WindowView(
  props: Subject & {
    /** All days with data, at least one. */
    readonly days: readonly DayPoint[];
    readonly limits: Limits;
  },
) {
  const { strategy, symbol, days, limits } = props;
  const { query } = useAddress();
  const known = useMemo(() => days.map(({ day }) => day).filter(isUtcDay), [days]);
  const window = windowOf(query, known);
  const shown = days.filter(({ day }) => day >= window.from && day <= window.to);
  return (
    <>
      <WindowBar {...props} window={window} count={shown.length} />
      {shown.length === 0 ? (
        <EmptyState
          title={`No data from ${window.from} to ${window.to}.`}
          actions={<WindowButton to="all" title="Show all days" />}
        >
          Days with data reach from {[...known].sort()[0]} to {[...known].sort().at(-1)}.
        </EmptyState>
      ) : (
        <Judged key={`${window.from} ${window.to}`} {...{ strategy, symbol, limits, window }} days={shown} />
      )}
    </>
  );
}

function WindowButton({ to, title }: { readonly to: Parameters<typeof windowQuery>[1]; readonly title: string }) {
  const { path, query } = useAddress();
  return <Button onClick={() => goTo(hrefOf(path, windowQuery(query, to)), { replace: true })}>{title}</Button>;
}

function WindowBar(props: Subject & { readonly window: DayWindow; readonly count: number }) {
  const { strategy, symbol, window, count } = props;
  const { path, query } = useAddress();
  const [refused, setRefused] = useState<string | null>(null);
  const go = (to: Parameters<typeof windowQuery>[1]) => {
    setRefused(null);
    goTo(hrefOf(path, windowQuery(query, to)), { replace: true });
  };
  const range = (change: { readonly from?: string; readonly to?: string }) => {
    const { from, to } = { from: window.from, to: window.to, ...change };
    if (!isUtcDay(from) || !isUtcDay(to)) setRefused('Days are written YYYY-MM-DD.');
    else if (from > to) setRefused(`${from} is after ${to}.`);
    else go({ from, to });
  };
  return (
    <section className="window-bar" aria-label="Window of days">
      <Choice label="Window" options={windowChoices} chosen={window.choice} onChoose={go} />
      <div className="window-range">
        <SettledField
          key={`from ${window.from}`}
          label="First day"
          value={window.from}
          onChange={(from) => range({ from })}
        />
        <SettledField key={`to ${window.to}`} label="Last day" value={window.to} onChange={(to) => range({ to })} />
      </div>
      <span className="window-count" role="status">
        {refused ?? formatCountOf(count, 'day with data', 'days with data')}
      </span>
      {count > 0 && (
        <span className="window-exports">
          <ReportExports selection={{ strategy, symbol, from: window.from, to: window.to, revision: null }} />
        </span>
      )}
    </section>
  );
}

type Windowed = Subject & { readonly window: DayWindow; readonly days: readonly DayPoint[]; readonly limits: Limits };

function Judged({ strategy, symbol, window, days, limits }: Windowed) {
  const { from, to } = window;
  const report = useQuery('parity.report', { strategy, symbol, from, to });
  const dayHref = (day: string) =>
    symbol === null ? addresses.portfolioDay(strategy, day) : addresses.symbolDay(strategy, symbol, day);
  const chart = (
    <section className="panel panel-body">
      <TrackingSeries
        title={`${symbol ?? 'Portfolio'}, day by day`}
        subject={`${strategy} ${symbol ?? ''} ${from} ${to}`}
        days={days}
        limits={limits.trackingBps}
        height={300}
        zoom
        hrefOfDay={dayHref}
        onOpenDay={(day) => goTo(dayHref(day))}
      />
    </section>
  );
  return (
    <>
      <Answer query={report} skeletonLines={12}>
        {(answer) => <WindowReport answer={answer} days={days} dayHref={dayHref} />}
      </Answer>
      <Section id="course" title="Day by day">
        {chart}
      </Section>
      {report.value !== null && <WindowCauses {...{ strategy, symbol, window }} report={report.value.report} />}
      <Section id="days" title="Days of the window">
        <Panel title={`Days, ${from} to ${to}`} aside={unitsOfColumns(null)} flush>
          <DaysTable
            days={days}
            height={`min(40vh, calc(1px + var(--row-height) * ${days.length + 1}))`}
            onOpen={({ day }) => goTo(dayHref(day))}
          />
        </Panel>
      </Section>
      <Section id="statistics" title="Statistics">
        <StatisticsPanel strategy={strategy} symbol={symbol} from={from} to={to} />
      </Section>
    </>
  );
}

function WindowReport(props: {
  readonly answer: CallResult<'parity.report'>;
  readonly days: readonly DayPoint[];
  readonly dayHref: (day: string) => string;
}) {
  const { answer, days, dayHref } = props;
  const { report, limits } = answer;
  const waterfall = useMemo(
    () => waterfallOf(report.attribution, report.capital.value, report.grossNotional),
    [report],
  );
  return (
    <>
      <VerdictPanel report={report} limits={limits} waterfall={waterfall} />
      {report.window === null && (
        <p className="muted">
          One day of data: a spread of the days and its interval need two.{' '}
          <a href={dayHref(report.key.from)}>Open the day</a>.
        </p>
      )}
      <div className="parity-halves">
        <Panel title={`Where the money goes, ${formatCountOf(days.length, 'day')} added up`} flush>
          {bothSidesTraded(report) ? <Waterfall model={waterfall} currency={report.currency} /> : <OneSided />}
        </Panel>
        <Panel title="Worst days" flush>
          <WorstDays days={days} currency={report.currency} gap={report.attribution.gap} dayHref={dayHref} />
        </Panel>
      </div>
    </>
  );
}

const mostWorstDays = 8;

function WorstDays(props: {
  readonly days: readonly DayPoint[];
  readonly currency: string | null;
  readonly gap: number;
  readonly dayHref: (day: string) => string;
}) {
  const { days, currency, gap, dayHref } = props;
  return (
    <table className="window-worst">
      <caption className="visually-hidden">The days that stray most, with their part of the window’s gap</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Status</th>
          <th scope="col" className="numeric">
            Error, bps
          </th>
          <th scope="col" className="numeric">
            Difference
          </th>
          <th scope="col" className="numeric">
            {currency ?? 'Gap'}
          </th>
          <th scope="col" className="numeric">
            Of the gap
          </th>
        </tr>
      </thead>
      <tbody>
        {worstDays(days, mostWorstDays).map((day) => (
          <tr key={day.day}>
            <th scope="row">
              <a className="figures" href={dayHref(day.day)}>
                {day.day}
              </a>
            </th>
            <td>
              <StatusBadge status={day.status} />
            </td>
            <td className="numeric figures">{formatFigure(day.trackingErrorBps, 'bps')}</td>
            <td className="numeric figures">{formatFigure(day.trackingDifferenceBps, 'bps', { signed: true })}</td>
            <td className="numeric figures">{formatMoney(day.gap, null, { signed: true })}</td>
            <td className="numeric figures muted">{gap === 0 ? '' : `${formatFigure(day.gap / gap, 'percent')} %`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Days that causes are worked out for at most; and orders that are looked through without being asked. */
const mostCauseDays = 92;
const ordersUnasked = 50_000;

/** Causes look at every order of every day again: of many orders only when somebody asks. */
function WindowCauses({ strategy, symbol, window, report }: Subject & { window: DayWindow; report: Report }) {
  const { path, query } = useAddress();
  const [asked, setAsked] = useState(false);
  const { from, to } = window;
  const orders = report.orders.live + report.orders.backtest;
  if (to > addUtcDays(from, mostCauseDays - 1)) {
    return (
      <Panel title="Why these days differ">
        <div className="window-ask">
          <p className="muted">Causes are worked out for {mostCauseDays} days at most.</p>
          <WindowButton to={{ from: addUtcDays(to, 1 - mostCauseDays), to }} title={`Last ${mostCauseDays} days`} />
        </div>
      </Panel>
    );
  }
  if (!asked && orders > ordersUnasked) {
    return (
      <Panel title="Why these days differ">
        <div className="window-ask">
          <p className="muted">{formatCount(orders)} orders have to be looked through again.</p>
          <Button onClick={() => setAsked(true)}>Find the causes</Button>
        </div>
      </Panel>
    );
  }
  const go = (change: Readonly<Record<string, string | null>>) =>
    goTo(hrefOf(path, { ...query, ...change }), { replace: true });
  return (
    <WhyPanel
      strategy={strategy}
      symbol={symbol}
      from={from}
      to={to}
      reason={query['why'] ?? null}
      onReason={(why) => go({ why, 'why-order': null })}
      order={query['why-order'] ?? null}
      onOrder={(order) => go({ 'why-order': order })}
    />
  );
}
