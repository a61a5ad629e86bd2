import { type ExecutionColumns, type FillColumns, liquidityCode } from '../market/columns';
import type { OrderTable } from '../market/orders';
import type { TrackedSide } from './tracked-day';

/**
 * A backtest as it would have come out with other settings, from its stored fills. Order by order and without any market data, so a
 * changed fill never makes the strategy decide otherwise: what a setting does to later signals only a new backtest can tell.
 */

export interface BacktestSettings {
  /** Fee by the liquidity the backtest gave its fill, bps of notional; null = the fees the backtest has. */
  readonly feeBps: { readonly maker: number; readonly taker: number; readonly unknown: number } | null;
  /** How much worse every order fills: bps of its price, positive = worse; and bps times the square root of its notional. */
  readonly slippage: {
    readonly buyBps: number;
    readonly sellBps: number;
    readonly impactBpsPerSqrtNotional: number;
  } | null;
  /** How much later every order fills, ms. */
  readonly delayMs: number | null;
  /**
   * Part of every order that fills. Which orders will be missed cannot be known beforehand; of all constants, filled over asked is the one
   * that leaves the least squared difference of quantities, so each order fills its expected part.
   */
  readonly fillRatio: number | null;
}

export const unchangedBacktest: BacktestSettings = { feeBps: null, slippage: null, delayMs: null, fillRatio: null };

export interface BacktestSide extends TrackedSide {
  readonly fills: (FillColumns & Pick<ExecutionColumns, 'liquidity'>) | null;
  readonly orders: Pick<OrderTable, 'orderOfRow' | 'notional'>;
}

/**
 * The backtest's fills and fees with the settings. Fees that stay are percentages: they keep their rate on a changed notional. A delay
 * moves every fill alike, past midnight too: the day keeps it.
 */
export function applyCalibration(backtest: BacktestSide, settings: BacktestSettings): TrackedSide {
  const { fills, feeQuote, orders, positionAtStart } = backtest;
  if (fills === null || feeQuote === null) return { fills, feeQuote, positionAtStart };
  const { feeBps, slippage, delayMs, fillRatio } = settings;
  const price = slippage === null ? fills.price : worsePrices(fills, orders, slippage);
  const quantity = fillRatio === null ? fills.quantity : fills.quantity.map((value) => value * fillRatio);
  const fees =
    feeBps === null ? sameRates(fills, feeQuote, price, quantity) : setRates(fills.liquidity, feeBps, price, quantity);
  const executedAtUs =
    delayMs === null ? fills.executedAtUs : fills.executedAtUs.map((atUs) => atUs + Math.round(delayMs * 1_000));
  return {
    fills: { count: fills.count, executedAtUs, side: fills.side, price, quantity },
    feeQuote: fees,
    positionAtStart,
  };
}

function worsePrices(
  fills: FillColumns,
  { orderOfRow, notional }: BacktestSide['orders'],
  slippage: NonNullable<BacktestSettings['slippage']>,
): Float64Array {
  const { count, side, price } = fills;
  const { buyBps, sellBps, impactBpsPerSqrtNotional } = slippage;
  const worse = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const before = price[row]!;
    let bps = side[row] === 1 ? buyBps : sellBps;
    if (impactBpsPerSqrtNotional !== 0) {
      bps += impactBpsPerSqrtNotional * Math.sqrt(Math.abs(notional[orderOfRow[row]!]!));
    }
    worse[row] = before + (side[row]! * Math.abs(before) * bps) / 1e4;
  }
  return worse;
}

/** Fees at the rate of each fill's liquidity. */
function setRates(
  liquidity: Uint8Array,
  feeBps: NonNullable<BacktestSettings['feeBps']>,
  price: Float64Array,
  quantity: Float64Array,
): Float64Array {
  const rates = new Float64Array(3);
  rates[liquidityCode.unknown] = feeBps.unknown;
  rates[liquidityCode.maker] = feeBps.maker;
  rates[liquidityCode.taker] = feeBps.taker;
  const fees = new Float64Array(price.length);
  for (let row = 0; row < fees.length; row++) {
    fees[row] = (rates[liquidity[row]!]! / 1e4) * Math.abs(price[row]! * quantity[row]!);
  }
  return fees;
}

/** Fees that stay are percentages: in proportion to the notional. */
function sameRates(
  fills: FillColumns,
  feeQuote: Float64Array,
  price: Float64Array,
  quantity: Float64Array,
): Float64Array {
  if (price === fills.price && quantity === fills.quantity) return feeQuote;
  const [priceBefore, quantityBefore] = [fills.price, fills.quantity];
  const fees = new Float64Array(fills.count);
  for (let row = 0; row < fees.length; row++) {
    const before = Math.abs(priceBefore[row]! * quantityBefore[row]!);
    const after = Math.abs(price[row]! * quantity[row]!);
    fees[row] = after === before || before === 0 ? feeQuote[row]! : feeQuote[row]! * (after / before);
  }
  return fees;
}
