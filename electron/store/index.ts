import type { Clock, Ids } from '../../shared/base/clock';
import type { Result } from '../../shared/base/result';
import type { OpenDeskStore } from '../engine/ports';
import { type Restored, restoreDesk } from './backups';
import { openDesk } from './desk-store';

/** The way into the store: the engine's ports on sqlite3, for the composition roots. */

export { openForeignDatabase } from './foreign-database';

export interface DeskStores {
  readonly openDeskStore: OpenDeskStore;
  /** Puts a backup in the place of the desk; see `restoreDesk`. No process may have the desk open. */
  restoreDeskStore(directory: string, fromFile: string): Promise<Result<Restored>>;
}

export function deskStores(injected: {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly busyTimeoutMs?: number;
  readonly pollMs?: number;
}): DeskStores {
  const options = { busyTimeoutMs: 5_000, pollMs: 500, ...injected };
  return {
    openDeskStore: (directory, mode) => openDesk(directory, mode, options),
    restoreDeskStore: (directory, fromFile) => restoreDesk(directory, fromFile, options.clock, options.busyTimeoutMs),
  };
}
