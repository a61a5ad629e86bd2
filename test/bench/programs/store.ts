import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createImportService, noHints } from '../../../electron/engine/imports/import-service';
import { createParityService } from '../../../electron/engine/parity/parity-service';
import { systemClock, systemIds } from '../../../electron/engine/system';
import { createWorkerPool } from '../../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../../electron/store';
import type { ExecutionColumns } from '../../../shared/market/columns';
import { peakMemoryMb } from '../peak-memory.mjs';

/**
 * What a full desk answers with: all executions read back into columns, durable saves beside what the disk itself takes, the daily
 * report of a symbol, warm, and the memory a large day takes. Arguments: worker script, log of all, log of one symbol's 100,000 of one day.
 */
const [script = '', path = '', dayPath = ''] = process.argv.slice(2);
const saves = 500;
const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(folder, 'create');
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const runner = createWorkerPool({ script, threads: 1 });
const clock = systemClock;
const imports = createImportService({ store: store.imports, runner, openForeignDatabase, clock, ids: systemIds });

async function importLog(file: string, source: 'live' | 'backtest', strategy: string): Promise<void> {
  const outcome = await imports.wait(
    imports.start({
      file: { path: file, name: 'bench.csv', uploaded: false },
      ...{ source, strategy, version: null, account: null, hints: noHints },
    }),
  );
  if (!outcome.ok) throw new Error(outcome.error.message);
}

function quantile(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length * share)]!;
}

await importLog(path, 'live', 'bench');
await importLog(dayPath, 'live', 'day');
await importLog(dayPath, 'backtest', 'day');

const readStarted = performance.now();
let executions = 0;
const segments = await store.executions.segments({ strategy: 'bench' });
for await (const { columns } of store.executions.readSegments(segments)) executions += columns.count;
const readMs = performance.now() - readStarted;

const saveMs: number[] = [];
const floorMs: number[] = [];
const floor = openSync(join(folder, 'floor'), 'a');
const block = new Uint8Array(4_096);
for (let save = 0; save < saves; save++) {
  const before = performance.now();
  await store.settings.set('bench', String(save));
  const saved = performance.now();
  writeSync(floor, block);
  fdatasyncSync(floor);
  saveMs.push(saved - before);
  floorMs.push(performance.now() - saved);
}

const [segment] = await store.executions.segments({ strategy: 'bench' });
if (!segment) throw new Error('nothing was stored');
const parity = createParityService({ store, tasks: runner, clock });
const reportMs: number[] = [];
const { symbol, day } = segment.key;
for (let run = 0; run < 100; run++) {
  const before = performance.now();
  await parity.report('bench', symbol, day, day);
  if (run >= 10) reportMs.push(performance.now() - before);
}

// What all days share is not counted for one of them.
const [held, other] = await Promise.all(
  (await store.executions.segments({ strategy: 'day' })).map(({ key }) => store.executions.readSegment(key)),
);
const shared = other ? buffersOf(other) : new Set();
const own = held ? [...buffersOf(held)].filter((buffer) => !shared.has(buffer)) : [];
await runner.close();
await store.close();
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    readMs,
    executions,
    saveP50Ms: quantile(saveMs, 0.5),
    saveP99Ms: quantile(saveMs, 0.99),
    floorP99Ms: quantile(floorMs, 0.99),
    storedReportP99Ms: quantile(reportMs, 0.99),
    dayExecutions: held?.count ?? 0,
    dayMb: own.reduce((sum, buffer) => sum + buffer.byteLength, 0) / 1e6,
    peakMemoryMb: peakMemoryMb(),
  }),
);

/** The buffers the columns look into. */
function buffersOf(columns: ExecutionColumns): ReadonlySet<ArrayBufferLike> {
  const buffers = new Set<ArrayBufferLike>();
  for (const column of Object.values(columns)) {
    for (const values of ArrayBuffer.isView(column) ? [column] : Object.values<unknown>(Object(column))) {
      if (ArrayBuffer.isView(values)) buffers.add(values.buffer);
    }
  }
  return buffers;
}
