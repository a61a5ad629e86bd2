// `npm run dev`: the console that follows the sources. In a window where there can be one (the page changes in place, the shell
// restarts), else served to a browser, rebuilt and restarted when a source changes.

import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { LaunchError, launch, prepare, root, runInForeground, sayToUser } from './prepare.mjs';
import { findRuntime, whyNoWindow } from './runtime.mjs';

launch(async () => {
  await prepare({ build: false });
  const unshown = whyNoWindow();
  const { binary, reason } = unshown ? { reason: unshown } : await findRuntime(sayToUser);
  if (binary) {
    return runInForeground(
      process.execPath,
      [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'dev', '--watch'],
      { env: { ...process.env, ELECTRON_EXEC_PATH: binary } },
    );
  }
  sayToUser(`No window, because ${reason}: serving the console to a browser on this machine instead.`);
  return serveAndFollow();
});

/** Serves until interrupted. A source that does not build leaves the console that runs as it is. */
function serveAndFollow() {
  return new Promise((done) => {
    let server = null;
    let ending = false;
    let pending = null;
    let turn = Promise.resolve();

    const restart = async () => {
      try {
        await prepare();
      } catch (error) {
        if (!(error instanceof LaunchError)) throw error;
        return sayToUser(error.message);
      }
      if (ending) return;
      await stop();
      server = spawn(
        process.execPath,
        [join(root, 'out/main/cli.js'), 'serve', '--no-open', ...process.argv.slice(2)],
        {
          cwd: root,
          stdio: 'inherit',
        },
      );
    };
    const stop = () =>
      new Promise((stopped) => {
        if (!server || server.exitCode !== null || server.signalCode !== null) return stopped();
        server.once('exit', stopped);
        server.kill('SIGTERM');
      });
    const inTurn = (step) => {
      turn = turn.then(step, step);
      return turn;
    };
    const watchers = ['electron', 'shared', 'renderer'].map((folder) =>
      watch(join(root, folder), { recursive: true }, () => {
        clearTimeout(pending);
        pending = setTimeout(() => inTurn(restart), 200); // editors save in several steps
      }),
    );
    const end = () => {
      ending = true;
      clearTimeout(pending);
      for (const watcher of watchers) watcher.close();
      inTurn(stop).then(() => done(0));
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    inTurn(restart);
  });
}
