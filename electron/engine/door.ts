import type { Result } from '../../shared/base/result';
import type { AdmittedFile } from '../../shared/contract/calls';
import type { EventMessage } from '../../shared/contract/wire';

/**
 * The engine as its carriers see it: one door for calls, one for events, one for files. The shell (Electron IPC) and the server
 * (WebSocket) know nothing else of it, so that both carry the same contract through the same gate.
 */

/**
 * Who asks: `app.info` answers with it. Direct callers are the command line and tests; `guard` is the guarded rollback control, which
 * may make the calls that pages may not, and hardly any other.
 */
export type Carrier = 'electron' | 'browser' | 'direct' | 'guard';

/** A file a carrier admits on behalf of the page, which only ever sees the token. */
export interface FileToAdmit {
  readonly path: string;
  /** Name to show; for an upload the name the browser gave, not that of the spooled file. */
  readonly name: string;
  /** The engine deletes an uploaded file once it is imported, refused or forgotten; it never deletes a file of the user. */
  readonly uploaded: boolean;
  /** It is to be followed: a folder will do, and so will a file without content yet. */
  readonly toWatch?: boolean;
}

export interface EngineDoor {
  /** The gate: known name, arguments parsed, handler, Result. Never rejects. Name and arguments come from outside, unchecked. */
  call(carrier: Carrier, name: string, args: unknown): Promise<Result<unknown>>;
  /** Calls back with every event; returns the function that stops it. */
  onEvent(listener: (message: EventMessage) => void): () => void;
  /** Checks that the file can be read and gives it a token. Never rejects. */
  admit(file: FileToAdmit): Promise<Result<AdmittedFile>>;
  /** Cancels running imports, closes the store. Safe to call twice. */
  close(): Promise<void>;
}
