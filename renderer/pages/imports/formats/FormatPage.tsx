import { FileQuestion } from 'lucide-react';
import type { FormatPage as Described, FormatColumn } from '../../../../shared/contract/format-page';
import { useQuery } from '../../../api/use-query';
import { ButtonLink } from '../../../components/Button';
import { Page, Panel } from '../../../components/Page';
import { Answer, EmptyState } from '../../../components/States';
import { type Column, Table } from '../../../components/Table';
import { addresses } from '../../addresses';

/** The reference of one format: what is read, what is ignored, an example. Worked out by running its reader. */
export function FormatPage({ id }: { readonly id: string }) {
  const query = useQuery('formats.describe', { format: id });
  const title = query.value?.title ?? id;
  return (
    <Page
      title={title}
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Formats', href: addresses.formats() },
        { title, href: null },
      ]}
      {...(query.value !== null && { lead: query.value.describes })}
    >
      {query.error?.code === 'not-found' && query.value === null ? (
        <EmptyState
          icon={FileQuestion}
          title={`No format is called ${id}.`}
          actions={
            <>
              <ButtonLink href={addresses.savedMap(id)}>The map of that name</ButtonLink>
              <ButtonLink href={addresses.formats()}>All formats</ButtonLink>
            </>
          }
        >
          It may be a map this desk saved.
        </EmptyState>
      ) : (
        <Answer query={query}>{(page) => <Reference page={page} />}</Answer>
      )}
    </Page>
  );
}

const kinds: Record<Described['kind'], string> = { executions: 'Fills', orders: 'Orders', prices: 'Prices' };
const needWords: Record<Described['needs'][number], string> = { symbol: 'the symbol', strategy: 'the strategy' };

function Reference({ page }: { readonly page: Described }) {
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['Id', <code key="id">{page.id}</code>],
    ['Holds', kinds[page.kind]],
    ['Content', page.content],
    ['Source', page.impliedSource === null ? 'Live or backtest, as you say' : `Always ${page.impliedSource}`],
    ['A row is', page.rows],
    ['Times', page.times],
    ['Fees', page.fees],
    ['Same trade', page.identity],
    ['No trades', page.otherRows.length === 0 ? 'None known' : page.otherRows.join(', ')],
    [
      'You say',
      page.needs.length === 0 ? 'Nothing: the file says it all' : page.needs.map((need) => needWords[need]).join(', '),
    ],
  ];
  const example = [...(page.exampleHeader === null ? [] : [page.exampleHeader]), ...page.exampleRows];
  return (
    <>
      <div className="format-columns">
        <Panel title="How it is read">
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel title="Columns" aside="In the order of the file" flush>
          <Table
            label="Columns of the format"
            columns={columns}
            rows={page.columns}
            height="min(480px, 60vh)"
            empty="This format has no columns of its own to tell of."
          />
        </Panel>
      </div>
      {example.length > 0 && (
        <Panel title="Example" aside="With made-up values">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which the keyboard must reach */}
          <pre className="format-example" tabIndex={0}>
            {example.join('\n')}
          </pre>
        </Panel>
      )}
    </>
  );
}

const uses: Record<FormatColumn['use'], string> = { required: 'must be there', read: 'read', ignored: 'ignored' };

const columns: readonly Column<FormatColumn>[] = [
  {
    id: 'name',
    title: 'Column',
    width: 'minmax(140px, 1fr)',
    cell: (row) => <code className={row.use === 'ignored' ? 'muted' : undefined}>{row.name}</code>,
  },
  {
    id: 'use',
    title: 'Use',
    width: '128px',
    cell: (row) =>
      row.use === 'required' ? <strong>{uses.required}</strong> : <span className="muted">{uses[row.use]}</span>,
    sortValue: (row) => row.use,
  },
  {
    id: 'feeds',
    title: 'Becomes',
    width: 'minmax(160px, 1.4fr)',
    cell: (row) => (row.feeds.length > 0 ? row.feeds.join(', ') : row.use === 'ignored' ? '' : 'only checked'),
  },
];
