import type { Migration } from './migration';

/**
 * Segments of followed files that other logs tell too. `pending` ones got rows since what the logs tell of the same trades was last
 * brought together; `import_number` is the followed file's import that brought the latest. A segment once listed stays: whose rows its
 * parts hold cannot be told from the parts. Of segments followed before it is not known, so each is looked at once.
 */
export const sharedSegments: Migration = {
  version: 7,
  name: 'shared segments',
  sql: `
    CREATE TABLE shared_segments (
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      import_number INTEGER NOT NULL REFERENCES imports (number),
      pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
      PRIMARY KEY (strategy, symbol, day, source)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX shared_segments_pending ON shared_segments (import_number) WHERE pending = 1;
    INSERT INTO shared_segments
      SELECT strategy, symbol, day, source, max(import_number), 1 FROM segment_parts
      WHERE import_number IN (SELECT import_number FROM followed_files)
      GROUP BY strategy, symbol, day, source;
  `,
};
