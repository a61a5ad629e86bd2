import fc from 'fast-check';
import { HOUR_US } from '../../shared/base/time';
import type { SymbolDayInput } from '../../shared/parity/symbol-day';
import { dayStartUs, type Fill, sideOf, symbolDay } from './symbol-day';

/** Days of any two logs whatever they hold: what every identity must hold for. */

const fill = (scale: number): fc.Arbitrary<Fill> =>
  fc
    .record({
      // Few instants, so that many fills fall together and on the boundaries of intervals.
      at: fc.oneof(
        fc.integer({ min: 0, max: 24 }).map((hour) => Math.min(hour * 3_600, 86_399)),
        fc.integer({ min: 0, max: 300 }),
      ),
      side: fc.constantFrom<1 | -1>(1, -1),
      price: fc.double({ min: 0.5, max: 2, noNaN: true }).map((factor) => factor * scale),
      quantity: fc.oneof(fc.constantFrom(1, 2), fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
      feeRate: fc.oneof(fc.constant(null), fc.double({ min: -0.5, max: 2, noNaN: true })),
      feeCurrency: fc.constantFrom('USDT' as const, 'BTC' as const, 'BNB' as const),
      orderId: fc.constantFrom('', 'o1', 'o2', 'o3', 'o4'),
      clientOrderId: fc.constantFrom('', 'c1', 'c2', 'c3'),
      arrivalPrice: fc.option(
        fc.double({ min: 0.5, max: 2, noNaN: true }).map((factor) => factor * scale),
        { nil: undefined },
      ),
    })
    .map(({ feeRate, arrivalPrice, ...rest }) => {
      const unit = { USDT: rest.price * rest.quantity, BTC: rest.quantity, BNB: 1 }[rest.feeCurrency];
      const fee = feeRate === null ? null : feeRate * unit;
      return { ...rest, fee, ...(arrivalPrice === undefined ? {} : { arrivalPrice }) };
    });

export const randomDay = fc.constantFrom(1e-8, 1, 250, 1e7).chain((scale) =>
  fc.record({
    live: fc.array(fill(scale), { maxLength: 12 }),
    backtest: fc.array(fill(scale), { maxLength: 12 }),
    livePosition: fc.constantFrom<number>(0, 0, 3, -7.25),
    backtestPosition: fc.constantFrom<number>(0, 0, 3, 11.5),
    prices: fc.array(fc.tuple(fc.integer({ min: -3_600, max: 86_400 }), fc.double({ min: 0.5, max: 2, noNaN: true })), {
      maxLength: 4,
    }),
    last: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true })),
    scale: fc.constant(scale),
  }),
);

export type RandomDay = typeof randomDay extends fc.Arbitrary<infer Day> ? Day : never;

export const inputOfRandom = (random: RandomDay): SymbolDayInput =>
  symbolDay({
    live: sideOf(random.live, { positionAtStart: random.livePosition }),
    backtest: sideOf(random.backtest, { positionAtStart: random.backtestPosition }),
    prices: [...random.prices].sort((a, b) => a[0] - b[0]).map(([at, price]) => [at, price * random.scale]),
    lastFillBefore: random.last === null ? null : { price: random.last * random.scale, atUs: dayStartUs - HOUR_US },
  });
