import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import type { Result } from '../../shared/base/result';
import { dataDirectory } from '../engine/data-directory';
import type { Desk } from '../engine/desk';
import { createEngine, type Engine } from '../engine/engine';
import type { EngineParts } from '../engine/parts';
import { createSecretVault, noKeychain } from '../engine/rollback/secret-file';
import { systemClock, systemIds } from '../engine/system';
import { createWorkerPool } from '../engine/worker/pool';
import type { TaskRunner } from '../engine/worker/tasks';
import { deskStores, openForeignDatabase } from '../store';
import type { Terminal } from './terminal';

/** What a command works with: the terminal, its global options, and the engine over the real store. */
export interface Session {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly dataDirectory: string;
  /** Runs the work on the open desk and closes everything behind it. */
  withDesk<T>(mode: 'create' | 'existing', work: (desk: Desk, engine: Engine) => Promise<T>): Promise<T>;
  /** The same session on another data directory. */
  at(directory: string): Session;
  /** What an engine is made of; the caller closes `tasks`. With `follow` it follows what is watched. */
  parts(mode: 'create' | 'existing', follow?: 'follow'): EngineParts;
  restore(fromFile: string): Promise<Result<{ readonly setAside: string | null }>>;
}

export interface SessionOptions {
  readonly terminal: Terminal;
  readonly json: boolean;
  /** `--data-dir`, else null. */
  readonly dataDirectory: string | null;
  /** Reads files and computes; null = on threads of the bundled worker. */
  readonly tasks: (() => TaskRunner) | null;
  readonly workerScript: URL;
}

export { version };

export function createSession(options: SessionOptions): Session {
  const directory = resolve(options.dataDirectory ?? dataDirectory());
  const stores = deskStores({ clock: systemClock, ids: systemIds });
  const runner = () => options.tasks?.() ?? createWorkerPool({ script: options.workerScript, threads: 1 });
  const parts: Session['parts'] = (openMode, follow) => ({
    dataDirectory: directory,
    openMode,
    openStore: stores.openDeskStore,
    openForeignDatabase,
    tasks: runner(),
    ...(follow && { follow: runner() }),
    secrets: createSecretVault({
      file: join(directory, 'secrets.json'),
      cipher: noKeychain,
      environment: process.env,
      clock: systemClock,
    }),
    clock: systemClock,
    ids: systemIds,
    version,
    log: () => undefined,
  });
  return {
    terminal: options.terminal,
    json: options.json,
    dataDirectory: directory,
    at: (other) => createSession({ ...options, dataDirectory: other }),
    parts,
    async withDesk(mode, work) {
      const engine = createEngine(parts(mode));
      try {
        return await work(await engine.desk(), engine);
      } finally {
        await engine.close();
      }
    },
    restore: (fromFile) => stores.restoreDeskStore(directory, fromFile),
  };
}
