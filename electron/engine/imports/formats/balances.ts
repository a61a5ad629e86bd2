/** Running balances of a ledger: whether each follows from the one before it and the changes between, told to the user at the end. */
import { compensatedSum } from '../../../../shared/base/sums';
import type { ReadContext } from '../format';

/** Lines of one asset with one time; venues list these in any order. */
interface Instant {
  readonly atUs: number;
  readonly changes: number[];
  readonly balances: number[];
  firstLine: number;
  lastLine: number;
  /** A line without a readable balance, or more lines than are compared: nothing follows from this instant. */
  isOpen: boolean;
  /** Which of the balances may be the one after all lines of the instant. */
  ends: readonly number[];
}

interface Difference {
  readonly text: string;
  count: number;
}

/** Lines of one instant that are compared; a batch of a venue's own payments may hold thousands. */
const instantLimit = 64;
/** Assets that are followed; a hostile file may name a new one on every line. */
const assetLimit = 10_000;
/** Assets that are named in a warning. */
const namedAssets = 5;

export class RunningBalances {
  private readonly instants = new Map<string, { before: Instant | null; now: Instant }>();
  private readonly differences = new Map<string, Difference>();

  constructor(private readonly context: ReadContext) {
    context.atEnd(() => this.finish());
  }

  /**
   * Takes the next line of the file.
   * @param asset what the balance is of, with the account it lies in where the file has several
   * @param change all that the line did to the balance, fee included; NaN = cannot be read
   * @param balance after the line; null or NaN = not told
   */
  line(asset: string, change: number, balance: number | null, atUs: number, line: number): void {
    const known = this.instants.get(asset);
    if (Number.isNaN(atUs) || (known === undefined && this.instants.size === assetLimit)) return;
    let now = known?.now;
    if (known === undefined || now === undefined || now.atUs !== atUs) {
      if (known) this.close(asset, known.before, known.now);
      const [changes, balances]: [number[], number[]] = [[], []];
      now = { atUs, changes, balances, firstLine: line, lastLine: line, isOpen: false, ends: [] };
      this.instants.set(asset, { before: known?.now ?? null, now });
    }
    now.lastLine = line;
    if (balance === null || Number.isNaN(balance) || Number.isNaN(change) || now.changes.length === instantLimit) {
      now.isOpen = true;
      return;
    }
    now.changes.push(change);
    now.balances.push(balance);
  }

  private close(asset: string, before: Instant | null, now: Instant): void {
    now.ends = now.balances;
    if (before === null || before.isOpen || now.isOpen) return;
    // The newest line may come first: then the earlier instant ends where the later one began.
    const ascending = now.atUs > before.atUs;
    const moved = compensatedSum(ascending ? now.changes : before.changes);
    const expected = before.ends.map((end) => (ascending ? end + moved : end - moved));
    const fitting = now.balances.filter((balance) => expected.some((value) => isSame(balance, value)));
    if (fitting.length > 0) {
      now.ends = fitting;
      return;
    }
    const known = this.differences.get(asset);
    if (known) {
      known.count++;
      return;
    }
    const [line, balance] = ascending ? [now.lastLine, now.balances.at(-1)] : [now.firstLine, now.balances[0]];
    const told = `The balance of ${asset} after line ${line} is ${balance}, but the rows ${ascending ? 'before it' : 'around it'} come to ${rounded(expected[0] ?? Number.NaN)}`;
    this.differences.set(asset, { text: told, count: 1 });
  }

  private finish(): void {
    for (const [asset, { before, now }] of this.instants) this.close(asset, before, now);
    this.instants.clear();
    let named = 0;
    for (const { text, count } of this.differences.values()) {
      if (named++ === namedAssets) {
        this.context.warn(
          `Balances of ${this.differences.size - namedAssets} more assets do not follow from their rows.`,
        );
        break;
      }
      const more = count > 1 ? ` (${count} such differences)` : '';
      this.context.warn(`${text}${more}: rows are missing between them, or were changed.`);
    }
    this.differences.clear();
  }
}

/** Venues keep eight decimals or more; each of two balances and the change may be rounded in the last of them. */
function isSame(balance: number, expected: number): boolean {
  return Math.abs(balance - expected) <= 2e-8 + 1e-9 * Math.max(Math.abs(balance), Math.abs(expected));
}

/** Without the noise of a float's last digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
