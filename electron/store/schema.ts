import type { Clock } from '../../shared/base/clock';
import { FailureError, failure } from '../../shared/base/errors';
import { type Connection, statement } from './connection';
import { latestSchemaVersion, migrations } from './migrations';
import type { Migration } from './migrations/migration';
import { numberCell } from './rows';
import type { WriteQueue } from './write-queue';

/** Which schema a file has, and the way to the present one. */

/** Marks the file as ours ("LSTP"), so that another program's database is never taken for a desk. */
const APPLICATION_ID = 0x4c535450;

const readApplicationId = statement('read the application id', 'PRAGMA application_id');
const hasLedger = statement(
  'look for the schema ledger',
  `SELECT count(*) AS tables, count(*) FILTER (WHERE name = 'schema_versions') AS ledgers FROM sqlite_schema`,
);
const readVersion = statement('read the schema version', 'SELECT max(version) AS version FROM schema_versions');
const recordVersion = statement(
  'record a migration',
  'INSERT INTO schema_versions (version, name, applied_at_us) VALUES (?, ?, ?)',
);
const ledger = `
  PRAGMA application_id = ${APPLICATION_ID};
  CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_us INTEGER NOT NULL) STRICT;
`;

type Reader = Pick<Connection, 'get'>;

/** Version of the schema in the file; 0 for an empty one. Throws when the file is not ours or newer than this program. */
export async function schemaVersionOf(reader: Reader, path: string): Promise<number> {
  const tables = (await reader.get(hasLedger)) ?? {};
  if (numberCell(tables, 'tables') === 0) return 0;
  const applicationId = numberCell((await reader.get(readApplicationId)) ?? {}, 'application_id');
  if (applicationId !== APPLICATION_ID || numberCell(tables, 'ledgers') === 0) {
    throw new FailureError(
      failure(
        'store-corrupt',
        `${path} is an SQLite file, but not a Lockstep desk`,
        'Choose another folder with --data-dir, or move that file away.',
        { path },
      ),
    );
  }
  const version = numberCell((await reader.get(readVersion)) ?? {}, 'version');
  if (version > latestSchemaVersion) {
    throw new FailureError(
      failure(
        'store-newer',
        `${path} has schema ${version}, this program knows schemas up to ${latestSchemaVersion}`,
        'Update Lockstep, or choose another folder with --data-dir.',
        { path, version, latest: latestSchemaVersion },
      ),
    );
  }
  return version;
}

/**
 * Brings the file to the newest schema, one transaction a step. Another process may do the same at the same time: each step looks
 * at the version again inside its transaction.
 */
export async function migrate(
  queue: WriteQueue,
  path: string,
  clock: Clock,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  for (const migration of steps) {
    await queue.transaction('decision', async (transaction) => {
      if ((await schemaVersionOf(transaction, path)) >= migration.version) return;
      await transaction.script('schema ledger', ledger);
      await transaction.script(`migration ${migration.version} ${migration.name}`, migration.sql);
      await transaction.run(recordVersion, [migration.version, migration.name, clock.nowUs()]);
    });
  }
}
