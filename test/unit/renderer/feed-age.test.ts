import { describe, expect, it } from 'vitest';
import { feedAge } from '../../../renderer/frame/feed-age';
import { DAY_US, HOUR_US } from '../../../shared/base/time';
import type { Source } from '../../../shared/market/executions';

const nowUs = 1_800_000_000_000_000;
const feed = (source: Source, ageUs: number | null) => ({
  source,
  strategy: 's',
  lastExecutionUs: ageUs === null ? null : nowUs - ageUs,
  lastImportUs: nowUs,
});

describe('the age of a feed', () => {
  it.each<[string, number | null, boolean, 'fresh' | 'old' | 'none']>([
    ['an hour', HOUR_US, false, 'fresh'],
    ['two days', 2 * DAY_US, false, 'fresh'],
    ['more than two days', 2 * DAY_US + 1_000, false, 'old'],
    ['a year, on the sample desk', 365 * DAY_US, true, 'fresh'],
    ['nothing imported', null, false, 'none'],
  ])('live, %s', (_, ageUs, sample, state) => {
    const live = feed('live', ageUs);
    expect(feedAge(live, [live], nowUs, sample).state).toBe(state);
  });

  it.each<[string, number, number | null, 'fresh' | 'old']>([
    ['ends with the live log', 40 * DAY_US, 40 * DAY_US, 'fresh'],
    ['ends a day before the live log', 3 * DAY_US, 2 * DAY_US, 'fresh'],
    ['ends more than a day before the live log', 3 * DAY_US + 1_000, 2 * DAY_US, 'old'],
    ['goes on after the live log', DAY_US, 5 * DAY_US, 'fresh'],
    ['has no live log beside it', 90 * DAY_US, null, 'fresh'],
  ])('a backtest that %s', (_, ageUs, liveAgeUs, state) => {
    const backtest = feed('backtest', ageUs);
    expect(feedAge(backtest, [feed('live', liveAgeUs), backtest], nowUs, false).state).toBe(state);
  });
});
