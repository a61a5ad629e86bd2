import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll } from 'vitest';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import type { TaskRunner } from '../../electron/engine/worker/tasks';

const root = resolve(import.meta.dirname, '../..');
const cache = 'node_modules/.cache';
let bundled: Promise<string> | null = null;

/** Path of the worker's program, bundled once per test file as the build does it, and removed after the file's tests. */
export function engineWorkerScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  await mkdir(join(root, cache), { recursive: true });
  const folder = await mkdtemp(join(root, cache, 'engine-worker-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(root, 'electron/engine/worker/entry.ts'),
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'engine-worker.mjs', codeSplitting: false } },
    },
  });
  return join(folder, 'engine-worker.mjs');
}

/** A pool on the real worker; the test file closes it. */
export async function enginePool(threads = 1): Promise<TaskRunner> {
  return createWorkerPool({ script: await engineWorkerScript(), threads });
}
