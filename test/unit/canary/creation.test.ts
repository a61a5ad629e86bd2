import { describe, expect, it } from 'vitest';
import type { Criterion } from '../../../shared/canary/configuration';
import { capitalOf, checkConfiguration } from '../../../shared/canary/creation';
import { defaultPromotionCriteria, defaultRollbackCriteria } from '../../../shared/canary/defaults';
import { configuration } from '../../support/deployments';

const usual = configuration();
const rollback = (id: string, change: Partial<Criterion>) =>
  defaultRollbackCriteria.map((criterion) => (criterion.id === id ? { ...criterion, ...change } : criterion));
const promotion = (id: string, change: Partial<Criterion>) =>
  defaultPromotionCriteria.map((criterion) => (criterion.id === id ? { ...criterion, ...change } : criterion));

describe('a configuration', () => {
  it('of the shipped limits may be created as it is', () => {
    expect(checkConfiguration(usual)).toEqual({ problems: [], configuration: usual });
  });

  it.each<[string, object, boolean]>([
    ['staging at its cap', { stagingPercent: 1 }, true],
    ['above it', { stagingPercent: 1.0001 }, false],
    ['no staging', { stagingPercent: 0 }, false],
    ['the canary at its cap', { canaryPercent: 5 }, true],
    ['above it', { canaryPercent: 5.0001 }, false],
    ['seven days', { stagingDays: 7 }, true],
    ['less than seven', { stagingDays: 6.99 }, false],
    ['48 to 72 hours', { canaryHours: { minimum: 48, maximum: 72 } }, true],
    ['less than 48', { canaryHours: { minimum: 47.9, maximum: 72 } }, false],
    ['more than 72', { canaryHours: { minimum: 48, maximum: 72.1 } }, false],
    ['hours that cross', { canaryHours: { minimum: 60, maximum: 50 } }, false],
    ['an unknown key', { force: true }, false],
    ['a strategy of blanks', { strategy: '   ' }, false],
    ['capital that is no number', { totalCapital: Number.NaN }, false],
    ['capital without end', { totalCapital: Number.POSITIVE_INFINITY }, false],
    ['no criteria', { rollback: [] }, false],
    ['two criteria of one id', { promotion: [...usual.promotion, ...usual.promotion] }, false],
    ['no playbook', { playbook: [] }, false],
    ['a playbook that only tells', { playbook: usual.playbook.slice(1) }, false],
    ['a playbook with one id twice', { playbook: [...usual.playbook, ...usual.playbook] }, false],
  ])('with %s: %s', (_, change, valid) => {
    const { problems, configuration: checked } = checkConfiguration({ ...usual, ...change });
    expect(problems.length === 0).toBe(valid);
    expect(checked === null).toBe(!valid);
  });

  it.each<[string, object, string]>([
    ['money that waits', { rollback: rollback('daily-loss', { holdEvaluations: 2 }) }, 'rollback.0'],
    ['money judged by chance', { rollback: rollback('drawdown', { judgedBy: 'sequential' }) }, 'rollback.1'],
    ['promotion where rollback begins', { promotion: promotion('error-rate', { limit: 5.1 }) }, 'promotion.2.limit'],
    [
      'promotion of a lower score than is rolled back',
      { promotion: promotion('parity-score', { limit: 69 }) },
      'promotion.3.limit',
    ],
    [
      'losses without a limit',
      { rollback: defaultRollbackCriteria.filter(({ id }) => id !== 'daily-loss') },
      'rollback',
    ],
    ['a guard behind the limit', { guards: { ...usual.guards, drawdownPercent: 3.1 } }, 'guards.drawdownPercent'],
    ['a canary smaller than staging', { canaryPercent: 0.5 }, 'canaryPercent'],
    ['itself as control', { control: { kind: 'version', version: '1.2.0' } }, 'control.version'],
  ])('that contradicts itself by %s names the place', (_, change, path) => {
    const { problems, configuration: checked } = checkConfiguration({ ...usual, ...change });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(checked).toBeNull();
  });

  it('shows every problem, not the first', () => {
    const { problems } = checkConfiguration({ ...usual, stagingPercent: 2, stagingDays: 1, force: 1 });
    expect(problems.map(({ path }) => path).sort()).toEqual(['', 'stagingDays', 'stagingPercent']);
  });

  it.each([null, 'text', 3, [], undefined])('is no %j', (written) => {
    expect(checkConfiguration(written)).toMatchObject({ configuration: null, problems: [{ path: '' }] });
  });

  it('gives each stage its part of the capital', () => {
    expect((['staging', 'canary', 'production'] as const).map((stage) => capitalOf(usual, stage))).toEqual([
      10_000, 50_000, 1_000_000,
    ]);
  });
});
