import { BrowserWindow, dialog, screen, type WebContents } from 'electron';
import type { EventMessage } from '../../shared/contract/wire';
import { pageAddress } from './scheme';
import { placeWindow, readWindowState, smallestWindow, writeWindowState } from './window-state';

/**
 * The console's windows. They hold no truth: a page that crashes is loaded again and asks the engine for everything anew. Events go to
 * pages that said they listen, and to no others.
 */

export interface WindowsOptions {
  readonly preload: string;
  readonly stateFile: string;
  readonly icon: string;
  readonly log: (line: string) => void;
}

/** A page that crashes more often than this within a minute is not loaded again without asking. */
const crashesPerMinute = 3;

export class Windows {
  private readonly listening = new WeakSet<WebContents>();
  private main: BrowserWindow | null = null;

  constructor(private readonly options: WindowsOptions) {}

  /** Opens the console's window, or brings it to the front. */
  showMain(): BrowserWindow {
    if (this.main !== null) {
      if (this.main.isMinimized()) this.main.restore();
      this.main.show();
      this.main.focus();
      return this.main;
    }
    const { stateFile, preload, icon } = this.options;
    const stored = readWindowState(stateFile);
    const primary = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
    const window = new BrowserWindow({
      ...placeWindow(stored?.bounds ?? null, [primary.workArea, ...others.map((display) => display.workArea)]),
      minWidth: smallestWindow.width,
      minHeight: smallestWindow.height,
      show: false,
      backgroundColor: '#0d1117', // the dark theme's ground: no white flash before the first paint
      title: 'Lockstep',
      icon,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        webSecurity: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        // Charts and clocks keep going behind other windows; the engine does not depend on it.
        backgroundThrottling: false,
      },
    });
    this.main = window;
    if (stored?.maximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () =>
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
    );
    window.on('closed', () => {
      this.main = null;
    });
    this.reloadAfterCrash(window);
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.listening.delete(window.webContents);
    });
    void window.loadURL(pageAddress);
    return window;
  }

  owns(contents: WebContents): boolean {
    return this.main !== null && !this.main.isDestroyed() && this.main.webContents === contents;
  }

  markReady(contents: WebContents): void {
    this.listening.add(contents);
  }

  send(channel: string, message: EventMessage): void {
    const contents = this.main?.webContents;
    if (contents !== undefined && !contents.isDestroyed() && this.listening.has(contents))
      contents.send(channel, message);
  }

  private reloadAfterCrash(window: BrowserWindow): void {
    let crashes: readonly number[] = [];
    window.webContents.on('render-process-gone', async (_event, { reason, exitCode }) => {
      this.listening.delete(window.webContents);
      if (reason === 'clean-exit') return;
      this.options.log(`the page ended: ${reason} (${exitCode})`);
      const now = performance.now();
      crashes = [...crashes.filter((at) => now - at < 60_000), now];
      if (crashes.length > crashesPerMinute) {
        const { response } = await dialog.showMessageBox(window, {
          type: 'error',
          message: 'The console’s page keeps ending unexpectedly.',
          detail: `Last reason: ${reason} (${exitCode}). Imports and everything stored are not affected.`,
          buttons: ['Load it again', 'Close the window'],
          cancelId: 1,
        });
        if (response === 1) return window.close();
        crashes = [];
      }
      if (!window.isDestroyed()) window.webContents.reload();
    });
  }
}
