/**
 * A freqtrade trade (a round trip) as fills, where its orders are not recorded. Used by the backtest result and the database.
 * Fees are stated as rates; the fee in money is rate times notional, in the quote (freqtrade's stake currency).
 */
import type { Side } from '../../../../shared/market/executions';
import { pairOfSymbol } from '../../../../shared/market/symbols';
import type { ParsedExecution } from '../format';
import { execution } from './row';

/** Entry of a long buys, entry of a short sells; exits the other way round. */
export function tradeSide(isShort: boolean, isEntry: boolean): Side {
  return isShort === isEntry ? 'sell' : 'buy';
}

/** Fee in the quote from its rate; null where the rate is unknown. */
export function feeOfRate(
  rate: number | null,
  price: number,
  quantity: number,
  symbol: string,
): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  if (rate === null) return { fee: null, feeCurrency: null };
  return { fee: rate * price * quantity, feeCurrency: pairOfSymbol(symbol)?.quote ?? null };
}

export interface TradeLeg {
  readonly price: number;
  readonly atUs: number;
  readonly feeRate: number | null;
}

/** Fills of a trade told by its two ends: the entry, and the exit unless the trade is still open. */
export function legsOfTrade(
  trade: Pick<ParsedExecution, 'symbol' | 'strategy' | 'venue' | 'quantity' | 'paper'> & {
    readonly isShort: boolean;
    readonly key: string;
  },
  entry: TradeLeg,
  exit: TradeLeg | null,
): readonly ParsedExecution[] {
  const { isShort, key, ...common } = trade;
  const fill = (leg: TradeLeg, isEntry: boolean): ParsedExecution =>
    execution({
      ...common,
      ...feeOfRate(leg.feeRate, leg.price, trade.quantity, trade.symbol),
      side: tradeSide(isShort, isEntry),
      price: leg.price,
      executedAtUs: leg.atUs,
      orderId: `${key}-${isEntry ? 'entry' : 'exit'}`,
    });
  return exit === null ? [fill(entry, true)] : [fill(entry, true), fill(exit, false)];
}
