import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../electron/engine/engine';
import { createSecretVault, noKeychain } from '../../../electron/engine/rollback/secret-file';
import { systemClock, systemIds } from '../../../electron/engine/system';
import { createWorkerPool } from '../../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../../electron/store';
import { valueOrThrow } from '../../../shared/base/result';

/**
 * Live follow as the desk sees it: rows are written at a steady rate by this process, and after every `data.changed` the Desk's figures
 * are asked for, as the page does. Latency of a row: from its write to the answer that counts it. CPU: this process with its threads,
 * writing and asking included. Arguments: worker script, rows a second, seconds, files of the full folder.
 */
const [script = '', rate = '1000', seconds = '60', files = '10000'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-follow-'));
const engine = createEngine({
  dataDirectory: join(folder, 'desk'),
  openStore: deskStores({ clock: systemClock, ids: systemIds }).openDeskStore,
  openForeignDatabase,
  tasks: createWorkerPool({ script, threads: 2 }),
  follow: createWorkerPool({ script, threads: 1 }),
  secrets: createSecretVault({
    file: join(folder, 'secrets.json'),
    cipher: noKeychain,
    environment: {},
    clock: systemClock,
  }),
  clock: systemClock,
  ids: systemIds,
  version: '0.0.0',
  log: (line) => void process.stderr.write(`${line}\n`),
});

const header = 'executedAt,symbol,side,price,quantity,fee,feeCurrency,tradeId,orderId,clientOrderId\n';
const symbols = Array.from({ length: 10 }, (_, index) => `C${index}/USDT`);
const rowAt = (row: number, atMs: number, prefix: string) =>
  `${new Date(atMs).toISOString()},${symbols[row % symbols.length]},${row % 2 === 0 ? 'buy' : 'sell'},${100 + (row % 13)},1,0.1,USDT,${prefix}${row},${prefix}o${row},c${row}\n`;

async function watch(path: string): Promise<void> {
  const { token } = valueOrThrow(await engine.admit({ path, name: path, uploaded: false, toWatch: true }));
  const settings = {
    source: 'live',
    strategy: 'bench',
    version: null,
    account: null,
    format: null,
    map: null,
  } as const;
  valueOrThrow(await engine.ask('watches.add', { token, ...settings }));
}

async function steadyStream() {
  const logs = join(folder, 'logs');
  await mkdir(logs);
  // The other side of the comparison, so that the figures are worked out and not only counted.
  const total = Number(rate) * Number(seconds);
  const startMs = Date.now();
  await writeFile(
    join(folder, 'backtest.csv'),
    header + Array.from({ length: total }, (_, row) => rowAt(row, startMs + row * (1000 / Number(rate)), 'b')).join(''),
  );
  const desk = await engine.desk();
  const job = desk.imports.start({
    file: { path: join(folder, 'backtest.csv'), name: 'backtest.csv', uploaded: false },
    source: 'backtest',
    strategy: 'bench',
    version: null,
    account: null,
    hints: { format: null, map: null, zone: null, symbol: null },
  });
  valueOrThrow(await desk.imports.wait(job));
  await desk.settled();
  const log = await open(join(logs, 'bot.csv'), 'a');
  await log.write(header);
  await watch(logs);

  /** Rows written up to a moment, oldest first. */
  const written: { readonly rows: number; readonly atMs: number }[] = [];
  const latenciesMs: number[] = [];
  const asksMs: number[] = [];
  let counted = 0;
  let asking = false;
  let again = false;
  const ask = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    do {
      again = false;
      const askedMs = performance.now();
      const answer = await engine.ask('desk.overview', { strategy: 'bench', days: 30 });
      if (!answer.ok) return; // closed at the end
      const overview = answer.value;
      asksMs.push(performance.now() - askedMs);
      const shown = overview.symbols.reduce((sum, { matched, extra }) => sum + matched + extra, 0);
      const nowMs = performance.now();
      while (written[0] && written[0].rows <= shown) latenciesMs.push(nowMs - written.shift()!.atMs);
      counted = Math.max(counted, shown);
    } while (again);
    asking = false;
  };
  const stopAsking = engine.on('data.changed', () => void ask());

  // The first row starts the reading thread; a desk follows all day.
  await log.write(rowAt(0, Date.now(), 'l'));
  while (counted < 1) await new Promise((resolve) => setTimeout(resolve, 20));

  const cpuBefore = process.cpuUsage();
  const beganMs = performance.now();
  let rows = 1;
  while (rows < total) {
    const due = Math.min(total, 1 + Math.floor(((performance.now() - beganMs) / 1_000) * Number(rate)));
    if (due > rows) {
      let text = '';
      const nowMs = Date.now();
      for (; rows < due; rows++) text += rowAt(rows, nowMs, 'l');
      await log.write(text);
      written.push({ rows, atMs: performance.now() });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  while (counted < total) await new Promise((resolve) => setTimeout(resolve, 20));
  const wallMs = performance.now() - beganMs;
  const cpu = process.cpuUsage(cpuBefore);
  stopAsking();
  await log.close();
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))]!);
  return {
    rows: total,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    overviews: asksMs.length,
    overviewMs: Math.round(asksMs.sort((a, b) => a - b)[Math.floor(asksMs.length / 2)] ?? 0),
    cpuPercentOfOneCore: Math.round(((cpu.user + cpu.system) / 1_000 / wallMs) * 100),
  };
}

async function fullFolder() {
  const many = join(folder, 'many');
  await mkdir(many);
  for (let file = 0; file < Number(files); file++) {
    await writeFile(join(many, `day-${file}.csv`), header + rowAt(file, Date.UTC(2026, 0, 1) + file * 60_000, 'm'));
  }
  const desk = await engine.desk();
  const beganMs = performance.now();
  await watch(many);
  await desk.follow?.caughtUp();
  const firstMs = performance.now() - beganMs;
  const cpuBefore = process.cpuUsage();
  const restMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const cpu = process.cpuUsage(cpuBefore);
  const restPercent = ((cpu.user + cpu.system) / 1_000 / (performance.now() - restMs)) * 100;
  const writtenMs = performance.now();
  const seen = new Promise<void>((resolve) => {
    engine.on('watches.changed', () => resolve());
  });
  const log = await open(join(many, 'day-7.csv'), 'a');
  await log.write(rowAt(7, Date.UTC(2026, 1, 1), 'n'));
  await log.close();
  await seen;
  return {
    files: Number(files),
    folderStartMs: Math.round(firstMs),
    folderRestCpuPercent: Math.round(restPercent),
    folderWriteMs: Math.round(performance.now() - writtenMs),
  };
}

try {
  const outcome = { ...(await steadyStream()), ...(Number(files) > 0 && (await fullFolder())) };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
