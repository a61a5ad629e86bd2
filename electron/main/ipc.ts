import { basename } from 'node:path';
import {
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  type WebContents,
  type WebFrameMain,
} from 'electron';
import { failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import type { SavedFile } from '../../shared/contract/bridge';
import type { AdmittedFile } from '../../shared/contract/calls';
import { ipcChannels } from '../../shared/contract/wire';
import type { EngineDoor } from '../engine/door';
import { contentsOfFolder } from '../engine/imports/folder';
import type { GuardViews } from './guard-view';
import { isOwnAddress } from './origin';
import { saveFile } from './save-file';
import type { Windows } from './windows';

/**
 * The only place that listens to pages. Every message is checked for its sender first: a window of ours, its top frame, our origin.
 * What passes goes through the engine's gate; what does not is answered with a code and logged with its reason.
 */

type Log = (line: string) => void;

/** Files one drop may bring, folders included. */
const filesAtOnce = 1_000;

export function setupIpc(engine: EngineDoor, windows: Windows, guards: GuardViews, log: Log): void {
  const refusal = (event: IpcMainInvokeEvent | IpcMainEvent): string | null => {
    const frame = event.senderFrame;
    if (frame === null || !isCurrentTopFrame(frame, event.sender)) return 'not the top frame';
    if (!isOwnAddress(frame.url)) return `the page is ${frame.url}`;
    return windows.owns(event.sender) ? null : 'not a window of Lockstep';
  };
  const refused = (channel: string, reason: string) => {
    log(`refused ${channel}: ${reason}`);
    return fail(
      failure('sender-refused', 'This page may not speak to Lockstep.', 'Close the window and start Lockstep again.'),
    );
  };

  ipcMain.handle(
    ipcChannels.call,
    (event, name: unknown, args: unknown): Promise<Result<unknown>> | Result<unknown> => {
      const reason = refusal(event) ?? (typeof name === 'string' ? null : 'the call has no name');
      return reason === null ? engine.call('electron', String(name), args) : refused('a call', reason);
    },
  );

  ipcMain.handle(ipcChannels.admit, async (event, paths: unknown): Promise<Result<readonly AdmittedFile[]>> => {
    const reason = refusal(event);
    if (reason !== null) return refused('files', reason);
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string'))
      return fail(failure('invalid-arguments', 'What was dropped is no list of files.', 'Drop files or folders.'));
    return admitAll(engine, paths);
  });

  ipcMain.handle(ipcChannels.choose, async (event): Promise<Result<AdmittedFile | null>> => {
    const reason = refusal(event);
    return reason === null ? chooseFolder(engine, event.sender) : refused('a folder', reason);
  });

  ipcMain.handle(
    ipcChannels.save,
    async (event, name: unknown, content: unknown): Promise<Result<SavedFile | null>> => {
      const reason = refusal(event);
      return reason === null ? saveFile(name, content, event.sender) : refused('a file to save', reason);
    },
  );

  ipcMain.handle(ipcChannels.guard, (event, deploymentId: unknown): Result<null> => {
    const reason = refusal(event);
    if (reason !== null) return refused('the guarded rollback', reason);
    const window = BrowserWindow.fromWebContents(event.sender);
    return window !== null && typeof deploymentId === 'string' && deploymentId !== '' && deploymentId.length <= 60
      ? guards.open(window, deploymentId)
      : fail(failure('invalid-arguments', 'That is no deployment.', 'Open the guarded rollback from the deployment.'));
  });

  ipcMain.on(ipcChannels.ready, (event) => {
    const reason = refusal(event);
    if (reason === null) windows.markReady(event.sender);
    else refused('a page that says it is ready', reason);
  });

  engine.onEvent((message) => windows.send(ipcChannels.event, message));
}

/**
 * Whether the frame is what its window shows now: not embedded, and not a page that is being left. `detached` cannot tell, because
 * Electron leaves it set on a page that was loaded again after a crash.
 */
function isCurrentTopFrame(frame: WebFrameMain, contents: WebContents): boolean {
  const { processId, routingId } = contents.mainFrame;
  return frame.parent === null && frame.processId === processId && frame.routingId === routingId;
}

/** The system's dialog, over the window that asked. */
async function chooseFolder(engine: EngineDoor, asking: WebContents): Promise<Result<AdmittedFile | null>> {
  const options = { title: 'Folder to follow', properties: ['openDirectory' as const] };
  const window = BrowserWindow.fromWebContents(asking);
  const { filePaths } = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options);
  const [path] = filePaths;
  return path === undefined
    ? ok(null)
    : engine.admit({ path, name: basename(path) || path, uploaded: false, toWatch: true });
}

async function admitAll(engine: EngineDoor, paths: readonly string[]): Promise<Result<readonly AdmittedFile[]>> {
  try {
    // What is no file on disk (an image dragged out of a page) is left to the engine, which says so.
    const listed = await Promise.all(
      paths.map(async (path) => (await contentsOfFolder(path))?.files ?? [{ path, name: basename(path) }]),
    );
    const files = listed.flat();
    if (files.length > filesAtOnce) {
      return fail(
        failure(
          'limit-exceeded',
          `${files.length} files were dropped; ${filesAtOnce} are taken at once.`,
          'Drop fewer files.',
        ),
      );
    }
    const admitted: AdmittedFile[] = [];
    for (const { path, name } of files) {
      const result = await engine.admit({ path, name, uploaded: false });
      if (!result.ok) return result;
      admitted.push(result.value);
    }
    return ok(admitted);
  } catch (thrown) {
    return fail(toFailure(thrown));
  }
}
