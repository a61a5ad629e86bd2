import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { UtcDay } from '../../shared/base/time';
import { importOutputSchema } from '../../shared/contract/output';
import { temporaryFolder } from '../support/temporary-desk';
import { tradeLogs } from '../support/trade-logs';

/** The command line as a process of its own: real signals, real pipes, the real worker. */

const root = resolve(import.meta.dirname, '../..');
let program = '';

beforeAll(async () => {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'command-line-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      rolldownOptions: {
        input: {
          cli: resolve(root, 'electron/cli/index.ts'),
          'engine-worker': resolve(root, 'electron/engine/worker/entry.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  });
  program = join(folder, 'cli.js');
}, 60_000);

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(words: readonly string[]): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code) => done({ code, out, err }));
  });
  return { child, finished };
}

describe('the command line as a process', () => {
  it('imports on its worker and prints nothing but the document', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const live = join(folder, 'live.csv');
    await writeFile(live, tradeLogs('2026-03-02' as UtcDay, { days: 5 }).live);
    const ran = await start(['import', live, '--source', 'live', '--json', '--data-dir', join(folder, 'desk')])
      .finished;
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(importOutputSchema.parse(JSON.parse(ran.out)).files[0]).toMatchObject({ executions: 200 });
  });

  it('an interrupt cancels the import within a second and leaves nothing', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const desk = join(folder, 'desk');
    const live = join(folder, 'live.csv');
    await writeFile(live, tradeLogs('2001-01-01' as UtcDay, { days: 9_000 }).live);
    const { child, finished } = start(['import', live, '--source', 'live', '--json', '--data-dir', desk]);
    // As soon as the store is there the import has begun.
    await expect.poll(() => existsSync(join(desk, 'lockstep.db-wal')), { timeout: 20_000 }).toBe(true);
    const sentMs = performance.now();
    child.kill('SIGINT');
    const ran = await finished;
    expect(performance.now() - sentMs).toBeLessThan(2_000);
    expect(ran.code).toBe(130);
    const stored = await start(['report', '--strategy', 'pairs', '--json', '--data-dir', desk]).finished;
    expect(JSON.parse(stored.err)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('a reader that goes away is no error', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const live = join(folder, 'live.csv');
    await writeFile(live, tradeLogs('2026-03-02' as UtcDay, { days: 300 }).live);
    const { child, finished } = start(['import', live, '--source', 'live', '--dry-run', '--print']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const ran = await finished;
    expect(ran.err).not.toMatch(/EPIPE|Error/);
    expect(ran.code).toBe(0);
  });
});
