import { Progress as Radix } from 'radix-ui';

/** A bar from 0 to 1; null = under way, how far is unknown. */
export function ProgressBar({ label, share }: { readonly label: string; readonly share: number | null }) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <Radix.Root className="progress" value={percent} aria-label={label}>
      <Radix.Indicator
        className={percent === null ? 'progress-bar progress-unknown' : 'progress-bar'}
        style={percent === null ? undefined : { transform: `translateX(-${100 - percent}%)` }}
      />
    </Radix.Root>
  );
}
