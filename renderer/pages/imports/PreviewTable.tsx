import { useMemo } from 'react';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatExact, UNKNOWN_TEXT } from '../../format';
import type { Preview } from '../../state/import-cards';

type Execution = Preview['executions'][number];

const always: readonly Column<Execution>[] = [
  { id: 'line', title: 'Line', width: '56px', align: 'end', cell: (row) => formatCount(row.line) },
  {
    id: 'executedAt',
    title: 'Executed (UTC)',
    width: '188px',
    cell: (row) => <Time atUs={row.executedAtUs} precision="millisecond" />,
  },
  { id: 'symbol', title: 'Symbol', width: 'minmax(90px, 1fr)', cell: (row) => row.symbol },
  { id: 'side', title: 'Side', width: '52px', cell: (row) => row.side },
  { id: 'price', title: 'Price', width: 'minmax(90px, 1fr)', align: 'end', cell: (row) => formatExact(row.price) },
  {
    id: 'quantity',
    title: 'Quantity',
    width: 'minmax(90px, 1fr)',
    align: 'end',
    cell: (row) => formatExact(row.quantity),
  },
  {
    id: 'fee',
    title: 'Fee',
    width: 'minmax(100px, 1fr)',
    align: 'end',
    cell: (row) => (row.fee === null ? UNKNOWN_TEXT : `${formatExact(row.fee)} ${row.feeCurrency ?? ''}`),
  },
];

const optional: readonly (Column<Execution> & { readonly present: (row: Execution) => boolean })[] = [
  {
    id: 'liquidity',
    title: 'Liquidity',
    width: '74px',
    cell: (row) => row.liquidity ?? UNKNOWN_TEXT,
    present: (row) => row.liquidity !== null,
  },
  {
    id: 'strategy',
    title: 'Strategy',
    width: 'minmax(100px, 1fr)',
    cell: (row) => row.strategy || UNKNOWN_TEXT,
    present: (row) => row.strategy !== '',
  },
  {
    id: 'orderId',
    title: 'Order',
    width: 'minmax(90px, 1fr)',
    cell: (row) => <code title={row.orderId ?? undefined}>{row.orderId ?? UNKNOWN_TEXT}</code>,
    present: (row) => row.orderId !== null,
  },
  {
    id: 'clientOrderId',
    title: 'Client order',
    width: 'minmax(90px, 1fr)',
    cell: (row) => <code title={row.clientOrderId ?? undefined}>{row.clientOrderId ?? UNKNOWN_TEXT}</code>,
    present: (row) => row.clientOrderId !== null,
  },
];

/** The first executions as they would be stored; columns the file does not fill are left out. */
export function PreviewTable({
  executions,
  height = 'min(226px, 40vh)',
}: {
  readonly executions: readonly Execution[];
  readonly height?: string;
}) {
  const columns = useMemo(
    () => [...always, ...optional.filter(({ present }) => executions.some(present))],
    [executions],
  );
  return <Table label="First executions" columns={columns} rows={executions} height={height} rowHeight={24} />;
}
