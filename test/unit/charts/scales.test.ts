import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarOf, nearestDay } from '../../../renderer/charts/day-calendar';
import { axisNumber } from '../../../renderer/charts/equity-difference';
import { histogramOf, quantileOf } from '../../../renderer/charts/histogram';
import { pointCloudOf } from '../../../renderer/charts/latency-scatter';
import { sparklinePath } from '../../../renderer/charts/Sparkline';
import { domainOf, roundStep } from '../../../renderer/charts/scale';
import { limitLines, trackingDomain } from '../../../renderer/charts/tracking-series';
import { trendOf } from '../../../renderer/charts/trend';
import type { DayPoint } from '../../../shared/parity/day-point';

const value = fc.double({ min: -1e7, max: 1e7, noNaN: true });
const figure = fc.option(value, { nil: null });
const limits = { warn: 15, limit: 20, critical: 25 };

function dayPoint(day: string, figures: Partial<DayPoint> = {}): DayPoint {
  return {
    day,
    status: 'PASS',
    trackingErrorBps: 9,
    trackingErrorLowerBps: null,
    trackingErrorUpperBps: null,
    trackingDifferenceBps: -4,
    worstTrackingBps: 9,
    feeDifferenceBps: 0.2,
    latencyDifferenceMs: 12,
    matchRate: 0.99,
    gap: -3,
    executionQualityScore: 97,
    matched: 40,
    missed: 1,
    extra: 0,
    ...figures,
  };
}

describe('axis domains', () => {
  test('hold every value and all that must be in view, and both ends are whole steps', () => {
    fc.assert(
      fc.property(fc.array(figure), fc.array(value, { maxLength: 3 }), (values, include) => {
        const { min, max, interval } = domainOf(values, include);
        expect(max).toBeGreaterThan(min);
        const slack = interval * 1e-6;
        for (const one of [...values, ...include]) {
          if (one === null) continue;
          expect(one).toBeGreaterThanOrEqual(min - slack);
          expect(one).toBeLessThanOrEqual(max + slack);
        }
        for (const end of [min, max]) expect(Math.abs(end / interval - Math.round(end / interval))).toBeLessThan(1e-6);
      }),
    );
  });

  test('steps are round and no smaller than asked', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (least) => {
        const step = roundStep(least);
        expect(step).toBeGreaterThanOrEqual(least * (1 - 1e-6));
        expect(step).toBeLessThanOrEqual(least * 2.5 * (1 + 1e-6));
      }),
    );
  });

  test('the critical limit is in view on a calm month, and limits are mirrored only where the difference comes near', () => {
    const calm = trackingDomain(calendarOf([dayPoint('2031-03-01'), dayPoint('2031-03-02')]), limits);
    expect(calm.min).toBeLessThanOrEqual(-4);
    expect(calm.max).toBeGreaterThan(25);
    expect(limitLines(calm, limits, 300).map((line) => line.value)).toEqual([15, 20, 25]);
    const drifting = trackingDomain(calendarOf([dayPoint('2031-03-01', { trackingDifferenceBps: -22 })]), limits);
    expect(limitLines(drifting, limits, 300).map((line) => line.value)).toEqual([15, 20, 25, -15, -20, -25]);
  });

  test.each([
    [0.25, 0.05, '0.25'],
    [-1_500, 500, '−1,500'],
    [2.5, 2.5, '2.5'],
    [-0, 1, '0'],
    [0.00025, 0.00005, '0.00025'],
  ])('the tick %s on steps of %s reads %s', (tick, interval, text) => {
    expect(axisNumber(tick, interval)).toBe(text);
  });
});

