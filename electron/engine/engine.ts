import type { Clock, Ids } from '../../shared/base/clock';
import type { Result } from '../../shared/base/result';
import type {
  AdmittedFile,
  CallArgs,
  CallName,
  CallResult,
  EventName,
  EventPayload,
} from '../../shared/contract/calls';
import type { Sender } from './gate';
import type { OpenDeskStore, OpenForeignDatabase } from './ports';

/** What the composition root (main, server, cli) hands the engine; the engine reaches for nothing else. */
export interface EngineParts {
  /** The main desk lives in it, the sample desk in its folder `sample`. Created when missing. */
  readonly dataDirectory: string;
  readonly openStore: OpenDeskStore;
  readonly openForeignDatabase: OpenForeignDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The built `engine-worker.js`, which reads files and computes large days. */
  readonly workerUrl: URL;
  /** What carries the console: shown, and decides what the page offers. */
  readonly carrier: 'electron' | 'browser';
  /** The product's version. */
  readonly version: string;
  /** One line for the log; never shown to the user. */
  readonly log: (line: string) => void;
}

/**
 * The application without a window. Opening the store begins at once; calls wait for it. A store that cannot be opened is a state,
 * not an exception: every call answers with that failure, and a call more than two seconds after the last attempt tries again.
 */
export interface Engine {
  /** The gate for carriers: name and arguments are untrusted. Never throws. */
  dispatch(name: unknown, args: unknown, sender: Sender): Promise<Result<unknown>>;
  /** The same gate for code of this process. */
  call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<Result<CallResult<Name>>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Every event, for a carrier that passes them on. */
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Lets the page name a file or folder the user chose; a folder admits the files in it. The page gets tokens, never paths. */
  admit(paths: readonly string[]): Promise<Result<readonly AdmittedFile[]>>;
  /** Admits a file the carrier spooled to disk for the page, under the name the user knows; the engine deletes it when it is done. */
  admitUpload(spooledPath: string, name: string): Promise<Result<AdmittedFile>>;
  /** Cancels what runs, waits for it, closes the store. */
  close(): Promise<void>;
}

export type EngineEvent = {
  [Name in EventName]: { readonly name: Name; readonly payload: EventPayload<Name> };
}[EventName];

export type CreateEngine = (parts: EngineParts) => Engine;
