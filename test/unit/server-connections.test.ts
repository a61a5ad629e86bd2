import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../../electron/server/server';
import { ok } from '../../shared/base/result';
import { wireClose, wireLimits } from '../../shared/contract/wire';
import { EngineDouble } from '../support/engine-double';
import { request } from '../support/raw-request';

/** What travels over the served console's sockets: calls, events, uploads, and the bounds on each. */

let folder: string;
let server: RunningServer;
let engine: EngineDouble;
let headers: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-server-'));
  await mkdir(join(folder, 'page'));
  engine = new EngineDouble();
  const started = await startServer({
    engine,
    rendererRoot: join(folder, 'page'),
    spoolDirectory: join(folder, 'spool'),
    port: 0,
    log: () => {},
  });
  if (!started.ok) throw new Error(started.error.message);
  server = started.value;
  const host = `127.0.0.1:${server.port}`;
  const { pathname, search } = new URL(server.url);
  const { head } = await request(server.port, { target: pathname + search, headers: { Host: host } });
  headers = { Host: host, Origin: `http://${host}`, Cookie: /Set-Cookie: ([^;]+)/i.exec(head)?.[1] ?? '' };
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function open(): Promise<WebSocket> {
  const { Origin: origin = '', Cookie = '' } = headers;
  const page = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { origin, headers: { Cookie } });
  await once(page, 'open');
  return page;
}

async function next(page: WebSocket): Promise<unknown> {
  const [data] = await once(page, 'message');
  return JSON.parse(String(data));
}

const say = (page: WebSocket, message: unknown) => page.send(JSON.stringify(message));

/** What the page is told when the server ends the connection. */
async function closeCode(page: WebSocket): Promise<number> {
  const [code] = await once(page, 'close');
  return Number(code);
}

it('a call is answered under its own id with what the engine said', async () => {
  const page = await open();
  say(page, { id: 7, name: 'app.info', args: { a: [1, null] } });
  expect(await next(page)).toEqual({ id: 7, result: { ok: true, value: { a: [1, null] } } });
  expect(engine.calls).toEqual([{ carrier: 'browser', name: 'app.info', args: { a: [1, null] } }]);
});

it('events go to every page, and to none that has left', async () => {
  const [first, second] = [await open(), await open()];
  const heard = Promise.all([next(first), next(second)]);
  engine.emit({ event: 'data.changed', payload: { asOfUs: 1 } });
  expect(await heard).toEqual(Array(2).fill({ event: 'data.changed', payload: { asOfUs: 1 } }));
  first.close();
  await once(first, 'close');
  const heardAgain = next(second);
  engine.emit({ event: 'data.changed', payload: { asOfUs: 2 } });
  expect(await heardAgain).toEqual({ event: 'data.changed', payload: { asOfUs: 2 } });
});

it.each([
  ['text that is no JSON', 'hello'],
  ['JSON that is no call', '[]'],
  ['a call without an id', '{"name":"app.info","args":{}}'],
  ['a call with an id that is no number', '{"id":"1","name":"app.info","args":{}}'],
  ['a call with a field too many', '{"id":1,"name":"app.info","args":{},"sender":"electron"}'],
  ['a call with an endless name', JSON.stringify({ id: 1, name: 'a'.repeat(101), args: {} })],
  ['bytes instead of text', Buffer.from('{"id":1,"name":"app.info","args":{}}')],
])('%s ends the connection and reaches nobody', async (_case, data) => {
  const page = await open();
  page.send(data);
  expect(await closeCode(page)).toBe(wireClose.badMessage);
  expect(engine.calls).toEqual([]);
});

it('a message above the limit ends the connection, one at the limit is answered', async () => {
  const page = await open();
  const frame = (length: number) => JSON.stringify({ id: 1, name: 'x', args: 'a'.repeat(length) });
  const overhead = frame(0).length;
  page.send(frame(wireLimits.messageBytes - overhead));
  expect(await next(page)).toMatchObject({ id: 1 });
  page.send(frame(wireLimits.messageBytes - overhead + 1));
  expect(await closeCode(page)).toBe(1009);
});

it('text that is not UTF-8 ends the connection', async () => {
  const page = await open();
  page.send(Buffer.from([0xff, 0xfe]), { binary: false });
  expect(await closeCode(page)).toBe(1007);
});

it('more calls than the limit are answered with busy, the others still come', async () => {
  let release = () => {};
  engine.gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const page = await open();
  const answers: { readonly id: number; readonly result: { readonly ok: boolean } }[] = [];
  page.on('message', (data) => answers.push(JSON.parse(String(data))));
  for (let id = 0; id <= wireLimits.callsInFlight; id += 1) say(page, { id, name: 'x', args: {} });
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(answers[0]).toMatchObject({ id: wireLimits.callsInFlight, result: { ok: false, error: { code: 'busy' } } });
  release();
  await vi.waitFor(() => expect(answers).toHaveLength(wireLimits.callsInFlight + 1));
  expect(answers.filter(({ result }) => result.ok)).toHaveLength(wireLimits.callsInFlight);
});

