import { runCommandLine } from './program';
import { processTerminal } from './terminal';

/** The `lockstep` command. The bundler puts the worker beside this file and the page one folder up. */
process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal(),
  workerScript: new URL('./engine-worker.js', import.meta.url),
  rendererRoot: new URL('../renderer/', import.meta.url),
});
