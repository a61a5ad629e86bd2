// `npm run conformance -- [--vectors DIR]`: every vector of a folder (by default ../shared/vectors beside the checkout) through the
// adapter of its function; ends with `N passed, M failed, K skipped`. Skipped are functions that are not ours, each with its reason.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'conformance-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: join(root, 'test/conformance/main.ts'),
    outDir: folder,
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'main.mjs', codeSplitting: false } },
  },
});
await import(pathToFileURL(join(folder, 'main.mjs')).href);
