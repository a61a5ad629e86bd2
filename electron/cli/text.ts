/** How figures and tables are written for people. */

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** The figure with its sign and digits, or a dash when it is unknown. */
export function figure(value: number | null, digits: number, unit = ''): string {
  if (value === null) return '–';
  // A figure that rounds to nothing has no sign.
  const text = value.toFixed(digits).replace(/^-(0(?:\.0*)?)$/, '$1');
  return unit === '' ? text : `${text} ${unit}`;
}

export function signed(value: number | null, digits: number, unit = ''): string {
  const text = figure(value, digits, unit);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)} %`;
}

/** Digits that amounts of this size need, so that a column of them has the same. */
export function moneyDigits(largest: number): number {
  if (largest === 0 || largest >= 100) return 2;
  return largest >= 1 ? 4 : 6;
}

/** Money with a space between thousands; what rounds to nothing has no sign. */
export function money(value: number | null, digits = moneyDigits(Math.abs(value ?? 0))): string {
  if (value === null) return '–';
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return text.replaceAll(',', ' ').replace(/^-(0(?:\.0*)?)$/, '$1');
}

/** Rows as columns; the first column is left aligned, the others right unless `left` says so. */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          left.includes(index) ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
