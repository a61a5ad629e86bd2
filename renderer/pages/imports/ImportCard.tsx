import { Columns3, FileText, Play, RotateCw, TriangleAlert, X } from 'lucide-react';
import type { Failure } from '../../../shared/base/errors';
import type { CallResult } from '../../../shared/contract/calls';
import { useQuery } from '../../api/use-query';
import { Button, ButtonLink, IconButton } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { SelectField, SettledField, TextField } from '../../components/Field';
import { ProgressBar } from '../../components/Progress';
import { InlineError, Skeleton } from '../../components/States';
import { ImportStateBadge } from '../../components/StatusBadge';
import { formatBytes, formatCount, formatCountOf, formatDuration, formatRowsPerSecond } from '../../format';
import {
  type Card,
  type CardStep,
  type Choices,
  isStartable,
  missingOf,
  type Preview,
  previewOf,
  sourceOf,
} from '../../state/import-cards';
import { useImports } from '../../state/imports';
import { addresses } from '../addresses';
import { PreviewTable } from './PreviewTable';
import { AssumedZone, dateOrders, Questions } from './Questions';

interface CardProps {
  readonly card: Card;
  /** No other file waits: the list's own button starts it. */
  readonly alone: boolean;
  readonly startOpen: boolean;
}

/** One file on its way in: what it was recognised as and why, what still must be said, its first rows, then its progress and its end. */
export function ImportCard({ card, alone, startOpen }: CardProps) {
  const { remove } = useImports();
  const { step } = card;
  const removable = step.at !== 'started' && step.at !== 'starting';
  return (
    <article className="import-card" aria-label={card.name}>
      <header className="import-card-header">
        <FileText size={16} strokeWidth={1.75} aria-hidden="true" />
        <h3>{card.name}</h3>
        <span className="muted figures">{formatBytes(card.sizeBytes)}</span>
        <span className="import-card-state">
          <StateWord step={step} />
        </span>
        {removable && (
          <IconButton icon={X} label={`Remove ${card.name} from the list`} onClick={() => remove(card.key)} />
        )}
      </header>
      <Body card={card} alone={alone} startOpen={startOpen} />
    </article>
  );
}

function StateWord({ step }: { readonly step: CardStep }) {
  if (step.at === 'started') return <ImportStateBadge state={step.progress?.state ?? 'queued'} />;
  if (step.at === 'ended') return <ImportStateBadge state={step.state} />;
  return null;
}

function Body({ card, alone, startOpen }: CardProps) {
  const { step } = card;
  if (step.at === 'admitting') return <Waiting text="Taking the file…" />;
  if (step.at === 'refused') return <InlineError error={step.failure} />;
  if (step.at === 'started' || step.at === 'starting') return <Running step={step} />;
  if (step.at === 'ended') return <Ended card={card} step={step} />;
  if (step.at === 'recognising' && step.last === null) return <Waiting text="Reading its beginning…" />;
  if (step.at === 'unreadable') return <Unreadable card={card} failure={step.failure} />;
  return <Settings card={card} alone={alone} startOpen={startOpen} />;
}

function Waiting({ text }: { readonly text: string }) {
  return (
    <div className="import-card-waiting">
      <span className="spinner" aria-hidden="true" /> <span className="muted">{text}</span>
    </div>
  );
}

function confidenceWord(confidence: number): string {
  const percent = `${Math.round(confidence * 100)} %`;
  if (confidence >= 0.95) return `certain (${percent})`;
  return confidence >= 0.7 ? `likely (${percent})` : `a guess (${percent})`;
}

function Settings({ card, alone, startOpen }: CardProps) {
  const { change, start } = useImports();
  const overview = useQuery('desk.overview', { strategy: null, days: 30 });
  const preview = previewOf(card);
  const missing = missingOf(card);
  const { choices, step } = card;
  const implied = preview?.recognised.impliedStrategies ?? [];
  const known = overview.value?.strategies.map(({ strategy }) => strategy) ?? [];
  const set = (next: Partial<Choices>) => change(card.key, next);
  const problem = (text: string | null) => (step.at === 'ready' ? text : null);

  return (
    <>
      {step.at === 'ready' && step.failure !== null && <InlineError error={step.failure} />}
      {preview !== null && (
        <p className="import-card-recognised">
          <strong>
            <a href={addresses.format(preview.recognised.format)}>{preview.recognised.formatTitle}</a>
          </strong>
          , {confidenceWord(preview.recognised.confidence)}. <span className="muted">{preview.recognised.reason}</span>
        </p>
      )}
      <div className="import-card-fields">
        <FormatField card={card} preview={preview} />
        <SourceField card={card} problem={problem(missing.source)} />
        <TextField
          label="Strategy"
          value={choices.strategy}
          onChange={(strategy) => set({ strategy })}
          suggestions={[...new Set([...implied, ...known])]}
          placeholder={implied.length > 0 ? implied.join(', ') : 'Name of the strategy'}
          problem={problem(missing.strategy)}
          {...(implied.length > 0 && { note: implied.length === 1 ? 'Named in the file' : 'Rows name their own' })}
        />
        <TextField
          label="Version"
          value={choices.version}
          onChange={(version) => set({ version })}
          placeholder="Optional"
        />
        <TextField
          label="Account"
          value={choices.account}
          onChange={(account) => set({ account })}
          placeholder="Optional"
        />
      </div>
      <Questions card={card} />
      <details className="import-card-unsaid">
        <summary>Symbol, time zone and order of dates, where the file does not say them</summary>
        <UnsaidFields card={card} />
      </details>
      {preview !== null && <PreviewParts preview={preview} open={startOpen} />}
      <footer className="import-card-footer">
        {step.at === 'recognising' && <Waiting text="Reading its beginning…" />}
        <ButtonLink icon={Columns3} look="quiet" href={addresses.mapFile(card.key)}>
          Read it another way…
        </ButtonLink>
        {!alone && (
          <Button icon={Play} disabled={!isStartable(card)} onClick={() => void start(card.key)}>
            Import this file
          </Button>
        )}
      </footer>
    </>
  );
}

