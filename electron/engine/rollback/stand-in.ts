import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { webhookSignature } from './webhook';

/** Targets of a drill: a server on loopback that takes webhooks and speaks as much of freqtrade's REST interface as a rollback uses. */

export interface StandIn {
  /** @param secret what its messages are signed with; null = unsigned */
  webhook(secret: string | null): { readonly url: string; accepted(idempotencyKey: string): number };
  /** A running bot with two open trades, which close one by one once their exit is forced. */
  freqtrade(
    username: string,
    password: string,
  ): { readonly url: string; entriesStopped(): boolean; openTrades(): number };
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, path: string, body: string) => { status: number; body: unknown };

export async function openStandIn(): Promise<StandIn> {
  const targets = new Map<string, Answer>();
  const server = createServer((request, response) => {
    answer(targets, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((settle, refuse) => {
    server.once('error', refuse);
    server.listen(0, '127.0.0.1', settle);
  });
  const { port } = server.address() as AddressInfo; // TCP always has an AddressInfo
  const add = (target: Answer): string => {
    const name = String(targets.size);
    targets.set(name, target);
    return `http://127.0.0.1:${port}/${name}`;
  };
  return {
    webhook(secret) {
      const accepted = new Map<string, number>();
      const url = add((request, _path, body) => {
        const timestamp = String(request.headers['x-lockstep-timestamp']);
        const signature = String(request.headers['x-lockstep-signature']);
        if (secret !== null && !same(signature, webhookSignature(secret, timestamp, body)))
          return { status: 401, body: { error: 'The signature does not belong to this body.' } };
        const key = String(request.headers['idempotency-key']);
        accepted.set(key, (accepted.get(key) ?? 0) + 1);
        return { status: 202, body: { drill: true } };
      });
      return { url, accepted: (key) => accepted.get(key) ?? 0 };
    },
    freqtrade(username, password) {
      let state = 'running';
      let trades = [1, 2];
      let exiting = false;
      const basic = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
      const url = add((request, path) => {
        const given = String(request.headers.authorization);
        if (path === 'POST /api/v1/token/login')
          return same(given, basic)
            ? { status: 200, body: { access_token: 'token-of-the-drill', refresh_token: 'token-of-the-drill' } }
            : { status: 401, body: { detail: 'Incorrect username or password' } };
        if (given !== 'Bearer token-of-the-drill') return { status: 401, body: { detail: 'Unauthorized' } };
        switch (path) {
          case 'GET /api/v1/show_config':
            return { status: 200, body: { state, max_open_trades: 3 } };
          case 'POST /api/v1/stopentry':
            state = 'paused';
            return { status: 200, body: { status: 'paused' } };
          case 'GET /api/v1/status': {
            const open = trades.map((trade_id) => ({ trade_id }));
            if (exiting) trades = trades.slice(1);
            return { status: 200, body: open };
          }
          case 'POST /api/v1/forceexit':
            exiting = true;
            return { status: 200, body: { result: 'Created exit orders for all open trades.' } };
          default:
            return { status: 404, body: { detail: 'Not Found' } };
        }
      });
      return { url, entriesStopped: () => state === 'paused', openTrades: () => trades.length };
    },
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

async function answer(targets: ReadonlyMap<string, Answer>, request: IncomingMessage, response: ServerResponse) {
  const [, name = '', path = ''] = /^\/([^/]*)(.*)$/.exec(request.url ?? '') ?? [];
  const target = targets.get(name);
  const body = await text(request);
  const given = target?.(request, `${request.method} ${path}`, body) ?? { status: 404, body: {} };
  response.writeHead(given.status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(given.body));
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
