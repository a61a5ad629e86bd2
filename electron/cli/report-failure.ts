import { FailureError, failure } from '../../shared/base/errors';

/** What the file system said when a report could not be written. */
export function reportFailure(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || thrown instanceof FailureError) return thrown;
  return new FailureError(
    failure(
      'file-unwritable',
      `The reports cannot be written to ${path}: ${thrown.message}.`,
      'Choose another folder with --out.',
      {
        path,
      },
    ),
  );
}
