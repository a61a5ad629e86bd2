import { Random } from '../../shared/base/random';
import type { ExecutionColumns } from '../../shared/market/columns';
import { formOrders, type OrderTable } from '../../shared/market/orders';
import { textAt } from '../../shared/market/text-column';
import { columnsOf, type Fill } from './symbol-day';

/**
 * Two logs of one strategy's day whose pairs are known. Signals come first; each makes a backtest order and a live order unless one of
 * them is missing; then the logs are written as such logs are: late, in parts, short, by another clock. Pure: one seed, one pair of logs.
 */

/** Everything that makes a day easy or hard to match. Shares are parts of 1, times are milliseconds. */
export interface Difficulty {
  /** Signals of the day, bursts counted by their orders. */
  readonly signals: number;
  /** When signals come: any time, or at the start of a bar (ms), at most one each. */
  readonly bars: number | null;
  /** Standard deviation of the live order's time around its signal, after `latencyMs`. */
  readonly jitterMs: number;
  readonly latencyMs: number;
  /** Live orders that are late by an exponential time of mean `lateMs` more. */
  readonly lateShare: number;
  readonly lateMs: number;
  /** Signals that only the backtest, or only live, has. */
  readonly missed: number;
  readonly extra: number;
  /** Live orders filled in several executions up to two seconds apart. */
  readonly parts: number;
  /** Live orders filled to between a tenth and nine tenths. */
  readonly short: number;
  /** Live orders of quite another size: a third to three times. */
  readonly wrongSize: number;
  /** Live orders on the wrong side: nobody's pair. */
  readonly reversed: number;
  /** Signals that come as a burst of `burstOf` orders of equal side and size, milliseconds apart. */
  readonly bursts: number;
  readonly burstOf: number;
  /** All orders of one size, or log-normal sizes. */
  readonly sizes: 'equal' | 'varied';
  /** Signals whose orders carry a shared client order id. */
  readonly keys: number;
  /** What the live clock shows more than the backtest's at noon, and what it gains a day. */
  readonly offsetMs: number;
  readonly driftMsPerDay: number;
  /** The backtest stamps its fills with the start of the bar (ms) they fall into. */
  readonly backtestStamp: number | null;
  /** Both logs tell when each order was decided; live decides 10 to 60 ms later, when its feed brings the price. */
  readonly decided: boolean;
}

export const plainDay: Difficulty = {
  signals: 400,
  bars: null,
  jitterMs: 0,
  latencyMs: 300,
  lateShare: 0,
  lateMs: 0,
  missed: 0,
  extra: 0,
  parts: 0,
  short: 0,
  wrongSize: 0,
  reversed: 0,
  bursts: 0,
  burstOf: 1,
  sizes: 'varied',
  keys: 0,
  offsetMs: 0,
  driftMsPerDay: 0,
  backtestStamp: null,
  decided: false,
};

export interface KnownSide {
  readonly columns: ExecutionColumns;
  readonly orders: OrderTable;
  /** Which orders are the same: the two orders of a pair, and the orders of a burst, which nothing tells apart, have one number. */
  readonly identity: Int32Array;
}

export interface KnownDay {
  readonly live: KnownSide;
  readonly backtest: KnownSide;
  /** Pairs there are to be found. */
  readonly pairs: number;
}

const dayMs = 86_400_000;
/** Nothing happens in the first and last half hour, so that no clock moves an order into another day. */
const marginMs = 1_800_000;

