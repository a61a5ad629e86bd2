import { spawn } from 'node:child_process';

/** Opens the address in the user's browser. Resolves with false where there is none; the printed address then has to do. */
export function openBrowser(url: string): Promise<boolean> {
  const command = browserCommand(url);
  if (command === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsHide: true });
    child.on('error', () => resolve(false));
    // Not its end: some openers stay until the browser is closed.
    child.on('spawn', () => resolve(true));
    child.unref();
  });
}

function browserCommand(url: string): readonly [string, ...string[]] | null {
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  // Without a display xdg-open would start a text browser in this very terminal.
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null;
}
