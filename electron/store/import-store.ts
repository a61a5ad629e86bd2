import { setTimeout } from 'node:timers/promises';
import type { Clock, Ids } from '../../shared/base/clock';
import { type Failure, FailureError, failure } from '../../shared/base/errors';
import type {
  ImportRecord,
  ImportSession,
  ImportStore,
  MergedExecution,
  Page,
  Paged,
  QuarantinedRow,
  QuarantineState,
  ResumedImport,
  ToldElsewhere,
} from '../engine/ports';
import { statement } from './connection';
import { ImportLeases } from './import-lease';
import { importRecordOf, quarantinedRowOf } from './import-rows';
import { type SessionParts, StoredImportSession, StoredResumedImport } from './import-session';
import { mergedExecutionsOf } from './merged-rows';
import type { ProcessIdentity } from './process-identity';
import type { Readers } from './readers';
import { damaged, numberCell, textCell } from './rows';
import { readToldElsewhere } from './told-elsewhere';
import { visibleRows } from './visibility';
import type { WriteQueue } from './write-queue';

const insertImport = statement(
  'begin an import',
  `INSERT INTO imports (id, file_name, path, size_bytes, source, strategy, version, account, state, started_at_us)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?) RETURNING number`,
);
const endImport = statement(
  'end an import',
  `UPDATE imports SET state = ?, ended_at_us = ?, failure = ? WHERE number = ? AND state = 'running'`,
);
const running = statement('find running imports', `SELECT number FROM imports WHERE state = 'running'`);
const listImports = statement(
  'list imports',
  `SELECT *, (SELECT count(*) FROM imports WHERE retry_of IS NULL) AS total FROM imports
   WHERE retry_of IS NULL ORDER BY number DESC LIMIT ?2 OFFSET ?1`,
);
const countImports = statement('count imports', 'SELECT count(*) AS total FROM imports WHERE retry_of IS NULL');
const getImport = statement('read an import', 'SELECT * FROM imports WHERE id = ? AND retry_of IS NULL');
const quarantinedColumns = `quarantined_rows.id, imports.id AS import_id, member, line, day, symbol, quarantined_rows.reason, text,
     quarantined_rows.state, note`;
/** Rows whose reason is like the pattern; every row where there is none. */
const ofCause = (parameter: string) =>
  `(${parameter} IS NULL OR quarantined_rows.reason LIKE ${parameter} ESCAPE '\\')`;
const listQuarantined = statement(
  'list quarantined rows',
  `SELECT ${quarantinedColumns} FROM quarantined_rows JOIN imports ON imports.number = import_number
   WHERE (?3 IS NULL OR quarantined_rows.state = ?3) AND ${ofCause('?4')} AND ${visibleRows}
   ORDER BY import_number DESC, quarantined_rows.id LIMIT ?2 OFFSET ?1`,
);
const listQuarantinedOfImport = statement(
  'list quarantined rows of an import',
  `SELECT ${quarantinedColumns} FROM imports JOIN quarantined_rows ON import_number = imports.number
   WHERE imports.id = ?5 AND (?3 IS NULL OR quarantined_rows.state = ?3) AND ${ofCause('?4')} AND ${visibleRows}
   ORDER BY quarantined_rows.id LIMIT ?2 OFFSET ?1`,
);
const countQuarantined = statement(
  'count quarantined rows',
  `SELECT count(*) AS total FROM quarantined_rows
   WHERE (?1 IS NULL OR state = ?1) AND ${ofCause('?2')} AND ${visibleRows}`,
);
const countQuarantinedOfImport = statement(
  'count quarantined rows of an import',
  `SELECT count(*) AS total FROM quarantined_rows
   WHERE import_number = (SELECT number FROM imports WHERE id = ?3) AND (?1 IS NULL OR state = ?1)
     AND ${ofCause('?2')} AND ${visibleRows}`,
);
const countReasons = statement(
  'count quarantined rows by reason',
  `SELECT reason, count(*) AS total FROM quarantined_rows
   WHERE (?2 IS NULL OR import_number = (SELECT number FROM imports WHERE id = ?2))
     AND (?1 IS NULL OR state = ?1) AND ${visibleRows}
   GROUP BY reason ORDER BY total DESC, reason LIMIT ?3`,
);
const quarantinedByIds = statement(
  'read quarantined rows',
  `SELECT ${quarantinedColumns} FROM json_each(?) AS wanted
   JOIN quarantined_rows ON quarantined_rows.id = wanted.value JOIN imports ON imports.number = import_number
   WHERE ${visibleRows} ORDER BY wanted.key`,
);
const changeState = statement(
  'change the state of quarantined rows',
  `UPDATE quarantined_rows SET state = ?2, note = ?3
   WHERE id IN (SELECT value FROM json_each(?1)) AND state = ?4 AND ${visibleRows}`,
);
const readReading = statement(
  'read what a file was read by',
  `SELECT document FROM readings JOIN imports ON imports.number = import_number WHERE imports.id = ? AND member = ?`,
);
const insertRetry = statement(
  'begin a retry',
  `INSERT INTO imports (id, file_name, path, size_bytes, source, strategy, version, account, state, started_at_us, retry_of)
   SELECT ?2, file_name, path, 0, source, strategy, version, account, 'running', ?3, number
   FROM imports WHERE id = ?1 AND state = 'done' AND retry_of IS NULL
   RETURNING number, retry_of`,
);
/** What an import brought, a bounded number of rows at a time. Parts take their data with them. */
const removals = (
  [
    ['segment_parts', 64],
    ['merged_segments', 64],
    ['price_chunks', 64],
    ['order_events', 5_000],
    ['quarantined_rows', 5_000],
  ] as const
).map(([table, atOnce]) =>
  statement(
    `remove ${table} of an import`,
    `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE import_number = ? LIMIT ${atOnce})`,
  ),
);

