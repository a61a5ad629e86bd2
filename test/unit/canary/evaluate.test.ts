import { describe, expect, it } from 'vitest';
import { HOUR_US, MINUTE_US } from '../../../shared/base/time';
import { evaluate } from '../../../shared/canary/evaluate';
import { evaluationSchema } from '../../../shared/canary/evaluation';
import type { EvaluationInput } from '../../../shared/canary/facts';
import { progressSchema } from '../../../shared/canary/progress';
import { transition } from '../../../shared/canary/transitions';
import {
  accountOf,
  capital,
  deploymentOf,
  evaluationInput,
  goodParity,
  lookAt,
  stageFromUs,
} from '../../support/canary-facts';

/** Evaluates the same facts `looks` times, a minute apart, as nothing but time goes on. */
function looked(changes: (look: EvaluationInput['look']) => Partial<EvaluationInput>, looks: number) {
  let last = null;
  for (let minute = 0; minute < looks; minute++) {
    const look = lookAt(minute);
    last = evaluate(evaluationInput({ look, progress: last?.progress ?? null, ...changes(look) }));
  }
  if (last === null) throw new Error('no look');
  return last;
}

const lost = (percent: number) => accountOf({ equity: capital - (capital * percent) / 100 });
const fallen = (percent: number) =>
  accountOf({
    peak: capital * 1.1,
    equity: capital * 1.1 - (capital * percent) / 100,
    deepestFall: (capital * percent) / 100,
  });
const errors = (rejected: number, orders: number) => accountOf({ rejected, orders });
/** Returns with exactly the annualised ratio. */
function sharpeOf(ratio: number) {
  const account = accountOf();
  return accountOf({ returns: { ...account.returns, sharpe: ratio / Math.sqrt(8_760) } });
}

