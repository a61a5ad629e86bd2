import { Pencil, Siren } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import type { Deployment } from '../../../shared/canary/deployment';
import type { StoredEvent } from '../../../shared/canary/events';
import { describeBounds, describeStep, effectWord } from '../../../shared/canary/words';
import { call } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { Button, ButtonLink } from '../../components/Button';
import { Panel } from '../../components/Page';
import { Answer, InlineError } from '../../components/States';
import { Badge } from '../../components/StatusBadge';
import { Age, Time } from '../../components/Time';
import { formatDuration } from '../../format';
import { addresses } from '../addresses';

/** Drills are looked for among the latest events. */
const eventsLooked = 1_000;

type Drill = Extract<StoredEvent['event'], { kind: 'drilled' }>;

/** What a rollback would do, and how its rehearsals went. */
export function Playbook({ deployment, drillDue }: { readonly deployment: Deployment; readonly drillDue: boolean }) {
  const { id, configuration, lastDrillAtUs } = deployment;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const ended = ['rolled-back', 'aborted', 'superseded'].includes(deployment.stage);

  async function drill(): Promise<void> {
    setBusy(true);
    const answer = await call('canary.drill', { id });
    setBusy(false);
    setRefused(answer.ok ? null : answer.error);
  }

  return (
    <div className="canary-columns-even">
      <Panel
        title="Playbook"
        aside={
          !ended && (
            <ButtonLink icon={Pencil} look="quiet" href={addresses.playbook(id)}>
              Replace…
            </ButtonLink>
          )
        }
      >
        <ol className="canary-playbook">
          {configuration.playbook.map((step) => (
            <li key={step.id}>
              <p>
                <strong>{step.title}</strong>{' '}
                <Badge tone={step.effect === 'notify' ? 'plain' : 'warn'}>{effectWord(step.effect)}</Badge>
              </p>
              <p className="canary-does">{describeStep(step)}</p>
              <p className="muted">{describeBounds(step)}</p>
            </li>
          ))}
        </ol>
      </Panel>
      <Panel
        title="Drills"
        aside={
          !ended && (
            <Button icon={Siren} busy={busy} onClick={() => void drill()}>
              Drill now
            </Button>
          )
        }
      >
        {refused !== null && <InlineError error={refused} />}
        <p className={drillDue ? 'mark-warn' : 'muted'}>
          {lastDrillAtUs === null ? (
            'The playbook was never rehearsed.'
          ) : (
            <>
              Last rehearsed <Age atUs={lastDrillAtUs} />
              {drillDue && ', which is more than a month'}.
            </>
          )}{' '}
          A drill runs it against stand-ins of its targets: the bot is not touched.
        </p>
        <Drills id={id} />
      </Panel>
    </div>
  );
}

function Drills({ id }: { readonly id: string }) {
  const query = useQuery('canary.events', { id, page: { offset: 0, limit: eventsLooked } });
  return (
    <Answer query={query} skeletonLines={2}>
      {({ events }) => {
        const drills = events.flatMap(({ event, atUs }) => (event.kind === 'drilled' ? [{ ...event, atUs }] : []));
        if (drills.length === 0) return null;
        return (
          <ul className="canary-drills">
            {drills.map((drill) => (
              <li key={drill.drillId}>
                <Badge tone={drill.outcome === 'passed' ? 'pass' : 'fail'}>
                  {drill.outcome === 'passed' ? 'Passed' : 'Failed'}
                </Badge>{' '}
                <Time atUs={drill.atUs} precision="minute" /> <span>{timesOf(drill)}</span>
                {drill.steps
                  .filter(({ outcome }) => outcome !== 'done' && outcome !== 'dry-run')
                  .map((step) => (
                    <p key={step.stepId} className="muted">
                      {step.stepId} {step.outcome}: {step.detail}
                    </p>
                  ))}
              </li>
            ))}
          </ul>
        );
      }}
    </Answer>
  );
}

function timesOf({ stoppedMs, flatMs }: Drill): string {
  const parts = [
    stoppedMs === null ? 'did not stop entries' : `stopped after ${formatDuration(stoppedMs)}`,
    ...(flatMs === null ? [] : [`flat after ${formatDuration(flatMs)}`]),
  ];
  return parts.join(', ');
}
