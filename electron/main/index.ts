import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, powerMonitor, session } from 'electron';
import { toFailure } from '../../shared/base/errors';
import { dataDirectory } from '../engine/data-directory';
import { createEngine, type Engine } from '../engine/engine';
import { createSecretVault } from '../engine/rollback/secret-file';
import { systemClock, systemIds } from '../engine/system';
import { createWorkerPool } from '../engine/worker/pool';
import { deskStores, openForeignDatabase } from '../store';
import { setupGuardView } from './guard-view';
import { setupNavigationGuards, setupPermissions } from './guards';
import { setupIpc } from './ipc';
import { keychain } from './keychain';
import { setupMenu } from './menu';
import { registerScheme, setupScheme } from './scheme';
import { Windows } from './windows';

/**
 * The shell's start, as one list in the order that matters. Importing any other module of this folder does nothing; everything that
 * happens is called from here.
 */

const built = import.meta.dirname;
const directory = dataDirectory();
const log = (line: string) => process.stderr.write(`lockstep: ${line}\n`);

// Before anything touches the profile: it lives with the desks, and so does the lock that keeps a second shell away from them.
mkdirSync(directory, { recursive: true });
app.setPath('userData', join(directory, 'shell'));

// A scheme can be given its privileges only before the app is ready.
registerScheme();

if (app.requestSingleInstanceLock()) start();
else app.quit(); // the first one gets `second-instance` and comes to the front

function start(): void {
  const windows = new Windows({
    preload: join(built, '../preload/index.cjs'),
    icon: join(built, '../../resources/icons/icon.png'),
    stateFile: join(directory, 'shell', 'window.json'),
    log,
  });
  const engine = createEngine({
    dataDirectory: directory,
    openStore: deskStores({ clock: systemClock, ids: systemIds }).openDeskStore,
    openForeignDatabase,
    tasks: createWorkerPool({ script: join(built, 'engine-worker.js'), threads: 2 }),
    follow: createWorkerPool({ script: join(built, 'engine-worker.js'), threads: 1 }),
    secrets: createSecretVault({
      file: join(directory, 'secrets.json'),
      cipher: keychain,
      environment: process.env,
      clock: systemClock,
    }),
    monitor: true,
    clock: systemClock,
    ids: systemIds,
    version: app.getVersion(),
    log,
  });

  // Before the first page exists, or that page would be without guards.
  setupNavigationGuards(log);
  // Before `ready`, because the other instance may call at any time.
  app.on('second-instance', () => {
    if (app.isReady()) windows.showMain();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('activate', () => windows.showMain());
  closeEngineBeforeQuitting(engine.close);

  // Not `await`: top-level await of whenReady in an ES module never comes back.
  void app.whenReady().then(() => {
    setupPermissions(session.defaultSession, log);
    // The scheme before the window that shows it, the listeners before the page that calls them.
    const page = { rendererRoot: join(built, '../renderer'), developmentServer: developmentServer() };
    setupScheme(session.defaultSession, page.rendererRoot, page.developmentServer);
    const guards = setupGuardView({ ...page, preload: join(built, '../preload/guard.cjs'), engine, log });
    setupIpc(engine, windows, guards, log);
    setupMenu(windows);
    evaluateAfterSleep(engine);
    windows.showMain();
  });
}

/** What trades went on trading while the machine slept: it is evaluated at once, and that time is not observed. */
function evaluateAfterSleep(engine: Pick<Engine, 'desk'>): void {
  powerMonitor.on('resume', () => {
    engine.desk().then(
      ({ canary }) => canary.monitor.woke(),
      (thrown: unknown) => log(`after sleep: ${toFailure(thrown).message}`),
    );
  });
}

/** Vite's server while developing; never in a packaged app, whatever its environment says. */
function developmentServer(): URL | null {
  const address = process.env['ELECTRON_RENDERER_URL'];
  return app.isPackaged || address === undefined ? null : new URL(address);
}

/** Holds the end back until imports are cancelled and the store is closed, once. */
function closeEngineBeforeQuitting(close: () => Promise<void>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    close()
      .catch((thrown: unknown) => log(`closing failed: ${String(thrown)}`))
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
  // Ctrl-C and the session's end take the same way out.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => app.quit());
}
