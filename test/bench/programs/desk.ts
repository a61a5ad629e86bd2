import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../electron/engine/engine';
import { createSecretVault, noKeychain } from '../../../electron/engine/rollback/secret-file';
import { systemClock, systemIds } from '../../../electron/engine/system';
import { createWorkerPool } from '../../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../../electron/store';
import { valueOrThrow } from '../../../shared/base/result';

/**
 * Opening a desk whose reports are made: what the engine takes for the Desk and for a change to the Parity page, the first time after a
 * start and once more. Arguments: worker script, days stored.
 */
const [script = '', days = '30'] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-desk-'));
const symbols = ['C0/USDT', 'C1/USDT', 'C2/USDT', 'C3/USDT'];
const fillsADay = 12;
const strategy = 'bench';
const firstMs = Date.UTC(2015, 0, 1);

const engineOf = () =>
  createEngine({
    dataDirectory: join(folder, 'desk'),
    openStore: deskStores({ clock: systemClock, ids: systemIds }).openDeskStore,
    openForeignDatabase,
    tasks: createWorkerPool({ script, threads: 2 }),
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

function logOf(source: string): string {
  const rows = ['executedAt,symbol,side,price,quantity,fee,feeCurrency,tradeId,orderId,clientOrderId'];
  for (let day = 0; day < Number(days); day++) {
    for (let fill = 0; fill < fillsADay; fill++) {
      const at = new Date(
        firstMs + day * 86_400_000 + (fill + 1) * 6_000_000 + (source === 'live' ? 50 : 0),
      ).toISOString();
      for (const [index, symbol] of symbols.entries()) {
        const id = `${index}-${day}-${fill}`;
        const price = 100 + ((day * 7 + fill * 3 + index) % 17) + (source === 'live' ? 0.01 : 0);
        rows.push(
          `${at},${symbol},${fill % 2 === 0 ? 'buy' : 'sell'},${price},1,0.04,USDT,${source}${id},${source}o${id},c${id}`,
        );
      }
    }
  }
  return `${rows.join('\n')}\n`;
}

const making = engineOf();
const desk = await making.desk();
for (const source of ['backtest', 'live'] as const) {
  const path = join(folder, `${source}.csv`);
  await writeFile(path, logOf(source));
  const job = desk.imports.start({
    file: { path, name: `${source}.csv`, uploaded: false },
    ...{ source, strategy, version: null, account: null },
    hints: { format: null, map: null, zone: null, symbol: null },
  });
  valueOrThrow(await desk.imports.wait(job));
}
await desk.settled();
const { from, to } = await desk.parity.span(strategy);
await desk.parity.refresh(strategy, from, to);
await making.close();

const engine = engineOf();
await engine.desk();
const took = async (ask: () => Promise<unknown>) => {
  const began = performance.now();
  await ask();
  return performance.now() - began;
};
const overview = async () => valueOrThrow(await engine.ask('desk.overview', { strategy, days: 30 }));
const parity = async () => valueOrThrow(await engine.ask('parity.symbols', { strategy }));
// What a process does once is not what grows with the days.
await took(async () => valueOrThrow(await engine.ask('app.info', {})));
const figures = {
  days: Number(days),
  openMs: await took(overview),
  openAgainMs: await took(overview),
  pageMs: await took(parity),
  pageAgainMs: await took(parity),
};
await engine.close();
await rm(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify(figures)}\n`);
