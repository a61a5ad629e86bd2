import { FileInput, FlaskConical, FolderInput, House } from 'lucide-react';
import type { ImportView } from '../../../shared/contract/calls';
import { usePagedRows, useQuery } from '../../api/use-query';
import { Button, ButtonLink } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { ErrorState, Skeleton, StaleBanner } from '../../components/States';
import { formatCount, formatCountOf } from '../../format';
import { useAddress } from '../../state/address';
import { BULK_FROM } from '../../state/bulk-imports';
import { useDeskSwitch } from '../../state/desk';
import { type Card, isStartable } from '../../state/import-cards';
import { FILES_AT_ONCE, useImports } from '../../state/imports';
import { addresses } from '../addresses';
import { BulkCards } from './BulkCards';
import { BulkFields } from './BulkFields';
import { chooseFiles, chooseFolderFiles } from './choose-files';
import { FirstSteps } from './FirstSteps';
import { FormatPage } from './formats/FormatPage';
import { Formats } from './formats/Formats';
import { FormatsPage } from './formats/FormatsPage';
import { History } from './History';
import { ImportCard, ProgressLine } from './ImportCard';
import { ImportDetail } from './ImportDetail';
import { MapFilePage, SavedMapPage } from './maps/MapPage';
import { SavedMaps } from './maps/SavedMaps';
import { QuarantinePage } from './quarantine/QuarantinePage';
import { WatchesPage } from './watches/WatchesPage';
import { WatchPage } from './watches/WatchPage';
import { WatchTable } from './watches/WatchTable';

export default function ImportsPage() {
  const [, part = null, id = null] = useAddress().path;
  if (part === null) return <Overview />;
  if (part === 'quarantine') return <QuarantinePage />;
  if (part === 'watched') return id === null ? <WatchesPage /> : <WatchPage id={id} />;
  if (part === 'formats') return id === null ? <FormatsPage /> : <FormatPage id={id} />;
  if (part === 'map') return <MapFilePage cardKey={id ?? ''} />;
  if (part === 'maps') return id === null ? <SavedMaps /> : <SavedMapPage id={id} />;
  return <ImportDetail id={part} />;
}

const importsOf = (answer: { readonly imports: readonly ImportView[] }) => answer.imports;

