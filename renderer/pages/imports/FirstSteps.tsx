import { FileInput, FlaskConical } from 'lucide-react';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { ProgressBar } from '../../components/Progress';
import { InlineError } from '../../components/States';
import { useDeskSwitch } from '../../state/desk';
import { chooseFiles } from './choose-files';

/** What a desk without data offers: bring the two logs, or look at a desk that has some. */
export function FirstSteps() {
  const info = useQuery('app.info', {});
  const { going, progress, error, openSample } = useDeskSwitch();
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <div className="first-steps">
      <section className="first-step">
        <FileInput size={26} strokeWidth={1.5} aria-hidden="true" />
        <h2>Import your two logs</h2>
        <p className="muted">
          What the exchange or the bot logged, and the backtest of the same days. Drop both anywhere on this window:
          Lockstep matches the orders and shows where the money went.
        </p>
        <Button look="primary" icon={FileInput} onClick={chooseFiles}>
          Choose files…
        </Button>
      </section>
      {info.value?.sample !== true && (
        <section className="first-step">
          <FlaskConical size={26} strokeWidth={1.5} aria-hidden="true" />
          <h2>Look at the sample desk</h2>
          <p className="muted">
            Thirty simulated days of three strategies: one keeps to its backtest, one drifts, one has its fees wrong.
            Kept apart from your data, and marked as sample data everywhere.
          </p>
          {going === 'sample' ? (
            <div className="first-progress" role="status">
              <ProgressBar label="Making the sample desk" share={share} />
              <span className="muted figures">
                {share === null ? 'Opening the sample desk…' : `Making the sample desk: ${Math.round(share * 100)} %`}
              </span>
            </div>
          ) : (
            <Button icon={FlaskConical} onClick={() => void openSample()} disabled={going !== null}>
              Open the sample desk
            </Button>
          )}
          {error !== null && <InlineError error={error} />}
        </section>
      )}
    </div>
  );
}
