// `npm run bench [-- --rounds 5] [--only TEXT] [--no-peers]`: makes every figure of the registry again and prints ours beside the
// peer's. Programs and peers take turns, so that a busy machine is busy for all; the median of the rounds counts.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'vite';
import { referenceMap, writeLog, writeReference } from './data.mjs';
import { preparePeers } from './peers.mjs';
import { measures, rows } from './registry.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string' }, 'no-peers': { type: 'boolean' } },
});
const rounds = Number(options.rounds);
const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const bundles = mkdtempSync(join(cache, 'bench-'));
const data = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const interrupt = () => process.exit(130);
process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
process.once('exit', () => {
  for (const folder of [bundles, data]) rmSync(folder, { recursive: true, force: true });
});

const chosenRows = rows.filter(({ title, ours }) => !options.only || `${title} ${ours[0]}`.includes(options.only));
const needed = new Set(chosenRows.flatMap(({ ours, peer }) => [ours[0], peer?.[0]]));
const chosen = measures.filter(({ name }) => needed.has(name));
const peers = await preparePeers(
  options['no-peers'] ? [] : [...new Set(chosen.flatMap(({ peer }) => peer ?? []))],
  (line) => console.log(line),
);
const inputs = prepareInputs();
const bundled = new Map();
const worker = await bundle('electron/engine/worker/entry.ts', 'engine-worker.mjs');

/** Figures of each measure, a list a figure, and why a measure could not be made. */
const figures = new Map();
const absent = new Map();
for (let round = 0; round < rounds; round++) {
  for (const measure of chosen) {
    if (absent.has(measure.name)) continue;
    process.stderr.write(`\rround ${round + 1} of ${rounds}: ${measure.name}`.padEnd(60));
    try {
      const made = await take(measure);
      for (const [name, value] of Object.entries(made)) {
        if (typeof value !== 'number') continue;
        const key = `${measure.name} ${name}`;
        figures.set(key, [...(figures.get(key) ?? []), value]);
      }
    } catch (error) {
      absent.set(measure.name, reasonOf(error));
    }
  }
}
process.stderr.write('\r'.padEnd(61));
print();

async function take({ program, peer, arguments: args }) {
  const own = args(inputs);
  if (peer) {
    const { command, reason } = peers(peer);
    if (!command) throw new Error(reason);
    return figuresOf(await run(command[0], [...command.slice(1), ...own], { cwd: data, maxBuffer: 2 ** 26 }));
  }
  if (!bundled.has(program)) bundled.set(program, await bundle(`test/bench/programs/${program}.ts`, `${program}.mjs`));
  return figuresOf(
    await run(process.execPath, [bundled.get(program), worker, ...own], { cwd: root, maxBuffer: 2 ** 26 }),
  );
}

/** The line that names the fault, of all that a failed process printed. */
function reasonOf(error) {
  const lines = String(error.stderr ?? error.message)
    .trim()
    .split('\n');
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
}

function figuresOf({ stdout }) {
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** The files the measures read, each made when it is first asked for. */
function prepareInputs() {
  const made = (path, make) => {
    if (!existsSync(path)) make(path);
    return path;
  };
  return {
    log: (count) => made(join(data, `log-${count}.csv`), (path) => writeLog(path, count)),
    get dayLog() {
      return made(join(data, 'day.csv'), (path) => writeLog(path, 100_000, { symbols: 1, days: 1 }));
    },
    get reference() {
      return made(join(data, 'reference'), (folder) => {
        mkdirSync(folder);
        writeReference(folder, 1_000_000);
        writeFileSync(join(folder, 'map.json'), JSON.stringify(referenceMap));
      });
    },
    scratch: (name) => join(data, name),
  };
}

async function bundle(entry, name) {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // As the product is bundled: few files to load start in half the time of many, and only SQLite's binary stays outside.
    ssr: { noExternal: true, external: ['sqlite3'] },
    build: {
      ssr: join(root, entry),
      target: 'node20.18',
      outDir: bundles,
      emptyOutDir: false,
      // What is loaded only when it is asked for is no part of what the other programs load.
      rolldownOptions: { output: { entryFileNames: name, chunkFileNames: '[name]-[hash].mjs' } },
    },
  });
  return join(bundles, name);
}

function median([measure, figure]) {
  const values = [...(figures.get(`${measure} ${figure}`) ?? [])].sort((a, b) => a - b);
  return values.length === 0 ? Number.NaN : values[values.length >> 1];
}

function print() {
  const load = loadavg().map((value) => value.toFixed(1));
  console.log(`medians of ${rounds} rounds in turn; Node ${process.version}; load average ${load.join(' ')}\n`);
  const cell = (value, unit) => (Number.isNaN(value) ? '-' : `${value.toPrecision(value >= 1_000 ? 4 : 3)} ${unit}`);
  const line = (...cells) =>
    console.log(cells.map((text, index) => (index === 0 ? text.padEnd(66) : text.padStart(13))).join(''));
  line('', 'ours', 'peer', 'ratio', 'goal', '');
  for (const { title, unit, ours, peer, most } of chosenRows) {
    const own = median(ours);
    const other = peer ? median(peer) : Number.NaN;
    const ratio = own / other;
    const judged = most === undefined ? Number.NaN : 'ratio' in most ? ratio / most.ratio : own / most.value;
    const verdict = Number.isNaN(judged) ? '' : judged <= 1 ? 'pass' : 'SHORT';
    const goal = most === undefined ? '' : 'ratio' in most ? `<= ${most.ratio} x` : `<= ${most.value} ${unit}`;
    line(title, cell(own, unit), cell(other, unit), Number.isNaN(ratio) ? '' : `${ratio.toFixed(2)} x`, goal, verdict);
  }
  for (const [name, reason] of absent) console.log(`\n${name}: not measured: ${reason}`);
}
