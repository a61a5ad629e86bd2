import type { CallResult } from '../../../shared/contract/calls';
import { formatAge, formatDuration } from '../../format';

export type MonitorState = CallResult<'canary.list'>['monitor'];

/** What the monitor does, in words, and whether that has to be loud. Late = more than one and a half intervals without a cycle. */
export function describeMonitor(
  monitor: MonitorState,
  watched: number,
  nowUs: number,
): { readonly tone: 'quiet' | 'loud'; readonly text: string } {
  const { evaluator, intervalMs, lastCycleUs, nextCycleUs } = monitor;
  if (evaluator === 'none') {
    return watched > 0
      ? {
          tone: 'loud',
          text: `Nothing is watched: no process evaluates ${watched === 1 ? 'this deployment' : `these ${watched} deployments`}. Leave a console open, or run "lockstep monitor".`,
        }
      : { tone: 'quiet', text: 'No monitor runs; there is nothing to watch.' };
  }
  const who = evaluator === 'this' ? 'This console evaluates' : 'Another Lockstep process evaluates';
  if (lastCycleUs === null) return { tone: 'quiet', text: `${who}; the first evaluation is under way.` };
  const ageMs = Math.max(0, (nowUs - lastCycleUs) / 1_000);
  if (ageMs > 1.5 * intervalMs && watched > 0) {
    return {
      tone: 'loud',
      text: `The monitor is late: it evaluated ${formatAge(ageMs)}, although it should every ${formatDuration(intervalMs)}.`,
    };
  }
  const next = nextCycleUs === null ? null : Math.max(0, (nextCycleUs - nowUs) / 1_000);
  return {
    tone: 'quiet',
    text: `${who}: ${formatAge(ageMs)}${next === null ? '' : `, next in ${formatDuration(next)}`}.`,
  };
}

/** How many of them a monitor has to watch. */
export function watchedOf(deployments: readonly { readonly stage: string }[]): number {
  return deployments.filter(({ stage }) => ['staging', 'canary', 'production', 'rolling-back'].includes(stage)).length;
}
