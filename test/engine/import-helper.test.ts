import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import { engineForTest, importedInto } from '../support/engine';
import { bundledScript, engineWorkerScript } from '../support/engine-worker';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** A file so large that a second thread is called to help. */

const rows = 60_000;
const header = 'symbol,side,price,quantity,fee,feeCurrency,executedAt,tradeId,orderId';
const log = [header]
  .concat(
    Array.from({ length: rows }, (_, row) => {
      const at = new Date(Date.UTC(2026, 1, 3) + row * 500).toISOString();
      return `BTC/USDT,${row % 2 ? 'buy' : 'sell'},${1_000 + (row % 977) / 4},0.25,0.125,USDT,${at},T${row},O${row >> 1}`;
    }),
  )
  .join('\n');

/** Imports the log with that worker; returns the desk's engine, closed after the test, and what was logged. */
async function importedWith(script: URL | string) {
  const tasks = createWorkerPool({ script, threads: 1 });
  const lines: string[] = [];
  const folder = await temporaryFolder();
  const file = join(folder, 'large.csv');
  await writeFile(file, `${log}\n`);
  const engine = engineForTest(join(folder, 'desk'), undefined, { tasks, log: (line) => lines.push(line) });
  onTestFinished(async () => {
    await engine.close();
    await tasks.close();
  });
  const id = await importedInto(engine, file, 'live', 'own');
  const { imports } = unwrapped(await engine.ask('imports.list', { page: { offset: 0, limit: 1 } }));
  expect(imports).toMatchObject([
    { id, state: 'done', counts: { rowsRead: rows, executions: rows, duplicates: 0, quarantined: 0 } },
  ]);
  return lines;
}

describe('a second thread helps to read a large file, and is no condition of it', () => {
  it.each([
    ['helps', '', []],
    [
      'is not there',
      'file:///nowhere/helper.mjs',
      [expect.stringMatching(/^large\.csv was read by one thread: .*nowhere/)],
    ],
    ['ends at once', 'data:text/javascript,process.exit(7)', [expect.stringMatching(/by one thread: .*code 7/)]],
    ['says nothing', 'data:text/javascript,setInterval(() => 0, 1000)', []],
  ])('the helper %s', { timeout: 60_000 }, async (_how, program, said) => {
    process.env['HELPER_PROGRAM'] = program;
    const script = await (program === '' ? engineWorkerScript() : bundledScript('test/support/lone-worker.ts'));
    const lines = await importedWith(script);
    expect(lines).toEqual(said);
  });

  it('without WebAssembly it is read row by row', { timeout: 60_000 }, async () => {
    expect(await importedWith(await bundledScript('test/support/kernelless-worker.ts'))).toEqual([]);
  });
});
