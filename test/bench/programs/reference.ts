import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createImportService, noHints } from '../../../electron/engine/imports/import-service';
import { createParityService } from '../../../electron/engine/parity/parity-service';
import type { SegmentPart } from '../../../electron/engine/ports';
import { systemClock, systemIds } from '../../../electron/engine/system';
import { createWorkerPool } from '../../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../../electron/store';
import { mergeColumns } from '../../../electron/store/segment-merge';
import { DAY_US, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import { defaultParitySettings } from '../../../shared/parity/settings';
import { peakMemoryMb } from '../peak-memory.mjs';

/**
 * The reference work: both logs to one report a symbol and day. Arguments: worker script, folder, `memory` (two threads, nothing
 * stored, intervals off) or `stored` (imported into an empty desk, every report made and saved as the product does it).
 */
const [script = '', folder = '', mode = 'memory'] = process.argv.slice(2);
const map = await readFile(join(folder, 'map.json'), 'utf8');
const strategy = 'bench';
const sources = ['backtest', 'live'] as const;
const runner = createWorkerPool({ script, threads: 2 });
// Threads of a running console are warm; starting them is not what is measured.
const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();
const started = performance.now();
const figures = mode === 'memory' ? await inMemory() : await stored();
const ms = performance.now() - started;
delay.disable();
await runner.close();
console.log(
  JSON.stringify({
    ms,
    ...figures,
    eventLoopDelayP99Ms: delay.percentile(99) / 1e6,
    peakMemoryMb: peakMemoryMb(),
  }),
);

async function inMemory(): Promise<Record<string, number>> {
  const days = new Map<UtcDay, Map<string, Record<Source, ExecutionColumns[]>>>();
  const keep = (parts: readonly SegmentPart[]) => {
    for (const { summary, columns } of parts) {
      const { day, symbol, source } = summary.key;
      const symbols = days.get(day) ?? new Map<string, Record<Source, ExecutionColumns[]>>();
      days.set(day, symbols);
      const sides = symbols.get(symbol) ?? { backtest: [], live: [] };
      symbols.set(symbol, sides);
      // Views of a batch: a message that takes a whole day along takes little of other days with it.
      sides[source].push(columns);
    }
  };
  await Promise.all(
    sources.map((source) =>
      runner.run(
        'import',
        {
          path: join(folder, `${source}.csv`),
          name: `${source}.csv`,
          source,
          strategy,
          version: null,
          account: null,
          hints: { ...noHints, map },
          nowUs: systemClock.nowUs(),
          importId: source,
          print: false,
          maps: [],
        },
        {
          host: {
            existingHashes: async (keys) => keys.map(() => []),
            addParts: async (parts) => keep(parts),
            addOrderEvents: async (events) => events.length,
            addPrices: async () => undefined,
            addQuarantined: async () => undefined,
            print: async () => undefined,
            addReading: async () => undefined,
            sharedSegments: async () => [],
            sharedSegment: async () => ({
              stored: null,
              own: null,
              logged: null,
              twins: [],
              hashes: new BigUint64Array(0),
              imports: {},
            }),
            replaceSegment: async () => undefined,
            openDatabase: async () => ({ tables: new Map(), warnings: [] }),
            databaseRows: async () => [],
          },
        },
      ),
    ),
  );
  const readMs = performance.now() - started;
  let reports = 0;
  let characters = 0;
  const left = [...days].sort(([a], [b]) => (a < b ? -1 : 1))[Symbol.iterator]();
  const judgeDays = async () => {
    for (const [day, symbols] of left) {
      const startUs = utcDayStartUs(day);
      const common = { nowUs: startUs + 3 * DAY_US, settings: defaultParitySettings, revision: 1, intervals: false };
      const whole = { strategy, day, allocatedCapital: null, quarantinedRows: 0, ...common };
      const inputs = [...symbols].map(([symbol, sides]) => {
        const side = (source: Source) => ({
          executions: sides[source].length === 0 ? null : mergeColumns(sides[source]),
          orderEvents: [],
          positionAtStart: 0,
          coverage: { firstUs: startUs, lastUs: startUs + DAY_US },
        });
        return {
          ...{ symbol, live: side('live'), backtest: side('backtest'), ...whole },
          ...{ prices: { atUs: new Float64Array(0), price: new Float64Array(0) }, lastFillBefore: null },
          feePrices: new Map(),
        };
      });
      const made = await runner.run(
        'parityDay',
        { portfolio: whole, groups: 1, known: [], keep: false },
        { host: { inputs: async () => inputs } },
      );
      for (const { report } of [...made.symbols, made.portfolio]) {
        characters += JSON.stringify(report).length;
        reports++;
      }
    }
  };
  await Promise.all([judgeDays(), judgeDays()]);
  return { readMs, reports, reportBytes: characters / reports };
}

async function stored(): Promise<Record<string, number>> {
  const desk = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(desk, 'create');
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const clock = systemClock;
  const imports = createImportService({ store: store.imports, runner, openForeignDatabase, clock, ids: systemIds });
  for (const source of sources) {
    const outcome = await imports.wait(
      imports.start({
        file: { path: join(folder, `${source}.csv`), name: `${source}.csv`, uploaded: false },
        ...{ source, strategy, version: null, account: null, hints: { ...noHints, map } },
      }),
    );
    if (!outcome.ok) throw new Error(outcome.error.message);
  }
  const importMs = performance.now() - started;
  const parity = createParityService({ store, tasks: runner, clock });
  const { from, to } = await parity.span(strategy);
  const reports = await parity.refresh(strategy, from, to);
  const figuresMs = performance.now() - started;
  await store.close();
  await rm(desk, { recursive: true, force: true });
  return { importMs, reportsMs: figuresMs - importMs, reports };
}
