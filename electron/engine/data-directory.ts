import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where desks live unless the user says otherwise: one folder per user, the same for the console, the served console and the command
 * line, outside roaming profiles because a desk can grow to gigabytes.
 */

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export const thisMachine: Machine = { platform: process.platform, environment: process.env, home: homedir() };

/** `LOCKSTEP_DATA_DIR` where it is set, else the folder the operating system keeps for application data. */
export function dataDirectory({ platform, environment, home }: Machine = thisMachine): string {
  const { LOCKSTEP_DATA_DIR: stated, LOCALAPPDATA: localAppData, XDG_DATA_HOME: xdgDataHome } = environment;
  if (stated) return stated;
  if (platform === 'win32') return join(localAppData || join(home, 'AppData', 'Local'), 'Lockstep');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lockstep');
  return join(xdgDataHome || join(home, '.local', 'share'), 'lockstep');
}
