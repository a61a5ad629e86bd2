import { DAY_MS, HOUR_MS } from '../../../shared/base/time';

/** Observed time of the time required, both in the unit the stage is agreed in: `3.2 of 7 days`, `12.5 of 48 h`. */
export function formatObserved(observedMs: number, requiredMs: number | null): string {
  const inDays = requiredMs === null ? observedMs >= 3 * DAY_MS : requiredMs > 3 * DAY_MS;
  const unitMs = inDays ? DAY_MS : HOUR_MS;
  const word = inDays ? 'days' : 'h';
  // Rounded down: time that is not there yet is not shown as there.
  const decimals = (ms: number) => (Math.floor((ms / unitMs) * 10) / 10).toFixed(1);
  return requiredMs === null
    ? `${decimals(observedMs)} ${word}`
    : `${decimals(observedMs)} of ${(requiredMs / unitMs).toLocaleString('en-US')} ${word}`;
}

export function observedShare(observedMs: number, requiredMs: number | null): number | null {
  return requiredMs === null || requiredMs <= 0 ? null : Math.min(1, observedMs / requiredMs);
}
