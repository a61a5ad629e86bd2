import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import { addUtcDays, utcDayOf } from '../../../shared/base/time';
import { paritySettingsKey } from '../../../shared/parity/settings-key';
import { sampleSettingKey } from '../desk';
import { createImportService, type ImportService, noHints } from '../imports/import-service';
import { createParityService } from '../parity/parity-service';
import type { EngineParts } from '../parts';
import { sampleInstruments, simulateMarket } from './market';
import { backtestCsv, candlesCsv, liveJsonLines } from './sample-files';
import { type SampleStrategy, sampleDays, sampleStrategies, simulateStrategy } from './strategies';

/**
 * Makes the sample desk: simulates thirty days that end yesterday, writes the logs, imports them as any log is imported, and judges
 * every day. A desk that is there and complete is left alone; one whose making was broken off is made again.
 */

export interface SampleProgress {
  readonly done: number;
  readonly total: number;
}

const seed = 'lockstep sample desk 1';

interface SampleFile {
  readonly name: string;
  readonly source: 'live' | 'backtest';
  readonly strategy: SampleStrategy | null;
  text(): string;
}

export async function makeSampleDesk(
  directory: string,
  parts: Pick<EngineParts, 'openStore' | 'openForeignDatabase' | 'tasks' | 'clock' | 'ids'>,
  onProgress: (progress: SampleProgress) => void,
): Promise<void> {
  if (await isComplete(directory, parts)) return;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const { tasks, openForeignDatabase, clock, ids } = parts;
  const store = valueOrThrow(await parts.openStore(directory, 'create'));
  const logs = await mkdtemp(join(tmpdir(), 'lockstep-sample-'));
  const imports = createImportService({ store: store.imports, runner: tasks, openForeignDatabase, clock, ids });
  try {
    // Marked before anything is in it: whatever happens, nobody takes it for a desk of their own.
    await store.settings.set(sampleSettingKey, JSON.stringify({ state: 'making' }));
    const lastDay = addUtcDays(utcDayOf(clock.nowUs()), -1);
    const firstDay = addUtcDays(lastDay, 1 - sampleDays);
    const market = simulateMarket(seed, firstDay, sampleDays);
    const trades = new Map(sampleStrategies.map((strategy) => [strategy, simulateStrategy(seed, strategy, market)]));
    const tradesOf = (strategy: SampleStrategy) => trades.get(strategy) ?? simulateStrategy(seed, strategy, market);
    const files: SampleFile[] = [
      ...sampleInstruments.map(({ symbol }) => ({
        name: `${symbol.replace('/', '-')}-5m.csv`,
        source: 'live' as const,
        strategy: null,
        text: () => candlesCsv(market, symbol),
      })),
      ...sampleStrategies.flatMap((strategy) => [
        {
          name: `${strategy.name}-backtest.csv`,
          source: 'backtest' as const,
          strategy,
          text: () => backtestCsv(tradesOf(strategy)),
        },
        {
          name: `${strategy.name}-live.jsonl`,
          source: 'live' as const,
          strategy,
          text: () => liveJsonLines(tradesOf(strategy)),
        },
      ]),
    ];
    const total = files.length + sampleStrategies.length * sampleDays;
    let done = 0;
    const advance = () => onProgress({ done: ++done, total });
    for (const file of files) {
      await importFile(file, join(logs, file.name), imports);
      advance();
    }
    for (const strategy of sampleStrategies) {
      const capital = (amount: number) => JSON.stringify({ capital: amount });
      await store.settings.set(
        paritySettingsKey(strategy.name, null),
        capital(strategy.capitalPerSymbol * strategy.symbols.length),
      );
      for (const symbol of strategy.symbols) {
        await store.settings.set(paritySettingsKey(strategy.name, symbol), capital(strategy.capitalPerSymbol));
      }
    }
    const parity = createParityService({ store, tasks, clock });
    for (const strategy of sampleStrategies) {
      await parity.refresh(strategy.name, firstDay, lastDay, { onMade: advance });
    }
    await store.settings.set(sampleSettingKey, JSON.stringify({ state: 'complete', seed, firstDay, lastDay }));
  } finally {
    await imports.close();
    await store.close();
    await rm(logs, { recursive: true, force: true });
  }
}

async function isComplete(directory: string, parts: Pick<EngineParts, 'openStore'>): Promise<boolean> {
  const opened = await parts.openStore(directory, 'existing');
  if (!opened.ok) {
    // Nothing there to open, or only what a broken-off making left: both are made anew. A desk in use or unreadable is not.
    if (opened.error.code === 'not-found' || opened.error.code === 'store-corrupt') return false;
    throw new FailureError(opened.error);
  }
  try {
    const mark = await opened.value.settings.get(sampleSettingKey);
    if (mark === null) {
      throw new FailureError(
        failure('conflict', `${directory} holds a desk of your own, not the sample desk.`, 'Move it elsewhere.', {
          directory,
        }),
      );
    }
    return mark.includes('"complete"');
  } finally {
    await opened.value.close();
  }
}

async function importFile(file: SampleFile, path: string, imports: ImportService): Promise<void> {
  await writeFile(path, file.text());
  const id = imports.start({
    file: { path, name: file.name, uploaded: true },
    source: file.source,
    strategy: file.strategy?.name ?? null,
    version: file.strategy?.version ?? null,
    account: null,
    hints: noHints,
  });
  const { counts, quarantined } = valueOrThrow(await imports.wait(id));
  if (counts.quarantined > 0) {
    throw new Error(
      `${file.name} of the sample desk was not read whole: ${quarantined[0]?.reason ?? 'rows in quarantine'}`,
    );
  }
  await rm(path);
}
