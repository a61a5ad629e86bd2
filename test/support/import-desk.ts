import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createImportService,
  type ImportJob,
  type ImportService,
  noHints,
} from '../../electron/engine/imports/import-service';
import type { DeskStore } from '../../electron/engine/ports';
import { systemClock } from '../../electron/engine/system';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import type { TaskRunner } from '../../electron/engine/worker/tasks';
import { openForeignDatabase } from '../../electron/store';
import { textAt } from '../../shared/market/text-column';
import { countingIds, openedDesk, steppingClock, storesForTest, temporaryFolder } from './temporary-desk';

/** A desk with its imports, in a folder of its own. */
export interface ImportDesk {
  readonly folder: string;
  readonly store: DeskStore;
  readonly imports: ImportService;
  /** Writes a file into the folder and returns the job that imports it. */
  file(name: string, content: string | Uint8Array, overrides?: Partial<ImportJob>): Promise<ImportJob>;
  /** Imports and waits for the end. */
  import(job: ImportJob): ReturnType<ImportService['wait']>;
}

export async function importDesk(
  runner: TaskRunner = createInlineRunner(tasks),
  deskFolder: string | null = null,
): Promise<ImportDesk> {
  const folder = await temporaryFolder();
  const clock = steppingClock();
  const ids = countingIds();
  const store = await openedDesk(deskFolder ?? join(folder, 'desk'), storesForTest(clock, ids));
  const imports = createImportService({
    prices: (symbol, fromUs, toUs) => store.executions.prices(symbol, fromUs, toUs),
    store: store.imports,
    runner,
    openForeignDatabase,
    // Progress is told by real time.
    clock: { nowUs: clock.nowUs, monotonicMs: systemClock.monotonicMs },
    ids,
  });
  return {
    folder,
    store,
    imports,
    async file(name, content, overrides = {}) {
      const path = join(folder, name);
      await writeFile(path, content);
      return jobFor(path, name, overrides);
    },
    import: (job) => imports.wait(imports.start(job)),
  };
}

export function jobFor(path: string, name: string, overrides: Partial<ImportJob> = {}): ImportJob {
  return {
    file: { path, name, uploaded: false },
    source: 'live',
    strategy: 'alpha',
    version: null,
    account: null,
    hints: noHints,
    ...overrides,
  };
}

/** Everything a reader can see of the desk's content, in an order that does not depend on how it came there. */
export async function contentOf(store: DeskStore): Promise<unknown> {
  const segments = await store.executions.segments({});
  const fills: string[] = [];
  for (const { key } of segments) {
    const columns = await store.executions.readSegment(key);
    if (!columns) continue;
    for (let row = 0; row < columns.count; row++) {
      fills.push(
        [
          key.source,
          key.strategy,
          key.symbol,
          key.day,
          columns.executedAtUs[row],
          columns.side[row],
          columns.price[row],
          columns.quantity[row],
          columns.fee[row],
          columns.dictionaries.feeCurrencies[columns.feeCurrency[row]!],
          columns.dictionaries.venues[columns.venue[row]!],
          textAt(columns.tradeId, row),
          textAt(columns.orderId, row),
          textAt(columns.clientOrderId, row),
          columns.liquidity[row],
          columns.decidedAtUs[row],
          columns.submittedAtUs[row],
          columns.arrivalPrice[row],
          columns.intendedQuantity[row],
          columns.dictionaries.accounts[columns.account[row]!],
          columns.dictionaries.versions[columns.version[row]!],
        ].join(' '),
      );
    }
  }
  const events = await Promise.all(
    segments.map(({ key }) =>
      store.executions.orderEvents({ strategy: key.strategy, symbol: key.symbol, day: key.day }),
    ),
  );
  return {
    fills: fills.sort(),
    events: events
      .flat()
      .map(({ line: _line, ...event }) => JSON.stringify(event))
      .sort(),
    quarantined: (await store.imports.quarantined(null, { offset: 0, limit: 1_000 })).rows.map(({ reason }) => reason),
    totals: await store.executions.strategies(),
    done: (await store.imports.list({ offset: 0, limit: 1_000 })).rows.filter(({ state }) => state === 'done').length,
  };
}

/** Fills in Lockstep's own CSV; a missing value is an empty cell. */
export interface CsvFill {
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  readonly price?: number | string;
  readonly quantity?: number | string;
  readonly fee?: number | string;
  readonly executedAt?: string;
  readonly tradeId?: string;
  readonly orderId?: string;
}

export const csvHeader = 'symbol,side,price,quantity,fee,feeCurrency,executedAt,tradeId,orderId';

export function csvRow(fill: CsvFill): string {
  const { symbol = 'BTC/USDT', side = 'buy', price = 100, quantity = 1, fee = 0.1, tradeId = '', orderId = '' } = fill;
  const { executedAt = '2026-01-05T10:00:00Z' } = fill;
  return [symbol, side, price, quantity, fee, 'USDT', executedAt, tradeId, orderId].join(',');
}

export function csvOf(fills: readonly CsvFill[]): string {
  return `${[csvHeader, ...fills.map(csvRow)].join('\n')}\n`;
}
