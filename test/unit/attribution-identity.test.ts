import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../shared/parity/document';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { inputOfRandom, randomDay } from '../support/random-day';

// The identity the product stands on: whatever the two logs hold, the components add up to the P&L gap.

/** Plain comparison: an assertion object for each of a hundred thousand checks would be most of the time. */
function within(what: string, value: number, expected: number, room: number): void {
  if (!(Math.abs(value - expected) <= room)) throw new Error(`${what}: ${value} is not ${expected} within ${room}`);
}

describe('attribution', () => {
  it('adds up to the gap within 1e-9 of gross notional, and the intervals add up to it too', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const input = inputOfRandom(random);
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
  }, 120_000);

  it('gives a valid document without NaN or infinities, equal for equal inputs', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const { report, series } = computeSymbolDay({ ...inputOfRandom(random), intervals: true });
        const text = JSON.stringify([report, series]);
        expect(reportSchema.parse(report)).toEqual(report);
        expect(text).toBe(JSON.stringify(JSON.parse(text)));
        const again = computeSymbolDay({ ...inputOfRandom(random), intervals: true });
        expect(JSON.stringify([again.report, again.series])).toBe(text);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is zero in every part when live repeats the backtest', () => {
    fc.assert(
      fc.property(randomDay, (random) => {
        const input = inputOfRandom({ ...random, live: random.backtest, livePosition: random.backtestPosition });
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
