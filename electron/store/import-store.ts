import type { Clock, Ids } from '../../shared/base/clock';
import type { Failure } from '../../shared/base/errors';
import { isUtcDay } from '../../shared/base/time';
import type { ImportRecord, ImportSession, ImportStore, Page, Paged, QuarantinedRow } from '../engine/ports';
import { statement } from './connection';
import { ImportLeases } from './import-lease';
import { importRecordOf } from './import-rows';
import { StoredImportSession } from './import-session';
import type { ProcessIdentity } from './process-identity';
import type { Readers } from './readers';
import { damaged, numberCell, textCell, textOrNullCell } from './rows';
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
  `SELECT *, (SELECT count(*) FROM imports) AS total FROM imports ORDER BY number DESC LIMIT ?2 OFFSET ?1`,
);
const countImports = statement('count imports', 'SELECT count(*) AS total FROM imports');
const getImport = statement('read an import', 'SELECT * FROM imports WHERE id = ?');
const listQuarantined = statement(
  'list quarantined rows',
  `SELECT quarantined_rows.id, imports.id AS import_id, line, day, symbol, quarantined_rows.reason, text
   FROM quarantined_rows JOIN imports ON imports.number = import_number
   WHERE ${visibleRows} ORDER BY import_number DESC, quarantined_rows.id LIMIT ?2 OFFSET ?1`,
);
const listQuarantinedOfImport = statement(
  'list quarantined rows of an import',
  `SELECT quarantined_rows.id, imports.id AS import_id, line, day, symbol, quarantined_rows.reason, text
   FROM imports JOIN quarantined_rows ON import_number = imports.number
   WHERE imports.id = ?3 AND ${visibleRows} ORDER BY quarantined_rows.id LIMIT ?2 OFFSET ?1`,
);
const countQuarantined = statement(
  'count quarantined rows',
  `SELECT count(*) AS total FROM quarantined_rows WHERE ${visibleRows}`,
);
const countQuarantinedOfImport = statement(
  'count quarantined rows of an import',
  `SELECT count(*) AS total FROM quarantined_rows
   WHERE import_number = (SELECT number FROM imports WHERE id = ?) AND ${visibleRows}`,
);
/** What an import brought, a bounded number of rows at a time. Parts take their data with them. */
const removals = (
  [
    ['segment_parts', 64],
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
    await this.removeInterrupted();
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
    const session = new StoredImportSession({
      queue: this.queue,
      readers: this.readers,
      leases: this.leases,
      clock: this.clock,
      importNumber,
      importId,
      token,
      discard: (number, held, state, reason) => this.discard(number, held, state, reason),
      changed: this.changed,
      ended: (ended) => this.sessions.delete(ended),
    });
    this.sessions.add(session);
    this.changed();
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

  async quarantined(importId: string | null, { offset, limit }: Page): Promise<Paged<QuarantinedRow>> {
    const [rows, count] =
      importId === null
        ? await Promise.all([this.readers.all(listQuarantined, [offset, limit]), this.readers.get(countQuarantined)])
        : await Promise.all([
            this.readers.all(listQuarantinedOfImport, [offset, limit, importId]),
            this.readers.get(countQuarantinedOfImport, [importId]),
          ]);
    return {
      total: numberCell(count ?? {}, 'total'),
      rows: rows.map((row) => {
        const day = textOrNullCell(row, 'day');
        if (day !== null && !isUtcDay(day)) throw damaged(`"${day}" is not a day`);
        return {
          id: String(numberCell(row, 'id')),
          importId: textCell(row, 'import_id'),
          line: numberCell(row, 'line'),
          day,
          symbol: textOrNullCell(row, 'symbol'),
          reason: textCell(row, 'reason'),
          text: textCell(row, 'text'),
        };
      }),
    };
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
      await transaction.run(endImport, [state, this.clock.nowUs(), JSON.stringify(reason), importNumber]);
      await this.leases.giveBack(transaction, token);
    });
    this.changed();
  }
}
