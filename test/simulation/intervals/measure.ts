import { Random } from '../../../shared/base/random';
import type { Interval } from '../../../shared/parity/document';
import { trackingIntervals } from '../../../shared/parity/tracking';
import { windowIntervals } from '../../../shared/parity/window-intervals';
import type { SeriesKind } from './series';

/** How often the reported intervals contain the truth, over simulated days and windows whose truth is known. */

export interface Coverage {
  runs: number;
  covered: number;
  /** Runs whose interval carries a caution. */
  cautioned: number;
}

export interface CoverageOfKind {
  readonly difference: Coverage;
  readonly error: Coverage;
}

export const nothing = (): Coverage => ({ runs: 0, covered: 0, cautioned: 0 });

/** Run k of a kind is the same in every call, so that a run can be looked at again. */
export function dayCoverage(kind: SeriesKind, intervals: number, runs: number, first = 0): CoverageOfKind {
  const coverage = { difference: nothing(), error: nothing() };
  for (let run = first; run < first + runs; run++) {
    const name = `${kind.name} ${intervals} ${run}`;
    const { trackingDifferenceInterval, trackingErrorInterval } = trackingIntervals(
      kind.draw(new Random(name), intervals),
      1e4,
      name,
    );
    add(coverage.difference, trackingDifferenceInterval, kind.trueDifference(intervals));
    add(coverage.error, trackingErrorInterval, kind.trueError(intervals));
  }
  return coverage;
}

/** The same for the mean and the deviation of daily differences over a window. */
export function windowCoverage(kind: SeriesKind, days: number, runs: number, first = 0): CoverageOfKind {
  const coverage = { difference: nothing(), error: nothing() };
  for (let run = first; run < first + runs; run++) {
    const name = `${kind.name} ${days} days ${run}`;
    const { meanDifference, deviation } = windowIntervals(kind.draw(new Random(name), days), name);
    add(coverage.difference, meanDifference, kind.trueDifference(days) / days);
    add(coverage.error, deviation, kind.deviation);
  }
  return coverage;
}

/** Counts one interval; null is no run. */
export function add(coverage: Coverage, interval: Interval | null, truth: number): void {
  if (interval === null) return;
  coverage.runs++;
  if (interval.lower <= truth && truth <= interval.upper) coverage.covered++;
  if (interval.caution !== undefined) coverage.cautioned++;
}
