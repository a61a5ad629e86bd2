import { describe, expect, it } from 'vitest';
import { compareForSort } from '../../../renderer/components/Table';
import { limitStateOf } from '../../../shared/parity/words';

describe('sorting', () => {
  it.each([
    [false, [1, 2, 10, null]],
    [true, [10, 2, 1, null]],
  ])('puts unknown last, descending %s', (descending, sorted) => {
    expect([2, null, 10, 1].sort((a, b) => compareForSort(a, b, descending))).toEqual(sorted);
  });

  it('keeps equal rows in their order', () => {
    const rows = [3, 1, 2].map((id) => ({ id, value: 7 }));
    expect(rows.toSorted((a, b) => compareForSort(a.value, b.value, true)).map(({ id }) => id)).toEqual([3, 1, 2]);
  });
});

describe('where a figure stands', () => {
  const limits = { warn: 15, limit: 20, critical: 25 };
  it.each([
    [14.999, 'within'],
    [15, 'warn'],
    [-15, 'warn'],
    [20, 'limit'],
    [-25, 'critical'],
    [null, 'unknown'],
    [Number.NaN, 'unknown'],
  ])('%s is %s', (value, state) => {
    expect(limitStateOf(value, limits)).toBe(state);
  });

  it('without a critical limit stops at the limit', () => {
    expect(limitStateOf(99, { warn: 3, limit: 5 })).toBe('limit');
  });
});