describe('limits that ship', () => {
  it.each([
    ['daily loss just below', 'rollback', 'daily-loss', { account: lost(0.9999) }, 'ok'],
    ['daily loss at', 'rollback', 'daily-loss', { account: lost(1) }, 'ok'],
    ['daily loss just above', 'rollback', 'daily-loss', { account: lost(1.0001) }, 'breached'],
    ['drawdown just below', 'rollback', 'drawdown', { account: fallen(2.9999) }, 'ok'],
    ['drawdown at', 'rollback', 'drawdown', { account: fallen(3) }, 'ok'],
    ['drawdown just above', 'rollback', 'drawdown', { account: fallen(3.0001) }, 'breached'],
    ['parity score just above', 'rollback', 'parity-score', { parityScore: 70.01 }, 'ok'],
    ['parity score at', 'rollback', 'parity-score', { parityScore: 70 }, 'ok'],
    ['parity score just below', 'rollback', 'parity-score', { parityScore: 69.99 }, 'breached'],
    ['tracking error just below', 'rollback', 'tracking-error', { trackingErrorBps: 49.99 }, 'ok'],
    ['tracking error at', 'rollback', 'tracking-error', { trackingErrorBps: 50 }, 'ok'],
    ['tracking error just above', 'rollback', 'tracking-error', { trackingErrorBps: 50.01 }, 'breached'],
    ['error rate below', 'rollback', 'error-rate', { account: errors(499, 10_000) }, 'ok'],
    ['error rate at', 'rollback', 'error-rate', { account: errors(500, 10_000) }, 'ok'],
    ['error rate just above: chance', 'rollback', 'error-rate', { account: errors(501, 10_000) }, 'warning'],
    ['error rate proved above', 'rollback', 'error-rate', { account: errors(640, 10_000) }, 'breached'],
    ['max drawdown just below', 'promotion', 'max-drawdown', { account: fallen(1.9999) }, 'ok'],
    ['max drawdown at', 'promotion', 'max-drawdown', { account: fallen(2) }, 'ok'],
    ['max drawdown just above', 'promotion', 'max-drawdown', { account: fallen(2.0001) }, 'breached'],
    ['Sharpe ratio just above', 'promotion', 'sharpe', { account: sharpeOf(1.0001) }, 'ok'],
    ['Sharpe ratio just below', 'promotion', 'sharpe', { account: sharpeOf(0.9999) }, 'breached'],
    ['errors to promote below', 'promotion', 'error-rate', { account: errors(99, 10_000) }, 'ok'],
    ['errors to promote at', 'promotion', 'error-rate', { account: errors(100, 10_000) }, 'ok'],
    ['errors to promote above', 'promotion', 'error-rate', { account: errors(101, 10_000) }, 'breached'],
    ['score to promote above', 'promotion', 'parity-score', { parityScore: 85.01 }, 'ok'],
    ['score to promote at', 'promotion', 'parity-score', { parityScore: 85 }, 'ok'],
    ['score to promote below', 'promotion', 'parity-score', { parityScore: 84.99 }, 'breached'],
    ['tracking to promote below', 'promotion', 'tracking-error', { trackingErrorBps: 19.99 }, 'ok'],
    ['tracking to promote at', 'promotion', 'tracking-error', { trackingErrorBps: 20 }, 'ok'],
    ['tracking to promote above', 'promotion', 'tracking-error', { trackingErrorBps: 20.01 }, 'breached'],
    ['guard of daily loss below', 'guard', 'guard-daily-loss', { account: lost(0.4999) }, 'ok'],
    ['guard of daily loss at', 'guard', 'guard-daily-loss', { account: lost(0.5) }, 'ok'],
    ['guard of daily loss above', 'guard', 'guard-daily-loss', { account: lost(0.5001) }, 'warning'],
    ['guard of drawdown below', 'guard', 'guard-drawdown', { account: fallen(1.9999) }, 'ok'],
    ['guard of drawdown at', 'guard', 'guard-drawdown', { account: fallen(2) }, 'ok'],
    ['guard of drawdown above', 'guard', 'guard-drawdown', { account: fallen(2.0001) }, 'warning'],
  ] as const)('%s', (_, gate, id, facts, outcome) => {
    const { evaluation } = looked((look) => {
      const parity = { ...goodParity, asOfUs: look.atUs };
      return 'account' in facts ? { account: facts.account, parity } : { parity: { ...parity, ...facts } };
    }, 3);
    const criterion = evaluation.criteria.find((one) => one.gate === gate && one.id === id);
    expect(criterion?.outcome, criterion?.reason).toBe(outcome);
    expect(evaluationSchema.safeParse(evaluation).error).toBeUndefined();
  });

  it.each([
    [899, 'ok'],
    [900, 'ok'],
    [901, 'no-data'],
  ])('data of %i seconds ago', (seconds, outcome) => {
    const look = lookAt(0);
    const { evaluation } = evaluate(
      evaluationInput({ sources: [{ source: 'executions', heardAtUs: look.atUs - seconds * 1e6 }] }),
    );
    expect(evaluation.criteria.find(({ id }) => id === 'data-executions')?.outcome).toBe(outcome);
  });
});

describe('holding', () => {
  const bad = (look: EvaluationInput['look']) => ({ parity: { ...goodParity, asOfUs: look.atUs, parityScore: 10 } });

  it('acts at the third look in a row', () => {
    const outcomes = [1, 2, 3].map((looks) => looked(bad, looks).evaluation.verdict);
    expect(outcomes).toEqual(['warning', 'warning', 'breach']);
  });

  it('begins anew after one good look', () => {
    const { evaluation, progress } = looked((look) => (look.monotonicMs === lookAt(2).monotonicMs ? {} : bad(look)), 5);
    expect(evaluation.verdict).toBe('warning');
    expect(progress.held['rollback parity-score']).toBe(2);
  });

  it('begins anew in another stage', () => {
    const { progress } = looked(bad, 2);
    const look = lookAt(2);
    const { evaluation } = evaluate(
      evaluationInput({
        look,
        progress,
        deployment: deploymentOf('canary', { stageSinceUs: stageFromUs + HOUR_US }),
        ...bad(look),
      }),
    );
    expect(evaluation.verdict).toBe('warning');
    expect(evaluation.observedMs).toBe(0);
  });
});

