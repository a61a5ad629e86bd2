import type { Clock, Ids } from '../../shared/base/clock';
import type { SecretVault } from './canary/ports';
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
  /**
   * Reads what is followed, on a thread of its own that keeps its readers; the engine closes it. Left out, this process follows nothing:
   * commands that come and go leave it to the console.
   */
  readonly follow?: TaskRunner;
  /** Where playbooks find their secrets; never the store. */
  readonly secrets: SecretVault;
  /** Left out, this process evaluates no deployments by itself. */
  readonly monitor?: boolean;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The product's version. */
  readonly version: string;
  /** `existing` refuses a data directory without a desk instead of making one; `create` unless said otherwise. */
  readonly openMode?: 'create' | 'existing';
  /** One line for the log; never shown to the user. */
  readonly log: (line: string) => void;
  /** Parses results against the contract as well; for tests. */
  readonly verifyResults?: boolean;
}
