import { Eye, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import type { AdmittedFile } from '../../../../shared/contract/calls';
import type { Source } from '../../../../shared/market/executions';
import { call, chooseFolder } from '../../../api/engine';
import { useQuery } from '../../../api/use-query';
import { Button } from '../../../components/Button';
import { Choice } from '../../../components/Choice';
import { Dialog } from '../../../components/Dialog';
import { SelectField, TextField } from '../../../components/Field';
import { InlineError } from '../../../components/States';
import { said } from '../../../state/import-cards';

/** A folder or file, and what an import of it would be told. In Electron the system's dialog names it, in a browser its path is typed. */
export function AddWatch({ onClose }: { readonly onClose: () => void }) {
  const info = useQuery('app.info', {});
  const overview = useQuery('desk.overview', { strategy: null, days: 30 });
  const formats = useQuery('formats.list', {});
  const maps = useQuery('maps.list', {});
  const [path, setPath] = useState('');
  const [chosen, setChosen] = useState<AdmittedFile | null>(null);
  const [source, setSource] = useState<Source | null>(null);
  const [strategy, setStrategy] = useState('');
  const [version, setVersion] = useState('');
  const [account, setAccount] = useState('');
  const [symbol, setSymbol] = useState('');
  const [zone, setZone] = useState('');
  const [reading, setReading] = useState('content');
  const [refused, setRefused] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = info.value?.carrier === 'browser';
  const named = typed ? path.trim() !== '' : chosen !== null;

  async function choose(): Promise<void> {
    const answer = await chooseFolder(null);
    setRefused(answer.ok ? null : answer.error);
    if (answer.ok && answer.value !== null) setChosen(answer.value);
  }

  async function add(): Promise<void> {
    if (source === null) return;
    setBusy(true);
    const failed = await admitAndAdd(source);
    setBusy(false);
    setRefused(failed);
    if (failed === null) onClose();
  }

  async function admitAndAdd(of: Source): Promise<Failure | null> {
    const admitted = typed ? await chooseFolder(path.trim()) : { ok: true as const, value: chosen };
    if (!admitted.ok) return admitted.error;
    if (admitted.value === null) return null;
    const [kind, ...id] = reading.split(':');
    const answer = await call('watches.add', {
      token: admitted.value.token,
      source: of,
      strategy: said(strategy),
      version: said(version),
      account: said(account),
      format: kind === 'format' ? id.join(':') : null,
      map: kind === 'map' ? id.join(':') : null,
      symbol: said(symbol),
      zone: said(zone),
    });
    return answer.ok ? null : answer.error;
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Watch a folder"
      describes="Files that are there now are read once, what is added to them from then on as it is written."
    >
      <form
        className="dialog-body watch-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        {typed ? (
          <TextField
            label="Folder or file on this machine"
            value={path}
            onChange={setPath}
            placeholder="/home/desk/bot/logs"
          />
        ) : (
          <div className="watch-choose">
            <Button icon={FolderOpen} onClick={() => void choose()}>
              Choose a folder…
            </Button>
            <span>{chosen?.name ?? <span className="muted">None is chosen yet</span>}</span>
          </div>
        )}
        <div className="watch-fields">
          <div className="field">
            <span className="field-label" aria-hidden="true">
              Source
            </span>
            <Choice
              label="Source of the folder"
              options={[
                { value: 'live', title: 'Live' },
                { value: 'backtest', title: 'Backtest' },
              ]}
              chosen={source}
              onChoose={setSource}
            />
          </div>
          <TextField
            label="Strategy"
            value={strategy}
            onChange={setStrategy}
            suggestions={overview.value?.strategies.map((entry) => entry.strategy) ?? []}
            note="Where rows name none"
          />
          <TextField label="Version" value={version} onChange={setVersion} placeholder="Optional" />
          <TextField label="Account" value={account} onChange={setAccount} placeholder="Optional" />
          <TextField label="Symbol" value={symbol} onChange={setSymbol} note="Where files name none" />
          <TextField label="Time zone" value={zone} onChange={setZone} note="For times that do not say theirs" />
        </div>
        <SelectField
          label="Read as"
          value={reading}
          onChange={setReading}
          groups={[
            { title: null, options: [{ value: 'content', title: 'As each file is recognised' }] },
            {
              title: 'Maps',
              options: [
                ...(maps.value?.maps.filter(({ failure }) => failure === null) ?? []),
                ...(formats.value?.maps ?? []),
              ].map(({ id, title }) => ({ value: `map:${id}`, title })),
            },
            {
              title: 'Formats',
              options: (formats.value?.formats ?? []).map(({ id, title }) => ({ value: `format:${id}`, title })),
            },
          ]}
        />
        {refused !== null && <InlineError error={refused} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave</Button>
          <Button type="submit" look="primary" icon={Eye} busy={busy} disabled={!named || source === null}>
            Watch it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
