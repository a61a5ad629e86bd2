import { Random } from '../../../shared/base/random';
import { MINUTE_US, type UtcDay, utcDayStartUs } from '../../../shared/base/time';

/**
 * The sample desk's market: one mid price a minute per symbol. Geometric Brownian motion whose volatility is a mean-reverting
 * process of its own, times the busy and quiet hours of the day, with rare jumps; symbols share a common factor, as coins do.
 */

export interface SampleInstrument {
  readonly symbol: string;
  readonly startPrice: number;
  readonly tick: number;
  readonly lot: number;
  /** Of the daily returns, as a fraction. */
  readonly dailyVolatility: number;
  /** Share of the variance that comes from the market as a whole. */
  readonly commonShare: number;
  readonly halfSpreadBps: number;
}

export const sampleInstruments: readonly SampleInstrument[] = [
  {
    symbol: 'BTC/USDT',
    startPrice: 91_640,
    tick: 0.1,
    lot: 0.00001,
    dailyVolatility: 0.021,
    commonShare: 0.85,
    halfSpreadBps: 0.3,
  },
  {
    symbol: 'ETH/USDT',
    startPrice: 3_218,
    tick: 0.01,
    lot: 0.0001,
    dailyVolatility: 0.029,
    commonShare: 0.75,
    halfSpreadBps: 0.4,
  },
  {
    symbol: 'SOL/USDT',
    startPrice: 172.4,
    tick: 0.01,
    lot: 0.001,
    dailyVolatility: 0.036,
    commonShare: 0.6,
    halfSpreadBps: 0.8,
  },
  {
    symbol: 'XRP/USDT',
    startPrice: 2.268,
    tick: 0.0001,
    lot: 0.1,
    dailyVolatility: 0.034,
    commonShare: 0.5,
    halfSpreadBps: 1,
  },
  {
    symbol: 'LINK/USDT',
    startPrice: 16.92,
    tick: 0.001,
    lot: 0.01,
    dailyVolatility: 0.038,
    commonShare: 0.55,
    halfSpreadBps: 1.1,
  },
];

const minutesPerDay = 1_440;

export interface SampleMarket {
  readonly firstUs: number;
  readonly minutes: number;
  /** Mid at the start of each minute, one more than there are minutes. */
  readonly mids: ReadonlyMap<string, Float64Array>;
  /** Mid at the instant, on the straight line between the minutes around it. */
  midAt(symbol: string, atUs: number): number;
}

export function simulateMarket(seed: string, firstDay: UtcDay, days: number): SampleMarket {
  const firstUs = utcDayStartUs(firstDay);
  const minutes = days * minutesPerDay;
  const common = standardReturns(new Random(`${seed}/market`), minutes);
  const mids = new Map<string, Float64Array>();
  for (const instrument of sampleInstruments) {
    const own = standardReturns(new Random(`${seed}/${instrument.symbol}`), minutes);
    const path = new Float64Array(minutes + 1);
    const scale = instrument.dailyVolatility / Math.sqrt(minutesPerDay);
    let logPrice = Math.log(instrument.startPrice);
    path[0] = instrument.startPrice;
    for (let minute = 0; minute < minutes; minute++) {
      const shock =
        Math.sqrt(instrument.commonShare) * common[minute]! + Math.sqrt(1 - instrument.commonShare) * own[minute]!;
      logPrice += scale * shock - 0.5 * scale * scale;
      path[minute + 1] = Math.exp(logPrice);
    }
    mids.set(instrument.symbol, path);
  }
  return {
    firstUs,
    minutes,
    mids,
    midAt(symbol, atUs) {
      const path = mids.get(symbol);
      if (path === undefined) throw new Error(`The sample market has no ${symbol}.`);
      const position = Math.min(Math.max((atUs - firstUs) / MINUTE_US, 0), minutes);
      const minute = Math.min(Math.floor(position), minutes - 1);
      return path[minute]! + (path[minute + 1]! - path[minute]!) * (position - minute);
    },
  };
}

/** One return a minute of variance about 1, with clustered volatility, the rhythm of the day, and a jump about every four days. */
function standardReturns(random: Random, minutes: number): Float64Array {
  const returns = new Float64Array(minutes);
  const reversion = 1 / 600;
  const volatilityOfVolatility = 0.3 * Math.sqrt(2 * reversion);
  let logVolatility = 0;
  for (let minute = 0; minute < minutes; minute++) {
    logVolatility += -reversion * logVolatility + volatilityOfVolatility * random.normal();
    const jump = random.chance(1 / (4 * minutesPerDay)) ? 12 * random.normal() : 0;
    returns[minute] = rhythm((minute % minutesPerDay) / 60) * Math.exp(logVolatility - 0.045) * random.normal() + jump;
  }
  return returns;
}

/** Volatility over the hours of the UTC day: quiet before the European morning, busiest when the American session opens. */
function rhythm(hour: number): number {
  const europe = 0.25 * Math.exp(-(((hour - 8) / 2.2) ** 2));
  const america = 0.75 * Math.exp(-(((hour - 14.5) / 2.6) ** 2));
  return 0.8 + europe + america;
}
