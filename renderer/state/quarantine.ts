import type { CallResult } from '../../shared/contract/calls';

/** Correcting many quarantined rows at once. Pure: the panel applies these to the rows it holds. */

export type QuarantinedRow = CallResult<'imports.quarantine'>['rows'][number];
export type QuarantineState = QuarantinedRow['state'];
export type Retried = CallResult<'imports.retry'>['results'][number];

export interface Replacement {
  readonly find: string;
  readonly replaceBy: string;
}

/** The text with every occurrence replaced; an empty search replaces nothing. */
export function replaced(text: string, { find, replaceBy }: Replacement): string {
  return find === '' ? text : text.replaceAll(find, () => replaceBy);
}

/** Rows the replacement changes, with their new texts. */
export function changedRows(
  rows: readonly Pick<QuarantinedRow, 'id' | 'text'>[],
  replacement: Replacement,
): readonly { readonly id: string; readonly text: string }[] {
  return rows.flatMap(({ id, text }) => {
    const corrected = replaced(text, replacement);
    return corrected === text ? [] : [{ id, text: corrected }];
  });
}

/** What many retries came to. */
export interface RetrySum {
  readonly fixed: number;
  readonly executions: number;
  readonly open: number;
  /** Why rows stay open, the commonest first; at most three. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
}

export function sumOfRetries(results: readonly Retried[]): RetrySum {
  const open = results.filter(({ state }) => state === 'open');
  const counts = new Map<string, number>();
  for (const { reason } of open) counts.set(reason ?? '', (counts.get(reason ?? '') ?? 0) + 1);
  return {
    fixed: results.length - open.length,
    executions: results.reduce((sum, { executions }) => sum + executions, 0),
    open: open.length,
    reasons: [...counts]
      .map(([reason, rows]) => ({ reason, rows }))
      .sort((left, right) => right.rows - left.rows)
      .slice(0, 3),
  };
}
