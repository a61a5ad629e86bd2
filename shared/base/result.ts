import { type Failure, FailureError } from './errors';

/** The outcome of anything that can fail in an expected way. Expected failures are values, never exceptions. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

/** The value; a failure is thrown as `FailureError` for the boundary above to turn into data again. */
export function valueOrThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FailureError(result.error);
}

/** Marks a switch that must handle every member of a union; a new member stops compiling here. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