/** Drop files, see what they are, let them in, and look at what came of every import so far. */
function Overview() {
  const list = usePagedRows('imports.list', {}, importsOf);
  const info = useQuery('app.info', {});
  const watches = useQuery('watches.list', {}).value?.watches ?? [];
  const openRows =
    useQuery('imports.quarantine', { importId: null, state: 'open', page: { offset: 0, limit: 1 } }).value?.total ?? 0;
  const { cards, running, leftOut, passedOver, start, removeEnded, cancel } = useImports();
  const startable = cards.filter(isStartable).length;
  const countAt = (...places: readonly Card['step']['at'][]) =>
    cards.filter(({ step }) => places.includes(step.at)).length;
  const open = countAt('admitting', 'recognising', 'ready', 'starting');
  const over = countAt('ended', 'refused');
  const unreadable = countAt('unreadable', 'refused');
  const own = new Set(cards.flatMap(({ step }) => (step.at === 'started' ? [step.jobId] : [])));
  // An import may be heard of before the answer that says which card it belongs to.
  const starting = new Set(cards.flatMap(({ name, step }) => (step.at === 'starting' ? [name] : [])));
  const others = (running ?? list.first?.running ?? []).filter(
    (entry) => !own.has(entry.id) && !starting.has(entry.fileName),
  );
  const sample = info.value?.sample === true;
  const empty = list.first !== null && list.source.count === 0 && cards.length === 0 && others.length === 0;

  return (
    <Page
      title="Imports"
      lead={empty ? 'Nothing was imported yet.' : 'Drop files or folders anywhere on this window.'}
      actions={
        <>
          {openRows > 0 && (
            <ButtonLink look="quiet" href={addresses.quarantine()}>
              Quarantine <span className="choice-count figures">{formatCount(openRows)}</span>
            </ButtonLink>
          )}
          <ButtonLink look="quiet" href={addresses.watches()}>
            Watched folders
          </ButtonLink>
          <ButtonLink look="quiet" href={addresses.maps()}>
            Saved maps
          </ButtonLink>
          <ButtonLink look="quiet" href={addresses.formats()}>
            Formats
          </ButtonLink>
          {!empty && (
            <>
              <Button icon={FolderInput} onClick={chooseFolderFiles}>
                Choose a folder…
              </Button>
              <Button icon={FileInput} look={cards.length === 0 ? 'primary' : 'plain'} onClick={chooseFiles}>
                Choose files…
              </Button>
            </>
          )}
        </>
      }
    >
      {sample && <SampleNotice />}
      {list.stale && list.error !== null && (
        <StaleBanner asOfUs={list.first?.asOfUs ?? null} error={list.error} onRetry={list.refresh} />
      )}
      {leftOut > 0 && (
        <p className="mark-warn">
          {formatCountOf(leftOut, 'file')} of the last drop left out: at most {FILES_AT_ONCE} are taken at once.
        </p>
      )}
      {passedOver.length > 0 && (
        <details className="muted">
          <summary>{formatCountOf(passedOver.length, 'file')} passed over</summary>
          <ul>
            {passedOver.map(({ name, reason }) => (
              <li key={name}>
                {name}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      {cards.length > 0 && (
        <Panel
          title={open > 0 ? `${formatCountOf(open, 'file')} to import` : 'Files of this session'}
          aside={
            <>
              {unreadable > 0 && <span>{formatCountOf(unreadable, 'file')} cannot be read</span>}
              {over > 0 && (
                <Button look="quiet" onClick={removeEnded}>
                  Clear what has ended
                </Button>
              )}
              {open > 0 && (
                <Button look="primary" disabled={startable === 0} onClick={() => void start()}>
                  {startWord(startable, open)}
                </Button>
              )}
            </>
          }
          flush
        >
          {open > 1 && <BulkFields />}
          {cards.length >= BULK_FROM ? (
            <BulkCards cards={cards} />
          ) : (
            <div className="import-cards">
              {cards.map((card) => (
                <ImportCard key={card.key} card={card} alone={open === 1} startOpen={cards.length <= 2} />
              ))}
            </div>
          )}
        </Panel>
      )}
      {others.length > 0 && (
        <Panel title="Running" flush>
          <div className="import-cards">
            {others.map((progress) => (
              <article key={progress.id} className="import-card" aria-label={progress.fileName}>
                <div className="import-card-running">
                  <h3>{progress.fileName}</h3>
                  <ProgressLine progress={progress} />
                  <Button onClick={() => void cancel(progress.id)}>Cancel</Button>
                </div>
              </article>
            ))}
          </div>
        </Panel>
      )}
      {list.loading && <Skeleton />}
      {list.first === null && list.error !== null && <ErrorState error={list.error} onRetry={list.refresh} />}
      {empty && (
        <>
          {!sample && <FirstSteps />}
          <Panel title="What can be imported" aside="Recognised by content, whatever the file is called" flush>
            <Formats height="min(420px, 60vh)" />
          </Panel>
        </>
      )}
      {watches.length > 0 && (
        <Panel title="Watched folders" aside={<a href={addresses.watches()}>Manage</a>} flush>
          <WatchTable watches={watches} />
        </Panel>
      )}
      {list.first !== null && list.source.count > 0 && (
        <Panel
          title="History"
          aside={<span className="figures">{formatCountOf(list.source.count, 'import')}</span>}
          flush
        >
          <History source={list.source} />
        </Panel>
      )}
    </Page>
  );
}

function startWord(startable: number, open: number): string {
  if (open === 1) return 'Import';
  return startable === open ? `Import all ${open}` : `Import ${startable} of ${open}`;
}

function SampleNotice() {
  const { openMain, going } = useDeskSwitch();
  return (
    <div className="sample-notice" role="status">
      <FlaskConical size={16} aria-hidden="true" />
      <p>This is the sample desk: it takes no imports, so that sample and real data never mix.</p>
      <Button icon={House} onClick={() => void openMain()} disabled={going !== null}>
        Back to your desk
      </Button>
    </div>
  );
}