export function knownDay(seed: string, difficulty: Difficulty): KnownDay {
  const random = new Random(seed);
  const live: Fill[] = [];
  const backtest: Fill[] = [];
  const taken = new Set<number>();
  let identity = 0;
  for (let orders = 0; orders < difficulty.signals; identity++) {
    const atMs = instantOf(random, difficulty, taken);
    const side = random.chance(0.5) ? 1 : -1;
    const quantity = difficulty.sizes === 'equal' ? 1 : rounded(random.logNormal(1, 0.8));
    const burst = random.chance(difficulty.bursts) ? difficulty.burstOf : 1;
    // A burst is late as a whole: its orders go out together.
    const delayMs = liveDelay(random, difficulty);
    for (let member = 0; member < burst; member++, orders++) {
      const fate = random.uniform();
      const hasLive = fate >= difficulty.missed;
      const hasBacktest = fate < 1 - difficulty.extra;
      const name = `${identity}.${member}`;
      const key = random.chance(difficulty.keys) ? { clientOrderId: `s${name}` } : {};
      const signalMs = atMs + 5 * member;
      const decided = (ms: number) => (difficulty.decided ? { decidedAt: Math.round(ms) / 1_000 } : {});
      if (hasBacktest) {
        const stamp = difficulty.backtestStamp;
        const shownMs = stamp === null ? signalMs : Math.floor(signalMs / stamp) * stamp;
        backtest.push({
          at: shownMs / 1_000,
          side,
          price: 100,
          quantity,
          orderId: `b${name}`,
          ...key,
          ...decided(signalMs),
        });
      }
      if (hasLive) {
        const reversed = random.chance(difficulty.reversed);
        const filled = liveQuantity(random, difficulty, quantity);
        const clock = (ms: number) => shownByLiveClock(ms, difficulty);
        const feedMs = random.between(10, 60);
        const filledMs = signalMs + delayMs + random.between(0, 4);
        const order = { price: 100, side: reversed ? (-side as 1 | -1) : side, orderId: `l${name}`, ...key } as const; // the negative of one side is the other
        const parts = random.chance(difficulty.parts) ? random.integer(2, 4) : 1;
        for (let part = 0; part < parts; part++) {
          const laterMs = part === 0 ? 0 : random.between(1, 2_000);
          live.push({
            ...order,
            at: clock(filledMs + laterMs) / 1_000,
            quantity: filled / parts,
            ...decided(clock(signalMs + feedMs)),
          });
        }
      }
    }
  }
  const sides = { live: sideOf(live), backtest: sideOf(backtest) };
  return { ...sides, pairs: commonOf(sides.live, sides.backtest) };
}

/** @param taken bars that have a signal already */
function instantOf(random: Random, { bars }: Difficulty, taken: Set<number>): number {
  for (;;) {
    const atMs = Math.round(random.between(marginMs, dayMs - marginMs));
    if (bars === null) return atMs;
    const bar = Math.round(atMs / bars) * bars;
    if (taken.has(bar)) continue;
    taken.add(bar);
    return bar;
  }
}

/** Median of what lies between signal and live fill besides the clock, ms. */
export function medianDelayMs(difficulty: Difficulty): number {
  const random = new Random('delays');
  const delays = Float64Array.from({ length: 40_001 }, () => liveDelay(random, difficulty)).sort();
  return delays[20_000]!;
}

function liveDelay(random: Random, { latencyMs, jitterMs, lateShare, lateMs }: Difficulty): number {
  const late = random.chance(lateShare) ? random.exponential(lateMs) : 0;
  return latencyMs + jitterMs * random.normal() + late;
}

function liveQuantity(random: Random, { short, wrongSize }: Difficulty, quantity: number): number {
  if (random.chance(wrongSize)) return rounded(quantity * Math.exp(random.between(-Math.log(3), Math.log(3))));
  return random.chance(short) ? rounded(quantity * random.between(0.1, 0.9)) : quantity;
}

function shownByLiveClock(ms: number, { offsetMs, driftMsPerDay }: Difficulty): number {
  return ms + offsetMs + driftMsPerDay * (ms / dayMs - 0.5);
}

function rounded(quantity: number): number {
  return Math.max(0.0001, Math.round(quantity * 1e4) / 1e4);
}

/** Orders of one signal and side are one identity; the side is part of it, for a reversed order is nobody's pair. */
function sideOf(fills: readonly Fill[]): KnownSide {
  const columns = columnsOf(fills);
  const orders = formOrders(columns, null, [], 1e6);
  const identity = Int32Array.from({ length: orders.filledCount }, (_, order) => {
    const [signal = ''] = textAt(columns.orderId, orders.firstRow[order]!).slice(1).split('.');
    return 2 * Number(signal) + (orders.side[order] === 1 ? 1 : 0);
  });
  return { columns, orders, identity };
}

/** Of each identity as many pairs as the scarcer side has orders. */
function commonOf(live: KnownSide, backtest: KnownSide): number {
  const left = new Map<number, number>();
  for (const identity of backtest.identity) left.set(identity, (left.get(identity) ?? 0) + 1);
  let pairs = 0;
  for (const identity of live.identity) {
    const open = left.get(identity) ?? 0;
    if (open === 0) continue;
    left.set(identity, open - 1);
    pairs++;
  }
  return pairs;
}
