import type { Migration } from './migration';

/**
 * The first schema: imports, segments, order events, prices, quarantine, reports and settings.
 *
 * Rows that an import brings carry its number and are visible once no import of that number is running. `segment_parts` holds what
 * is looked up, `segment_data` the bytes, so that a look-up never walks over them. Text that can be absent is NULL, except the
 * symbol of a report, where '' means the portfolio and takes part in the key.
 */
export const desk: Migration = {
  version: 1,
  name: 'desk',
  sql: `
    CREATE TABLE imports (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      file_name TEXT NOT NULL,
      path TEXT,
      size_bytes INTEGER NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      strategy TEXT NOT NULL,
      version TEXT,
      account TEXT,
      format TEXT NOT NULL DEFAULT '',
      confidence REAL NOT NULL DEFAULT 0,
      reason TEXT NOT NULL DEFAULT '',
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
      started_at_us INTEGER NOT NULL,
      ended_at_us INTEGER,
      rows_read INTEGER NOT NULL DEFAULT 0,
      executions INTEGER NOT NULL DEFAULT 0,
      order_events INTEGER NOT NULL DEFAULT 0,
      other_rows INTEGER NOT NULL DEFAULT 0,
      duplicates INTEGER NOT NULL DEFAULT 0,
      quarantined INTEGER NOT NULL DEFAULT 0,
      other_row_names TEXT NOT NULL DEFAULT '{}',
      first_us INTEGER,
      last_us INTEGER,
      symbols TEXT NOT NULL DEFAULT '[]',
      failure TEXT
    ) STRICT;
    CREATE INDEX imports_running ON imports (number) WHERE state = 'running';

    CREATE TABLE import_lease (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      import_number INTEGER NOT NULL REFERENCES imports (number),
      token TEXT NOT NULL,
      host TEXT NOT NULL,
      process_id INTEGER NOT NULL,
      process_start TEXT,
      heartbeat_us INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE import_strategies (
      source TEXT NOT NULL,
      strategy TEXT NOT NULL,
      import_number INTEGER NOT NULL REFERENCES imports (number),
      first_us INTEGER,
      last_us INTEGER,
      PRIMARY KEY (source, strategy, import_number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_strategies_by_import ON import_strategies (import_number);

    CREATE TABLE segment_parts (
      id INTEGER PRIMARY KEY,
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      import_number INTEGER NOT NULL REFERENCES imports (number),
      executions INTEGER NOT NULL,
      first_us INTEGER NOT NULL,
      last_us INTEGER NOT NULL,
      net_quantity REAL NOT NULL,
      last_price REAL NOT NULL
    ) STRICT;
    CREATE INDEX segment_parts_by_key ON segment_parts
      (strategy, symbol, day, source, id, import_number, executions, first_us, last_us, net_quantity, last_price);
    CREATE INDEX segment_parts_by_time ON segment_parts (strategy, symbol, last_us, import_number, first_us, source, last_price);
    CREATE INDEX segment_parts_by_import ON segment_parts (import_number);

    CREATE TABLE segment_data (
      part_id INTEGER PRIMARY KEY REFERENCES segment_parts (id) ON DELETE CASCADE,
      hashes BLOB NOT NULL,
      columns BLOB NOT NULL
    ) STRICT;

    CREATE TABLE symbol_totals (
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      source TEXT NOT NULL,
      first_day TEXT NOT NULL,
      last_day TEXT NOT NULL,
      executions INTEGER NOT NULL,
      PRIMARY KEY (strategy, symbol, source)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE order_events (
      id INTEGER PRIMARY KEY,
      content_hash BLOB NOT NULL UNIQUE,
      import_number INTEGER NOT NULL REFERENCES imports (number),
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      at_us INTEGER NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      venue TEXT,
      account TEXT,
      version TEXT,
      side TEXT CHECK (side IN ('buy', 'sell')),
      kind TEXT NOT NULL CHECK (kind IN ('submitted', 'rejected', 'cancelled', 'expired')),
      order_id TEXT,
      client_order_id TEXT,
      intended_quantity REAL,
      price REAL,
      reason TEXT,
      paper INTEGER NOT NULL CHECK (paper IN (0, 1)),
      line INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX order_events_by_key ON order_events (strategy, symbol, day, at_us, id);
    CREATE INDEX order_events_by_import ON order_events (import_number);

    CREATE TABLE price_chunks (
      id INTEGER PRIMARY KEY,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      import_number INTEGER NOT NULL REFERENCES imports (number),
      points INTEGER NOT NULL,
      first_us INTEGER NOT NULL,
      last_us INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE INDEX price_chunks_by_time ON price_chunks (symbol, last_us, first_us, import_number);
    CREATE INDEX price_chunks_by_key ON price_chunks (symbol, day, id);
    CREATE INDEX price_chunks_by_import ON price_chunks (import_number);

    CREATE TABLE quarantined_rows (
      id INTEGER PRIMARY KEY,
      import_number INTEGER NOT NULL REFERENCES imports (number),
      line INTEGER NOT NULL,
      day TEXT,
      symbol TEXT,
      reason TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX quarantined_rows_by_import ON quarantined_rows (import_number, id);
    CREATE INDEX quarantined_rows_by_day ON quarantined_rows (day, import_number, symbol);

    CREATE TABLE reports (
      id INTEGER PRIMARY KEY,
      strategy TEXT NOT NULL,
      symbol TEXT NOT NULL,
      day TEXT NOT NULL,
      revision INTEGER NOT NULL,
      input_hash TEXT NOT NULL,
      made_at_us INTEGER NOT NULL,
      document TEXT NOT NULL,
      UNIQUE (strategy, symbol, day, revision)
    ) STRICT;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      changed_at_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Counts what a reader can notice. Another process sees that the file changed, and here whether it matters to anybody:
    -- the thousand small writes of a running import do not.
    CREATE TABLE visible_changes (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
    INSERT INTO visible_changes VALUES (1, 0);
    CREATE TRIGGER import_begun AFTER INSERT ON imports
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER import_ended AFTER UPDATE OF state ON imports
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER report_made AFTER INSERT ON reports
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER setting_made AFTER INSERT ON settings
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER setting_changed AFTER UPDATE ON settings
      BEGIN UPDATE visible_changes SET count = count + 1; END;
  `,
};
