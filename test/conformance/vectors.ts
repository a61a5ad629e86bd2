import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** Conformance vectors: inputs and expected results that others published, one JSON file for each source. */

const toleranceSchema = z.union([z.number(), z.object({ relative: z.number() }), z.record(z.string(), z.number())]);
export type Tolerance = z.infer<typeof toleranceSchema>;

const vectorSchema = z.object({
  id: z.string(),
  /** What is asked for; older files name the classifier instead. */
  fn: z.string().optional(),
  classifier: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.unknown(),
  /** Absolute unless it says `relative` or names fields. */
  tolerance: toleranceSchema.default(0),
  source: z.object({ repo: z.string().optional(), url: z.string().optional() }).optional(),
});

const fileSchema = z.object({ fixtures: z.record(z.string(), z.unknown()).default({}), vectors: z.array(z.unknown()) });

export interface Vector {
  readonly file: string;
  readonly id: string;
  readonly fn: string;
  /** `owner/name` of the project it is from; null = of none. */
  readonly project: string | null;
  /** Taken from a web page. */
  readonly fromPage: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tolerance: Tolerance;
  readonly fixtures: Readonly<Record<string, unknown>>;
}

/** A file or vector that cannot be read, and where. */
export interface Unreadable {
  readonly file: string;
  readonly place: string;
  readonly reason: string;
}

/** Every vector of the folder's JSON files, by file name; throws when the folder is not there. */
export function readVectors(folder: string): { readonly vectors: Vector[]; readonly unreadable: Unreadable[] } {
  const vectors: Vector[] = [];
  const unreadable: Unreadable[] = [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const file of names.sort()) {
    try {
      const { fixtures, vectors: entries } = fileSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      for (const [index, entry] of entries.entries()) {
        const parsed = vectorSchema.safeParse(entry);
        const fn = parsed.data?.fn ?? parsed.data?.classifier;
        if (parsed.success && fn !== undefined) {
          const { id, inputs, expected, tolerance, source } = parsed.data;
          vectors.push({
            file: basename(file, '.json'),
            id,
            fn,
            project: source?.repo ?? null,
            fromPage: source?.url !== undefined,
            inputs,
            expected,
            tolerance,
            fixtures,
          });
        } else {
          const issue = parsed.error?.issues[0];
          const reason = issue === undefined ? 'names no function' : `${issue.path.join('.')}: ${issue.message}`;
          unreadable.push({ file, place: `vectors[${index}]`, reason });
        }
      }
    } catch (error) {
      unreadable.push({
        file,
        place: 'file',
        reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      });
    }
  }
  return { vectors, unreadable };
}

/** Numbers as the files write them: JSON has no NaN and no infinities. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === null) return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  return value === '-Infinity' ? Number.NEGATIVE_INFINITY : null;
}

/** Where the two differ by more than the tolerance, in words; null when they agree. Every field the vector expects is looked at. */
export function differenceOf(actual: unknown, expected: unknown, tolerance: Tolerance, at = 'result'): string | null {
  if (Array.isArray(expected)) {
    const values = ArrayBuffer.isView(actual) ? Array.from(actual as Float64Array) : actual; // the adapters' only typed array
    if (!Array.isArray(values)) return `${at} is ${shown(actual)}, expected a list`;
    if (values.length !== expected.length) return `${at} has ${values.length} entries, expected ${expected.length}`;
    for (const [index, one] of expected.entries()) {
      const difference = differenceOf(values[index], one, tolerance, `${at}[${index}]`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return `${at} is ${shown(actual)}, expected fields`;
    const fields = new Map(Object.entries(actual));
    for (const [name, one] of Object.entries(expected)) {
      const difference = fields.has(name)
        ? differenceOf(fields.get(name), one, toleranceOf(tolerance, name), `${at}.${name}`)
        : `${at}.${name} is missing`;
      if (difference !== null) return difference;
    }
    return null;
  }
  const wanted = typeof expected === 'boolean' ? null : numberOf(expected);
  if (wanted === null || typeof actual !== 'number') {
    return actual === expected ? null : `${at} is ${shown(actual)}, expected ${shown(expected)}`;
  }
  if (Object.is(actual, wanted) || actual === wanted) return null;
  const room =
    typeof tolerance === 'number' ? tolerance : 'relative' in tolerance ? tolerance['relative']! * Math.abs(wanted) : 0;
  return Math.abs(actual - wanted) <= room ? null : `${at} is ${actual}, expected ${wanted} within ${room}`;
}

function toleranceOf(tolerance: Tolerance, field: string): Tolerance {
  if (typeof tolerance === 'number' || 'relative' in tolerance) return tolerance;
  return tolerance[field] ?? tolerance['default'] ?? tolerance;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
