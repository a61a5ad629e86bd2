/**
 * Rows of a log that take an earlier trade back (a bust) or change its price and quantity (a correction), found by the trade's id. The
 * trade stays as it was logged, with the row that changed it beside it, and does not count; a correction counts in its place.
 */
import { type UtcDay, utcDayOf } from '../../../shared/base/time';
import type { Execution, Side } from '../../../shared/market/executions';
import type { ImportedExecution } from '../ports';

export type ChangeRule = 'trade bust' | 'trade correction';

/** What a log says of an earlier trade. */
export interface TradeChange {
  readonly rule: ChangeRule;
  /** Trade id of the trade it changes. */
  readonly reference: string;
  /** Its own id, by which a later row may refer to it. */
  readonly tradeId: string | null;
  readonly strategy: string | null;
  readonly venue: string | null;
  readonly account: string | null;
  readonly symbol: string;
  /** null = the row does not say. */
  readonly side: Side | null;
  readonly orderId: string | null;
  readonly atUs: number;
  /** What the trade is corrected to; of a bust null. */
  readonly to: Pick<Execution, 'price' | 'quantity' | 'fee' | 'feeCurrency'> | null;
}

/** A change whose strategy and line are known. */
export type LoggedChange = TradeChange & { readonly strategy: string; readonly line: number };

/** A change that was found its trade. */
export interface AppliedChange {
  readonly rule: ChangeRule;
  readonly reference: string;
  readonly atUs: number;
  /** The trade as the change has it; of a bust the trade it takes back, with the bust's import, line and id. */
  readonly execution: ImportedExecution;
}

/** Why a change is not applied. */
export type Unapplied = 'missing' | 'ambiguous';

export interface ChangedRows {
  /** Further rows behind the given ones, in their order: index = number of given rows + place. */
  readonly changes: readonly (AppliedChange & {
    /** Indexes of the rows it takes back: given ones and earlier corrections. */
    readonly takes: readonly number[];
    readonly isNew: boolean;
  })[];
  /** Indexes of rows that do not count, busts included. */
  readonly gone: ReadonlySet<number>;
  /** What became of each wanted change, in their order; null = it is applied. */
  readonly wanted: readonly (Unapplied | null)[];
}

/** Days before a change in which its trade is looked for. */
const reachDays = 31;
const dayUs = 86_400_000_000;

/** Days in which the change's trade may lie, the latest first. */
export function daysOfChange({ atUs }: Pick<TradeChange, 'atUs'>): readonly UtcDay[] {
  return Array.from({ length: reachDays + 1 }, (_, back) => utcDayOf(atUs - back * dayUs));
}

/**
 * Applies the changes in the order of their times, whatever order they were imported in. Where a trade was changed before, the change
 * is one of what it became.
 * @param rows all rows of a day that may tell the trades
 * @param before changes applied earlier
 * @param wanted changes of the import `importId`
 */
export function applyChanges(
  rows: readonly ImportedExecution[],
  before: readonly AppliedChange[],
  wanted: readonly LoggedChange[],
  importId: string,
): ChangedRows {
  const all: ImportedExecution[] = [...rows];
  const changes: (AppliedChange & { takes: readonly number[]; isNew: boolean })[] = [];
  /** By index of a row that is taken back, index of what took it. */
  const takenBy = new Map<number, number>();
  const outcome = new Map<LoggedChange, Unapplied | null>();

  const isBust = (index: number) => changes[index - rows.length]?.rule === 'trade bust';
  const endOf = (index: number): number => {
    const by = takenBy.get(index);
    return by === undefined ? index : endOf(by);
  };
  const add = (change: AppliedChange, takes: readonly number[], isNew: boolean) => {
    const index = all.push(change.execution) - 1;
    changes.push({ ...change, takes, isNew });
    for (const row of takes) takenBy.set(row, index);
  };

  const inOrder = [
    ...before.map((change) => ({ ...keyOf(change, change.execution.tradeId), told: change, change: null }) as const),
    ...wanted.map((change) => ({ ...keyOf(change, change.tradeId), told: null, change }) as const),
  ].sort(byTime);
  for (const { told, change } of inOrder) {
    const { reference } = told ?? change;
    const place = told === null ? change : told.execution;
    const candidates = all.flatMap((row, index) =>
      row.tradeId === reference && !isBust(index) && isPlaceOf(row, place) ? [index] : [],
    );
    const living = [...new Set(candidates.map(endOf))].filter((index) => !isBust(index));
    if (told !== null) {
      add(told, living, false);
      continue;
    }
    const trade = all[living[0] ?? candidates[0] ?? -1];
    if (trade === undefined) outcome.set(change, 'missing');
    else if (living.some((index) => !isAlike(all[index]!, trade))) outcome.set(change, 'ambiguous');
    else {
      outcome.set(change, null);
      const known = changes.some((other) => isSame(other, change));
      // What is taken back already needs no further word.
      if (known || (change.to === null && living.length === 0)) continue;
      add(appliedTo(trade, change, importId), living, true);
    }
  }
  const gone = new Set(takenBy.keys());
  for (const index of changes.keys()) if (isBust(rows.length + index)) gone.add(rows.length + index);
  return { changes, gone, wanted: wanted.map((change) => outcome.get(change) ?? null) };
}

function keyOf({ rule, reference, atUs }: Pick<TradeChange, 'rule' | 'reference' | 'atUs'>, tradeId: string | null) {
  return { atUs, name: JSON.stringify([rule, reference, tradeId]) };
}

/** By time; at one instant a bust comes before the correction that stands for it. */
function byTime(one: { atUs: number; name: string }, other: { atUs: number; name: string }): number {
  return one.atUs - other.atUs || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);
}

function appliedTo(trade: ImportedExecution, change: LoggedChange, importId: string): AppliedChange {
  const { rule, reference, atUs, to, line, tradeId } = change;
  const { price, quantity } = to ?? trade;
  const { fee, feeCurrency } = to === null || to.fee === null ? trade : to;
  const execution = { ...trade, price, quantity, fee, feeCurrency, importId, line, tradeId: tradeId ?? trade.tradeId };
  return { rule, reference, atUs, execution };
}

function isSame({ rule, reference, atUs, execution }: AppliedChange, change: LoggedChange): boolean {
  if (rule !== change.rule || reference !== change.reference) return false;
  return change.tradeId === null ? atUs === change.atUs : execution.tradeId === change.tradeId;
}

function isPlaceOf(
  row: ImportedExecution,
  { side, venue, account, orderId }: Pick<TradeChange, 'side' | 'venue' | 'account' | 'orderId'>,
): boolean {
  const agree = (one: string | null, other: string | null) =>
    one === null || other === null || one.toLowerCase() === other.toLowerCase();
  return (
    (side === null || row.side === side) &&
    agree(row.venue, venue) &&
    agree(row.account, account) &&
    (row.orderId === null || orderId === null || row.orderId === orderId)
  );
}

/** Whether two rows with the trade's id tell one trade: ids that mean several must not take back all of them. */
function isAlike(one: Execution, other: Execution): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
  return one.side === other.side && near(one.price, other.price) && near(one.quantity, other.quantity);
}
