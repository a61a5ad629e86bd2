import { Inputs, NotOurs } from './adapter';
import { empyricalAdapters } from './adapters/empyrical';
import { engineAdapters } from './adapters/engines';
import { sequentialAdapters } from './adapters/sequential';
import { notOurExample, notOurFunctions, notOurProjects } from './decisions';
import { differenceOf, readVectors, type Vector } from './vectors';

/** Runs every vector of a folder through the adapter of its function. */

const adapters = { ...empyricalAdapters, ...sequentialAdapters, ...engineAdapters };

export type Outcome =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'not ours'; readonly reason: string };

export interface Result {
  readonly file: string;
  /** The vector's id, or where in the file it could not be read. */
  readonly id: string;
  readonly fn: string;
  readonly outcome: Outcome;
}

/** Throws when the folder cannot be read. */
export function checkFolder(folder: string): Result[] {
  const { vectors, unreadable } = readVectors(folder);
  return [
    ...vectors.map((vector) => ({ file: vector.file, id: vector.id, fn: vector.fn, outcome: check(vector) })),
    ...unreadable.map(({ file, place, reason }) => ({
      file,
      id: `${file} ${place}`,
      fn: '',
      outcome: { state: 'failed', reason: `cannot be read: ${reason}` } as const,
    })),
  ];
}

export function check(vector: Vector): Outcome {
  const adapter = Object.hasOwn(adapters, vector.fn) ? adapters[vector.fn] : undefined;
  if (adapter === undefined) {
    const reason = notOurs(vector);
    return reason === null
      ? {
          state: 'failed',
          reason: `nobody has decided about the function ${vector.fn}: give it an adapter or a reason`,
        }
      : { state: 'not ours', reason };
  }
  try {
    const actual = adapter(new Inputs(vector.inputs, vector.fixtures), vector);
    const difference = differenceOf(actual, vector.expected, vector.tolerance);
    return difference === null ? { state: 'passed' } : { state: 'failed', reason: difference };
  } catch (error) {
    if (error instanceof NotOurs) return { state: 'not ours', reason: error.message };
    return { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function notOurs({ fn, project, fromPage }: Vector): string | null {
  if (Object.hasOwn(notOurFunctions, fn)) return notOurFunctions[fn] ?? null;
  if (project !== null) return notOurProjects[project] ?? null;
  return fromPage ? notOurExample : null;
}

/** The results in lines for people, ending with `N passed, M failed, K skipped`. */
export function describe(results: readonly Result[]): string[] {
  const lines: string[] = [];
  const of = (file: string, state: Outcome['state']) =>
    results.filter((result) => result.file === file && result.outcome.state === state).length;
  const files = [...new Set(results.map(({ file }) => file))];
  const width = Math.max(0, ...files.map((file) => file.length));
  for (const file of files) {
    const failed = of(file, 'failed');
    const parts = [
      `${of(file, 'passed')} passed`,
      ...(failed > 0 ? [`${failed} FAILED`] : []),
      ...(of(file, 'not ours') > 0 ? [`${of(file, 'not ours')} not ours`] : []),
    ];
    lines.push(`${file.padEnd(width)}  ${parts.join(', ')}`);
  }
  const groups = new Map<
    string,
    { readonly fn: string; readonly file: string; readonly reason: string; count: number }
  >();
  for (const { file, fn, outcome } of results) {
    if (outcome.state !== 'not ours') continue;
    const key = `${file} ${fn} ${outcome.reason}`;
    const known = groups.get(key);
    if (known) known.count++;
    else groups.set(key, { file, fn, reason: outcome.reason, count: 1 });
  }
  if (groups.size > 0) lines.push('', 'Not ours:');
  for (const { file, fn, reason, count } of groups.values()) lines.push(`  ${file}: ${fn} (${count}): ${reason}`);
  const failures = results.filter(({ outcome }) => outcome.state === 'failed');
  if (failures.length > 0) lines.push('', 'Failed:');
  for (const { file, id, fn, outcome } of failures) {
    lines.push(`  ${file}: ${id}${fn === '' ? '' : ` (${fn})`}: ${outcome.state === 'failed' ? outcome.reason : ''}`);
  }
  const count = (state: Outcome['state']) => results.filter(({ outcome }) => outcome.state === state).length;
  lines.push('', `${count('passed')} passed, ${count('failed')} failed, ${count('not ours')} skipped`);
  return lines;
}
