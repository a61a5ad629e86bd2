#!/usr/bin/env node
// `lockstep` in a checkout: prepares in silence when there is nothing to do, then runs the command line in this process.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError, prepare, root } from './prepare.mjs';

try {
  await prepare();
  const commandLine = join(root, 'out/main/cli.js');
  process.argv[1] = commandLine;
  await import(pathToFileURL(commandLine).href);
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
