import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledScript, engineWorkerScript } from '../support/engine-worker';
import { type CsvFill, csvOf, importDesk } from '../support/import-desk';
import { killImport } from '../support/killed-import';
import { storesForTest, temporaryFolder, unwrapped } from '../support/temporary-desk';

const rows = 8_000;
const kills = 5;

test(`${kills} kills of an import that merges what is stored: each leaves all of it merged or none`, async () => {
  const [script, program] = [await engineWorkerScript(), await bundledScript('test/support/import-process.ts')];
  const stores = storesForTest();
  const folder = await temporaryFolder();
  const template = join(folder, 'template');
  const desk = await importDesk(undefined, template);
  const fills = Array.from({ length: rows }, (_, index): CsvFill & { executedAt: string } => {
    const executedAt = new Date(Date.UTC(2026, 0, 10) + index * 60_000).toISOString();
    return { tradeId: `t${index}`, price: 1 + index, executedAt };
  });
  const poor = fills.map(({ tradeId, price, executedAt }) =>
    JSON.stringify({ symbol: 'BTC/USDT', side: 'buy', price, quantity: 1, executedAt, tradeId }),
  );
  unwrapped(await desk.import(await desk.file('poor.jsonl', `${poor.join('\n')}\n`)));
  const { file } = await desk.file('rich.csv', csvOf(fills));
  await desk.store.close();

  /** Kills the import of the richer log after so long; returns executions stored, those with a fee, and how long it lasted. */
  const killAfter = async (delayMs: number, name: string) => {
    const deskFolder = join(folder, name);
    const lastedMs = await killImport({
      program,
      workerScript: script,
      template,
      deskFolder,
      path: file.path,
      delayMs,
    });
    const store = unwrapped(await stores.openDeskStore(deskFolder, 'existing'));
    let stored = 0;
    let charged = 0;
    for (const { key } of await store.executions.segments({})) {
      const columns = await store.executions.readSegment(key);
      stored += columns?.count ?? 0;
      charged += columns?.fee.filter((fee) => fee === 0.1).length ?? 0;
    }
    const [totals] = await store.executions.strategies();
    const { total } = await store.imports.merged(null, { offset: 0, limit: 1 });
    await store.close();
    await rm(deskFolder, { recursive: true });
    return { outcome: { stored, charged, counted: totals?.liveExecutions, merged: total }, lastedMs };
  };

  const before = { stored: rows, charged: 0, counted: rows, merged: 0 };
  const after = { stored: rows, charged: rows, counted: rows, merged: rows };
  const { outcome, lastedMs } = await killAfter(60_000, 'unharmed');
  expect(outcome).toEqual(after);
  for (let kill = 0; kill < kills; kill++) {
    expect([before, after]).toContainEqual(
      (await killAfter((lastedMs * (kill + 1)) / kills, `killed-${kill}`)).outcome,
    );
  }
}, 120_000);
