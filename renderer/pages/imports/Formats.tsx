import type { CallResult } from '../../../shared/contract/calls';
import { useQuery } from '../../api/use-query';
import { Answer } from '../../components/States';
import { type Column, Table } from '../../components/Table';

type FormatRow =
  | CallResult<'formats.list'>['formats'][number]
  | (CallResult<'formats.list'>['maps'][number] & { readonly kind: 'map' });

const kindWords: Record<FormatRow['kind'], string> = {
  executions: 'Fills',
  orders: 'Orders',
  prices: 'Prices',
  map: 'CSV map',
};

const columns: readonly Column<FormatRow>[] = [
  {
    id: 'title',
    title: 'Format',
    width: 'minmax(180px, 1fr)',
    cell: (row) => row.title,
    sortValue: (row) => row.title,
  },
  {
    id: 'kind',
    title: 'Holds',
    width: '80px',
    cell: (row) => kindWords[row.kind],
    sortValue: (row) => kindWords[row.kind],
  },
  {
    id: 'describes',
    title: 'What is read',
    width: 'minmax(300px, 2.6fr)',
    cell: (row) => <span title={row.describes}>{row.describes}</span>,
  },
  { id: 'id', title: 'Id', width: 'minmax(160px, 0.8fr)', cell: (row) => <code className="muted">{row.id}</code> },
];

/** Every format that is recognised by its content, and every ready-made map for other CSV files. */
export function Formats({ height }: { readonly height?: string }) {
  const query = useQuery('formats.list', {});
  return (
    <Answer query={query}>
      {({ formats, maps }) => (
        <Table
          label="Formats"
          columns={columns}
          rows={[...formats, ...maps.map((map) => ({ ...map, kind: 'map' as const }))]}
          keyOf={(row) => row.id}
          {...(height !== undefined && { height })}
        />
      )}
    </Answer>
  );
}
