import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runDrill } from '../../electron/engine/rollback/drill';
import type { RollbackParts } from '../../electron/engine/rollback/ports';
import { createRollbackRunner } from '../../electron/engine/rollback/runner';
import { createSecretVault, noKeychain } from '../../electron/engine/rollback/secret-file';
import { StrikeOut } from '../../electron/engine/rollback/strike-out';
import { systemClock, systemWait } from '../../electron/engine/system';
import { FailureError, failure } from '../../shared/base/errors';
import { drillDue } from '../../shared/canary/drill-due';
import type { DeploymentEvent } from '../../shared/canary/events';
import { type PlaybookStep, playbookSchema } from '../../shared/canary/playbook';
import {
  commandStep,
  configurationWith,
  FileJournal,
  freqtradeStep,
  killSwitchStep,
  webhookStep,
} from '../support/rollback-journal';
import { openTarget, targetSecrets } from '../support/rollback-target';
import { failureOf, temporaryFolder } from '../support/temporary-desk';

const environment = (values: Record<string, string> = targetSecrets) =>
  createSecretVault({ file: '/nowhere/secrets.json', cipher: noKeychain, environment: values, clock: systemClock });

async function desk(steps: readonly PlaybookStep[], own: Partial<RollbackParts> = {}) {
  const folder = await temporaryFolder();
  const journal = new FileJournal(join(folder, 'events.jsonl'));
  await journal.begin([...steps]);
  const log: string[] = [];
  const parts: RollbackParts = {
    journal,
    secrets: environment(),
    clock: systemClock,
    wait: systemWait,
    log: (line) => log.push(line),
    ...own,
  };
  return { folder, journal, log, runner: createRollbackRunner(parts), parts };
}

async function target(options: Parameters<typeof openTarget>[0] = {}) {
  const opened = await openTarget(options);
  onTestFinished(() => opened.close());
  return opened;
}

