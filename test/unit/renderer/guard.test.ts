import { describe, expect, test } from 'vitest';
import { sameSubject, secondsLeft, stillMissing } from '../../../renderer/guard/confirmation';

describe('the confirmation of a rollback', () => {
  const challenge = {
    challengeId: 'c',
    deploymentId: 'd',
    strategy: 's',
    version: '2.4.0',
    stage: 'canary' as const,
    stateVersion: 7,
    steps: [],
    expiresAtUs: 30_000_000,
    holdMs: 1_500,
  };

  test.each([
    [{ version: '', reason: '' }, 0, 2],
    [{ version: '2.4.0', reason: '' }, 0, 1],
    [{ version: '2.4', reason: 'why' }, 0, 1],
    [{ version: '2.4.0 ', reason: 'why' }, 0, 1],
    [{ version: '2.4.0', reason: '  ' }, 0, 1],
    [{ version: '2.4.0', reason: 'why' }, 29_999_999, 0],
    [{ version: '2.4.0', reason: 'why' }, 30_000_000, 1],
  ])('%o at %d µs misses %d things', (typed, nowUs, count) => {
    expect(stillMissing(challenge, typed, nowUs)).toHaveLength(count);
  });

  test('counts whole seconds down to none', () => {
    expect([0, 29_000_001, 30_000_000, 99_000_000].map((nowUs) => secondsLeft(challenge, nowUs))).toEqual([
      30, 1, 0, 0,
    ]);
  });

  test('what was typed stays only for the same deployment in the same state', () => {
    expect(sameSubject(challenge, { ...challenge, challengeId: 'other', expiresAtUs: 60_000_000 })).toBe(true);
    expect(sameSubject(challenge, { ...challenge, stateVersion: 8 })).toBe(false);
    expect(sameSubject(challenge, { ...challenge, version: '2.4.1' })).toBe(false);
  });
});
