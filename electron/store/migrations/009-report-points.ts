import type { Migration } from './migration';

/** Paths in a report's document of what its point shows, beside its day. */
const figures = {
  status: '$.status',
  trackingErrorBps: '$.trackingErrorBps',
  trackingErrorLowerBps: '$.trackingErrorInterval.lower',
  trackingErrorUpperBps: '$.trackingErrorInterval.upper',
  trackingDifferenceBps: '$.trackingDifferenceBps',
  worstTrackingBps: '$.worstTrackingBps',
  feeDifferenceBps: '$.feeDifferenceBps',
  latencyDifferenceMs: '$.latencyDifferenceMs',
  matchRate: '$.matchRate',
  gap: '$.attribution.gap',
  executionQualityScore: '$.executionQualityScore',
  matched: '$.matches.matched',
  missed: '$.matches.missed',
  extra: '$.matches.extra',
};

/**
 * What a list of days shows of each stands in an index with what tells whether a report is current: thousands of days are listed without
 * a look at their documents, which lie on pages of their own.
 */
export const reportPoints: Migration = {
  version: 9,
  name: 'report points',
  sql: `
    ALTER TABLE reports ADD COLUMN point TEXT NOT NULL DEFAULT '{}';
    UPDATE reports SET point = json_object('day', day, ${Object.entries(figures)
      .map(([name, path]) => `'${name}', document -> '${path}'`)
      .join(', ')});
    CREATE INDEX reports_listed ON reports (strategy, symbol, day, revision, input_hash, made_at_us, made_by, point);
  `,
};
