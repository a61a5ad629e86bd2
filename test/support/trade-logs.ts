import { DAY_US, formatIsoUs, MINUTE_US, type UtcDay, utcDayStartUs } from '../../shared/base/time';

/**
 * A pair of small logs whose report can be worked out on paper: forty orders of one unit, alternating buy and sell every twenty minutes from
 * 00:10 on, around a price of 100; live fills `slippage` quote worse, `delayMs` later, and misses the trips of `missed`.
 */
export interface TradeLogOptions {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly days?: number;
  /** Evenly over the day; forty, one every 35 minutes, unless told. */
  readonly ordersPerDay?: number;
  readonly slippage?: number;
  readonly liveFeeBps?: number;
  readonly delayMs?: number;
  /** Trips (from 0) that live does not make, each day. */
  readonly missed?: readonly number[];
}

const header =
  'strategy,symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,orderId,clientOrderId,decidedAt,intendedQuantity';

export function tradeLogs(
  firstDay: UtcDay,
  options: TradeLogOptions = {},
): { readonly backtest: string; readonly live: string } {
  const {
    strategy = 'pairs',
    symbol = 'BTC/USDT',
    days = 1,
    ordersPerDay = 40,
    slippage = 0.001,
    liveFeeBps = 5,
    delayMs = 60,
    missed = [],
  } = options;
  const backtest = [header];
  const live = [header];
  for (let day = 0; day < days; day++) {
    for (let order = 0; order < ordersPerDay; order++) {
      const decidedUs =
        utcDayStartUs(firstDay) + day * DAY_US + Math.round((10 + (order * 1_400) / ordersPerDay) * MINUTE_US);
      const side = order % 2 === 0 ? 'buy' : 'sell';
      const price = 100 + (order % 7) * 0.1;
      const worse = side === 'buy' ? slippage : -slippage;
      const line = (paid: number, feeBps: number, atUs: number, id: string) =>
        [
          strategy,
          symbol,
          side,
          paid,
          1,
          (paid * feeBps) / 1e4,
          'USDT',
          'taker',
          formatIsoUs(atUs),
          id,
          `${strategy}-${day}-${order}`,
          formatIsoUs(decidedUs),
          1,
        ].join(',');
      backtest.push(line(price, 5, decidedUs + 40_000, `bt-${day}-${order}`));
      if (missed.includes(Math.floor(order / 2))) continue;
      live.push(
        line(
          Number((price + worse).toFixed(6)),
          liveFeeBps,
          decidedUs + 40_000 + delayMs * 1_000,
          `lv-${day}-${order}`,
        ),
      );
    }
  }
  return { backtest: `${backtest.join('\n')}\n`, live: `${live.join('\n')}\n` };
}
