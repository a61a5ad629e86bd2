import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../electron/engine/canary/audit-service';
import type { Engine } from '../../electron/engine/engine';
import { configuration } from '../support/canary-store';
import { engineForTest, standingClock } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** One deployment from its creation to its rollback, through the contract, on the real store and the real steps. */

async function deployed(folder: string, engine: Engine): Promise<string> {
  const [step] = configuration().playbook;
  if (step?.kind !== 'kill-switch-file') throw new Error('the playbook of the tests writes a file');
  const own = { ...configuration(), playbook: [{ ...step, path: join(folder, 'stop') }] };
  const { id } = unwrapped(await engine.ask('canary.create', { configuration: own }));
  return id;
}

const stageOf = async (engine: Engine, id: string) =>
  unwrapped(await engine.ask('canary.get', { id })).deployment.stage;

describe('a deployment', () => {
  it('without data is not promoted, is paused, and is rolled back once by who confirms it', async () => {
    const folder = await temporaryFolder();
    const clock = standingClock('2026-03-10T09:00:00Z');
    const engine = engineForTest(folder, clock);
    const id = await deployed(folder, engine);
    expect(await engine.ask('canary.startStaging', { id, stateVersion: 9 })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    unwrapped(await engine.ask('canary.startStaging', { id, stateVersion: 1 }));
    const desk = await engine.desk();
    expect(await desk.canary.monitor.once()).toBe(true);

    const seen = unwrapped(await engine.ask('canary.get', { id }));
    expect(seen.deployment).toMatchObject({ stage: 'staging', verdict: 'no-data', allocatedCapital: 10_000 });
    expect(seen.deployment.paused.map(({ why }) => why)).toEqual(['no-data']);
    expect(seen.promotion?.unmet.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['paused:no-data', 'observed-time', 'verdict']),
    );
    const refused = await engine.ask('canary.promote', {
      id,
      stateVersion: seen.deployment.stateVersion,
      evaluationId: seen.evaluation?.id ?? '',
      reason: 'I want it',
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'not-allowed' } });

    const challenge = unwrapped(await engine.ask('canary.rollbackChallenge', { id }));
    const answer = { challengeId: challenge.challengeId, typedVersion: 'v2', reason: 'enough', heldMs: 1_500 };
    const [first, second] = await Promise.all([
      engine.ask('canary.rollback', answer),
      engine.ask('canary.rollback', answer),
    ]);
    unwrapped(first);
    expect(second).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await vi.waitFor(async () => expect(await stageOf(engine, id)).toBe('rolled-back'));
    expect(await readFile(join(folder, 'stop'), 'utf8')).toContain(id);

    const { records } = unwrapped(
      await engine.ask('audit.list', {
        ...{ action: 'deployment.rollback-started', subject: id, actor: null, fromUs: null, toUs: null },
        page: { offset: 0, limit: 10 },
      }),
    );
    expect(records).toHaveLength(1);
    expect((await verifyAudit(desk.store.audit)).broken).toBeNull();
    const history = unwrapped(await engine.ask('canary.history', { strategy: null, page: { offset: 0, limit: 10 } }));
    expect(history.rates).toMatchObject({ ended: 1, rolledBack: 1 });
    expect(history.deployments).toMatchObject([{ id, stage: 'rolled-back', trigger: 'command-line' }]);
    const series = unwrapped(await engine.ask('canary.series', { id, stage: 'staging', points: 10 }));
    expect(series.verdict).toEqual(['no-data']);
  });

  it.each([
    ['another version', { typedVersion: 'v1' }],
    ['a tap', { heldMs: 1_499 }],
  ])('is not rolled back by %s, and that confirmation is used up', async (_, wrong) => {
    const folder = await temporaryFolder();
    const engine = engineForTest(folder);
    const id = await deployed(folder, engine);
    unwrapped(await engine.ask('canary.startStaging', { id, stateVersion: 1 }));
    const { challengeId } = unwrapped(await engine.ask('canary.rollbackChallenge', { id }));
    const right = { challengeId, typedVersion: 'v2', reason: 'enough', heldMs: 1_500 };
    expect(await engine.ask('canary.rollback', { ...right, ...wrong })).toMatchObject({
      ok: false,
      error: { code: 'not-allowed' },
    });
    expect(await engine.ask('canary.rollback', right)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    // A deployment that moved on is not what was confirmed.
    const stale = unwrapped(await engine.ask('canary.rollbackChallenge', { id }));
    unwrapped(await engine.ask('canary.pause', { id, stateVersion: 2, reason: 'wait' }));
    expect(await engine.ask('canary.rollback', { ...right, challengeId: stale.challengeId })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
    expect(await stageOf(engine, id)).toBe('staging');
  });

  it('waits while the line is stopped, with who and why in the audit', async () => {
    const engine = engineForTest(await temporaryFolder());
    const { rules } = unwrapped(await engine.ask('canary.stopTheLine', { reason: 'exchange is down' }));
    expect(rules.stopped?.reason).toBe('exchange is down');
    const list = unwrapped(await engine.ask('canary.list', { filter: 'all', page: { offset: 0, limit: 10 } }));
    expect(list).toMatchObject({ rules, monitor: { evaluator: 'none', intervalMs: 60_000 } });
    unwrapped(await engine.ask('canary.releaseTheLine', { reason: 'it is back' }));
    const { store } = await engine.desk();
    expect(await store.audit.actions()).toEqual(['promotion.released', 'promotion.stopped']);
  });
});
