import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../electron/server/server';
import { EngineDouble } from '../support/engine-double';
import { type RawRequest, request } from '../support/raw-request';

/** The served console over real sockets: who gets in, and what can be reached. */

let folder: string;
let server: RunningServer;
let host: string;
let token: string;
let cookie: string;
let engine: EngineDouble;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-server-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  await mkdir(join(folder, 'page-private'));
  await writeFile(join(folder, 'page/index.html'), '<!doctype html><title>Lockstep</title>');
  await writeFile(join(folder, 'page/assets/app.js'), 'export {};');
  await writeFile(join(folder, 'page/notes.txt'), 'not of the page');
  await writeFile(join(folder, 'secret.html'), 'SECRET');
  await writeFile(join(folder, 'page-private/secret.html'), 'SECRET');
  await symlink(join(folder, 'secret.html'), join(folder, 'page/link.html'));
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
  host = `127.0.0.1:${server.port}`;
  token = new URL(server.url).searchParams.get('token') ?? '';
  const opened = await request(server.port, { target: `/?token=${token}`, headers: { Host: host } });
  cookie = /Set-Cookie: ([^;]+)/i.exec(opened.head)?.[1] ?? '';
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const ask = (raw: RawRequest) => request(server.port, raw);
const signedIn = (headers: Record<string, string> = {}) => ({ Host: host, Cookie: cookie, ...headers });

const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

describe('the printed address', () => {
  it('is exchanged for a cookie no script can read and no other site can send, and leaves the token behind', async () => {
    const { status, head } = await ask({ target: `/?token=${token}`, headers: { Host: host } });
    expect(status).toBe(303);
    expect(head).toMatch(/^Location: \/$/im);
    expect(head).toMatch(/^Set-Cookie: lockstep-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/im);
    expect(head).toMatch(/^Cache-Control: no-store$/im);
    expect(head).toMatch(/^Referrer-Policy: no-referrer$/im);
  });

  it.each([
    ['empty', '/?token='],
    ['of another run', `/?token=${'A'.repeat(43)}`],
    ['cut', () => `/?token=${token.slice(0, -1)}`],
    ['lengthened', () => `/?token=${token}A`],
    ['not ASCII', '/?token=%F0%9F%94%91'],
  ])('is refused when its token is %s', async (_case, target) => {
    const { status, head } = await ask({
      target: typeof target === 'string' ? target : target(),
      headers: { Host: host },
    });
    expect(status).toBe(403);
    expect(head).not.toMatch(/Set-Cookie/i);
  });
});

describe('without the cookie', () => {
  it.each([
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/assets/app.js'],
    ['GET', '/nothing'],
    ['GET', '/assets/app.js?token='],
    ['POST', '/upload?name=a.csv'],
    ['DELETE', '/'],
    ['GET', '/socket'],
  ])('%s %s is answered 401', async (method, target) => {
    const origin = { Origin: `http://${host}` };
    const { status, body } = await ask({ method, target, headers: { Host: host, ...origin } });
    expect(status).toBe(401);
    expect(body).not.toContain('doctype');
  });

  it.each([
    ['of another name', () => cookie.replace(/^[^=]+/, 'lockstep')],
    ['with another value', () => cookie.replace(/=.*/, `=${'A'.repeat(43)}`)],
    ['cut', () => cookie.slice(0, -1)],
    ['holding the token', () => cookie.replace(/=.*/, `=${token}`)],
  ])('a cookie %s does not help', async (_case, made) => {
    expect((await ask({ headers: { Host: host, Cookie: made() } })).status).toBe(401);
  });
});

