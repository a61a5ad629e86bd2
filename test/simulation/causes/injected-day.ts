import { Random } from '../../../shared/base/random';
import type { OrderEvent } from '../../../shared/market/executions';
import type { Cause } from '../../../shared/parity/cause-names';
import type { SymbolDayInput } from '../../../shared/parity/symbol-day';
import { type Fill, orderEvent, sideOf, symbolDay } from '../../support/symbol-day';

/**
 * Days on which the true cause of every order's difference is known, because it was put there: live repeats the backtest order by order
 * but for what is injected. The market is a random walk; the desk holds a price of it every five seconds.
 */

export const injections = [
  'late',
  'partial',
  'wrongSize',
  'missed',
  'extra',
  'feeModel',
  'priceSource',
  'execution',
] as const satisfies readonly Cause[];
export type Injection = (typeof injections)[number];

/** What the live log tells of the times of its orders. */
export const evidences = ['arrival', 'decision', 'prices', 'fills'] as const;
export type Evidence = (typeof evidences)[number];

export interface InjectedDay {
  readonly input: SymbolDayInput;
  /** By client order id; an order without one repeats the backtest. */
  readonly injected: ReadonlyMap<string, readonly Injection[]>;
}

export interface InjectedDayOptions {
  readonly orders: number;
  readonly evidence: Evidence;
  /** Chance that something is injected into an order, and that a second thing is. */
  readonly rate: number;
  readonly secondRate: number;
  /** What may be injected. */
  readonly kinds: readonly Injection[];
  /** Deviation of what every live price differs besides, bps. */
  readonly noiseBps: number;
}

const dayS = 86_400;
const storedEveryS = 5;
const candleS = 900;
/** Of the market in a second, bps: 4 % a day. */
const volatilityBps = 1.4;
const feeRate = 4e-4;

export function injectedDay(seed: string, options: InjectedDayOptions): InjectedDay {
  const random = new Random(seed);
  const path = new Float64Array(dayS + 61);
  path[0] = 40_000;
  for (let second = 1; second < path.length; second++) {
    path[second] = path[second - 1]! * (1 + (volatilityBps / 1e4) * random.normal());
  }
  const marketAt = (atS: number) => {
    const second = Math.floor(atS);
    return path[second]! + (atS - second) * (path[second + 1]! - path[second]!);
  };
  const injected = new Map<string, Injection[]>();
  const live: Fill[] = [];
  const backtest: Fill[] = [];
  const events: OrderEvent[] = [];
  for (let order = 0; order < options.orders; order++) {
    const at = 600 + ((dayS - 1_800) * (order + 0.8 * random.uniform())) / options.orders;
    const side = random.uniform() < 0.5 ? 1 : -1;
    const quantity = Number((0.5 + random.uniform()).toFixed(4));
    const clientOrderId = `o-${order}`;
    const kinds: Injection[] = [];
    if (random.uniform() < options.rate) kinds.push(pick(random, options.kinds));
    if (kinds.length > 0 && random.uniform() < options.secondRate) kinds.push(pick(random, options.kinds));
    const has = (kind: Injection) => kinds.includes(kind);
    // What did not happen on one side cannot differ in anything else.
    const alone = kinds.find((kind) => kind === 'missed' || kind === 'extra');
    if (kinds.length > 0) injected.set(clientOrderId, alone === undefined ? [...new Set(kinds)] : [alone]);

    const modelled = has('priceSource') && alone === undefined ? candleCloseApart(marketAt, at) : marketAt(at);
    if (alone !== 'extra') {
      backtest.push({ at, side, price: modelled, quantity, fee: feeRate * modelled * quantity, clientOrderId });
    }
    if (alone === 'missed') {
      if (random.uniform() < 0.5) {
        events.push(
          orderEvent({ at, side: side === 1 ? 'buy' : 'sell', kind: 'rejected', clientOrderId, reason: 'rejected' }),
        );
      }
      continue;
    }
    const delay = has('late') && alone === undefined ? 5 + 25 * random.uniform() : 0.02;
    const arrival = marketAt(at + delay);
    const worse = has('execution') && alone === undefined ? (2 + 6 * random.uniform()) / 1e4 : 0;
    const price = arrival * (1 + side * worse + (options.noiseBps / 1e4) * random.normal());
    const asked =
      has('wrongSize') && alone === undefined
        ? Number((quantity * (0.3 + 0.4 * random.uniform())).toFixed(4))
        : quantity;
    const filled =
      has('partial') && alone === undefined ? Number((asked * (0.2 + 0.6 * random.uniform())).toFixed(4)) : asked;
    const rate = has('feeModel') && alone === undefined ? feeRate * (2 + 2 * random.uniform()) : feeRate;
    live.push({
      at: at + delay,
      side,
      price,
      quantity: filled,
      intended: asked,
      fee: rate * price * filled,
      clientOrderId,
      ...(options.evidence === 'arrival' && { arrivalPrice: arrival }),
      ...(options.evidence === 'decision' && { decidedAt: at - 0.01 }),
    });
  }
  const stored = options.evidence === 'prices' || options.evidence === 'arrival';
  const prices: [number, number][] = [];
  for (let at = stored ? 0 : dayS; at <= dayS; at += storedEveryS) prices.push([at, path[at]!]);
  return { input: symbolDay({ live: sideOf(live, { orderEvents: events }), backtest, prices }), injected };
}

/** The close of a candle near the fill that the market's price then was at least 20 bps away from; none is farther than five hours. */
function candleCloseApart(marketAt: (atS: number) => number, at: number): number {
  const now = marketAt(at);
  for (let candle = 1; candle < 20; candle++) {
    for (const closeS of [
      Math.ceil(at / candleS + candle - 1) * candleS,
      Math.floor(at / candleS - candle + 1) * candleS,
    ]) {
      if (closeS < 0 || closeS > dayS) continue;
      const close = marketAt(closeS);
      if (Math.abs(close / now - 1) >= 0.002) return close;
    }
  }
  return now * 1.002;
}

function pick<Value>(random: Random, values: readonly Value[]): Value {
  return values[Math.floor(random.uniform() * values.length)]!;
}
