import { HeartPulse, TriangleAlert } from 'lucide-react';
import { useNowUs } from '../../state/clock';
import { describeMonitor, type MonitorState } from './monitor';

/** Who evaluates, when last and when next; loud when nobody does or it is late. */
export function MonitorLine({ monitor, watched }: { readonly monitor: MonitorState; readonly watched: number }) {
  const { tone, text } = describeMonitor(monitor, watched, useNowUs());
  if (tone === 'loud')
    return (
      <p className="canary-loud" role="alert">
        <TriangleAlert className="mark mark-fail" size={16} aria-hidden="true" /> <strong>{text}</strong>
      </p>
    );
  return (
    <p className="canary-quiet muted">
      <HeartPulse size={14} aria-hidden="true" /> {text}
    </p>
  );
}
