import { z } from 'zod';
import { parityStatusSchema, type Report } from './document';

/** One day of a list or a chart of days: what such a list shows of the day's report. */

const figure = z.number().nullable();

export const dayPointSchema = z.object({
  day: z.string(),
  status: parityStatusSchema,
  trackingErrorBps: figure,
  trackingErrorLowerBps: figure,
  trackingErrorUpperBps: figure,
  trackingDifferenceBps: figure,
  worstTrackingBps: figure,
  feeDifferenceBps: figure,
  latencyDifferenceMs: figure,
  matchRate: figure,
  gap: z.number(),
  executionQualityScore: figure,
  matched: z.number(),
  missed: z.number(),
  extra: z.number(),
});
export type DayPoint = z.infer<typeof dayPointSchema>;

/** The point of a report of one day. */
export function dayPointOf(report: Report): DayPoint {
  return {
    day: report.key.from,
    status: report.status,
    trackingErrorBps: report.trackingErrorBps,
    trackingErrorLowerBps: report.trackingErrorInterval?.lower ?? null,
    trackingErrorUpperBps: report.trackingErrorInterval?.upper ?? null,
    trackingDifferenceBps: report.trackingDifferenceBps,
    worstTrackingBps: report.worstTrackingBps,
    feeDifferenceBps: report.feeDifferenceBps,
    latencyDifferenceMs: report.latencyDifferenceMs,
    matchRate: report.matchRate,
    gap: report.attribution.gap,
    executionQualityScore: report.executionQualityScore,
    matched: report.matches.matched,
    missed: report.matches.missed,
    extra: report.matches.extra,
  };
}