/** A file that could not be read as it was taken for; where the content is unknown, the operator can say what it is. */
function Unreadable({ card, failure }: { readonly card: Card; readonly failure: Failure }) {
  const unknown = failure.code === 'format-unknown' || failure.code === 'format-ambiguous';
  const hint = unknown ? 'Choose below what it is to be read as, or say what its columns are.' : failure.hint;
  return (
    <>
      <InlineError error={{ ...failure, hint }} />
      <div className="import-card-fields">
        <FormatField card={card} preview={null} />
      </div>
      <UnsaidFields card={card} />
      <footer className="import-card-footer">
        <ButtonLink
          icon={Columns3}
          look={failure.code === 'format-unknown' ? 'primary' : 'plain'}
          href={addresses.mapFile(card.key)}
        >
          Map its columns…
        </ButtonLink>
      </footer>
    </>
  );
}

function FormatField({ card, preview }: { readonly card: Card; readonly preview: Preview | null }) {
  const { change } = useImports();
  const list = useQuery('formats.list', {});
  const own = useQuery('maps.list', {}).value?.maps.filter((saved) => saved.failure === null) ?? [];
  const { format, map } = card.choices;
  const chosen = map !== null ? `map:${map}` : format !== null ? `format:${format}` : 'content';
  const likely = preview === null ? [] : [preview.recognised, ...preview.alternatives];
  const rest = (list.value?.formats ?? []).filter(({ id }) => !likely.some((entry) => entry.format === id));
  const recognised = chosen === 'content' && preview !== null ? ` (${preview.recognised.formatTitle})` : '';
  return (
    <SelectField
      label="Read as"
      value={chosen}
      onChange={(value) => {
        const [kind, ...id] = value.split(':');
        change(card.key, {
          format: kind === 'format' ? id.join(':') : null,
          map: kind === 'map' ? id.join(':') : null,
        });
      }}
      groups={[
        { title: null, options: [{ value: 'content', title: `As recognised${recognised}` }] },
        {
          title: 'What the content allows',
          options: likely.map((entry) => ({
            value: `format:${entry.format}`,
            title: `${entry.formatTitle}, ${Math.round(entry.confidence * 100)} %`,
          })),
        },
        ...(map?.includes('{')
          ? [{ title: 'This file alone', options: [{ value: `map:${map}`, title: 'The map you made for it' }] }]
          : []),
        { title: 'Your maps', options: own.map(({ id, title }) => ({ value: `map:${id}`, title })) },
        {
          title: 'CSV maps',
          options: (list.value?.maps ?? []).map(({ id, title }) => ({ value: `map:${id}`, title })),
        },
        { title: 'Other formats', options: rest.map(({ id, title }) => ({ value: `format:${id}`, title })) },
      ].filter(({ options }) => options.length > 0)}
    />
  );
}

function UnsaidFields({ card }: { readonly card: Card }) {
  const { change } = useImports();
  const { symbol, zone, dateOrder } = card.choices;
  return (
    <div className="import-card-fields">
      <SettledField
        key={`symbol ${symbol}`}
        label="Symbol"
        value={symbol}
        onChange={(value) => change(card.key, { symbol: value })}
        placeholder="ETH/USDT"
        note="For files of one instrument that do not name it"
      />
      <SettledField
        key={`zone ${zone}`}
        label="Time zone"
        value={zone}
        onChange={(value) => change(card.key, { zone: value })}
        placeholder="Europe/Berlin or +05:30"
        note="For times that do not state their zone"
      />
      <SelectField
        label="Dates such as 04/05/2026"
        value={dateOrder ?? ''}
        onChange={(value) => change(card.key, { dateOrder: value === 'dmy' || value === 'mdy' ? value : null })}
        groups={[{ title: null, options: [{ value: '', title: 'As the file tells' }, ...dateOrders] }]}
      />
    </div>
  );
}

