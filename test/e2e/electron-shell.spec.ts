import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './consoles';

/** The shell itself: what the page is given, what it may not do, and what survives. */

test('the page gets the contract and nothing of Node or Electron', async ({ openElectron }) => {
  const { page } = await openElectron();
  expect(page.url()).toMatch(/^app:\/\/lockstep\//);
  const seen = await page.evaluate(() => ({
    bridge: Object.keys((globalThis as never as { lockstep: object }).lockstep).sort(), // exposed by the preload
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
    policy: document.querySelector('meta[http-equiv]'),
    secure: isSecureContext,
  }));
  expect(seen).toEqual({
    bridge: ['admitFiles', 'call', 'chooseFolder', 'on', 'onConnection', 'openGuard', 'saveFile'],
    node: [],
    policy: null, // it comes by header, before the page
    secure: true,
  });
});

test('every window setting that matters is stated', async ({ openElectron }) => {
  const { app } = await openElectron();
  const settings = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      // getLastWebPreferences is not in the typings; it reads back what Electron really applied.
      const read = (contents as never as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
      return Object.fromEntries(
        ['sandbox', 'contextIsolation', 'webSecurity', 'nodeIntegration', 'webviewTag'].map((name) => [
          name,
          read[name],
        ]),
      );
    }),
  );
  expect(settings).toEqual([
    {
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  ]);
});

const hostileAddresses = [
  'https://evil.example/',
  'http://127.0.0.1:1/',
  'file:///etc/passwd',
  'data:text/html,<h1>evil</h1>',
  'app://lockstep.example/',
  'app://evil/',
  'app://lockstep@evil/',
  'app://lockstep:81/',
  'blob:app://lockstep/x',
  'ftp://evil.example/',
  'chrome://gpu',
  'devtools://devtools/bundled/inspector.html',
];
const waysOut = {
  'assigning location': (address: string) => {
    location.href = address;
  },
  'clicking a link': (address: string) => {
    const link = Object.assign(document.createElement('a'), { href: address });
    document.body.append(link);
    link.click();
    link.remove();
  },
  'clicking a link to a new window': (address: string) => {
    const link = Object.assign(document.createElement('a'), { href: address, target: '_blank' });
    document.body.append(link);
    link.click();
    link.remove();
  },
  'opening a window': (address: string) => {
    window.open(address);
  },
  'embedding a frame': (address: string) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src: address }));
  },
  'sending a form': (address: string) => {
    const form = Object.assign(document.createElement('form'), { action: address, method: 'post' });
    document.body.append(form);
    form.submit();
    form.remove();
  },
} as const;

for (const [way, go] of Object.entries(waysOut)) {
  test(`${way} leads nowhere, whatever the address`, async ({ openElectron, complaints }) => {
    complaints.expect(/^(Refused to|Not allowed to) /);
    const { app, page } = await openElectron();
    // Nothing may be handed to the system either; what would be is recorded instead.
    await app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      shell.openExternal = async (address) => void opened.push(address);
    });
    const before = page.url();
    for (const address of hostileAddresses) {
      // Through Electron, because Playwright's own evaluate waits for the navigation that is refused.
      const after = await app.evaluate(
        async ({ webContents }, code) => {
          const contents = webContents.getAllWebContents()[0];
          await contents?.executeJavaScript(code, true);
          // A round trip through the page's loop: a navigation that was going to happen has begun by then.
          await contents?.executeJavaScript('new Promise((resume) => setTimeout(resume))');
          return contents?.getURL();
        },
        `(${go.toString()})(${JSON.stringify(address)}); undefined`,
      );
      expect(after, address).toBe(before);
    }
    const outcome = await app.evaluate(async ({ BrowserWindow, webContents }) => {
      const frames = webContents.getAllWebContents().flatMap((contents) => contents.mainFrame.framesInSubtree);
      // Where a frame really is; its `url` is where it was sent, even if that was refused.
      const places = await Promise.all(
        frames.map(async (frame) => String(await frame.executeJavaScript('location.href'))),
      );
      return {
        windows: BrowserWindow.getAllWindows().length,
        addresses: webContents.getAllWebContents().map((contents) => contents.getURL()),
        frames: places.filter((place) => !/^(app:\/\/lockstep\/#|about:blank$|chrome-error:)/.test(place)),
        opened: (globalThis as never as { opened: string[] }).opened, // put there above
      };
    });
    expect(outcome).toEqual({ windows: 1, addresses: [before], frames: [], opened: [] });
  });
}

