import { createHash } from 'node:crypto';
import { type AuditRecord, auditHash, auditRecordSchema, firstPreviousHash } from '../../../shared/base/audit-chain';
import { toFailure } from '../../../shared/base/errors';
import { canonicalJson } from '../../../shared/base/json';
import type { AuditStore } from './ports';

/** The audit trail as evidence: whether its chain is whole, and its export, which can be verified without the store. */

export interface ChainVerdict {
  readonly records: number;
  /** The first record that does not belong; null = the chain is whole. */
  readonly broken: { readonly sequence: number; readonly problem: string } | null;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Goes through a chain record by record; remembers no more than its end. */
class ChainCheck {
  private records = 0;
  private previousHash = firstPreviousHash;

  /** What is wrong with the next record; null = it belongs. */
  problemOf(record: AuditRecord): string | null {
    const expected = this.records + 1;
    if (record.sequence !== expected) {
      return record.sequence > expected
        ? `record ${expected} is missing: ${record.sequence} follows ${this.records}`
        : `record ${record.sequence} stands where ${expected} belongs`;
    }
    if (record.previousHash !== this.previousHash)
      return 'it does not follow its predecessor: the previous hash differs';
    if (auditHash(withoutHash(record), sha256) !== record.hash) return 'its content is not what its hash was made of';
    this.records = record.sequence;
    this.previousHash = record.hash;
    return null;
  }

  get passed(): number {
    return this.records;
  }
}

/** Verifies the stored chain. @returns the first broken record, with what is wrong with it */
export async function verifyAudit(store: Pick<AuditStore, 'all'>): Promise<ChainVerdict> {
  const check = new ChainCheck();
  try {
    for await (const record of store.all()) {
      const problem = check.problemOf(record);
      if (problem !== null) {
        return { records: check.passed, broken: { sequence: check.passed + 1, problem } };
      }
    }
  } catch (thrown) {
    const { code, message, detail } = toFailure(thrown);
    if (code !== 'store-corrupt' || typeof detail['sequence'] !== 'number') throw thrown;
    return { records: check.passed, broken: { sequence: detail['sequence'], problem: message } };
  }
  return { records: check.passed, broken: null };
}

/** The chain as JSON Lines, a record a line, oldest first. */
export async function* exportAudit(store: Pick<AuditStore, 'all'>): AsyncIterable<string> {
  for await (const record of store.all()) yield `${canonicalJson(record)}\n`;
}

/**
 * Verifies an exported chain.
 * @param lines the lines of the export, without their ends; empty ones at the end are passed over
 */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>): Promise<ChainVerdict> {
  const check = new ChainCheck();
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const parsed = auditRecordSchema.safeParse(jsonOf(line));
    const problem = parsed.success
      ? check.problemOf(parsed.data)
      : `it is no audit record: ${parsed.error.issues[0]?.path.join('.') || 'line'} ${parsed.error.issues[0]?.message}`;
    if (problem !== null) return { records: check.passed, broken: { sequence: check.passed + 1, problem } };
  }
  return { records: check.passed, broken: null };
}

function withoutHash({ hash: _hash, ...record }: AuditRecord): Omit<AuditRecord, 'hash'> {
  return record;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
