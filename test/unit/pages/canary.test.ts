import { describe, expect, test } from 'vitest';
import { trendPath } from '../../../renderer/charts/TrendLine';
import { problemsElsewhere, valueAt, withValue } from '../../../renderer/pages/canary/draft';
import { describeMonitor, watchedOf } from '../../../renderer/pages/canary/monitor';
import { formatObserved, observedShare } from '../../../renderer/pages/canary/observed';
import { canaryRoute } from '../../../renderer/pages/canary/route';
import { parseAddress } from '../../../renderer/state/address';
import { DAY_MS, HOUR_MS } from '../../../shared/base/time';

/** The Canary and Audit pages' view models: addresses, words, drafts, and when the monitor is loud. */

describe('addresses of the Canary page', () => {
  test.each([
    ['#/canary', { view: 'list', filter: 'active' }],
    ['#/canary?show=ended', { view: 'list', filter: 'ended' }],
    ['#/canary?show=nonsense', { view: 'list', filter: 'active' }],
    ['#/canary/new', { view: 'new' }],
    ['#/canary/rules', { view: 'rules' }],
    ['#/canary/secrets', { view: 'secrets' }],
    ['#/canary/history', { view: 'history' }],
    ['#/canary/deployment/a%2Fb', { view: 'deployment', id: 'a/b' }],
    ['#/canary/deployment/a/playbook', { view: 'playbook', id: 'a' }],
    ['#/canary/deployment', { view: 'unknown' }],
    ['#/canary/deployment/a/other', { view: 'unknown' }],
    ['#/canary/new/more', { view: 'unknown' }],
    ['#/canary/deployment/a/playbook/more', { view: 'unknown' }],
  ])('%s', (address, route) => {
    expect(canaryRoute(parseAddress(address))).toEqual(route);
  });
});

describe('the monitor', () => {
  const nowUs = 1_000_000_000_000;
  const monitor = (evaluator: 'this' | 'other' | 'none', agoMs: number | null) => ({
    evaluator,
    intervalMs: 60_000,
    lastCycleUs: agoMs === null ? null : nowUs - agoMs * 1_000,
    nextCycleUs: agoMs === null ? null : nowUs + (60_000 - agoMs) * 1_000,
  });

  test('is loud when there is something to watch and nobody does, or it is late', () => {
    const told = (evaluator: 'this' | 'other' | 'none', agoMs: number | null, watched: number) =>
      describeMonitor(monitor(evaluator, agoMs), watched, nowUs).tone;
    expect(told('none', null, 1)).toBe('loud');
    expect(told('none', null, 0)).toBe('quiet');
    expect(told('this', 89_000, 1)).toBe('quiet');
    expect(told('this', 91_000, 1)).toBe('loud');
    expect(told('other', 91_000, 0)).toBe('quiet');
    expect(told('this', null, 3)).toBe('quiet');
  });

  test('says who, when last and when next', () => {
    expect(describeMonitor(monitor('other', 12_000), 1, nowUs).text).toBe(
      'Another Lockstep process evaluates: 12 s ago, next in 48 s.',
    );
    expect(describeMonitor(monitor('none', null), 2, nowUs).text).toContain('these 2 deployments');
  });

  test('watches what trades or is rolled back, and nothing else', () => {
    const stages = ['development', 'staging', 'canary', 'production', 'rolling-back', 'rolled-back', 'aborted'];
    expect(watchedOf(stages.map((stage) => ({ stage })))).toBe(4);
  });
});

describe('observed time', () => {
  test.each([
    [0, null, '0.0 h'],
    [31.29 * HOUR_MS, 48 * HOUR_MS, '31.2 of 48 h'],
    [6.99 * DAY_MS, 7 * DAY_MS, '6.9 of 7 days'],
    [48 * HOUR_MS - 1, 48 * HOUR_MS, '47.9 of 48 h'],
    [4 * DAY_MS, null, '4.0 days'],
  ])('%d of %d reads %s: never more than there is', (observedMs, requiredMs, text) => {
    expect(formatObserved(observedMs, requiredMs)).toBe(text);
  });

  test('fills the bar to its end and not beyond', () => {
    expect([observedShare(1, 2), observedShare(9, 2), observedShare(1, null)]).toEqual([0.5, 1, null]);
  });
});

describe('a draft', () => {
  test('is changed at a path, the rest untouched', () => {
    const draft = { strategy: 'a', rollback: [{ limit: 1 }, { limit: 2 }] };
    expect(withValue(draft, 'rollback.1.limit', 3)).toEqual({ strategy: 'a', rollback: [{ limit: 1 }, { limit: 3 }] });
    expect(draft.rollback[1]).toEqual({ limit: 2 });
    expect(withValue(draft, 'control.kind', 'backtest')).toMatchObject({ control: { kind: 'backtest' } });
  });

  test('reads what is missing as undefined, whatever the file held', () => {
    for (const held of [null, 3, 'text', [], { rollback: null }])
      expect(valueAt(held, 'rollback.0.limit')).toBe(undefined);
  });

  test('lists the problems that stand at none of its fields', () => {
    const problems = [
      { path: 'strategy', message: 'empty' },
      { path: '', message: 'unknown key' },
    ];
    expect(problemsElsewhere(problems, new Set(['strategy']))).toEqual([{ path: '', message: 'unknown key' }]);
  });
});

test('a trend has its limit in view and breaks where nothing is known', () => {
  const { line, limitY, last } = trendPath([1, null, 3], 2, 96, 20);
  expect(line.match(/M/g)).toHaveLength(2);
  expect(limitY).toBe(10);
  expect(last?.y).toBeLessThan(limitY);
  expect(trendPath([null, Number.NaN], 0, 96, 20)).toMatchObject({ line: '', last: null });
});
