import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection, statement } from '../../electron/store/connection';
import { latestSchemaVersion, migrations } from '../../electron/store/migrations';
import type { Migration } from '../../electron/store/migrations/migration';
import { migrate, schemaVersionOf } from '../../electron/store/schema';
import { WriteQueue } from '../../electron/store/write-queue';
import { failureOf, steppingClock, temporaryFolder } from '../support/temporary-desk';

/** Each migration alone, and what holds for all of them. */

async function migratedTo(
  steps: readonly Migration[],
): Promise<{ connection: Connection; path: string; queue: WriteQueue }> {
  const path = join(await temporaryFolder(), 'desk.db');
  const connection = await Connection.open(path, 'create', 100);
  onTestFinished(() => connection.close());
  const queue = new WriteQueue(connection);
  await migrate(queue, path, steppingClock(), steps);
  return { connection, path, queue };
}

const listTables = statement(
  'list tables',
  `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
);

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    expect(latestSchemaVersion).toBe(migrations.length);
  });

  it('are written down with their name and time, and run once', async () => {
    const { connection, path, queue } = await migratedTo(migrations);
    await migrate(queue, path, steppingClock());
    expect(await connection.all(statement('read the ledger', 'SELECT version, name FROM schema_versions'))).toEqual(
      migrations.map(({ version, name }) => ({ version, name })),
    );
    expect(await schemaVersionOf(connection, path)).toBe(latestSchemaVersion);
  });

  it('that fail half-way leave the schema of the step before', async () => {
    const { connection, path, queue } = await migratedTo(migrations);
    const broken: Migration = {
      version: latestSchemaVersion + 1,
      name: 'broken',
      sql: 'CREATE TABLE half (a INTEGER) STRICT; CREATE TABLE imports (a INTEGER) STRICT;',
    };
    expect(await failureOf(migrate(queue, path, steppingClock(), [...migrations, broken]))).toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('already exists'),
    });
    expect(await schemaVersionOf(connection, path)).toBe(latestSchemaVersion);
    expect((await connection.all(listTables)).map(({ name }) => name)).not.toContain('half');
  });
});

describe('migration 1 (desk)', () => {
  it('makes the tables, all of them strict', async () => {
    const { connection } = await migratedTo(migrations.slice(0, 1));
    expect(await connection.all(listTables)).toEqual(
      [
        'import_lease',
        'import_strategies',
        'imports',
        'order_events',
        'price_chunks',
        'quarantined_rows',
        'reports',
        'schema_versions',
        'segment_data',
        'segment_parts',
        'settings',
        'symbol_totals',
        'visible_changes',
      ].map((name) => ({ name, strict: 1 })),
    );
  });
});

describe('migration 2 (zone assumed)', () => {
  it('leaves imports of before without an assumption', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 1));
    const insert = statement(
      'insert',
      `INSERT INTO imports (id, file_name, size_bytes, source, strategy, state, started_at_us)
       VALUES ('import-1', 'fills.csv', 1, 'live', 'alpha', 'done', 1)`,
    );
    await queue.transaction('decision', (transaction) => transaction.run(insert, []));
    await migrate(queue, path, steppingClock(), migrations.slice(0, 2));
    expect(await connection.all(statement('read', 'SELECT id, zone_assumed FROM imports'))).toEqual([
      { id: 'import-1', zone_assumed: null },
    ]);
  });
});

describe('migration 3 (quarantine states)', () => {
  it('opens the rows that are in quarantine already, and says so to other processes when one changes', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 2));
    const run = (sql: string) => connection.run(statement('prepare', sql));
    await run(`INSERT INTO imports (number, id, file_name, size_bytes, source, strategy, state, started_at_us)
      VALUES (1, 'i', 'a.csv', 1, 'live', 'alpha', 'done', 1)`);
    await run(`INSERT INTO quarantined_rows (import_number, line, reason, text) VALUES (1, 7, 'price', 'x')`);
    await migrate(queue, path, steppingClock(), migrations.slice(0, 3));
    const rows = statement('look', 'SELECT line, state, note, member FROM quarantined_rows');
    expect(await connection.all(rows)).toEqual([{ line: 7, state: 'open', note: null, member: null }]);
    const changes = statement('count changes', 'SELECT count FROM visible_changes');
    const before = await connection.get(changes);
    await run(`UPDATE quarantined_rows SET state = 'dismissed'`);
    expect(await connection.get(changes)).toEqual({ count: Number(before?.['count']) + 1 });
    await expect(run(`UPDATE quarantined_rows SET state = 'gone'`)).rejects.toThrow();
  });
});

describe('migration 4 (follow)', () => {
  it('adds the tables of live follow and keeps what is there', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 3));
    await connection.script(
      'an import from before',
      `INSERT INTO imports (id, file_name, size_bytes, source, strategy, state, started_at_us)
       VALUES ('import-1', 'fills.csv', 10, 'live', 'alpha', 'done', 1)`,
    );
    const before = (await connection.all(listTables)).map(({ name }) => name);
    await migrate(queue, path, steppingClock(), migrations.slice(0, 4));
    const added = (await connection.all(listTables)).filter(({ name }) => !before.includes(name));
    expect(added).toEqual(
      ['follow_lease', 'followed_files', 'followed_origins', 'watches'].map((name) => ({ name, strict: 1 })),
    );
    expect(await connection.all(statement('list imports', 'SELECT id FROM imports'))).toEqual([{ id: 'import-1' }]);
  });

  it('forgets the files of a watch with the watch', async () => {
    const { connection } = await migratedTo(migrations.slice(0, 4));
    await connection.script(
      'a watch with a file that continues another',
      `PRAGMA foreign_keys = ON;
       INSERT INTO watches (id, path, kind, source, since_us) VALUES ('watch-1', '/logs', 'folder', 'live', 1);
       INSERT INTO followed_files (id, watch_number, name, identity, position_bytes, size_bytes, state)
         VALUES ('file-1', 1, 'a.csv', '1:2', 0, 0, 'following');
       INSERT INTO followed_origins VALUES (1, x'', x'', x'');
       DELETE FROM watches;`,
    );
    const left = 'SELECT (SELECT count(*) FROM followed_files) + (SELECT count(*) FROM followed_origins) AS rows';
    expect(await connection.all(statement('count what is left', left))).toEqual([{ rows: 0 }]);
  });
});

describe('migration 5 (merged executions)', () => {
  it('says of imports and segments of before that nothing was merged, and takes nothing from them', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 4));
    const run = (sql: string) => connection.run(statement('prepare', sql));
    await run(`INSERT INTO imports (number, id, file_name, size_bytes, source, strategy, state, started_at_us)
      VALUES (1, 'i', 'a.csv', 1, 'live', 'alpha', 'done', 1)`);
    await run(`INSERT INTO segment_parts (strategy, symbol, day, source, import_number, executions, first_us, last_us, net_quantity,
      last_price) VALUES ('alpha', 'BTC/USDT', '2026-01-05', 'live', 1, 3, 1, 2, 0.5, 100.0)`);
    await migrate(queue, path, steppingClock(), migrations.slice(0, 5));
    expect(await connection.all(statement('look', 'SELECT merged, several_per_row FROM imports'))).toEqual([
      { merged: 0, several_per_row: 0 },
    ]);
    expect(await connection.all(statement('look', 'SELECT executions, revision FROM segment_parts'))).toEqual([
      { executions: 3, revision: 0 },
    ]);
  });
});

describe('migration 6 (cut files)', () => {
  it('knows of no import of before that its file was cut', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 5));
    await connection.run(
      statement(
        'prepare',
        `INSERT INTO imports (number, id, file_name, size_bytes, source, strategy, state, started_at_us)
         VALUES (1, 'i', 'a.csv', 1, 'live', 'alpha', 'done', 1)`,
      ),
    );
    await migrate(queue, path, steppingClock(), migrations.slice(0, 6));
    expect(await connection.all(statement('look', 'SELECT cut_line FROM imports'))).toEqual([{ cut_line: null }]);
  });
});

describe('migration 7 (shared segments)', () => {
  it('looks once at every segment of a followed file, and at no other', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 6));
    await connection.script(
      'an imported and a followed file',
      `INSERT INTO imports (number, id, file_name, size_bytes, source, strategy, state, started_at_us)
         VALUES (1, 'i', 'a.csv', 1, 'live', 'alpha', 'done', 1), (2, 'f', 'bot.log', 1, 'live', 'alpha', 'done', 1);
       INSERT INTO watches (id, path, kind, source, since_us) VALUES ('watch-1', '/logs', 'folder', 'live', 1);
       INSERT INTO followed_files (id, watch_number, name, import_number, identity, position_bytes, size_bytes, state)
         VALUES ('file-1', 1, 'bot.log', 2, '1:2', 0, 0, 'following'), ('file-2', 1, 'new.log', NULL, '1:3', 0, 0, 'following');
       INSERT INTO segment_parts (strategy, symbol, day, source, import_number, executions, first_us, last_us, net_quantity,
         last_price) VALUES ('alpha', 'BTC/USDT', '2026-01-05', 'live', 1, 3, 1, 2, 0.5, 100.0),
         ('alpha', 'BTC/USDT', '2026-01-06', 'live', 2, 3, 1, 2, 0.5, 100.0),
         ('alpha', 'BTC/USDT', '2026-01-06', 'live', 2, 1, 3, 3, 0.5, 100.0);`,
    );
    await migrate(queue, path, steppingClock(), migrations.slice(0, 7));
    expect(await connection.all(statement('look', 'SELECT day, import_number, pending FROM shared_segments'))).toEqual([
      { day: '2026-01-06', import_number: 2, pending: 1 },
    ]);
  });
});

describe('migration 8 (touched days)', () => {
  it('takes no report of before for current, and knows by which method each was made', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 7));
    await connection.script(
      'a judged day and one that is not',
      `INSERT INTO imports (number, id, file_name, size_bytes, source, strategy, state, started_at_us)
         VALUES (1, 'i', 'a.csv', 1, 'live', 'alpha', 'done', 1);
       INSERT INTO segment_parts (strategy, symbol, day, source, import_number, executions, first_us, last_us, net_quantity,
         last_price) VALUES ('alpha', 'BTC/USDT', '2026-01-05', 'live', 1, 3, 1, 2, 0.5, 100.0),
         ('alpha', 'ETH/USDT', '2026-01-05', 'live', 1, 3, 1, 2, 0.5, 100.0),
         ('alpha', 'BTC/USDT', '2026-01-06', 'live', 1, 3, 1, 2, 0.5, 100.0);
       INSERT INTO reports (strategy, symbol, day, revision, input_hash, made_at_us, document)
         VALUES ('alpha', '', '2026-01-05', 1, 'x', 1, '{"schema":"lockstep.report/1","methodVersion":"parity-0"}');`,
    );
    await migrate(queue, path, steppingClock(), migrations.slice(0, 8));
    expect(await connection.all(statement('look', 'SELECT strategy, day FROM touched_days ORDER BY day'))).toEqual([
      { strategy: 'alpha', day: '2026-01-05' },
      { strategy: 'alpha', day: '2026-01-06' },
    ]);
    expect(await connection.all(statement('look', 'SELECT made_by FROM reports'))).toEqual([
      { made_by: 'lockstep.report/1 parity-0' },
    ]);
    const everything = 'SELECT strategy, first_day, last_day FROM touched_ranges';
    expect(await connection.all(statement('look', everything))).toEqual([
      { strategy: '', first_day: '0000-01-01', last_day: '9999-12-31' },
    ]);
  });
});

describe('migration 9 (report points)', () => {
  it('takes the points out of the documents there are, to the digit', async () => {
    const { connection, path, queue } = await migratedTo(migrations.slice(0, 8));
    const full =
      '{"status":"WARN","trackingErrorBps":1.2345678901234567,"trackingErrorInterval":{"lower":0.1,"upper":3e-7},' +
      '"trackingDifferenceBps":-0.5,"worstTrackingBps":null,"feeDifferenceBps":0,"latencyDifferenceMs":12,"matchRate":0.995,' +
      '"attribution":{"gap":-17.25},"executionQualityScore":88,"matches":{"matched":10,"missed":1,"extra":2}}';
    const none = full.replace('{"lower":0.1,"upper":3e-7}', 'null');
    await connection.script(
      'two reports',
      `INSERT INTO reports (strategy, symbol, day, revision, input_hash, made_at_us, document) VALUES
         ('alpha', '', '2026-01-05', 1, 'x', 1, '${full}'), ('alpha', '', '2026-01-06', 1, 'y', 1, '${none}');`,
    );
    await migrate(queue, path, steppingClock(), migrations.slice(0, 9));
    const point = (day: string, lower: string, upper: string) =>
      `{"day":"${day}","status":"WARN","trackingErrorBps":1.2345678901234567,"trackingErrorLowerBps":${lower},` +
      `"trackingErrorUpperBps":${upper},"trackingDifferenceBps":-0.5,"worstTrackingBps":null,"feeDifferenceBps":0,` +
      '"latencyDifferenceMs":12,"matchRate":0.995,"gap":-17.25,"executionQualityScore":88,"matched":10,"missed":1,"extra":2}';
    expect(await connection.all(statement('look', 'SELECT point FROM reports ORDER BY day'))).toEqual([
      { point: point('2026-01-05', '0.1', '3e-7') },
      { point: point('2026-01-06', 'null', 'null') },
    ]);
  });
});

describe('migration 10 (canary)', () => {
  it('adds strict tables whose records are only ever added to, and no right to evaluate', async () => {
    const { connection } = await migratedTo(migrations.slice(0, 10));
    const tables = await connection.all(listTables);
    for (const name of ['audit_records', 'deployments', 'deployment_events', 'evaluations', 'monitor_lease']) {
      expect(tables).toContainEqual({ name, strict: 1 });
    }
    expect(await connection.all(statement('look', 'SELECT * FROM monitor_lease'))).toEqual([]);
  });
});