test('what a page may ask for is denied, but for the clipboard', async ({ openElectron }) => {
  const { page } = await openElectron();
  const answers = await page.evaluate(async () => {
    const query = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state; // newer names
    return {
      geolocation: await query('geolocation'),
      camera: await query('camera'),
      microphone: await query('microphone'),
      notifications: await Notification.requestPermission(),
      devices: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'granted',
        () => 'denied',
      ),
    };
  });
  expect(answers).toEqual({
    geolocation: 'denied',
    camera: 'denied',
    microphone: 'denied',
    notifications: 'denied',
    devices: 'denied',
  });
});

test('the scheme serves the page’s files and nothing else', async ({ openElectron, complaints }) => {
  complaints.expect(/^Failed to load resource|^Refused to connect|^Fetch API cannot load/);
  const { page } = await openElectron();
  const paths = [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/../main/index.js',
    '/..%2fmain%2findex.js',
    '/package.json',
    '/nothing.js',
    '/%00.js',
    '/assets/',
  ];
  const answers = await page.evaluate(
    (all) => Promise.all(all.map(async (path) => (await fetch(`app://lockstep${path}`)).status)),
    paths,
  );
  expect(answers).toEqual(paths.map(() => 404));
  const own = await page.evaluate(async () => {
    const answer = await fetch('app://lockstep/');
    return { status: answer.status, policy: answer.headers.get('content-security-policy') };
  });
  expect(own).toMatchObject({ status: 200, policy: expect.stringContaining("default-src 'none'") });
  expect(
    await page.evaluate(() =>
      fetch('app://other/').then(
        () => 'answered',
        () => 'refused',
      ),
    ),
  ).toBe('refused');
});

test('a message from anywhere but our own top frame is refused with a code', async ({ openElectron }) => {
  const { app } = await openElectron();
  const answer = await app.evaluate(async ({ BrowserWindow, app: electronApp }) => {
    // A window of somebody else, with our preload: as if a foreign page had got hold of it.
    const { join: joinPath } = process.getBuiltinModule('node:path');
    const window = new BrowserWindow({
      show: false,
      webPreferences: { preload: joinPath(electronApp.getAppPath(), 'out/preload/index.cjs'), sandbox: true },
    });
    const ask = () =>
      window.webContents.executeJavaScript(
        `lockstep.call('app.info', {}).then(({ ok, error }) => ok ? 'answered' : error.code)`,
      );
    await window.loadURL('about:blank');
    const blank = await ask();
    await window.loadURL('app://lockstep/index.html');
    const ownPageInForeignWindow = await ask();
    window.destroy();
    return { blank, ownPageInForeignWindow };
  });
  expect(answer).toEqual({ blank: 'sender-refused', ownPageInForeignWindow: 'sender-refused' });
});

test('a second start brings the first window to the front and ends', async ({ openElectron }) => {
  const { app } = await openElectron();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  // Playwright cannot attach to it, because it ends before it has a window.
  await expect(openElectron()).rejects.toThrow();
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())),
    )
    .toEqual([false]);
});

test('a page that crashes comes back by itself, at the address where it was', async ({ openElectron }) => {
  const { app, page } = await openElectron();
  await page.evaluate(() => {
    location.hash = '#/imports';
  });
  const reloaded = app.evaluate(
    ({ webContents }) =>
      new Promise<void>((resume) => webContents.getAllWebContents()[0]?.once('did-finish-load', () => resume())),
  );
  await app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.forcefullyCrashRenderer());
  await reloaded;
  const state = await app.evaluate(async ({ webContents }) => {
    const contents = webContents.getAllWebContents()[0];
    const info = await contents?.executeJavaScript(`lockstep.call('app.info', {}).then(({ ok }) => ok)`);
    return { url: contents?.getURL(), info };
  });
  expect(state).toEqual({ url: 'app://lockstep/#/imports', info: true });
});

test('the window comes back where it was, and on a screen when it was elsewhere', async ({
  openElectron,
  dataDirectory,
}) => {
  const bounds = () => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  let first = await openElectron();
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 40, width: 1100, height: 700 }),
  );
  await first.app.close();
  const file = join(dataDirectory, 'shell/window.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    bounds: { x: 60, y: 40, width: 1100, height: 700 },
    maximized: false,
  });
  first = await openElectron();
  expect(await bounds()).toEqual({ x: 60, y: 40, width: 1100, height: 700 });
  await first.app.close();
  await writeFile(
    file,
    JSON.stringify({ bounds: { x: 9_000, y: 9_000, width: 1_100, height: 700 }, maximized: false }),
  );
  first = await openElectron();
  expect(await bounds()).toEqual({ x: 250, y: 150, width: 1_100, height: 700 });
  await first.app.close();
  await writeFile(file, '{ damaged');
  first = await openElectron();
  expect(await bounds()).toMatchObject({ width: 1_440, height: 900 });
});
