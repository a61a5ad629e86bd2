import { FlaskConical, Import } from 'lucide-react';
import { useMemo } from 'react';
import type { CallResult } from '../../../shared/contract/calls';
import type { Report } from '../../../shared/parity/document';
import { useQuery } from '../../api/use-query';
import { TrackingSeries } from '../../charts/TrackingSeries';
import { Waterfall } from '../../charts/Waterfall';
import { waterfallOf } from '../../charts/waterfall';
import { Button, ButtonLink } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { Answer, EmptyState, InlineError } from '../../components/States';
import { formatCountOf } from '../../format';
import { goTo, useAddress } from '../../state/address';
import { useDeskSwitch } from '../../state/desk';
import { addresses } from '../addresses';
import { DataQuality } from '../parity/DataQuality';
import { Breaches, Recommendations, ScorePoints } from '../parity/Findings';
import { SymbolsTable } from '../parity/SymbolsTable';
import { VerdictPanel } from '../parity/VerdictPanel';
import './desk.css';

/** The desk at a glance: is the strategy in parity on its latest day, where does the money go, and which symbol is worst. */
const SHOWN_DAYS = 30;

type Overview = CallResult<'desk.overview'>;

export default function DeskPage() {
  const { path } = useAddress();
  const overview = useQuery('desk.overview', { strategy: path[1] ?? null, days: SHOWN_DAYS });
  return (
    <Answer query={overview} skeletonLines={12}>
      {(desk) =>
        desk.strategy === null || desk.portfolio === null ? (
          <EmptyDesk />
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
            height="calc(1px + var(--row-height) * 9)"
            onOpen={(row) => goTo(addresses.symbolDay(strategy, row.symbol, row.latestDay))}
          />
        </Panel>
        <Panel title={`Where the money goes, ${day}`} flush>
          <Waterfall model={waterfall} currency={report.currency} />
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
        <div className="desk-stack">
          <Panel title="Limits crossed">
            <Breaches report={report} />
          </Panel>
          <Panel title="What to change">
            <Recommendations report={report} />
          </Panel>
        </div>
      </div>
      <div className="desk-columns desk-columns-flipped">
        <Panel title="Score">
          <ScorePoints report={report} />
        </Panel>
        <Panel title="Data quality">
          <DataQuality report={report} />
        </Panel>
      </div>
    </Page>
  );
}

function EmptyDesk() {
  const info = useQuery('app.info', {});
  const { going, error, openSample, progress } = useDeskSwitch();
  const sample = info.value?.sample === true;
  return (
    <Page title="Desk">
      <EmptyState
        icon={Import}
        title="Nothing is imported yet"
        actions={
          <>
            <ButtonLink href={addresses.imports()} look="primary" icon={Import}>
              Import logs
            </ButtonLink>
            {!sample && (
              <Button icon={FlaskConical} busy={going === 'sample'} onClick={() => void openSample()}>
                {progress
                  ? `Making the sample desk, ${Math.round((100 * progress.done) / Math.max(1, progress.total))} %`
                  : 'Open the sample desk'}
              </Button>
            )}
          </>
        }
      >
        <p>
          Lockstep compares what your strategy did live with what its backtest did. It needs both: the exchange’s or
          bot’s log of fills, and the backtest’s result.
        </p>
        <p>
          The sample desk shows three strategies over 30 days: one that is fine, one that drifts, one with a wrong fee
          model.
        </p>
        {error !== null && <InlineError error={error} />}
      </EmptyState>
    </Page>
  );
}
