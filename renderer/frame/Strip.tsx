import { Command, FlaskConical, Moon, Sun } from 'lucide-react';
import { useQuery } from '../api/use-query';
import { Button, IconButton } from '../components/Button';
import { formatLocal, formatUtc } from '../format';
import { useNowUs } from '../state/clock';
import { useDeskSwitch } from '../state/desk';
import { useLook } from '../state/look';
import { useOverlays } from '../state/overlays';
import { FeedAges } from './FeedAges';
import { commandKeyName } from './keys';

/** The top strip: which desk this is, how old its data is, what time it is, and the way to everything else. */
export function Strip() {
  const info = useQuery('app.info', {});
  const show = useOverlays((overlays) => overlays.show);
  const { theme, choose } = useLook();
  return (
    <header className="strip">
      <div className="strip-desk">
        <span className="strip-name">{info.value?.deskName ?? 'Lockstep'}</span>
        {info.value?.sample && <SampleBadge />}
      </div>
      <FeedAges />
      <div className="strip-tools">
        <Button look="plain" className="strip-search" onClick={() => show('palette')}>
          <Command size={13} aria-hidden="true" />
          Go to…
          <kbd>{commandKeyName} K</kbd>
        </Button>
        <UtcClock />
        <IconButton
          icon={theme === 'dark' ? Sun : Moon}
          label={theme === 'dark' ? 'Light look' : 'Dark look'}
          onClick={() => choose(theme === 'dark' ? 'light' : 'dark')}
        />
      </div>
    </header>
  );
}

function SampleBadge() {
  const { going, openMain } = useDeskSwitch();
  return (
    <span className="sample-badge">
      <FlaskConical size={14} aria-hidden="true" />
      <strong>SAMPLE DATA</strong>
      <button type="button" className="sample-leave" onClick={() => void openMain()} disabled={going !== null}>
        Back to your desk
      </button>
    </span>
  );
}

function UtcClock() {
  const now = useNowUs();
  return (
    <time className="strip-clock figures" title={`${formatLocal(now)} here`}>
      {formatUtc(now).slice(0, 10)} <strong>{formatUtc(now).slice(11)}</strong> UTC
    </time>
  );
}
