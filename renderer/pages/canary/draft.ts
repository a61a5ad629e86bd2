/** A configuration while it is written: any JSON, changed at a path such as `rollback.0.limit`. Pure. */
export function valueAt(draft: unknown, path: string): unknown {
  return path === ''
    ? draft
    : path.split('.').reduce<unknown>((inside, key) => (isNode(inside) ? Reflect.get(inside, key) : undefined), draft);
}

/** A copy with another value at the path; what is missing on the way there is made. */
export function withValue(draft: unknown, path: string, value: unknown): unknown {
  const [key = '', ...rest] = path.split('.');
  if (path === '') return value;
  const next = withValue(isNode(draft) ? Reflect.get(draft, key) : undefined, rest.join('.'), value);
  if (Array.isArray(draft)) return draft.map((item, index) => (String(index) === key ? next : item));
  return { ...(isNode(draft) ? draft : {}), [key]: next };
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What is wrong at the field itself; null = nothing. */
export function problemAt(problems: readonly Problem[], path: string): string | null {
  return problems.find((problem) => problem.path === path)?.message ?? null;
}

/** Problems that stand at none of the fields shown, so that each is seen somewhere. */
export function problemsElsewhere(problems: readonly Problem[], fields: ReadonlySet<string>): readonly Problem[] {
  return problems.filter(({ path }) => !fields.has(path));
}
