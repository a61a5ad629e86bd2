import type { Migration } from './migration';

const dayOf = (us: string) => `strftime('%Y-%m-%d', ${us} / 1000000, 'unixepoch')`;
/** Names a mark, so that whoever dealt with it removes it and not one that came later; 53 bits, as JavaScript counts. */
const mark = 'random() >> 11';

const touchDay = (strategy: string, day: string, importNumber: string, when = 'true') => `
      INSERT INTO touched_days (strategy, day, import_number, mark)
        SELECT ${strategy}, ${day}, ${importNumber}, ${mark} WHERE ${when}
        ON CONFLICT DO UPDATE SET mark = excluded.mark;`;
const touchRange = (source: string) => `
      INSERT INTO touched_ranges (strategy, cause, import_number, first_day, last_day, mark)
        ${source}
        ON CONFLICT DO UPDATE SET first_day = min(first_day, excluded.first_day),
          last_day = max(last_day, excluded.last_day), mark = excluded.mark;`;
const range = (strategy: string, cause: string, importNumber: string, first: string, last: string, when = 'true') =>
  touchRange(`SELECT ${strategy}, '${cause}', ${importNumber}, ${first}, ${last}, ${mark} WHERE ${when}`);

/**
 * What a part brings or takes away: its day, and where it changes the position or the day's last fill, the later days of its symbol that
 * were judged or are about to be.
 */
const partTouches = (part: 'NEW' | 'OLD') => `${touchDay(`${part}.strategy`, `${part}.day`, `${part}.import_number`)}
      ${range(
        `${part}.strategy`,
        'carry',
        `${part}.import_number`,
        `date(${part}.day, '+1 day')`,
        `'9999-12-31'`,
        `(${part}.net_quantity <> 0 OR NOT EXISTS (SELECT 1 FROM segment_parts WHERE strategy = ${part}.strategy
             AND symbol = ${part}.symbol AND day = ${part}.day AND last_us > ${part}.last_us))
           AND (EXISTS (SELECT 1 FROM reports WHERE strategy = ${part}.strategy AND symbol = ${part}.symbol AND day > ${part}.day)
             OR EXISTS (SELECT 1 FROM touched_days WHERE strategy = ${part}.strategy AND day > ${part}.day))`,
      )}`;
const chunkTouches = (chunk: 'NEW' | 'OLD') =>
  // A price says what a fee paid shortly before was worth, and is the last one known until the next.
  range(`''`, 'prices', `${chunk}.import_number`, `date(${chunk}.day, '-1 day')`, `'9999-12-31'`);
const rowTouches = (row: 'NEW' | 'OLD') =>
  range(`''`, 'quarantine', `${row}.import_number`, `${row}.day`, `${row}.day`, `${row}.day IS NOT NULL`);
const settingTouches = (row: 'NEW' | 'OLD') =>
  range(
    `''`,
    'settings',
    '0',
    `'0000-01-01'`,
    `'9999-12-31'`,
    `${row}.key = 'parity' OR substr(${row}.key, 1, 7) = 'parity:'`,
  );
const quarantinedDays = (strategy: string, importNumber: string) =>
  touchRange(`SELECT ${strategy}, 'quarantine', ${importNumber}, min(day), max(day), ${mark} FROM quarantined_rows
          WHERE import_number = ${importNumber} AND day IS NOT NULL HAVING count(*) > 0`);

/**
 * Days whose reports may be out of date, marked in the transaction that touches what they rest on, whichever process writes; the reports
 * of all other days are known to be current without a look at their evidence. A mark says that a day must be looked at, not that its
 * report will differ. Marks of a running import do not count yet, as nothing it brings does. `touched_ranges` hold what reaches beyond
 * its own day until somebody asks: then the days in them that have reports are marked one by one; strategy '' stands for all of them.
 * While `folding` has a row, rows only change their place and nothing is touched. `made_by` tells reports of another document or
 * method, which are out of date without any mark.
 */
