// `node test/simulation/run.mjs NAME [options]`: bundles the main.ts of one simulation and runs it under plain Node. The package's
// scripts name the simulations; each says its own options.
import { spawnSync } from 'node:child_process';
import { bundledMain } from '../support/bundled-main.mjs';

const [name, ...options] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [await bundledMain(`test/simulation/${name}/main.ts`), ...options], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
