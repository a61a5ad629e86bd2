import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor, DeploymentEvent, DeploymentEventKind, Stage } from '../../../shared/canary/events';
import { foldEvents } from '../../../shared/canary/fold';
import { overdueExtensionUs, transition } from '../../../shared/canary/transitions';
import { configuration, Life, operator, rollback, rule, stepEnded, stepStarted } from '../../support/deployments';

const stages = [
  ...(['none', 'development', 'staging', 'canary', 'production'] as const),
  ...(['rolling-back', 'rolled-back', 'rollback-failed', 'aborted', 'superseded'] as const),
];

/** Every pair of state and event, in the order of `stages`: + may happen, . is refused. */
const pairs: { readonly [Kind in DeploymentEventKind]: string } = {
  created: /*            */ '+.........',
  'staging-started': /*  */ '.+........',
  promoted: /*           */ '..++......',
  paused: /*             */ '..++......',
  resumed: /*            */ '..++......',
  'verdict-changed': /*  */ '..+++.....',
  'evaluation-failed': /**/ '..+++.....',
  gap: /*                */ '..+++.....',
  'figure-recorded': /*  */ '..+++.....',
  overdue: /*            */ '...+......',
  'playbook-replaced': /**/ '.++++..+..',
  'drift-found': /*      */ '....+.....',
  superseded: /*         */ '....+.....',
  aborted: /*            */ '.+........',
  'rollback-started': /* */ '..+++..+..',
  'step-started': /*     */ '.....+....',
  'step-ended': /*       */ '.....+....',
  'rollback-ended': /*   */ '.....+....',
  drilled: /*            */ '.++++.....',
};
const table = (Object.keys(pairs) as DeploymentEventKind[]).flatMap((kind) =>
  stages.map((stage, at) => [stage, kind, pairs[kind][at] === '+'] as const),
);
const usual = { configuration: configuration(), day: 86_400_000 };

/** The state, made ready so that nothing but the stage can refuse the event. */
function prepared(
  stage: Stage | 'none',
  kind: DeploymentEventKind,
): { life: Life; event: DeploymentEvent; actor: Actor } {
  const life = Life.in(stage);
  const by = (actor: Actor, event: DeploymentEvent) => ({ life, event, actor });
  switch (kind) {
    case 'created':
      return by(operator, { kind, configuration: usual.configuration });
    case 'staging-started':
      return by(operator, { kind, allocatedCapital: 10_000 });
    case 'promoted': {
      if (stage === 'staging' || stage === 'canary') life.healthy();
      const to = stage === 'staging' ? 'canary' : 'production';
      return by(operator, { kind, to, evaluationId: 'e', allocatedCapital: 100, reason: 'good' });
    }
    case 'paused':
      return by(operator, { kind, why: 'operator', reason: 'lunch' });
    case 'resumed':
      if (stage === 'staging' || stage === 'canary') life.happens({ kind: 'paused', why: 'operator', reason: 'lunch' });
      return by(operator, { kind, why: 'operator', reason: 'back' });
    case 'verdict-changed':
      return by(rule, { kind, from: life.deployment?.verdict ?? null, to: 'warning', evaluationId: 'e', reason: 'r' });
    case 'evaluation-failed':
      return by(rule, { kind, message: 'no such column' });
    case 'gap':
      return by(rule, { kind, what: 'sleep', byMs: 1 });
    case 'figure-recorded':
      return by(operator, { kind, name: 'x', value: 1, unit: 'percent', sample: 1, atUs: 1 });
    case 'overdue':
      return by(rule, { kind, sinceUs: 1 });
    case 'playbook-replaced':
      return by(operator, { kind, playbook: usual.configuration.playbook, reason: 'new host' });
    case 'drift-found':
      return by(rule, { kind, evaluationId: null, statistic: 9, limit: 8, reason: 'drift' });
    case 'superseded':
      return by(rule, { kind, by: 'deployment-2' });
    case 'aborted':
      return by(operator, { kind, reason: 'not wanted' });
    case 'rollback-started':
      return by(operator, rollback(stage === 'rollback-failed' ? 'retry' : 'operator', 'rollback-2'));
    case 'step-started':
      return by(rule, stepStarted());
    case 'step-ended':
      if (stage === 'rolling-back') life.happens(stepStarted());
      return by(rule, stepEnded('done'));
    case 'rollback-ended':
      return by(rule, { kind, rollbackId: 'rollback-1', outcome: 'failed', missing: ['stop'] });
    case 'drilled':
      return by(operator, { kind, drillId: 'd', outcome: 'passed', stoppedMs: 4, flatMs: null, steps: [] });
  }
}

