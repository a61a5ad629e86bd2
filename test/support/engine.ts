import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngine, type Engine } from '../../electron/engine/engine';
import type { EngineParts } from '../../electron/engine/parts';
import { createSecretVault, noKeychain } from '../../electron/engine/rollback/secret-file';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import { openForeignDatabase } from '../../electron/store';
import type { Clock } from '../../shared/base/clock';
import type { AdmittedFile } from '../../shared/contract/calls';
import { countingIds, storesForTest, unwrapped } from './temporary-desk';

/** A clock that stands where it is put, and runs in real time for durations. */
export function standingClock(iso: string): Clock & { set(iso: string): void } {
  let nowUs = Date.parse(iso) * 1_000;
  return {
    nowUs: () => nowUs,
    monotonicMs: () => performance.now(),
    set: (to) => {
      nowUs = Date.parse(to) * 1_000;
    },
  };
}

/** The real engine on the real store, working in place; closed when the test is over. Results are held against the contract. */
export function engineForTest(
  dataDirectory: string,
  clock: Clock = standingClock('2026-03-10T09:00:00Z'),
  parts: Partial<EngineParts> = {},
): Engine {
  const ids = countingIds();
  const engine = createEngine({
    dataDirectory,
    openStore: storesForTest(clock, ids).openDeskStore,
    openForeignDatabase,
    tasks: createInlineRunner(tasks),
    secrets: createSecretVault({
      file: join(dataDirectory, 'secrets.json'),
      cipher: noKeychain,
      environment: {},
      clock,
    }),
    clock,
    ids,
    version: '0.0.0',
    log: () => undefined,
    verifyResults: true,
    ...parts,
  });
  onTestFinished(() => engine.close());
  return engine;
}

export async function admitted(engine: Engine, path: string): Promise<AdmittedFile> {
  return unwrapped(await engine.admit({ path, name: path.split('/').at(-1) ?? path, uploaded: false }));
}

/** Imports the file through the contract and waits for its end and for what is judged after it. */
export async function importedInto(
  engine: Engine,
  path: string,
  source: 'live' | 'backtest',
  strategy: string | null = null,
): Promise<string> {
  const { token } = await admitted(engine, path);
  const ended = new Promise<{ id: string; importId: string | null }>((resolve) => {
    const stop = engine.on('imports.ended', (payload) => {
      stop();
      resolve(payload);
    });
  });
  unwrapped(
    await engine.ask('imports.start', {
      files: [{ token, source, strategy, version: null, account: null, format: null, map: null }],
    }),
  );
  const { importId } = await ended;
  await (await engine.desk()).settled();
  return importId ?? '';
}
