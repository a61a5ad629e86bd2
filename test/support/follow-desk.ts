import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFollowService, type FollowService } from '../../electron/engine/follow/follow-service';
import type { DeskStore, FollowedFileView, WatchRecord, WatchSettings } from '../../electron/engine/ports';
import { systemClock, systemIds } from '../../electron/engine/system';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import { openForeignDatabase } from '../../electron/store';
import type { Clock } from '../../shared/base/clock';
import { textAt } from '../../shared/market/text-column';
import { openedDesk, storesForTest, temporaryFolder } from './temporary-desk';

/** A desk that follows, in a folder of its own beside a folder for logs. */
export interface FollowDesk {
  readonly folder: string;
  readonly logs: string;
  readonly store: DeskStore;
  watch(path: string, changes?: Partial<WatchSettings>): Promise<string>;
  /** Starts to follow; ends what followed before. */
  start(): Promise<FollowService>;
  stop(): Promise<void>;
  /** Waits until everything that is written is read. */
  caughtUp(): Promise<void>;
  watches(): Promise<readonly WatchRecord[]>;
  files(): Promise<readonly FollowedFileView[]>;
  readonly told: string[];
}

export const watchSettings: WatchSettings = {
  source: 'live',
  strategy: 'alpha',
  account: null,
  version: null,
  format: null,
  map: null,
  zone: null,
  symbol: null,
};

export async function followDesk(clock: Clock = systemClock): Promise<FollowDesk> {
  const folder = await temporaryFolder();
  const logs = join(folder, 'logs');
  await mkdir(logs);
  const store = await openedDesk(join(folder, 'desk'), storesForTest(clock, systemIds));
  const told: string[] = [];
  let service: FollowService | null = null;
  const stop = async () => {
    await service?.close();
    service = null;
  };
  onTestFinished(stop);
  return {
    folder,
    logs,
    store,
    told,
    watch: (path, changes = {}) =>
      store.watches.add(path, path === logs ? 'folder' : 'file', { ...watchSettings, ...changes }),
    async start() {
      await stop();
      const runner = createInlineRunner({ ...tasks });
      const log = (line: string) => void told.push(line);
      service = createFollowService({ store, runner, openForeignDatabase, clock, ids: systemIds, log });
      return service;
    },
    stop,
    async caughtUp() {
      if (service === null) throw new Error('nothing follows');
      await service.caughtUp();
    },
    watches: () => store.watches.list(),
    async files() {
      const found: FollowedFileView[] = [];
      for (const { id } of await store.watches.list())
        found.push(...(await store.watches.files(id, { offset: 0, limit: 1_000 })).rows);
      return found;
    },
  };
}

/** Ids, or what else tells them apart, of all stored executions, ascending. */
export async function storedExecutions(store: DeskStore): Promise<readonly string[]> {
  const stored: string[] = [];
  for (const { key } of await store.executions.segments({})) {
    const columns = await store.executions.readSegment(key);
    for (let row = 0; columns && row < columns.count; row++) {
      const name = textAt(columns.tradeId, row) || textAt(columns.orderId, row);
      stored.push(
        [
          key.symbol,
          columns.executedAtUs[row],
          columns.side[row],
          columns.price[row],
          columns.quantity[row],
          name,
        ].join(' '),
      );
    }
  }
  return stored.sort();
}

/** Waits until the condition holds; a test's own time limit ends it. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
