import {
  CircleX,
  Eye,
  FolderX,
  type LucideIcon,
  Pause,
  PencilLine,
  Play,
  Trash2,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import type { CallResult } from '../../../../shared/contract/calls';
import { call } from '../../../api/engine';
import { usePagedRows, useQuery } from '../../../api/use-query';
import { Button, ButtonLink } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Page, Panel } from '../../../components/Page';
import { Answer, EmptyState, ErrorState, InlineError, Skeleton, StaleBanner } from '../../../components/States';
import { Badge, type Tone } from '../../../components/StatusBadge';
import { type Column, Table } from '../../../components/Table';
import { Age, Time } from '../../../components/Time';
import { formatBytes, formatCount, formatCountOf, formatDuration, UNKNOWN_TEXT } from '../../../format';
import { goTo } from '../../../state/address';
import { addresses } from '../../addresses';
import { type Watch, WatchStateBadge } from './WatchTable';

/** One watched folder: its state and what it is told, its files with how far each is read; pause, resume, remove. */
export function WatchPage({ id }: { readonly id: string }) {
  const query = useQuery('watches.list', {});
  const watch = query.value?.watches.find((candidate) => candidate.id === id) ?? null;
  return (
    <Page
      title={watch === null ? 'Watched folder' : nameOf(watch.path)}
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Watched folders', href: addresses.watches() },
        { title: watch === null ? id : nameOf(watch.path), href: null },
      ]}
      {...(watch !== null && { lead: <code>{watch.path}</code> })}
      actions={watch !== null && <Actions watch={watch} />}
    >
      <Answer query={query}>
        {() =>
          watch === null ? (
            <EmptyState
              icon={FolderX}
              title="This folder is not watched."
              actions={<ButtonLink href={addresses.watches()}>Watched folders</ButtonLink>}
            >
              The watch was removed; what it brought is still in the desk.
            </EmptyState>
          ) : (
            <Detail watch={watch} />
          )
        }
      </Answer>
    </Page>
  );
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

