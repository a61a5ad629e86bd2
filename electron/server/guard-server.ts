import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { failure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import { type GuardQuestion, guardLimits, guardQuestions } from '../../shared/contract/guard';
import type { EngineDoor } from '../engine/door';
import { createGuardDesk, type GuardDesk } from '../engine/guard-desk';
import { readPageFile, securityHeaders } from './page-files';

/**
 * The guarded rollback control of the served console: its page and its three questions, on a port, and so an origin, of its own. The
 * console's page gets a ticket that only a window the browser navigates there can redeem; what that window gets for it (a token in the
 * fragment of its address, kept in its memory) never passes the console's page. There is one such window at a time: the latest.
 */

export interface GuardServer {
  /** Address of the control for a deployment, good once and for half a minute. `host` is the name the browser knows this machine by. */
  invite(deploymentId: string, host: string): string;
  close(): Promise<void>;
}

interface Ticket {
  readonly secret: string;
  readonly deploymentId: string;
  readonly expiresMs: number;
}

interface Seat {
  readonly token: string;
  readonly desk: GuardDesk;
}

export async function startGuardServer(options: {
  readonly engine: Pick<EngineDoor, 'call'>;
  readonly rendererRoot: string;
  readonly log: (line: string) => void;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}): Promise<GuardServer> {
  const { engine, rendererRoot, log, nowMs = () => performance.now() } = options;
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 });
  http.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo; // TCP always has an AddressInfo
  let ticket: Ticket | null = null;
  let seat: Seat | null = null;

  http.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      log(`a request of the guarded control failed: ${String(thrown)}`);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host } = request.headers;
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
      return refuse(response, 403, 'Host is not this console.');
    const target = request.url ?? '';
    if (!target.startsWith('/') || !URL.canParse(`http://${host}${target}`))
      return refuse(response, 400, 'Not a path.');
    const url = new URL(`http://${host}${target}`);
    if (request.method === 'POST') return takeQuestion(request, response, url, host);
    if (request.method !== 'GET') return refuse(response, 405, 'Not allowed.');
    const offered = url.searchParams.get('ticket');
    if (url.pathname === '/' && offered !== null) return redeem(request, response, offered);
    // The page's files hold no secret and do nothing without a token; they are for this origin's own window alone all the same.
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && !navigates(request))
      return refuse(response, 403, 'The request comes from another page.');
    const file = await readPageFile(rendererRoot, url.pathname === '/' ? '/guard.html' : url.pathname);
    if (file === null) return refuse(response, 404, 'There is nothing here.');
    response.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
    response.end(file.body);
  }

  /** Only a window that goes there redeems a ticket: a script that fetches it is refused, and the ticket with it. */
  function redeem(request: IncomingMessage, response: ServerResponse, offered: string): void {
    const held = ticket;
    const known = held !== null && sameText(offered, held.secret);
    if (known) ticket = null;
    if (!known || nowMs() > held.expiresMs || !navigates(request)) {
      log('refused a ticket of the guarded control');
      refuse(response, 403, 'This address was used or is too old. Open the rollback from the console again.');
      return;
    }
    seat = { token: randomBytes(32).toString('base64url'), desk: createGuardDesk(engine, held.deploymentId) };
    response.writeHead(303, { ...securityHeaders, 'Cache-Control': 'no-store', Location: `/#${seat.token}` });
    response.end();
  }

  async function takeQuestion(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    host: string,
  ): Promise<void> {
    const question = guardQuestions.find((known) => url.pathname === `/${known}`);
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const refusal =
      request.headers.origin !== `http://${host}`
        ? 'the request comes from another page'
        : seat === null || token === undefined || !sameText(token, seat.token)
          ? 'not the window that was opened last'
          : null;
    if (refusal !== null || seat === null) {
      log(`refused the guarded control: ${refusal}`);
      return answerWith(
        response,
        fail(
          failure(
            'sender-refused',
            'This window may not roll back: it was opened too long ago, or another one was opened since.',
            'Close it and open the guarded rollback from the console again.',
          ),
        ),
      );
    }
    if (question === undefined) return refuse(response, 404, 'There is no such question.');
    const { desk } = seat;
    answerWith(response, await ask(desk, question, request));
  }

  async function ask(desk: GuardDesk, question: GuardQuestion, request: IncomingMessage): Promise<Result<unknown>> {
    const sizeBytes = Number(request.headers['content-length'] ?? 0);
    if (!(sizeBytes <= guardLimits.bodyBytes))
      return fail(failure('limit-exceeded', 'The confirmation is too long.', 'Shorten the reason.'));
    const body = await text(request);
    try {
      return await desk.ask(question, body === '' ? null : JSON.parse(body));
    } catch {
      return fail(failure('invalid-arguments', 'The confirmation is no JSON.', 'Open the control again.'));
    }
  }

  return {
    invite(deploymentId, host) {
      ticket = {
        secret: randomBytes(32).toString('base64url'),
        deploymentId,
        expiresMs: nowMs() + guardLimits.ticketMs,
      };
      return `http://${host}:${port}/?ticket=${ticket.secret}`;
    },
    async close() {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** Whether a window goes there, as far as the browser tells (all current ones do). */
function navigates({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode'];
  const destination = headers['sec-fetch-dest'];
  return (mode === undefined || mode === 'navigate') && (destination === undefined || destination === 'document');
}

function sameText(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

function answerWith(response: ServerResponse, result: Result<unknown>): void {
  response.writeHead(200, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
  });
  response.end(JSON.stringify(result));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    Connection: 'close',
  });
  response.end(`${message}\n`);
}
