import type { Deployment } from '../../../shared/canary/deployment';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { StoredEvent } from '../../../shared/canary/events';
import { describeEvent, formatValue, stageWord } from '../../../shared/canary/words';
import { type PagedRows, usePagedRows } from '../../api/use-query';
import { Panel } from '../../components/Page';
import { ErrorState, Skeleton } from '../../components/States';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatMoney, typeset } from '../../format';
import { VerdictBadge } from './looks';
import { formatObserved } from './observed';

/** What was judged and what happened, newest first; lists of any length. */

const figure = (row: Evaluation, name: string) => row.figures.find((one) => one.name === name)?.value ?? null;

export function EvaluationsPanel({ deployment }: { readonly deployment: Deployment }) {
  const { id, configuration } = deployment;
  const rows = usePagedRows('canary.evaluations', { id }, (answer) => answer.evaluations);
  const columns: readonly Column<Evaluation>[] = [
    { id: 'at', title: 'Evaluated', width: '168px', cell: (row) => <Time atUs={row.atUs} /> },
    { id: 'verdict', title: 'Verdict', width: '136px', cell: (row) => <VerdictBadge verdict={row.verdict} /> },
    { id: 'stage', title: 'Stage', width: '144px', cell: (row) => stageWord(row.stage) },
    {
      id: 'observed',
      title: 'Observed',
      width: '130px',
      align: 'end',
      cell: (row) => formatObserved(row.observedMs, row.requiredMs),
    },
    {
      id: 'equity',
      title: 'Equity',
      width: '120px',
      align: 'end',
      cell: (row) => formatMoney(row.equity, configuration.currency),
    },
    {
      id: 'drawdown',
      title: 'Drawdown',
      width: '84px',
      align: 'end',
      cell: (row) => formatValue(figure(row, 'drawdownPercent'), 'percent'),
    },
    {
      id: 'reason',
      title: 'Why',
      width: 'minmax(180px, 1fr)',
      cell: (row) => <span title={row.reasons.join('\n')}>{typeset(row.reasons[0] ?? '')}</span>,
    },
  ];
  return (
    <Panel title="Evaluations" aside={<Count rows={rows} />} flush>
      <Listed rows={rows}>
        <Table label="Evaluations" columns={columns} rows={rows.source} height="260px" empty="None yet." />
      </Listed>
    </Panel>
  );
}

export function EventsPanel({ deployment }: { readonly deployment: Deployment }) {
  const { id, configuration } = deployment;
  const rows = usePagedRows('canary.events', { id }, (answer) => answer.events);
  const columns: readonly Column<StoredEvent>[] = [
    { id: 'sequence', title: '#', width: '48px', align: 'end', cell: (row) => row.sequence },
    { id: 'at', title: 'When', width: '168px', cell: (row) => <Time atUs={row.atUs} /> },
    {
      id: 'actor',
      title: 'By',
      width: '150px',
      cell: (row) => (
        <>
          {row.actor.name} <span className="muted">{row.actor.kind}</span>
        </>
      ),
    },
    {
      id: 'what',
      title: 'What',
      width: 'minmax(260px, 1fr)',
      cell: (row) => {
        const text = describeEvent(row.event, configuration.currency);
        return <span title={text}>{text}</span>;
      },
    },
  ];
  return (
    <Panel title="Events" aside={<Count rows={rows} />} flush>
      <Listed rows={rows}>
        <Table label="Events" columns={columns} rows={rows.source} height="260px" empty="None yet." />
      </Listed>
    </Panel>
  );
}

type AnyRows = Pick<PagedRows<unknown, 'canary.events'>, 'loading' | 'error' | 'refresh'> & {
  readonly source: { readonly count: number };
};

function Count({ rows }: { readonly rows: AnyRows }) {
  return rows.loading || rows.error !== null ? null : <span className="figures">{formatCount(rows.source.count)}</span>;
}

function Listed({ rows, children }: { readonly rows: AnyRows; readonly children: React.ReactNode }) {
  if (rows.error !== null) return <ErrorState error={rows.error} onRetry={rows.refresh} />;
  return rows.loading ? <Skeleton lines={4} /> : children;
}
