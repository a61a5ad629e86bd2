import { describe, expect, it } from 'vitest';
import { knownDay } from '../../support/known-pairs';
import { clockCases, measureClock } from './clocks';
import { difficulties } from './difficulties';
import { matchingOf, measure } from './measure';

// The full tables are made by `npm run matching`; here fewer days of the same.
const ordersEach = 6_000;
/** What the luck of so few pairs can take from a share. */
const luck = 0.001;
const clockDays = 4;

describe('matching on days whose pairs are known', () => {
  it.each(difficulties)('$name: precise enough, and never below pairing in order or nearest first', (difficulty) => {
    const seeds = Math.max(1, Math.round(ordersEach / difficulty.day.signals));
    const { ours, zip, greedy } = measure(difficulty, seeds, 1);
    expect(ours.precision).toBeGreaterThanOrEqual(difficulty.least - luck);
    expect(ours.recall).toBeGreaterThanOrEqual(difficulty.least - luck);
    expect(ours.precision).toBeGreaterThanOrEqual(Math.max(zip.precision, greedy.precision) - luck);
    const most = difficulty.exceedsTolerance ? greedy.recall : Math.max(zip.recall, greedy.recall);
    expect(ours.recall).toBeGreaterThanOrEqual(most - luck);
  });

  it('finds with the clocks apart what it finds with equal clocks', () => {
    const [equal, apart] = ['moderate', 'clock behind'].map((name) => difficulties.find((one) => one.name === name)!);
    for (let seed = 1; seed <= 5; seed++) {
      // One seed and one name: the same orders by two clocks.
      const [same, other] = [equal!, apart!].map(({ day }) => matchingOf(knownDay(`clocks ${seed}`, day)));
      const differing = same!.backtestOf.reduce(
        (sum, partner, order) => sum + Number(partner !== other!.backtestOf[order]),
        0,
      );
      expect(differing).toBeLessThanOrEqual(4);
      expect(other!.clock.appliedUs / 1e6).toBeCloseTo(-199.7, 0);
    }
  });
});

describe('the clocks of two logs', () => {
  it.each(clockCases)('$name, $about: $right', (one) => {
    const { right, days, told, covered, largestErrorMs } = measureClock(one, clockDays, 1);
    expect(right).toBe(days);
    if (one.trueMs === null) return;
    expect(told).toBe(days);
    expect(largestErrorMs).toBeLessThan(1_100);
    expect(covered).toBeGreaterThanOrEqual(days - 1);
  });

  it('tells the drift', () => {
    const drifting = clockCases.find(({ name }) => name === '90 s ahead, drifts 10 s')!;
    expect(measureClock(drifting, clockDays, 1).medianDriftMsPerDay / 1_000).toBeCloseTo(10, -0.4);
  });
});
