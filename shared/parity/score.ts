import type { Report } from './document';
import { figure } from './method';
import type { ParitySettings } from './settings';

export interface ScoredFigures {
  readonly worstTrackingBps: number;
  readonly feeDifferenceBps: number;
  readonly latencyDifferenceMs: number;
  readonly partialFillRateDifference: number;
  readonly matchRate: number;
}

/**
 * Execution quality score: 100 minus the points lost per cause. With the shipped thresholds
 * tracking = min(30, 2 * max(0, worst - 15)), fees = min(20, 3 * max(0, |fee| - 3)), latency = min(25, 0.2 * max(0, latency - 75)),
 * partial fills = 0 up to a rate difference of 0.05, else min(15, 200 * |difference|), unmatched = min(10, 100 * (1 - match rate)).
 * Without one of the figures there is no score.
 */
export function scoreOf(
  figures: ScoredFigures,
  settings: ParitySettings,
): { readonly score: number | null; readonly points: Report['scorePoints'] } {
  const partial = Math.abs(figures.partialFillRateDifference);
  const points = {
    tracking: Math.min(30, 2 * Math.max(0, figures.worstTrackingBps - settings.trackingBps.warn)),
    fees: Math.min(20, 3 * Math.max(0, Math.abs(figures.feeDifferenceBps) - settings.feeBps.warn)),
    latency: Math.min(25, 0.2 * Math.max(0, figures.latencyDifferenceMs - settings.latencyMs.warn)),
    partialFills: partial <= 0.05 ? 0 : Math.min(15, 200 * partial),
    unmatched: Math.min(10, 100 * (1 - figures.matchRate)),
  };
  const lost = points.tracking + points.fees + points.latency + points.partialFills + points.unmatched;
  return {
    score: figure(100 - lost),
    points: {
      tracking: figure(points.tracking),
      fees: figure(points.fees),
      latency: figure(points.latency),
      partialFills: figure(points.partialFills),
      unmatched: figure(points.unmatched),
    },
  };
}
