import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createImportService, noHints } from '../../../electron/engine/imports/import-service';
import { systemClock, systemIds } from '../../../electron/engine/system';
import { createWorkerPool } from '../../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../../electron/store';
import { peakMemoryMb } from '../peak-memory.mjs';

/**
 * One measured run in a process of its own: imports the file into an empty desk, or cancels that import half way, and prints the
 * figures as JSON. Arguments: worker script, file, `import`, `again` (imported twice, the second measured), `columns` (read into
 * columns, nothing stored) or `cancel`.
 */
const [script = '', path = '', mode = 'import'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(folder, 'create');
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const runner = createWorkerPool({ script, threads: 1 });
const imports = createImportService({
  store: store.imports,
  runner,
  openForeignDatabase,
  clock: systemClock,
  ids: systemIds,
});
const job = {
  file: { path, name: 'bench.csv', uploaded: false },
  source: 'live',
  strategy: 'bench',
  version: null,
  account: null,
  hints: noHints,
} as const;
if (mode === 'again') await imports.wait(imports.start(job));

const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
const startedMs = performance.now();
let cancelledMs = Number.NaN;
const id = mode === 'columns' ? '' : imports.start(job);
if (mode === 'cancel') {
  await new Promise<void>((resolve) => {
    const stop = imports.onProgress(([running]) => {
      if (!running || running.bytesRead * 2 < running.sizeBytes) return;
      stop();
      resolve();
    });
  });
  cancelledMs = performance.now();
  imports.cancel(id);
}
const outcome = mode === 'columns' ? await imports.dryRun(job, null) : await imports.wait(id);
const endedMs = performance.now();
delay.disable();
const segments = await store.executions.segments({});
const [record] = (await store.imports.list({ offset: 0, limit: 1 })).rows;
await runner.close();
await store.close();
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    mode,
    outcome: outcome.ok ? outcome.value.counts : outcome.error.code,
    state: record?.state,
    stored: segments.reduce((sum, { count }) => sum + count, 0),
    importMs: Math.round(endedMs - startedMs),
    cancelMs: Math.round(endedMs - cancelledMs),
    eventLoopDelayP99Ms: Number((delay.percentile(99) / 1e6).toFixed(1)),
    eventLoopDelayMaxMs: Number((delay.max / 1e6).toFixed(1)),
    peakMemoryMb: Math.round(peakMemoryMb()),
  }),
);
