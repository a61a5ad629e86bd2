import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import { failure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import type { SavedFile } from '../../shared/contract/bridge';
import { wireLimits } from '../../shared/contract/wire';
import { suggestedName } from './suggested-name';

/**
 * Keeps what a page has made: the user says where, in the system's dialog; the page has said only what to call it. What the dialog
 * answers is the one path that is written to.
 */

/** Kinds of files by their extension, as the dialog names them. */
const kinds: Readonly<Record<string, string>> = {
  '.json': 'JSON',
  '.html': 'Web page',
  '.pdf': 'PDF',
  '.csv': 'CSV table',
  '.zip': 'ZIP archive',
  '.py': 'Python',
};

/** `name` and `content` come from the page, unchecked; null = the user chose no place. */
export async function saveFile(
  name: unknown,
  content: unknown,
  asking: WebContents,
): Promise<Result<SavedFile | null>> {
  if (typeof name !== 'string' || !(typeof content === 'string' || content instanceof Uint8Array))
    return fail(failure('invalid-arguments', 'There is no file to save.', 'Repeat the export.'));
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  if (bytes.byteLength > wireLimits.savedFileBytes) {
    return fail(
      failure(
        'limit-exceeded',
        `${name} has ${bytes.byteLength} bytes; ${wireLimits.savedFileBytes} are saved at most.`,
        'Export less at a time, or use the command line.',
      ),
    );
  }
  const suggested = suggestedName(name);
  const kind = kinds[extname(suggested).toLowerCase()];
  const options = {
    title: `Save ${suggested}`,
    defaultPath: join(app.getPath('downloads'), suggested),
    ...(kind !== undefined && { filters: [{ name: kind, extensions: [extname(suggested).slice(1)] }] }),
  };
  const window = BrowserWindow.fromWebContents(asking);
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options);
  if (canceled || filePath === '') return ok(null);
  try {
    await writeFile(filePath, bytes);
    return ok({ name: basename(filePath) });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return fail(
      failure('file-unwritable', `${filePath} cannot be written: ${why}.`, 'Choose another place.', { path: filePath }),
    );
  }
}
