import type { AuditEntry, AuditRecord } from '../../../shared/base/audit-chain';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { Actor, DeploymentEvent, StoredEvent } from '../../../shared/canary/events';
import type { SecretReference } from '../../../shared/canary/playbook';
import type { Page, Paged } from '../paging';

/** What the canary and the audit trail need from the outside; `electron/store` implements the stores. Everything may reject with a `FailureError`. */

/** What is written together: all of it or nothing, durable before the promise resolves. */
export interface CanaryWrite {
  readonly deploymentId: string;
  /** Sequence of the last event it was decided on; `conflict` when another one is there. 0 = a new deployment. */
  readonly stateVersion: number;
  readonly atUs: number;
  /** Each with its audit record. */
  readonly events: readonly { readonly actor: Actor; readonly event: DeploymentEvent }[];
  readonly evaluation: Evaluation | null;
  /** Written with it: a new deployment is refused (`conflict`) while another one of its strategy is active. */
  readonly summary: {
    readonly strategy: string;
    readonly version: string;
    readonly active: boolean;
    readonly watched: boolean;
  };
  /** Opaque running aggregates of the monitor that belong to this state; null = unchanged. */
  readonly progress: string | null;
}

export interface StoredDeployment {
  readonly id: string;
  readonly events: readonly StoredEvent[];
  readonly lastEvaluation: Evaluation | null;
  readonly progress: string | null;
}

/** What a deployment that is looked at stands at, without its events: whoever keeps them in memory learns which are out of date. */
export interface DeploymentHead {
  readonly id: string;
  readonly stateVersion: number;
}

export interface CanaryStore {
  /**
   * Several writes (one per deployment) in one transaction: a whole cycle of the monitor is durable at once. Returns the new state versions.
   * Nothing is written and `conflict` thrown when one was decided on another state.
   * @param asMonitor only while this process holds the right to evaluate (`conflict` otherwise)
   */
  write(writes: readonly CanaryWrite[], asMonitor?: boolean): Promise<readonly number[]>;
  get(id: string): Promise<StoredDeployment | null>;
  /** Those of these ids that are there, in their order. */
  getMany(ids: readonly string[]): Promise<readonly StoredDeployment[]>;
  /** Those that trade or are being rolled back; `watched` ones in production too. */
  active(): Promise<readonly StoredDeployment[]>;
  /** The same, without their events. */
  activeHeads(): Promise<readonly DeploymentHead[]>;
  /** The latest first. */
  list(filter: 'active' | 'ended' | 'all', strategy: string | null, page: Page): Promise<Paged<StoredDeployment>>;
  /** The latest first. */
  events(id: string, page: Page): Promise<Paged<StoredEvent>>;
  /** The latest first. */
  evaluations(id: string, page: Page): Promise<Paged<Evaluation>>;
  evaluation(id: string): Promise<Evaluation | null>;
  /** Evaluations of a stage in time order, at most about `limit`: evenly thinned, lowest and highest equity kept. */
  evaluationSeries(id: string, stage: string, limit: number): Promise<readonly Evaluation[]>;
  /**
   * Removes evaluations that are neither needed to understand a decision nor to draw what happened: all of the last three days stay,
   * of older ones first, lowest and highest equity of each ten minutes, after thirty days of each hour, and always those events refer to.
   * Returns how many went.
   */
  thin(nowUs: number): Promise<number>;
}

/** The right to evaluate: of all processes on a desk one holds it. */
export interface MonitorLease {
  /**
   * Takes or keeps the right; false = another process has it and lives. To be called several times in each silence.
   * @param silenceMs a holder whose beat stood still for so long of this process's monotonic time has lost it
   */
  hold(silenceMs: number): Promise<boolean>;
  /** Who has it, as far as this process can tell. */
  holder(): Promise<'this' | 'other' | 'none'>;
  release(): Promise<void>;
}

export interface AuditFilter {
  readonly action: string | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

/** A setting that changes together with the record that says so. */
export interface AuditedSetting {
  readonly key: string;
  /** What it is thought to be: `conflict` when another process changed it meanwhile. Null = not set. */
  readonly before: string | null;
  readonly value: string;
}

export interface AuditStore {
  /** Adds a record that belongs to no deployment's event; durable before it resolves. */
  append(entry: AuditEntry, setting?: AuditedSetting | null): Promise<AuditRecord>;
  /** The latest first. */
  list(filter: AuditFilter, page: Page): Promise<Paged<AuditRecord>>;
  actions(): Promise<readonly string[]>;
  /** All records in order, never more than a few hundred in memory. Throws `store-corrupt` with its `sequence` at one that has lost its shape. */
  all(): AsyncIterable<AuditRecord>;
}

/** Secrets, outside of the store: the keychain of the operating system where the shell offers one. */
export interface SecretVault {
  /** Why it cannot keep secrets here; null = it can. */
  readonly unavailable: string | null;
  names(): Promise<readonly { readonly name: string; readonly setAtUs: number }[]>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** What a reference stands for; `not-found` names the reference and what to do. */
  reveal(reference: SecretReference): Promise<string>;
}
