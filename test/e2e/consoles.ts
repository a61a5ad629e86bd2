import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  _electron,
  test as base,
  type ConsoleMessage,
  chromium,
  type ElectronApplication,
  expect,
  type Page,
} from '@playwright/test';

/**
 * Starts real consoles, each on a data directory of its own. A page that logs an error, breaks the content security policy or throws
 * fails its test, whatever else the test asserts.
 */

export const checkout = resolve(import.meta.dirname, '../..');

/** What `npm test` found on this machine; run alone, a spec skips with the reason. */
const found = (name: string) => ({
  path: process.env[`LOCKSTEP_TEST_${name}`] ?? '',
  reason: process.env[`LOCKSTEP_TEST_${name}_REASON`] || `run "npm test", which looks for ${name.toLowerCase()}`,
});
export const electronRuntime = found('ELECTRON');
const chromiumBinary = found('CHROMIUM');

export const isRoot = process.getuid?.() === 0;

export interface ElectronConsole {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** The environment of a console under test: nothing of the developer's own desk. */
function environment(dataDirectory: string): Record<string, string> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && !name.startsWith('ELECTRON_')),
  ) as Record<string, string>; // undefined was filtered out
  return { ...inherited, LOCKSTEP_DATA_DIR: dataDirectory };
}

class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  add(text: string): void {
    this.heard.push(text);
  }

  /** Complaints like this one are what the test is about. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  get unexpected(): readonly string[] {
    return this.heard.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
  }
}

interface Consoles {
  readonly dataDirectory: string;
  /** Opens the console in Electron; more than once for restarts. */
  readonly openElectron: () => Promise<ElectronConsole>;
  /** Serves the console and opens it in Chromium. */
  readonly openServed: () => Promise<{ readonly page: Page; readonly url: string; readonly server: ChildProcess }>;
  /** What pages complain about; a test that provokes complaints says which. */
  readonly complaints: Complaints;
}

export const test = base.extend<Consoles>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern.
  dataDirectory: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above
  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    expect(complaints.unexpected).toEqual([]);
  },

  openElectron: async ({ dataDirectory, complaints }, use) => {
    base.skip(electronRuntime.path === '', electronRuntime.reason);
    const opened: ElectronApplication[] = [];
    await use(async () => {
      const app = await _electron.launch({
        executablePath: join(electronRuntime.path, process.platform === 'win32' ? 'electron.exe' : 'electron'),
        args: [checkout],
        // Electron does not start as root with its sandbox on; sandbox.spec.ts proves the sandbox as an ordinary user.
        chromiumSandbox: !isRoot,
        env: environment(dataDirectory),
      });
      opened.push(app);
      app.process().stderr?.on('data', (text) => process.env['LOCKSTEP_TEST_VERBOSE'] && process.stderr.write(text));
      const page = await app.firstWindow();
      listen(page, complaints);
      await settled(page);
      return { app, page };
    });
    for (const app of opened) await app.close();
  },

  openServed: async ({ dataDirectory, complaints }, use) => {
    base.skip(chromiumBinary.path === '', chromiumBinary.reason);
    const browser = await chromium.launch({
      executablePath: chromiumBinary.path,
      args: isRoot ? ['--no-sandbox'] : [],
    });
    const servers: ChildProcess[] = [];
    await use(async () => {
      const server = spawn(process.execPath, [join(checkout, 'out/main/cli.js'), 'serve', '--json'], {
        env: environment(dataDirectory),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      servers.push(server);
      const [line] = await once(createInterface(server.stdout), 'line');
      const { url } = JSON.parse(String(line));
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } }); // axe needs one made by name
      const page = await context.newPage();
      listen(page, complaints);
      await page.goto(url);
      await settled(page);
      return { page, url, server };
    });
    await browser.close();
    for (const server of servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  },
});

/** The page has drawn itself and gone to its own first address. */
async function settled(page: Page): Promise<void> {
  await page.waitForURL(/#\//);
  await page.getByRole('main').waitFor();
}

function listen(page: Page, complaints: Complaints): void {
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy'))
      complaints.add(message.text());
  });
  page.on('pageerror', (error) => complaints.add(error.message));
}

export { expect } from '@playwright/test';
