import { useMemo } from 'react';
import type { CallResult } from '../../../shared/contract/calls';
import type { Report } from '../../../shared/parity/document';
import { waterfallOf } from '../../../shared/parity/waterfall';
import { bothSidesTraded } from '../../../shared/parity/words';
import { useQuery } from '../../api/use-query';
import { TrackingSeries } from '../../charts/TrackingSeries';
import { Waterfall } from '../../charts/Waterfall';
import { ButtonLink } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { formatCountOf } from '../../format';
import { goTo, useAddress } from '../../state/address';
import { useNowUs } from '../../state/clock';
import { addresses } from '../addresses';
import { DeploymentsTable } from '../canary/DeploymentsTable';
import { describeMonitor, watchedOf } from '../canary/monitor';
import { FirstSteps } from '../imports/FirstSteps';
import { DataQuality } from '../parity/DataQuality';
import { Breaches, Recommendations, ScorePoints } from '../parity/Findings';
import { OneSided } from '../parity/OneSided';
import { SymbolsTable } from '../parity/SymbolsTable';
import { VerdictPanel } from '../parity/VerdictPanel';
import './desk.css';

/** The desk at a glance: is the strategy in parity on its latest day, where does the money go, and which symbol is worst. */
const SHOWN_DAYS = 30;

type Overview = CallResult<'desk.overview'>;

export default function DeskPage() {
  const { path } = useAddress();
  const overview = useQuery('desk.overview', { strategy: path[1] ?? null, days: SHOWN_DAYS });
  if (overview.value === null)
    return (
      <Page title="Desk">
        <Answer query={overview} skeletonLines={14}>
          {() => null}
        </Answer>
      </Page>
    );
  return (
    <Answer query={overview}>
      {(desk) =>
        desk.strategy === null || desk.portfolio === null ? (
          <Page title="Desk" lead="Nothing is imported yet.">
            <FirstSteps />
          </Page>
        ) : (
          <FullDesk desk={desk} strategy={desk.strategy} report={desk.portfolio} />
        )
      }
    </Answer>
  );
}

function FullDesk(props: { readonly desk: Overview; readonly strategy: string; readonly report: Report }) {
  const { desk, strategy, report } = props;
  const waterfall = useMemo(
    () => waterfallOf(report.attribution, report.capital.value, report.grossNotional),
    [report],
  );
  const day = report.key.to;
  return (
    <Page
      title={strategy}
      lead={
        <>
          Portfolio of {formatCountOf(desk.symbols.length, 'symbol')}, latest day with data{' '}
          <a href={addresses.portfolioDay(strategy, day)} className="figures">
            {day}
          </a>
          {report.dataQuality.dayClosed ? '' : ' (still open)'}
          {desk.feeds
            .filter((feed) => feed.strategy === strategy && feed.lastExecutionUs === null)
            .map((feed) => ` · no ${feed.source} executions`)}
        </>
      }
      actions={
        <>
          {desk.strategies.length > 1 && (
            <SelectField
              label="Strategy"
              hideLabel
              value={strategy}
              onChange={(chosen) => goTo(addresses.desk(chosen))}
              groups={[
                { title: null, options: desk.strategies.map((one) => ({ value: one.strategy, title: one.strategy })) },
              ]}
            />
          )}
          <ButtonLink href={addresses.portfolioDay(strategy, day)}>Open {day}</ButtonLink>
        </>
      }
    >
      <VerdictPanel report={report} limits={desk.limits} waterfall={waterfall} />
      <div className="desk-columns">
        <Panel title="Symbols" flush>
          <SymbolsTable
            symbols={desk.symbols}
            limits={desk.limits}
            currency={report.currency}
            compact
            height={`calc(2px + var(--row-height) * ${Math.min(9, desk.symbols.length + 1)})`}
            onOpen={(row) => goTo(addresses.symbolDay(strategy, row.symbol, row.latestDay))}
          />
        </Panel>
        <Panel title={`Where the money goes, ${day}`} flush>
          {bothSidesTraded(report) ? <Waterfall model={waterfall} currency={report.currency} /> : <OneSided />}
        </Panel>
      </div>
      <div className="desk-columns">
        <section className="panel panel-body">
          <TrackingSeries
            title={`Portfolio, last ${SHOWN_DAYS} days`}
            subject={strategy}
            days={desk.portfolioDays}
            limits={desk.limits.trackingBps}
            height={250}
            hrefOfDay={(one) => addresses.portfolioDay(strategy, one)}
            onOpenDay={(one) => goTo(addresses.portfolioDay(strategy, one))}
          />
        </section>
        <Panel title="Limits crossed">
          <Breaches report={report} />
        </Panel>
      </div>
      <Trials />
      <div className="desk-columns">
        <Panel title="What to change">
          <Recommendations report={report} />
        </Panel>
        <Panel title="Score">
          <ScorePoints report={report} />
        </Panel>
      </div>
      <Panel title="Data quality">
        <DataQuality report={report} />
      </Panel>
    </Page>
  );
}

/** Versions on trial with their verdicts; nothing where there is none. */
function Trials() {
  const query = useQuery('canary.list', { filter: 'active', page: { offset: 0, limit: 50 } });
  const now = useNowUs();
  if (query.value === null || query.value.deployments.length === 0) return null;
  const { deployments, monitor } = query.value;
  const watch = describeMonitor(monitor, watchedOf(deployments), now);
  return (
    <Panel
      title={<a href={addresses.canary()}>Versions on trial</a>}
      aside={<span className={watch.tone === 'loud' ? 'mark-fail' : 'muted'}>{watch.text}</span>}
      flush
    >
      <DeploymentsTable label="Versions on trial" deployments={deployments} />
    </Panel>
  );
}
