import { KeyRound, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { call } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { Button, IconButton } from '../../components/Button';
import { TextField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import { addresses } from '../addresses';
import { DecideDialog } from './DecideDialog';

const nameShape = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/;

/** Passwords and keys playbooks name, in the keychain of the operating system. They can be set and removed, never read. */
export function SecretsPage() {
  const query = useQuery('secrets.list', {});
  const [setting, setSetting] = useState(false);
  const [removing, setRemoving] = useState<string | null>(null);
  const close = () => {
    setSetting(false);
    setRemoving(null);
    query.refresh();
  };
  return (
    <Page
      title="Secrets of playbooks"
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        { title: 'Secrets', href: null },
      ]}
      lead="Playbooks name secrets and never hold them. What is set here lies in the keychain of the operating system; nobody reads it back, not even this page."
    >
      <Answer query={query}>
        {({ names, unavailable }) => (
          <Panel title="In the keychain">
            <div className="canary-form">
              {unavailable !== null && <p className="muted">{unavailable}</p>}
              {names.length === 0 && unavailable === null && <p className="muted">None is set.</p>}
              {names.map(({ name, setAtUs }) => (
                <div key={name} className="canary-rule">
                  <span className="figures">{name}</span>
                  <span className="muted">
                    set <Time atUs={setAtUs} precision="day" />
                  </span>
                  <IconButton icon={Trash2} label={`Remove the secret ${name}`} onClick={() => setRemoving(name)} />
                </div>
              ))}
              <div>
                <Button icon={KeyRound} disabled={unavailable !== null} onClick={() => setSetting(true)}>
                  Set a secret…
                </Button>
              </div>
            </div>
          </Panel>
        )}
      </Answer>
      {setting && <SetDialog known={query.value?.names.map(({ name }) => name) ?? []} onClose={close} />}
      {removing !== null && (
        <DecideDialog
          title={`Remove the secret ${removing}`}
          describes="Playbooks that name it cannot run that step until it is set again."
          action="Remove"
          icon={Trash2}
          look="danger"
          withoutReason
          onClose={close}
          decide={() => call('secrets.remove', { name: removing })}
        />
      )}
    </Page>
  );
}

function SetDialog({ known, onClose }: { readonly known: readonly string[]; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const field = useId();
  const named = nameShape.test(name);
  return (
    <DecideDialog
      title="Set a secret"
      describes={known.includes(name) ? 'There is one of this name: it is replaced.' : 'Playbooks find it by its name.'}
      action="Set"
      icon={KeyRound}
      withoutReason
      onClose={onClose}
      decide={async () => {
        const answer = await call('secrets.set', { name, value });
        if (answer.ok) setValue('');
        return answer;
      }}
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        placeholder="bot password"
        problem={name !== '' && !named ? 'Letters and digits first; then also blanks, dots, _ and -.' : null}
      />
      <div className="field">
        <label htmlFor={field}>Secret</label>
        <input
          id={field}
          type="password"
          autoComplete="new-password"
          spellCheck={false}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </div>
    </DecideDialog>
  );
}
