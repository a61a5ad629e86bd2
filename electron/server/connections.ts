import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { failure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import { callMessageSchema, type EventMessage, wireClose, wireLimits } from '../../shared/contract/wire';
import type { EngineDoor } from '../engine/door';

/**
 * The contract over WebSocket, one connection per page. Everything is bounded: message size, calls in flight, pages at once, and what
 * may wait for a page that does not read. Such a page first misses events (it is told of the next one), then loses its connection.
 */

const pagesAtOnce = 16;
const pingMs = 30_000;

export class Connections {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: wireLimits.messageBytes,
    perMessageDeflate: false,
  });
  private readonly stopEvents: () => void;
  private readonly pinging: NodeJS.Timeout;
  private readonly silent = new WeakSet<WebSocket>();
  private opened = 0;

  constructor(
    private readonly engine: Pick<EngineDoor, 'call' | 'onEvent'>,
    private readonly log: (line: string) => void,
  ) {
    this.stopEvents = engine.onEvent((message) => this.broadcast(message));
    this.pinging = setInterval(() => this.dropTheDead(), pingMs);
    this.pinging.unref();
  }

  get full(): boolean {
    return this.server.clients.size >= pagesAtOnce;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (page) => this.serve(page));
  }

  close(): void {
    clearInterval(this.pinging);
    this.stopEvents();
    for (const page of this.server.clients) page.close(wireClose.restart, 'the console ends');
    this.server.close();
  }

  private serve(page: WebSocket): void {
    this.opened += 1;
    const label = `connection-${this.opened}`;
    let callsInFlight = 0;

    page.on('pong', () => this.silent.delete(page));
    page.on('error', (error) => this.log(`${label} ended: ${error.message}`)); // too large, not UTF-8, not WebSocket: ws closes it
    page.on('message', async (data, isBinary) => {
      const call = isBinary ? null : parseCall(String(data));
      if (call === null) {
        this.log(`${label} sent what is no call`);
        page.close(wireClose.badMessage, 'not a call');
        return;
      }
      if (callsInFlight >= wireLimits.callsInFlight) {
        this.reply(page, label, call.id, fail(failure('busy', 'Too many calls wait for an answer.', 'Try again.')));
        return;
      }
      callsInFlight += 1;
      const result = await this.engine.call('browser', call.name, call.args);
      callsInFlight -= 1;
      this.reply(page, label, call.id, result);
    });
  }

  private reply(page: WebSocket, label: string, id: number, result: Result<unknown>): void {
    if (page.readyState !== page.OPEN) return;
    page.send(JSON.stringify({ id, result }));
    if (page.bufferedAmount > wireLimits.backlogBytes) {
      this.log(`${label} does not read its answers`);
      page.close(wireClose.tooSlow, 'answers are not read');
      page.terminate(); // a close frame would wait behind the backlog for ever
    }
  }

  private broadcast(message: EventMessage): void {
    const text = JSON.stringify(message);
    for (const page of this.server.clients) {
      if (page.readyState === page.OPEN && page.bufferedAmount <= wireLimits.eventBacklogBytes) page.send(text);
    }
  }

  /** A page that did not answer the last ping is gone, for example with a suspended machine. */
  private dropTheDead(): void {
    for (const page of this.server.clients) {
      if (this.silent.has(page)) {
        page.terminate();
        continue;
      }
      this.silent.add(page);
      page.ping();
    }
  }
}

function parseCall(text: string) {
  try {
    const parsed = callMessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
