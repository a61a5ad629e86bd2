// `npm run matching -- [--seeds N] [--first K]`: precision and recall of the matching on days whose pairs are known, beside the two
// obvious alternatives. The same seeds give the same table.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, first: { type: 'string', default: '1' } },
});
const root = resolve(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'matching-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: join(root, 'test/simulation/matching/main.ts'),
    outDir: folder,
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
  },
});
process.exitCode =
  spawnSync(process.execPath, [join(folder, 'main.mjs'), values.seeds, values.first], { stdio: 'inherit' }).status ?? 1;