describe('verdict', () => {
  it('is healthy when everything is in order', () => {
    const { evaluation } = looked(() => ({}), 2);
    expect(evaluation.reasons).toEqual([`all ${evaluation.criteria.length} criteria are met`]);
    expect(evaluation.verdict).toBe('healthy');
    expect(evaluation.observedMs).toBe(60_000);
  });

  it.each<[string, Partial<EvaluationInput>, string]>([
    ['no executions were ever read', { account: null }, 'no-data'],
    ['no parity', { parity: null }, 'no-data'],
    ['no source is named', { sources: [] }, 'no-data'],
    ['nothing was ever heard', { sources: [{ source: 'executions', heardAtUs: null }] }, 'no-data'],
    ['a price is missing', { account: accountOf({ equity: null, unknown: 'no price of A is known' }) }, 'no-data'],
    ['the mark of an open position is old', { account: accountOf({ oldestMarkUs: lookAt(-61).atUs }) }, 'no-data'],
    ['too few orders', { account: errors(0, 19) }, 'inconclusive'],
    ['too few hours', { account: accountOf({}, 10) }, 'inconclusive'],
    ['a promotion limit is missed', { account: fallen(2.5) }, 'warning'],
    ['a loss beyond its limit', { account: lost(1.2) }, 'breach'],
    [
      'a loss on data that is old is a loss',
      { account: lost(1.2), sources: [{ source: 'executions', heardAtUs: stageFromUs }] },
      'breach',
    ],
    ['a recorded figure is asked and missing', { deployment: withRecorded(null) }, 'no-data'],
    ['a recorded figure is old', { deployment: withRecorded(lookAt(-16).atUs) }, 'no-data'],
    ['a recorded figure is fresh', { deployment: withRecorded(lookAt(-15).atUs) }, 'healthy'],
    [
      'a control was agreed on and is not there',
      { deployment: deploymentOf('canary', {}, { control: { kind: 'backtest' } }) },
      'no-data',
    ],
    [
      'the evidence of the Sharpe ratio is asked for',
      { deployment: deploymentOf('canary', {}, { strictSharpe: true }), account: sharpeOf(1.5) },
      'inconclusive',
    ],
  ])('%s', (_, changes, verdict) => {
    const { evaluation } = evaluate(evaluationInput(changes));
    expect(evaluation.verdict, evaluation.reasons.join('\n')).toBe(verdict);
  });

  it('judges all criteria although the first is breached', () => {
    const { evaluation } = evaluate(evaluationInput({ account: lost(5), parity: null }));
    const outcomes = new Set(evaluation.criteria.map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(['breached', 'no-data', 'ok', 'warning']);
    expect(evaluation.reasons[0]).toBe('daily-loss: dailyLossPercent 5.00 % is above the limit 1 % (200 executions)');
  });
});

function withRecorded(atUs: number | null) {
  const deployment = deploymentOf('canary');
  const criterion = {
    id: 'fill-quality',
    figure: 'recorded.fillQuality',
    comparison: 'at-least',
    limit: 0.5,
    minimumSample: 0,
    holdEvaluations: 1,
    judgedBy: 'value',
  } as const;
  const recorded = { name: 'fillQuality', value: 0.9, unit: 'ratio', sample: 3, by: 'anna' };
  return deploymentOf(
    'canary',
    { recorded: atUs === null ? [] : [{ ...recorded, atUs }] },
    { promotion: [...deployment.configuration.promotion, criterion] },
  );
}

describe('what follows', () => {
  const kinds = (changes: Partial<EvaluationInput>) =>
    evaluate(evaluationInput(changes)).transitions.map(({ event }) =>
      event.kind === 'paused' || event.kind === 'resumed' ? `${event.kind} ${event.why}` : event.kind,
    );
  const paused = (why: 'no-data' | 'budget-guard') => [{ why, reason: 'because', sinceUs: stageFromUs }];
  const healthy = { verdict: 'healthy' } as const;

  it.each<[string, Partial<EvaluationInput>, string[]]>([
    ['nothing', { deployment: deploymentOf('canary', healthy) }, []],
    ['another verdict', {}, ['verdict-changed']],
    ['a breach', { account: lost(1.2) }, ['paused budget-guard', 'verdict-changed', 'rollback-started']],
    [
      'a breach without automatic rollback',
      { account: lost(1.2), deployment: deploymentOf('canary', {}, { automaticRollback: false }) },
      ['paused budget-guard', 'verdict-changed'],
    ],
    ['a breach in production', { account: lost(1.2), deployment: deploymentOf('production') }, ['verdict-changed']],
    ['no data', { sources: [] }, ['paused no-data', 'verdict-changed']],
    [
      'data again',
      { deployment: deploymentOf('canary', { ...healthy, paused: paused('no-data') }) },
      ['resumed no-data'],
    ],
    [
      'a guard kept again',
      { deployment: deploymentOf('canary', { ...healthy, paused: paused('budget-guard') }) },
      ['resumed budget-guard'],
    ],
    ['overdue', { look: lookAt(12 * 60), deployment: deploymentOf('canary', healthy) }, ['overdue']],
    ['not yet overdue', { look: lookAt(12 * 60 - 1), deployment: deploymentOf('canary', healthy) }, []],
    [
      'rolling back already',
      { account: lost(1.2), deployment: deploymentOf('rolling-back', { leftStage: 'canary' }) },
      [],
    ],
  ])('%s', (_, changes, expected) => {
    expect(kinds(changes)).toEqual(expected);
  });

  it('is allowed by the state table, one after the other', () => {
    const look = lookAt(13 * 60);
    for (const account of [lost(1.2), accountOf(), null]) {
      let deployment = deploymentOf('canary');
      const { transitions } = evaluate(evaluationInput({ look, account, deployment }));
      expect(transitions.length).toBeGreaterThan(0);
      for (const { actor, event } of transitions) {
        const sequence = deployment.stateVersion + 1;
        const next = transition(deployment, { deploymentId: deployment.id, sequence, atUs: look.atUs, actor, event });
        if (!next.ok) throw new Error(next.error.message);
        deployment = next.value;
      }
    }
  });

  it('rolls back for want of data after the time without it, asleep or not', () => {
    const deployment = deploymentOf('canary', {}, { onNoData: { action: 'roll-back', afterMinutes: 60 } });
    let progress: EvaluationInput['progress'] = null;
    const rolledBackAt: number[] = [];
    // Three hours asleep between the tenth and the eleventh look do not count.
    for (let minute = 0; minute <= 75; minute++) {
      const wall = minute > 10 ? minute + 180 : minute;
      const look = lookAt(wall, { monotonicMs: minute * 60_000, slept: minute === 11 });
      const evaluated = evaluate(evaluationInput({ look, deployment, progress, sources: [] }));
      progress = evaluated.progress;
      if (evaluated.transitions.some(({ event }) => event.kind === 'rollback-started')) rolledBackAt.push(minute);
    }
    expect(rolledBackAt[0]).toBe(61);
  });

  it('is not overdue because the clock jumped', () => {
    const { progress } = evaluate(evaluationInput({}));
    const jumped = lookAt(3 * 24 * 60, { monotonicMs: lookAt(1).monotonicMs });
    const { transitions } = evaluate(
      evaluationInput({ look: jumped, progress, deployment: deploymentOf('canary', { verdict: 'healthy' }) }),
    );
    expect(transitions.map(({ event }) => event.kind)).toEqual(['gap']);
  });
});

it('keeps progress as plain data', () => {
  const { progress } = looked(() => ({ account: errors(3, 40) }), 3);
  expect(progressSchema.parse(JSON.parse(JSON.stringify(progress)))).toEqual(progress);
  expect(JSON.stringify(progress).length).toBeLessThan(2_000);
});

it('gives the same answer to the same facts', () => {
  const input = evaluationInput({ account: errors(3, 40) });
  const before = structuredClone(input);
  expect(evaluate(input)).toEqual(evaluate(input));
  expect(input).toEqual(before);
});

it('keeps the highest equity that any look saw', () => {
  const high = evaluate(evaluationInput({ account: accountOf({ equity: capital * 1.02 }) }));
  const { evaluation } = evaluate(evaluationInput({ look: lookAt(1), progress: high.progress }));
  expect(evaluation.figures.find(({ name }) => name === 'drawdownPercent')?.value).toBeCloseTo(2, 9);
  expect(lookAt(1).atUs - lookAt(0).atUs).toBe(MINUTE_US);
});
