/** Rows that wait for the rest of their group, with their texts, within a bound: legs of a trade lie close together in any ledger. */
import type { RowGroup, RowSink } from './format';

/** Rows that may wait at once. Beyond it the oldest group is settled with what it has. */
export const heldRowsLimit = 20_000;

interface WaitingRow {
  readonly line: number;
  readonly text: string;
}

export class HeldRows {
  /** In the order in which the groups began. */
  private readonly groups = new Map<RowGroup, WaitingRow[]>();
  private count = 0;

  constructor(private readonly sink: RowSink) {}

  hold(group: RowGroup, line: number, text: string): void {
    const waiting = this.groups.get(group);
    if (waiting) waiting.push({ line, text });
    else this.groups.set(group, [{ line, text }]);
    this.count++;
    if (this.count <= heldRowsLimit) return;
    for (const [oldest, rows] of this.groups) {
      this.settle(oldest, rows);
      break;
    }
  }

  /** No further row comes. */
  settleAll(): void {
    for (const [group, rows] of this.groups) this.settle(group, rows);
  }

  private settle(group: RowGroup, rows: readonly WaitingRow[]): void {
    this.groups.delete(group);
    this.count -= rows.length;
    const outcomes = group.settle();
    if (outcomes.length !== rows.length) {
      throw new Error(`${rows.length} rows were held, but ${outcomes.length} outcomes given`);
    }
    rows.forEach(({ line, text }, index) => {
      this.sink(line, outcomes[index]!, () => text);
    });
  }
}
