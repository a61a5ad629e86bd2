import { expect, onTestFinished, test } from 'vitest';
import { noHints } from '../../electron/engine/imports/import-service';
import type { ImportTask } from '../../electron/engine/imports/import-task';
import { createWorkerPool, type WorkerPoolOptions } from '../../electron/engine/worker/pool';
import type { TaskRunner } from '../../electron/engine/worker/tasks';
import { FailureError, failure } from '../../shared/base/errors';
import { bundledScript } from '../support/engine-worker';
import { failureOf } from '../support/temporary-desk';

async function pool(options: Partial<WorkerPoolOptions> = {}): Promise<TaskRunner> {
  const made = createWorkerPool({ script: await bundledScript('test/support/odd-worker.ts'), threads: 1, ...options });
  onTestFinished(() => made.close());
  return made;
}

function argsFor(name: string): ImportTask['args'] {
  const request = { path: '', name, source: 'live', strategy: null, version: null, account: null } as const;
  return { ...request, hints: noHints, nowUs: 0, importId: null, print: false };
}

const refuse = async () => {
  throw new FailureError(failure('store-full', 'The disk is full.', 'Make room.'));
};
const host: ImportTask['host'] = {
  existingHashes: refuse,
  addParts: refuse,
  addOrderEvents: refuse,
  addPrices: refuse,
  addQuarantined: refuse,
  addReading: refuse,
  sharedSegments: refuse,
  sharedSegment: refuse,
  replaceSegment: refuse,
  print: refuse,
  openDatabase: refuse,
  databaseRows: refuse,
};
const run = (runner: TaskRunner, name: string, signal?: AbortSignal, onProgress?: () => void) =>
  runner.run('import', argsFor(name), { host, signal, onProgress });

test('jobs wait for the thread and end in their order', async () => {
  const runner = await pool();
  const ended: string[] = [];
  await Promise.all(['a', 'b', 'c'].map((name) => run(runner, name).then(({ format }) => ended.push(format))));
  expect(ended).toEqual(['a', 'b', 'c']);
});

test('a failure of the task arrives as it was', async () => {
  expect(await failureOf(run(await pool(), 'refuses'))).toEqual(
    failure('format-damaged', 'Broken.', 'Mend it.', { line: 3 }),
  );
});

test('a failure of the engine behind a call reaches the task and comes back', async () => {
  expect(await failureOf(run(await pool(), 'calls'))).toMatchObject({ code: 'store-full' });
});

test.each(['dies', 'throws outside'])(
  'a thread that %s fails its job alone; the next has a fresh thread',
  async (name) => {
    const runner = await pool();
    const [lost, next] = await Promise.all([failureOf(run(runner, name)), run(runner, 'next')]);
    expect(lost).toMatchObject({ code: 'internal', message: expect.stringContaining('worker thread stopped') });
    expect(next.format).toBe('next');
  },
);

test('a cancelled job ends by itself when it listens', async () => {
  const runner = await pool({ graceMs: 60_000 });
  const cancelling = new AbortController();
  const ended = failureOf(run(runner, 'waits', cancelling.signal, () => cancelling.abort()));
  expect((await ended).code).toBe('cancelled');
  expect((await run(runner, 'next')).format).toBe('next');
});

test('a cancelled job that does not listen is stopped with its thread', async () => {
  const runner = await pool({ graceMs: 50 });
  const cancelling = new AbortController();
  const ended = failureOf(run(runner, 'never looks up', cancelling.signal));
  await run(await pool(), 'elsewhere');
  cancelling.abort();
  expect((await ended).code).toBe('cancelled');
  expect((await run(runner, 'next')).format).toBe('next');
});

test('a job cancelled while it waits never runs', async () => {
  const runner = await pool();
  const [first, second] = [new AbortController(), new AbortController()];
  const running = failureOf(run(runner, 'waits', first.signal));
  const waiting = failureOf(run(runner, 'refuses', second.signal));
  second.abort();
  expect((await waiting).code).toBe('cancelled');
  first.abort();
  expect((await running).code).toBe('cancelled');
  const before = new AbortController();
  before.abort();
  expect((await failureOf(run(runner, 'refuses', before.signal))).code).toBe('cancelled');
});

test('the queue is bounded', async () => {
  const runner = await pool({ queueLimit: 1 });
  const stop = new AbortController();
  const jobs = [run(runner, 'waits', stop.signal), run(runner, 'waits', stop.signal)].map(failureOf);
  expect(await failureOf(run(runner, 'a'))).toMatchObject({ code: 'busy', detail: { limit: 1 } });
  stop.abort();
  expect((await Promise.all(jobs)).map(({ code }) => code)).toEqual(['cancelled', 'cancelled']);
});

test('closing fails what runs and what waits, and what comes after', async () => {
  const runner = await pool();
  const jobs = [failureOf(run(runner, 'waits')), failureOf(run(runner, 'a'))];
  await runner.close();
  const codes = (await Promise.all([...jobs, failureOf(run(runner, 'b'))])).map(({ code }) => code);
  expect(codes).toEqual(['unavailable', 'unavailable', 'unavailable']);
});
