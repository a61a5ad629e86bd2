import { describe, expect, it } from 'vitest';
import { type Coverage, dayCoverage, windowCoverage } from './measure';
import { pairCoverage, pairKinds } from './pairs';
import { autoregression, heavyKinds, independentKinds } from './series';
import { returnKinds, sharpeCoverage } from './sharpe';

// The full table is made by `npm run coverage`; here a smaller part of the same runs, with room for the luck of that many.
const runs = 400;
const share = ({ covered, runs: made }: Coverage) => covered / made;

describe('95 % intervals of a day of 24 intervals contain the truth', () => {
  it.each([...independentKinds, autoregression(0.3), autoregression(0.5), autoregression(-0.4)])('$name', (kind) => {
    const { difference, error } = dayCoverage(kind, 24, runs);
    for (const coverage of [difference, error]) {
      expect(coverage.runs).toBe(runs);
      expect(share(coverage)).toBeGreaterThan(0.92);
      expect(share(coverage)).toBeLessThan(0.99);
    }
  });

  it('warns on most days that go on as they began, where it falls short', () => {
    const { difference } = dayCoverage(autoregression(0.8), 24, runs);
    expect(share(difference)).toBeLessThan(0.93);
    expect(difference.cautioned / difference.runs).toBeGreaterThan(0.8);
    expect(dayCoverage(independentKinds[0]!, 24, runs).difference.cautioned / runs).toBeLessThan(0.05);
  });

  it('warns where few intervals make the tracking error', () => {
    const losses = heavyKinds.find(({ name }) => name === 'one-sided losses');
    expect(dayCoverage(losses!, 24, runs).error.cautioned / runs).toBeGreaterThan(0.25);
  });
});

describe('95 % intervals of a window of days contain the truth', () => {
  it.each([3, 7, 14, 30, 60])('%i independent days', (days) => {
    const { difference, error } = windowCoverage(independentKinds[0]!, days, runs);
    for (const coverage of [difference, error]) {
      expect(share(coverage)).toBeGreaterThan(0.92);
      expect(share(coverage)).toBeLessThan(0.99);
    }
  });
});

describe('95 % intervals over the pairs of a day contain the truth', () => {
  it.each(pairKinds.slice(0, 2).flatMap((kind) => [20, 200].map((pairs) => [kind.name, pairs, kind] as const)))(
    '%s, %i pairs',
    (_name, pairs, kind) => {
      for (const coverage of Object.values(pairCoverage(kind, pairs, runs))) {
        expect(share(coverage)).toBeGreaterThan(0.915);
        expect(share(coverage)).toBeLessThan(0.99);
      }
    },
  );

  it('warns on most days where it falls short', () => {
    const { fees } = pairCoverage(pairKinds[2]!, 20, runs);
    expect(fees.cautioned / fees.runs).toBeGreaterThan(0.5);
  });
});

describe('95 % intervals of the difference of the Sharpe ratios', () => {
  const [alike] = returnKinds;
  const persistent = returnKinds.find(({ persistence }) => persistence === 0.6);

  it('contain the truth of independent days from 120 on, and seldom warn there', () => {
    const coverage = sharpeCoverage(alike!, 120, 200);
    expect(share(coverage)).toBeGreaterThan(0.9);
    expect(coverage.cautioned / coverage.runs).toBeLessThan(0.15);
  });

  it('warn below, and where days go on as they began', () => {
    const few = sharpeCoverage(alike!, 30, 50);
    expect(few.cautioned).toBe(few.runs);
    const coverage = sharpeCoverage(persistent!, 120, 100);
    expect(share(coverage)).toBeLessThan(0.93);
    expect(coverage.cautioned / coverage.runs).toBeGreaterThan(0.95);
  });
});
