import type { Clock } from '../../../shared/base/clock';
import type { AdmittedFiles } from '../admitted-files';
import type { SecretVault } from '../canary/ports';
import type { Desk } from '../desk';

/** What the handlers of the contract's calls work with. */
export interface HandlerContext {
  /** The open desk; rejects with the reason when there is none. */
  desk(): Promise<Desk>;
  readonly files: AdmittedFiles;
  readonly clock: Clock;
  readonly secrets: SecretVault;
  readonly version: string;
  readonly dataDirectory: string;
  sampleAvailable(): Promise<boolean>;
  openSample(): Promise<void>;
  openMain(): Promise<void>;
  /** Comes when the engine closes. */
  readonly closing: AbortSignal;
}
