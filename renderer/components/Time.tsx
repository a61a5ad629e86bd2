import { formatAge, formatLocal, formatUtc, formatUtcTime, type TimePrecision, UNKNOWN_TEXT } from '../format';
import { useNowUs } from '../state/clock';

/** An instant in UTC; the workstation's own time on hover. */
export function Time({
  atUs,
  precision = 'second',
  timeOnly = false,
}: {
  readonly atUs: number | null | undefined;
  readonly precision?: TimePrecision;
  /** Leaves the day out where the surroundings tell it. */
  readonly timeOnly?: boolean;
}) {
  if (atUs === null || atUs === undefined) return <span className="muted">{UNKNOWN_TEXT}</span>;
  return (
    <time
      className="figures"
      dateTime={formatUtc(atUs, 'microsecond').replace(' ', 'T').concat('Z')}
      title={`${formatUtc(atUs, 'microsecond')} UTC\n${formatLocal(atUs)} here`}
    >
      {timeOnly ? formatUtcTime(atUs, precision) : formatUtc(atUs, precision)}
    </time>
  );
}

/** How long ago an instant was; keeps counting. */
export function Age({ atUs }: { readonly atUs: number }) {
  const now = useNowUs();
  return (
    <time className="figures" title={`${formatUtc(atUs)} UTC\n${formatLocal(atUs)} here`}>
      {formatAge((now - atUs) / 1_000)}
    </time>
  );
}