const removeReadings = statement('remove readings of an import', 'DELETE FROM readings WHERE import_number = ?');

const removeReplacements = statement(
  'forget what an import replaces',
  'DELETE FROM replaced_rows WHERE import_number = ?',
);
const countMerged = statement(
  'count merged rows',
  `SELECT coalesce(sum(merged), 0) AS total FROM merged_segments WHERE ${visibleRows}`,
);
const countMergedOfImport = statement(
  'count merged rows of an import',
  `SELECT coalesce(sum(merged_counts.executions), 0) AS total
   FROM merged_counts JOIN merged_segments ON id = merged_id WHERE import_id = ? AND ${visibleRows}`,
);
/** Newest first, with how many merged rows each segment has. */
const listMerged = statement(
  'list segments with merged rows',
  `SELECT id, merged AS pairs FROM merged_segments WHERE ${visibleRows} ORDER BY id DESC`,
);
const listMergedOfImport = statement(
  'list segments with merged rows of an import',
  `SELECT id, merged_counts.executions AS pairs FROM merged_counts JOIN merged_segments ON id = merged_id
   WHERE import_id = ? AND ${visibleRows} ORDER BY id DESC`,
);
const readMerged = statement('read merged rows', 'SELECT * FROM merged_segments WHERE id = ?');

/** How long what adds to an import that has ended is waited for: a minute. */
const BRIEF_MS = 50;
const BRIEF_ASKED = 1_200;

