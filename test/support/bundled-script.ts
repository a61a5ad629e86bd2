import { basename, join, resolve } from 'node:path';
import { build } from 'vite';

/**
 * Bundles a TypeScript file to one that plain Node runs, and returns its path. It lies in the build folder of the checkout, where
 * Node finds the packages that stay outside the bundle.
 */
export async function bundledScript(entry: string): Promise<string> {
  const outDir = resolve('out/test', basename(entry, '.ts'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(entry),
      outDir,
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'script.mjs' } },
    },
  });
  return join(outDir, 'script.mjs');
}
