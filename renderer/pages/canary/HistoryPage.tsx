import { History } from 'lucide-react';
import { useState } from 'react';
import { stageWord } from '../../../shared/canary/words';
import type { CallResult } from '../../../shared/contract/calls';
import { usePagedRows, useQuery } from '../../api/use-query';
import { SelectField } from '../../components/Field';
import { Figure, Figures } from '../../components/Figure';
import { Page, Panel } from '../../components/Page';
import { EmptyState, ErrorState, Skeleton } from '../../components/States';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCountOf, formatDuration, UNKNOWN_TEXT } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';

type Ended = CallResult<'canary.history'>['deployments'][number];
type Rates = CallResult<'canary.history'>['rates'];

const columns: readonly Column<Ended>[] = [
  {
    id: 'strategy',
    title: 'Strategy, version',
    width: 'minmax(160px, 1fr)',
    cell: (row) => (
      <a href={addresses.deployment(row.id)}>
        {row.strategy} <strong>{row.version}</strong>
      </a>
    ),
  },
  { id: 'stage', title: 'Ended as', width: '150px', cell: (row) => stageWord(row.stage) },
  {
    id: 'created',
    title: 'Created',
    width: '140px',
    cell: (row) => <Time atUs={row.createdAtUs} precision="minute" />,
  },
  { id: 'ended', title: 'Ended', width: '140px', cell: (row) => <Time atUs={row.endedAtUs} precision="minute" /> },
  { id: 'trigger', title: 'Set off by', width: '120px', cell: (row) => row.trigger ?? UNKNOWN_TEXT },
  {
    id: 'rollback',
    title: 'Rollback took',
    width: '120px',
    align: 'end',
    cell: (row) => formatDuration(row.rollbackMs),
  },
];

/** How trials ended, and how rollbacks and drills went. */
export function HistoryPage() {
  const [strategy, setStrategy] = useState<string | null>(null);
  const rows = usePagedRows('canary.history', { strategy }, (answer) => answer.deployments);
  const overview = useQuery('desk.overview', { strategy: null, days: 30 });
  const names = overview.value?.strategies.map((one) => one.strategy) ?? [];
  return (
    <Page
      title="History of trials"
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        { title: 'History', href: null },
      ]}
      actions={
        names.length > 1 && (
          <SelectField
            label="Strategy"
            hideLabel
            value={strategy ?? ''}
            onChange={(chosen) => setStrategy(chosen === '' ? null : chosen)}
            groups={[
              {
                title: null,
                options: [
                  { value: '', title: 'Every strategy' },
                  ...names.map((name) => ({ value: name, title: name })),
                ],
              },
            ]}
          />
        )
      }
    >
      {rows.error !== null ? (
        <ErrorState error={rows.error} onRetry={rows.refresh} />
      ) : rows.first === null ? (
        <Skeleton />
      ) : (
        <>
          <Panel title="Rates">
            <RateFigures rates={rows.first.rates} />
          </Panel>
          {rows.source.count === 0 ? (
            <Panel title="Ended trials">
              <EmptyState icon={History} title="No trial has ended yet.">
                Those that reach production, are rolled back or aborted are listed here.
              </EmptyState>
            </Panel>
          ) : (
            <Panel title="Ended trials" aside={formatCountOf(rows.source.count, 'deployment')} flush>
              <Table
                label="Ended trials"
                columns={columns}
                rows={rows.source}
                onOpen={(row) => goTo(addresses.deployment(row.id))}
              />
            </Panel>
          )}
        </>
      )}
    </Page>
  );
}

function RateFigures({ rates }: { readonly rates: Rates }) {
  const of = (count: number) => (rates.ended === 0 ? null : count / rates.ended);
  const note = (count: number) => `${count} of ${rates.ended} ended`;
  const rollbacks = rates.rolledBack + rates.rollbackFailed;
  return (
    <Figures>
      <Figure
        label="Reached production"
        value={of(rates.promotedToProduction)}
        unit="percent"
        note={note(rates.promotedToProduction)}
        unknownReason="none has ended"
      />
      <Figure
        label="Rolled back"
        value={of(rates.rolledBack)}
        unit="percent"
        note={note(rates.rolledBack)}
        unknownReason="none has ended"
      />
      <Figure
        label="Aborted"
        value={of(rates.aborted)}
        unit="percent"
        note={note(rates.aborted)}
        unknownReason="none has ended"
      />
      <Figure
        label="Rollbacks that failed"
        value={rollbacks === 0 ? null : rates.rollbackFailed / rollbacks}
        unit="percent"
        state={rates.rollbackFailed > 0 ? 'critical' : 'within'}
        note={`${rates.rollbackFailed} of ${rollbacks}`}
        unknownReason="there was none"
      />
      <Figure
        label="Drills passed"
        value={rates.drills === 0 ? null : rates.drillsPassed / rates.drills}
        unit="percent"
        note={`${rates.drillsPassed} of ${rates.drills}`}
        unknownReason="there was none"
      />
      <Figure label="Median time to stopped" value={rates.medianStoppedMs} unit="ms" unknownReason="not measured yet" />
      <Figure label="Median time to flat" value={rates.medianFlatMs} unit="ms" unknownReason="not measured yet" />
    </Figures>
  );
}