function SourceField({ card, problem }: { readonly card: Card; readonly problem: string | null }) {
  const { change } = useImports();
  const implied = previewOf(card)?.recognised.impliedSource ?? null;
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        Source
      </span>
      {implied !== null ? (
        <span className="import-card-implied">
          <span className={implied}>{implied === 'live' ? 'Live' : 'Backtest'}</span>
          <span className="field-note">by its format</span>
        </span>
      ) : (
        <Choice
          label={`Source of ${card.name}`}
          options={[
            { value: 'live', title: 'Live' },
            { value: 'backtest', title: 'Backtest' },
          ]}
          chosen={sourceOf(card)}
          onChoose={(source) => change(card.key, { source })}
        />
      )}
      {problem !== null && <span className="field-problem">{problem}</span>}
    </div>
  );
}

function PreviewParts({ preview, open }: { readonly preview: Preview; readonly open: boolean }) {
  const { executions, quarantined, warnings } = preview;
  return (
    <>
      {warnings.length > 0 && (
        <ul className="import-card-warnings">
          {warnings.map((warning) => (
            <li key={warning}>
              <TriangleAlert className="mark mark-warn" size={14} aria-hidden="true" />
              {warning}
            </li>
          ))}
        </ul>
      )}
      <details className="import-card-preview" open={open}>
        <summary>
          {executions.length === 0
            ? 'No executions in its beginning'
            : `First ${formatCountOf(executions.length, 'execution')}`}
          {quarantined.length > 0 && (
            <span className="mark-warn"> · {formatCountOf(quarantined.length, 'row')} cannot be read</span>
          )}
        </summary>
        {executions.length > 0 && <PreviewTable executions={executions} />}
        {quarantined.length > 0 && (
          <ul className="import-card-unread">
            {quarantined.map((row) => (
              <li key={row.line}>
                <span className="figures muted">line {row.line}</span> {row.reason}
                <code>{row.text}</code>
              </li>
            ))}
          </ul>
        )}
      </details>
    </>
  );
}

function Running({ step }: { readonly step: Extract<CardStep, { readonly at: 'started' | 'starting' }> }) {
  const { cancel } = useImports();
  const progress = step.at === 'started' ? step.progress : null;
  return (
    <div className="import-card-running">
      <ProgressLine progress={progress} />
      {step.at === 'started' && <Button onClick={() => void cancel(step.jobId)}>Cancel</Button>}
    </div>
  );
}

type Progress = CallResult<'imports.list'>['running'][number];

/** Bar, rows, rows a second and time left of one running import. */
export function ProgressLine({ progress }: { readonly progress: Progress | null }) {
  const waits = progress === null || progress.state === 'queued';
  const share = waits || progress.sizeBytes === 0 ? null : progress.bytesRead / progress.sizeBytes;
  return (
    <div className="progress-line">
      {waits ? (
        <span className="muted">Waits for its turn</span>
      ) : (
        <>
          <ProgressBar label={`Progress of ${progress.fileName}`} share={share} />
          <span className="progress-figures figures">
            <span>{share === null ? '' : `${Math.floor(share * 100)} %`}</span>
            <span>{formatCountOf(progress.rowsRead, 'row')}</span>
            <span>{progress.rowsPerSecond > 0 ? formatRowsPerSecond(progress.rowsPerSecond) : ''}</span>
            <span>{progress.remainingMs === null ? '' : `${formatDuration(progress.remainingMs)} left`}</span>
          </span>
        </>
      )}
    </div>
  );
}

function Ended({ card, step }: { readonly card: Card; readonly step: Extract<CardStep, { readonly at: 'ended' }> }) {
  const { again } = useImports();
  const record = useQuery('imports.get', step.importId === null ? null : { id: step.importId });
  const counts = record.value?.import.counts;
  const assumed = record.value?.import.zoneAssumed;
  return (
    <div className="import-card-ended">
      {step.failure !== null && step.state === 'failed' && <InlineError error={step.failure} />}
      {step.state === 'cancelled' && <p className="muted">Cancelled. Nothing of it was stored.</p>}
      {step.state === 'done' && record.loading && <Skeleton lines={1} />}
      {step.state === 'done' && counts && (
        <p>
          <strong className="figures">{formatCount(counts.executions)}</strong> new
          <span className="muted">
            {' '}
            of {formatCountOf(counts.rowsRead, 'row')}: {formatCountOf(counts.duplicates, 'duplicate')},{' '}
            {formatCountOf(counts.orderEvents, 'order event')}, {formatCountOf(counts.otherRows, 'other row')},{' '}
          </span>
          <span className={counts.quarantined > 0 ? 'mark-warn' : 'muted'}>
            {formatCount(counts.quarantined)} quarantined
          </span>
        </p>
      )}
      {assumed != null && <AssumedZone assumed={assumed} />}
      <div className="import-card-footer">
        {step.state !== 'done' && (
          <Button icon={RotateCw} onClick={() => again(card.key)}>
            Try again
          </Button>
        )}
        {step.importId !== null && <ButtonLink href={addresses.import(step.importId)}>Details</ButtonLink>}
      </div>
    </div>
  );
}