/** A server that does with each connection what it is told to; its address. */
async function hostile(behave: (socket: import('node:net').Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((settle) => {
    server.listen(0, '127.0.0.1', settle);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** Answers every request with these bytes, and closes or keeps the connection. */
const saying = (bytes: string, close = true) =>
  hostile((socket) => void socket.once('data', () => (close ? socket.end(bytes) : socket.write(bytes))));

/** How one step alone ends. */
async function ending(step: PlaybookStep, own: Partial<RollbackParts> = {}) {
  const { journal, runner } = await desk([step], own);
  await runner.run('d1');
  const ends = (await journal.read()).flatMap(({ event }) => (event.kind === 'step-ended' ? [event] : []));
  return { outcome: ends.at(-1)?.outcome, attempts: ends.length, detail: ends.at(-1)?.detail ?? '' };
}

const status = (code: number, more = '') => `HTTP/1.1 ${code} Said\r\n${more}Content-Length: 2\r\n\r\n{}`;

describe('webhook against hostile targets', () => {
  const cases: readonly [string, () => Promise<string>, string, number, RegExp][] = [
    ['204', () => saying('HTTP/1.1 204 No Content\r\n\r\n'), 'done', 1, /204/],
    ['400 is not tried again', () => saying(status(400)), 'failed', 1, /answered 400/],
    ['408 is', () => saying(status(408)), 'failed', 2, /408/],
    ['429 is', () => saying(status(429)), 'failed', 2, /429/],
    ['500 is', () => saying(status(500)), 'failed', 2, /500/],
    ['a redirect', () => saying(status(307, 'Location: http://127.0.0.1:1/\r\n')), 'failed', 1, /not followed/],
    ['a closed socket', () => hostile((socket) => socket.destroy()), 'failed', 2, /closed the connection/],
    ['half an answer', () => saying('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf'), 'failed', 2, /closed|failed/],
    ['no HTTP', () => saying('220 smtp ready\r\n\r\n'), 'failed', 2, /not HTTP/],
    ['hanging', () => hostile(() => undefined), 'timed-out', 2, /had not answered/],
    [
      'hanging in its body',
      () => saying('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx', false),
      'timed-out',
      2,
      /had not/,
    ],
    ['nobody there', async () => 'http://127.0.0.1:1', 'failed', 2, /Nothing listens/],
    ['an unknown name', async () => 'http://lockstep.invalid', 'failed', 2, /cannot be resolved/],
  ];
  test.each(cases)('%s', async (_name, open, outcome, attempts, words) => {
    const step = { ...webhookStep(await open()), timeoutMs: 300, attempts: 2 };
    const end = await ending(step);
    expect(end).toMatchObject({ outcome, attempts });
    expect(end.detail).toMatch(words);
  });

  test('an endless body is read up to its bound', async () => {
    const url = await hostile((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = () => {
          while (!socket.destroyed && socket.write('x'.repeat(16_384)));
        };
        socket.on('drain', more);
        more();
      });
    });
    expect(await ending({ ...webhookStep(url), attempts: 1 })).toMatchObject({ outcome: 'done' });
  });
});

describe('command', () => {
  const node = (script: string, own: Partial<PlaybookStep> = {}) =>
    ({ ...commandStep([process.execPath, '-e', script]), ...own }) as PlaybookStep; // `own` names members of a command step
  const cases: readonly [string, PlaybookStep, string, number, RegExp][] = [
    ['ends with 0', node('console.log(process.env.LOCKSTEP_IDEMPOTENCY_KEY)'), 'done', 1, /rollback-1:command/],
    [
      'ends with 3',
      node('console.error("no"); process.exitCode = 3', { attempts: 2 }),
      'failed',
      2,
      /ended with 3: no/,
    ],
    ['is not there', commandStep(['/nowhere/stop']), 'failed', 1, /is not there/],
    ['talks without end', node('for (let i = 0; i < 1e5; i++) console.log("endless")'), 'done', 1, /endless/],
    ['arguments stay as they are', commandStep(['/bin/echo', '$HOME; rm']), 'done', 1, /\$HOME; rm/],
  ];
  test.each(cases)('%s', async (_name, step, outcome, attempts, words) => {
    const end = await ending(step);
    expect(end).toMatchObject({ outcome, attempts });
    expect(end.detail).toMatch(words);
  });

  test('what hangs is killed with its children, also when it does not listen to being asked', async () => {
    const folder = await temporaryFolder();
    const alive = join(folder, 'pid');
    const script = `sh -c 'trap "" TERM; echo $$ > "${alive}"; while :; do sleep 0.05; done' & wait`;
    const end = await ending({ ...commandStep(['/bin/sh', '-c', script]), timeoutMs: 500, attempts: 1 });
    expect(end.outcome).toBe('timed-out');
    const pid = Number(await readFile(alive, 'utf8'));
    await expect
      .poll(() =>
        access(`/proc/${pid}/stat`)
          .then(() => readFile(`/proc/${pid}/stat`, 'utf8'))
          .then(
            (text) => / Z /.test(text),
            () => true,
          ),
      )
      .toBe(true);
  });
});

describe('kill-switch file', () => {
  test('says what it is about; what stood there is kept; the second time nothing is written', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'STOP');
    await writeFile(path, '{"exchange":"key"}');
    expect(await ending(killSwitchStep(path))).toMatchObject({ outcome: 'done', attempts: 1 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      lockstep: 'rollback',
      deploymentId: 'd1',
      version: 'v2',
      rollbackId: 'rollback-1',
    });
    expect(await readFile(`${path}.before-1`, 'utf8')).toBe('{"exchange":"key"}');
    expect((await ending(killSwitchStep(path))).detail).toMatch(/earlier attempt/);
    expect((await readdir(folder)).sort()).toEqual(['STOP', 'STOP.before-1']);
  });

  test.each([
    ['a folder that is not there', '/nowhere/at/all/STOP', /does not exist/],
    ['a relative path', 'STOP', /not a full path/],
    ['a folder', '/tmp', /is a folder/],
  ])('%s', async (_name, path, words) => {
    const end = await ending({ ...killSwitchStep(path), attempts: 1 });
    expect(end.outcome).toBe('failed');
    expect(end.detail).toMatch(words);
  });
});

describe('freqtrade', () => {
  test('stop entries leaves trades open; flatten closes them; asked again, nothing is exited twice', async () => {
    const bot = await target();
    expect((await ending(freqtradeStep(bot.url('a'), false))).detail).toMatch(/3 trades are open and stay so/);
    expect([bot.of('a').state, bot.of('a').open.size]).toEqual(['paused', 3]);
    expect((await ending(freqtradeStep(bot.url('a'), true))).detail).toMatch(/stopped already; 3 trades are closed/);
    expect((await ending(freqtradeStep(bot.url('a', '/api/v1/'), true))).detail).toMatch(/no trade is open/);
    expect([...bot.of('a').exits.values()]).toEqual([1, 1, 1]);
  });

  test('a wrong password and an unreachable bot are told apart; only the latter is tried again', async () => {
    const bot = await target();
    const wrong = await ending(freqtradeStep(bot.url('a'), true), {
      secrets: environment({ BOT_PASSWORD: 'not the password' }),
    });
    expect(wrong).toMatchObject({ outcome: 'failed', attempts: 1 });
    expect(wrong.detail).toMatch(/refuses the user name or the password/);
    const away = await ending(freqtradeStep('http://127.0.0.1:1', true));
    expect(away).toMatchObject({ outcome: 'failed', attempts: 3 });
    expect(away.detail).toMatch(/cannot be reached/);
  });

  test('a bot that says nothing of its state does not count as stopped', async () => {
    const url = await saying('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"access_token":"t"}');
    const end = await ending({ ...freqtradeStep(url, false), attempts: 1 });
    expect(end.outcome).toBe('failed');
  });
});

