import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_US } from '../../shared/base/time';
import { reportSchema } from '../../shared/parity/document';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { dayStartUs, type Fill, sideOf, symbolDay } from '../support/symbol-day';

// The identity the product stands on: whatever the two logs hold, the components add up to the P&L gap.

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

const randomDay = fc.constantFrom(1e-8, 1, 250, 1e7).chain((scale) =>
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

const inputOf = (random: typeof randomDay extends fc.Arbitrary<infer T> ? T : never) =>
  symbolDay({
    live: sideOf(random.live, { positionAtStart: random.livePosition }),
    backtest: sideOf(random.backtest, { positionAtStart: random.backtestPosition }),
    prices: [...random.prices].sort((a, b) => a[0] - b[0]).map(([at, price]) => [at, price * random.scale]),
    lastFillBefore: random.last === null ? null : { price: random.last * random.scale, atUs: dayStartUs - HOUR_US },
  });

/** Plain comparison: an assertion object for each of a hundred thousand checks would be most of the time. */
function within(what: string, value: number, expected: number, room: number): void {
  if (!(Math.abs(value - expected) <= room)) throw new Error(`${what}: ${value} is not ${expected} within ${room}`);
}

describe('attribution', () => {
  it('adds up to the gap within 1e-9 of gross notional, and the intervals add up to it too', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const input = inputOf(random);
        const { report, series, pairs, contribution } = computeSymbolDay(input);
        const { attribution: a, grossNotional } = report;
        const bound = 1e-9 * grossNotional;
        const parts = a.price + a.quantity + a.fees + a.missed + a.extra + a.carry + a.other;
        within('residual', a.residual, 0, bound);
        within('sum of the components', parts, a.gap, bound + 1e-12 * Math.abs(a.gap));

        // The same gap from two other sides: equity at the end of the last interval, and the orders one by one.
        const held = Math.abs(input.live.positionAtStart) + Math.abs(input.backtest.positionAtStart);
        const marked = !Number.isNaN(contribution.closingMark);
        const room = bound + (marked ? 1e-12 * held * contribution.closingMark : 0);
        if (marked) {
          within('equity apart', series.liveEquity.at(-1)! - series.backtestEquity.at(-1)!, a.gap, room);
          const telescoped = series.differenceBps.reduce<number>((sum, value) => sum + (value ?? 0), 0);
          within('intervals', telescoped, report.trackingDifferenceBps ?? 0, room + 1e-9 * Math.abs(telescoped));
        }
        let rows = a.carry;
        for (let row = 0; row < pairs.count; row++) rows += pairs.pairRowAt(row).gap;
        within('orders', rows, a.gap, room);

        // Nothing is dropped and nothing counted twice.
        const { matched, missed, extra } = report.matches;
        within('rows', pairs.count, matched + missed + extra, 0);
        within('live orders', report.orders.live, matched + extra, 0);
        within('backtest orders', report.orders.backtest, matched + missed, 0);
        if (
          a.delay !== null &&
          a.execution !== null &&
          random.live.every(({ arrivalPrice }) => arrivalPrice !== undefined)
        ) {
          within('delay and execution', a.delay + a.execution, a.price, bound);
        }
      }),
      { numRuns: 10_000, seed: 20_260_302 },
    );
  });

  it('gives a valid document without NaN or infinities, equal for equal inputs', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const { report, series } = computeSymbolDay({ ...inputOf(random), intervals: true });
        const text = JSON.stringify([report, series]);
        expect(reportSchema.parse(report)).toEqual(report);
        expect(text).toBe(JSON.stringify(JSON.parse(text)));
        const again = computeSymbolDay({ ...inputOf(random), intervals: true });
        expect(JSON.stringify([again.report, again.series])).toBe(text);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is zero in every part when live repeats the backtest', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const input = inputOf({ ...random, live: random.backtest, livePosition: random.backtestPosition });
        const { report } = computeSymbolDay(input);
        const { delay, execution, ...parts } = report.attribution;
        expect(Object.values(parts).every((value) => value === 0)).toBe(true);
        expect(Math.abs((delay ?? 0) + (execution ?? 0))).toBeLessThanOrEqual(1e-9 * report.grossNotional);
        expect(report.matches).toMatchObject({ missed: 0, extra: 0 });
      }),
      { numRuns: 1_000, seed: 11 },
    );
  });
});
