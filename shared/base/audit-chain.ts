import { z } from 'zod';
import { canonicalJson } from './json';

/**
 * The audit trail's chain: each record carries the hash of its predecessor, so that one that was changed, left out or put in shows.
 * hash = SHA-256(previous hash + canonical JSON of the record without its hashes), in hexadecimal; the first has 64 zeros before it.
 */
export const auditRecordSchema = z.strictObject({
  sequence: z.int().min(1),
  atUs: z.number(),
  actor: z.strictObject({ kind: z.enum(['user', 'rule', 'process']), name: z.string() }),
  /** What was done: `deployment.promoted`, `promotion.stopped`, `secret.set` … */
  action: z.string(),
  /** What it was done to: a deployment's id, or the name of a setting. */
  subject: z.string(),
  payload: z.record(z.string(), z.json()),
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
export type AuditEntry = Omit<AuditRecord, 'sequence' | 'previousHash' | 'hash'>;

export const firstPreviousHash = '0'.repeat(64);

/** @param sha256 hexadecimal SHA-256 of the UTF-8 of a text */
export function auditHash(record: Omit<AuditRecord, 'hash'>, sha256: (text: string) => string): string {
  const { previousHash, ...content } = record;
  return sha256(previousHash + canonicalJson(content));
}
