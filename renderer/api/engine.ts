import { failure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import type { Bridge, FileToSave, SavedFile } from '../../shared/contract/bridge';
import type { CallArgs, CallName, CallResult, EventName, EventPayload } from '../../shared/contract/calls';
import { nowUs } from '../state/clock';
import type { Connection } from './connection';
import { QueryCache } from './query-cache';

/**
 * The only reader of the bridge. Pages ask through the hooks of `use-query`, write through {@link call}, and listen through
 * {@link onEvent}; which carrier is behind it (Electron's preload or the served console's socket) is decided once, in `connect`.
 */
let bridge: Bridge | null = null;
let connection: Connection = { state: 'connected' };
let retry: (() => void) | null = null;
const connectionListeners = new Set<() => void>();

/** Calls the engine. Never rejects: a broken carrier is a failure like any other. */
export async function call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<Result<CallResult<Name>>> {
  if (bridge === null) return fail(unreachable('the page has no connection to the engine'));
  try {
    return await bridge.call(name, args);
  } catch (thrown) {
    return fail(unreachable(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

function unreachable(why: string) {
  return failure(
    'unavailable',
    `The engine did not answer: ${why}.`,
    'Wait for the connection to come back, or start Lockstep again; nothing stored is lost.',
  );
}

export const queries = new QueryCache(call);

export function onEvent<Name extends EventName>(
  name: Name,
  listener: (payload: EventPayload<Name>) => void,
): () => void {
  return bridge?.on(name, listener) ?? (() => {});
}

export async function admitFiles(files: readonly File[]) {
  if (bridge === null) return fail(unreachable('the page has no connection to the engine'));
  try {
    return await bridge.admitFiles(files);
  } catch (thrown) {
    return fail(unreachable(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

export async function chooseFolder(typedPath: string | null) {
  if (bridge === null) return fail(unreachable('the page has no connection to the engine'));
  try {
    return await bridge.chooseFolder(typedPath);
  } catch (thrown) {
    return fail(unreachable(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

/** Opens the guarded rollback control of a deployment; nothing of it can be reached from this page. */
export async function openGuard(deploymentId: string): Promise<Result<null>> {
  if (bridge === null) return fail(unreachable('the page has no connection to the engine'));
  try {
    return await bridge.openGuard(deploymentId);
  } catch (thrown) {
    return fail(unreachable(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

/** Offers the file to the user to keep; the value is null when no place was chosen. */
export async function saveFile(file: FileToSave): Promise<Result<SavedFile | null>> {
  if (bridge === null) return fail(unreachable('the page has no connection to the engine'));
  try {
    return await bridge.saveFile(file);
  } catch (thrown) {
    return fail(unreachable(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}

export function readConnection(): Connection {
  return connection;
}

export function watchConnection(listener: () => void): () => void {
  connectionListeners.add(listener);
  return () => connectionListeners.delete(listener);
}

/** Tries to reach the engine at once; does nothing where the shell reconnects by itself. */
export function retryConnection(): void {
  retry?.();
}

export function setConnection(next: Connection): void {
  const cameBack = connection.state === 'lost' && next.state === 'connected';
  connection = next;
  for (const listener of connectionListeners) listener();
  if (cameBack) queries.invalidate();
}

/** Puts the page on a bridge and keeps the query cache true to the engine's events. Called once, before the first render. */
export function attach(attached: Bridge, retryNow: (() => void) | null): void {
  bridge = attached;
  retry = retryNow;
  attached.on('data.changed', () => queries.invalidate());
  attached.on('watches.changed', () => queries.invalidate());
  attached.on('canary.changed', () => queries.invalidate());
  attached.on('desk.changed', () => queries.clear());
  attached.onConnection((connected) => {
    if (connected) setConnection({ state: 'connected' });
    else if (connection.state === 'connected') {
      setConnection({ state: 'lost', sinceUs: nowUs(), attempts: 0, nextTryUs: null });
    }
  });
}