describe('the runner', () => {
  const hookAndFile = async (refusing: boolean) => {
    const hook = await target({ refusing: () => refusing });
    const folder = await temporaryFolder();
    const notify = { ...webhookStep(hook.url('a', '/hook')), effect: 'notify', required: false } as const;
    return [notify, killSwitchStep(join(folder, 'STOP'))];
  };

  test('a failing notification does not stop it', async () => {
    const { journal, runner } = await desk(await hookAndFile(true));
    expect(await runner.run('d1')).toEqual({ rollbackId: 'rollback-1', outcome: 'rolled-back', missing: [] });
    expect((await journal.deployment()).stage).toBe('rolled-back');
    expect(await runner.run('d1')).toBeNull();
  });

  test('a required step that fails: the others run, and it is failed, with its name; a retry does what is left', async () => {
    let refusing = true;
    const hook = await target({ refusing: () => refusing });
    const folder = await temporaryFolder();
    const { journal, runner, log } = await desk([
      webhookStep(hook.url('a', '/hook')),
      killSwitchStep(join(folder, 'STOP')),
    ]);
    expect(await runner.run('d1')).toMatchObject({ outcome: 'failed', missing: ['hook'] });
    expect(log.at(-1)).toMatch(/not done: hook/);
    refusing = false;
    await journal.append('d1', (await journal.read()).length, [
      { kind: 'rollback-started', rollbackId: 'rollback-2', trigger: 'retry', evaluationId: null, reason: 'Again.' },
    ]);
    expect(await runner.run('d1')).toMatchObject({ rollbackId: 'rollback-2', outcome: 'rolled-back' });
    expect([...hook.of('a').hooks.keys()]).toEqual(['rollback-2:hook']);
    expect(await readFile(join(folder, 'STOP'), 'utf8')).toMatch(/rollback-1:kill-switch/);
  });

  test('asked twice it runs once, and an operator in between does not stop it', async () => {
    const hook = await target();
    const { journal, runner, parts } = await desk([webhookStep(hook.url('a', '/hook'))]);
    let intruded = false;
    const meddled = createRollbackRunner({
      ...parts,
      journal: {
        read: () => journal.read(),
        async append(id: string, version: number, events: readonly DeploymentEvent[]) {
          if (!intruded) {
            intruded = true;
            await journal.append(id, version, [{ kind: 'evaluation-failed', message: 'No feed.' }]);
          }
          return journal.append(id, version, events);
        },
      },
    });
    const [first, second] = await Promise.all([meddled.run('d1'), meddled.run('d1')]);
    expect(first).toEqual(second);
    expect(await runner.run('d1')).toBeNull();
    expect(hook.of('a').hooks.get('rollback-1:hook')).toEqual({ asked: 1, acted: 1 });
  });

  test('a second process at the same rollback: this one ends', async () => {
    const hook = await target();
    const { journal, parts } = await desk([webhookStep(hook.url('a', '/hook'))]);
    const late = createRollbackRunner({
      ...parts,
      journal: {
        read: () => journal.read(),
        async append(id: string, version: number, events: readonly DeploymentEvent[]) {
          if ((await journal.read()).length === 3) await journal.append(id, 3, events);
          return journal.append(id, version, events);
        },
      },
    });
    expect(await failureOf(late.run('d1'))).toMatchObject({ code: 'conflict' });
    expect(hook.of('a').hooks.size).toBe(0);
  });

  test('a store that takes nothing keeps no version in the market; what happened is recorded when it takes it', async () => {
    const hook = await target();
    const { journal, parts } = await desk([webhookStep(hook.url('a', '/hook'))]);
    let refusals = 8;
    const runner = createRollbackRunner({
      ...parts,
      wait: async () => undefined,
      perform: async () => ({ outcome: 'done', detail: 'Done.', retry: false }),
      journal: {
        read: () => journal.read(),
        append(id: string, version: number, events: readonly DeploymentEvent[]) {
          if (refusals-- > 0) throw new FailureError(failure('store-full', 'The disk is full.', 'Free some.'));
          return journal.append(id, version, events);
        },
      },
    });
    expect(await runner.run('d1')).toMatchObject({ outcome: 'rolled-back' });
    expect((await journal.deployment()).stage).toBe('rolled-back');
  });

  test('a dry run does nothing', async () => {
    const steps = await hookAndFile(false);
    const { runner, folder } = await desk(steps);
    const results = await runner.dryRun('d1', configurationWith(steps), 'To see.');
    expect(results.map(({ outcome }) => outcome)).toEqual(['dry-run', 'dry-run']);
    expect(await readdir(folder)).toEqual(['events.jsonl']);
  });
});