export class StoredImports implements ImportStore {
  private readonly leases: ImportLeases;
  private readonly sessions = new Set<StoredImportSession>();

  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    identity: ProcessIdentity,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly changed: () => void,
  ) {
    this.leases = new ImportLeases(identity, clock, ids);
  }

  async begin(
    start: Pick<ImportRecord, 'fileName' | 'path' | 'sizeBytes' | 'source' | 'strategy' | 'version' | 'account'>,
  ): Promise<ImportSession> {
    await this.waitWhileBrief();
    const importId = this.ids.next('import');
    const { importNumber, token } = await this.queue.transaction('decision', async (transaction) => {
      const held = await this.leases.current(transaction);
      if (held !== null) throw this.leases.busyFailure(held);
      const { fileName, path, sizeBytes, source, strategy, version, account } = start;
      const values = [importId, fileName, path, sizeBytes, source, strategy, version, account, this.clock.nowUs()];
      const [row] = await transaction.all(insertImport, values);
      if (row === undefined) throw damaged('a new import got no number');
      const number = numberCell(row, 'number');
      return { importNumber: number, token: await this.leases.take(transaction, number) };
    });
    const session = this.session({ importNumber, importId, token });
    this.changed();
    return session;
  }

  async resume(importId: string): Promise<ResumedImport> {
    await this.waitWhileBrief();
    const { importNumber, resumed, token } = await this.queue.transaction('decision', async (transaction) => {
      const held = await this.leases.current(transaction);
      if (held !== null) throw this.leases.busyFailure(held);
      const [row] = await transaction.all(insertRetry, [importId, this.ids.next('retry'), this.clock.nowUs()]);
      if (row === undefined) throw unknownImport(importId);
      const number = numberCell(row, 'number');
      const token = await this.leases.take(transaction, number);
      return { importNumber: number, resumed: numberCell(row, 'retry_of'), token };
    });
    return new StoredResumedImport(this.session({ importNumber, importId, token }), resumed);
  }

  private session(begun: Pick<SessionParts, 'importNumber' | 'importId' | 'token'>): StoredImportSession {
    const session = new StoredImportSession({
      queue: this.queue,
      readers: this.readers,
      leases: this.leases,
      clock: this.clock,
      ...begun,
      discard: (number, held, state, reason) => this.discard(number, held, state, reason),
      changed: this.changed,
      ended: (ended) => this.sessions.delete(ended),
    });
    this.sessions.add(session);
    return session;
  }

  async list({ offset, limit }: Page): Promise<Paged<ImportRecord>> {
    const rows = await this.readers.all(listImports, [offset, limit]);
    const [first] = rows;
    const total = numberCell(first ?? (await this.readers.get(countImports)) ?? {}, 'total');
    return { rows: rows.map(importRecordOf), total };
  }

  async get(id: string): Promise<ImportRecord | null> {
    const row = await this.readers.get(getImport, [id]);
    return row === null ? null : importRecordOf(row);
  }

  async quarantined(
    importId: string | null,
    { offset, limit }: Page,
    state: QuarantineState | null = null,
    reasonLike: string | null = null,
  ): Promise<Paged<QuarantinedRow>> {
    const [rows, count] =
      importId === null
        ? await Promise.all([
            this.readers.all(listQuarantined, [offset, limit, state, reasonLike]),
            this.readers.get(countQuarantined, [state, reasonLike]),
          ])
        : await Promise.all([
            this.readers.all(listQuarantinedOfImport, [offset, limit, state, reasonLike, importId]),
            this.readers.get(countQuarantinedOfImport, [state, reasonLike, importId]),
          ]);
    return { total: numberCell(count ?? {}, 'total'), rows: rows.map(quarantinedRowOf) };
  }

  async quarantineReasons(importId: string | null, state: QuarantineState | null, limit: number) {
    const rows = await this.readers.all(countReasons, [state, importId, limit]);
    return rows.map((row) => ({ reason: textCell(row, 'reason'), rows: numberCell(row, 'total') }));
  }

  async quarantinedById(ids: readonly string[]): Promise<readonly QuarantinedRow[]> {
    const rows = (await this.readers.all(quarantinedByIds, [rowNumbers(ids)])).map(quarantinedRowOf);
    const missing = ids.filter((id) => !rows.some((row) => row.id === id));
    if (missing.length > 0) throw unknownRows(missing);
    return rows;
  }

  async changeQuarantine(
    ids: readonly string[],
    from: QuarantineState,
    to: 'open' | 'dismissed',
    note: string,
  ): Promise<void> {
    const distinct = [...new Set(ids)];
    const rows = await this.quarantinedById(distinct);
    await this.queue.transaction('decision', async (transaction) => {
      if ((await transaction.run(changeState, [rowNumbers(distinct), to, note, from])) === distinct.length) return;
      const other = rows.find((row) => row.state !== from);
      throw new FailureError(
        failure(
          'conflict',
          other === undefined
            ? 'Somebody else changed these quarantined rows at the same time.'
            : `Quarantined row ${other.id} is ${other.state}${other.note === null ? '' : ` (${other.note})`}, not ${from}.`,
          'Nothing was changed; look at the rows again and leave this one out.',
          { ...(other && { id: other.id, state: other.state }), expected: from },
        ),
      );
    });
    this.changed();
  }

  async reading(importId: string, member: string | null): Promise<string | null> {
    const row = await this.readers.get(readReading, [importId, member ?? '']);
    return row === null ? null : textCell(row, 'document');
  }

  async toldElsewhere(importId: string): Promise<readonly ToldElsewhere[]> {
    return readToldElsewhere(this.readers, importId);
  }

  async merged(importId: string | null, { offset, limit }: Page): Promise<Paged<MergedExecution>> {
    const [count, segments] = await Promise.all(
      importId === null
        ? [this.readers.get(countMerged), this.readers.all(listMerged)]
        : [this.readers.get(countMergedOfImport, [importId]), this.readers.all(listMergedOfImport, [importId])],
    );
    const rows: MergedExecution[] = [];
    let before = 0;
    for (const segment of segments) {
      const pairs = numberCell(segment, 'pairs');
      if (before + pairs > offset && rows.length < limit) {
        const row = await this.readers.get(readMerged, [numberCell(segment, 'id')]);
        // Another import may have written it anew in between.
        const found = row === null ? [] : mergedExecutionsOf(row, importId);
        rows.push(...found.slice(Math.max(0, offset - before), Math.max(0, offset - before) + limit - rows.length));
      }
      before += pairs;
    }
    return { rows, total: numberCell(count ?? {}, 'total') };
  }

  /**
   * What follows a file adds to its import unasked, now and then and for a moment; whoever meets that waits for it. Who still does
   * after that is told `busy` like everybody.
   */
  private async waitWhileBrief(): Promise<void> {
    for (let asked = 0; asked < BRIEF_ASKED; asked++) {
      await this.removeInterrupted();
      if (!(await this.leases.current(this.readers))?.brief) return;
      await setTimeout(BRIEF_MS);
    }
  }

  /** Removes imports whose process died; leaves the one that is really running, here or in another process. */
  async removeInterrupted(): Promise<void> {
    const lease = await this.queue.transaction('bulk', async (transaction) => {
      if ((await transaction.get(running)) === null) return null;
      return this.leases.current(transaction);
    });
    if (lease === null || !(await this.leases.isLost(lease))) return;
    const token = await this.queue.transaction('decision', (transaction) => this.leases.takeOver(transaction, lease));
    if (token === null) return;
    await this.discard(lease.importNumber, token, 'failed', this.leases.interruptedFailure(lease));
  }

  /** Ends what this store was importing. */
  async close(): Promise<void> {
    for (const session of this.sessions) await session.close();
  }

  /**
   * Rows go before the state turns: until the very end they belong to a running import and stay hidden. Who is interrupted here
   * leaves a lost lease, and the next to ask goes on.
   */
  private async discard(
    importNumber: number,
    token: string,
    state: 'failed' | 'cancelled',
    reason: Failure,
  ): Promise<void> {
    for (const removal of removals) {
      for (let removed = 1; removed > 0; ) {
        removed = await this.queue.transaction('bulk', async (transaction) => {
          await this.leases.renew(transaction, token);
          return transaction.run(removal, [importNumber]);
        });
      }
    }
    await this.queue.transaction('decision', async (transaction) => {
      await this.leases.renew(transaction, token);
      await transaction.run(removeReadings, [importNumber]);
      await transaction.run(removeReplacements, [importNumber]);
      await transaction.run(endImport, [state, this.clock.nowUs(), JSON.stringify(reason), importNumber]);
      await this.leases.giveBack(transaction, token);
    });
    this.changed();
  }
}

/** Ids of quarantined rows as SQLite looks for them; what cannot be one is nobody's. */
function rowNumbers(ids: readonly string[]): string {
  return JSON.stringify(ids.filter((id) => /^\d{1,15}$/.test(id)).map(Number));
}

function unknownRows(ids: readonly string[]): FailureError {
  return new FailureError(
    failure(
      'not-found',
      `There is no quarantined row ${ids.slice(0, 5).join(', ')}.`,
      'Look at the list of quarantined rows.',
      { id: ids[0] ?? '' },
    ),
  );
}

function unknownImport(id: string): FailureError {
  return new FailureError(
    failure('not-found', `There is no finished import ${id}.`, 'Open the list of imports.', { id }),
  );
}
