import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootstrapSumAndRoot, optimalBlockLength } from '../../shared/base/bootstrap';
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
    bootstrapSumAndRoot(values, { blockLength, resamples: 1_000, level: 0.95, random: new Random(seed) });

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
});
