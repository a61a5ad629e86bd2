import { Check } from 'lucide-react';
import { stageWord } from '../../../shared/canary/words';
import type { CallResult } from '../../../shared/contract/calls';
import { ProgressBar } from '../../components/Progress';
import { formatMoney } from '../../format';
import { formatObserved, observedShare } from './observed';

type Stage = CallResult<'canary.get'>['stages'][number];

/** The four stages in their order, each with the time observed of the time required and the capital it gets. */
export function Stages(props: {
  readonly stages: readonly Stage[];
  readonly capitalOf: (stage: Stage['stage']) => number | null;
  readonly currency: string;
}) {
  return (
    <ol className="canary-stages" aria-label="Stages">
      {props.stages.map((stage) => {
        const capital = props.capitalOf(stage.stage);
        const share = stage.state === 'ahead' ? 0 : observedShare(stage.observedMs, stage.requiredMs);
        return (
          <li
            key={stage.stage}
            className={`canary-stage canary-stage-${stage.state}`}
            aria-current={stage.state === 'present' ? 'step' : undefined}
          >
            <p className="canary-stage-name">
              {stage.state === 'past' && <Check size={14} aria-label="left" />}
              {stageWord(stage.stage)}
            </p>
            <p className="figures">
              {stage.state === 'ahead'
                ? stage.requiredMs === null
                  ? ' '
                  : `needs ${formatObserved(0, stage.requiredMs).replace(/^.* of /, '')}`
                : stage.stage === 'development'
                  ? ' '
                  : formatObserved(stage.observedMs, stage.requiredMs)}
            </p>
            {stage.requiredMs === null ? (
              <div className="canary-stage-rule" />
            ) : (
              <ProgressBar label={`${stageWord(stage.stage)}: time observed`} share={share} />
            )}
            <p className="muted figures">{capital === null ? 'no capital' : formatMoney(capital, props.currency)}</p>
          </li>
        );
      })}
    </ol>
  );
}
