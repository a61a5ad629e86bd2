import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctedAutocorrelation, optimalBlockLength, sumAndRootIntervals } from '../../shared/base/bootstrap';
import { Random } from '../../shared/base/random';

const vectorFile = '../shared/vectors/arch_block_length.json';

describe('block length', () => {
  it.skipIf(!existsSync(vectorFile))(
    'agrees with the package arch (skipped where the reference vectors are not at hand)',
    () => {
      const vector = JSON.parse(readFileSync(vectorFile, 'utf8')).vectors[0];
      const length = optimalBlockLength(vector.inputs.values);
      expect(length.stationary).toBeCloseTo(vector.expected.stationary, 5);
      expect(length.circular).toBeCloseTo(vector.expected.circular, 5);
    },
  );

  it('is 1 for a series without variance or too short to tell, and never above its cap', () => {
    expect(optimalBlockLength([1, 2])).toEqual({ stationary: 1, circular: 1 });
    expect(optimalBlockLength(new Float64Array(24).fill(3))).toEqual({ stationary: 1, circular: 1 });
    const trend = Float64Array.from({ length: 24 }, (_, index) => index);
    expect(optimalBlockLength(trend).stationary).toBeLessThanOrEqual(8);
    expect(optimalBlockLength(trend).stationary).toBeGreaterThan(1);
  });
});

describe('stationary bootstrap', () => {
  const draw = (values: readonly number[], seed: string, blockLength = 2) =>
    sumAndRootIntervals(Float64Array.from(values), {
      blockLength,
      resamples: 1_000,
      level: 0.95,
      random: new Random(seed),
    });

  it('gives the same interval for the same seed and another for another', () => {
    const values = Array.from({ length: 24 }, (_, index) => Math.sin(index * 1.7) * 3);
    expect(draw(values, 'a')).toEqual(draw(values, 'a'));
    expect(draw(values, 'a')).not.toEqual(draw(values, 'b'));
  });

  it('collapses on a constant series and contains the truth of a long independent one', () => {
    const constant = draw(
      Array.from({ length: 16 }, () => 2),
      'c',
    );
    expect(constant).toEqual({ sum: { lower: 32, upper: 32 }, root: { lower: 8, upper: 8 } });
    const random = new Random('noise');
    const noise = Array.from({ length: 400 }, () => random.uniform() - 0.5);
    const interval = draw(noise, 'd', 1);
    // 400 uniforms of variance 1/12: sum 0 +- 5.8, root sqrt(400/12) = 5.77
    expect(interval.sum.upper - interval.sum.lower).toBeGreaterThan(15);
    expect(interval.sum.upper - interval.sum.lower).toBeLessThan(31);
    expect(interval.root.lower).toBeLessThan(5.77);
    expect(interval.root.upper).toBeGreaterThan(5.6);
  });

  it('is wider for a persistent series than for the same values in a mixed order', () => {
    const steady = Array.from({ length: 24 }, (_, index) => (index < 12 ? 1 : -1) + 0.01 * index);
    const mixed = steady.map((_, index) => steady[(index * 7) % 24]!);
    const width = ({ lower, upper }: { readonly lower: number; readonly upper: number }) => upper - lower;
    expect(width(draw(steady, 'e', 4).sum)).toBeGreaterThan(2 * width(draw(mixed, 'e', 1).sum));
  });

  it('always contains the estimate and never a negative root', () => {
    const anySeries = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 48 });
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 8 }), (values, blockLength) => {
        const { sum, root } = draw(values, 'f', blockLength);
        const total = values.reduce((one, other) => one + other, 0);
        const length = Math.hypot(...values);
        const slack = 1e-9 * (1 + values.reduce((one, other) => one + Math.abs(other), 0));
        expect(sum.lower).toBeLessThanOrEqual(total + slack);
        expect(sum.upper).toBeGreaterThanOrEqual(total - slack);
        expect(root.lower).toBeGreaterThanOrEqual(0);
        expect(root.lower).toBeLessThanOrEqual(length + slack);
        expect(root.upper).toBeGreaterThanOrEqual(length - slack);
      }),
      { numRuns: 60 },
    );
  });
});

describe('autocorrelation', () => {
  it('has its bias taken out and stays within its bounds', () => {
    const deviations = Float64Array.from([1, -1, 1, -1, 1, -1, 1, -1]);
    // raw -7/8; corrected -7/8 + (1 - 21/8)/8 = -1.078, held at the least
    expect(correctedAutocorrelation(deviations, -0.5)).toBe(-0.5);
    expect(correctedAutocorrelation(deviations, -2)).toBeCloseTo(-7 / 8 + (1 - 21 / 8) / 8, 12);
    expect(correctedAutocorrelation(new Float64Array(5), 0)).toBe(0);
    const trend = Float64Array.from({ length: 24 }, (_, index) => index - 11.5);
    expect(correctedAutocorrelation(trend, 0)).toBe(0.9);
  });
});

describe('a generator', () => {
  it('draws the same numbers one by one and at once, in any mixture', () => {
    const single = new Random('numbers');
    const mixed = new Random('numbers');
    const drawn = [3, 0, 1, 24].flatMap((count) => {
      const several = new Float64Array(count);
      mixed.fillUniform(several);
      return [...several, mixed.uniform()];
    });
    expect(drawn).toEqual(drawn.map(() => single.uniform()));
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
