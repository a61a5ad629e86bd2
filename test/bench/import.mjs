// Measures imports: `node test/bench/import.mjs [rows] [runs]`. Writes a log of its own (seeded, Lockstep CSV), imports it into an
// empty desk, imports it a second time, and cancels half way; each run in a fresh process, medians printed.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const rows = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 5);
const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const bundles = mkdtempSync(join(cache, 'bench-'));
const data = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));

try {
  const file = join(data, 'bench.csv');
  writeLog(file, rows);
  const program = await bundle('test/bench/import-run.ts', 'import-run.mjs');
  const worker = await bundle('electron/engine/worker/entry.ts', 'engine-worker.mjs');
  for (const mode of ['import', 'again', 'cancel']) {
    const results = Array.from({ length: runs }, () =>
      JSON.parse(execFileSync(process.execPath, [program, worker, file, mode], { encoding: 'utf8', cwd: root })),
    );
    const median = (name) => results.map((result) => result[name]).sort((a, b) => a - b)[Math.floor(runs / 2)];
    const largest = (name) => Math.max(...results.map((result) => result[name]));
    console.log(
      mode.padEnd(7),
      JSON.stringify(results[0].outcome),
      `stored ${results[0].stored}, state ${results[0].state}`,
    );
    console.log(
      `        import ${median('importMs')} ms (${Math.round((rows / median('importMs')) * 1_000)} rows/s),`,
      mode === 'cancel' ? `cancel ${largest('cancelMs')} ms at most,` : '',
      `event-loop delay p99 ${median('eventLoopDelayP99Ms')} ms (max ${largest('eventLoopDelayMaxMs')}), peak memory ${largest('peakMemoryMb')} MB`,
    );
  }
} finally {
  rmSync(bundles, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
}

async function bundle(entry, name) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, entry),
      target: 'node20.18',
      outDir: bundles,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } },
    },
  });
  return join(bundles, name);
}

/** Fifty symbols over thirty days in time order, ids of venue length, prices that wander. */
function writeLog(path, count) {
  let state = 20260105;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const symbols = Array.from({ length: 50 }, (_, index) => `C${String(index).padStart(2, '0')}/USDT`);
  const prices = symbols.map((_, index) => 10 * 1.2 ** index);
  const startMs = Date.UTC(2026, 0, 5);
  const stepMs = (30 * 86_400_000) / count;
  const out = openSync(path, 'w');
  let text =
    'symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,tradeId,orderId,clientOrderId,decidedAt,submittedAt\n';
  for (let row = 0; row < count; row++) {
    const which = Math.floor(random() * symbols.length);
    prices[which] *= 1 + (random() - 0.5) * 0.0006;
    const atMs = Math.floor(startMs + row * stepMs);
    const quantity = 0.01 + random();
    const price = prices[which];
    const side = random() < 0.5 ? 'buy' : 'sell';
    const order = Math.floor(row / 1.2);
    text += `${symbols[which]},${side},${price.toFixed(4)},${quantity.toFixed(5)},${(price * quantity * 0.0004).toFixed(6)},USDT,`;
    text += `${random() < 0.3 ? 'maker' : 'taker'},${new Date(atMs).toISOString()},T${700000000 + row},O-${500000000 + order},`;
    text += `cl-${which}-${order},${new Date(atMs - 120).toISOString()},${new Date(atMs - 60).toISOString()}\n`;
    if (text.length > 1_000_000) {
      writeSync(out, text);
      text = '';
    }
  }
  writeSync(out, text);
  closeSync(out);
}
