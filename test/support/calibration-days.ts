import { Random } from '../../shared/base/random';
import { addUtcDays, DAY_US, HOUR_US, type UtcDay } from '../../shared/base/time';
import type { ExecutionColumns } from '../../shared/market/columns';
import type { SideInput, SymbolDayInput } from '../../shared/parity/symbol-day';
import { columnsOf, dayStartUs, type Fill, day as firstDay, symbolDay } from './symbol-day';

/*
 * Days whose live log comes from the backtest by known settings and noise, so that a calibration can be held against the truth.
 * Trades are round trips; a trip whose entry is missed is not made at all, and an exit asks for what its entry got.
 */

export interface Truth {
  readonly days: number;
  readonly tripsPerDay: number;
  /** What live pays; the backtest charges maker 2 and taker 5 bps. */
  readonly makerBps: number;
  readonly takerBps: number;
  /** Part of the resting orders that cross after all in live. */
  readonly crossed: number;
  readonly slippageBps: number;
  /** Added for sells. */
  readonly sellSlippageBps: number;
  readonly impactBpsPerSqrtNotional: number;
  /** Standard deviation of each order's price noise, and of a whole day's. */
  readonly noiseBps: number;
  readonly dayNoiseBps: number;
  readonly delayMs: number;
  readonly fillProbability: number;
  /** Part of the trips that fill in part, to between 20 % and all. */
  readonly partial: number;
  /** Part of the orders whose price is a hundred times noisier. */
  readonly outliers: number;
  /** False = neither log tells maker from taker. */
  readonly liquidity: boolean;
}

export const noDifference: Truth = {
  days: 20,
  tripsPerDay: 20,
  makerBps: 2,
  takerBps: 5,
  crossed: 0,
  slippageBps: 0,
  sellSlippageBps: 0,
  impactBpsPerSqrtNotional: 0,
  noiseBps: 3,
  dayNoiseBps: 0,
  delayMs: 0,
  fillProbability: 1,
  partial: 0,
  outliers: 0,
  liquidity: true,
};

export interface CalibrationDesk {
  readonly days: readonly UtcDay[];
  read(day: string): Promise<SymbolDayInput>;
}

/** @param truth with what live differs by @param seed of the random numbers */
export function calibrationDesk(truth: Truth, seed: string): CalibrationDesk {
  const random = new Random(seed);
  const inputs = new Map<string, SymbolDayInput>();
  let livePosition = 0;
  let backtestPosition = 0;
  let trip = 0;
  let price = 100;
  for (let number = 0; number < truth.days; number++) {
    const live: Fill[] = [];
    const backtest: Fill[] = [];
    const prices: [number, number][] = [];
    const dayNoise = truth.dayNoiseBps * random.normal();
    for (let hour = 0; hour <= 24; hour++) {
      prices.push([hour * 3_600, price]);
      if (hour < 24) price *= 1 + 0.004 * random.normal();
    }
    const midAt = (at: number) => {
      const before = prices[Math.min(23, Math.floor(at / 3_600))]!;
      const after = prices[Math.min(24, Math.floor(at / 3_600) + 1)]!;
      return before[1] + ((after[1] - before[1]) * (at - before[0])) / 3_600;
    };
    for (let index = 0; index < truth.tripsPerDay; index++) {
      const entryAt = random.between(60, 80_000);
      const quantity = random.logNormal(100, 0.8);
      const direction: 1 | -1 = random.chance(0.5) ? 1 : -1;
      const filled = random.chance(truth.fillProbability)
        ? random.chance(truth.partial)
          ? random.between(0.2, 1)
          : 1
        : 0;
      trip++;
      for (const [leg, at, side] of [
        ['in', entryAt, direction],
        ['out', entryAt + random.between(300, 5_000), direction === 1 ? -1 : 1],
      ] as const) {
        const mid = midAt(at);
        const maker = random.chance(0.4);
        const liveMaker = maker && !random.chance(truth.crossed);
        const clientOrderId = `t${trip}-${leg}`;
        const liquidityOf = (resting: boolean) =>
          truth.liquidity ? { liquidity: resting ? ('maker' as const) : ('taker' as const) } : {};
        backtest.push({
          at,
          decidedAt: at - 0.01,
          side,
          price: mid,
          quantity,
          fee: (mid * quantity * (maker ? 2 : 5)) / 1e4,
          clientOrderId,
          ...liquidityOf(maker),
        });
        const latencyMs = truth.delayMs === 0 ? 10 : 10 + random.logNormal(truth.delayMs, 0.4);
        const wild = random.chance(truth.outliers) ? 100 : 1;
        const bps =
          truth.slippageBps +
          (side === -1 ? truth.sellSlippageBps : 0) +
          truth.impactBpsPerSqrtNotional * Math.sqrt(mid * quantity) +
          dayNoise +
          wild * truth.noiseBps * random.normal();
        if (filled === 0) continue;
        const livePrice = mid * (1 + (side * bps) / 1e4);
        live.push({
          at: at - 0.01 + latencyMs / 1_000,
          decidedAt: at - 0.01,
          side,
          price: livePrice,
          quantity: quantity * filled,
          fee: (livePrice * quantity * filled * (liveMaker ? truth.makerBps : truth.takerBps)) / 1e4,
          clientOrderId,
          ...liquidityOf(liveMaker),
        });
      }
    }
    const day = addUtcDays(firstDay, number);
    const sideOf = (fills: readonly Fill[], positionAtStart: number): SideInput => ({
      executions: fills.length === 0 ? null : onDay(columnsOf(fills), number),
      orderEvents: [],
      positionAtStart,
      coverage: { firstUs: dayStartUs, lastUs: dayStartUs + truth.days * DAY_US },
    });
    const input = symbolDay({
      live: sideOf(live, livePosition),
      backtest: sideOf(backtest, backtestPosition),
      day,
      nowUs: dayStartUs + (truth.days + 2) * DAY_US,
      settings: { capital: 500_000 },
    });
    inputs.set(day, {
      ...input,
      prices: {
        atUs: Float64Array.from(prices, ([at]) => dayStartUs + number * DAY_US + at * 1e6),
        price: Float64Array.from(prices, ([, value]) => value),
      },
    });
    const net = (fills: readonly Fill[]) => fills.reduce((sum, { side = 1, quantity = 1 }) => sum + side * quantity, 0);
    livePosition += net(live);
    backtestPosition += net(backtest);
  }
  return {
    days: [...inputs.keys()] as UtcDay[], // the keys are days of the calendar
    async read(day) {
      const input = inputs.get(day);
      if (input === undefined) throw new Error(`no day ${day}`);
      return input;
    },
  };
}

/** The same fills so many days later. */
function onDay(columns: ExecutionColumns, number: number): ExecutionColumns {
  const later = (atUs: Float64Array) => atUs.map((value) => value + number * 24 * HOUR_US);
  return { ...columns, executedAtUs: later(columns.executedAtUs), decidedAtUs: later(columns.decidedAtUs) };
}