describe('drills', () => {
  test('the whole playbook against stand-ins, timed; no real target hears of it', async () => {
    const real = await target();
    const folder = await temporaryFolder();
    const steps = [
      killSwitchStep(join(folder, 'STOP')),
      commandStep([process.execPath, '-e', 'process.exit(9)']),
      webhookStep(real.url('a', '/hook')),
      freqtradeStep(real.url('a'), true),
    ];
    const { parts } = await desk(steps);
    const drilled = await runDrill('drill-1', 'd1', configurationWith(steps), parts);
    expect(drilled.steps.map(({ detail }) => detail)).toEqual(drilled.steps.map(() => expect.stringMatching(/drill/)));
    expect(drilled.outcome).toBe('passed');
    expect(drilled.stoppedMs).toBeGreaterThan(0);
    expect(drilled.flatMs).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual([]);
    expect([real.of('a').hooks.size, real.of('a').state]).toEqual([0, 'running']);
  });

  test('finds what a rollback would find: a secret that is not there, a folder that is not there', async () => {
    const steps = [killSwitchStep('/nowhere/STOP'), freqtradeStep('http://127.0.0.1:1', true)];
    const { parts } = await desk(steps, { secrets: environment({}) });
    const drilled = await runDrill('drill-1', 'd1', configurationWith(steps), parts);
    expect(drilled).toMatchObject({ outcome: 'failed', stoppedMs: null, flatMs: null });
    expect(drilled.steps[1]?.detail).toMatch(/BOT_PASSWORD is not set/);
  });

  test('is due when there was none, and after 30 days', () => {
    const dayUs = 86_400e6;
    expect([drillDue(null, 0), drillDue(0, 30 * dayUs), drillDue(0, 30 * dayUs + 1)]).toEqual([true, false, true]);
  });
});

describe('secrets', () => {
  test('without a keychain the environment is named as the way', async () => {
    expect((await failureOf(environment().reveal({ kind: 'keychain', name: 'bot' }))).message).toMatch(/environment/);
    expect((await failureOf(environment().set('bot', 'x'))).code).toBe('unavailable');
  });

  test('an address with a password in it is no playbook', () => {
    expect(playbookSchema.safeParse([webhookStep('https://me:pass@example.com/')]).success).toBe(false);
    expect(playbookSchema.safeParse([webhookStep('https://example.com/a@b')]).success).toBe(true);
  });

  test('no secret is left in what is struck, in any of its forms', () => {
    const secret = fc.string({ minLength: 8, maxLength: 60, unit: 'binary' }).filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const strike = new StrikeOut();
        strike.learn(value);
        for (const form of [
          value,
          JSON.stringify(value),
          Buffer.from(value).toString('base64'),
          Buffer.from(value).toString('hex'),
        ])
          expect(strike.strike(before + form + after)).not.toContain(form);
      }),
    );
  });

  test('a target that echoes everything: no value in events, log, or outcome', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' }).filter((text) => text.trim().length >= 8),
        async (value) => {
          const url = await hostile((socket) => {
            socket.once('data', () =>
              socket.end(
                `HTTP/1.1 500 No\r\n\r\n${value} ${JSON.stringify({ value })} ${encodeURIComponent(value)} ${Buffer.from(value).toString('base64')}`,
              ),
            );
          });
          const { journal, runner, log } = await desk(
            [
              { ...webhookStep(url), attempts: 1 },
              { ...freqtradeStep(url, true), attempts: 1 },
            ],
            { secrets: environment({ HOOK_SECRET: value, BOT_PASSWORD: value }) },
          );
          const outcome = await runner.run('d1');
          const said = (await journal.read()).flatMap(({ event }) =>
            event.kind === 'step-ended' ? [event.detail] : [],
          );
          expect(said).toHaveLength(2);
          for (const text of [...said, ...log, JSON.stringify(outcome)]) {
            expect(text).not.toContain(value);
            expect(text).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, ''));
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
