import type { CauseReason } from './cause-names';

/**
 * Positions that live and backtest hold differently, each with the cause that opened the difference. An exit that was missed because its
 * entry was, or that is as much smaller as its entry, undoes such a difference: it is no cause of its own.
 */

/** What an order's difference is one of. */
export type DifferenceKind = 'missed' | 'extra' | 'size' | 'carry';

interface OpenDifference {
  readonly kind: DifferenceKind;
  readonly name: CauseReason;
}

export class OpenDifferences {
  /** By signed quantity, live minus backtest; the latest on top. */
  private readonly open = new Map<string, OpenDifference[]>();

  /**
   * Takes an order's difference in and returns the cause it follows from, or null when it is its own. Only one without evidence of its
   * own follows; one with evidence that undoes an earlier one closes it.
   * @param quantity base units, live minus backtest, positive = bought more
   */
  take(kind: DifferenceKind, name: CauseReason, quantity: number, hasEvidence: boolean): CauseReason | null {
    const undone = this.open.get(nameOf(-quantity));
    const last = undone?.at(-1);
    // A size makes up for whatever came before it; a missed or extra order for its like, or for what the day began with.
    if (last !== undefined && (last.kind === kind || last.kind === 'carry' || kind === 'size')) {
      undone!.pop();
      return hasEvidence ? null : last.name;
    }
    const same = this.open.get(nameOf(quantity));
    if (same === undefined) this.open.set(nameOf(quantity), [{ kind, name }]);
    else same.push({ kind, name });
    return null;
  }
}

/** Nine digits: what sums of fills leave beyond is rounding. */
function nameOf(quantity: number): string {
  return quantity.toPrecision(9);
}
