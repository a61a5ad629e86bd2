import { describe, expect, it } from 'vitest';
import { Random } from '../../shared/base/random';
import { measuresOf } from '../../shared/parity/measures';
import type { PairFigures } from '../../shared/parity/pair-figures';
import { noPairIntervals, pairIntervals } from '../../shared/parity/pair-intervals';
import { pooledInterval } from '../../shared/parity/window-intervals';
import { drawPairs, pairKinds } from '../simulation/intervals/pairs';

const drawn = (count: number) => drawPairs(pairKinds[1]!, count, new Random(`day of ${count}`));
const intervalsOf = (pairs: PairFigures) => pairIntervals(pairs, measuresOf(pairs), 'seed');

describe('intervals of fee, latency and slippage differences', () => {
  it.each([8, 24, 25, 1_000])('contain their figures with %i pairs, the same every time', (count) => {
    const pairs = drawn(count);
    const measures = measuresOf(pairs);
    const found = intervalsOf(pairs);
    for (const [interval, value] of [
      [found.slippageInterval, measures.slippage.meanBps],
      [found.feeDifferenceInterval, measures.fees.differenceBps],
      [found.latencyDifferenceInterval, measures.latencyDifferenceMs],
    ] as const) {
      expect(interval?.lower).toBeLessThan(value!);
      expect(interval?.upper).toBeGreaterThan(value!);
    }
    expect(intervalsOf(pairs)).toEqual(found);
  });

  it('are not told by fewer than eight pairs', () => {
    expect(intervalsOf(drawn(7))).toEqual(noPairIntervals);
    expect(intervalsOf(drawn(0))).toEqual(noPairIntervals);
  });

  it('do not hang on the order in which the pairs stand', () => {
    const pairs = drawn(200);
    const turned = (column: Float64Array) => column.slice().reverse();
    const reversed: PairFigures = {
      ...pairs,
      atUs: turned(pairs.atUs),
      slippageBps: turned(pairs.slippageBps),
      weight: turned(pairs.weight),
      notional: { live: turned(pairs.notional.live), backtest: turned(pairs.notional.backtest) },
      fee: { live: turned(pairs.fee.live), backtest: turned(pairs.fee.backtest) },
      decisionMs: { live: turned(pairs.decisionMs!.live), backtest: turned(pairs.decisionMs!.backtest) },
    };
    const [one, other] = [intervalsOf(pairs), intervalsOf(reversed)];
    expect(other.slippageInterval?.lower).toBeCloseTo(one.slippageInterval!.lower, 9);
    expect(other.latencyDifferenceInterval?.upper).toBeCloseTo(one.latencyDifferenceInterval!.upper, 9);
  });

  it('are a point where all pairs are alike, with a caution while they are few', () => {
    const alike = (count: number): PairFigures => {
      const pairs = drawn(count);
      return {
        ...pairs,
        fee: { live: pairs.weight.map((w) => w * 5e-4), backtest: pairs.weight.map((w) => w * 3e-4) },
      };
    };
    const few = intervalsOf(alike(20)).feeDifferenceInterval;
    expect(few?.lower).toBeCloseTo(2, 12);
    expect(few?.upper).toBe(few?.lower);
    expect(few?.caution).toMatch(/^All 20 pairs/);
    expect(intervalsOf(alike(100)).feeDifferenceInterval?.caution).toBeUndefined();
  });

  it('rest on the pairs that tell the figure', () => {
    const pairs = drawn(40);
    const untold = pairs.fee.live.map((fee, pair) => (pair < 35 ? Number.NaN : fee));
    const found = intervalsOf({ ...pairs, fee: { ...pairs.fee, live: untold } });
    expect(found.feeDifferenceInterval).toBeNull();
    expect(found.slippageInterval).not.toBeNull();
  });

  it('say which pairs of very different sizes or of one side carry them', () => {
    const pairs = drawn(24);
    const weight = pairs.weight.map((value, pair) => (pair === 3 ? 1e6 : value));
    expect(intervalsOf({ ...pairs, weight }).slippageInterval?.caution).toMatch(/^Rests on about 1 of 24/);
    const slippageBps = pairs.slippageBps.map((value, pair) => (pair === 3 ? 1e4 : value));
    expect(
      intervalsOf({ ...pairs, weight: new Float64Array(24).fill(1), slippageBps }).slippageInterval?.caution,
    ).toMatch(/far to one side/);
  });
});

describe('the interval of a mean pooled over days', () => {
  it('is that of the mean where the days weigh the same', () => {
    const interval = pooledInterval(Float64Array.of(-2, -6, -4), Float64Array.of(7, 7, 7), 'x');
    // Student's t with 2 degrees: 4.302653 * 2 / sqrt(3)
    expect(interval?.lower).toBeCloseTo(-4 - 4.968, 3);
    expect(interval?.upper).toBeCloseTo(-4 + 4.968, 3);
  });
  it('is not told by two days', () => {
    expect(pooledInterval(Float64Array.of(1, 2), Float64Array.of(1, 1), 'x')).toBeNull();
  });
});