describe('the day calendar', () => {
  const calendar = calendarOf([dayPoint('2031-03-04'), dayPoint('2031-02-27')]);

  test('has a place for every day, empty where nothing was measured', () => {
    expect(calendar.days).toEqual(['2031-02-27', '2031-02-28', '2031-03-01', '2031-03-02', '2031-03-03', '2031-03-04']);
    expect(calendar.points.map((point) => point?.day ?? null)).toEqual([
      '2031-02-27',
      null,
      null,
      null,
      null,
      '2031-03-04',
    ]);
  });

  test.each([
    ['2031-02-20', '2031-02-27'],
    ['2031-03-01', '2031-02-27'],
    ['2031-03-03', '2031-03-04'],
    ['2031-09-01', '2031-03-04'],
  ])('a click at %s opens %s', (at, day) => {
    expect(nearestDay(calendar, Date.parse(`${at}T00:00:00Z`))?.day).toBe(day);
  });

  test('is empty without days', () => {
    expect(calendarOf([])).toMatchObject({ days: [], points: [] });
    expect(nearestDay(calendarOf([]), 0)).toBeNull();
  });
});

describe('the distribution', () => {
  test('counts every order once: in a bin, beyond the range, or unknown', () => {
    fc.assert(
      fc.property(fc.array(figure, { maxLength: 400 }), (values) => {
        const histogram = histogramOf(values);
        const binned = histogram.counts.reduce((sum, count) => sum + count, 0);
        expect(binned + histogram.below + histogram.above).toBe(histogram.known);
        expect(histogram.known + histogram.unknown).toBe(values.length);
        expect(histogram.edges.length).toBe(histogram.counts.length === 0 ? 0 : histogram.counts.length + 1);
      }),
    );
  });

  test('equal values make one full bin, and a stray one does not stretch the bins', () => {
    expect(histogramOf([2, 2, 2])).toMatchObject({ known: 3, below: 0, above: 0, p50: 2, mean: 2 });
    const many = Array.from({ length: 999 }, (_, index) => (index % 21) - 10);
    const histogram = histogramOf([...many, 1e6]);
    expect(histogram.above).toBe(1);
    expect(histogram.edges.at(-1)).toBeLessThan(20);
  });

  test('quantiles interpolate between neighbours', () => {
    expect(quantileOf(Float64Array.of(1, 2, 3, 10), 0.5)).toBe(2.5);
    expect(quantileOf(Float64Array.of(7), 0.95)).toBe(7);
  });
});

describe('deviation against latency', () => {
  test('finds the line a cloud was made from, and none where there is nothing to fit', () => {
    const xs = Array.from({ length: 200 }, (_, index) => index);
    const trend = trendOf(
      xs,
      xs.map((x) => 3 + 0.02 * x),
    );
    expect(trend).toMatchObject({ points: 200 });
    expect(trend!.slope).toBeCloseTo(0.02, 12);
    expect(trend!.intercept).toBeCloseTo(3, 10);
    expect(trend!.correlation).toBeCloseTo(1, 12);
    expect(
      trendOf(
        xs,
        xs.map(() => 1),
      ),
    ).toBeNull();
    expect(trendOf([1, 2, null], [1, 2, 3])).toBeNull();
  });

  test('keeps the way back from a point to its order, and counts what it leaves out', () => {
    const cloud = pointCloudOf({
      ids: ['live:0', 'live:1', 'live:2'],
      latencyMs: [10, null, 30],
      slippageBps: [1, 2, -3],
    });
    expect([...cloud.flat]).toEqual([10, 1, 30, -3]);
    expect([...cloud.places]).toEqual([0, 2]);
    expect(cloud.unknown).toBe(1);
  });
});

describe('the sparkline', () => {
  test('breaks at unknown days and stays inside its box', () => {
    const { line, last, limitY } = sparklinePath([5, null, 8, 900], 20, 96, 20);
    expect(line.match(/M/g)).toHaveLength(2);
    for (const [, y] of line.matchAll(/[ML][\d.]+ ([\d.]+)/g)) {
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThanOrEqual(20);
    }
    expect(last).not.toBeNull();
    expect(limitY).toBeLessThan(20);
  });
});
