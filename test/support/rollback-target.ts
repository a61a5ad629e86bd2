import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { webhookSignature } from '../../electron/engine/rollback/webhook';

/**
 * A real target for many rollbacks at once, told apart by the first part of the path: a webhook that acts once per idempotency key, as
 * the help says a target should, and a bot with three open trades that follows freqtrade's REST interface.
 */
export interface TargetSeen {
  /** By idempotency key: how often it was asked, and how often it acted. */
  readonly hooks: Map<string, { asked: number; acted: number }>;
  forged: number;
  state: 'running' | 'paused';
  /** Exits of each trade. */
  readonly exits: Map<number, number>;
  readonly open: Set<number>;
}

export const targetSecrets = { HOOK_SECRET: 'hook secret, long enough', BOT_PASSWORD: 'pass/word of the bot' };

export async function openTarget(options: { readonly refusing?: (name: string) => boolean } = {}) {
  const seen = new Map<string, TargetSeen>();
  const of = (name: string): TargetSeen => {
    const present = seen.get(name) ?? {
      hooks: new Map(),
      forged: 0,
      state: 'running' as const,
      exits: new Map(),
      open: new Set([1, 2, 3]),
    };
    seen.set(name, present);
    return present;
  };
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => null);
    if (body === null) return response.destroy(); // the other process died while it asked
    const [, name = '', path = ''] = /^\/([^/]*)(.*)$/.exec(request.url ?? '') ?? [];
    const target = of(name);
    const answer = (status: number, content: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(content));
    };
    if (options.refusing?.(name)) return answer(503, { error: 'closed' });
    if (path === '/hook') {
      const timestamp = String(request.headers['x-lockstep-timestamp']);
      if (request.headers['x-lockstep-signature'] !== webhookSignature(targetSecrets.HOOK_SECRET, timestamp, body))
        target.forged++;
      const key = String(request.headers['idempotency-key']);
      const known = target.hooks.get(key);
      target.hooks.set(key, { asked: (known?.asked ?? 0) + 1, acted: known?.acted ?? 1 });
      return answer(200, { ok: true });
    }
    const basic = `Basic ${Buffer.from(`trader:${targetSecrets.BOT_PASSWORD}`).toString('base64')}`;
    if (path === '/api/v1/token/login')
      return request.headers.authorization === basic
        ? answer(200, { access_token: 'token-of-the-target', refresh_token: 'token-of-the-target' })
        : answer(401, { detail: 'Incorrect username or password' });
    if (request.headers.authorization !== 'Bearer token-of-the-target') return answer(401, { detail: 'Unauthorized' });
    switch (path) {
      case '/api/v1/show_config':
        return answer(200, { state: target.state, max_open_trades: 3 });
      case '/api/v1/stopentry':
        target.state = 'paused';
        return answer(200, { status: 'paused, no more entries will occur from now. Run /start to enable entries.' });
      case '/api/v1/status':
        return answer(
          200,
          [...target.open].map((trade_id) => ({ trade_id, is_open: true })),
        );
      case '/api/v1/forceexit':
        for (const trade of target.open) target.exits.set(trade, (target.exits.get(trade) ?? 0) + 1);
        target.open.clear();
        return answer(200, { result: 'Created exit orders for all open trades.' });
      default:
        return answer(404, { detail: 'Not Found' });
    }
  });
  await new Promise<void>((settle) => {
    server.listen(0, '127.0.0.1', settle);
  });
  const { port } = server.address() as AddressInfo; // TCP always has an AddressInfo
  return {
    url: (name: string, path = '') => `http://127.0.0.1:${port}/${name}${path}`,
    of,
    close: () =>
      new Promise<void>((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}
