import type { CallResult, ImportView } from '../../../shared/contract/calls';
import { useQuery } from '../../api/use-query';
import { ButtonLink } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { Answer, EmptyState, InlineError } from '../../components/States';
import { ImportStateBadge } from '../../components/StatusBadge';
import { Time } from '../../components/Time';
import { formatBytes, formatCount, formatCountOf, formatDuration, UNKNOWN_TEXT } from '../../format';
import { addresses } from '../addresses';
import { MergedPanel } from './MergedPanel';
import { AssumedZone } from './Questions';
import { QuarantinePanel } from './quarantine/QuarantinePanel';

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
        <Answer query={query}>
          {({ import: found, elsewhere }) => <Detail record={found} elsewhere={elsewhere} />}
        </Answer>
      )}
    </Page>
  );
}

type Elsewhere = CallResult<'imports.get'>['elsewhere'];

function Detail({ record, elsewhere }: { readonly record: ImportView; readonly elsewhere: Elsewhere }) {
  return (
    <>
      {record.failure !== null && <InlineError error={record.failure} />}
      {elsewhere.length > 0 && (
        <Panel title="Stored twice?">
          <ul className="import-card-warnings">
            {elsewhere.map(({ strategy, symbol, trades }) => (
              <li key={JSON.stringify([strategy, symbol])}>
                {formatCountOf(trades, 'trade')} with the same ids stored under strategy {strategy}, symbol {symbol} as
                well. The file was probably imported twice with other words; nothing was merged.
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="What became of its rows" aside={formatCountOf(record.counts.rowsRead, 'row')} flush>
        <RowSum record={record} />
      </Panel>
      <div className="detail-columns">
        <Panel title="The file">
          <Facts
            facts={[
              [
                'Format',
                record.format === '' ? (
                  UNKNOWN_TEXT
                ) : (
                  <FormatLinks key="format" ids={record.format} titles={record.formatTitle} />
                ),
              ],
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
              [
                'Times',
                record.zoneAssumed === null ? (
                  'Their zone is known'
                ) : (
                  <AssumedZone key="zone" assumed={record.zoneAssumed} />
                ),
              ],
              ['Imported', <Time key="started" atUs={record.startedAtUs} />],
              [
                'Took',
                formatDuration(record.endedAtUs === null ? null : (record.endedAtUs - record.startedAtUs) / 1_000),
              ],
            ]}
          />
        </Panel>
      </div>
      <MergedPanel importId={record.id} />
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

/** A zip may hold several formats, joined with `+`; each has its page. */
function FormatLinks({ ids, titles }: { readonly ids: string; readonly titles: string }) {
  const each = ids.split('+');
  const titleOf = titles.split(' + ');
  return each.map((id, index) => (
    <span key={id}>
      {index > 0 && ' + '}
      <a href={addresses.format(id)}>{titleOf[index] ?? id}</a>
    </span>
  ));
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

function Quarantine({ record }: { readonly record: ImportView }) {
  if (record.counts.quarantined === 0 && record.state !== 'done') return null;
  return <QuarantinePanel importId={record.id} />;
}
