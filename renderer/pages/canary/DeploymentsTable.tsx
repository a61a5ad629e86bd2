import { formatMoney } from '../../../shared/base/format';
import { formatValue, stageWord } from '../../../shared/canary/words';
import type { DeploymentSummary } from '../../../shared/contract/canary';
import { type Column, Table } from '../../components/Table';
import { Age } from '../../components/Time';
import { typeset, UNKNOWN_TEXT } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import { VerdictBadge } from './looks';
import { formatObserved } from './observed';

const columns: readonly Column<DeploymentSummary>[] = [
  {
    id: 'strategy',
    title: 'Strategy, version',
    width: 'minmax(140px, 1.2fr)',
    cell: (row) => (
      <a href={addresses.deployment(row.id)}>
        {row.strategy} <strong>{row.version}</strong>
      </a>
    ),
    sortValue: (row) => `${row.strategy} ${row.version}`,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    width: '156px',
    cell: (row) => <VerdictBadge verdict={row.verdict} reason={row.reason} />,
    sortValue: (row) => verdictOrder[row.verdict ?? 'none'],
  },
  {
    id: 'stage',
    title: 'Stage',
    width: '126px',
    cell: (row) => (
      <>
        {row.stage === 'canary' ? 'Canary' : stageWord(row.stage)}
        {row.paused.length > 0 && <span className="mark-warn"> · paused</span>}
      </>
    ),
  },
  {
    id: 'observed',
    title: 'Observed',
    explanation: 'Minutes with fresh data and no pause in this stage, of those it needs.',
    width: '116px',
    align: 'end',
    cell: (row) => formatObserved(row.observedMs, row.requiredMs),
  },
  {
    id: 'capital',
    title: 'Capital',
    width: '116px',
    align: 'end',
    cell: (row) => (row.allocatedCapital === 0 ? UNKNOWN_TEXT : formatMoney(row.allocatedCapital, row.currency)),
    sortValue: (row) => row.allocatedCapital,
  },
  {
    id: 'budget',
    title: 'Budget',
    explanation: 'Gross exposure of the stage’s capital.',
    width: '78px',
    align: 'end',
    cell: (row) => formatValue(row.riskBudgetUsedPercent, 'percent'),
    sortValue: (row) => row.riskBudgetUsedPercent,
  },
  {
    id: 'loss',
    title: 'Daily loss',
    width: '80px',
    align: 'end',
    cell: (row) => formatValue(row.dailyLossPercent, 'percent'),
    sortValue: (row) => row.dailyLossPercent,
  },
  {
    id: 'drawdown',
    title: 'Drawdown',
    width: '96px',
    align: 'end',
    cell: (row) => formatValue(row.drawdownPercent, 'percent'),
    sortValue: (row) => row.drawdownPercent,
  },
  {
    id: 'evaluated',
    title: 'Evaluated',
    width: '90px',
    align: 'end',
    cell: (row) => (row.evaluatedAtUs === null ? UNKNOWN_TEXT : <Age atUs={row.evaluatedAtUs} />),
    sortValue: (row) => row.evaluatedAtUs,
  },
  {
    id: 'reason',
    title: 'Why',
    width: 'minmax(140px, 2fr)',
    cell: (row) => <span title={row.reason ?? undefined}>{row.reason === null ? '' : typeset(row.reason)}</span>,
  },
];

const verdictOrder = { breach: 5, 'no-data': 4, none: 3, inconclusive: 2, warning: 1, healthy: 0 } as const;

/** Deployments with their verdicts; Enter or a click opens one. */
export function DeploymentsTable(props: {
  readonly deployments: readonly DeploymentSummary[];
  readonly label: string;
}) {
  return (
    <Table
      label={props.label}
      columns={columns}
      rows={props.deployments}
      keyOf={(row) => row.id}
      onOpen={(row) => goTo(addresses.deployment(row.id))}
    />
  );
}
