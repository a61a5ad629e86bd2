import type { DeploymentEvent } from './events';
import type { Look } from './facts';
import type { ObservedTime } from './progress';

/**
 * Time that counts: minutes between two looks of one process that both saw fresh data and no pause. Sleep, stalls, jumps of the wall
 * clock and the change from one process to another are gaps: they are said and never counted.
 */

export type GapEvent = Extract<DeploymentEvent, { kind: 'gap' }>;

export interface Observation {
  readonly observed: ObservedTime;
  readonly gap: GapEvent | null;
  /** Time since the look before in which the monitor is known to have been awake. */
  readonly awakeMs: number;
}

/** Looks further apart than this leave a gap. */
function longestStepMs(intervalMs: number): number {
  return Math.max(2.5 * intervalMs, intervalMs + 5_000);
}

/** The clocks may part by as much between two looks without one having jumped: a clock that is being slewed parts by 1 in 2,000. */
function tolerableMs(elapsedMs: number): number {
  return 2_000 + elapsedMs / 1_000;
}

/** @param counts data is fresh and nothing paused at this look */
export function observe(before: ObservedTime | null, look: Look, stageSinceUs: number, counts: boolean): Observation {
  const last = { atUs: look.atUs, monotonicMs: look.monotonicMs, run: look.run, counts };
  if (before === null) {
    const stageMs = Math.max(0, (look.atUs - stageSinceUs) / 1_000);
    return { observed: { observedMs: 0, stageMs, last }, gap: null, awakeMs: 0 };
  }
  const wallMs = (look.atUs - before.last.atUs) / 1_000;
  const most = longestStepMs(look.intervalMs);
  const after = (observedMs: number, stageMs: number, gap: GapEvent | null, awakeMs: number): Observation => ({
    observed: { observedMs: before.observedMs + observedMs, stageMs: before.stageMs + Math.max(0, stageMs), last },
    gap,
    awakeMs,
  });
  if (look.run !== before.last.run) {
    if (wallMs < 0) return after(0, 0, gapOf('clock-jump', wallMs), 0);
    return after(0, wallMs, wallMs > most ? gapOf('stall', wallMs) : null, 0);
  }
  const elapsedMs = Math.max(0, look.monotonicMs - before.last.monotonicMs);
  const jumpMs = wallMs - elapsedMs;
  if (look.slept) return after(0, wallMs, gapOf('sleep', Math.max(wallMs, elapsedMs)), 0);
  if (elapsedMs > most) return after(0, elapsedMs, gapOf('stall', elapsedMs), 0);
  if (Math.abs(jumpMs) > tolerableMs(elapsedMs)) return after(0, elapsedMs, gapOf('clock-jump', jumpMs), elapsedMs);
  const countsMs = counts && before.last.counts ? elapsedMs : 0;
  return after(countsMs, elapsedMs, null, elapsedMs);
}

function gapOf(what: GapEvent['what'], byMs: number): GapEvent {
  return { kind: 'gap', what, byMs };
}
