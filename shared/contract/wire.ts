import { z } from 'zod';
import type { Result } from '../base/result';
import type { AdmittedFile, CallName, CallResult, EventName, EventPayload } from './calls';

/**
 * How calls and events travel: over the loopback WebSocket of the served console, and the names of the channels over which the
 * Electron preload and the shell speak. Only carriers read this; pages see `Bridge`.
 *
 * Served console, all on the origin that served the page, with the session's cookie:
 * - `GET  wirePaths.socket` upgrades to a WebSocket. The page sends `CallMessage`s, each with an id of its own; the server answers each
 *   with one `ReplyMessage` of the same id, in any order, and sends `EventMessage`s whenever there is something to say. All are JSON text.
 *   A message above `wireLimits.messageBytes` closes the socket with 1009; one that is no `CallMessage` closes it with 1008.
 * - `POST wirePaths.upload?name=FILE_NAME` with the bytes of one file as body answers `Result<AdmittedFile>` as JSON.
 * - `POST wirePaths.folder` with the path of a folder or file the user typed, as text, answers `Result<AdmittedFile>` as JSON.
 * - `POST wirePaths.guard` with a deployment's id, as text, answers `Result<{ url }>`: where the guarded rollback control of it is, once.
 * - The server closes the socket with `wireClose.restart` when it ends. A page that lost its socket tries again, slower each time, and
 *   asks anew for what it shows: calls without an answer are gone.
 */

export const wirePaths = { socket: '/socket', upload: '/upload', folder: '/folder', guard: '/guard' } as const;

export const wireLimits = {
  /** Largest message a page may send. Replies and events are bounded by the contract's paging. */
  messageBytes: 1_048_576,
  /** Longest path a page may send. */
  pathBytes: 16_384,
  /** Largest file a page may hand over to be saved. */
  savedFileBytes: 67_108_864,
  /** Calls of one page that may be without an answer at a time; more are answered with `busy`. */
  callsInFlight: 64,
  /** Bytes that may wait to be sent to one page; beyond this its events are dropped, and further still it is disconnected. */
  eventBacklogBytes: 1_048_576,
  backlogBytes: 67_108_864,
} as const;

export const wireClose = { restart: 1012, badMessage: 1008, tooSlow: 1013 } as const;

export const callMessageSchema = z.strictObject({
  id: z.int().min(0),
  name: z.string().max(100),
  args: z.unknown(),
});
export type CallMessage = z.infer<typeof callMessageSchema>;

export type ReplyMessage = { readonly id: number; readonly result: Result<CallResult<CallName>> };

export type EventMessage = {
  [Name in EventName]: { readonly event: Name; readonly payload: EventPayload<Name> };
}[EventName];

/** What the server may send. A page tells the two apart by `'event' in message`. */
export type ServerMessage = ReplyMessage | EventMessage;

export type UploadAnswer = Result<AdmittedFile>;

/** Electron IPC: `call`, `admit`, `choose`, `save` and `guard` are invoked by the preload, `event` is sent by the shell once the page said `ready`. */
export const ipcChannels = {
  call: 'lockstep:call',
  admit: 'lockstep:admit',
  choose: 'lockstep:choose',
  save: 'lockstep:save',
  guard: 'lockstep:guard',
  ready: 'lockstep:ready',
  event: 'lockstep:event',
} as const;