function Actions({ watch }: { readonly watch: Watch }) {
  const [refused, setRefused] = useState<Failure | null>(null);
  const [removing, setRemoving] = useState(false);
  const [busy, setBusy] = useState(false);
  async function change(name: 'watches.pause' | 'watches.resume' | 'watches.remove'): Promise<void> {
    setBusy(true);
    const answer = await call(name, { id: watch.id });
    setBusy(false);
    setRefused(answer.ok ? null : answer.error);
    if (answer.ok && name === 'watches.remove') goTo(addresses.watches());
  }
  return (
    <>
      {refused !== null && !removing && <InlineError error={refused} />}
      <WatchStateBadge watch={watch} />
      {watch.state === 'paused' ? (
        <Button icon={Play} busy={busy} onClick={() => void change('watches.resume')}>
          Resume
        </Button>
      ) : (
        <Button icon={Pause} busy={busy} onClick={() => void change('watches.pause')}>
          Pause
        </Button>
      )}
      <Button icon={Trash2} look="quiet" onClick={() => setRemoving(true)}>
        Remove…
      </Button>
      <Dialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Stop watching ${nameOf(watch.path)}?`}
        describes="Nothing more is read from it. What it brought stays in the desk; watched again, it adds only what is new."
      >
        <div className="dialog-body dialog-actions">
          {refused !== null && <InlineError error={refused} />}
          <Button onClick={() => setRemoving(false)}>Go on watching</Button>
          <Button look="danger" icon={Trash2} busy={busy} onClick={() => void change('watches.remove')}>
            Stop watching
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** Rows a live source would have brought by now; older, the figures of the Desk rest on old rows. */
const STALE_AFTER_US = 24 * 3_600 * 1_000_000;

function Detail({ watch }: { readonly watch: Watch }) {
  const list = useQuery('watches.list', {});
  const asOfUs = list.value?.asOfUs ?? 0;
  const old = watch.state === 'watching' && watch.lastRecordUs !== null && asOfUs - watch.lastRecordUs > STALE_AFTER_US;
  return (
    <>
      {watch.reason !== null && (
        <p className={watch.state === 'failed' ? 'watch-told watch-failed' : 'watch-told'} role="status">
          {watch.state === 'failed' ? (
            <CircleX className="mark mark-fail" size={15} aria-hidden="true" />
          ) : watch.state === 'unreachable' ? (
            <Unplug className="mark mark-warn" size={15} aria-hidden="true" />
          ) : (
            <TriangleAlert className="mark mark-warn" size={15} aria-hidden="true" />
          )}
          <span>
            {watch.reason}{' '}
            <span className="muted">
              Since <Age atUs={watch.sinceUs} />.
            </span>
          </span>
        </p>
      )}
      {old && watch.lastRecordUs !== null && (
        <p className="watch-told" role="status">
          <TriangleAlert className="mark mark-warn" size={15} aria-hidden="true" />
          <span>
            Its latest execution is <Age atUs={watch.lastRecordUs} />: nothing newer was written there.
          </span>
        </p>
      )}
      <div className="detail-columns">
        <Panel title="What came from it">
          <dl className="facts">
            <Fact name="Executions" value={formatCount(watch.executions)} />
            <Fact name="Files" value={formatCount(watch.files)} />
            <Fact name="Last record" value={<Time atUs={watch.lastRecordUs} />} />
            <Fact name="Last read" value={<Time atUs={watch.lastReadUs} />} />
            <Fact name="Delay" value={formatDuration(watch.delayMs)} />
          </dl>
        </Panel>
        <Panel title="What it is read as">
          <dl className="facts">
            <Fact
              name="Source"
              value={<span className={watch.source}>{watch.source === 'live' ? 'Live' : 'Backtest'}</span>}
            />
            <Fact name="Strategy" value={watch.strategy ?? 'As rows name it'} />
            <Fact
              name="Version, account"
              value={`${watch.version ?? UNKNOWN_TEXT}, ${watch.account ?? UNKNOWN_TEXT}`}
            />
            <Fact name="Symbol, zone" value={`${watch.symbol ?? UNKNOWN_TEXT}, ${watch.zone ?? UNKNOWN_TEXT}`} />
            <Fact name="Format" value={watch.map ?? watch.format ?? 'As each file is recognised'} />
          </dl>
        </Panel>
      </div>
      <Files id={watch.id} />
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

type WatchedFile = CallResult<'watches.files'>['files'][number];

const fileLooks: Record<
  WatchedFile['state'],
  { readonly tone: Tone; readonly icon: LucideIcon; readonly word: string }
> = {
  following: { tone: 'pass', icon: Eye, word: 'Following' },
  writing: { tone: 'plain', icon: PencilLine, word: 'Being written' },
  failed: { tone: 'fail', icon: CircleX, word: 'Failed' },
  gone: { tone: 'unknown', icon: FolderX, word: 'Gone' },
};

const columns: readonly Column<WatchedFile>[] = [
  {
    id: 'state',
    title: 'State',
    width: '136px',
    cell: ({ state, reason }) => (
      <Badge tone={fileLooks[state].tone} icon={fileLooks[state].icon} title={reason ?? undefined}>
        {fileLooks[state].word}
      </Badge>
    ),
  },
  { id: 'name', title: 'File', width: 'minmax(160px, 1.5fr)', cell: ({ name }) => <span title={name}>{name}</span> },
  {
    id: 'format',
    title: 'Format',
    width: 'minmax(110px, 0.8fr)',
    cell: ({ format }) => (format === null ? <span className="muted">{UNKNOWN_TEXT}</span> : <code>{format}</code>),
  },
  {
    id: 'read',
    title: 'Read',
    explanation: 'Bytes whose rows are in the desk, of the bytes of the file',
    width: '150px',
    align: 'end',
    cell: ({ positionBytes, sizeBytes }) => `${formatBytes(positionBytes)} of ${formatBytes(sizeBytes)}`,
  },
  { id: 'executions', title: 'Executions', width: '92px', align: 'end', cell: (row) => formatCount(row.executions) },
  {
    id: 'quarantined',
    title: 'Quarantined',
    width: '96px',
    align: 'end',
    cell: ({ quarantined }) => (
      <span className={quarantined > 0 ? 'mark-warn' : 'muted'}>{formatCount(quarantined)}</span>
    ),
  },
  {
    id: 'reason',
    title: 'Remark',
    width: 'minmax(140px, 1.4fr)',
    cell: ({ reason }) => <span title={reason ?? undefined}>{reason ?? ''}</span>,
  },
];

const filesOf = (answer: CallResult<'watches.files'>) => answer.files;

function Files({ id }: { readonly id: string }) {
  const list = usePagedRows('watches.files', { id }, filesOf);
  return (
    <Panel
      title="Files"
      aside={list.first !== null && <span className="figures">{formatCountOf(list.source.count, 'file')}</span>}
      flush
    >
      {list.stale && list.error !== null && (
        <StaleBanner asOfUs={list.first?.asOfUs ?? null} error={list.error} onRetry={list.refresh} />
      )}
      {list.loading && <Skeleton />}
      {list.first === null && list.error !== null && <ErrorState error={list.error} onRetry={list.refresh} />}
      {list.first !== null && (
        <Table
          label="Files of the watch"
          columns={columns}
          rows={list.source}
          keyOf={({ name }) => name}
          empty="No file is there yet. The first one that is written is read by itself."
        />
      )}
    </Panel>
  );
}