describe('with the cookie', () => {
  it('the page is served under a policy that runs and loads nothing from elsewhere', async () => {
    const { status, head, body } = await ask({ headers: signedIn() });
    expect(status).toBe(200);
    expect(body).toContain('<title>Lockstep</title>');
    expect(head).toMatch(/^Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';.*$/im);
    expect(head).toMatch(/frame-ancestors 'none'/);
    expect(head).toMatch(/^X-Content-Type-Options: nosniff$/im);
    expect(head).toMatch(/^Cross-Origin-Resource-Policy: same-origin$/im);
  });

  it('HEAD answers with the length and no body', async () => {
    const { status, head, body } = await ask({ method: 'HEAD', target: '/assets/app.js', headers: signedIn() });
    expect({ status, body }).toEqual({ status: 200, body: '' });
    expect(head).toMatch(/^Content-Length: 10$/im);
  });

  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1:PORT.evil.example',
    'localhost.evil.example:PORT',
    '[::1]:PORT',
    '0.0.0.0:PORT',
    '127.0.0.1:PORT, evil.example',
    '',
  ])('Host "%s" is refused', async (name) => {
    const headers = signedIn({ Host: name.replace('PORT', String(server.port)) });
    expect((await ask({ headers })).status).toBe(403);
    expect((await ask({ target: '/socket', headers: { ...headers, ...upgradeHeaders } })).status).toBe(403);
  });

  it('a request without Host is refused', async () => {
    expect((await ask({ headers: { Cookie: cookie } })).status).toBe(400); // by Node itself, before us
  });

  it.each([
    'http://evil.example',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'http://127.0.0.1:PORT.evil.example',
    'app://lockstep',
    'file://',
    'null',
  ])('Origin "%s" is refused on every route', async (name) => {
    const headers = signedIn({ Origin: name.replace('PORT', String(server.port)) });
    expect((await ask({ headers })).status).toBe(403);
    expect(
      (await ask({ method: 'POST', target: '/upload?name=a.csv', headers: { ...headers, 'Content-Length': '0' } }))
        .status,
    ).toBe(403);
    expect((await ask({ target: '/socket', headers: { ...headers, ...upgradeHeaders } })).status).toBe(403);
  });

  it('what changes something needs an Origin', async () => {
    expect(
      (await ask({ method: 'POST', target: '/upload?name=a.csv', headers: signedIn({ 'Content-Length': '0' }) }))
        .status,
    ).toBe(403);
    expect((await ask({ target: '/socket', headers: { ...signedIn(), ...upgradeHeaders } })).status).toBe(403);
    expect(engine.admitted).toEqual([]);
  });

  it.each(['cross-site', 'same-site'])(
    'a request that a %s page made is refused, a link from there is not',
    async (site) => {
      const from = { 'Sec-Fetch-Site': site };
      expect(
        (await ask({ target: '/assets/app.js', headers: signedIn({ ...from, 'Sec-Fetch-Mode': 'no-cors' }) })).status,
      ).toBe(403);
      expect((await ask({ headers: signedIn({ ...from, 'Sec-Fetch-Mode': 'navigate' }) })).status).toBe(200);
    },
  );

  it.each([
    ['/nothing', 404],
    ['/../secret.html', 404],
    ['/%2e%2e/secret.html', 404],
    ['/..%2fsecret.html', 404],
    ['/%2e%2e%2fsecret.html', 404],
    ['/..%5csecret.html', 404],
    ['/..\\secret.html', 404],
    ['/../page-private/secret.html', 404],
    ['/..%2fpage-private%2fsecret.html', 404],
    ['/assets/..%2f..%2fsecret.html', 404],
    ['//secret.html', 404],
    ['//evil.example/secret.html', 404],
    ['/index.html%00.js', 404],
    ['/%', 404],
    ['/%ff', 404],
    ['/assets', 404],
    ['/assets/', 404],
    ['/notes.txt', 404],
    ['/link.html', 404],
    ['/.env', 404],
    ['http://evil.example/', 400],
    ['*', 400],
    [`/${'a'.repeat(4_000)}`, 404],
    [`/${'a'.repeat(40_000)}`, 431],
  ])('GET %s is answered %i and shows nothing', async (target, expected) => {
    const { status, body } = await ask({ target, headers: signedIn() });
    expect(status).toBe(expected);
    expect(body).not.toContain('SECRET');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    '%s on the page is answered 405',
    async (method) => {
      const { status, head } = await ask({ method, headers: signedIn({ Origin: `http://${host}` }) });
      expect(status).toBe(405);
      expect(head).toMatch(/^Allow: GET, HEAD$/im);
    },
  );

  it.each(['GET', 'PUT', 'DELETE'])('%s on the upload route is answered 405', async (method) => {
    expect((await ask({ method, target: '/upload', headers: signedIn({ Origin: `http://${host}` }) })).status).toBe(
      405,
    );
  });

  it.each(['/', '/upload', '/socket/', '/socket/../x', '/other'])('an upgrade of %s is refused', async (target) => {
    const headers = { ...signedIn({ Origin: `http://${host}` }), ...upgradeHeaders };
    expect((await ask({ target, headers })).status).toBe(404);
  });
});

it('listens on loopback alone', async () => {
  const { networkInterfaces } = await import('node:os');
  const { connect } = await import('node:net');
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (outside === undefined) return; // a machine without a network has no outside
  const outcome = await new Promise((resolve) => {
    const socket = connect(server.port, outside.address);
    socket.on('connect', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  expect(outcome).toBe('ECONNREFUSED');
});

it('says which port is taken', async () => {
  const second = await startServer({
    engine,
    rendererRoot: join(folder, 'page'),
    spoolDirectory: join(folder, 'spool'),
    port: server.port,
    log: () => {},
  });
  expect(second).toMatchObject({ ok: false, error: { code: 'conflict', detail: { port: server.port } } });
});
