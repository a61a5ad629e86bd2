import { CircleX, Eye, type LucideIcon, Pause, Unplug } from 'lucide-react';
import type { CallResult } from '../../../../shared/contract/calls';
import { Badge, type Tone } from '../../../components/StatusBadge';
import { type Column, Table } from '../../../components/Table';
import { Age } from '../../../components/Time';
import { formatCount, formatDuration, UNKNOWN_TEXT } from '../../../format';
import { goTo } from '../../../state/address';
import { addresses } from '../../addresses';

export type Watch = CallResult<'watches.list'>['watches'][number];

const looks: Record<Watch['state'], { readonly tone: Tone; readonly icon: LucideIcon; readonly word: string }> = {
  watching: { tone: 'pass', icon: Eye, word: 'Watching' },
  paused: { tone: 'unknown', icon: Pause, word: 'Paused' },
  unreachable: { tone: 'warn', icon: Unplug, word: 'Unreachable' },
  failed: { tone: 'fail', icon: CircleX, word: 'Failed' },
};

export function WatchStateBadge({ watch: { state, reason } }: { readonly watch: Pick<Watch, 'state' | 'reason'> }) {
  const { tone, icon, word } = looks[state];
  return (
    <Badge tone={tone} icon={icon} title={reason ?? undefined}>
      {word}
    </Badge>
  );
}

const columns: readonly Column<Watch>[] = [
  { id: 'state', title: 'State', width: '128px', cell: (watch) => <WatchStateBadge watch={watch} /> },
  { id: 'since', title: 'Since', width: '96px', cell: (watch) => <Age atUs={watch.sinceUs} /> },
  {
    id: 'path',
    title: 'Folder or file',
    width: 'minmax(160px, 2fr)',
    cell: (watch) => (
      <a href={addresses.watch(watch.id)} title={watch.path} tabIndex={-1}>
        {watch.path}
      </a>
    ),
  },
  {
    id: 'source',
    title: 'Source',
    width: '76px',
    cell: ({ source }) => <span className={source}>{source === 'live' ? 'Live' : 'Backtest'}</span>,
  },
  {
    id: 'strategy',
    title: 'Strategy',
    width: 'minmax(100px, 1fr)',
    cell: ({ strategy }) => strategy ?? <span className="muted">as rows name it</span>,
  },
  { id: 'files', title: 'Files', width: '64px', align: 'end', cell: ({ files }) => formatCount(files) },
  {
    id: 'executions',
    title: 'Executions',
    width: '96px',
    align: 'end',
    cell: ({ executions }) => formatCount(executions),
  },
  {
    id: 'last',
    title: 'Last record',
    explanation: 'The latest execution among its rows',
    width: '108px',
    cell: ({ lastRecordUs }) =>
      lastRecordUs === null ? <span className="muted">{UNKNOWN_TEXT}</span> : <Age atUs={lastRecordUs} />,
  },
  {
    id: 'delay',
    title: 'Delay',
    explanation: 'From the latest execution to the moment it was read, at the last reading',
    width: '92px',
    align: 'end',
    cell: ({ delayMs }) => formatDuration(delayMs),
  },
];

/** What is followed, with its state; a row opens its files. */
export function WatchTable({ watches }: { readonly watches: readonly Watch[] }) {
  return (
    <Table
      label="Watched folders"
      columns={columns}
      rows={watches}
      keyOf={({ id }) => id}
      onOpen={({ id }) => goTo(addresses.watch(id))}
    />
  );
}
