import { Download, Save } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import type { CallResult, SavedMapView, SeenColumn } from '../../../../shared/contract/calls';
import type { CsvMapDraft } from '../../../../shared/contract/csv-map';
import { call, saveFile } from '../../../api/engine';
import { useLivePreview } from '../../../api/use-live-preview';
import { Button, ButtonLink } from '../../../components/Button';
import { Choice } from '../../../components/Choice';
import { TextField } from '../../../components/Field';
import { InlineError } from '../../../components/States';
import { goTo } from '../../../state/address';
import { type Card, said, sourceOf } from '../../../state/import-cards';
import { useImports } from '../../../state/imports';
import { draftForColumns, idOfTitle, mapText, missingOfDraft } from '../../../state/map-draft';
import { addresses } from '../../addresses';
import { MapColumns } from './MapColumns';
import { MapOptions } from './MapOptions';
import { MapPreview } from './MapPreview';

interface WizardProps {
  /** The file the map is made for; null = a saved map is edited without one. */
  readonly card: Card | null;
  readonly token: string | null;
  readonly columns: readonly SeenColumn[];
  /** null = the map has none and is used only where it is named. */
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
  readonly reasons: CallResult<'imports.columns'>['guess']['reasons'];
  /** The map kept for this header. */
  readonly saved: SavedMapView | null;
  readonly initial: CsvMapDraft;
  readonly about: string;
}

/**
 * Says what each column of a file is, with the file read again at every change: on the left the columns, on the right the first
 * executions as they would be stored, below what is still missing and the way to save and import.
 */
export function MapWizard({ card, token, columns, header, rows, reasons, saved, initial, about }: WizardProps) {
  const { change, importAs } = useImports();
  const [draft, setDraft] = useState(() => draftForColumns(initial, columns));
  const [title, setTitle] = useState(saved?.title ?? '');
  const [refused, setRefused] = useState<Failure | null>(null);
  const [busy, setBusy] = useState<'save' | 'import' | null>(null);
  const symbol = card?.choices.symbol ?? '';
  const missing = missingOfDraft(draft, columns, token === null ? 'any' : symbol);
  const complete = missing.length === 0;
  const text = mapText(draft, title, saved !== null && saved.title === title ? saved.id : null, header);
  const preview = useLivePreview(
    token === null || !complete
      ? null
      : {
          token,
          format: null,
          map: mapText(draft, '', null, header),
          source: card?.choices.source ?? null,
          strategy: said(card?.choices.strategy ?? ''),
          symbol: said(symbol),
          zone: null,
        },
  );
  const strategyNeeded = card !== null && preview.value?.recognised.impliedStrategies.length === 0;
  const strategyMissing = strategyNeeded && card.choices.strategy.trim() === '';
  const named = idOfTitle(title) !== '';
  const ready = complete && preview.error === null;
  const unsaid = [
    !named && 'a name for the map',
    card !== null && sourceOf(card) === null && 'live or backtest',
    strategyMissing && 'the strategy',
  ].filter((what) => what !== false);

  async function keep(replace: boolean): Promise<boolean> {
    const answer = await call('maps.save', { text, replace });
    setRefused(answer.ok ? null : answer.error);
    return answer.ok;
  }

  async function save(then: 'stay' | 'import', replace = false): Promise<void> {
    setBusy(then === 'import' ? 'import' : 'save');
    // A map is saved over the one it was made from; over any other only when asked.
    const kept = await keep(replace || (saved !== null && saved.title === title));
    setBusy(null);
    if (!kept) return;
    if (card === null) return goTo(addresses.maps());
    const chosen = { format: null, map: idOfTitle(title), zone: '' };
    if (then === 'import') void importAs(card.key, chosen);
    else change(card.key, chosen);
    goTo(addresses.imports());
  }

  async function exportMap(): Promise<void> {
    const answer = await saveFile({ name: `${idOfTitle(title)}.json`, content: text });
    setRefused(answer.ok ? null : answer.error);
  }

  function useOnce(): void {
    if (card === null) return;
    change(card.key, { format: null, map: mapText(draft, title, null, header), zone: '' });
    goTo(addresses.imports());
  }

  return (
    <>
      <p className="muted wizard-about">
        {about}. What was proposed is marked with its reason; nothing is read by it until you say so.
      </p>
      <div className="wizard">
        <div className="wizard-side">
          <section className="panel">
            <header className="panel-header">
              <h2>What each column is</h2>
              <div className="panel-aside">
                <Choice
                  label="What a row is"
                  options={[
                    { value: 'fills', title: 'A row is a fill' },
                    { value: 'roundTrips', title: 'A row is entry and exit' },
                  ]}
                  chosen={draft.kind}
                  onChoose={(kind) => setDraft({ ...draft, kind })}
                />
              </div>
            </header>
            <MapColumns draft={draft} columns={columns} reasons={reasons} onChange={setDraft} />
          </section>
          <MapOptions draft={draft} columns={columns} card={card} onChange={setDraft} />
        </div>
        <div className="wizard-side wizard-preview">
          <MapPreview preview={preview} missing={missing} header={header ?? []} rows={rows} withFile={token !== null} />
        </div>
      </div>
      <footer className="wizard-footer">
        {refused !== null && (
          <div className="wizard-refused">
            <InlineError error={refused} />
            {refused.code === 'conflict' && refused.detail['replaceable'] === true && (
              <Button look="danger" onClick={() => void save('stay', true)}>
                Replace it
              </Button>
            )}
          </div>
        )}
        <TextField
          label="Name of the map"
          value={title}
          onChange={setTitle}
          placeholder="My bot's fills"
          problem={title !== '' && !named ? 'Needs a letter or digit' : null}
        />
        {card !== null && (preview.value?.recognised.impliedSource ?? null) === null && (
          <div className="field">
            <span className="field-label" aria-hidden="true">
              Source
            </span>
            <Choice
              label={`Source of ${card.name}`}
              options={[
                { value: 'live', title: 'Live' },
                { value: 'backtest', title: 'Backtest' },
              ]}
              chosen={sourceOf(card)}
              onChoose={(source) => change(card.key, { source })}
            />
          </div>
        )}
        {strategyNeeded && (
          <TextField
            label="Strategy of this file"
            value={card.choices.strategy}
            onChange={(strategy) => change(card.key, { strategy })}
            placeholder="Name of the strategy"
          />
        )}
        {card !== null && complete && unsaid.length > 0 && (
          <p className="wizard-unsaid muted">To import it, say {unsaid.join(', ')}.</p>
        )}
        <div className="wizard-actions">
          <Button look="quiet" icon={Download} disabled={!complete || !named} onClick={() => void exportMap()}>
            Export…
          </Button>
          {card === null ? (
            <ButtonLink look="quiet" href={addresses.maps()}>
              Leave
            </ButtonLink>
          ) : (
            <Button look="quiet" disabled={!ready} onClick={useOnce}>
              Use once
            </Button>
          )}
          <Button
            icon={Save}
            look={card === null ? 'primary' : 'plain'}
            disabled={!ready || !named}
            busy={busy === 'save'}
            onClick={() => void save('stay')}
          >
            Save
          </Button>
          {card !== null && (
            <Button
              look="primary"
              icon={Save}
              disabled={!ready || unsaid.length > 0}
              busy={busy === 'import'}
              onClick={() => void save('import')}
            >
              Save and import
            </Button>
          )}
        </div>
      </footer>
    </>
  );
}
