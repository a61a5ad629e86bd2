import { describe, expect, it } from 'vitest';
import { windowIntervals } from '../../shared/parity/window-intervals';

describe('intervals of a window of days', () => {
  // Multipliers of the deviation for normal days: sqrt((n - 1) / chi-square), both ends of 95 %.
  it.each([
    [3, 0.521, 6.285],
    [5, 0.599, 2.874],
    [7, 0.644, 2.202],
    [14, 0.725, 1.611],
  ])('%i days: the deviation times %f to %f', (days, low, high) => {
    const values = Float64Array.from({ length: days }, (_, index) => Math.cos(index * 2.1));
    const average = values.reduce((one, other) => one + other, 0) / days;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (days - 1));
    const { deviation: interval } = windowIntervals(values, 'seed');
    expect((interval?.lower ?? 0) / deviation).toBeCloseTo(low, 3);
    expect((interval?.upper ?? 0) / deviation).toBeCloseTo(high, 3);
    expect(interval?.method).toContain('chi-square');
  });

  it('resamples from 20 days on, and the same window gives the same interval', () => {
    const values = Float64Array.from({ length: 20 }, (_, index) => Math.sin(index * 1.3) - 0.2);
    const once = windowIntervals(values, 'seed');
    expect(once.meanDifference?.method).toContain('bootstrap over 20 days');
    expect(windowIntervals(values, 'seed')).toEqual(once);
    expect(windowIntervals(values, 'other')).not.toEqual(once);
  });

  it('has none for one day or for days that are all the same', () => {
    expect(windowIntervals(Float64Array.of(3), 'seed')).toEqual({ meanDifference: null, deviation: null });
    expect(windowIntervals(Float64Array.of(3, 3, 3), 'seed')).toEqual({ meanDifference: null, deviation: null });
  });
});
