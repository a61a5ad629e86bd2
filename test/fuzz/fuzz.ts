import { formatById } from '../../electron/engine/imports/formats';
import { Random } from '../../shared/base/random';
import { finding } from './check';
import type { ExampleLog } from './examples';
import { mutate } from './mutations';
import { type LogRead, type LogToRead, readLog } from './read';

/** One case is a change of one example, drawn from the seed, the format and the number of the case alone. */

export interface Finding {
  readonly format: string;
  readonly index: number;
  readonly mutation: string;
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** A case of a few kilobytes that takes longer hangs, or will with more rows. */
const slowMs = 2_000;

export interface FuzzedExample {
  readonly example: ExampleLog;
  readonly original: LogRead;
  readonly delimited: boolean;
}

/** Reads the example as it is. */
export async function prepare(example: ExampleLog): Promise<FuzzedExample> {
  const original = await readLog({ ...read(example, new TextEncoder().encode(example.text)), named: null });
  const shape = formatById(example.format)?.reader.shape;
  return { example, original, delimited: shape === 'delimited' };
}

function read(example: ExampleLog, bytes: Uint8Array): LogToRead {
  const { zone, symbol } = example;
  return { bytes, chunkSizes: [], named: formatById(example.format), zone, symbol };
}

/** Runs the case; null when it found nothing. */
export async function runCase(fuzzed: FuzzedExample, seed: string, index: number): Promise<Finding | null> {
  const { example, original, delimited } = fuzzed;
  const random = new Random(`${seed}/${example.format}/${index}`);
  const mutation = mutate(example.text, delimited, random);
  if (mutation === null) return null;
  const { bytes, chunkSizes, expectation, name } = mutation;
  const log = { ...read(example, bytes), chunkSizes };
  // What the content alone shows is tried as well; there the change may make it another format, which is no fault.
  const named = expectation.kind === 'same' || random.chance(0.7) ? log.named : null;
  const startedAt = performance.now();
  let what: string | null;
  try {
    const changed = await readLog({ ...log, named });
    const comparable = changed.refused !== null || changed.format === example.format;
    what = comparable ? finding(expectation, original, changed) : null;
  } catch (error) {
    what = `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const tookMs = performance.now() - startedAt;
  if (what === null && tookMs > slowMs) what = `took ${Math.round(tookMs)} ms`;
  return what === null ? null : { format: example.format, index, mutation: name, what, bytes };
}
