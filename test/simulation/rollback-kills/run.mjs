// Bundles the program that is killed and the one that kills it, and runs the latter under plain Node.
import { spawnSync } from 'node:child_process';
import { bundledMain } from '../../support/bundled-main.mjs';

const program = await bundledMain('test/support/rollback-process.ts');
const main = await bundledMain('test/simulation/rollback-kills/main.ts');
const { status } = spawnSync(process.execPath, [main, program, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