/** `overdue` needs its time to have passed. */
const laterMs = (kind: DeploymentEventKind) => (kind === 'overdue' ? 3 * usual.day : 0);

describe('the state table', () => {
  it.each(table)('%s, %s: %s', (stage, kind, allowed) => {
    const { life, event, actor } = prepared(stage, kind);
    const result = life.try(event, actor, laterMs(kind));
    if (allowed) {
      expect(result).toMatchObject({ ok: true, value: { stateVersion: (life.deployment?.stateVersion ?? 0) + 1 } });
    } else expect(result).toMatchObject({ ok: false, error: { code: 'not-allowed', detail: { event: kind, stage } } });
  });

  it('refuses what was decided on another state', () => {
    const life = Life.in('staging');
    const stored = life.stored({ kind: 'paused', why: 'operator', reason: 'lunch' });
    for (const sequence of [stored.sequence - 1, stored.sequence + 1])
      expect(transition(life.deployment, { ...stored, sequence })).toMatchObject({ error: { code: 'conflict' } });
  });
});

const pause = (why: 'operator' | 'no-data' | 'budget-guard' | 'overdue'): DeploymentEvent => ({
  kind: 'paused',
  why,
  reason: 'r',
});
const resume = (why: 'operator' | 'no-data' | 'budget-guard' | 'overdue'): DeploymentEvent => ({
  kind: 'resumed',
  why,
  reason: 'r',
});
const promote = (to: 'canary' | 'production', allocatedCapital: number): DeploymentEvent => ({
  kind: 'promoted',
  to,
  evaluationId: 'e',
  allocatedCapital,
  reason: 'good',
});
const ended = (outcome: 'rolled-back' | 'failed', missing: string[]): DeploymentEvent => ({
  kind: 'rollback-ended',
  rollbackId: 'rollback-1',
  outcome,
  missing,
});
const manual = configuration({ automaticRollback: false });
const strictEnds = configuration({
  onNoData: { action: 'roll-back', afterMinutes: 5 },
  onOverdue: { action: 'roll-back', afterHours: 0 },
});

