import { describe, expect, test } from 'vitest';
import { windowOf, windowQuery, worstDays } from '../../../renderer/pages/parity/window/window';
import { hrefOf, parseAddress } from '../../../renderer/state/address';
import type { UtcDay } from '../../../shared/base/time';

const days = ['2031-03-04', '2031-01-02', '2031-03-31'] as UtcDay[]; // literals in the brand's shape

describe('the window of an address', () => {
  test.each([
    [{}, { choice: '30', from: '2031-03-02', to: '2031-03-31' }],
    [{ window: '7' }, { choice: '7', from: '2031-03-25', to: '2031-03-31' }],
    [{ window: '90' }, { choice: '90', from: '2031-01-01', to: '2031-03-31' }],
    [{ window: 'all' }, { choice: 'all', from: '2031-01-02', to: '2031-03-31' }],
    [{ window: '8' }, { choice: '30', from: '2031-03-02', to: '2031-03-31' }],
    [
      { from: '2031-02-01', to: '2031-02-28', window: '7' },
      { choice: null, from: '2031-02-01', to: '2031-02-28' },
    ],
    // No range: as if it were not there.
    [
      { from: '2031-02-28', to: '2031-02-01' },
      { choice: '30', from: '2031-03-02', to: '2031-03-31' },
    ],
    [
      { from: '2031-02-30', to: '2031-03-01' },
      { choice: '30', from: '2031-03-02', to: '2031-03-31' },
    ],
    [{ from: '2031-02-01' }, { choice: '30', from: '2031-03-02', to: '2031-03-31' }],
  ])('%j', (query, window) => {
    expect(windowOf(query, days)).toEqual(window);
  });

  const written = (...[before, to]: Parameters<typeof windowQuery>) =>
    parseAddress(hrefOf(['parity'], windowQuery(before, to))).query;

  test.each(['7', '30', '90', 'all'] as const)('%s days come back from what is written of them', (choice) => {
    const before = { from: '2031-02-01', to: '2031-02-02', why: 'late.market', 'why-order': 'x', window: '7' };
    const query = written(before, choice);
    expect(windowOf(query, days).choice).toBe(choice);
    expect(Object.keys(query).filter((name) => name.startsWith('why'))).toEqual([]);
  });

  test('a range comes back from what is written of it', () => {
    const range = { from: '2031-02-01', to: '2031-02-01' };
    expect(windowOf(written({ window: 'all' }, range), days)).toEqual({ choice: null, ...range });
  });
});

test('the worst days are those that stray most, the unknown last, the later first among equals', () => {
  const all = [
    { day: '1', worstTrackingBps: 3 },
    { day: '2', worstTrackingBps: null },
    { day: '3', worstTrackingBps: 9 },
    { day: '4', worstTrackingBps: 3 },
  ];
  expect(worstDays(all, 3).map(({ day }) => day)).toEqual(['3', '4', '1']);
  expect(worstDays(all, 9).map(({ day }) => day)).toEqual(['3', '4', '1', '2']);
});