it('a page that does not read loses its connection; others do not notice', async () => {
  engine.answer = () => ok('a'.repeat(8_388_608));
  const idle = await open();
  const deaf = await open();
  deaf.pause();
  const gone = once(deaf, 'close');
  for (let id = 0; id < 20; id += 1) say(deaf, { id, name: 'x', args: {} });
  await vi.waitFor(() => expect(engine.calls.length * 8_388_608).toBeGreaterThan(wireLimits.backlogBytes + 8_388_608));
  deaf.resume();
  await gone;
  const heard = next(idle);
  engine.emit({ event: 'data.changed', payload: { asOfUs: 1 } });
  expect(await heard).toMatchObject({ event: 'data.changed' });
});

it('only so many pages are served at once', async () => {
  const pages = [];
  for (let index = 0; index < 16; index += 1) pages.push(await open());
  const { status } = await request(server.port, {
    target: '/socket',
    headers: {
      ...headers,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    },
  });
  expect(status).toBe(503);
});

it('the end of the server tells every page that it may come back', async () => {
  const page = await open();
  const code = closeCode(page);
  await server.close();
  expect(await code).toBe(wireClose.restart);
});

const upload = (name: string, body: string, more: Record<string, string> = {}) =>
  request(server.port, {
    method: 'POST',
    target: `/upload?name=${encodeURIComponent(name)}`,
    headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)), ...more },
    body,
  });

it('an upload arrives whole under a name of ours, and is admitted under the name the user knows', async () => {
  const { status, body } = await upload('fills é.csv', 'time,price\n1,2\n');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ ok: true, value: { token: 'file-1', name: 'fills é.csv' } });
  const [file] = engine.admitted;
  expect(file).toMatchObject({ name: 'fills é.csv', uploaded: true });
  expect(file?.path).not.toContain('fills');
  expect(await readFile(file?.path ?? '', 'utf8')).toBe('time,price\n1,2\n');
});

it.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\logs\\fills.csv', 'fills.csv'],
  ['a\u0000b\n.csv', 'ab.csv'],
  ['', 'upload'],
  ['..', '..'],
  ['x'.repeat(400), 'x'.repeat(255)],
])('an upload named %j is shown as %j and stays in the spool', async (name, shown) => {
  await upload(name, 'a');
  expect(engine.admitted[0]?.name).toBe(shown);
  expect(engine.admitted[0]?.path.startsWith(join(folder, 'spool'))).toBe(true);
});

it('an upload larger than the disk is refused before a byte of it is taken', async () => {
  const { body } = await upload('a.csv', '', { 'Content-Length': String(2 ** 52) });
  expect(JSON.parse(body)).toMatchObject({ ok: false, error: { code: 'store-full' } });
  expect(await spooled()).toEqual([]);
});

it('an upload that does not say its size is refused', async () => {
  const { 'Content-Length': _, ...rest } = { ...headers, 'Content-Length': '' };
  const { body } = await request(server.port, {
    method: 'POST',
    target: '/upload?name=a.csv',
    headers: { ...rest, 'Transfer-Encoding': 'chunked' },
    body: '1\r\na\r\n0\r\n\r\n',
  });
  expect(JSON.parse(body)).toMatchObject({
    ok: false,
    error: { code: 'invalid-arguments' },
  });
});

it('an upload that breaks off leaves nothing behind and is never admitted', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const head = Object.entries({ ...headers, 'Content-Length': '100' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /upload?name=a.csv HTTP/1.1\r\n${head.join('')}\r\nhalf`);
  await vi.waitFor(async () => expect(await spooled()).toHaveLength(1));
  socket.destroy();
  await vi.waitFor(async () => expect(await spooled()).toEqual([]));
  expect(engine.admitted).toEqual([]);
});

it('removes what a killed run left in the spool, keeps what a living one holds, and its own at the end', async () => {
  const spool = join(folder, 'spool');
  const dead = `${2 ** 22 + 1}-000000000000`; // above the largest process id Linux gives
  const living = `${process.ppid}-000000000000`;
  for (const name of [dead, living]) {
    await mkdir(join(spool, name));
    await writeFile(join(spool, name, 'part'), 'x');
  }
  const second = await startServer({ engine, rendererRoot: folder, spoolDirectory: spool, port: 0, log: () => {} });
  if (!second.ok) throw new Error(second.error.message);
  expect(await readdir(spool)).not.toContain(dead);
  await second.value.close();
  await server.close();
  expect(await readdir(spool)).toEqual([living]);
});

async function spooled(): Promise<readonly string[]> {
  const entries = await readdir(join(folder, 'spool'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
