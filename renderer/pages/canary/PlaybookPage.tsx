import { Pencil } from 'lucide-react';
import { useMemo, useState } from 'react';
import { playbookSchema } from '../../../shared/canary/playbook';
import { describeStep } from '../../../shared/canary/words';
import { call } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { formatCountOf } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import { DecideDialog } from './DecideDialog';
import { DraftFormProvider } from './DraftFields';
import { problemsElsewhere, withValue } from './draft';
import { PlaybookFields } from './PlaybookFields';
import type { DeploymentView } from './view';

/** Replacing the playbook of a deployment; the old one holds until the new one is confirmed. */
export function PlaybookPage({ id }: { readonly id: string }) {
  const query = useQuery('canary.get', { id });
  return (
    <Page
      title="Replace the playbook"
      crumbs={[
        { title: 'Canary', href: addresses.canary() },
        {
          title:
            query.value === null
              ? id
              : `${query.value.deployment.configuration.strategy} ${query.value.deployment.configuration.version}`,
          href: addresses.deployment(id),
        },
        { title: 'Playbook', href: null },
      ]}
      lead="The old playbook holds until this one is confirmed. Rehearse the new one with a drill afterwards."
    >
      <Answer query={query}>{(view) => <Editor view={view} />}</Answer>
    </Page>
  );
}

function Editor({ view }: { readonly view: DeploymentView }) {
  const { id, configuration } = view.deployment;
  // Bound to the state it was begun on: where something else happened meanwhile the engine refuses, and says so.
  const [stateVersion] = useState(view.deployment.stateVersion);
  const [draft, setDraft] = useState<unknown>({ playbook: configuration.playbook });
  const [deciding, setDeciding] = useState(false);
  const fields = useMemo(() => new Set<string>(), []);
  const steps = draftSteps(draft);
  const parsed = playbookSchema.safeParse(steps);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({
        path: ['playbook', ...issue.path.map(String)].join('.'),
        message: issue.message,
      }));
  const same = JSON.stringify(steps) === JSON.stringify(configuration.playbook);
  const form = {
    draft,
    problems,
    fields,
    change: (path: string, value: unknown) => setDraft((before: unknown) => withValue(before, path, value)),
  };
  const elsewhere = problemsElsewhere(problems, fields);
  return (
    <DraftFormProvider value={form}>
      <Panel title="Steps, in the order they run">
        <PlaybookFields path="playbook" />
      </Panel>
      {elsewhere.length > 0 && (
        <ul className="canary-unmet" role="alert">
          {elsewhere.map(({ path, message }) => (
            <li key={`${path}${message}`}>{message}</li>
          ))}
        </ul>
      )}
      <div className="canary-create">
        <Button look="primary" icon={Pencil} disabled={!parsed.success || same} onClick={() => setDeciding(true)}>
          Replace the playbook…
        </Button>
        <span role="status" className={problems.length > 0 ? 'mark-fail' : 'muted'}>
          {problems.length > 0
            ? `${formatCountOf(problems.length, 'problem')} to correct.`
            : same
              ? 'Nothing is changed.'
              : ''}
        </span>
      </div>
      {deciding && parsed.success && (
        <DecideDialog
          title="Replace the playbook"
          describes="From now on a rollback runs these steps."
          action="Replace it"
          icon={Pencil}
          onClose={() => setDeciding(false)}
          decide={async (reason) => {
            const answer = await call('canary.replacePlaybook', { id, stateVersion, playbook: parsed.data, reason });
            if (answer.ok) goTo(addresses.deployment(id));
            return answer;
          }}
        >
          <ol className="canary-playbook">
            {parsed.data.map((step) => (
              <li key={step.id}>
                <strong>{step.title}</strong> <span className="muted">{describeStep(step)}</span>
              </li>
            ))}
          </ol>
        </DecideDialog>
      )}
    </DraftFormProvider>
  );
}

function draftSteps(draft: unknown): unknown {
  return typeof draft === 'object' && draft !== null && 'playbook' in draft ? draft.playbook : null;
}
