import { CircleCheck, CircleDashed, CircleSlash2, ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CallResult } from '../../../../shared/contract/calls';
import { usePagedRows, useQuery } from '../../../api/use-query';
import { Choice } from '../../../components/Choice';
import { Panel } from '../../../components/Page';
import { ErrorState, Skeleton, StaleBanner } from '../../../components/States';
import { Badge } from '../../../components/StatusBadge';
import { type Column, Table } from '../../../components/Table';
import { formatCount, formatCountOf } from '../../../format';
import type { QuarantinedRow, QuarantineState } from '../../../state/quarantine';
import { addresses } from '../../addresses';
import { ManyRows } from './ManyRows';
import { OneRow } from './OneRow';

const rowsOf = (answer: CallResult<'imports.quarantine'>) => answer.rows;

/**
 * Rows that were set aside, of one import or of all: by cause, by state, each with its reason beside its text. A row is corrected in
 * place and read again; rows of one cause are corrected together.
 */
export function QuarantinePanel({ importId }: { readonly importId: string | null }) {
  const [state, setState] = useState<QuarantineState | 'all'>('open');
  const [cause, setCause] = useState<string | null>(null);
  const [openRow, setOpenRow] = useState<{ readonly row: QuarantinedRow; readonly index: number } | null>(null);
  const asked = state === 'all' ? null : state;
  const list = usePagedRows('imports.quarantine', { importId, state: asked, cause }, rowsOf);
  const everything = useQuery('imports.quarantine', { importId, state: null, page: { offset: 0, limit: 1 } });
  const causes = useQuery('imports.causes', { importId, state: asked });
  const columns = useMemo(() => columnsFor(importId === null), [importId]);
  const total = everything.value?.total ?? null;

  if (total === 0) {
    return (
      <Panel title="Quarantine">
        <p className="import-clean">
          <ShieldCheck className="mark mark-pass" size={16} aria-hidden="true" /> Every row was read.
        </p>
      </Panel>
    );
  }

  function open(row: QuarantinedRow | null, index: number): void {
    setOpenRow(row === null ? null : { row, index });
  }

  return (
    <Panel
      title="Quarantine"
      aside={
        <>
          {total !== null && <span className="figures">{formatCountOf(total, 'row')} set aside</span>}
          <Choice
            label="State of the rows"
            options={[
              { value: 'open', title: 'Open' },
              { value: 'fixed', title: 'Fixed' },
              { value: 'dismissed', title: 'Dismissed' },
              { value: 'all', title: 'All' },
            ]}
            chosen={state}
            onChoose={(next) => {
              setState(next);
              setCause(null);
              setOpenRow(null);
            }}
          />
        </>
      }
      flush
    >
      {list.stale && list.error !== null && (
        <StaleBanner asOfUs={list.first?.asOfUs ?? null} error={list.error} onRetry={list.refresh} />
      )}
      {list.loading && <Skeleton />}
      {list.first === null && list.error !== null && <ErrorState error={list.error} onRetry={list.refresh} />}
      {list.first !== null && (
        <div className="quarantine">
          <Causes
            causes={causes.value?.causes ?? []}
            chosen={cause}
            onChoose={(next) => {
              setCause(next);
              setOpenRow(null);
            }}
          />
          <div className="quarantine-rows">
            {state === 'open' && (
              <ManyRows
                key={`${cause}`}
                importId={importId}
                cause={cause}
                count={list.source.count}
                first={list.first.rows}
                onDone={() => setOpenRow(null)}
              />
            )}
            <Table
              label="Quarantined rows"
              columns={columns}
              rows={list.source}
              keyOf={(row) => row.id}
              openKey={openRow?.row.id ?? null}
              onOpen={(row, index) => open(row, index)}
              height={openRow === null ? 'min(420px, 50vh)' : 'min(230px, 28vh)'}
              empty={emptyWords[state]}
            />
            {openRow !== null && (
              <OneRow
                key={openRow.row.id}
                row={openRow.row}
                onNext={() => {
                  const next = openRow.index + 1 < list.source.count ? openRow.index + 1 : null;
                  open(next === null ? null : list.source.at(next), next ?? 0);
                }}
                onClose={() => setOpenRow(null)}
              />
            )}
          </div>
        </div>
      )}
    </Panel>
  );
}

const emptyWords: Record<QuarantineState | 'all', string> = {
  open: 'No row is open: all were fixed or dismissed.',
  fixed: 'No row was fixed yet.',
  dismissed: 'No row was dismissed.',
  all: 'No rows.',
};

function Causes({
  causes,
  chosen,
  onChoose,
}: {
  readonly causes: CallResult<'imports.causes'>['causes'];
  readonly chosen: string | null;
  readonly onChoose: (cause: string | null) => void;
}) {
  if (causes.length === 0) return null;
  const all = causes.reduce((sum, { rows }) => sum + rows, 0);
  return (
    <nav className="quarantine-causes" aria-label="Causes">
      <Cause title="Every cause" rows={all} chosen={chosen === null} onChoose={() => onChoose(null)} />
      {causes.map(({ cause, rows }) => (
        <Cause key={cause} title={cause} rows={rows} chosen={cause === chosen} onChoose={() => onChoose(cause)} />
      ))}
    </nav>
  );
}

function Cause({
  title,
  rows,
  chosen,
  onChoose,
}: {
  readonly title: string;
  readonly rows: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <button type="button" className="quarantine-cause" aria-pressed={chosen} onClick={onChoose}>
      <span>{title}</span>
      <span className="figures">{formatCount(rows)}</span>
    </button>
  );
}

const stateLooks = {
  open: { tone: 'warn', icon: CircleDashed, word: 'Open' },
  fixed: { tone: 'pass', icon: CircleCheck, word: 'Fixed' },
  dismissed: { tone: 'unknown', icon: CircleSlash2, word: 'Dismissed' },
} as const;

function columnsFor(withFile: boolean): readonly Column<QuarantinedRow>[] {
  return [
    {
      id: 'state',
      title: 'State',
      width: '112px',
      cell: ({ state, note }) => (
        <Badge tone={stateLooks[state].tone} icon={stateLooks[state].icon} title={note ?? undefined}>
          {stateLooks[state].word}
        </Badge>
      ),
    },
    ...(withFile
      ? [
          {
            id: 'file',
            title: 'File',
            width: 'minmax(110px, 0.8fr)',
            cell: (row: QuarantinedRow) => (
              <a href={addresses.import(row.importId)} title={row.fileName} tabIndex={-1}>
                {row.fileName}
              </a>
            ),
          },
        ]
      : []),
    { id: 'line', title: 'Line', width: '76px', align: 'end', cell: (row) => formatCount(row.line) },
    {
      id: 'reason',
      title: 'Why it was not read',
      width: 'minmax(180px, 1fr)',
      cell: (row) => (
        <span title={row.note ?? row.reason}>{row.state === 'open' ? row.reason : (row.note ?? row.reason)}</span>
      ),
    },
    {
      id: 'text',
      title: 'The row as it is in the file',
      width: 'minmax(240px, 1.6fr)',
      cell: (row) => <code title={row.text}>{row.text}</code>,
    },
  ];
}
