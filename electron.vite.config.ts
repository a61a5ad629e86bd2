import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { dependencies } from './package.json';

/**
 * Three bundles under `out/`: `main` (the shell, the command line and the engine's worker, for Node 20 and for Electron alike),
 * `preload` (one CommonJS file each, because a sandboxed preload can be nothing else) and `renderer` (the page, the same files for `app://`
 * and for the served console).
 */

const at = (path: string) => resolve(import.meta.dirname, path);
const mainInputs = Object.fromEntries(
  Object.entries({
    index: at('electron/main/index.ts'),
    cli: at('electron/cli/index.ts'),
    'engine-worker': at('electron/engine/worker/entry.ts'),
  }).filter(([, path]) => existsSync(path)),
);

export default defineConfig({
  ...(Object.keys(mainInputs).length > 0 && {
    main: {
      build: {
        // Electron 33 runs Node 20.18, the command line 20.19 and later.
        target: 'node20.18',
        sourcemap: true,
        // Only SQLite's binary stays outside: few files to load start in half the time of many.
        externalizeDeps: { exclude: Object.keys(dependencies).filter((name) => name !== 'sqlite3') },
        rolldownOptions: {
          input: mainInputs,
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
  }),
  preload: {
    build: {
      target: 'node20.18',
      externalizeDeps: false,
      // A sandboxed preload can require nothing, so each stands alone.
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: at('electron/preload/index.ts'), guard: at('electron/preload/guard.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  ...(existsSync(at('renderer/index.html')) && {
    renderer: {
      root: at('renderer'),
      publicDir: false,
      // The page comes through app://, so its reloading has to be told where Vite listens.
      server: {
        host: '127.0.0.1',
        port: 5173,
        strictPort: true,
        hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: 5173 },
      },
      plugins: [react()],
      build: {
        target: 'chrome130',
        outDir: at('out/renderer'),
        minify: true,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: { index: at('renderer/index.html'), guard: at('renderer/guard.html') } },
      },
    },
  }),
});