describe('what an event needs besides its stage', () => {
  it.each<[string, () => Life, DeploymentEvent, Actor, string | null]>([
    [
      'all of staging’s capital',
      () => Life.in('development'),
      { kind: 'staging-started', allocatedCapital: 10_000 },
      operator,
      null,
    ],
    [
      'more than it',
      () => Life.in('development'),
      { kind: 'staging-started', allocatedCapital: 10_001 },
      operator,
      'more than',
    ],
    [
      'no capital',
      () => Life.in('development'),
      { kind: 'staging-started', allocatedCapital: 0 },
      operator,
      'no capital',
    ],
    ['all of the canary’s capital', () => Life.in('staging').healthy(), promote('canary', 50_000), operator, null],
    ['more than it', () => Life.in('staging').healthy(), promote('canary', 50_001), operator, 'more than'],
    ['a stage left out', () => Life.in('staging').healthy(), promote('production', 100), operator, 'not followed by'],
    ['a promotion by a rule', () => Life.in('staging').healthy(), promote('canary', 100), rule, 'only a person'],
    ['a promotion without a verdict', () => Life.in('staging'), promote('canary', 100), operator, 'not healthy'],
    [
      'a promotion of what is paused',
      () => Life.in('staging').healthy().happens(pause('no-data'), rule),
      promote('canary', 100),
      operator,
      'paused (no-data)',
    ],
    ['a pause by a person as a rule', () => Life.in('staging'), pause('no-data'), operator, 'cannot pause'],
    ['a pause by a rule as a person', () => Life.in('staging'), pause('operator'), rule, 'cannot pause'],
    ['overdue by pausing', () => Life.in('canary'), pause('overdue'), rule, 'by being overdue'],
    [
      'the same pause twice',
      () => Life.in('staging').happens(pause('operator')),
      pause('operator'),
      operator,
      'already',
    ],
    ['a second pause', () => Life.in('staging').happens(pause('operator')), pause('no-data'), rule, null],
    [
      'a person lifting the guard',
      () => Life.in('staging').happens(pause('budget-guard'), rule),
      resume('budget-guard'),
      operator,
      'cannot lift',
    ],
    [
      'a rule lifting the guard',
      () => Life.in('staging').happens(pause('budget-guard'), rule),
      resume('budget-guard'),
      rule,
      null,
    ],
    ['a pause that is not', () => Life.in('staging'), resume('operator'), operator, 'not paused'],
    [
      'a verdict from another one',
      () => Life.in('staging').healthy(),
      { kind: 'verdict-changed', from: 'warning', to: 'breach', evaluationId: 'e', reason: 'r' },
      rule,
      'its verdict is healthy',
    ],
    [
      'the same verdict',
      () => Life.in('staging').healthy(),
      { kind: 'verdict-changed', from: 'healthy', to: 'healthy', evaluationId: 'e', reason: 'r' },
      rule,
      'no change',
    ],
    [
      'a rollback while paused for everything',
      () => Life.in('staging').happens(pause('operator')).happens(pause('no-data'), rule),
      rollback('breach'),
      rule,
      null,
    ],
    [
      'a breach where rolling back is manual',
      () => Life.in('staging', manual),
      rollback('breach'),
      rule,
      'automatic rollback is off',
    ],
    [
      'an operator where rolling back is manual',
      () => Life.in('staging', manual),
      rollback('operator'),
      operator,
      null,
    ],
    ['an operator who is a rule', () => Life.in('staging'), rollback('operator'), rule, 'no operator'],
    ['no data where it is held', () => Life.in('staging'), rollback('no-data'), rule, 'to be held'],
    ['no data where it rolls back', () => Life.in('staging', strictEnds), rollback('no-data'), rule, null],
    ['overdue where it is held', () => Life.in('canary'), rollback('overdue'), rule, 'to be held'],
    ['overdue where it rolls back', () => Life.in('canary', strictEnds), rollback('overdue'), rule, null],
    ['a breach in production', () => Life.in('production'), rollback('breach'), rule, 'only a person'],
    ['a retry of nothing', () => Life.in('staging'), rollback('retry'), operator, 'nothing to retry'],
    [
      'a failed one begun anew',
      () => Life.in('rollback-failed'),
      rollback('operator', 'rollback-2'),
      operator,
      'retried',
    ],
    ['the failed one again', () => Life.in('rollback-failed'), rollback('retry'), operator, 'has been'],
    [
      'a step of another rollback',
      () => Life.in('rolling-back'),
      stepStarted(1, 'stop', 'rollback-9'),
      rule,
      'rollback-1',
    ],
    ['a step that is not in the playbook', () => Life.in('rolling-back'), stepStarted(1, 'sell'), rule, 'no step'],
    ['a step that runs', () => Life.in('rolling-back').happens(stepStarted()), stepStarted(2), rule, 'runs'],
    [
      'a step that is done',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('done')),
      stepStarted(2),
      rule,
      'is done',
    ],
    [
      'a second attempt',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('interrupted')),
      stepStarted(2),
      rule,
      null,
    ],
    [
      'a second attempt counted as the first',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('failed')),
      stepStarted(1),
      rule,
      'the next attempt is 2',
    ],
    [
      'another key for the same step',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('failed')),
      { kind: 'step-started', rollbackId: 'rollback-1', stepId: 'stop', attempt: 2, idempotencyKey: 'other' },
      rule,
      'keeps its',
    ],
    ['the end of an attempt that does not run', () => Life.in('rolling-back'), stepEnded('done'), rule, 'does not run'],
    [
      'rolled back without its required step',
      () => Life.in('rolling-back'),
      ended('rolled-back', []),
      rule,
      'missing are stop',
    ],
    [
      'rolled back with it, without the other',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('done')),
      ended('rolled-back', []),
      rule,
      null,
    ],
    [
      'failed although all is done',
      () => Life.in('rolling-back').happens(stepStarted()).happens(stepEnded('done')),
      ended('failed', []),
      rule,
      '0 required',
    ],
    [
      'a second drift',
      () =>
        Life.in('production').happens(
          { kind: 'drift-found', evaluationId: null, statistic: 9, limit: 8, reason: 'r' },
          rule,
        ),
      { kind: 'drift-found', evaluationId: null, statistic: 9, limit: 8, reason: 'r' },
      rule,
      'already',
    ],
  ])('%s', (_, life, event, actor, refused) => {
    const result = life().try(event, actor);
    if (refused === null) expect(result).toMatchObject({ ok: true });
    else
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'not-allowed', message: expect.stringContaining(refused) },
      });
  });

  it('takes no configuration above the caps, whatever percent it says', () => {
    const more = configuration({ stagingPercent: 3, canaryPercent: 50 });
    const life = Life.in('development', more);
    expect(life.try({ kind: 'staging-started', allocatedCapital: 30_000 })).toMatchObject({ ok: false });
    life.happens({ kind: 'staging-started', allocatedCapital: 10_000 }).healthy();
    expect(life.try(promote('canary', 500_000))).toMatchObject({ ok: false });
    expect(life.try(promote('canary', 50_000))).toMatchObject({ ok: true });
  });

  it('is overdue at its time, not before, and an operator gives it a day more', () => {
    const life = Life.in('canary');
    const hours72 = 72 * 3_600_000;
    const overdue: DeploymentEvent = { kind: 'overdue', sinceUs: 5 };
    expect(life.try(overdue, rule, hours72 - 1)).toMatchObject({ ok: false });
    life.happens(overdue, rule, hours72);
    expect(life.state).toMatchObject({ paused: [{ why: 'overdue' }], overdueSinceUs: 5 });
    expect(life.try(resume('overdue'), rule)).toMatchObject({ ok: false });
    life.happens(resume('overdue'), operator, 1_000);
    expect(life.state).toMatchObject({ paused: [], overdueSinceUs: null });
    const extensionMs = overdueExtensionUs / 1_000;
    expect(life.try(overdue, rule, extensionMs - 1)).toMatchObject({ ok: false });
    expect(life.try(overdue, rule, extensionMs)).toMatchObject({ ok: true });
  });

  it('forgets what was said of the stage before', () => {
    const life = Life.in('staging').healthy().promotedTo('canary');
    expect(life.state).toMatchObject({ stage: 'canary', verdict: null, paused: [] });
  });

  it('retries only the steps that are not done, and keeps capital bound until they are', () => {
    const two = configuration();
    const second = { ...two.playbook[0]!, id: 'flat', title: 'Flatten', effect: 'flatten' as const };
    const life = Life.in('rolling-back', configuration({ playbook: [...two.playbook, second] }));
    life.happens(stepStarted(), rule).happens(stepEnded('done'), rule);
    life.happens(stepStarted(1, 'flat'), rule).happens(stepEnded('timed-out', 1, 'flat'), rule);
    life.happens(ended('failed', ['flat']), rule);
    expect(life.state).toMatchObject({ stage: 'rollback-failed', allocatedCapital: 50_000, leftStage: 'canary' });
    life.happens(rollback('retry', 'rollback-2'));
    expect(life.state.rollback?.steps.map(({ state }) => state)).toEqual(['done', 'waiting', 'waiting']);
    life.happens(stepStarted(1, 'flat', 'rollback-2')).happens(stepEnded('done', 1, 'flat', 'rollback-2'));
    life.happens({ kind: 'rollback-ended', rollbackId: 'rollback-2', outcome: 'rolled-back', missing: [] });
    expect(life.state).toMatchObject({ stage: 'rolled-back', allocatedCapital: 0, leftStage: 'canary' });
  });
});

