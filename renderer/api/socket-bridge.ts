import { failure, toFailure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import type { Bridge } from '../../shared/contract/bridge';
import type { AdmittedFile, EventName } from '../../shared/contract/calls';
import { type ServerMessage, type UploadAnswer, wireLimits, wirePaths } from '../../shared/contract/wire';
import { nowUs } from '../state/clock';
import { type Connection, reconnectDelayMs } from './connection';

/**
 * The bridge of the served console: one WebSocket, calls matched to answers by number, files sent by POST. Calls made before the
 * first connection wait for it; when the connection is lost every open call fails at once, and the page asks anew when it is back.
 */
export interface SocketBridge {
  readonly bridge: Bridge;
  /** Tries now instead of at the end of the delay. */
  readonly retryNow: () => void;
}

export interface SocketBridgeOptions {
  /** Origin that served the page, for example `http://127.0.0.1:4870`. */
  readonly origin: string;
  readonly onConnection: (connection: Connection) => void;
  readonly openSocket?: (url: string) => WebSocket;
  readonly random?: () => number;
}

interface OpenCall {
  readonly text: string;
  readonly settle: (result: Result<unknown>) => void;
}

function outOfReach() {
  return fail(
    failure(
      'unavailable',
      'The connection to the engine was lost before it answered.',
      'Wait until the connection is back and repeat the action if it was one that writes.',
    ),
  );
}

export function connectSocket(options: SocketBridgeOptions): SocketBridge {
  const openSocket = options.openSocket ?? ((url: string) => new WebSocket(url));
  const random = options.random ?? Math.random;
  const socketUrl = new URL(wirePaths.socket, options.origin.replace(/^http/, 'ws')).href;

  const eventListeners = new Map<EventName, Set<(payload: never) => void>>();
  const connectionListeners = new Set<(connected: boolean) => void>();
  const waiting = new Map<number, OpenCall>();
  const sent = new Map<number, OpenCall>();
  let socket: WebSocket | null = null;
  let everConnected = false;
  let lostSinceUs: number | null = null;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let nextId = 1;

  function sendWaiting(): void {
    if (socket === null || socket.readyState !== socket.OPEN) return;
    for (const [id, open] of waiting) {
      if (sent.size >= wireLimits.callsInFlight) return;
      waiting.delete(id);
      sent.set(id, open);
      socket.send(open.text);
    }
  }

  function failAll(): void {
    const open = [...sent.values(), ...waiting.values()];
    sent.clear();
    waiting.clear();
    for (const { settle } of open) settle(outOfReach());
  }

  function receive(text: string): void {
    const message = JSON.parse(text) as ServerMessage; // the server is ours and answers through the contract's gate
    if ('event' in message) {
      for (const listener of [...(eventListeners.get(message.event) ?? [])]) listener(message.payload as never); // registered under this name only
      return;
    }
    const open = sent.get(message.id);
    sent.delete(message.id);
    open?.settle(message.result);
    sendWaiting();
  }

  function open(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    attempts += 1;
    if (lostSinceUs !== null) options.onConnection({ state: 'lost', sinceUs: lostSinceUs, attempts, nextTryUs: null });
    const opened = openSocket(socketUrl);
    socket = opened;
    opened.onopen = () => {
      everConnected = true;
      lostSinceUs = null;
      attempts = 0;
      options.onConnection({ state: 'connected' });
      for (const listener of connectionListeners) listener(true);
      sendWaiting();
    };
    opened.onmessage = (event: MessageEvent<string>) => receive(event.data);
    opened.onerror = () => {}; // the close that follows says it all
    opened.onclose = () => {
      if (socket !== opened) return;
      socket = null;
      const wasConnected = lostSinceUs === null;
      lostSinceUs ??= nowUs();
      failAll();
      const delayMs = reconnectDelayMs(attempts + 1, random());
      timer = setTimeout(open, delayMs);
      options.onConnection({ state: 'lost', sinceUs: lostSinceUs, attempts, nextTryUs: nowUs() + delayMs * 1_000 });
      if (wasConnected) for (const listener of connectionListeners) listener(false);
    };
  }

  async function upload(file: File): Promise<Result<AdmittedFile>> {
    const url = new URL(wirePaths.upload, options.origin);
    url.searchParams.set('name', file.name);
    const response = await fetch(url, { method: 'POST', body: file, credentials: 'same-origin' });
    if (!response.headers.get('content-type')?.includes('json')) {
      return fail(
        failure(
          'unavailable',
          `The engine refused "${file.name}" with status ${response.status}.`,
          'Reload the page from the address that "lockstep serve" printed, then drop the file again.',
          { name: file.name, status: response.status },
        ),
      );
    }
    return (await response.json()) as UploadAnswer; // the wire protocol's answer to an upload
  }

  async function sendPath(path: string): Promise<Result<AdmittedFile>> {
    const url = new URL(wirePaths.folder, options.origin);
    const response = await fetch(url, { method: 'POST', body: path, credentials: 'same-origin' });
    if (!response.headers.get('content-type')?.includes('json')) {
      return fail(
        failure(
          'unavailable',
          `The engine refused the folder with status ${response.status}.`,
          'Reload the page from the address that "lockstep serve" printed, then choose the folder again.',
          { status: response.status },
        ),
      );
    }
    return (await response.json()) as UploadAnswer; // the wire protocol's answer to a path
  }

  /** A window of another origin, which this page cannot reach once it is open. */
  async function openGuardWindow(deploymentId: string): Promise<Result<null>> {
    const response = await fetch(new URL(wirePaths.guard, options.origin), { method: 'POST', body: deploymentId });
    if (!response.headers.get('content-type')?.includes('json'))
      return fail(
        failure(
          'unavailable',
          `The engine refused to open the guarded rollback with status ${response.status}.`,
          'Reload the page from the address that "lockstep serve" printed, or use "lockstep canary rollback".',
        ),
      );
    const answer = (await response.json()) as Result<{ url: string }>; // the wire protocol's answer
    if (!answer.ok) return answer;
    if (window.open(answer.value.url, '_blank', 'popup,width=860,height=900') !== null)
      return { ok: true, value: null };
    return fail(
      failure(
        'not-allowed',
        'The browser did not open the window of the guarded rollback.',
        'Allow this page to open windows, or use "lockstep canary rollback".',
      ),
    );
  }

  const bridge: Bridge = {
    call: (name, args) =>
      new Promise((resolve) => {
        if (lostSinceUs !== null && (everConnected || attempts > 1)) {
          resolve(outOfReach());
          return;
        }
        const id = nextId;
        nextId += 1;
        // the answer to this id is the answer to this name: the server's gate parses both
        const settle = resolve as (result: Result<unknown>) => void;
        waiting.set(id, { text: JSON.stringify({ id, name, args }), settle });
        sendWaiting();
      }),
    on(name, listener) {
      const listeners = eventListeners.get(name) ?? new Set();
      eventListeners.set(name, listeners);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async admitFiles(files) {
      const admitted: AdmittedFile[] = [];
      for (const file of files) {
        if (!(file instanceof File)) continue;
        try {
          const answer = await upload(file);
          if (!answer.ok) return answer;
          admitted.push(answer.value);
        } catch (thrown) {
          return fail({
            ...toFailure(thrown),
            code: 'unavailable',
            message: `"${file.name}" could not be sent to the engine: ${toFailure(thrown).message}`,
            hint: 'Check that "lockstep serve" still runs, then drop the file again.',
          });
        }
      }
      return { ok: true, value: admitted };
    },
    chooseFolder: async (typedPath) =>
      typedPath === null ? { ok: true, value: null } : sendPath(typedPath).catch((thrown) => fail(toFailure(thrown))),
    saveFile: async ({ name, content }) => {
      const address = URL.createObjectURL(new Blob([content]));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      // The download has taken hold of the blob once the click is handled.
      setTimeout(() => URL.revokeObjectURL(address), 0);
      return { ok: true, value: { name } };
    },
    openGuard: (deploymentId) => openGuardWindow(deploymentId).catch((thrown) => fail(toFailure(thrown))),
    onConnection(listener) {
      connectionListeners.add(listener);
      return () => connectionListeners.delete(listener);
    },
  };

  open();
  return { bridge, retryNow: () => socket === null && open() };
}
