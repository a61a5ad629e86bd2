// `npm start`: the console in its window, or, where there can be none, the same console served to a browser on this machine.

import { join } from 'node:path';
import { launch, prepare, root, runInForeground, sayToUser } from './prepare.mjs';
import { findRuntime, whyNoWindow } from './runtime.mjs';

/** An end with an error within this time is a start that failed, not a console that crashed. */
const startMs = 15_000;

launch(async () => {
  await prepare();
  const reason = whyNoWindow() ?? (await openWindow());
  if (typeof reason === 'number') return reason;
  sayToUser(`No window, because ${reason}: serving the console to a browser on this machine instead.`);
  return serve();
});

/** Resolves with Electron's exit code once the user is done, or with the reason why no window could be opened. */
async function openWindow() {
  const { binary, reason } = await findRuntime(sayToUser);
  if (!binary) return reason;
  const startedAt = performance.now();
  const environment = { ...process.env };
  delete environment.ELECTRON_RUN_AS_NODE;
  const code = await runInForeground(binary, [root, ...process.argv.slice(2)], { env: environment });
  const failedToStart = code !== 0 && code < 128 && performance.now() - startedAt < startMs;
  return failedToStart ? `Electron ended at once with code ${code}` : code;
}

function serve() {
  return runInForeground(process.execPath, [join(root, 'out/main/cli.js'), 'serve', ...process.argv.slice(2)]);
}
