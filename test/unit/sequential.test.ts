import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cusumLimit, cusumRunLength, nextCusum, nextEdetector, shiftEvalue } from '../../shared/base/change-detection';
import { Random } from '../../shared/base/random';
import {
  asymptoticHalfWidth,
  asymptoticPValue,
  asymptoticRho,
  bernoulliInterval,
  mixtureBound,
  mixtureSprtHalfWidth,
  mixtureSprtLogRatio,
  normalMixture,
  normalMixtureBound,
  normalMixtureRho,
  stitchedBound,
} from '../../shared/base/sequential';
import { normalQuantile } from '../../shared/base/special-functions';
import { sampleRatioPValue } from '../../shared/base/two-samples';

const aim = { variance: 100, alpha: 0.05 };

describe('asymptotic confidence sequence', () => {
  it.each([
    [5000, 0.0398401],
    [60, 0.3636884],
  ])('rho for %i planned observations', (planned, expected) =>
    expect(asymptoticRho(0.05, planned, 'two')).toBeCloseTo(expected, 7),
  );

  it.each([
    [7, 1.147201],
    [60, 0.391844],
    [100, 0.303521],
    [500, 0.135739],
    [5000, 0.042924],
  ])('half width at its planned count %i', (count, expected) =>
    expect(asymptoticHalfWidth(count, 0.05, asymptoticRho(0.05, count, 'two'), 'two')).toBeCloseTo(expected, 6),
  );

  it('costs about half as much again as one look at the end', () => {
    const width = asymptoticHalfWidth(5000, 0.05, asymptoticRho(0.05, 5000, 'two'), 'two');
    expect(width / (normalQuantile(0.975) / Math.sqrt(5000))).toBeCloseTo(1.549, 2);
  });

  it.each(['one', 'two'] as const)(
    'the p value is the error at which the %s-sided interval just holds zero',
    (sides) => {
      fc.assert(
        fc.property(
          fc.double({ min: 2, max: 6, noNaN: true }),
          fc.integer({ min: 50, max: 20_000 }),
          (ratio, count) => {
            const rho = asymptoticRho(0.05, 2_000, sides);
            const p = asymptoticPValue(ratio, count, rho, sides);
            fc.pre(p < 0.999);
            expect(asymptoticHalfWidth(count, p, rho, sides) * Math.sqrt(count)).toBeCloseTo(ratio, 9);
          },
        ),
        { seed: 7 },
      );
    },
  );

  it('an estimate on the wrong side proves nothing', () => {
    expect(asymptoticPValue(-3, 500, asymptoticRho(0.05, 500, 'one'), 'one')).toBe(1);
    expect(asymptoticPValue(0, 500, asymptoticRho(0.05, 500, 'two'), 'two')).toBe(1);
  });
});

describe('mixture sequential probability ratio test', () => {
  it.each([
    [100, 0.2, 0.04, 2.215063],
    [100, 0.3, 0.04, 16.367228],
    [1000, 0.1, 0.01, 28.403345],
    [7, 1, 1, 7.559305],
  ])('after %i of mean %f', (count, mean, mixing, expected) =>
    expect(Math.exp(mixtureSprtLogRatio(count, mean, 1, mixing))).toBeCloseTo(expected, 5),
  );

  it.each([
    [7, 2.018417],
    [30, 0.643684],
    [100, 0.308239],
    [1000, 0.099738],
  ])('half width after %i', (count, expected) =>
    expect(mixtureSprtHalfWidth(count, 1, 0.04, 0.05)).toBeCloseTo(expected, 6),
  );

  it('is the normal mixture with v = n V and rho = V^2 / tau^2', () => {
    const [count, variance, mixing] = [40, 2.5, 0.3];
    const bound = normalMixtureBound(count * variance, 0.05, variance ** 2 / mixing);
    expect(mixtureSprtHalfWidth(count, variance, mixing, 0.05)).toBeCloseTo(bound / count, 12);
  });
});

describe('uniform boundaries', () => {
  it('of the normal mixture', () => {
    expect(normalMixtureRho(aim, 'two')).toBeCloseTo(12.60056, 5);
    expect(normalMixtureBound(100, 0.05, normalMixtureRho(aim, 'two'))).toBeCloseTo(30.35209, 5);
    expect(mixtureBound(normalMixture(aim, 'two'), 100, 0.05)).toBeCloseTo(30.35209, 5);
    expect(normalMixture(aim, 'two').logMartingale(10, 100)).toBeCloseTo(-0.6510052, 7);
    expect(mixtureBound(normalMixture(aim, 'one'), 100, 0.05)).toBeCloseTo(27.66071, 5);
  });

  it('stitched, constant below its smallest variance', () => {
    const options = { alpha: 0.05, smallestVariance: 10, scale: 3 };
    expect(stitchedBound(100, options)).toBeCloseTo(64.48755, 5);
    expect(stitchedBound(3, options)).toBe(stitchedBound(10, options));
  });

  it('hold all along: 300 random walks seen 1,000 times each cross it in at most a few percent', () => {
    const random = new Random('walks');
    const rho = normalMixtureRho({ variance: 300, alpha: 0.05 }, 'two');
    const bounds = Array.from({ length: 1_000 }, (_, step) => normalMixtureBound(step + 1, 0.05, rho));
    let crossed = 0;
    for (let walk = 0; walk < 300; walk++) {
      let sum = 0;
      const passes = (bound: number) => {
        sum += random.normal();
        return Math.abs(sum) > bound;
      };
      if (bounds.some(passes)) crossed++;
    }
    // At most 5 % in the long run; three standard errors above it for 300 walks is 8.8 %.
    expect(crossed / 300).toBeLessThan(0.088);
    expect(crossed).toBeGreaterThan(0);
  });
});

