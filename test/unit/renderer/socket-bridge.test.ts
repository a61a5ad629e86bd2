import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket as ServerSocket, WebSocket, WebSocketServer } from 'ws';
import { type Connection, reconnectDelayMs } from '../../../renderer/api/connection';
import { connectSocket, type SocketBridge } from '../../../renderer/api/socket-bridge';
import { ok } from '../../../shared/base/result';
import { type CallMessage, wireLimits, wirePaths } from '../../../shared/contract/wire';

/** A served console that can be stopped and started on its port. */
class Served {
  private http: Server | null = null;
  private sockets: WebSocketServer | null = null;
  port = 0;
  readonly received: CallMessage[] = [];
  readonly open = new Set<ServerSocket>();
  onCall: (message: CallMessage, socket: ServerSocket) => void = ({ id, args }, socket) =>
    socket.send(JSON.stringify({ id, result: ok(args) }));

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      const name = new URL(request.url ?? '', 'http://x').searchParams.get('name');
      let sizeBytes = 0;
      request.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
      });
      request.on('end', () => {
        response.setHeader('Content-Type', name === 'refused.csv' ? 'text/plain' : 'application/json');
        response.statusCode = name === 'refused.csv' ? 401 : 200;
        response.end(JSON.stringify(ok({ token: `token of ${name}`, name, sizeBytes })));
      });
    });
    this.sockets = new WebSocketServer({ server: http, path: wirePaths.socket });
    this.sockets.on('connection', (socket) => {
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as CallMessage; // what the bridge under test wrote
        this.received.push(message);
        this.onCall(message, socket);
      });
    });
    await new Promise<void>((resolve) => http.listen(this.port, '127.0.0.1', resolve));
    this.port = (http.address() as AddressInfo).port; // TCP always has an AddressInfo
    this.http = http;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.terminate();
    this.sockets?.close();
    const { http } = this;
    http?.closeAllConnections();
    await new Promise((resolve) => (http ? http.close(resolve) : resolve(null)));
  }
}

let served: Served;
let connections: Connection[];
const connect = (): SocketBridge =>
  connectSocket({
    origin: `http://127.0.0.1:${served.port}`,
    onConnection: (connection) => connections.push(connection),
    openSocket: (url) => new WebSocket(url) as unknown as globalThis.WebSocket, // the same interface, from Node's side
    random: () => 0,
  });
const lastState = () => connections.at(-1)?.state;

beforeEach(async () => {
  served = new Served();
  connections = [];
  await served.start();
});
afterEach(() => served.stop());

describe('the bridge over a socket', () => {
  it('answers calls made before it is connected, each with its own answer', async () => {
    const { bridge } = connect();
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => bridge.call('imports.get', { id })));
    expect(answers).toEqual([ok({ id: 'a' }), ok({ id: 'b' }), ok({ id: 'c' })]);
  });

  it('matches answers that come in another order', async () => {
    const held: (() => void)[] = [];
    served.onCall = ({ id, args }, socket) => held.push(() => socket.send(JSON.stringify({ id, result: ok(args) })));
    const { bridge } = connect();
    const answers = Promise.all(['a', 'b'].map((id) => bridge.call('imports.get', { id })));
    await vi.waitFor(() => expect(held).toHaveLength(2));
    for (const answer of held.reverse()) answer();
    expect(await answers).toEqual([ok({ id: 'a' }), ok({ id: 'b' })]);
  });

  it('never has more calls open than the wire allows, and loses none', async () => {
    const held: (() => void)[] = [];
    served.onCall = ({ id, args }, socket) => held.push(() => socket.send(JSON.stringify({ id, result: ok(args) })));
    const { bridge } = connect();
    const many = wireLimits.callsInFlight + 20;
    const answers = Promise.all(
      Array.from({ length: many }, (_, id) => bridge.call('imports.get', { id: String(id) })),
    );
    await vi.waitFor(() => expect(held).toHaveLength(wireLimits.callsInFlight));
    while (held.length > 0) held.shift()?.();
    await vi.waitFor(() => expect(held).toHaveLength(20));
    while (held.length > 0) held.shift()?.();
    expect(await answers).toHaveLength(many);
  });

  it('hands events to those who listen, until they stop', async () => {
    const { bridge } = connect();
    const heard: unknown[] = [];
    const stop = bridge.on('data.changed', (payload) => heard.push(payload));
    await vi.waitFor(() => expect(served.open.size).toBe(1));
    const [socket] = served.open;
    socket?.send(JSON.stringify({ event: 'data.changed', payload: { asOfUs: 5 } }));
    await vi.waitFor(() => expect(heard).toEqual([{ asOfUs: 5 }]));
    stop();
    socket?.send(JSON.stringify({ event: 'data.changed', payload: { asOfUs: 6 } }));
    await bridge.call('imports.get', { id: 'after' });
    expect(heard).toHaveLength(1);
  });

  it('fails open calls when the connection is lost, says so, and comes back', async () => {
    served.onCall = () => {};
    const { bridge } = connect();
    const states: boolean[] = [];
    bridge.onConnection((connected) => states.push(connected));
    const open = bridge.call('imports.get', { id: 'a' });
    await vi.waitFor(() => expect(served.received).toHaveLength(1));
    await served.stop();
    expect(await open).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await bridge.call('imports.get', { id: 'b' })).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    await vi.waitFor(() => expect(lastState()).toBe('lost'));
    served.onCall = ({ id, args }, socket) => socket.send(JSON.stringify({ id, result: ok(args) }));
    await served.start();
    await vi.waitFor(() => expect(lastState()).toBe('connected'), { timeout: 10_000 });
    expect(await bridge.call('imports.get', { id: 'c' })).toEqual(ok({ id: 'c' }));
    expect(states).toEqual([true, false, true]);
    expect(served.received.map(({ args }) => args)).toEqual([{ id: 'a' }, { id: 'c' }]);
  });

  it('tries at once when asked to', async () => {
    const { retryNow } = connect();
    await vi.waitFor(() => expect(lastState()).toBe('connected'));
    await served.stop();
    await vi.waitFor(() => expect(lastState()).toBe('lost'));
    await served.start();
    retryNow();
    await vi.waitFor(() => expect(lastState()).toBe('connected'));
  });

  it('sends files by POST and says which one was refused', async () => {
    const { bridge } = connect();
    expect(await bridge.admitFiles([new File(['12345'], 'über & co.csv')])).toEqual(
      ok([{ token: 'token of über & co.csv', name: 'über & co.csv', sizeBytes: 5 }]),
    );
    expect(await bridge.admitFiles([new File(['1'], 'refused.csv')])).toMatchObject({
      ok: false,
      error: { code: 'unavailable', detail: { name: 'refused.csv', status: 401 } },
    });
  });
});

describe('the delay before the next try', () => {
  it.each([
    [1, 0, 400],
    [1, 1, 600],
    [2, 0.5, 1_000],
    [6, 0.5, 15_000],
    [60, 0.5, 15_000],
  ])('try %s with luck %s waits %s ms', (attempt, random, delayMs) => {
    expect(reconnectDelayMs(attempt, random)).toBe(delayMs);
  });
});
