/** Header lines of delimited files: how they are compared, and where a column is. */
import { FailureError, failure } from '../../../../shared/base/errors';

/** A header cell as it is compared: no byte-order mark, no quotes, single blanks, lower case. */
export function normaliseHeaderCell(cell: string): string {
  return cell
    .replaceAll('\ufeff', '')
    .trim()
    .replace(/^"+|"+$/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** All cells of a header line as they are compared; empty cells at the end are padding and are dropped. */
export function normaliseHeader(cells: readonly string[]): readonly string[] {
  const normalised = cells.map(normaliseHeaderCell);
  while (normalised.length > 0 && normalised.at(-1) === '') normalised.pop();
  return normalised;
}

/** Whether the header has all of these columns (as normalised). */
export function hasColumns(header: readonly string[], names: readonly string[]): boolean {
  return names.every((name) => header.includes(name));
}

/**
 * Index of a column that is not there. No row has so many cells, so `cells[absentColumn]` reads as undefined, which means
 * unknown; -1 would do the same, but the engine looks it up as a name, which costs more than reading the whole row.
 */
export const absentColumn = 1_000_000;

/** Index of the column by any of its names, or {@link absentColumn}. */
export function columnIndex(header: readonly string[], ...names: readonly string[]): number {
  for (const name of names) {
    const index = header.indexOf(name);
    if (index !== -1) return index;
  }
  return absentColumn;
}

/** Thrown by `open` when columns the format cannot do without are not there. */
export function missingColumns(format: string, missing: readonly string[], header: readonly string[]): FailureError {
  const list = missing.map((name) => `"${name}"`).join(', ');
  return new FailureError(
    failure(
      'format-damaged',
      `The file has no column ${list}, which ${format} needs; its header is: ${header.join(', ').slice(0, 500)}.`,
      'Export the file again with all columns, or describe its own columns in a map and import it with --map FILE.',
      { format, missing: missing.join(',') },
    ),
  );
}
