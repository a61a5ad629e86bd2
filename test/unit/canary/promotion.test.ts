import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../shared/canary/deployment';
import type { Evaluation } from '../../../shared/canary/evaluation';
import { heldBy, unmetConditions } from '../../../shared/canary/promotion';
import type { PromotionRules } from '../../../shared/canary/promotion-rules';
import { goodEvaluation, Life, rule } from '../../support/deployments';

const free: PromotionRules = { windows: [], freezes: [], stopped: null };
const note = { by: 'ada', reason: 'quarter end', atUs: 1 };
/** A Wednesday. */
const noonUs = Date.UTC(2026, 0, 7, 12) * 1_000;

function codes(change: {
  life?: Life;
  evaluation?: Partial<Evaluation> | null;
  rules?: PromotionRules;
  deployment?: Partial<Deployment>;
}): string[] {
  const life = change.life ?? Life.in('staging').healthy();
  const deployment = { ...life.state, ...change.deployment };
  const evaluation =
    change.evaluation === null ? null : goodEvaluation(deployment, { atUs: noonUs, ...change.evaluation });
  const rules = change.rules ?? free;
  return unmetConditions({ deployment, evaluation, rules, nowUs: noonUs, mostAgeMs: 120_000 }).map(({ code }) => code);
}

const criteria = (change: Partial<Evaluation['criteria'][number]>) => ({
  criteria: goodEvaluation(Life.in('staging').state).criteria.map((one, at) =>
    at === 1 ? { ...one, ...change } : one,
  ),
});
const days = (count: number) => count * 86_400_000;

describe('what stands between a deployment and its next stage', () => {
  it.each<[string, Parameters<typeof codes>[0], string[]]>([
    ['nothing, all criteria met in full time', {}, []],
    ['a millisecond of staging', { evaluation: { observedMs: days(7) - 1 } }, ['observed-time']],
    [
      'nothing, 48 observed hours of the canary',
      { life: Life.in('canary').healthy(), evaluation: { observedMs: days(2) } },
      [],
    ],
    [
      'a millisecond of the canary',
      { life: Life.in('canary').healthy(), evaluation: { observedMs: days(2) - 1 } },
      ['observed-time'],
    ],
    ['no evaluation', { evaluation: null }, ['evaluation']],
    ['one of another stage', { evaluation: { stage: 'canary' } }, ['evaluation']],
    ['nothing, an evaluation two intervals old', { evaluation: { atUs: noonUs - 120_000_000 } }, []],
    ['an older one', { evaluation: { atUs: noonUs - 120_001_000 } }, ['evaluation-age']],
    ['one of the future', { evaluation: { atUs: noonUs + 120_001_000 } }, ['evaluation-age']],
    ...(['warning', 'inconclusive', 'no-data', 'breach'] as const).map(
      (verdict): [string, Parameters<typeof codes>[0], string[]] => [
        `a verdict of ${verdict}`,
        { evaluation: { verdict } },
        ['verdict'],
      ],
    ),
    ...(['warning', 'inconclusive', 'no-data', 'breached'] as const).map(
      (outcome): [string, Parameters<typeof codes>[0], string[]] => [
        `a criterion that is ${outcome}, even in a healthy verdict`,
        { evaluation: criteria({ outcome }) },
        ['criterion:promotion:max-drawdown'],
      ],
    ),
    ['no criterion at all', { evaluation: { criteria: [] } }, ['criteria']],
    [
      'a pause',
      { life: Life.in('staging').healthy().happens({ kind: 'paused', why: 'no-data', reason: 'r' }, rule) },
      ['paused:no-data'],
    ],
    ['the line stopped', { rules: { ...free, stopped: note } }, ['stopped']],
    [
      'everything at once, nothing hidden by the first',
      {
        life: Life.in('staging').happens({ kind: 'paused', why: 'operator', reason: 'r' }),
        evaluation: { ...criteria({ outcome: 'breached' }), verdict: 'breach', observedMs: 0, atUs: 0 },
        rules: { ...free, stopped: note, freezes: [{ from: '2026-01-07', to: '2026-01-07', note }] },
      },
      [
        'paused:operator',
        'evaluation-age',
        'observed-time',
        'verdict',
        'criterion:promotion:max-drawdown',
        'stopped',
        'freeze',
      ],
    ],
  ])('%s', (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  it.each([
    'development',
    'production',
    'rolling-back',
    'rolled-back',
    'rollback-failed',
    'aborted',
    'superseded',
  ] as const)('nothing follows %s by promotion', (stage) => {
    expect(codes({ life: Life.in(stage), evaluation: null })).toEqual(['stage']);
  });
});

describe('windows and freezes', () => {
  const at = (day: number, time: string) => Date.parse(`2026-01-${String(day).padStart(2, '0')}T${time}Z`) * 1_000;
  const window = (days: number[], from: string, until: string): PromotionRules => ({
    ...free,
    windows: [{ days, from, until, note }],
  });
  const weekdays = [1, 2, 3, 4, 5];

  it.each<[string, PromotionRules, number, string[]]>([
    ['the first minute', window(weekdays, '09:00', '17:00'), at(7, '09:00:00'), []],
    ['the minute before', window(weekdays, '09:00', '17:00'), at(7, '08:59:59.999'), ['window']],
    ['the last instant', window(weekdays, '09:00', '17:00'), at(7, '16:59:59.999'), []],
    ['the end', window(weekdays, '09:00', '17:00'), at(7, '17:00:00'), ['window']],
    ['a Monday', window([1], '00:00', '23:59'), at(5, '12:00:00'), []],
    ['a Sunday', window([7], '00:00', '23:59'), at(4, '12:00:00'), []],
    ['a Saturday', window(weekdays, '09:00', '17:00'), at(10, '12:00:00'), ['window']],
    ['Sunday night', window([7], '22:00', '02:00'), at(4, '23:00:00'), []],
    ['the Monday after it', window([7], '22:00', '02:00'), at(5, '01:59:59'), []],
    ['Monday’s own night', window([7], '22:00', '02:00'), at(5, '22:30:00'), ['window']],
    ['the Sunday before it', window([7], '22:00', '02:00'), at(4, '01:00:00'), ['window']],
    [
      'the day before a freeze',
      { ...free, freezes: [{ from: '2026-01-08', to: '2026-01-09', note }] },
      at(7, '23:59:59.999'),
      [],
    ],
    [
      'its first day',
      { ...free, freezes: [{ from: '2026-01-08', to: '2026-01-09', note }] },
      at(8, '00:00:00'),
      ['freeze'],
    ],
    [
      'its last instant',
      { ...free, freezes: [{ from: '2026-01-08', to: '2026-01-09', note }] },
      at(9, '23:59:59.999'),
      ['freeze'],
    ],
    ['the day after', { ...free, freezes: [{ from: '2026-01-08', to: '2026-01-09', note }] }, at(10, '00:00:00'), []],
  ])('%s', (_, rules, nowUs, expected) => {
    expect(heldBy(rules, nowUs).map(({ code }) => code)).toEqual(expected);
  });

  it('say who and why', () => {
    expect(heldBy({ ...free, stopped: note }, noonUs)[0]?.message).toBe('The line was stopped by ada: quarter end');
  });
});
