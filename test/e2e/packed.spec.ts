import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test } from '@playwright/test';
import { checkout, electronRuntime, isRoot } from './consoles';
import { dropFiles, expectReport, goTo, importLogs, writeLogs } from './desk-story';

/** The application as it is packaged: what is in it, which doors of the binary are shut, and that it does its job. */

/** How the binary writes the state of a fuse: as a character. */
const [shut, open] = [...'01'].map((character) => character.charCodeAt(0));

let folder: string;
let application: string;

test.beforeAll(async () => {
  test.skip(electronRuntime.path === '', electronRuntime.reason);
  test.skip(process.platform !== 'linux', 'the unpacked layout is checked on Linux');
  test.setTimeout(180_000);
  folder = await mkdtemp(join(tmpdir(), 'lockstep-packed-'));
  await promisify(execFile)(
    process.execPath,
    [join(checkout, 'electron/launch/dist.mjs'), '--linux', 'dir', `-c.directories.output=${folder}`],
    { env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electronRuntime.path } },
  );
  application = join(folder, 'linux-unpacked');
});

test.afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Of a size at which blocks of it are read by a second thread as well. */
async function writeLargeLog(into: string): Promise<string> {
  const path = join(into, 'large.csv');
  const rows = Array.from({ length: 400_000 }, (_, row) => {
    const at = new Date(Date.UTC(2026, 1, 3) + row * 500).toISOString();
    return `BTC/USDT,${row % 2 ? 'buy' : 'sell'},${1_000 + (row % 977) / 4},0.25,0.125,USDT,${at},T${row},O${row >> 1}\n`;
  });
  await writeFile(path, ['symbol,side,price,quantity,fee,feeCurrency,executedAt,tradeId,orderId\n', ...rows].join(''));
  return path;
}

test('the archive holds the bundles, SQLite, and nothing to develop with', async () => {
  const archive = join(application, 'resources/app.asar');
  const files = listPackage(archive, { isPack: false });
  expect(files).toEqual(
    expect.arrayContaining([
      '/package.json',
      '/out/main/index.js',
      '/out/main/engine-worker.js',
      '/out/preload/guard.cjs',
      '/out/preload/index.cjs',
      '/out/renderer/guard.html',
      '/out/renderer/index.html',
    ]),
  );
  expect([...new Set(files.map((file) => /^\/node_modules\/([^/]+)/.exec(file)?.[1]).filter(Boolean))].sort()).toEqual([
    'bindings',
    'file-uri-to-path',
    'sqlite3',
  ]);
  expect(files.filter((file) => /\.(map|ts|tsx|md)$|^\/(electron|renderer|shared|test)\b/.test(file))).toEqual([]);
  expect(JSON.parse(String(extractFile(archive, 'package.json')))).toMatchObject({ main: 'out/main/index.js' });
  expect(await readdir(join(application, 'resources/app.asar.unpacked/node_modules/sqlite3/build/Release'))).toEqual([
    'node_sqlite3.node',
  ]);
});

test('the fuses of the binary read as they were set', async () => {
  const wire = await getCurrentFuseWire(join(application, 'lockstep'));
  expect({
    runAsNode: wire[FuseV1Options.RunAsNode],
    nodeOptions: wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
    inspect: wire[FuseV1Options.EnableNodeCliInspectArguments],
    cookieEncryption: wire[FuseV1Options.EnableCookieEncryption],
    asarIntegrity: wire[FuseV1Options.EnableEmbeddedAsarIntegrityValidation],
    onlyAsar: wire[FuseV1Options.OnlyLoadAppFromAsar],
    ownSnapshot: wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot],
    filePrivileges: wire[FuseV1Options.GrantFileProtocolExtraPrivileges],
  }).toEqual({
    runAsNode: shut,
    nodeOptions: shut,
    inspect: shut,
    cookieEncryption: open,
    asarIntegrity: open,
    onlyAsar: open,
    ownSnapshot: shut,
    filePrivileges: shut,
  });
});

test('it starts, imports and reports, and the shut doors stay shut', async () => {
  const data = join(folder, 'data');
  const child = spawn(
    join(application, 'lockstep'),
    [...(isRoot ? ['--no-sandbox'] : []), '--remote-debugging-port=0', '--inspect=0'],
    {
      env: {
        ...process.env,
        LOCKSTEP_DATA_DIR: data,
        // Each of these would run somebody else's code in our process, were the fuse not shut.
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '--require /nonexistent.js',
        ELECTRON_RENDERER_URL: 'http://127.0.0.1:1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const said: string[] = [];
  const lines = createInterface(child.stderr);
  lines.on('line', (line) => said.push(line));
  try {
    const endpoint = new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
        if (address) resolve(address);
      });
      child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${said.join('\n')}`)));
    });
    const browser = await chromium.connectOverCDP(await endpoint);
    const context = browser.contexts()[0];
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (page === undefined) throw new Error('it shows no window');
    await page.getByRole('main').waitFor();
    expect(page.url()).toMatch(/^app:\/\/lockstep\//);
    await importLogs(page, await writeLogs(folder));
    await expectReport(page);
    expect(said.filter((line) => line.startsWith('Debugger listening'))).toEqual([]);

    // A large file is read by two threads; the second is started by the first, out of the archive.
    const threads = () => readdirSync(`/proc/${child.pid}/task`).length;
    await goTo(page, '#/imports');
    await dropFiles(page, [await writeLargeLog(folder)]);
    const card = page.getByRole('article', { name: 'large.csv' });
    await expect(card).toContainText('Lockstep CSV');
    await card.getByLabel('Strategy').fill('large');
    await card.getByRole('button', { name: 'Live', exact: true }).click();
    const before = threads();
    let most = before;
    const counting = setInterval(() => {
      most = Math.max(most, threads());
    }, 5);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const history = page.getByRole('grid', { name: 'Imports so far' });
    await expect(
      history.getByRole('row', { name: /Done .*large\.csv Live large Lockstep CSV 400,000 0 0/ }),
    ).toBeVisible();
    clearInterval(counting);
    expect(most).toBeGreaterThan(before);
    expect(said.filter((line) => line.includes('by one thread'))).toEqual([]);
    await browser.close();
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
});
