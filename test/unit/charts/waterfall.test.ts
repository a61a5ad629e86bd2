import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compensatedSum } from '../../../shared/base/sums';
import type { Attribution } from '../../../shared/parity/document';
import { waterfallOf } from '../../../shared/parity/waterfall';

const amount = fc.double({ min: -1e9, max: 1e9, noNaN: true });
const split = fc.option(fc.record({ delay: amount, execution: amount }), { nil: null });

/** Any attribution whose identity holds: the gap is the sum of its causes and the residual. */
const attribution: fc.Arbitrary<Attribution> = fc
  .record({
    price: amount,
    split,
    quantity: amount,
    fees: amount,
    missed: amount,
    extra: amount,
    carry: amount,
    other: amount,
    residual: fc.oneof(fc.constant(0), amount),
  })
  .map(({ split: parts, ...causes }) => ({
    ...causes,
    delay: parts?.delay ?? null,
    execution: parts?.execution ?? null,
    gap: compensatedSum(Object.values(causes)),
  }));

const plain: Attribution = {
  gap: -12,
  price: -7,
  delay: null,
  execution: null,
  quantity: 1,
  fees: -4,
  missed: -3,
  extra: 2,
  carry: -1,
  other: 0,
  residual: 0,
};

describe('the waterfall', () => {
  test('starts at zero, has no break between steps, and ends at the gap', () => {
    fc.assert(
      fc.property(attribution, fc.double({ min: 0, max: 1e10, noNaN: true }), (given, gross) => {
        const { steps, total, low, high } = waterfallOf(given, 1_000, gross);
        const rounding = 1e-9 * Math.max(gross, Math.abs(given.gap)) + 1e-5; // 1e-5: last places of sums of amounts up to 1e9
        expect(steps[0]!.from).toBe(0);
        for (let index = 1; index < steps.length; index++) expect(steps[index]!.from).toBe(steps[index - 1]!.to);
        expect(Math.abs(steps.at(-1)!.to - total)).toBeLessThanOrEqual(10 * rounding);
        expect(total).toBe(given.gap);
        for (const step of steps) {
          expect(step.to).toBeGreaterThanOrEqual(low);
          expect(step.to).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  test('shares are weights: none negative, together one unless nothing moved', () => {
    fc.assert(
      fc.property(attribution, (given) => {
        const { steps } = waterfallOf(given, null, 0);
        const sum = compensatedSum(steps.map((step) => step.share));
        expect(steps.every((step) => step.share >= 0)).toBe(true);
        if (steps.some((step) => step.value !== 0)) expect(sum).toBeCloseTo(1, 9);
        else expect(sum).toBe(0);
      }),
    );
  });

  const cases: readonly [string, Partial<Attribution>, readonly string[]][] = [
    ['price is one step where no order has an arrival price', {}, ['price', 'quantity']],
    [
      'price is delay and execution where all orders have one',
      { delay: -5, execution: -2 },
      ['delay', 'execution', 'quantity'],
    ],
    [
      'what could not be split keeps a step of its own',
      { delay: -4, execution: -2 },
      ['delay', 'execution', 'priceWithoutArrival', 'quantity'],
    ],
  ];
  test.each(cases)('%s', (_, given, expected) => {
    const { steps } = waterfallOf({ ...plain, ...given }, null, 0);
    expect(steps.slice(0, expected.length).map((step) => step.cause)).toEqual(expected);
  });

  test('a residual beyond rounding is shown, one within it is not', () => {
    const causes = (residual: number) =>
      waterfallOf({ ...plain, gap: -12 + residual, residual }, null, 1e6).steps.map((step) => step.cause);
    expect(causes(0.5)).toContain('residual');
    expect(causes(0.0005)).not.toContain('residual');
  });

  test('bps are of capital, and unknown without it', () => {
    expect(waterfallOf(plain, 10_000, 0)).toMatchObject({ totalBps: -12, largest: 'price' });
    expect(waterfallOf(plain, null, 0)).toMatchObject({ totalBps: null });
    expect(waterfallOf(plain, 0, 0)).toMatchObject({ totalBps: null });
  });
});
