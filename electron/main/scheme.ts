import { net, protocol, type Session } from 'electron';
import { contentSecurityPolicy, readPageFile, securityHeaders } from '../server/page-files';

/**
 * `app://lockstep/`, the only origin a window ever shows. A scheme of our own, because `file://` would give the page the whole disk as
 * its origin; standard and secure, so that it has an origin and the platform's features at all.
 */

export const pageOrigin = 'app://lockstep';
export const pageAddress = `${pageOrigin}/`;

/** The guarded rollback control's own origin; answered in its own session alone, so that no other page can even load it. */
const guardOrigin = 'app://guard';
export const guardAddress = `${guardOrigin}/`;

/** Must happen before `app` is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Answers the scheme from the folder of the built page. With `developmentServer` (only in a checkout) the same origin is answered by
 * Vite, whose reloading needs inline scripts and a socket; everything else stays as it is.
 */
export function setupScheme(session: Session, rendererRoot: string, developmentServer: URL | null): void {
  answerScheme(session, pageOrigin, '/', rendererRoot, developmentServer);
}

export function setupGuardScheme(session: Session, rendererRoot: string, developmentServer: URL | null): void {
  answerScheme(session, guardOrigin, '/guard.html', rendererRoot, developmentServer);
}

function answerScheme(
  session: Session,
  origin: string,
  first: string,
  rendererRoot: string,
  developmentServer: URL | null,
): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.origin !== origin && `${url.protocol}//${url.host}` !== origin) return notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
    if (url.pathname === '/') url.pathname = first;
    if (developmentServer !== null) return fromDevelopmentServer(developmentServer, url);
    const file = await readPageFile(rendererRoot, url.pathname);
    return file === null ? notFound() : new Response(new Uint8Array(file.body), { headers: file.headers });
  });
}

function notFound(): Response {
  return new Response('There is nothing here.\n', {
    status: 404,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain' },
  });
}

async function fromDevelopmentServer(server: URL, url: URL): Promise<Response> {
  const answer = await net.fetch(new URL(`${url.pathname}${url.search}`, server).href);
  const headers = new Headers(answer.headers);
  headers.set(
    'Content-Security-Policy',
    contentSecurityPolicy
      .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
      .replace("connect-src 'self'", `connect-src 'self' ws://${server.host}`),
  );
  return new Response(answer.body, { status: answer.status, headers });
}