describe('probability of an event', () => {
  it.each([
    [700, 1000, 100, 0.651629, 0.745949],
    [15, 50, 50, 0.129556, 0.511896],
    [5, 50, 50, 0.013021, 0.269264],
    [1, 50, 50, 0, 0.13489],
    [1, 2, 50, 0, 1],
  ])('%i of %i', (successes, trials, plannedTrials, lower, upper) => {
    const interval = bernoulliInterval(successes, trials, { alpha: 0.05, plannedTrials });
    expect(interval.lower).toBeCloseTo(lower, 5);
    expect(interval.upper).toBeCloseTo(upper, 5);
  });

  it.each([
    [0, 50, 7.7],
    [0, 100, 3.99],
    [0, 200, 2.03],
    [0, 300, 1.36],
    [0, 400, 1.02],
    [0, 500, 0.82],
    [2, 500, 1.85],
    [2, 1000, 0.93],
  ])('%i errors in %i orders leave up to %f %%', (errors, orders, percent) =>
    expect(100 * bernoulliInterval(errors, orders, { alpha: 0.05, plannedTrials: orders }).upper).toBeCloseTo(
      percent,
      2,
    ),
  );

  it('says nothing before the first order, and is mirrored', () => {
    expect(bernoulliInterval(0, 0, { alpha: 0.05, plannedTrials: 50 })).toEqual({ lower: 0, upper: 1 });
    const some = bernoulliInterval(9, 60, { alpha: 0.05, plannedTrials: 60 });
    const others = bernoulliInterval(51, 60, { alpha: 0.05, plannedTrials: 60 });
    expect(others.lower).toBeCloseTo(1 - some.upper, 9);
    expect(others.upper).toBeCloseTo(1 - some.lower, 9);
  });
});

describe('change detection', () => {
  it.each([
    [0.5, 4, 338, 26.7, 8.3, 3.2],
    [0.5, 5, 938, 38.0, 10.3, 3.9],
    [0.25, 8, 738, 28.7, 11.3, 5.1],
  ])('run length of slack %f, limit %f', (slack, limit, none, half, one, two) => {
    expect(Math.round(cusumRunLength(slack, limit, 0))).toBe(none);
    for (const [shift, expected] of [
      [0.5, half],
      [1, one],
      [2, two],
    ] as const)
      expect(Math.abs(cusumRunLength(slack, limit, shift) - expected)).toBeLessThan(0.06);
  });

  it('finds the limit for one false alarm in 43,200 looks', () => {
    expect(cusumLimit(0.5, 43_200)).toBeCloseTo(8.8, 1);
    expect(cusumRunLength(0.5, cusumLimit(0.5, 43_200), 0)).toBeCloseTo(43_200, 6);
  });

  it('alarms as late as the formula says without change, and soon after one', () => {
    const random = new Random('cusum');
    const runLength = (shift: number, runs: number) => {
      let looks = 0;
      for (let run = 0; run < runs; run++)
        for (let sum = 0; sum <= 4; looks++) sum = nextCusum(sum, random.normal() + shift, 0.5);
      return looks / runs;
    };
    expect(runLength(0, 400) / 336).toBeCloseTo(1, 0);
    expect(Math.abs(runLength(1, 2_000) - 8.2)).toBeLessThan(0.4);
  });

  it.each([
    ['sr', 0.5, 1288, 16.0],
    ['sr', 1, 1853, 12.4],
  ] as const)(
    'e-detector %s of lambda %f: %f looks without change, %f at a shift of 1',
    (form, lambda, none, shifted) => {
      const random = new Random('e-detector');
      const runLength = (shift: number, runs: number) => {
        let looks = 0;
        for (let run = 0; run < runs; run++)
          for (let value = 0; value < 1_000; looks++)
            value = nextEdetector(value, shiftEvalue(random.normal() + shift, lambda), form);
        return looks / runs;
      };
      expect(Math.abs(runLength(1, 2_000) / shifted - 1)).toBeLessThan(0.06);
      expect(Math.abs(runLength(0, 300) / none - 1)).toBeLessThan(0.2);
    },
  );
});

describe('sample-ratio test', () => {
  it.each([
    ['far apart', [1000, 1200], [0.5, 0.5], 0.000020079],
    ['weights that add up to two', [1000, 1200], [1, 1], 0.000020079],
    ['an arm without weight takes no part', [1000, 1200, 900], [0.5, 0.5, 0], 0.000020079],
    ['one arm', [1000], [1], 1],
    ['nothing counted', [0, 0], [0.5, 0.5], 1],
  ])('%s', (_, observed, weights, expected) => expect(sampleRatioPValue(observed, weights)).toBeCloseTo(expected, 8));
});
