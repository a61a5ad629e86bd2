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
  const original = await readLog(logOf(example, new TextEncoder().encode(example.text)));
  return { example, original, delimited: example.format.reader.shape === 'delimited' };
}

/** The log as a user hands it over who says what some formats leave open. */
function logOf({ format }: ExampleLog, bytes: Uint8Array): LogToRead {
  return { bytes, chunkSizes: [], named: format, zone: 'UTC', symbol: 'EUR/USD' };
}

/** Runs the case; null when it found nothing. */
export async function runCase(fuzzed: FuzzedExample, seed: string, index: number): Promise<Finding | null> {
  const { example, original, delimited } = fuzzed;
  const { id, reader } = example.format;
  const random = new Random(`${seed}/${id}/${index}`);
  const mutation = mutate(example.text, delimited, random);
  if (mutation === null) return null;
  // A database has no text that could be written in another way, and no values inside values.
  const ofText = mutation.expectation.kind === 'same' || mutation.name === 'values nested';
  if (reader.shape === 'sqlite' && ofText) return null;
  const { bytes, chunkSizes, expectation, name } = mutation;
  const log = { ...logOf(example, bytes), chunkSizes };
  // What the content alone shows is tried as well; there the change may make it another format, which is no fault.
  const isNamed = expectation.kind === 'same' || reader.shape === 'sqlite' || random.chance(0.7);
  const named = isNamed ? log.named : null;
  const startedAt = performance.now();
  let what: string | null;
  try {
    const changed = await readLog({ ...log, named });
    const comparable = changed.refused !== null || changed.format === id;
    what = comparable ? finding(expectation, original, changed) : null;
  } catch (error) {
    what = `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const tookMs = performance.now() - startedAt;
  if (what === null && tookMs > slowMs) what = `took ${Math.round(tookMs)} ms`;
  return what === null ? null : { format: id, index, mutation: name, what, bytes };
}
