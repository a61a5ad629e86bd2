import { ShieldCheck } from 'lucide-react';
import type { CallResult, ImportView } from '../../../shared/contract/calls';
import { usePagedRows, useQuery } from '../../api/use-query';
import { ButtonLink } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { Answer, EmptyState, ErrorState, InlineError, Skeleton } from '../../components/States';
import { ImportStateBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatBytes, formatCount, formatCountOf, formatDuration, UNKNOWN_TEXT } from '../../format';
import { addresses } from '../addresses';

/** One import: what became of every row of its file, and the rows that could not be read. */
export function ImportDetail({ id }: { readonly id: string }) {
  const query = useQuery('imports.get', { id });
  const record = query.value?.import ?? null;
  return (
    <Page
      title={record?.fileName ?? 'Import'}
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: record?.fileName ?? id, href: null },
      ]}
      actions={record && <ImportStateBadge state={record.state} />}
    >
      {query.error?.code === 'not-found' ? (
        <EmptyState
          title="There is no such import on this desk."
          actions={<ButtonLink href={addresses.imports()}>All imports</ButtonLink>}
        >
          The address may belong to another desk.
        </EmptyState>
      ) : (
        <Answer query={query}>{({ import: found }) => <Detail record={found} />}</Answer>
      )}
    </Page>
  );
}

function Detail({ record }: { readonly record: ImportView }) {
  return (
    <>
      {record.failure !== null && <InlineError error={record.failure} />}
      <Panel title="What became of its rows" aside={formatCountOf(record.counts.rowsRead, 'row')} flush>
        <RowSum record={record} />
      </Panel>
      <div className="detail-columns">
        <Panel title="The file">
          <Facts
            facts={[
              ['Format', record.formatTitle || UNKNOWN_TEXT],
              ['Recognised by', record.reason || UNKNOWN_TEXT],
              [
                'Source',
                <span key="source" className={record.source}>
                  {record.source === 'live' ? 'Live' : 'Backtest'}
                </span>,
              ],
              ['Strategy', record.strategy || UNKNOWN_TEXT],
              ['Version', record.version ?? UNKNOWN_TEXT],
              ['Account', record.account ?? UNKNOWN_TEXT],
              ['Size', formatBytes(record.sizeBytes)],
              ['Path', record.path ?? 'Came through the browser'],
            ]}
          />
        </Panel>
        <Panel title="What it covers">
          <Facts
            facts={[
              ['First execution', <Time key="first" atUs={record.firstUs} />],
              ['Last execution', <Time key="last" atUs={record.lastUs} />],
              ['Symbols', record.symbols.length === 0 ? UNKNOWN_TEXT : record.symbols.join(', ')],
              ['Imported', <Time key="started" atUs={record.startedAtUs} />],
              [
                'Took',
                formatDuration(record.endedAtUs === null ? null : (record.endedAtUs - record.startedAtUs) / 1_000),
              ],
            ]}
          />
        </Panel>
      </div>
      <Quarantine record={record} />
    </>
  );
}

/** The rows of the file as a sum: every row is exactly one of these, so none can be lost unseen. */
function RowSum({ record }: { readonly record: ImportView }) {
  const { counts, otherRowNames } = record;
  const names = Object.entries(otherRowNames).sort((a, b) => b[1] - a[1]);
  const parts = [
    { word: 'new executions', count: counts.executions, note: null },
    { word: 'order events', count: counts.orderEvents, note: 'rejected, cancelled, expired' },
    { word: 'duplicates', count: counts.duplicates, note: 'stored before, not stored again' },
    {
      word: 'other rows',
      count: counts.otherRows,
      note: names.length === 0 ? null : names.map(([name, count]) => `${name} ${formatCount(count)}`).join(', '),
    },
    { word: 'quarantined', count: counts.quarantined, note: counts.quarantined === 0 ? null : 'listed below' },
  ];
  return (
    <dl className="row-sum">
      {parts.map(({ word, count, note }, index) => (
        <div key={word} className={word === 'quarantined' && count > 0 ? 'row-sum-warn' : undefined}>
          <dt>
            {index > 0 && <span aria-hidden="true">+ </span>}
            {word}
          </dt>
          <dd className="figures">{formatCount(count)}</dd>
          {note !== null && <dd className="figure-note">{note}</dd>}
        </div>
      ))}
      <div>
        <dt>
          <span aria-hidden="true">= </span>rows of the file
        </dt>
        <dd className="figures">{formatCount(counts.rowsRead)}</dd>
      </div>
    </dl>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type QuarantinedRow = CallResult<'imports.quarantine'>['rows'][number];

const columns: readonly Column<QuarantinedRow>[] = [
  { id: 'line', title: 'Line', width: '96px', align: 'end', cell: (row) => formatCount(row.line) },
  {
    id: 'reason',
    title: 'Why it was not read',
    width: 'minmax(220px, 1fr)',
    cell: (row) => <span title={row.reason}>{row.reason}</span>,
  },
  {
    id: 'text',
    title: 'The row as it is in the file',
    width: 'minmax(320px, 2fr)',
    cell: (row) => <code title={row.text}>{row.text}</code>,
  },
];

const rowsOf = (answer: CallResult<'imports.quarantine'>) => answer.rows;

function Quarantine({ record }: { readonly record: ImportView }) {
  const list = usePagedRows('imports.quarantine', { importId: record.id }, rowsOf);
  if (record.counts.quarantined === 0 && list.source.count === 0) {
    return record.state === 'done' ? (
      <Panel title="Quarantine">
        <p className="import-clean">
          <ShieldCheck className="mark mark-pass" size={16} aria-hidden="true" /> Every row was read.
        </p>
      </Panel>
    ) : null;
  }
  return (
    <Panel
      title="Quarantine"
      aside={`${formatCountOf(list.source.count, 'row')} set aside; correct them in the file and import it again: what is stored is skipped`}
      flush
    >
      {list.loading && <Skeleton />}
      {list.first === null && list.error !== null && <ErrorState error={list.error} onRetry={list.refresh} />}
      {list.first !== null && (
        <Table label="Quarantined rows" columns={columns} rows={list.source} keyOf={(row) => row.id} />
      )}
    </Panel>
  );
}
