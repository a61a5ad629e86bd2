import type { Clock, Ids } from '../../shared/base/clock';
import type { Result } from '../../shared/base/result';
import type { CallArgs, CallName, CallResult, EventName, EventPayload } from '../../shared/contract/calls';
import type { EngineDoor } from './door';
import type { OpenDeskStore, OpenForeignDatabase } from './ports';
import type { TaskRunner } from './worker/tasks';

/** What the composition root (main, server, cli) hands the engine; the engine reaches for nothing else. */
export interface EngineParts {
  /** The main desk lives in it, the sample desk in its folder `sample`. Created when missing. */
  readonly dataDirectory: string;
  readonly openStore: OpenDeskStore;
  readonly openForeignDatabase: OpenForeignDatabase;
  /** Reads files and computes large days off the main thread; the engine closes it. */
  readonly tasks: TaskRunner;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The product's version. */
  readonly version: string;
  /** One line for the log; never shown to the user. */
  readonly log: (line: string) => void;
  /** Parses results against the contract as well; for tests. */
  readonly verifyResults?: boolean;
}

/**
 * The application without a window. Opening the store begins at once; calls wait for it. A store that cannot be opened is a state,
 * not an exception: every call answers with that failure, and a call more than two seconds after the last attempt tries again.
 */
export interface Engine extends EngineDoor {
  /** The gate for code of this process, typed by the contract. */
  ask<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<Result<CallResult<Name>>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
}

export type CreateEngine = (parts: EngineParts) => Engine;
