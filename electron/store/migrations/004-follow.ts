import type { Migration } from './migration';

/**
 * Live follow: what is watched, how far each file was read, and which process follows. A file's position and the rows before it are
 * written in one transaction.
 */
export const follow: Migration = {
  version: 4,
  name: 'follow',
  sql: `
    CREATE TABLE watches (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      path TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('folder', 'file')),
      source TEXT NOT NULL CHECK (source IN ('backtest', 'live')),
      strategy TEXT,
      account TEXT,
      version TEXT,
      format TEXT,
      map TEXT,
      zone TEXT,
      symbol TEXT,
      paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
      state TEXT NOT NULL DEFAULT 'watching' CHECK (state IN ('watching', 'unreachable', 'failed')),
      reason TEXT,
      since_us INTEGER NOT NULL,
      last_record_us INTEGER,
      last_read_us INTEGER,
      delay_ms REAL
    ) STRICT;

    CREATE TABLE followed_files (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      watch_number INTEGER NOT NULL REFERENCES watches (number) ON DELETE CASCADE,
      name TEXT NOT NULL,
      mode TEXT CHECK (mode IN ('stream', 'whole')),
      import_number INTEGER REFERENCES imports (number),
      identity TEXT NOT NULL,
      position_bytes INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL,
      print TEXT,
      sample_bytes INTEGER,
      format TEXT,
      state TEXT NOT NULL CHECK (state IN ('following', 'writing', 'failed', 'gone')),
      reason TEXT
    ) STRICT;
    CREATE INDEX followed_files_by_name ON followed_files (watch_number, name);

    CREATE TABLE followed_origins (
      file_number INTEGER PRIMARY KEY REFERENCES followed_files (number) ON DELETE CASCADE,
      beginning BLOB NOT NULL,
      carry BLOB NOT NULL,
      occurrences BLOB NOT NULL
    ) STRICT;

    -- A beat instead of a time: whether its holder lives must not depend on anybody's clock.
    CREATE TABLE follow_lease (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      token TEXT NOT NULL,
      host TEXT NOT NULL,
      process_id INTEGER NOT NULL,
      process_start TEXT,
      beat INTEGER NOT NULL
    ) STRICT;

    CREATE TRIGGER watch_added AFTER INSERT ON watches
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER watch_changed AFTER UPDATE OF paused, state, reason, last_read_us ON watches
      BEGIN UPDATE visible_changes SET count = count + 1; END;
    CREATE TRIGGER watch_removed AFTER DELETE ON watches
      BEGIN UPDATE visible_changes SET count = count + 1; END;
  `,
};
