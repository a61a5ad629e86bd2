import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundledScript, engineWorkerScript } from '../support/engine-worker';
import { type CsvFill, contentOf, csvHeader, csvOf, csvRow, importDesk } from '../support/import-desk';
import { killImport } from '../support/killed-import';
import { failureOf, storesForTest, temporaryFolder, unwrapped } from '../support/temporary-desk';

function largeLog(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const executedAt = new Date(Date.UTC(2026, 0, 10) + index * 7_000).toISOString();
    return csvRow({ tradeId: `k${index}`, symbol: `C${index % 11}/USDT`, price: 1 + index, executedAt });
  });
  return `${csvHeader}\n${lines.join('\n')}\n`;
}

describe('kill -9 during an import', () => {
  const rows = 60_000;
  const kills = 24;

  test(`${kills} kills spread over the whole import: each leaves the whole of it or nothing`, async () => {
    const [script, program] = [await engineWorkerScript(), await bundledScript('test/support/import-process.ts')];
    const stores = storesForTest();
    const sound: readonly CsvFill[] = [{ tradeId: 't1' }, { tradeId: 't2' }];
    const folder = await temporaryFolder();
    const template = join(folder, 'template');
    const desk = await importDesk(undefined, template);
    unwrapped(await desk.import(await desk.file('sound.csv', csvOf(sound))));
    const { file } = await desk.file('killed.csv', largeLog(rows));
    await desk.store.close();

    /** Imports into a copy of the desk, kills the process after so long, and returns what the desk then holds. */
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
      const reopened = unwrapped(await stores.openDeskStore(deskFolder, 'existing'));
      const segments = await reopened.executions.segments({});
      const imports = (await reopened.imports.list({ offset: 0, limit: 10 })).rows;
      await reopened.close();
      await rm(deskFolder, { recursive: true });
      const stored = segments.reduce((sum, { count }) => sum + count, 0) - sound.length;
      return { stored, states: imports.map(({ state }) => state), lastedMs };
    };

    const { stored, lastedMs } = await killAfter(60_000, 'unharmed');
    expect(stored).toBe(rows);
    let nothing = 0;
    for (let kill = 0; kill < kills; kill++) {
      const after = await killAfter((lastedMs * kill) / kills, `killed-${kill}`);
      expect([0, rows]).toContain(after.stored);
      expect(after.states).not.toContain('running');
      if (after.stored === 0) nothing++;
    }
    // Otherwise the kills came too late to prove anything.
    expect(nothing).toBeGreaterThan(kills / 3);
  }, 180_000);
});

describe('a full disk', () => {
  const refusal = canMount();

  test.skipIf(refusal !== null)(
    `fails the import as store-full and leaves the desk as it was${refusal ?? ''}`,
    async () => {
      const mountPoint = join(await temporaryFolder(), 'small');
      mkdirSync(mountPoint);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mountPoint]);
      onTestFinished(() => void execFileSync('umount', ['-l', mountPoint]));
      const desk = await importDesk(undefined, join(mountPoint, 'desk'));
      unwrapped(await desk.import(await desk.file('sound.csv', csvOf([{ tradeId: 't1' }]))));
      const before = await contentOf(desk.store);
      const failed = await failureOf(desk.import(await desk.file('large.csv', largeLog(150_000))));
      expect(failed.code).toBe('store-full');
      expect(failed.hint).not.toBe('');
      expect(await contentOf(desk.store)).toEqual(before);
    },
    60_000,
  );
});

/** Why no small disk can be made here; null = it can. */
function canMount(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return ' (skipped: mounting a small disk needs root on Linux)';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return null;
  } catch {
    return ' (skipped: this machine does not let root mount)';
  }
}
