import { CircleCheck, Download, OctagonX, ScrollText, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { AuditRecord } from '../../../shared/base/audit-chain';
import type { Failure } from '../../../shared/base/errors';
import type { CallResult } from '../../../shared/contract/calls';
import { call, saveFile } from '../../api/engine';
import { usePagedRows } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { SelectField, SettledField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { EmptyState, ErrorState, InlineError, Skeleton, StaleBanner } from '../../components/States';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatCountOf, formatUtc } from '../../format';
import { goTo, useAddress } from '../../state/address';
import { addresses } from '../addresses';
import { auditFilter, dayProblem } from './filter';
import './audit.css';

type Verified = CallResult<'audit.verify'>;

/** Who decided what and when, and whether the record is whole. */
export default function AuditPage() {
  const { query } = useAddress();
  const filter = auditFilter(query);
  const rows = usePagedRows('audit.list', filter, (answer) => answer.records);
  const [open, setOpen] = useState<AuditRecord | null>(null);
  const [verified, setVerified] = useState<Verified | null>(null);
  const [busy, setBusy] = useState<'verify' | 'export' | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const narrow = (key: string, value: string) =>
    goTo(addresses.audit({ ...query, [key]: value === '' ? null : value }), { replace: true });
  const narrowed = Object.values(filter).some((value) => value !== null);

  async function verify(): Promise<void> {
    setBusy('verify');
    const answer = await call('audit.verify', {});
    setBusy(null);
    setRefused(answer.ok ? null : answer.error);
    setVerified(answer.ok ? answer.value : null);
  }

  async function take(): Promise<void> {
    setBusy('export');
    const made = await call('audit.export', {});
    const saved = made.ok ? await saveFile(made.value) : made;
    setBusy(null);
    setRefused(saved.ok ? null : saved.error);
    setSaid(saved.ok && saved.value !== null ? `Saved ${saved.value.name}` : null);
  }

  return (
    <Page
      title="Audit"
      lead="Every decision, by whom or by which rule. Each record carries the hash of the one before it, so that a changed or missing one shows."
      actions={
        <>
          <span className="muted" role="status">
            {said}
          </span>
          <Button icon={ShieldCheck} busy={busy === 'verify'} disabled={busy !== null} onClick={() => void verify()}>
            Verify
          </Button>
          <Button icon={Download} busy={busy === 'export'} disabled={busy !== null} onClick={() => void take()}>
            Export
          </Button>
        </>
      }
    >
      {refused !== null && <InlineError error={refused} />}
      {verified !== null && <Verdict verified={verified} />}
      <search className="audit-filter" aria-label="Filter">
        <SelectField
          label="Action"
          value={filter.action ?? ''}
          onChange={(value) => narrow('action', value)}
          groups={[
            {
              title: null,
              options: [
                { value: '', title: 'Any' },
                ...[
                  ...new Set([...(rows.first?.actions ?? []), ...(filter.action === null ? [] : [filter.action])]),
                ].map((action) => ({ value: action, title: action })),
              ],
            },
          ]}
        />
        <SettledField
          key={`subject ${query['subject']}`}
          label="Subject"
          value={query['subject'] ?? ''}
          onChange={(value) => narrow('subject', value.trim())}
          placeholder="Deployment or setting"
        />
        <SettledField
          key={`actor ${query['actor']}`}
          label="Actor"
          value={query['actor'] ?? ''}
          onChange={(value) => narrow('actor', value.trim())}
          placeholder="User, rule or process"
        />
        <SettledField
          key={`from ${query['from']}`}
          label="From day, UTC"
          value={query['from'] ?? ''}
          onChange={(value) => narrow('from', value.trim())}
          placeholder="2026-11-01"
          problem={dayProblem(query['from'])}
        />
        <SettledField
          key={`to ${query['to']}`}
          label="To day, UTC"
          value={query['to'] ?? ''}
          onChange={(value) => narrow('to', value.trim())}
          placeholder="2026-11-30"
          problem={dayProblem(query['to'])}
        />
      </search>
      {rows.stale && rows.first !== null && rows.error !== null && (
        <StaleBanner asOfUs={rows.first.asOfUs} error={rows.error} onRetry={rows.refresh} />
      )}
      {rows.first === null ? (
        rows.error !== null ? (
          <ErrorState error={rows.error} onRetry={rows.refresh} />
        ) : (
          <Skeleton />
        )
      ) : rows.source.count === 0 ? (
        <Panel title="Records">
          <EmptyState
            icon={ScrollText}
            title={narrowed ? 'No record is like that.' : 'Nothing was decided yet.'}
            actions={narrowed && <Button onClick={() => goTo(addresses.audit())}>Show all</Button>}
          >
            {narrowed
              ? 'Widen the filter.'
              : 'Deployments, promotions, pauses, rollbacks, drills and changes of secrets are written here as they happen.'}
          </EmptyState>
        </Panel>
      ) : (
        <Panel title="Records" aside={<span className="figures">{formatCount(rows.source.count)}</span>} flush>
          <Table
            label="Audit records"
            columns={columns}
            rows={rows.source}
            keyOf={(row) => String(row.sequence)}
            openKey={open === null ? null : String(open.sequence)}
            onOpen={setOpen}
            height="calc(100vh - 300px)"
          />
        </Panel>
      )}
      {open !== null && <Record record={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}

const columns: readonly Column<AuditRecord>[] = [
  { id: 'sequence', title: '#', width: '64px', align: 'end', cell: (row) => row.sequence },
  { id: 'at', title: 'When', width: '168px', cell: (row) => <Time atUs={row.atUs} /> },
  {
    id: 'actor',
    title: 'By',
    width: '150px',
    cell: (row) => (
      <>
        {row.actor.name} <span className="muted">{row.actor.kind}</span>
      </>
    ),
  },
  { id: 'action', title: 'Action', width: 'minmax(190px, 1fr)', cell: (row) => row.action },
  { id: 'subject', title: 'Subject', width: 'minmax(120px, 1fr)', cell: (row) => row.subject },
  {
    id: 'payload',
    title: 'What',
    width: 'minmax(200px, 3fr)',
    cell: (row) => <code className="muted">{JSON.stringify(row.payload)}</code>,
  },
  { id: 'hash', title: 'Hash', width: '92px', cell: (row) => <code>{row.hash.slice(0, 8)}</code> },
];

function Verdict({ verified }: { readonly verified: Verified }) {
  const { broken, records, asOfUs } = verified;
  if (broken === null)
    return (
      <p className="audit-verdict audit-whole" role="status">
        <CircleCheck className="mark mark-pass" size={16} aria-hidden="true" />
        <span>
          <strong>The chain is whole:</strong> {formatCountOf(records, 'record')}, none changed, left out or put in.{' '}
          <span className="muted">Verified {formatUtc(asOfUs)} UTC.</span>
        </span>
      </p>
    );
  return (
    <p className="audit-verdict audit-broken" role="alert">
      <OctagonX className="mark mark-fail" size={16} aria-hidden="true" />
      <span>
        <strong>The chain is broken at record {broken.sequence}:</strong> {broken.problem} What comes after it proves
        nothing; compare it with an earlier export or backup.
      </span>
    </p>
  );
}

/** One record in full. */
function Record({ record, onClose }: { readonly record: AuditRecord; readonly onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={`Record ${record.sequence}: ${record.action}`} size="wide">
      <div className="dialog-body audit-record">
        <dl>
          <dt>When</dt>
          <dd>
            <Time atUs={record.atUs} precision="microsecond" /> UTC
          </dd>
          <dt>By</dt>
          <dd>
            {record.actor.name} ({record.actor.kind})
          </dd>
          <dt>Subject</dt>
          <dd>{record.subject}</dd>
          <dt>Hash</dt>
          <dd>
            <code>{record.hash}</code>
          </dd>
          <dt>Hash before</dt>
          <dd>
            <code>{record.previousHash}</code>
          </dd>
        </dl>
        <h3>Payload</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(record.payload, null, 2)}</pre>
      </div>
    </Dialog>
  );
}
