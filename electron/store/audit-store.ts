import { createHash } from 'node:crypto';
import {
  type AuditEntry,
  type AuditRecord,
  auditHash,
  auditRecordSchema,
  firstPreviousHash,
} from '../../shared/base/audit-chain';
import { FailureError, failure } from '../../shared/base/errors';
import { canonicalJson } from '../../shared/base/json';
import type { AuditedSetting, AuditFilter, AuditStore } from '../engine/canary/ports';
import type { Page, Paged } from '../engine/ports';
import { type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import type { Readers } from './readers';
import { damaged, numberCell, textCell } from './rows';
import { selectSetting, upsertSetting } from './settings-store';
import type { Transaction, WriteQueue } from './write-queue';

/** The audit trail: a chain of records that is only ever added to, link by link inside the transaction of what it tells of. */

export const auditColumns =
  'audit_records.sequence, at_us, actor_kind, actor_name, action, subject, payload, previous_hash, hash';
const selectHead = statement(
  'read the end of the audit trail',
  'SELECT sequence, hash FROM audit_records ORDER BY sequence DESC LIMIT 1',
);
const insertRecords = new RowInsert('add audit records', 'audit_records', [
  'sequence',
  'at_us',
  'actor_kind',
  'actor_name',
  'action',
  'subject',
  'payload',
  'previous_hash',
  'hash',
]);
const filtered = `WHERE (?1 IS NULL OR action = ?1) AND (?2 IS NULL OR subject = ?2) AND (?3 IS NULL OR actor_name = ?3)
  AND (?4 IS NULL OR at_us >= ?4) AND (?5 IS NULL OR at_us <= ?5)`;
const selectRecords = statement(
  'list audit records',
  `SELECT ${auditColumns} FROM audit_records ${filtered} ORDER BY sequence DESC LIMIT ?7 OFFSET ?6`,
);
const countRecords = statement('count audit records', `SELECT count(*) AS total FROM audit_records ${filtered}`);
const selectActions = statement('list audited actions', 'SELECT DISTINCT action FROM audit_records ORDER BY action');
const selectFollowing = statement(
  'read the audit trail',
  `SELECT ${auditColumns} FROM audit_records WHERE sequence > ? ORDER BY sequence LIMIT ?`,
);
const STRETCH = 200;

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Adds the entries to the chain's end and returns them as records. */
export async function appendToChain(
  transaction: Transaction,
  entries: readonly AuditEntry[],
): Promise<readonly AuditRecord[]> {
  const head = await transaction.get(selectHead);
  let sequence = head === null ? 0 : numberCell(head, 'sequence');
  let previousHash = head === null ? firstPreviousHash : textCell(head, 'hash');
  const records = entries.map((entry): AuditRecord => {
    sequence += 1;
    const record = { ...entry, sequence, previousHash };
    previousHash = auditHash(record, sha256);
    return { ...record, hash: previousHash };
  });
  await insertRecords.run(
    transaction,
    records.map((record) => [
      record.sequence,
      record.atUs,
      record.actor.kind,
      record.actor.name,
      record.action,
      record.subject,
      canonicalJson(record.payload),
      record.previousHash,
      record.hash,
    ]),
  );
  return records;
}

/** A record as it is stored: whether it belongs to the chain is for the verification to say, not for the reading. */
export function auditRecordOf(row: Row): AuditRecord {
  const parsed = auditRecordSchema.safeParse({
    sequence: numberCell(row, 'sequence'),
    atUs: numberCell(row, 'at_us'),
    actor: { kind: textCell(row, 'actor_kind'), name: textCell(row, 'actor_name') },
    action: textCell(row, 'action'),
    subject: textCell(row, 'subject'),
    payload: jsonCell(row, 'payload'),
    previousHash: textCell(row, 'previous_hash'),
    hash: textCell(row, 'hash'),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { failure: found } = damaged(
    `audit record ${numberCell(row, 'sequence')}: ${issue?.path.join('.')} ${issue?.message}`,
  );
  throw new FailureError({ ...found, detail: { sequence: numberCell(row, 'sequence') } });
}

/** Changes a setting together with its audit record; throws `conflict` when it is not what it was thought to be. */
async function changeSetting(
  transaction: Transaction,
  { key, before, value }: AuditedSetting,
  atUs: number,
): Promise<void> {
  const row = await transaction.get(selectSetting, [key]);
  if ((row === null ? null : textCell(row, 'value')) !== before) {
    throw new FailureError(
      failure('conflict', `The setting "${key}" was changed meanwhile`, 'Look at it as it is now, then decide again.'),
    );
  }
  await transaction.run(upsertSetting, [key, value, atUs]);
}

/** The JSON of a cell, or what is not JSON as undefined: whoever checks its shape says where it stands. */
export function jsonCell(row: Row, column: string): unknown {
  try {
    return JSON.parse(textCell(row, column));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export class StoredAudit implements AuditStore {
  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly changed: () => void,
  ) {}

  async append(entry: AuditEntry, setting: AuditedSetting | null = null): Promise<AuditRecord> {
    const [record] = await this.queue.transaction('decision', async (transaction) => {
      if (setting !== null) await changeSetting(transaction, setting, entry.atUs);
      return appendToChain(transaction, [entry]);
    });
    this.changed();
    return record!;
  }

  async list(filter: AuditFilter, page: Page): Promise<Paged<AuditRecord>> {
    const { action, subject, actor, fromUs, toUs } = filter;
    const values = [action, subject, actor, fromUs, toUs];
    const [rows, total] = await Promise.all([
      this.readers.all(selectRecords, [...values, page.offset, page.limit]),
      this.readers.get(countRecords, values),
    ]);
    return { rows: rows.map(auditRecordOf), total: numberCell(total ?? {}, 'total') };
  }

  async actions(): Promise<readonly string[]> {
    return (await this.readers.all(selectActions)).map((row) => textCell(row, 'action'));
  }

  async *all(): AsyncIterable<AuditRecord> {
    let after = 0;
    for (;;) {
      const rows = await this.readers.all(selectFollowing, [after, STRETCH]);
      for (const row of rows) yield auditRecordOf(row);
      if (rows.length < STRETCH) return;
      after = numberCell(rows.at(-1)!, 'sequence');
    }
  }
}
