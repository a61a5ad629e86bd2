import type { Migration } from './migration';

/**
 * Trades that several logs tell. `merged_segments` keeps the rows of such trades as they were logged, with what belongs together, and
 * the hashes of rows that are no rows of a part any more, so that they are known when their file comes again. An import that
 * brings such trades writes the segment anew, hidden like all it brings; what that stands for is listed in `replaced_rows` and goes
 * in the import's commit. `revision` of a part counts how often its segment was written anew.
 */
export const mergedExecutions: Migration = {
  version: 5,
  name: 'merged executions',
  sql: `
    ALTER TABLE imports ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE imports ADD COLUMN several_per_row INTEGER NOT NULL DEFAULT 0 CHECK (several_per_row IN (0, 1));
    ALTER TABLE segment_parts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    DROP INDEX segment_parts_by_key;
    CREATE INDEX segment_parts_by_key ON segment_parts
      (strategy, symbol, day, source, id, import_number, executions, first_us, last_us, net_quantity, last_price, revision);

    CREATE TABLE merged_segments (
      id INTEGER PRIMARY KEY,
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      import_number INTEGER NOT NULL REFERENCES imports (number),
      executions INTEGER NOT NULL,
      merged INTEGER NOT NULL,
      twins TEXT NOT NULL,
      hashes BLOB NOT NULL,
      columns BLOB NOT NULL
    ) STRICT;
    CREATE INDEX merged_segments_by_key ON merged_segments (strategy, symbol, day, source, id, import_number);
    CREATE INDEX merged_segments_by_import ON merged_segments (import_number);

    -- how many merged rows of a segment an import has part in, on either side
    CREATE TABLE merged_counts (
      merged_id INTEGER NOT NULL REFERENCES merged_segments (id) ON DELETE CASCADE,
      import_id TEXT NOT NULL,
      executions INTEGER NOT NULL,
      PRIMARY KEY (import_id, merged_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX merged_counts_by_segment ON merged_counts (merged_id);

    CREATE TABLE replaced_rows (
      import_number INTEGER NOT NULL REFERENCES imports (number),
      kind TEXT NOT NULL CHECK (kind IN ('part', 'merged')),
      id INTEGER NOT NULL,
      PRIMARY KEY (import_number, kind, id)
    ) STRICT, WITHOUT ROWID;
  `,
};
