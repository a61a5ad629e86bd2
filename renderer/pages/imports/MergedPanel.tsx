import type { CallResult } from '../../../shared/contract/calls';
import { usePagedRows } from '../../api/use-query';
import { Panel } from '../../components/Page';
import { ErrorState, StaleBanner } from '../../components/States';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatCountOf, formatExact } from '../../format';
import { addresses } from '../addresses';

type Merged = CallResult<'imports.merged'>['rows'][number];

const rowsOf = (answer: CallResult<'imports.merged'>) => answer.rows;

function Side({ row }: { readonly row: Merged['kept'] }) {
  return (
    <>
      <a href={addresses.import(row.importId)} title={`${row.fileName}, ${row.format}`} tabIndex={-1}>
        {row.fileName}
      </a>
      <span className="muted figures">:{formatCount(row.line)}</span>
    </>
  );
}

const columns: readonly Column<Merged>[] = [
  {
    id: 'executedAt',
    title: 'Executed (UTC)',
    width: '172px',
    cell: ({ execution }) => <Time atUs={execution.executedAtUs} />,
  },
  { id: 'symbol', title: 'Symbol', width: 'minmax(84px, 0.7fr)', cell: ({ execution }) => execution.symbol },
  { id: 'side', title: 'Side', width: '48px', cell: ({ execution }) => execution.side },
  {
    id: 'price',
    title: 'Price',
    width: '92px',
    align: 'end',
    cell: ({ execution }) => formatExact(execution.price),
  },
  {
    id: 'quantity',
    title: 'Quantity',
    width: '92px',
    align: 'end',
    cell: ({ execution }) => formatExact(execution.quantity),
  },
  { id: 'kept', title: 'Kept', width: 'minmax(130px, 1fr)', cell: ({ kept }) => <Side row={kept} /> },
  { id: 'merged', title: 'Merged into it', width: 'minmax(130px, 1fr)', cell: ({ merged }) => <Side row={merged} /> },
  { id: 'rule', title: 'Because', width: 'minmax(160px, 1.4fr)', cell: ({ rule }) => <span title={rule}>{rule}</span> },
];

/** Trades this import shares with other logs: which row is kept, which was merged into it, and by which rule. Nothing where it shares none. */
export function MergedPanel({ importId }: { readonly importId: string }) {
  const list = usePagedRows('imports.merged', { importId }, rowsOf);
  if (list.first === null) {
    return list.error === null ? null : (
      <Panel title="Told by several logs">
        <ErrorState error={list.error} onRetry={list.refresh} />
      </Panel>
    );
  }
  if (list.source.count === 0) return null;
  return (
    <Panel
      title="Told by several logs"
      aside={`${formatCountOf(list.source.count, 'trade')} stored once, from the better source`}
      flush
    >
      {list.stale && list.error !== null && (
        <StaleBanner asOfUs={list.first.asOfUs} error={list.error} onRetry={list.refresh} />
      )}
      <Table label="Merged trades" columns={columns} rows={list.source} />
    </Panel>
  );
}
