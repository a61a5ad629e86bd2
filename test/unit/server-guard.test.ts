import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GuardServer, startGuardServer } from '../../electron/server/guard-server';
import { ok, type Result } from '../../shared/base/result';
import { request } from '../support/raw-request';

/** The served guarded control: who may ask, for which deployment, and how often, over real sockets. */

let root: string;
let server: GuardServer;
let asked: { readonly name: string; readonly args: unknown }[];
let nowMs: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-guard-'));
  await writeFile(join(root, 'guard.html'), '<title>guard</title>');
  await writeFile(join(root, 'index.html'), '<title>console</title>');
  asked = [];
  nowMs = 0;
  server = await startGuardServer({
    engine: {
      call: async (_carrier, name, args): Promise<Result<unknown>> => {
        asked.push({ name, args });
        return ok(
          name === 'canary.rollbackChallenge' ? { challengeId: `challenge-${asked.length}` } : { rollbackId: 'r' },
        );
      },
    },
    rendererRoot: root,
    log: () => {},
    nowMs: () => nowMs,
  });
});

afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const navigation = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'same-site' };

/** As a browser asks; `fetch` of Node would write its own mode. */
function get(address: string, headers: Readonly<Record<string, string>>) {
  const { host, port, pathname, search } = new URL(address);
  return request(Number(port), { target: pathname + search, headers: { Host: host, ...headers } });
}

async function enter(url: string): Promise<{ readonly origin: string; readonly token: string }> {
  const { status, head } = await get(url, navigation);
  expect(status).toBe(303);
  const token = /\r\nLocation: \/#([\w-]{43})(\r\n|$)/.exec(head)?.[1] ?? '';
  expect(token).not.toBe('');
  return { origin: new URL(url).origin, token };
}

function ask(origin: string, token: string, question: string, args: unknown = null, headers = {}) {
  return fetch(`${origin}/${question}`, {
    method: 'POST',
    body: JSON.stringify(args),
    headers: { Authorization: `Bearer ${token}`, Origin: origin, ...headers },
  });
}

const codeOf = async (response: Response) => ((await response.json()) as { error?: { code: string } }).error?.code;

test('a ticket opens one window, once and for half a minute', async () => {
  const url = server.invite('d1', '127.0.0.1');
  await enter(url);
  expect((await get(url, navigation)).status).toBe(403);
  const late = server.invite('d1', '127.0.0.1');
  nowMs = 30_001;
  expect((await get(late, navigation)).status).toBe(403);
});

test('a script that fetches the ticket gets nothing, and spends it', async () => {
  const url = server.invite('d1', '127.0.0.1');
  const fetched = await get(url, {
    'Sec-Fetch-Mode': 'no-cors',
    'Sec-Fetch-Dest': 'empty',
    'Sec-Fetch-Site': 'same-site',
  });
  expect(fetched.status).toBe(403);
  expect(fetched.head).not.toMatch(/location/i);
  expect((await get(url, navigation)).status).toBe(403);
});

test('a guess does not spend the ticket of somebody else', async () => {
  const url = server.invite('d1', '127.0.0.1');
  await get(`${new URL(url).origin}/?ticket=guess`, navigation);
  await enter(url);
});

test('it may not be framed, keeps no opener and shows the control, not the console', async () => {
  const { origin } = new URL(server.invite('d1', '127.0.0.1'));
  const { head, body } = await get(origin, navigation);
  expect(body).toContain('guard');
  expect(head).toContain("frame-ancestors 'none'");
  expect(head).toMatch(/X-Frame-Options: DENY/i);
  expect(head).toMatch(/Cross-Origin-Opener-Policy: same-origin\r/i);
  expect((await get(origin, { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
});

test('questions are answered to the window that was opened last, from its own origin', async () => {
  const first = await enter(server.invite('d1', '127.0.0.1'));
  expect(await (await ask(first.origin, first.token, 'challenge')).json()).toMatchObject({ ok: true });
  expect(await codeOf(await ask(first.origin, 'no-token', 'challenge'))).toBe('sender-refused');
  expect(await codeOf(await ask(first.origin, first.token, 'challenge', null, { Origin: 'http://127.0.0.1:1' }))).toBe(
    'sender-refused',
  );
  const second = await enter(server.invite('d2', '127.0.0.1'));
  expect(await codeOf(await ask(first.origin, first.token, 'challenge'))).toBe('sender-refused');
  expect(await codeOf(await ask(second.origin, second.token, 'challenge'))).toBe(undefined);
  expect(asked.map(({ args }) => args)).toEqual([{ id: 'd1' }, { id: 'd2' }]);
});

test('only the challenge shown last is confirmed, and once', async () => {
  const { origin, token } = await enter(server.invite('d1', '127.0.0.1'));
  const confirmation = (challengeId: string) => ({ challengeId, typedVersion: '1', reason: 'why', heldMs: 1_600 });
  expect(await codeOf(await ask(origin, token, 'rollback', confirmation('challenge-1')))).toBe('conflict');
  await ask(origin, token, 'challenge');
  await ask(origin, token, 'challenge');
  expect(await codeOf(await ask(origin, token, 'rollback', confirmation('challenge-1')))).toBe('conflict');
  expect(await codeOf(await ask(origin, token, 'rollback', confirmation('challenge-2')))).toBe(undefined);
  expect(await codeOf(await ask(origin, token, 'rollback', confirmation('challenge-2')))).toBe('conflict');
  expect(asked.filter(({ name }) => name === 'canary.rollback')).toHaveLength(1);
});

test('what is no confirmation is refused before the engine hears of it', async () => {
  const { origin, token } = await enter(server.invite('d1', '127.0.0.1'));
  await ask(origin, token, 'challenge');
  expect(await codeOf(await ask(origin, token, 'rollback', { challengeId: 'challenge-1' }))).toBe('invalid-arguments');
  expect(await codeOf(await ask(origin, token, 'rollback', 'x'.repeat(9_000)))).toBe('limit-exceeded');
  expect((await ask(origin, token, 'anything')).status).toBe(404);
  expect(asked).toHaveLength(1);
});
