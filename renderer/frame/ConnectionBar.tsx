import { RotateCw, Unplug } from 'lucide-react';
import { retryConnection } from '../api/engine';
import { useConnection, useQuery } from '../api/use-query';
import { Button } from '../components/Button';
import { formatDuration, formatUtc } from '../format';
import { useNowUs } from '../state/clock';

/** Says loudly that the engine is out of reach: since when, that nothing on screen moves, and when the next try is. */
export function ConnectionBar() {
  const connection = useConnection();
  if (connection.state === 'connected') return null;
  return <Lost {...connection} />;
}

function Lost({ sinceUs, nextTryUs }: { readonly sinceUs: number; readonly nextTryUs: number | null }) {
  const now = useNowUs();
  const info = useQuery('app.info', {});
  return (
    <div className="connection" role="alert">
      <Unplug size={18} aria-hidden="true" />
      <p>
        <strong>Engine out of reach since {formatUtc(sinceUs).slice(11)} UTC.</strong> What is on screen does not change
        until it is back.{' '}
        {info.value?.carrier === 'electron'
          ? 'If it does not come back, restart Lockstep; nothing stored is lost.'
          : 'If "lockstep serve" was started anew, open the address it printed.'}
      </p>
      <span className="figures" aria-hidden="true">
        {nextTryUs === null ? 'trying…' : `next try in ${formatDuration(Math.max(1_000, (nextTryUs - now) / 1_000))}`}
      </span>
      <Button icon={RotateCw} onClick={retryConnection}>
        Try now
      </Button>
    </div>
  );
}
