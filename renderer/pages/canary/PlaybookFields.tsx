import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { DraftChoice, DraftNumber, DraftText, DraftWords, useDraft } from './DraftFields';
import { valueAt } from './draft';

/** The steps of a playbook, written one by one; secrets are named, never typed. */

const kinds = [
  { value: 'freqtrade', title: 'freqtrade (REST)' },
  { value: 'kill-switch-file', title: 'Kill-switch file' },
  { value: 'command', title: 'Command' },
  { value: 'webhook', title: 'Webhook' },
] as const;
type Kind = (typeof kinds)[number]['value'];

const bounds = { required: true, timeoutMs: 10_000, attempts: 3, backoffMs: 1_000 };

/** A step of the kind to begin from. */
export function newStep(kind: Kind, id: string): Record<string, unknown> {
  switch (kind) {
    case 'freqtrade':
      return {
        kind,
        id,
        title: 'Stop entries at freqtrade',
        effect: 'stop-entries',
        ...bounds,
        url: 'http://127.0.0.1:8080',
        username: 'lockstep',
        password: { kind: 'environment', name: 'FREQTRADE_PASSWORD' },
        forceExit: false,
      };
    case 'kill-switch-file':
      return { kind, id, title: 'Write the kill switch', effect: 'stop-entries', ...bounds, path: '' };
    case 'command':
      return {
        kind,
        id,
        title: 'Stop the bot',
        effect: 'stop-entries',
        ...bounds,
        argv: [],
        directory: null,
        secrets: {},
      };
    case 'webhook':
      return {
        kind,
        id,
        title: 'Tell the desk',
        effect: 'notify',
        ...bounds,
        required: false,
        url: '',
        secret: null,
      };
  }
}

function freeId(steps: readonly unknown[], kind: string): string {
  const taken = new Set(steps.map((step) => valueAt(step, 'id')));
  for (let number = 1; ; number++) {
    const id = number === 1 ? kind : `${kind}-${number}`;
    if (!taken.has(id)) return id;
  }
}

export function PlaybookFields({ path }: { readonly path: string }) {
  const { draft, change } = useDraft();
  const list = valueAt(draft, path);
  const steps: readonly unknown[] = Array.isArray(list) ? list : [];
  const put = (next: readonly unknown[]) => change(path, next);
  const swap = (at: number, other: number) =>
    put(steps.map((step, index) => (index === at ? steps[other] : index === other ? steps[at] : step)));
  return (
    <div className="canary-form">
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place while it is written; its id is typed
        <fieldset key={at} className="canary-step">
          <legend>
            {at + 1}. {String(valueAt(step, 'title') ?? '')}
          </legend>
          <div className="canary-step-tools">
            <IconButton icon={ArrowUp} label="Earlier" disabled={at === 0} onClick={() => swap(at, at - 1)} />
            <IconButton
              icon={ArrowDown}
              label="Later"
              disabled={at === steps.length - 1}
              onClick={() => swap(at, at + 1)}
            />
            <IconButton
              icon={Trash2}
              label="Remove the step"
              onClick={() => put(steps.filter((_, index) => index !== at))}
            />
          </div>
          <StepFields path={`${path}.${at}`} />
        </fieldset>
      ))}
      <div className="canary-add">
        {kinds.map(({ value, title }) => (
          <Button key={value} icon={Plus} onClick={() => put([...steps, newStep(value, freeId(steps, value))])}>
            {title}
          </Button>
        ))}
      </div>
    </div>
  );
}

function StepFields({ path }: { readonly path: string }) {
  const { draft, change } = useDraft();
  const kind = valueAt(draft, `${path}.kind`);
  return (
    <div className="canary-fields">
      <DraftText path={`${path}.title`} label="Title" />
      <DraftText path={`${path}.id`} label="Id" />
      {kind === 'freqtrade' ? (
        <SelectField
          label="What it does"
          value={String(valueAt(draft, `${path}.forceExit`))}
          onChange={(chosen) =>
            change(path, {
              ...(valueAt(draft, path) as object), // a step is an object: it was made by newStep or passed the check
              forceExit: chosen === 'true',
              effect: chosen === 'true' ? 'flatten' : 'stop-entries',
            })
          }
          groups={[
            {
              title: null,
              options: [
                { value: 'false', title: 'Stops entries' },
                { value: 'true', title: 'Stops entries and closes open trades' },
              ],
            },
          ]}
        />
      ) : (
        <DraftChoice
          path={`${path}.effect`}
          label="What it does"
          options={[
            { value: 'stop-entries', title: 'Stops entries' },
            { value: 'flatten', title: 'Flattens: closes what is open' },
            { value: 'notify', title: 'Only notifies' },
          ]}
        />
      )}
      <DraftChoice
        path={`${path}.required`}
        label="If it fails"
        options={[
          { value: true, title: 'The rollback has failed' },
          { value: false, title: 'The rollback goes on' },
        ]}
      />
      {kind === 'kill-switch-file' && (
        <DraftText path={`${path}.path`} label="File" placeholder="/home/desk/bot/STOP" />
      )}
      {kind === 'command' && (
        <>
          <DraftWords
            path={`${path}.argv`}
            label="Program and arguments"
            note="No shell: words as they are"
            separator={/\s+/}
          />
          <DraftText path={`${path}.directory`} label="Directory" nullable />
        </>
      )}
      {(kind === 'webhook' || kind === 'freqtrade') && <DraftText path={`${path}.url`} label="Address" />}
      {kind === 'freqtrade' && (
        <>
          <DraftText path={`${path}.username`} label="User" />
          <SecretFields path={`${path}.password`} label="Password" />
        </>
      )}
      {kind === 'webhook' && <SecretFields path={`${path}.secret`} label="Signed with" optional />}
      <DraftNumber path={`${path}.timeoutMs`} label="Time for one attempt, ms" />
      <DraftNumber path={`${path}.attempts`} label="Attempts" />
      <DraftNumber path={`${path}.backoffMs`} label="Wait before the second, ms" />
    </div>
  );
}

/** Where a secret is found, by name. */
function SecretFields(props: { readonly path: string; readonly label: string; readonly optional?: boolean }) {
  const { path, label, optional = false } = props;
  const { draft, change } = useDraft();
  const kind = valueAt(draft, `${path}.kind`);
  return (
    <>
      <SelectField
        label={label}
        value={typeof kind === 'string' ? kind : 'none'}
        onChange={(chosen) =>
          change(path, chosen === 'none' ? null : { kind: chosen, name: valueAt(draft, `${path}.name`) ?? '' })
        }
        groups={[
          {
            title: null,
            options: [
              ...(optional ? [{ value: 'none', title: 'Nothing' }] : []),
              { value: 'environment', title: 'Environment variable' },
              { value: 'keychain', title: 'System keychain' },
            ],
          },
        ]}
      />
      {typeof kind === 'string' && (
        <DraftText path={`${path}.name`} label={`Name of the secret (${label.toLowerCase()})`} />
      )}
    </>
  );
}
