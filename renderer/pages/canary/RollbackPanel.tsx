import { CircleCheck, OctagonX, RotateCw } from 'lucide-react';
import type { Deployment } from '../../../shared/canary/deployment';
import { Panel } from '../../components/Page';
import { RollbackSteps } from '../../components/RollbackSteps';
import { Badge } from '../../components/StatusBadge';
import { Age, Time } from '../../components/Time';
import { formatDuration, typeset } from '../../format';

const triggers: Readonly<Record<string, string>> = {
  breach: 'a breach',
  operator: 'the operator',
  'command-line': 'the command line',
  'no-data': 'missing data',
  overdue: 'being overdue',
  retry: 'another try',
};

/** The last rollback, step by step while it runs and afterwards. */
export function RollbackPanel({ deployment }: { readonly deployment: Deployment }) {
  const { rollback, configuration } = deployment;
  if (rollback === null) return null;
  const titles = new Map(configuration.playbook.map((step) => [step.id, step]));
  return (
    <Panel
      title="Rollback"
      aside={
        rollback.endedAtUs === null ? (
          <>
            began <Age atUs={rollback.startedAtUs} />
          </>
        ) : (
          <span>
            <Time atUs={rollback.startedAtUs} />, took{' '}
            {formatDuration((rollback.endedAtUs - rollback.startedAtUs) / 1_000)}
          </span>
        )
      }
    >
      <div className="canary-rollback" role="status">
        <p className="canary-verdict-marks">
          {rollback.outcome === 'rolled-back' ? (
            <Badge tone="pass" icon={CircleCheck} size="large">
              Rolled back
            </Badge>
          ) : rollback.outcome === 'failed' ? (
            <Badge tone="fail" icon={OctagonX} size="large">
              Rollback failed
            </Badge>
          ) : (
            <Badge tone="warn" icon={RotateCw} size="large">
              Rolling back
            </Badge>
          )}
          <span>
            Set off by {triggers[rollback.trigger]}: {typeset(rollback.reason)}
          </span>
        </p>
        {rollback.outcome === 'failed' && (
          <p className="canary-loud">
            <strong>The version may still trade: required steps are not done.</strong> Stop it by hand where you can,
            then roll back again: steps that are done are not repeated.
          </p>
        )}
        <RollbackSteps steps={rollback.steps} titleOf={(id) => titles.get(id) ?? null} />
      </div>
    </Panel>
  );
}
