// A screen and a session bus for Electron on machines that have none.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram, installPackages } from './system-packages.mjs';

/** Resolves with `{ environment, wrap, close }`, where `wrap` puts a command under the session bus, or with `{ reason }`. */
export async function provideDisplay(say) {
  if (process.platform !== 'linux') return { environment: {}, wrap: (command) => command, close: () => {} };
  if (findProgram('Xvfb') === null || findProgram('dbus-run-session') === null) {
    say('Installing a virtual display for the tests…');
    // An own screen even where there is one: windows must not open in somebody's work.
    const reason = await installPackages('xvfb', 'dbus-daemon|dbus');
    if (findProgram('Xvfb') === null) return { reason: `there is no virtual display: ${reason}` };
  }
  // Xvfb picks a free number and writes it to the descriptor it is given. -ac: the sandbox test's user may connect too.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-ac'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await Promise.race([
    once(server.stdio[3], 'data').then(([data]) => String(data).trim()),
    once(server, 'exit').then(() => null),
  ]);
  if (number === null) return { reason: 'the virtual display ended at once' };
  const bus = findProgram('dbus-run-session');
  return {
    environment: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' },
    wrap: (command) => (bus === null ? command : [bus, '--', ...command]),
    close: () => server.kill(),
  };
}
