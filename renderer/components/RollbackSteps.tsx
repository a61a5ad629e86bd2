import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { RollbackProgress } from '../../shared/canary/deployment';
import { formatDuration } from '../format';
import type { Tone } from './StatusBadge';
import './rollback-steps.css';

type Step = RollbackProgress['steps'][number];

const looks: Record<Step['state'], { readonly icon: LucideIcon; readonly tone: Tone; readonly word: string }> = {
  waiting: { icon: CircleDashed, tone: 'unknown', word: 'waits' },
  running: { icon: LoaderCircle, tone: 'warn', word: 'runs' },
  done: { icon: CircleCheck, tone: 'pass', word: 'done' },
  failed: { icon: CircleX, tone: 'fail', word: 'failed' },
};

/** The steps of a rollback as they go, each with what its target said. */
export function RollbackSteps(props: {
  readonly steps: readonly Step[];
  /** Titles of the playbook's steps by id, and whether they are required. */
  readonly titleOf: (stepId: string) => { readonly title: string; readonly required: boolean } | null;
}) {
  return (
    <ol className="rollback-steps" aria-live="polite">
      {props.steps.map((step) => {
        const { icon: Icon, tone, word } = looks[step.state];
        const told = props.titleOf(step.stepId);
        return (
          <li key={step.stepId} className={`rollback-step rollback-step-${step.state}`}>
            <Icon className={`mark mark-${tone}`} size={16} aria-hidden="true" />
            <div>
              <p>
                <strong>{told?.title ?? step.stepId}</strong>{' '}
                <span className={`mark-${tone}`}>
                  {word}
                  {step.outcome === 'timed-out' && ', timed out'}
                  {step.outcome === 'interrupted' && ', interrupted'}
                  {step.outcome === 'dry-run' && ', dry run'}
                </span>{' '}
                <span className="muted">
                  {told?.required === false && 'best effort'}
                  {step.attempts > 1 && ` · attempt ${step.attempts}`}
                  {step.durationMs !== null && ` · ${formatDuration(step.durationMs)}`}
                </span>
              </p>
              {step.detail !== null && step.detail !== '' && <p className="muted rollback-detail">{step.detail}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
