import type { Result } from '../base/result';
import type { AdmittedFile, CallArgs, CallName, CallResult, EventName, EventPayload } from './calls';

/** A file the page has and the user may keep. */
export interface FileToSave {
  /** Name to suggest, with its extension; no path. */
  readonly name: string;
  /** Text is written as UTF-8. */
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** Under which name it was kept; where is the user's choice and not told. */
export interface SavedFile {
  readonly name: string;
}

/**
 * What the page sees of the engine, whatever carries it. The preload exposes it as `window.lockstep`; the served console builds it
 * over WebSocket. `renderer/api` is its only reader.
 */
export interface Bridge {
  call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<Result<CallResult<Name>>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** Hands dropped or chosen `File` objects to the shell: Electron keeps their paths, the served console uploads them. */
  admitFiles(files: readonly unknown[]): Promise<Result<readonly AdmittedFile[]>>;
  /**
   * A folder (or file) to follow. Electron asks with the system's dialog and takes no path from the page; the served console has no
   * dialog, so it sends what the user typed. Null = the user chose none.
   */
  chooseFolder(typedPath: string | null): Promise<Result<AdmittedFile | null>>;
  /**
   * Offers the file to the user to keep. Electron asks with the system's dialog where to, and takes only a name to suggest from the page;
   * the served console hands it to the browser's downloads. Null = the user chose no place.
   */
  saveFile(file: FileToSave): Promise<Result<SavedFile | null>>;
  /**
   * Opens the guarded rollback control of a deployment, over the page or in a window of its own. This page can do nothing with it
   * from then on: neither read it, nor script it, nor close it.
   */
  openGuard(deploymentId: string): Promise<Result<null>>;
  /** Calls back with false when the engine is out of reach and true when it is back. */
  onConnection(listener: (connected: boolean) => void): () => void;
}
