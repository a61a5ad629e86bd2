import { CircleCheck, FileJson, Plus } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { failure } from '../../../shared/base/errors';
import { defaultConfiguration } from '../../../shared/canary/defaults';
import { call } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { InlineError } from '../../components/States';
import { formatCountOf } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import { CriteriaFields } from './CriteriaFields';
import { DraftChoice, DraftFormProvider, DraftNumber, DraftText, DraftWords, useDraft } from './DraftFields';
import { problemsElsewhere, valueAt, withValue } from './draft';
import { newStep, PlaybookFields } from './PlaybookFields';

const largestFileBytes = 1_048_576;

const blank = () =>
  defaultConfiguration({
    strategy: '',
    version: '',
    description: '',
    totalCapital: 0,
    currency: 'USDT',
    playbook: [newStep('freqtrade', 'freqtrade')] as never, // to be completed by hand; the check says what is missing
  });

/** A new deployment: the limits that ship around what only the desk knows, checked while it is written, or read from a file. */
export function NewDeploymentPage() {
  const [draft, setDraft] = useState<unknown>(blank);
  const [from, setFrom] = useState<string | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [touched, setTouched] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const check = useQuery('canary.check', { configuration: draft as never }); // any JSON; the contract takes it as unknown
  // The last answer stays while the next one is on its way, so that problems do not flicker.
  const last = useRef(check.value);
  if (check.value !== null) last.current = check.value;
  const problems = last.current?.problems ?? [];
  const fields = useMemo(() => new Set<string>(), []);
  const ready = check.value !== null && check.value.configuration !== null;

  async function read(file: File): Promise<void> {
    if (file.size > largestFileBytes)
      return setRefused(
        failure(
          'limit-exceeded',
          `${file.name} is no configuration: it is too large.`,
          'Choose the file that describes one deployment.',
        ),
      );
    try {
      setDraft(JSON.parse(await file.text()));
      setFrom(file.name);
      setTouched(true);
      setRefused(null);
    } catch (thrown) {
      setRefused(
        failure(
          'format-damaged',
          `${file.name} is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
          'Correct the file and choose it again.',
        ),
      );
    }
  }

  async function create(): Promise<void> {
    setTouched(true);
    const configuration = check.value?.configuration;
    if (!configuration) return;
    setBusy(true);
    const answer = await call('canary.create', { configuration });
    setBusy(false);
    if (answer.ok) goTo(addresses.deployment(answer.value.id));
    else setRefused(answer.error);
  }

  const form = {
    draft,
    problems: touched ? problems : [],
    fields,
    change: (path: string, value: unknown) => {
      setTouched(true);
      setDraft((before: unknown) => withValue(before, path, value));
    },
  };
  return (
    <Page
      title="New deployment"
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        { title: 'New deployment', href: null },
      ]}
      lead="It begins in development: nothing is judged before staging is started."
      actions={
        <>
          <input
            ref={chooser}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              event.target.value = '';
              if (file) void read(file);
            }}
          />
          <Button icon={FileJson} onClick={() => chooser.current?.click()}>
            Load a JSON file…
          </Button>
        </>
      }
    >
      <DraftFormProvider value={form}>
        <form
          className="canary-new"
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          {from !== null && <p className="muted">Filled from {from}. Change what you want; the file is not touched.</p>}
          <Sections />
          <Elsewhere />
          {refused !== null && <InlineError error={refused} />}
          <div className="canary-create">
            <Button type="submit" look="primary" icon={Plus} busy={busy} disabled={touched && !ready}>
              Create the deployment
            </Button>
            <span role="status">
              {!touched ? (
                <span className="muted">Strategy, version, capital and playbook are yours to fill in.</span>
              ) : ready ? (
                <span className="mark-pass canary-outcome">
                  <CircleCheck size={14} aria-hidden="true" /> Nothing is wrong with it.
                </span>
              ) : (
                <span className="mark-fail">{formatCountOf(problems.length, 'problem')} to correct.</span>
              )}
            </span>
          </div>
        </form>
      </DraftFormProvider>
    </Page>
  );
}

/** Problems at no field of the form: of the whole, or of keys it does not know. */
function Elsewhere() {
  const { problems, fields } = useDraft();
  const words = problemsElsewhere(problems, fields).filter(({ path }) => !/^belongs\.symbols\.|\.argv\./.test(path));
  if (words.length === 0) return null;
  return (
    <Panel title="Problems elsewhere in the configuration">
      <ul className="canary-unmet" role="alert">
        {words.map(({ path, message }) => (
          <li key={`${path}${message}`}>
            {path !== '' && <code>{path}</code>} {message}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Sections() {
  const { draft, change } = useDraft();
  const control = valueAt(draft, 'control.kind');
  return (
    <>
      <Panel title="What is on trial">
        <div className="canary-fields">
          <DraftText path="strategy" label="Strategy" />
          <DraftText path="version" label="Version" />
          <DraftText path="description" label="What is new in it" />
        </div>
      </Panel>
      <Panel title="Capital and time">
        <div className="canary-fields">
          <DraftNumber path="totalCapital" label="The strategy’s capital in all" />
          <DraftText path="currency" label="Currency" />
          <DraftNumber path="stagingPercent" label="Staging gets, % (at most 1)" />
          <DraftNumber path="canaryPercent" label="Canary gets, % (at most 5)" />
          <DraftNumber path="stagingDays" label="Staging, observed days (7 or more)" />
          <DraftNumber path="canaryHours.minimum" label="Canary, observed hours (48 to 72)" />
          <DraftNumber path="canaryHours.maximum" label="Canary overdue after hours" />
          <DraftNumber path="sessionStartMinutes" label="Day begins, minutes after 00:00 UTC" />
        </div>
      </Panel>
      <Panel title="Which executions are its own">
        <div className="canary-fields">
          <DraftText path="belongs.version" label="Version tag in the logs" nullable placeholder="As the version" />
          <DraftText path="belongs.account" label="Account" nullable placeholder="Any" />
          <DraftText
            path="belongs.clientOrderIdPrefix"
            label="Client order ids begin with"
            nullable
            placeholder="Anything"
          />
          <DraftWords path="belongs.symbols" label="Symbols" placeholder="All" />
        </div>
      </Panel>
      <Panel title="Rollback criteria: any breach takes it out of the market">
        <CriteriaFields path="rollback" comparison="at-most" />
      </Panel>
      <Panel title="Promotion criteria: all must hold">
        <CriteriaFields path="promotion" comparison="at-most" />
      </Panel>
      <Panel title="Guards: warn and block promotion">
        <div className="canary-fields">
          <DraftNumber path="guards.dailyLossPercent" label="Daily loss, %" />
          <DraftNumber path="guards.drawdownPercent" label="Drawdown, %" />
          <DraftNumber path="guards.grossExposurePercent" label="Gross exposure, %" />
        </div>
      </Panel>
      <Panel title="What happens by itself">
        <div className="canary-fields">
          <DraftChoice
            path="automaticRollback"
            label="On a breach"
            options={[
              { value: true, title: 'Roll back at once' },
              { value: false, title: 'Only raise the alarm' },
            ]}
          />
          <DraftNumber path="maxDataAgeMinutes" label="No data after, minutes" />
          <DraftChoice path="onNoData.action" label="On no data" options={holdOrRollBack} />
          <DraftNumber path="onNoData.afterMinutes" label="… after minutes" />
          <DraftChoice path="onOverdue.action" label="When overdue" options={holdOrRollBack} />
          <DraftNumber path="onOverdue.afterHours" label="… after hours" />
        </div>
      </Panel>
      <Panel title="Evidence">
        <div className="canary-fields">
          <SelectField
            label="Compared with"
            value={typeof control === 'string' ? control : 'none'}
            onChange={(chosen) =>
              change(
                'control',
                chosen === 'none'
                  ? null
                  : chosen === 'backtest'
                    ? { kind: 'backtest' }
                    : { kind: 'version', version: '' },
              )
            }
            groups={[
              {
                title: null,
                options: [
                  { value: 'none', title: 'Nothing' },
                  { value: 'backtest', title: 'Its own backtest' },
                  { value: 'version', title: 'The version in production' },
                ],
              },
            ]}
          />
          {control === 'version' && <DraftText path="control.version" label="Version in production" />}
          <DraftChoice
            path="strictSharpe"
            label="Sharpe criterion"
            options={[
              { value: false, title: 'By its value' },
              { value: true, title: 'Inconclusive until it is proved' },
            ]}
          />
          <DraftNumber path="falseRollbackPercent" label="Chance of a false rollback, % over a stage" />
        </div>
      </Panel>
      <Panel title="Playbook: how it is taken out of the market">
        <PlaybookFields path="playbook" />
      </Panel>
    </>
  );
}

const holdOrRollBack = [
  { value: 'hold', title: 'Hold: pause and alert' },
  { value: 'roll-back', title: 'Roll back' },
];
