/** Real logs that nobody of this project wrote: where they lie, what their index says, and reading one through the whole import. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { RowOutcome } from '../../electron/engine/imports/format';
import type { ImportTask } from '../../electron/engine/imports/import-task';
import { readSource } from '../../electron/engine/imports/read-source';
import { allFormats } from '../../electron/engine/imports/registry';
import { RowCollector } from '../../electron/engine/imports/row-collector';
import type { ForeignDatabase } from '../../electron/engine/ports';
import { openForeignDatabase } from '../../electron/store/foreign-database';
import type { DateOrder } from '../../shared/contract/calls';
import type { Source } from '../../shared/market/executions';
import { type ReadResult, summarise, us } from './formats';

/** Beside the checkout and no part of it; tests that need it are skipped where it is not there. */
export const realData = join(import.meta.dirname, '../../../shared/data');

const index = existsSync(join(realData, 'INDEX.tsv')) ? readFileSync(join(realData, 'INDEX.tsv'), 'utf8') : null;

export const realDataIsHere = index !== null;

/** Rows of the file as the index counted them. */
export function indexedRows(path: string): number {
  const line = (index ?? '').split('\n').find((text) => text.startsWith(`${path}\t`));
  return Number(line?.split('\t')[4]);
}

export interface RealLog extends ReadResult {
  readonly format: string;
  /** What an import into an empty desk would count. */
  readonly counts: ReturnType<RowCollector['finish']>['counts'];
}

const opened: ForeignDatabase[] = [];
afterAll(async () => {
  for (const database of opened) await database.close();
});

export async function readLog(
  path: string,
  hints: { symbol?: string; zone?: string; source?: Source; dateOrder?: DateOrder } = {},
): Promise<RealLog> {
  const outcomes: RowOutcome[] = [];
  const warnings = new Set<string>();
  let format = '';
  const request = {
    path: join(realData, path),
    name: path,
    source: hints.source ?? null,
    strategy: 'real',
    version: null,
    account: null,
    nowUs: us('2027-01-01T00:00:00Z'),
    hints: {
      format: null,
      map: null,
      zone: hints.zone ?? null,
      symbol: hints.symbol ?? null,
      dateOrder: hints.dateOrder ?? null,
    },
  };
  const args: ImportTask['args'] = { ...request, source: hints.source ?? 'live', importId: null, print: false };
  const collector = new RowCollector(args, {
    existingHashes: async () => [],
    addParts: async () => undefined,
    addOrderEvents: async (events) => events.length,
    addPrices: async () => undefined,
    addQuarantined: async () => undefined,
    addReading: async () => undefined,
    print: async () => undefined,
  });
  await readSource({
    request,
    registry: allFormats,
    host: {
      async openDatabase(file) {
        const result = await openForeignDatabase(file);
        if (!result.ok) throw new Error(result.error.message);
        opened.push(result.value);
        return { tables: await result.value.tables(), warnings: result.value.warnings };
      },
      databaseRows: async ({ table, offset, limit }) => (await opened.at(-1)!.rows(table, offset, limit)) ?? [],
    },
    signal: new AbortController().signal,
    target: {
      enter: (_, reading) => {
        format = reading.format.id;
      },
      row: (line, outcome, text) => {
        outcomes.push(outcome);
        collector.take(line, outcome, text);
      },
      async settle() {
        if (collector.due) await collector.store(false);
        return true;
      },
      warn: (message) => warnings.add(message),
      ask: () => undefined,
      onBytes: () => undefined,
      enough: () => false,
    },
  });
  await collector.store(true);
  return { format, counts: collector.finish().counts, ...summarise(outcomes, warnings) };
}
