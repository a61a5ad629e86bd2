import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../shared/canary/defaults';
import {
  canaryDecisionOutputSchema,
  canaryHistoryOutputSchema,
  canaryProblemsOutputSchema,
  canaryStatusOutputSchema,
  errorOutputSchema,
  monitorOutputSchema,
} from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { configuration } from '../support/deployments';
import { temporaryFolder } from '../support/temporary-desk';

let folder = '';
let desk = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  desk = join(folder, 'desk');
});

const [killSwitch] = configuration().playbook;

async function fileWith(change: object = {}): Promise<string> {
  const file = join(folder, 'deployment.json');
  const playbook = [{ ...killSwitch, path: join(folder, 'STOP') }];
  await writeFile(file, JSON.stringify({ ...configuration(), playbook, ...change }));
  return file;
}

const run = async (...words: string[]) => lockstep(desk, ['canary', ...words]);
const decided = async (...words: string[]) => {
  const ran = await run(...words, '--json');
  expect(ran).toMatchObject({ code: 0, err: '' });
  return canaryDecisionOutputSchema.parse(JSON.parse(ran.out)).deployment;
};

describe('a deployment on the command line', () => {
  it('goes from its file to its rollback, with nothing promoted without evidence', async () => {
    const made = await decided('create', '--file', await fileWith());
    expect(made).toMatchObject({ strategy: 'trend', version: '1.2.0', stage: 'development' });
    const id = made?.id ?? '';
    expect(await run('create', '--file', await fileWith({ version: '1.3.0' }))).toMatchObject({ code: 1 });
    expect(await decided('start-staging', 'trend')).toMatchObject({ stage: 'staging', allocatedCapital: 10_000 });

    const monitored = await lockstep(desk, ['monitor', '--once', '--deployment', 'trend', '--json']);
    expect(monitored.code).toBe(3);
    expect(monitorOutputSchema.parse(JSON.parse(monitored.out))).toMatchObject({
      evaluatedHere: true,
      exit: 3,
      deployments: [{ id, verdict: 'no-data', stage: 'staging' }],
    });
    const refused = await run('promote', id, '--reason', 'I want it', '--json');
    expect(refused).toMatchObject({ code: 1, out: '' });
    const { error } = errorOutputSchema.parse(JSON.parse(refused.err));
    expect(error.code).toBe('not-allowed');
    expect(error.message).toContain('observed for 0.0 of 168.0 hours');

    expect(await decided('pause', id, '--reason', 'lunch')).toMatchObject({
      paused: expect.arrayContaining(['operator']),
    });
    expect((await decided('resume', id, '--reason', 'back'))?.paused).not.toContain('operator');
    await decided('record', id, 'bookDepth', '12.5', '--unit', 'bps', '--at', '2026-03-02T10:00:00Z');

    const seen = canaryStatusOutputSchema.parse(JSON.parse((await run('status', id, '--json')).out));
    expect(seen.detail?.deployment.recorded).toMatchObject([{ name: 'bookDepth', value: 12.5, unit: 'bps' }]);
    expect(seen.detail?.promotion?.unmet.length).toBeGreaterThan(0);
    expect((await run('status', id)).out).toContain('Before canary:');

    expect(await run('drill', id)).toMatchObject({ code: 0, out: expect.stringContaining('Drill passed.') });
    await expect(readFile(join(folder, 'STOP'))).rejects.toThrow();

    for (const [words, problem] of [
      [['rollback', id, '--reason', 'enough'], '--version 1.2.0'],
      [['rollback', id, '--version', '1.2.1', '--reason', 'enough'], '1.2.1'],
      [['rollback', id, '--version', '1.2.0'], 'Why?'],
    ] as const) {
      expect(await run(...words)).toMatchObject({ code: 1, err: expect.stringContaining(problem) });
    }
    expect(await decided('rollback', id, '--version', '1.2.0', '--reason', 'enough')).toMatchObject({
      stage: 'rolled-back',
      allocatedCapital: 0,
    });
    expect(await readFile(join(folder, 'STOP'), 'utf8')).toContain(id);
    expect((await lockstep(desk, ['monitor', '--once', '--deployment', id])).code).toBe(2);

    const told = canaryHistoryOutputSchema.parse(JSON.parse((await run('history', '--json')).out));
    expect(told.rates).toMatchObject({ ended: 1, rolledBack: 1, drills: 1, drillsPassed: 1 });
    expect(told.deployments).toMatchObject([{ id, trigger: 'command-line' }]);
    expect((await lockstep(desk, ['audit', 'verify'])).code).toBe(0);
  });

  it('fails loudly where its playbook cannot be done, and is retried by the same command', async () => {
    const path = join(folder, 'no-folder', 'STOP');
    const playbook = [{ ...killSwitch, path, attempts: 1 }];
    const id = (await decided('create', '--file', await fileWith({ playbook })))?.id ?? '';
    await decided('start-staging', id);
    const failed = await run('rollback', id, '--version', '1.2.0', '--reason', 'enough');
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('rollback-failed') });
    expect((await lockstep(desk, ['monitor', '--once'])).code).toBe(2);
  });

  it('is aborted before it trades, and not after', async () => {
    const id = (await decided('create', '--file', await fileWith()))?.id ?? '';
    expect(await decided('abort', id, '--reason', 'not wanted')).toMatchObject({ stage: 'aborted' });
    const next = (await decided('create', '--file', await fileWith()))?.id ?? '';
    await decided('start-staging', next);
    expect(await run('abort', next, '--reason', 'late')).toMatchObject({
      code: 1,
      err: expect.stringContaining('rolled back, not aborted'),
    });
  });

  it('stops and releases the line', async () => {
    const { strategy, version, playbook } = configuration();
    await decided(
      'create',
      '--file',
      await fileWith(
        defaultConfiguration({ strategy, version, playbook, description: 'd', totalCapital: 1, currency: 'EUR' }),
      ),
    );
    const stopped = canaryDecisionOutputSchema.parse(
      JSON.parse((await run('stop-the-line', '--reason', 'exchange is down', '--json')).out),
    );
    expect(stopped).toMatchObject({ deployment: null, stopped: { reason: 'exchange is down' } });
    expect((await run('status')).out).toContain('Promotions are stopped: exchange is down');
    expect((await run('release-the-line', '--reason', 'it is back')).out).toContain('released');
  });

  it('names every problem of a file, and stores nothing', async () => {
    const file = await fileWith({ stagingPercent: 2, force: true });
    const ran = await run('create', '--file', file, '--json');
    expect(ran.code).toBe(1);
    const { problems } = canaryProblemsOutputSchema.parse(JSON.parse(ran.out));
    expect(problems.map(({ path }) => path).sort()).toEqual(['', 'stagingPercent']);
    expect(await run('create', '--file', await fileWith(), '--dry-run')).toMatchObject({ code: 0 });
    expect((await run('status')).out).toContain('There are no deployments');
  });

  it.each([
    [['create', '--file', 'missing.json'], 'file-missing'],
    [['status', 'nobody'], 'not-found'],
    [['promote', 'nobody', '--reason', 'r'], 'not-found'],
    [['record', 'nobody', 'x', 'much'], 'usage'],
  ])('%j: %s', async (words, code) => {
    await run('create', '--file', await fileWith());
    const failed = await run(...words, '--json');
    expect(failed.code).toBe(1);
    expect(errorOutputSchema.parse(JSON.parse(failed.err)).error.code).toBe(code);
  });

  it('says that nothing is evaluated where nothing trades', async () => {
    await run('create', '--file', await fileWith());
    expect(await lockstep(desk, ['monitor', '--once'])).toMatchObject({
      code: 3,
      out: expect.stringContaining('nothing to evaluate'),
    });
  });

  it('the example of the help describes a deployment', async () => {
    const example = resolve(import.meta.dirname, '../../resources/help/examples/deployment.json');
    expect(await run('create', '--file', example, '--dry-run')).toMatchObject({ code: 0 });
  });
});
