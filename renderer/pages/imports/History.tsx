import type { ImportView } from '../../../shared/contract/calls';
import type { RowSource } from '../../api/use-query';
import { ImportStateBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatDuration, UNKNOWN_TEXT } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';

function tookMs(row: ImportView): number | null {
  return row.endedAtUs === null ? null : (row.endedAtUs - row.startedAtUs) / 1_000;
}

const columns: readonly Column<ImportView>[] = [
  { id: 'state', title: 'State', width: '112px', cell: (row) => <ImportStateBadge state={row.state} /> },
  { id: 'startedAt', title: 'Started (UTC)', width: '154px', cell: (row) => <Time atUs={row.startedAtUs} /> },
  {
    id: 'fileName',
    title: 'File',
    width: 'minmax(150px, 2fr)',
    cell: (row) => (
      <a href={addresses.import(row.id)} title={row.path ?? row.fileName} tabIndex={-1}>
        {row.fileName}
      </a>
    ),
  },
  {
    id: 'source',
    title: 'Source',
    width: '76px',
    cell: (row) => <span className={row.source}>{row.source === 'live' ? 'Live' : 'Backtest'}</span>,
  },
  {
    id: 'strategy',
    title: 'Strategy',
    width: 'minmax(110px, 1fr)',
    cell: (row) => <span title={row.strategy}>{row.strategy || UNKNOWN_TEXT}</span>,
  },
  {
    id: 'format',
    title: 'Format',
    width: 'minmax(110px, 1fr)',
    cell: (row) => <span title={row.reason}>{row.formatTitle || UNKNOWN_TEXT}</span>,
  },
  { id: 'new', title: 'New', width: '84px', align: 'end', cell: (row) => formatCount(row.counts.executions) },
  {
    id: 'duplicates',
    title: 'Duplicates',
    width: '84px',
    align: 'end',
    cell: (row) => <span className="muted">{formatCount(row.counts.duplicates)}</span>,
  },
  {
    id: 'quarantined',
    title: 'Quarantined',
    width: '100px',
    align: 'end',
    cell: (row) => (
      <span className={row.counts.quarantined > 0 ? 'mark-warn' : 'muted'}>{formatCount(row.counts.quarantined)}</span>
    ),
  },
  {
    id: 'took',
    title: 'Took',
    width: '96px',
    align: 'end',
    cell: (row) => <span className="muted">{formatDuration(tookMs(row))}</span>,
  },
];

/** Every import so far, the newest first. */
export function History({ source }: { readonly source: RowSource<ImportView> }) {
  return (
    <Table
      label="Imports so far"
      columns={columns}
      rows={source}
      keyOf={(row) => row.id}
      onOpen={(row) => goTo(addresses.import(row.id))}
    />
  );
}
