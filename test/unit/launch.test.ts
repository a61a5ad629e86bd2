import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** How a checkout is made ready, on a small house of its own: the real scripts, a bundler that only counts, no network. */

let house: string;
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), text);
};
const builds = () => (existsSync(join(house, 'builds')) ? readFileSync(join(house, 'builds'), 'utf8').length : 0);

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'lockstep-launch-'));
  cpSync(join(import.meta.dirname, '../../electron/launch'), join(house, 'electron/launch'), { recursive: true });
  write('package.json', '{ "type": "module" }');
  const packages = {
    '': {},
    'node_modules/one': { version: '1.0.0' },
    'node_modules/other': { version: '2.0.0', optional: true },
  };
  write('package-lock.json', JSON.stringify({ packages }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/one': { version: '1.0.0' } } }));
  write('node_modules/sqlite3/build/Release/node_sqlite3.node', '');
  write(
    'node_modules/electron-vite/bin/electron-vite.js',
    `const fs = require('node:fs');
     fs.appendFileSync('builds', '.');
     if (fs.existsSync('broken')) { console.error('line 7: unexpected token'); process.exit(1); }
     fs.mkdirSync('out/main', { recursive: true });
     fs.writeFileSync('out/main/cli.js', "process.stdout.write('ran ' + process.argv.slice(2).join(' '))");`,
  );
  write('node_modules/electron-vite/package.json', '{ "type": "commonjs" }');
  write('shared/a.ts', 'one');
});

afterEach(() => rmSync(house, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a launch script; an npm that fails at once stands in the place of the real one. */
function launch(script: string, args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<Outcome> {
  write('no-npm.js', "console.error('npm was asked for ' + process.argv[2]); process.exit(1);");
  const { npm_execpath: _npm, DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...nodeArgs, join(house, 'electron/launch', script), ...args], {
      env: { ...environment, npm_execpath: join(house, 'no-npm.js') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

it('builds what was never built, then runs the command with its arguments; its output stays clean', async () => {
  expect(await launch('lockstep.mjs', ['report', '--json'])).toEqual({
    code: 0,
    out: 'ran report --json',
    err: 'Building the console…\n',
  });
});

it('does nothing, and says nothing, when all is fresh', async () => {
  await launch('lockstep.mjs');
  expect(await launch('lockstep.mjs')).toEqual({ code: 0, out: 'ran ', err: '' });
  expect(builds()).toBe(1);
});

it.each([
  ['a changed source', () => write('shared/a.ts', 'two')],
  ['a new source', () => write('renderer/b.tsx', '')],
  ['a source that is gone', () => rmSync(join(house, 'shared/a.ts'))],
  [
    'a changed lock file',
    () => write('package-lock.json', readFileSync(join(house, 'package-lock.json'), 'utf8').replace('2.0.0', '2.0.1')),
  ],
  ['bundles that are gone', () => rmSync(join(house, 'out'), { recursive: true })],
])('%s is built again, once', async (_case, change) => {
  await launch('lockstep.mjs');
  change();
  await launch('lockstep.mjs');
  await launch('lockstep.mjs');
  expect(builds()).toBe(2);
});

it('a source touched without a change is not built again', async () => {
  await launch('lockstep.mjs');
  write('shared/a.ts', 'one');
  await launch('lockstep.mjs');
  expect(builds()).toBe(1);
});

it('four starts at once build once, and all run', async () => {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => launch('lockstep.mjs')));
  expect(outcomes.map(({ code, out }) => [code, out])).toEqual(Array(4).fill([0, 'ran ']));
  expect(builds()).toBe(1);
});

it('the lock of a start that was killed holds nobody up', async () => {
  write('out/.preparing', String(2 ** 22 + 1)); // above the largest process id Linux gives
  expect(await launch('lockstep.mjs')).toMatchObject({ code: 0, out: 'ran ' });
  expect(existsSync(join(house, 'out/.preparing'))).toBe(false);
});

it('a build that fails says what the bundler said, runs nothing, and is tried again', async () => {
  write('broken', '');
  expect(await launch('lockstep.mjs')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('line 7: unexpected token'),
  });
  rmSync(join(house, 'broken'));
  expect(await launch('lockstep.mjs')).toMatchObject({ code: 0, out: 'ran ' });
});

it.each([
  [
    'a package of another version',
    () => write('node_modules/.package-lock.json', '{"packages":{"node_modules/one":{"version":"0.9.0"}}}'),
  ],
  ['a package that is missing', () => write('node_modules/.package-lock.json', '{"packages":{}}')],
  ['half an installation', () => rmSync(join(house, 'node_modules/.package-lock.json'))],
  ['SQLite without its binary', () => rmSync(join(house, 'node_modules/sqlite3'), { recursive: true })],
])('%s is installed before anything runs; when that fails, it says so', async (_case, change) => {
  change();
  const { code, out, err } = await launch('lockstep.mjs');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('Installing the packages failed:\nnpm was asked for install');
});

it('an optional package of another platform may be missing', async () => {
  expect((await launch('lockstep.mjs')).code).toBe(0);
});

it.each(['start.mjs', 'lockstep.mjs', 'dev.mjs', 'dist.mjs'])(
  '%s on an old Node says which one is needed',
  async (script) => {
    const old = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.18.9' })";
    const { code, out, err } = await launch(script, [], ['--import', old]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'Lockstep needs Node.js 20.19 or later; this is 20.18.9. Install a current version from nodejs.org and run the command again.\n',
    });
  },
);

it.runIf(process.platform === 'linux')('without a display the console is served, and one line says why', async () => {
  expect(await launch('start.mjs')).toEqual({
    code: 0,
    out: 'ran serve',
    err: 'Building the console…\nNo window, because there is no display: serving the console to a browser on this machine instead.\n',
  });
});
