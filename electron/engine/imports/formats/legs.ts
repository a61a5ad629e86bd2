/** What ledgers share: balance changes that together are one trade, and which of two assets the other is priced in. */
import type { Side } from '../../../../shared/market/executions';
import { type Pair, pairOfSymbol, pairSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { HeldRow, ParsedExecution, ReadContext, RowGroup, RowOutcome } from '../format';
import { otherRow, RowCheck } from './row';

interface OpenGroup<Leg> {
  readonly legs: Leg[];
  readonly group: RowGroup;
  /** A line of the group could not be read: without it the others would make another trade than there was. */
  spoilt: boolean;
}

/** Groups the legs of a ledger under a key; `settle` turns the legs of one group into an outcome each, in order. */
export class LegGroups<Leg> {
  private readonly open = new Map<string, OpenGroup<Leg>>();

  constructor(private readonly settle: (legs: readonly Leg[]) => readonly RowOutcome[]) {}

  hold(key: string, leg: Leg): HeldRow {
    const { legs, group } = this.group(key);
    legs.push(leg);
    return { kind: 'held', group };
  }

  /** A line that cannot be read, but shows by its key where it belongs: the rest of its group goes to quarantine as well. */
  refuse(key: string, refusal: RowOutcome): RowOutcome {
    this.group(key).spoilt = true;
    return refusal;
  }

  private group(key: string): OpenGroup<Leg> {
    const known = this.open.get(key);
    if (known) return known;
    const legs: Leg[] = [];
    const group: RowGroup = {
      settle: () => {
        this.open.delete(key);
        return opened.spoilt ? refusedLegs(legs.length, brokenGroup) : this.settle(legs);
      },
    };
    const opened: OpenGroup<Leg> = { legs, group, spoilt: false };
    this.open.set(key, opened);
    return opened;
  }
}

const brokenGroup: RowOutcome = {
  kind: 'quarantine',
  reason: 'another line of the same trade cannot be read, and without it this one would make a wrong fill',
};

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

/** What one line of a ledger did to one balance, apart from the fee. */
export interface BalanceChange {
  readonly asset: string;
  /** Positive received, negative paid; before the fee. */
  readonly amount: number;
  /** In `asset`; positive paid. */
  readonly fee: number;
}

export interface SettledFill {
  readonly side: Side;
  readonly quantity: number;
  readonly fee: number;
  readonly feeCurrency: string;
}

/** The lines of one pair, price and time, and the order in which they are paired. */
export interface PricedLegs {
  readonly legs: readonly BalanceChange[];
  readonly order: readonly number[];
  readonly symbol: string;
  readonly price: number;
  readonly atUs: number;
}

/**
 * Pairs lines into fills: each line of the base with a line of the quote on the other side that is worth as much. Lines left over go
 * to quarantine, for what they are worth is in no fill. A fee taken in both assets is stated in the quote.
 */
export function fillsOfPricedLegs(
  { legs, order, symbol, price, atUs }: PricedLegs,
  fillOf: (fill: SettledFill) => ParsedExecution,
): readonly RowOutcome[] {
  const pair = pairOfSymbol(symbol);
  const outcomes = new Map<number, RowOutcome>();
  for (const at of order) {
    const base = legs[at]!;
    if (pair === null || base.asset !== pair.base || base.amount === 0) continue;
    const worth = -base.amount * price;
    const match = order.find((candidate) => {
      const { asset, amount } = legs[candidate]!;
      if (outcomes.has(candidate) || asset !== pair.quote) return false;
      // Venues cut the worth to the decimals of the quote.
      return Math.abs(amount - worth) <= Math.max(1e-6 * Math.abs(worth), 1e-8);
    });
    if (match === undefined) continue;
    const quote = legs[match]!;
    const inBase = quote.fee === 0 && (base.fee !== 0 || base.amount > 0);
    const fill = fillOf({
      side: base.amount > 0 ? 'buy' : 'sell',
      quantity: Math.abs(base.amount),
      fee: inBase ? base.fee : quote.fee + base.fee * price,
      feeCurrency: inBase ? pair.base : pair.quote,
    });
    outcomes.set(Math.min(at, match), { kind: 'executions', executions: [fill] });
    outcomes.set(Math.max(at, match), otherRow('further leg of a fill'));
  }
  const check = new RowCheck();
  return legs.map((leg, index) => {
    const outcome = outcomes.get(index);
    if (outcome) return outcome;
    check.reset();
    check.refuse(`no line of the same time and price is the other side of ${leg.amount} ${leg.asset}`);
    return check.quarantine(symbol, atUs);
  });
}

/** Assets that others are priced in; of two the later is the quote. */
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

/** An asset and how much of it changed hands; the amount is positive. */
export interface AssetAmount {
  readonly asset: string;
  readonly amount: number;
}

/** A trade told by what was received and what was given for it, in the market of the two assets; a text = why it cannot be told. */
export function tradeOf(
  received: AssetAmount,
  given: AssetAmount,
  named: Pair | null,
): Pick<ParsedExecution, 'symbol' | 'side' | 'price' | 'quantity'> | string {
  const market = marketOf(received.asset, given.asset, named);
  if (market === null) {
    return `it cannot be told which of ${received.asset} and ${given.asset} is priced in the other; name the pair with --symbol`;
  }
  const isBuy = received.asset === market.base;
  const [base, quote] = isBuy ? [received, given] : [given, received];
  return {
    symbol: pairSymbol(market),
    side: isBuy ? 'buy' : 'sell',
    price: quote.amount / base.amount,
    quantity: base.amount,
  };
}

/** The pair the user names, for trades that do not tell which of two assets is priced in the other. */
export function namedPair(context: ReadContext): Pair | null {
  return context.symbol === null ? null : pairOfSymbol(symbolOf(context.symbol));
}
