import { FailureError, failure } from '../../shared/base/errors';

/** What the file system refuses, in the words of the store. */
export function fileFailure(thrown: unknown, path: string, action: string): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const code = errorCodeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const text = `Cannot ${action} ${path} (${message})`;
  switch (code) {
    case 'ENOENT':
      return new FailureError(failure('file-missing', text, 'Check the path.', { path }));
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new FailureError(
        failure(
          'store-read-only',
          text,
          'Give this user the right to write there, or choose another folder with --data-dir.',
          { path },
        ),
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new FailureError(
        failure('store-full', text, 'Free some space on that disk, then repeat the action.', { path }),
      );
    default:
      return new FailureError(failure('store-failed', text, 'Check the path and its permissions.', { path }));
  }
}

export function isMissing(thrown: unknown): boolean {
  return errorCodeOf(thrown) === 'ENOENT';
}

function errorCodeOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}
