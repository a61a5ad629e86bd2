import { HOUR_US, MINUTE_US, SECOND_US } from '../base/time';
import type { ClockOffset, ClockVerdict } from './clock-offset';
import type { Report } from './document';
import type { LatencyBasis } from './pair-figures';
import type { Reason } from './verdict';

/** What a report says of the two logs' clocks, and what follows for the figures that compare their times. */

type ReportedClock = NonNullable<Report['clockOffset']>;

/** The clocks stand apart so far that the time from a backtest fill to a live fill is no latency. */
const apart: ReadonlySet<ClockVerdict> = new Set(['corrected', 'beyond-limit', 'time-zone']);

export function clocksApart({ verdict }: Pick<ClockOffset, 'verdict'>): boolean {
  return apart.has(verdict);
}

/**
 * Why orders matched by time cannot be trusted: the clocks stand apart, nothing was corrected, and keys match less than half of the
 * orders. Null otherwise.
 */
export function clockReason(
  clock: ClockOffset,
  limitMs: number,
  orders: { readonly live: number; readonly backtest: number; readonly byKey: number },
): Reason | null {
  if (clock.verdict !== 'beyond-limit' && clock.verdict !== 'time-zone') return null;
  if (2 * orders.byKey >= Math.min(orders.live, orders.backtest)) return null;
  return { code: 'clock-offset', message: whyOf(clock, limitMs) };
}

export function reportedClock(clock: ClockOffset, limitMs: number, latencyBasis: LatencyBasis): ReportedClock {
  const milliseconds = (us: number) => (Number.isNaN(us) ? null : us / 1_000);
  return {
    verdict: clock.verdict,
    basis: clock.basis,
    pairedBy: clock.pairedBy,
    offsetMs: milliseconds(clock.offsetUs),
    lowerMs: milliseconds(clock.lowerUs),
    upperMs: milliseconds(clock.upperUs),
    pairs: clock.pairs,
    driftMsPerDay: milliseconds(clock.driftUsPerDay),
    correctedMs: clock.appliedUs / 1_000,
    limitMs,
    latency: latencyOn(clock, latencyBasis),
    why: whyOf(clock, limitMs),
  };
}

function latencyOn(clock: ClockOffset, basis: LatencyBasis): ReportedClock['latency'] {
  if (basis === 'none') return 'none';
  if (basis !== 'displacement') return 'own-clocks';
  return clocksApart(clock) ? 'withheld' : 'between-clocks';
}

const basisWords = { decision: 'decision times', submission: 'submission times', fill: 'first fills' } as const;

function whyOf(clock: ClockOffset, limitMs: number): string {
  const { verdict, basis, pairedBy, offsetUs, lowerUs, upperUs, pairs, gridUs, driftUsPerDay } = clock;
  if (verdict === 'unknown') return 'No clock offset can be told: no shift of the logs against each other stands out.';
  const what = basis === 'fill' ? 'fills stand' : 'clock stands';
  const paired = pairedBy === 'key' ? `${pairs} pairs by key` : `${pairs} coinciding orders`;
  const measured = `Live ${what} ${span(Math.abs(offsetUs))} ${offsetUs < 0 ? 'behind' : 'ahead'} (95 %: ${signedSpan(lowerUs)} to ${signedSpan(upperUs)}, ${basisWords[basis]} of ${paired})`;
  const drift = Number.isNaN(driftUsPerDay)
    ? ''
    : ` It ${driftUsPerDay < 0 ? 'loses' : 'gains'} ${span(Math.abs(driftUsPerDay))} a day.`;
  return `${measured}${outcome()}${drift}`;

  function outcome(): string {
    switch (verdict) {
      case 'agree':
        return ': the clocks agree.';
      case 'corrected':
        return basis === 'fill'
          ? ': a clock offset or a constant delay, taken out for matching by time.'
          : `: a clock offset, or late by design; taken out for matching by time.`;
      case 'offset-or-delay':
        return gridUs >= SECOND_US
          ? `: no more than times on a grid of ${span(gridUs)} can make of themselves, not corrected.`
          : ': so small that a delay and a clock offset cannot be told apart, not corrected.';
      case 'spread':
        return ': too uncertain to correct.';
      case 'beyond-limit':
        return `: beyond the limit of ${span(limitMs * 1_000)}, not corrected. Check the clocks, or raise clockOffsetLimitMs.`;
      case 'time-zone':
        return ': a time zone read wrongly? Not corrected: import the log again and name its zone.';
      default:
        return '.';
    }
  }
}

function signedSpan(us: number): string {
  return `${us < 0 ? '-' : '+'}${span(Math.abs(us))}`;
}

/** "12 ms", "4.56 s", "3 min 20 s", "5 h 30 min". */
function span(us: number): string {
  if (us < 999_500) return `${us < 9_950 ? (us / 1_000).toFixed(1) : Math.round(us / 1_000)} ms`;
  if (us < 59_995_000) return `${(us / SECOND_US).toFixed(us < 9_995_000 ? 2 : 1)} s`;
  const [large, small, words] =
    us < HOUR_US - MINUTE_US ? [MINUTE_US, SECOND_US, ['min', 's']] : [HOUR_US, MINUTE_US, ['h', 'min']];
  const whole = Math.round(us / small);
  const per = large / small;
  const rest = whole % per;
  return `${Math.floor(whole / per)} ${words[0]}${rest === 0 ? '' : ` ${rest} ${words[1]}`}`;
}

/** The offset that the causes of a gap may rest on, ms: one that was corrected and that no delay explains as well. Null otherwise. */
export function causalOffsetMs({ clockOffset }: Pick<Report, 'clockOffset'>): number | null {
  if (clockOffset === null || clockOffset.verdict !== 'corrected') return null;
  return clockOffset.basis === 'fill' && (clockOffset.offsetMs ?? 0) > 0 ? null : clockOffset.offsetMs;
}
