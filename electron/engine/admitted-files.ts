import { access, constants, rm, stat } from 'node:fs/promises';
import type { Ids } from '../../shared/base/clock';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import type { AdmittedFile } from '../../shared/contract/calls';
import type { FileToAdmit } from './door';
import { fileFailure, fileState } from './imports/file-state';
import type { ImportFile } from './imports/import-service';

/**
 * The files the user chose, by token: the page names a token, never a path. At most `limit` are remembered; the oldest is forgotten
 * first. An uploaded file is deleted when it is released or forgotten, a file of the user never.
 */
export interface AdmittedFiles {
  admit(file: FileToAdmit): Promise<Result<AdmittedFile>>;
  /** Throws `not-found` for a token that was never given or is forgotten. */
  file(token: string): ImportFile;
  release(token: string): Promise<void>;
  releaseAll(): Promise<void>;
}

const limit = 10_000;

export function createAdmittedFiles(ids: Ids): AdmittedFiles {
  const files = new Map<string, ImportFile>();

  async function release(token: string): Promise<void> {
    const file = files.get(token);
    files.delete(token);
    if (file?.uploaded) await rm(file.path, { force: true });
  }

  return {
    async admit({ path, name, uploaded, toWatch = false }) {
      try {
        await access(path, constants.R_OK);
        const { sizeBytes } = toWatch ? await watchable(path, name) : await fileState(path, name);
        const token = ids.next('file');
        files.set(token, { path, name, uploaded });
        for (const oldest of files.keys()) {
          if (files.size <= limit) break;
          await release(oldest);
        }
        return ok({ token, name, sizeBytes });
      } catch (thrown) {
        if (uploaded) await rm(path, { force: true });
        return fail(toFailure(fileFailure(thrown, path, name)));
      }
    },
    file(token) {
      const file = files.get(token);
      if (file) return file;
      throw new FailureError(
        failure('not-found', 'This file is no longer at hand.', 'Drop or choose it again.', { token }),
      );
    },
    release,
    async releaseAll() {
      for (const token of [...files.keys()]) await release(token);
    },
  };
}

/** A folder, or a file with or without content. */
async function watchable(path: string, name: string): Promise<{ readonly sizeBytes: number }> {
  const found = await stat(path);
  if (found.isDirectory()) return { sizeBytes: 0 };
  return found.size === 0 && found.isFile() ? { sizeBytes: 0 } : fileState(path, name);
}
