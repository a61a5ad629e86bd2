import {
  Ban,
  CircleCheck,
  CircleHelp,
  CircleX,
  Clock3,
  FileQuestion,
  Loader,
  type LucideIcon,
  Play,
} from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { ProgressBar } from '../../components/Progress';
import { Badge, type Tone } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { formatBytes, formatCount, formatDuration, formatRowsPerSecond, UNKNOWN_TEXT } from '../../format';
import { type BulkState, bulkProgress, bulkStateOf, remarkOf } from '../../state/bulk-imports';
import { useNowUs } from '../../state/clock';
import { type Card, previewOf, sourceOf } from '../../state/import-cards';
import { useImports } from '../../state/imports';
import { ImportCard } from './ImportCard';

const looks: Record<BulkState, { readonly tone: Tone; readonly icon: LucideIcon; readonly word: string }> = {
  waiting: { tone: 'plain', icon: Clock3, word: 'Being read' },
  unknown: { tone: 'fail', icon: FileQuestion, word: 'Cannot be read' },
  asks: { tone: 'warn', icon: CircleHelp, word: 'Asks' },
  ready: { tone: 'plain', icon: Play, word: 'Ready' },
  running: { tone: 'plain', icon: Loader, word: 'Importing' },
  done: { tone: 'pass', icon: CircleCheck, word: 'Done' },
  failed: { tone: 'fail', icon: CircleX, word: 'Failed' },
  cancelled: { tone: 'unknown', icon: Ban, word: 'Cancelled' },
};

const states = Object.keys(looks) as BulkState[]; // Object.keys widens; the record above has exactly these keys

const columns: readonly Column<Card>[] = [
  {
    id: 'state',
    title: 'State',
    width: '146px',
    cell: (card) => {
      const { tone, icon, word } = looks[bulkStateOf(card)];
      return (
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      );
    },
    sortValue: (card) => states.indexOf(bulkStateOf(card)),
  },
  {
    id: 'name',
    title: 'File',
    width: 'minmax(160px, 1.4fr)',
    cell: ({ name }) => <span title={name}>{name}</span>,
    sortValue: ({ name }) => name,
  },
  {
    id: 'size',
    title: 'Size',
    width: '84px',
    align: 'end',
    cell: ({ sizeBytes }) => formatBytes(sizeBytes),
    sortValue: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'format',
    title: 'Recognised as',
    width: 'minmax(140px, 1fr)',
    cell: (card) => {
      const recognised = previewOf(card)?.recognised;
      return recognised ? <span title={recognised.reason}>{recognised.formatTitle}</span> : UNKNOWN_TEXT;
    },
    sortValue: (card) => previewOf(card)?.recognised.formatTitle ?? null,
  },
  {
    id: 'source',
    title: 'Source',
    width: '76px',
    cell: (card) => {
      const source = sourceOf(card);
      return source === null ? UNKNOWN_TEXT : <span className={source}>{source === 'live' ? 'Live' : 'Backtest'}</span>;
    },
  },
  {
    id: 'strategy',
    title: 'Strategy',
    width: 'minmax(90px, 0.8fr)',
    cell: (card) => card.choices.strategy || previewOf(card)?.recognised.impliedStrategies.join(', ') || UNKNOWN_TEXT,
  },
  {
    id: 'remark',
    title: 'Remark',
    width: 'minmax(160px, 1.6fr)',
    cell: (card) => <span title={remarkOf(card)}>{remarkOf(card)}</span>,
  },
];

/** Many files as one table with a state each; the file at hand below it with all it asks. */
export function BulkCards({ cards }: { readonly cards: readonly Card[] }) {
  const [shown, setShown] = useState<BulkState | 'all'>('all');
  const [openKey, setOpenKey] = useState<string | null>(null);
  const counts = new Map<BulkState, number>();
  for (const card of cards) counts.set(bulkStateOf(card), (counts.get(bulkStateOf(card)) ?? 0) + 1);
  const rows = shown === 'all' ? cards : cards.filter((card) => bulkStateOf(card) === shown);
  const open = cards.find(({ key }) => key === openKey) ?? null;
  return (
    <>
      <Progress cards={cards} />
      <div className="bulk-states">
        <Choice
          label="Files by state"
          options={[
            { value: 'all' as const, title: 'All', count: formatCount(cards.length) },
            ...states
              .filter((state) => counts.has(state) || state === shown)
              .map((state) => ({ value: state, title: looks[state].word, count: formatCount(counts.get(state) ?? 0) })),
          ]}
          chosen={shown}
          onChoose={setShown}
        />
      </div>
      <Table
        label="Files to import"
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        openKey={openKey}
        onOpen={({ key }) => setOpenKey(key === openKey ? null : key)}
        height={open === null ? 'min(520px, 56vh)' : 'min(260px, 30vh)'}
        empty="No file is in this state."
      />
      {open !== null && (
        <div className="bulk-one">
          <ImportCard key={open.key} card={open} alone={false} startOpen />
        </div>
      )}
    </>
  );
}

/** How far all that was started is, with rows a second and the time left. */
function Progress({ cards }: { readonly cards: readonly Card[] }) {
  const { running, cancel } = useImports();
  const nowUs = useNowUs();
  const begunUs = useRef<number | null>(null);
  const progress = bulkProgress(cards, running ?? []);
  const under = progress.files > progress.ended;
  if (!under) begunUs.current = null;
  else begunUs.current ??= nowUs;
  if (!under) return null;
  const elapsedMs = (nowUs - (begunUs.current ?? nowUs)) / 1_000;
  const leftMs =
    progress.share === null || progress.share < 0.02 || elapsedMs < 1_000
      ? null
      : (elapsedMs / progress.share) * (1 - progress.share);

  function cancelAll(): void {
    // The last first: what waits is taken off before the next of them begins.
    for (const { step } of [...cards].reverse()) if (step.at === 'started') void cancel(step.jobId);
  }

  return (
    <div className="bulk-progress">
      <div className="progress-line">
        <ProgressBar label="Progress of all files" share={progress.share} />
        <span className="progress-figures figures">
          <span>{progress.share === null ? '' : `${Math.floor(progress.share * 100)} %`}</span>
          <span>
            {formatCount(progress.ended)} of {formatCount(progress.files)} files
          </span>
          <span>{progress.rowsPerSecond > 0 ? formatRowsPerSecond(progress.rowsPerSecond) : ''}</span>
          <span>{leftMs === null ? '' : `${formatDuration(leftMs)} left`}</span>
        </span>
      </div>
      <Button onClick={cancelAll}>Cancel all</Button>
    </div>
  );
}
