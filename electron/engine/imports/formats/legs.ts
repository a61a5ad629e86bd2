/** What ledgers share: balance changes that together are one trade, and which of two assets the other is priced in. */
import type { Pair } from '../../../../shared/market/symbols';
import type { HeldRow, ParsedExecution, RowGroup, RowOutcome } from '../format';
import { otherRow } from './row';

/** Groups the legs of a ledger under a key; `settle` turns the legs of one group into an outcome each, in order. */
export class LegGroups<Leg> {
  private readonly open = new Map<string, { readonly legs: Leg[]; readonly group: RowGroup }>();

  constructor(private readonly settle: (legs: readonly Leg[]) => readonly RowOutcome[]) {}

  hold(key: string, leg: Leg): HeldRow {
    const known = this.open.get(key);
    if (known) {
      known.legs.push(leg);
      return { kind: 'held', group: known.group };
    }
    const legs = [leg];
    const group: RowGroup = {
      settle: () => {
        this.open.delete(key);
        return this.settle(legs);
      },
    };
    this.open.set(key, { legs, group });
    return { kind: 'held', group };
  }
}

/** The outcomes of the legs of one fill: the first stands for it, the others are counted by name. */
export function fillOfLegs(count: number, fill: ParsedExecution): readonly RowOutcome[] {
  const outcomes: RowOutcome[] = [{ kind: 'executions', executions: [fill] }];
  while (outcomes.length < count) outcomes.push(otherRow('further leg of a fill'));
  return outcomes;
}

/** Every leg goes to quarantine for the same reason. */
export function refusedLegs(count: number, refusal: RowOutcome): readonly RowOutcome[] {
  return Array.from({ length: count }, () => refusal);
}

const ranks: readonly (readonly string[])[] = [
  ...['DOT', 'TRX', 'BNB', 'ETH', 'BTC'].map((coin) => [coin]),
  // Which of two stable coins is the base differs from venue to venue.
  [
    ...[
      'USDT',
      'USDC',
      'DAI',
      'TUSD',
      'BUSD',
      'FDUSD',
      'PYUSD',
      'RLUSD',
      'USDG',
      'USDP',
      'GUSD',
      'PAX',
      'USDS',
      'USD1',
    ],
    ...['USDQ', 'USDR', 'UST', 'EURC', 'EURT', 'EURQ', 'EURR'],
  ],
  // The order of the foreign exchange market: EUR/USD, USD/JPY.
  ...['EUR', 'GBP', 'AUD', 'USD', 'CAD', 'CHF', 'JPY', 'AED', 'TRY', 'BRL', 'UAH'].map((currency) => [currency]),
];
const rankOf: ReadonlyMap<string, number> = new Map(
  ranks.flatMap((assets, rank) => assets.map((asset): [string, number] => [asset, rank])),
);

/**
 * The market in which two assets are traded for each other: all venues price coins in bitcoin and ether, those in stable coins, and
 * all of them in money. A pair the user names counts first. null = it cannot be told.
 */
export function marketOf(one: string, other: string, named: Pair | null): Pair | null {
  if (named !== null) {
    if (named.base === one && named.quote === other) return { base: one, quote: other };
    if (named.base === other && named.quote === one) return { base: other, quote: one };
  }
  const [first, second] = [rankOf.get(one) ?? -1, rankOf.get(other) ?? -1];
  if (first === second) return null;
  return first > second ? { base: other, quote: one } : { base: one, quote: other };
}
