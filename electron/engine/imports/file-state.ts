import { stat } from 'node:fs/promises';
import { FailureError, failure } from '../../../shared/base/errors';

/** What identifies the content of a file while it is read: when one of these changes, what was read is no longer the file. */
export interface FileState {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/**
 * State of a regular file that holds something. Throws `FailureError`: `file-missing`, `file-unreadable` (a directory, a device, no
 * permission), `file-empty`.
 */
export async function fileState(path: string, name: string): Promise<FileState> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileFailure(error, path, name);
  });
  if (!found.isFile()) {
    const kind = found.isDirectory() ? 'a folder' : 'not a regular file';
    throw new FailureError(
      failure('file-unreadable', `${name} is ${kind}.`, 'Name the files to import one by one.', { path }),
    );
  }
  if (found.size === 0) {
    throw new FailureError(
      failure('file-empty', `${name} is empty (0 bytes).`, 'Export it again, or leave it out.', { path }),
    );
  }
  return { sizeBytes: found.size, modifiedMs: found.mtimeMs, inode: found.ino };
}

/** Throws `file-changed` or `file-missing` unless the file is what it was when reading began. */
export async function requireUnchanged(before: FileState, path: string, name: string): Promise<void> {
  const now = await fileState(path, name);
  if (now.sizeBytes === before.sizeBytes && now.modifiedMs === before.modifiedMs && now.inode === before.inode) return;
  throw new FailureError(
    failure(
      'file-changed',
      `${name} changed while it was read (${before.sizeBytes} bytes before, ${now.sizeBytes} bytes now).`,
      'Import it again once nothing writes to it any more; nothing was stored.',
      { path, sizeBytesBefore: before.sizeBytes, sizeBytesNow: now.sizeBytes },
    ),
  );
}

/** The failure behind an error of the file system; anything else is passed on as it is. */
export function fileFailure(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof FailureError) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESTALE':
      return new FailureError(
        failure('file-missing', `${name} is not there (any more).`, 'Check the path, then import it again.', { path }),
      );
    case 'EACCES':
    case 'EPERM':
      return new FailureError(
        failure('file-unreadable', `${name} may not be read by this user.`, 'Grant read permission, then repeat.', {
          path,
        }),
      );
    case 'EIO':
    case 'EISDIR':
    case 'ENXIO':
    case 'EBUSY':
      return new FailureError(
        failure(
          'file-unreadable',
          `${name} cannot be read: ${error.message}.`,
          'Check the disk or the network drive.',
          {
            path,
          },
        ),
      );
    default:
      return error;
  }
}
