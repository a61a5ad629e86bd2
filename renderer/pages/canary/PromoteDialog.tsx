import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { capitalOf } from '../../../shared/canary/creation';
import { stageWord } from '../../../shared/canary/words';
import { call } from '../../api/engine';
import { Time } from '../../components/Time';
import { formatCountOf, formatMoney, typeset } from '../../format';
import { DecideDialog } from './DecideDialog';
import { VerdictBadge } from './looks';
import { formatObserved } from './observed';
import type { DeploymentView } from './view';

/**
 * Promotion as it was when the dialog opened: the confirmation is bound to the evaluation shown here, so a later one is not promoted on
 * unseen. Where anything is unmet it lists all of it and offers no button.
 */
export function PromoteDialog({ view, onClose }: { readonly view: DeploymentView; readonly onClose: () => void }) {
  const [shown] = useState(view);
  const { deployment, evaluation, promotion } = shown;
  if (promotion === null) return null;
  const { to, unmet } = promotion;
  const { configuration, stateVersion, id } = deployment;
  const blocked = unmet.length > 0 || evaluation === null;
  const money = (amount: number) => formatMoney(amount, configuration.currency);
  return (
    <DecideDialog
      title={`Promote ${configuration.strategy} ${configuration.version} to ${stageWord(to).toLowerCase()}`}
      describes={
        blocked
          ? `It cannot be promoted: ${formatCountOf(Math.max(1, unmet.length), 'condition')} not met, and there is no way around them.`
          : `Its capital goes from ${money(deployment.allocatedCapital)} to ${money(capitalOf(configuration, to))}.`
      }
      action={`Promote to ${stageWord(to).toLowerCase()}`}
      icon={Rocket}
      blocked={blocked}
      onClose={onClose}
      decide={async (reason) =>
        call('canary.promote', { id, stateVersion, evaluationId: evaluation?.id ?? '', reason })
      }
    >
      {evaluation !== null && (
        <p className="canary-verdict-marks">
          <VerdictBadge verdict={evaluation.verdict} />
          <span>
            evaluation of <Time atUs={evaluation.atUs} />,{' '}
            {formatObserved(evaluation.observedMs, evaluation.requiredMs)} observed
          </span>
        </p>
      )}
      {unmet.length > 0 && (
        <ul className="canary-unmet">
          {unmet.map(({ code, message }) => (
            <li key={`${code}${message}`}>{typeset(message)}</li>
          ))}
        </ul>
      )}
    </DecideDialog>
  );
}
