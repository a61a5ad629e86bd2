import { type BrowserWindow, ipcMain, type Session, session, type WebContents, WebContentsView } from 'electron';
import { failure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import { type GuardQuestion, guardChannels, guardQuestions } from '../../shared/contract/guard';
import type { EngineDoor } from '../engine/door';
import { createGuardDesk, type GuardDesk } from '../engine/guard-desk';
import { setupPermissions } from './guards';
import { isGuardAddress } from './origin';
import { guardAddress, setupGuardScheme } from './scheme';

/**
 * The guarded rollback control in a view of its own over the console's page: own process, own session, own origin, own preload. The
 * page can ask for it to be opened for a deployment; from then on only the operator's hands reach it. There is one at a time.
 */

export interface GuardViewOptions {
  readonly preload: string;
  readonly rendererRoot: string;
  readonly developmentServer: URL | null;
  readonly engine: Pick<EngineDoor, 'call'>;
  readonly log: (line: string) => void;
}

export interface GuardViews {
  open(window: BrowserWindow, deploymentId: string): Result<null>;
}

interface Open {
  readonly view: WebContentsView;
  readonly desk: GuardDesk;
  close(): void;
}

export function setupGuardView(options: GuardViewOptions): GuardViews {
  const { preload, rendererRoot, developmentServer, engine, log } = options;
  let own: Session | null = null;
  let open: Open | null = null;

  /** Kept in memory alone; made when the first control is opened. */
  function ownSession(): Session {
    if (own !== null) return own;
    own = session.fromPartition('guard', { cache: false });
    setupPermissions(own, log);
    setupGuardScheme(own, rendererRoot, developmentServer);
    return own;
  }

  const refusal = (sender: WebContents, frame: { readonly url: string; readonly parent: unknown } | null) => {
    if (open === null || open.view.webContents !== sender) return 'not the guarded control';
    if (frame === null || frame.parent !== null) return 'not the top frame';
    return isGuardAddress(frame.url) ? null : `the page is ${frame.url}`;
  };

  ipcMain.handle(guardChannels.ask, async (event, question: unknown, args: unknown): Promise<Result<unknown>> => {
    const reason = refusal(event.sender, event.senderFrame);
    if (reason !== null || open === null) {
      log(`refused the guarded control: ${reason}`);
      return fail(
        failure('sender-refused', 'This page may not roll back.', 'Open the guarded rollback from the deployment.'),
      );
    }
    if (!isQuestion(question))
      return fail(failure('unknown-call', 'There is no such question.', 'Close the control and open it again.'));
    return open.desk.ask(question, args);
  });

  ipcMain.on(guardChannels.close, (event) => {
    if (refusal(event.sender, event.senderFrame) === null) open?.close();
  });

  return {
    open(window, deploymentId) {
      open?.close();
      const view = new WebContentsView({
        webPreferences: {
          preload,
          session: ownSession(),
          sandbox: true,
          contextIsolation: true,
          webSecurity: true,
          nodeIntegration: false,
          nodeIntegrationInWorker: false,
          nodeIntegrationInSubFrames: false,
          webviewTag: false,
          navigateOnDragDrop: false,
          spellcheck: false,
          backgroundThrottling: false,
        },
      });
      const contents = view.webContents;
      const fill = () => {
        const { width, height } = window.getContentBounds();
        view.setBounds({ x: 0, y: 0, width, height });
      };
      let closed = false;
      const close = () => {
        if (closed) return;
        closed = true;
        open = null;
        window.off('closed', close);
        if (!window.isDestroyed()) {
          window.off('resize', fill);
          window.contentView.removeChildView(view);
          window.webContents.focus();
        }
        if (!contents.isDestroyed()) contents.close();
      };
      // It shows one page and goes nowhere else, not even to itself.
      contents.on('will-navigate', (event) => event.preventDefault());
      contents.on('render-process-gone', (_event, { reason }) => {
        log(`the guarded control ended: ${reason}`);
        close();
      });
      contents.once('did-finish-load', () => contents.focus());
      window.on('resize', fill);
      window.once('closed', close);
      view.setBackgroundColor('#0a0d11'); // the dark theme's ground: no white flash before the first paint
      fill();
      window.contentView.addChildView(view);
      open = { view, desk: createGuardDesk(engine, deploymentId), close };
      void contents.loadURL(guardAddress);
      return ok(null);
    },
  };
}

function isQuestion(question: unknown): question is GuardQuestion {
  return guardQuestions.some((known) => known === question);
}
