// `node test/simulation/run.mjs NAME [options]`: bundles the main.ts of one simulation and runs it under plain Node. The package's
// scripts name the simulations; each says its own options.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const [name, ...options] = process.argv.slice(2);
const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'simulation-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: join(root, 'test/simulation', name, 'main.ts'),
    outDir: folder,
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
  },
});
const { status } = spawnSync(process.execPath, [join(folder, 'main.mjs'), ...options], { stdio: 'inherit' });
process.exitCode = status ?? 1;