export const touchedDays: Migration = {
  version: 8,
  name: 'touched days',
  sql: `
    CREATE TABLE touched_days (
      strategy TEXT NOT NULL,
      day TEXT NOT NULL,
      import_number INTEGER NOT NULL,
      mark INTEGER NOT NULL,
      PRIMARY KEY (strategy, day, import_number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE touched_ranges (
      strategy TEXT NOT NULL,
      cause TEXT NOT NULL CHECK (cause IN ('carry', 'coverage', 'prices', 'quarantine', 'settings')),
      import_number INTEGER NOT NULL,
      first_day TEXT NOT NULL,
      last_day TEXT NOT NULL,
      mark INTEGER NOT NULL,
      PRIMARY KEY (strategy, cause, import_number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE folding (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;

    CREATE TRIGGER part_added AFTER INSERT ON segment_parts WHEN NOT EXISTS (SELECT 1 FROM folding)
      BEGIN ${partTouches('NEW')} END;
    CREATE TRIGGER part_removed AFTER DELETE ON segment_parts WHEN NOT EXISTS (SELECT 1 FROM folding)
      BEGIN ${partTouches('OLD')} END;
    CREATE TRIGGER prices_added AFTER INSERT ON price_chunks WHEN NOT EXISTS (SELECT 1 FROM folding)
      BEGIN ${chunkTouches('NEW')} END;
    CREATE TRIGGER prices_removed AFTER DELETE ON price_chunks WHEN NOT EXISTS (SELECT 1 FROM folding)
      BEGIN ${chunkTouches('OLD')} END;
    CREATE TRIGGER order_event_added AFTER INSERT ON order_events
      BEGIN ${touchDay('NEW.strategy', 'NEW.day', 'NEW.import_number')} END;
    CREATE TRIGGER order_event_removed AFTER DELETE ON order_events
      BEGIN ${touchDay('OLD.strategy', 'OLD.day', 'OLD.import_number')} END;
    CREATE TRIGGER quarantined AFTER INSERT ON quarantined_rows BEGIN ${rowTouches('NEW')} END;
    CREATE TRIGGER quarantine_left AFTER DELETE ON quarantined_rows BEGIN ${rowTouches('OLD')} END;
    CREATE TRIGGER quarantine_judged AFTER UPDATE OF state ON quarantined_rows BEGIN ${rowTouches('NEW')} END;
    -- What lies between the end of the coverage before and the new one is covered now.
    CREATE TRIGGER strategy_covered AFTER INSERT ON import_strategies
      BEGIN
      ${touchRange(`SELECT NEW.strategy, 'coverage', NEW.import_number,
          ${dayOf('iif(first_before IS NULL OR NEW.first_us < first_before, NEW.first_us, last_before)')},
          ${dayOf('iif(last_before IS NULL OR NEW.last_us > last_before, NEW.last_us, first_before)')}, ${mark}
        FROM (SELECT min(first_us) AS first_before, max(last_us) AS last_before FROM import_strategies
          WHERE source = NEW.source AND strategy = NEW.strategy AND import_number <> NEW.import_number)
        WHERE NEW.first_us IS NOT NULL AND NEW.last_us IS NOT NULL
          AND (last_before IS NULL OR NEW.first_us < first_before OR NEW.last_us > last_before)`)}
      ${quarantinedDays('NEW.strategy', 'NEW.import_number')}
      END;
    -- The usual case, a log that grows within its day, touches that day alone.
    CREATE TRIGGER coverage_grown AFTER UPDATE OF first_us, last_us ON import_strategies
      WHEN NEW.first_us IS NOT NULL AND NEW.last_us IS NOT NULL
        AND (OLD.first_us IS NOT NEW.first_us OR OLD.last_us IS NOT NEW.last_us)
      BEGIN
      ${touchDay('NEW.strategy', dayOf('NEW.first_us'), 'NEW.import_number', 'NEW.first_us IS NOT OLD.first_us')}
      ${touchDay('NEW.strategy', dayOf('NEW.last_us'), 'NEW.import_number', 'NEW.last_us IS NOT OLD.last_us')}
      ${range(
        'NEW.strategy',
        'coverage',
        'NEW.import_number',
        dayOf('iif(NEW.first_us IS OLD.first_us, OLD.last_us, NEW.first_us)'),
        dayOf('iif(NEW.last_us IS OLD.last_us, OLD.first_us, NEW.last_us)'),
        `${dayOf('coalesce(OLD.first_us, 0)')} <> ${dayOf('NEW.first_us')} OR ${dayOf('coalesce(OLD.last_us, 0)')} <> ${dayOf('NEW.last_us')}`,
      )}
      END;
    CREATE TRIGGER import_renamed AFTER UPDATE OF strategy ON imports WHEN OLD.strategy <> NEW.strategy
      BEGIN ${quarantinedDays(`''`, 'NEW.number')} END;
    CREATE TRIGGER import_gone AFTER UPDATE OF state ON imports WHEN NEW.state IN ('failed', 'cancelled')
      BEGIN
      DELETE FROM touched_days WHERE import_number = NEW.number;
      DELETE FROM touched_ranges WHERE import_number = NEW.number;
      END;
    CREATE TRIGGER parity_set AFTER INSERT ON settings BEGIN ${settingTouches('NEW')} END;
    CREATE TRIGGER parity_changed AFTER UPDATE ON settings BEGIN ${settingTouches('NEW')} END;
    CREATE TRIGGER parity_removed AFTER DELETE ON settings BEGIN ${settingTouches('OLD')} END;

    ALTER TABLE reports ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
    UPDATE reports SET made_by = (document ->> 'schema') || ' ' || (document ->> 'methodVersion');
    -- Of what is stored already nobody knows what was looked at since it came.
    INSERT INTO touched_days (strategy, day, import_number, mark)
      SELECT strategy, day, 0, ${mark} FROM segment_parts GROUP BY strategy, day;
    INSERT INTO touched_ranges (strategy, cause, import_number, first_day, last_day, mark)
      VALUES ('', 'settings', 0, '0000-01-01', '9999-12-31', ${mark});
  `,
};
