import type { ParsedExecution } from '../../electron/engine/imports/format';
import type { Expectation } from './mutations';
import type { LogRead, ReadRow } from './read';

/** Whether a changed log was read as the change allows; the finding in words, or null. */

type Read = Extract<LogRead, { refused: null }>;

const numberFields = [
  'price',
  'quantity',
  'fee',
  'executedAtUs',
  'decidedAtUs',
  'submittedAtUs',
  'arrivalPrice',
  'intendedQuantity',
] as const satisfies readonly (keyof ParsedExecution)[];

export function finding(expectation: Expectation, original: LogRead, changed: LogRead): string | null {
  if (original.refused !== null) return `the example itself is refused: ${original.refused.message}`;
  switch (expectation.kind) {
    case 'same':
      if (changed.refused !== null) return `refused: ${changed.refused.code} ${changed.refused.message}`;
      return sameRows(original.rows, changed.rows);
    case 'cut':
      if (changed.refused !== null) return null;
      return cutRows(original.rows, changed.rows);
    case 'noNewNumbers':
      return changed.refused === null ? newNumbers(original, changed, () => false) : null;
    case 'replaced': {
      const { from, to } = expectation;
      if (changed.refused !== null) return null;
      // The number may be a price (as it is), a signed amount, a rate or a part of a sum: what may not be is a value out of nothing.
      return newNumbers(
        original,
        changed,
        (before, after) =>
          // Zero, and what lies below it, is how many logs say that there is none.
          (to <= 0 && Number.isNaN(after)) ||
          Math.abs(before) !== Math.abs(from) ||
          close(Math.abs(after), Math.abs(to)),
      );
    }
    case 'survives':
      return null;
  }
}

function close(left: number, right: number): boolean {
  return left === right || Math.abs(left - right) <= 1e-12 * Math.max(Math.abs(left), Math.abs(right));
}

function said(rows: readonly ReadRow[]): readonly string[] {
  return rows.flatMap(({ executions, orderEvents, prices }) => [
    ...executions.map((one) => JSON.stringify(one)),
    ...orderEvents.map((one) => JSON.stringify(one)),
    ...prices.map((one) => JSON.stringify(one)),
  ]);
}

function sameRows(original: readonly ReadRow[], changed: readonly ReadRow[]): string | null {
  const before = said(original);
  const after = said(changed);
  if (before.length !== after.length) return `${before.length} records before, ${after.length} after`;
  const different = before.findIndex((record, index) => record !== after[index]);
  return different < 0 ? null : `record ${different} was ${before[different]}, is ${after[different]}`;
}

/**
 * Every row but the last of a cut log is what it was. Rows of a group are settled together: of a fill whose fee stands on a line of
 * its own nobody can tell that this line was cut off, so the fee is left out of the comparison.
 */
function cutRows(original: readonly ReadRow[], changed: readonly ReadRow[]): string | null {
  const last = Math.max(0, ...changed.map(({ line }) => line));
  const known = new Set(said(original.map(withoutFees)));
  for (const row of changed) {
    if (row.line === last) continue;
    const foreign = said([withoutFees(row)]).find((record) => !known.has(record));
    if (foreign !== undefined) return `line ${row.line} became ${foreign}`;
  }
  return null;
}

function withoutFees(row: ReadRow): ReadRow {
  return { ...row, executions: row.executions.map((one) => ({ ...one, fee: null, feeCurrency: null })) };
}

function quarantinedIn(rows: readonly ReadRow[]): number {
  return rows.filter(({ kind }) => kind === 'quarantine').length;
}

/** Logs that tell of one trade in several rows, joined by ids: an id that says something else now parts them. */
const joinedById: ReadonlySet<string> = new Set([
  'coinbasepro-account-csv',
  'gateio-ledger-csv',
  'freqtrade-tradesv3-sqlite',
  'hummingbot-log',
  'signal-order-log',
]);

/** A number of an execution that differs from what the same execution had, and for which no excuse is given. */
function newNumbers(original: Read, changed: Read, excused: (before: number, after: number) => boolean): string | null {
  // What another row was to tell of an order is missing with a word: that row is in quarantine, or the user is warned.
  const told =
    quarantinedIn(changed.rows) > quarantinedIn(original.rows) || changed.warnings.length > original.warnings.length;
  const byLine = new Map(original.rows.map((row) => [row.line, row]));
  for (const row of changed.rows) {
    const before = byLine.get(row.line);
    if (!before || before.executions.length !== row.executions.length) continue;
    for (const [index, execution] of row.executions.entries()) {
      for (const field of numberFields) {
        const was = before.executions[index]![field];
        const is = execution[field];
        if (was === is || was === null) continue;
        // A fee that is charged in another coin now was read with that coin behind it.
        if (field === 'fee' && before.executions[index]!.feeCurrency !== execution.feeCurrency && is !== null) continue;
        if (joinedById.has(changed.format) && (is === null || field === 'fee')) continue;
        if (is === null) {
          if (told || excused(was, Number.NaN)) continue;
          return `${field} of line ${row.line} was ${was} and is lost without a word`;
        }
        if (excused(was, is)) continue;
        return `${field} of line ${row.line} was ${was}, is ${is}`;
      }
    }
  }
  return null;
}
