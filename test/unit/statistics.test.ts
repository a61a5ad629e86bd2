import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../shared/base/json';
import { quantilesOf } from '../../shared/base/quantiles';
import {
  firstComponentShare,
  leastSquaresSlope,
  mean,
  pearson,
  quantileOfSorted,
  ranks,
  sampleDeviation,
  spearman,
  sumOf,
  symmetricEigenvalues,
  weightedMoments,
} from '../../shared/base/statistics';

/** Equal within the room, or both undefined. */
function expectNear(value: number | undefined, expected: number, room = 1e-12): void {
  if (Number.isNaN(expected)) expect(value).toBeNaN();
  else expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThanOrEqual(room * Math.max(1, Math.abs(expected)));
}

describe('moments', () => {
  it.each([
    [[], Number.NaN, Number.NaN],
    [[5], 5, Number.NaN],
    [[2, 4, 4, 4, 5, 5, 7, 9], 5, Math.sqrt(32 / 7)],
    [[1e16, 1, -1e16], 1 / 3, Math.sqrt((2 * (1e16 - 1 / 3) ** 2) / 2)],
  ])('of %j: mean %f, deviation %f', (values, expectedMean, deviation) => {
    expectNear(mean(values), expectedMean);
    expectNear(sampleDeviation(values), deviation);
  });

  it('sums what plain addition loses', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
  });

  it('weighs: equal weights give the plain deviation, one value none', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    const equal = weightedMoments(
      values,
      values.map(() => 3),
    );
    expect(equal.mean).toBe(5);
    expect(equal.deviation).toBeCloseTo(sampleDeviation(values), 12);
    // weights 1 and 3: mean 2.5, spread (1 * 2.25 + 3 * 0.25) / 4 = 0.75, over 1 - (1 + 9) / 16 = 0.375
    expect(weightedMoments([1, 3], [1, 3])).toEqual({ mean: 2.5, deviation: Math.SQRT2, rms: Math.sqrt(7), weight: 4 });
    expect(weightedMoments([1], [3]).deviation).toBeNaN();
    expect(weightedMoments([], []).mean).toBeNaN();
  });
});

describe('quantiles (type 7)', () => {
  it.each([
    [[15, 20, 35, 40, 50], 0.4, 29],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[7], 0.99, 7],
    [[1, 3], 0, 1],
    [[1, 3], 1, 3],
    [[], 0.5, Number.NaN],
  ])('of %j at %f is %f', (values, share, expected) => {
    expectNear(quantileOfSorted(values, share), expected);
    expectNear(quantilesOf(Float64Array.from(values), [share])[0], expected);
  });

  it('by buckets are those by sorting, also of values that crowd together, stand far apart or are infinite', () => {
    // Minus zero counts as zero; sorting would tell them apart.
    const value = fc
      .oneof(
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 3 }),
        fc.double({ noNaN: true }),
        fc.integer({ min: 0, max: 300 }).map((exponent) => 10 ** exponent),
      )
      .map((number) => number + 0);
    const values = fc.oneof(
      fc.array(value, { minLength: 1, maxLength: 200 }),
      fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 100, maxLength: 2_000, size: 'max' }),
      fc
        .array(fc.integer({ min: -300, max: 300 }), { minLength: 70, maxLength: 700, size: 'max' })
        .map((exponents) => exponents.map((exponent) => 10 ** exponent)),
    );
    fc.assert(
      fc.property(values, (drawn) => {
        const given = Float64Array.from(drawn, (number) => number + 0);
        const sorted = given.slice().sort();
        const shares = [0, 0.05, 0.5, 0.5, 0.95, 0.99, 1];
        const before = given.slice();
        expect(quantilesOf(given, shares)).toEqual(shares.map((share) => quantileOfSorted(sorted, share)));
        expect(given).toEqual(before);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe('correlation', () => {
  it.each([
    ['straight line', [1, 2, 3, 4], [2, 4, 6, 8], 1, 1],
    ['falling', [1, 2, 3], [3, 2, 1], -1, -1],
    // Sums of squares 10 and 10, of products 8.
    ['nearly in order', [1, 2, 3, 4, 5], [1, 3, 2, 5, 4], 0.8, 0.8],
    ['monotone, not straight', [1, 2, 3, 4], [1, 8, 27, 64], 0.9513699, 1],
    ['without variance', [1, 1, 1], [1, 2, 3], Number.NaN, Number.NaN],
    ['one point', [1], [1], Number.NaN, Number.NaN],
  ])('%s', (_, x, y, expectedPearson, expectedSpearman) => {
    expectNear(pearson(x, y), expectedPearson, 1e-7);
    expectNear(spearman(x, y), expectedSpearman);
  });

  it('ranks ties by their mean', () => {
    expect(Array.from(ranks([10, 20, 10, 5]))).toEqual([2.5, 4, 2.5, 1]);
  });
});

describe('least squares', () => {
  it('gives slope and standard error', () => {
    // x 1..4, y 2 4 5 4: xx 5, xy 3.5, yy 4.75 -> slope 0.7, residual 4.75 - 0.7 * 3.5 = 2.3, error sqrt(2.3 / 2 / 5)
    const { slope, standardError } = leastSquaresSlope([1, 2, 3, 4], [2, 4, 5, 4]);
    expect(slope).toBeCloseTo(0.7, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(0.23), 12);
  });

  it.each([
    ['two points', [1, 2], [1, 2]],
    ['equal x', [0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4]],
  ])('has none for %s', (_, x, y) => {
    expect(leastSquaresSlope(x, y)).toEqual({ slope: Number.NaN, standardError: Number.NaN });
  });
});

describe('principal component', () => {
  it('finds the eigenvalues of a symmetric matrix', () => {
    // Eigenvalues of [[2, 1, 0], [1, 2, 1], [0, 1, 2]]: 2 + sqrt 2, 2, 2 - sqrt 2.
    const values = symmetricEigenvalues(Float64Array.of(2, 1, 0, 1, 2, 1, 0, 1, 2), 3);
    for (const [index, expected] of [2 + Math.SQRT2, 2, 2 - Math.SQRT2].entries()) expectNear(values[index], expected);
  });

  it('has all of one cause, its equal part of independent ones, and none of a single series', () => {
    const wave = Array.from({ length: 24 }, (_, index) => Math.sin(index));
    expect(firstComponentShare([wave, wave.map((value) => -3 * value), wave])).toBeCloseTo(1, 12);
    expect(
      firstComponentShare([
        [1, 1, -1, -1],
        [1, -1, 1, -1],
        [1, -1, -1, 1],
      ]),
    ).toBeCloseTo(1 / 3, 12);
    // Two series of correlation r: (1 + |r|) / 2.
    const [x, y] = [
      [1, 2, 3, 4, 5],
      [1, 3, 2, 5, 4],
    ];
    expect(firstComponentShare([x, y])).toBeCloseTo(0.9, 12);
    // More series than intervals takes the other Gram matrix.
    expect(
      firstComponentShare([
        [1, 2, 4],
        [2, 4, 8],
        [0, 1, 3],
        [5, 5, 5],
      ]),
    ).toBeCloseTo(1, 12);
    expect(firstComponentShare([wave, wave.map(() => 2)])).toBeNaN();
  });
});

describe('canonical JSON', () => {
  it('orders keys, keeps arrays, and refuses what JSON cannot say', () => {
    expect(canonicalJson({ b: [2, { d: null, c: 'x' }], a: undefined, A: true })).toBe(
      '{"A":true,"b":[2,{"c":"x","d":null}]}',
    );
    expect(() => canonicalJson({ a: Number.NaN })).toThrow('NaN');
  });
});
