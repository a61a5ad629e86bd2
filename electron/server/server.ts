import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, isAbsolute } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { failure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import { wireLimits, wirePaths } from '../../shared/contract/wire';
import type { EngineDoor } from '../engine/door';
import { Connections } from './connections';
import { startGuardServer } from './guard-server';
import { readPageFile, securityHeaders } from './page-files';
import { Session } from './session';
import { Uploads } from './uploads';

/**
 * The console for a browser on this machine: the page, the contract over WebSocket, and uploads, on 127.0.0.1 alone. The printed
 * address carries a random token, which is exchanged for a cookie; every other request needs that cookie. Nothing else is reachable.
 */

export interface ServerOptions {
  readonly engine: Pick<EngineDoor, 'call' | 'onEvent' | 'admit'>;
  /** Folder of the built page. */
  readonly rendererRoot: string;
  /** Where uploads wait to be imported; on the disk of the store, never a folder in memory. */
  readonly spoolDirectory: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** The address to open, token included. */
  readonly url: string;
  readonly port: number;
  /** Ends all connections and removes what was spooled. Safe to call twice. */
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<Result<RunningServer>> {
  const { engine, rendererRoot, spoolDirectory, log } = options;
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 5_000 });
  // No limit on the length of an upload, but on its silence.
  http.timeout = 60_000;
  http.maxConnections = 200;
  const listening = await listen(http, options.port);
  if (!listening.ok) return listening;
  const { port } = listening.value;
  const session = new Session(port);
  const uploads = await Uploads.open(spoolDirectory, engine);
  const connections = new Connections(engine, log);
  const guard = await startGuardServer({ engine, rendererRoot, log });

  http.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      log(`a request failed: ${String(thrown)}`);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const source = session.checkSource(request, false);
    if (!source.allowed) {
      log(`refused ${request.method}: ${source.reason}`);
      return refuse(response, 403, 'Not allowed.');
    }
    const url = pathOf(request);
    if (url === null) return refuse(response, 400, 'Not a path.');
    const token = url.searchParams.get('token');
    if (token !== null && url.pathname === '/' && request.method === 'GET') {
      if (!session.accepts(token)) return refuse(response, 403, 'This address belongs to an earlier run of Lockstep.');
      response.writeHead(303, {
        ...securityHeaders,
        'Cache-Control': 'no-store',
        'Set-Cookie': session.setCookie,
        Location: '/',
      });
      response.end();
      return;
    }
    if (!session.isSignedIn(request))
      return refuse(response, 401, 'Open the address that Lockstep printed when it started; it holds the key.');
    if (url.pathname === wirePaths.upload) return takeUpload(request, response, url);
    if (url.pathname === wirePaths.folder) return takePath(request, response);
    if (url.pathname === wirePaths.guard) return inviteGuard(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Not allowed.', { Allow: 'GET, HEAD' });
    const file = await readPageFile(rendererRoot, url.pathname);
    if (file === null) return refuse(response, 404, 'There is nothing here.');
    response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }

  async function takeUpload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'Not allowed.', { Allow: 'POST' });
    const result = await uploads.receive(request, url.searchParams.get('name') ?? '');
    if (response.destroyed) return;
    answerWith(response, result);
    // A body refused before its end: the rest is not read, and the connection must not wait for it.
    if (!request.complete) response.once('finish', () => request.destroy());
  }

  /** A folder or file to follow, named by the user of this machine in the page. */
  async function takePath(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'Not allowed.', { Allow: 'POST' });
    const sizeBytes = Number(request.headers['content-length']);
    if (!(sizeBytes <= wireLimits.pathBytes)) return refuse(response, 413, 'Too long.');
    const path = (await text(request)).trim();
    if (response.destroyed) return;
    answerWith(
      response,
      isAbsolute(path)
        ? await engine.admit({ path, name: basename(path) || path, uploaded: false, toWatch: true })
        : fail(
            failure(
              'invalid-arguments',
              `"${path}" is not a full path.`,
              'Write the path from the root of the disk on, as the file manager shows it.',
            ),
          ),
    );
  }

  /** Where the guarded rollback control of a deployment is: an address that a window can go to, once. */
  async function inviteGuard(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'Not allowed.', { Allow: 'POST' });
    const sizeBytes = Number(request.headers['content-length']);
    if (!(sizeBytes > 0 && sizeBytes <= 60)) return refuse(response, 413, 'Too long.');
    const deploymentId = await text(request);
    const [host = '127.0.0.1'] = (request.headers.host ?? '').split(':');
    answerWith(response, ok({ url: guard.invite(deploymentId, host) }));
  }

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const source = session.checkSource(request, true);
    const refusal = !source.allowed
      ? '403 Forbidden'
      : !session.isSignedIn(request)
        ? '401 Unauthorized'
        : pathOf(request)?.pathname !== wirePaths.socket
          ? '404 Not Found'
          : connections.full
            ? '503 Service Unavailable'
            : null;
    if (refusal === null) return connections.accept(request, socket, head);
    log(`refused a connection: ${source.allowed ? refusal : source.reason}`);
    socket.on('error', () => {}); // the other side may be gone already; there is nobody left to tell
    socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  let closing: Promise<void> | null = null;
  return ok({
    url: `http://127.0.0.1:${port}/?token=${session.token}`,
    port,
    close: () => {
      closing ??= (async () => {
        connections.close();
        const closed = new Promise((resolve) => http.close(resolve));
        http.closeAllConnections();
        await closed;
        await guard.close();
        await uploads.close();
      })();
      return closing;
    },
  });
}

function listen(http: Server, port: number): Promise<Result<{ readonly port: number }>> {
  return new Promise((resolve) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        fail(
          error.code === 'EADDRINUSE'
            ? failure('conflict', `Port ${port} is taken.`, 'Choose another port, or leave it out for a free one.', {
                port,
              })
            : failure('unavailable', `Port ${port} cannot be opened: ${error.message}.`, 'Choose another port.', {
                port,
              }),
        ),
      );
    });
    // The address in figures: a name could be made to mean another one.
    http.listen(port, '127.0.0.1', () => resolve(ok({ port: (http.address() as AddressInfo).port }))); // TCP always has an AddressInfo
  });
}

/** The request's path on this server, whatever form the client wrote it in; null when it is none. */
function pathOf(request: IncomingMessage): URL | null {
  const target = request.url ?? '';
  return target.startsWith('/') && URL.canParse(`http://127.0.0.1${target}`)
    ? new URL(`http://127.0.0.1${target}`)
    : null;
}

function answerWith(response: ServerResponse, result: Result<unknown>): void {
  const body = JSON.stringify(result);
  response.writeHead(200, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...securityHeaders,
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}
