import type { Migration } from './migration';

/**
 * Quarantined rows get a state: open until they are fixed or dismissed, never deleted. `readings` keeps what a file was read by, so
 * that a corrected row can be read like the rows around it. A retry adds to an import that has ended under a record of its own
 * (`retry_of`), which hides what it brings until its commit and goes with it.
 */
export const quarantineStates: Migration = {
  version: 3,
  name: 'quarantine states',
  sql: `
    ALTER TABLE quarantined_rows ADD COLUMN member TEXT;
    ALTER TABLE quarantined_rows ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'fixed', 'dismissed'));
    ALTER TABLE quarantined_rows ADD COLUMN note TEXT;
    ALTER TABLE quarantined_rows ADD COLUMN fixed_text TEXT;
    CREATE INDEX quarantined_rows_open ON quarantined_rows (import_number, id) WHERE state = 'open';
    CREATE TRIGGER quarantine_changed AFTER UPDATE OF state ON quarantined_rows
      BEGIN UPDATE visible_changes SET count = count + 1; END;

    -- '' = the file itself, else the file inside the archive
    CREATE TABLE readings (
      import_number INTEGER NOT NULL REFERENCES imports (number),
      member TEXT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (import_number, member)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE imports ADD COLUMN retry_of INTEGER REFERENCES imports (number);
  `,
};
