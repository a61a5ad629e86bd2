import { z } from 'zod';

/**
 * Every way an operation can fail across a boundary. The list is closed: scripts and the page decide on the code,
 * people read the message (what is wrong and where) and the hint (what to do next).
 */
export const errorCodes = [
  'usage',
  'invalid-arguments',
  'unknown-call',
  'sender-refused',
  'not-found',
  'conflict',
  'not-allowed',
  'busy',
  'cancelled',
  'interrupted',
  'unavailable',
  'file-missing',
  'file-unreadable',
  'file-unwritable',
  'file-empty',
  'file-changed',
  'format-unknown',
  'format-ambiguous',
  'format-damaged',
  'map-invalid',
  'archive-unsafe',
  'limit-exceeded',
  'no-data',
  'settings-invalid',
  'backup-invalid',
  'store-corrupt',
  'store-locked',
  'store-read-only',
  'store-full',
  'store-newer',
  'store-failed',
  'internal',
] as const;

export const errorCodeSchema = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

export const failureSchema = z.object({
  code: errorCodeSchema,
  /** What is wrong and where, with the figures, in one sentence. */
  message: z.string(),
  /** What the user can do next, in one sentence. */
  hint: z.string(),
  /** Machine-readable particulars: path, line, column, limit. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Failure = z.infer<typeof failureSchema>;

export function failure(code: ErrorCode, message: string, hint: string, detail: Failure['detail'] = {}): Failure {
  return { code, message, hint, detail };
}

/** Carries a {@link Failure} through code that must throw (streams, worker threads) to the boundary that turns it into data. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** Turns anything thrown into a Failure; what is not one of ours is `internal`, with its message kept. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof FailureError) return thrown.failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return failure(
    'internal',
    `Unexpected error: ${message}`,
    'Repeat the action; if it fails again, run "lockstep doctor".',
  );
}