const anyEvent = fc.record({
  kind: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(pairs) as DeploymentEventKind[])) },
    { weight: 2, arbitrary: fc.constantFrom('promoted' as const, 'verdict-changed' as const, 'resumed' as const) },
  ),
  share: fc.constantFrom(-0.1, 0, 0.01, 0.03, 0.05, 0.050001, 1, 2),
  actor: fc.constantFrom(operator, rule),
  why: fc.constantFrom('operator' as const, 'no-data' as const, 'budget-guard' as const, 'overdue' as const),
  verdict: fc.constantFrom('healthy' as const, 'warning' as const, 'breach' as const),
  outcome: fc.constantFrom('done' as const, 'failed' as const, 'interrupted' as const),
  attempt: fc.integer({ min: 1, max: 3 }),
  step: fc.constantFrom('stop', 'tell'),
  laterMs: fc.integer({ min: -usual.day, max: 2 * usual.day }),
});

type Wish = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;

describe('any life of a deployment', () => {
  it('keeps the caps, never leaves an end, and is the fold of its events', () => {
    const caps: Partial<Record<Stage, number>> = { staging: 10_000, canary: 50_000, production: 1_000_000 };
    const reached = new Set<Stage>();
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60, size: 'max' }), (wishes) => {
        const life = Life.in('staging');
        for (const wish of wishes) {
          const { stage, verdict } = life.state;
          const event = eventOf(wish, life);
          if (!life.try(event, wish.actor, wish.laterMs).ok) continue;
          expect(['rolled-back', 'aborted', 'superseded']).not.toContain(stage);
          life.happens(event, wish.actor, wish.laterMs);
          reached.add(life.state.stage);
          expect(life.state.allocatedCapital).toBeLessThanOrEqual((caps[life.state.stage] ?? 1_000_000) * (1 + 1e-9));
          if (event.kind === 'promoted') expect([verdict, wish.actor.kind]).toEqual(['healthy', 'user']);
        }
        expect(foldEvents(life.events)).toEqual({ ok: true, value: life.state });
      }),
      { numRuns: 400 },
    );
    // The wishes are worth something only if they lead somewhere.
    expect([...reached]).toEqual(expect.arrayContaining(['canary', 'production', 'rolling-back']));
  });

  function eventOf(wish: Wish, life: Life): DeploymentEvent {
    const { stage, verdict, rollback: running } = life.state;
    const rollbackId = running?.id ?? 'rollback-1';
    switch (wish.kind) {
      case 'promoted':
        return promote(stage === 'staging' ? 'canary' : 'production', 1_000_000 * wish.share);
      case 'paused':
        return pause(wish.why);
      case 'resumed':
        return resume(wish.why);
      case 'verdict-changed':
        return { kind: wish.kind, from: verdict, to: wish.verdict, evaluationId: 'e', reason: 'r' };
      case 'rollback-started':
        return rollback(wish.actor === rule ? 'breach' : 'operator', `rollback-${life.state.stateVersion}`);
      case 'step-started':
        return stepStarted(wish.attempt, wish.step, rollbackId);
      case 'step-ended':
        return stepEnded(wish.outcome, wish.attempt, wish.step, rollbackId);
      case 'rollback-ended':
        return {
          kind: wish.kind,
          rollbackId,
          outcome: wish.outcome === 'done' ? 'rolled-back' : 'failed',
          missing: wish.outcome === 'done' ? [] : ['stop'],
        };
      default:
        return prepared('none', wish.kind).event;
    }
  }
});

describe('a fold', () => {
  it('names the first event that cannot have happened', () => {
    const { events } = Life.in('canary');
    const broken = events.filter((_, at) => at !== 1).map((stored, at) => ({ ...stored, sequence: at + 1 }));
    expect(foldEvents(broken)).toMatchObject({ error: { code: 'not-allowed', detail: { event: 'verdict-changed' } } });
    expect(foldEvents([])).toMatchObject({ error: { code: 'not-found' } });
  });
});
