import type { MessagePort } from 'node:worker_threads';
import type { CsvMap } from '../../../shared/contract/csv-map';
import type { PlainOrigin } from './block-kernel/plain-kernel';
import type { DelimitedSample } from './format';
import type { ReadHints } from './import-task';

/** What crosses to the thread that helps to read a text by blocks (see run-blocks.ts). */

/** How the text is read; the helper opens the same reader by it. */
export interface BlockReading {
  readonly format: string;
  /** The map the format was made of; null = it was made of none. */
  readonly map: CsvMap | null;
  readonly sample: DelimitedSample;
  readonly hints: ReadHints;
  readonly names: readonly string[];
  readonly origin: PlainOrigin;
}

export interface BlockTask {
  readonly args: { readonly reading: BlockReading; readonly port: MessagePort };
  readonly result: null;
  readonly progress: never;
  readonly host: object;
}
