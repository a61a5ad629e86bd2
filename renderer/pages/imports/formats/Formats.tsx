import type { CallResult } from '../../../../shared/contract/calls';
import { useQuery } from '../../../api/use-query';
import { Answer } from '../../../components/States';
import { type Column, Table } from '../../../components/Table';
import { goTo } from '../../../state/address';
import { addresses } from '../../addresses';

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
    cell: (row) => (
      <a href={addresses.format(row.id)} tabIndex={-1}>
        {row.title}
      </a>
    ),
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

/** Whether every word is in what the list says of the format. */
function matching(search: string): (row: FormatRow) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const header = 'exampleHeader' in row ? (row.exampleHeader ?? '') : '';
    const text = `${row.title} ${row.id} ${kindWords[row.kind]} ${row.describes} ${header}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** Every format that is recognised by its content, and every ready-made map for other CSV files. */
export function Formats({ height, search = '' }: { readonly height?: string; readonly search?: string }) {
  const query = useQuery('formats.list', {});
  return (
    <Answer query={query}>
      {({ formats, maps }) => (
        <Table
          label="Formats"
          columns={columns}
          rows={[...formats, ...maps.map((map) => ({ ...map, kind: 'map' as const }))].filter(matching(search))}
          keyOf={(row) => row.id}
          onOpen={(row) => goTo(addresses.format(row.id))}
          empty={`No format speaks of "${search}". A CSV of another kind is read by a map of its columns.`}
          {...(height !== undefined && { height })}
        />
      )}
    </Answer>
  );
}
