// Measures parity: `node test/bench/parity.mjs`. Bundles parity.ts as the product is bundled and runs it in a fresh process.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'bench-'));
try {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, 'test/bench/parity.ts'),
      outDir: folder,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'parity.mjs' } },
    },
  });
  execFileSync(process.execPath, [join(folder, 'parity.mjs')], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
