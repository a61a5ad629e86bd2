import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
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

const workflowSchema = z.object({
  jobs: z.object({
    gate: z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(z.object({ name: z.string(), if: z.string().optional(), run: z.string() })),
    }),
  }),
});

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

describe('the example workflow of the help', () => {
  const workflow = workflowSchema.parse(
    parse(readFileSync(join(root, 'resources/help/examples/canary-gate.yml'), 'utf8')),
  );
  const { steps } = workflow.jobs.gate;

  /** Runs the steps as the runner does: each in a shell of its own that ends at the first failure, the rest only where they say so. */
  async function runWorkflow(desk: string, folder: string) {
    const commands = join(folder, 'bin');
    await mkdir(commands);
    await writeFile(join(commands, 'lockstep'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
    const outputFile = join(folder, 'output');
    await writeFile(outputFile, '');
    const ran: { readonly name: string; readonly code: number | null; readonly text: string }[] = [];
    for (const step of steps) {
      const output = Object.fromEntries(
        (await readFile(outputFile, 'utf8')).split('\n').map((line) => line.split('=') as [string, string]),
      );
      const failed = ran.some(({ code }) => code !== 0);
      const wanted = /^steps\.evaluate\.outputs\.code == '(\d)'$/.exec(step.if ?? '')?.[1];
      if (step.if === 'always()' ? false : failed || (wanted !== undefined && wanted !== output['code'])) continue;
      const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${commands}:${process.env['PATH']}`,
          LOCKSTEP_DATA_DIR: desk,
          STRATEGY: workflow.jobs.gate.env['STRATEGY'],
          GITHUB_OUTPUT: outputFile,
          GITHUB_RUN_ID: '17',
        },
      });
      ran.push({ name: step.name, code: status, text: stdout + stderr });
    }
    return ran;
  }

  it('waits while the evidence is not there, and fails once it was rolled back', { timeout: 90_000 }, async () => {
    const folder = await temporaryFolder();
    const desk = join(folder, 'desk');
    const on = ['--data-dir', desk];
    const example = join(root, 'resources/help/examples/deployment.json');
    const stop = join(folder, 'STOP');
    const file = join(folder, 'deployment.json');
    await writeFile(file, (await readFile(example, 'utf8')).replace('/srv/bots/pairs/STOP', stop));
    for (const words of [
      ['create', '--file', file],
      ['start-staging', 'pairs'],
    ])
      expect(await start(['canary', ...words, ...on]).finished).toMatchObject({ code: 0 });

    const waiting = await runWorkflow(desk, folder);
    expect(waiting.map(({ name, code }) => [name, code])).toEqual([
      ['The audit trail is whole', 0],
      ['Evaluate now', 0],
      ['Say what is missing', 0],
      ['Keep the evidence', 0],
    ]);
    expect(waiting[2]?.text).toContain('Before canary:');
    expect(await readFile(join(folder, 'audit-17.jsonl'), 'utf8')).toContain('pairs');

    const rollback = ['canary', 'rollback', 'pairs', '--version', '2.1.0', '--reason', 'enough', ...on];
    expect(await start(rollback).finished).toMatchObject({ code: 0 });
    await rm(join(folder, 'bin'), { recursive: true });
    await rm(join(folder, 'audit-17.jsonl'));
    const over = await runWorkflow(desk, folder);
    expect(over.map(({ name }) => name)).toEqual(['The audit trail is whole', 'Evaluate now', 'Keep the evidence']);
    expect(over[1]).toMatchObject({ code: 1 });
    expect(JSON.parse(await readFile(join(folder, 'evaluation.json'), 'utf8'))).toMatchObject({ exit: 2 });
  });
});
