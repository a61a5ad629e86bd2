import { contextBridge, ipcRenderer } from 'electron';
import { type GuardBridge, guardChannels } from '../../shared/contract/guard';

/** What the guarded rollback control has: four functions, bound by the shell to the one deployment it was opened for. */
const bridge: GuardBridge = {
  challenge: () => ipcRenderer.invoke(guardChannels.ask, 'challenge'),
  rollback: (confirmation) => ipcRenderer.invoke(guardChannels.ask, 'rollback', confirmation),
  progress: () => ipcRenderer.invoke(guardChannels.ask, 'progress'),
  close: () => ipcRenderer.send(guardChannels.close),
};

contextBridge.exposeInMainWorld('lockstepGuard', bridge);
