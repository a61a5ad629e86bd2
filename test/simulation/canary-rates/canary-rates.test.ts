import { describe, expect, it } from 'vitest';
import { falseAlarmEveryHours } from '../../../shared/canary/drift';
import { meanHoursToAlarm, measureRates, ratesCases } from './measure';

// The full table is made by `npm run canary-rates`; here fewer canaries of the same.
const runs = 4;

describe('a canary looked at every minute', () => {
  it.each(ratesCases)('$name: rolled back for a breach of twice the limit, not for being at it', (one) => {
    const { falseShare, naiveShare, foundShare } = measureRates(one, runs, 1);
    expect(falseShare).toBeLessThanOrEqual(1 / runs);
    expect(naiveShare).toBeGreaterThanOrEqual(falseShare);
    expect(foundShare).toBeGreaterThan(0);
  });
});

it('finds drift where there is none about as rarely as it says', () => {
  const hours = meanHoursToAlarm(30, 1);
  expect(hours).toBeGreaterThan(0.6 * falseAlarmEveryHours);
  expect(meanHoursToAlarm(30, 1, 1)).toBeLessThan(72);
});
