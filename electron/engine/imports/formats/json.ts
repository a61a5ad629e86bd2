/** Values of parsed JSON, whose shape nobody has promised. */

/** The value as a record of unknown values, or null when it is a list or no object. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return isRecord(value) ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as JSON text, whole numbers of a database as text; of one nested deeper than can be written out, that it is. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'nothing';
  } catch (thrown) {
    if (thrown instanceof RangeError) return '(nested too deeply to be shown)';
    throw thrown;
  }
}
