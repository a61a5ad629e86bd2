import { Hand, Play } from 'lucide-react';
import { useState } from 'react';
import type { PromotionRules } from '../../../shared/canary/promotion-rules';
import { call } from '../../api/engine';
import { Button } from '../../components/Button';
import { Time } from '../../components/Time';
import { addresses } from '../addresses';
import { DecideDialog } from './DecideDialog';

/** The stop-the-line switch: no version of this desk is promoted while it is stopped; who stopped it and why. */
export function LineSwitch({ rules }: { readonly rules: PromotionRules }) {
  const [deciding, setDeciding] = useState<'stop' | 'release' | null>(null);
  const { stopped, windows, freezes } = rules;
  return (
    <div className={`canary-line ${stopped === null ? '' : 'canary-line-stopped'}`}>
      {stopped === null ? (
        <p>
          <strong>The line runs.</strong>{' '}
          <span className="muted">
            Promotions are allowed{windows.length === 0 ? ' at any time' : ' in their windows'}
            {freezes.length > 0 && `, but not on ${freezes.length === 1 ? 'a freeze' : `${freezes.length} freezes`}`}.
          </span>{' '}
          <a href={addresses.promotionRules()}>Windows and freezes</a>
        </p>
      ) : (
        <p role="status">
          <strong>
            <Hand className="mark mark-fail" size={15} aria-hidden="true" /> The line is stopped: nothing is promoted.
          </strong>{' '}
          {stopped.reason}{' '}
          <span className="muted">
            {stopped.by}, <Time atUs={stopped.atUs} precision="minute" />. Rollbacks work as ever.
          </span>
        </p>
      )}
      {stopped === null ? (
        <Button icon={Hand} onClick={() => setDeciding('stop')}>
          Stop the line…
        </Button>
      ) : (
        <Button icon={Play} onClick={() => setDeciding('release')}>
          Release the line…
        </Button>
      )}
      {deciding === 'stop' && (
        <DecideDialog
          title="Stop the line"
          describes="No deployment of this desk is promoted until the line is released. Rollbacks are not touched."
          action="Stop the line"
          icon={Hand}
          look="danger"
          onClose={() => setDeciding(null)}
          decide={(reason) => call('canary.stopTheLine', { reason })}
        />
      )}
      {deciding === 'release' && (
        <DecideDialog
          title="Release the line"
          describes="Deployments may be promoted again where everything else allows it."
          action="Release the line"
          icon={Play}
          onClose={() => setDeciding(null)}
          decide={(reason) => call('canary.releaseTheLine', { reason })}
        />
      )}
    </div>
  );
}
