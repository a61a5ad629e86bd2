import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { failure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import type { Bridge } from '../../shared/contract/bridge';
import type { AdmittedFile, CallName, EventName } from '../../shared/contract/calls';
import { callNames, eventNames } from '../../shared/contract/calls';
import { type EventMessage, ipcChannels } from '../../shared/contract/wire';

/**
 * Exposes the contract to the page as `window.lockstep`, and nothing else. Names are checked against the contract here, arguments in
 * the engine's gate: what runs in the page's process is not trusted to have checked anything.
 */

const knownCalls: ReadonlySet<string> = new Set<CallName>(callNames);
const listeners = new Map<string, Set<(payload: never) => void>>(eventNames.map((name) => [name, new Set()]));

ipcRenderer.on(ipcChannels.event, (_event, message: EventMessage) => {
  for (const listener of listeners.get(message.event) ?? []) {
    listener(message.payload as never); // the contract pairs the payload with the event's name; `on` registered by that name
  }
});

/** The path of a `File` the user dropped or chose; empty for a file the page made up, which is therefore refused by the shell. */
function pathOf(file: unknown): string {
  return file instanceof File ? webUtils.getPathForFile(file) : '';
}

const bridge: Bridge = {
  call: (name, args) =>
    knownCalls.has(name)
      ? ipcRenderer.invoke(ipcChannels.call, name, args)
      : Promise.resolve(fail(failure('unknown-call', `There is no call "${String(name)}".`, 'Reload the page.'))),

  on: (name: EventName, listener: (payload: never) => void) => {
    const registered = listeners.get(name);
    registered?.add(listener);
    return () => {
      registered?.delete(listener);
    };
  },

  admitFiles: async (files): Promise<Result<readonly AdmittedFile[]>> =>
    Array.isArray(files)
      ? ipcRenderer.invoke(ipcChannels.admit, files.map(pathOf))
      : fail(failure('invalid-arguments', 'No list of files was given.', 'Drop or choose files.')),

  chooseFolder: () => ipcRenderer.invoke(ipcChannels.choose),

  saveFile: ({ name, content }) => ipcRenderer.invoke(ipcChannels.save, name, content),

  openGuard: (deploymentId) => ipcRenderer.invoke(ipcChannels.guard, deploymentId),

  // The engine lives in the shell's own process: while there is a page, there is an engine.
  onConnection: (listener) => {
    listener(true);
    return () => {};
  },
};

contextBridge.exposeInMainWorld('lockstep', bridge);
// Not before: while the preload runs, the frame may not have its address yet, and the shell refuses a sender without one.
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(ipcChannels.ready));
