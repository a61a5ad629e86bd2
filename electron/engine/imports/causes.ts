/** Quarantined rows by their cause: reasons name the value that was wrong, so that a thousand of them may be one mistake. */

/** What a reason says without its values: `price is "abc"` and `price is "x"` are both `price is "…"`. */
export function causeOf(reason: string): string {
  return reason.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/[-+]?\d(?:[\d.,:TZ_-]*[\dZ])?/g, '#');
}

/** The reasons by their cause, the commonest first. */
export function causesOf(
  reasons: readonly { readonly reason: string; readonly rows: number }[],
): readonly { readonly cause: string; readonly rows: number }[] {
  const rows = new Map<string, number>();
  for (const { reason, rows: more } of reasons) {
    const cause = causeOf(reason);
    rows.set(cause, (rows.get(cause) ?? 0) + more);
  }
  return [...rows].map(([cause, count]) => ({ cause, rows: count })).sort((left, right) => right.rows - left.rows);
}

/** The pattern of SQL's LIKE, with `\` as its escape, that the reasons of the cause have. */
export function reasonLike(cause: string): string {
  return cause
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('"…"', '"%"')
    .replaceAll('#', '%');
}
