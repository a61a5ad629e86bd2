// Finds Electron's runtime, or says in one line why this machine has none. The npm package brings no binary: it is downloaded once.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './prepare.mjs';

const packageFolder = join(root, 'node_modules/electron');
const binaryName =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';

/** The binary that is already here, or null. */
export function installedRuntime() {
  const stated = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const binary = join(stated || join(packageFolder, 'dist'), binaryName);
  return existsSync(binary) ? binary : null;
}

/**
 * The runtime's binary, downloaded when it is not here yet. The attempt is bounded: it ends when no byte has come for a while.
 * Resolves with `{ binary }` or `{ reason }`.
 */
export async function findRuntime(say) {
  const installed = installedRuntime();
  if (installed) return { binary: installed };
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return { reason: `there is no ${binaryName} in ELECTRON_OVERRIDE_DIST_PATH` };
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  say(`Downloading Electron ${version} (about 120 MB, once)…`);
  const { code, output } = await run(process.execPath, [join(root, 'electron/launch/download-runtime.mjs')]);
  const binary = installedRuntime();
  if (code === 0 && binary) return { binary };
  return { reason: `Electron ${version} could not be downloaded (${output.trim().split('\n').at(-1)})` };
}

/** Why no window can be shown here, or null when one can. */
export function whyNoWindow() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  // Electron refuses to run as root with its sandbox on, and Lockstep does not turn its sandbox off.
  if (process.getuid() === 0) return 'Electron keeps its sandbox only for ordinary users and this is root';
  return null;
}
