import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import type { TaskRunner } from '../../electron/engine/worker/tasks';
import type { UtcDay } from '../../shared/base/time';
import { engineForTest, importedInto } from '../support/engine';
import { engineWorkerScript } from '../support/engine-worker';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';
import { tradeLogs } from '../support/trade-logs';

const pools: TaskRunner[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

it('a day of many executions is worked out on the worker, and comes out the same to the byte', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder();
  const day = '2026-03-02' as UtcDay;
  const logs = tradeLogs(day, { ordersPerDay: 6_000 });
  const versioned = (log: string) => log.replace(/^(?=.)/gm, 'v1,').replace(/^v1/, 'version'); // the header's line comes first
  await writeFile(join(folder, 'backtest.csv'), versioned(logs.backtest));
  await writeFile(join(folder, 'live.csv'), versioned(logs.live));
  const pool = createWorkerPool({ script: await engineWorkerScript(), threads: 1 });
  pools.push(pool);
  const threaded: string[] = [];
  const watched: TaskRunner = {
    run: (name, args, options) => {
      threaded.push(name);
      return pool.run(name, args, options);
    },
    close: () => pool.close(),
  };
  const reports = [];
  for (const [name, parts] of [
    ['worker', { tasks: watched }],
    ['inline', {}],
  ] as const) {
    const engine = engineForTest(join(folder, name), undefined, parts);
    await importedInto(engine, join(folder, 'backtest.csv'), 'backtest');
    await importedInto(engine, join(folder, 'live.csv'), 'live');
    const { report } = unwrapped(
      await engine.ask('parity.report', { strategy: 'pairs', symbol: null, from: day, to: day }),
    );
    expect(report.matches.matched).toBe(6_000);
    const desk = await engine.desk();
    const judgedBefore = threaded.length;
    const ofVersion = await Promise.all(
      [null, 'BTC/USDT'].map((symbol) => desk.parity.ofVersion('pairs', symbol, 'v1', day, day)),
    );
    expect(ofVersion.map(({ key, matches }) => [key.symbol, matches.matched])).toEqual([
      [null, 6_000],
      ['BTC/USDT', 6_000],
    ]);
    expect(threaded.slice(judgedBefore)).toEqual(name === 'worker' ? ['parityDay', 'parityDay'] : []);
    reports.push(JSON.stringify([report, ...ofVersion]));
    await engine.close();
  }
  expect(threaded).toContain('parityDay');
  expect(reports[0] === reports[1]).toBe(true);
});

it('a day of many orders is opened and explained on the worker, once for all who ask, and comes out the same to the byte', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder();
  const day = '2026-03-02' as UtcDay;
  const logs = tradeLogs(day, { ordersPerDay: 6_000, liveFeeBps: 12, missed: [3, 40] });
  await writeFile(join(folder, 'backtest.csv'), logs.backtest);
  await writeFile(join(folder, 'live.csv'), logs.live);
  const pool = createWorkerPool({ script: await engineWorkerScript(), threads: 1 });
  pools.push(pool);
  const threaded: string[] = [];
  const watched: TaskRunner = {
    run: (name, args, options) => {
      threaded.push(name);
      return pool.run(name, args, options);
    },
    close: () => pool.close(),
  };
  const answers = [];
  for (const [name, parts] of [
    ['worker', { tasks: watched }],
    ['inline', {}],
  ] as const) {
    const engine = engineForTest(join(folder, name), undefined, parts);
    await importedInto(engine, join(folder, 'backtest.csv'), 'backtest');
    await importedInto(engine, join(folder, 'live.csv'), 'live');
    const range = { strategy: 'pairs', symbol: 'BTC/USDT', from: day, to: day };
    const page = { offset: 0, limit: 50 };
    const selection = {
      strategy: 'pairs',
      symbol: 'BTC/USDT',
      day,
      kind: 'all',
      sort: 'gap',
      descending: true,
    } as const;
    const asked = await Promise.all([
      engine.ask('parity.causes', range),
      engine.ask('parity.causeOrders', { ...range, cause: 'feeModel', reason: null, page }),
      engine.ask('parity.orders', { ...selection, page }),
      engine.ask('parity.points', { strategy: 'pairs', symbol: 'BTC/USDT', day }),
      engine.ask('parity.fills', { strategy: 'pairs', symbol: 'BTC/USDT', day, orderIds: ['live:5', 'backtest:5999'] }),
      engine.ask('parity.report', range),
    ]);
    expect(asked.every(({ ok }) => ok)).toBe(true);
    answers.push(JSON.stringify(asked));
    if (name === 'worker') expect(threaded.filter((task) => task === 'openDay')).toHaveLength(1);
    await engine.close();
  }
  expect(threaded.filter((task) => task === 'openDay')).toHaveLength(1);
  expect(answers[0] === answers[1]).toBe(true);
  expect(answers[0]).toContain('missed.noLiveOrder');
});
