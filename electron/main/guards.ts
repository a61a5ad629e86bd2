import { app, type Session, shell } from 'electron';
import { isOwnAddress, mayOpenOutside } from './origin';

/**
 * What a page may not do, whatever runs in it: go elsewhere, be sent elsewhere, open windows, embed pages, ask for permissions.
 * Everything is denied first; the exceptions are listed here and nowhere else.
 */

type Log = (line: string) => void;

/** For every page that will ever exist in this process, so it must be set up before the first window. */
export function setupNavigationGuards(log: Log): void {
  app.on('web-contents-created', (_created, contents) => {
    const keepHere = (event: { readonly url: string; preventDefault(): void }) => {
      if (isOwnAddress(event.url)) return; // a reload
      event.preventDefault();
      log(`refused to go to ${event.url}`);
    };
    contents.on('will-navigate', keepHere);
    contents.on('will-redirect', keepHere);
    contents.on('will-frame-navigate', keepHere);
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
      log('refused a webview');
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) void shell.openExternal(url);
      else log(`refused to open ${url}`);
      return { action: 'deny' };
    });
  });
}

/** Copying an address or a report to the clipboard is the one thing the page may ask for. */
export function setupPermissions(session: Session, log: Log): void {
  const allows = (permission: string, address: string) =>
    permission === 'clipboard-sanitized-write' && isOwnAddress(address);
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const allowed = allows(permission, details.requestingUrl);
    if (!allowed) log(`refused permission ${permission}`);
    answer(allowed);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => allows(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
}
