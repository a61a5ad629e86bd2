import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../electron/engine/engine';
import type { Clock } from '../../shared/base/clock';
import { FailureError, failure } from '../../shared/base/errors';
import { DAY_MS, DAY_US, formatIsoUs, HOUR_US, MINUTE_US } from '../../shared/base/time';
import type { DeploymentConfiguration } from '../../shared/canary/configuration';
import type { FigureName } from '../../shared/canary/figures';
import type { Progress } from '../../shared/canary/progress';
import { configuration } from '../support/canary-store';
import { engineForTest, importedInto } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** What deployments make of real fills: imported logs, the real store, the real evaluation and the real steps, a minute from look to look. */

const startUs = Date.parse('2026-03-10T09:00:00Z') * 1_000;

/** Both clocks stand until they are moved, together. */
function steppedClock(): Clock & { advance(us: number): void } {
  let nowUs = startUs;
  return {
    nowUs: () => nowUs,
    monotonicMs: () => nowUs / 1_000,
    advance: (us) => {
      nowUs += us;
    },
  };
}

interface Fill {
  readonly atUs: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly strategy?: string;
  readonly version?: string;
  readonly account?: string;
  readonly clientOrderId?: string;
  readonly fee?: readonly [amount: number, currency: string];
}

const columns =
  'strategy,symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,orderId,clientOrderId,decidedAt,intendedQuantity,version,account';

/** A desk with its clock, where logs arrive and minutes pass. */
async function deskWithFills() {
  const folder = await temporaryFolder();
  const clock = steppedClock();
  const engine = engineForTest(folder, clock);
  const desk = await engine.desk();
  let logs = 0;

  return {
    folder,
    engine,
    desk,
    clock,
    stopFileOf: (strategy: string) => join(folder, `stop-${strategy}`),
    /** Creates the deployment and starts its staging, which has 10,000 USD; 1 % of them are 100. */
    async staged(change: Partial<DeploymentConfiguration> = {}): Promise<string> {
      const own = { ...configuration(), ...change };
      const [step] = own.playbook;
      if (step?.kind !== 'kill-switch-file') throw new Error('the playbook of the tests writes a file');
      const playbook = [{ ...step, path: join(folder, `stop-${own.strategy}`) }];
      const { id } = unwrapped(await engine.ask('canary.create', { configuration: { ...own, playbook } }));
      unwrapped(await engine.ask('canary.startStaging', { id, stateVersion: 1 }));
      return id;
    },
    async arrive(fills: readonly Fill[], source: 'live' | 'backtest' = 'live'): Promise<void> {
      logs += 1;
      const lines = fills.map((fill, at) =>
        [
          fill.strategy ?? 'momentum',
          'BTC/USD',
          fill.side,
          fill.price,
          fill.quantity,
          ...(fill.fee ?? [0, 'USD']),
          ...['taker', formatIsoUs(fill.atUs), `${source}-${logs}-${at}`],
          fill.clientOrderId ?? `own-${logs}-${at}`,
          formatIsoUs(fill.atUs - 50_000),
          fill.quantity,
          fill.version ?? 'v2',
          fill.account ?? 'main',
        ].join(','),
      );
      const path = join(folder, `log-${logs}.csv`);
      await writeFile(path, `${[columns, ...lines].join('\n')}\n`);
      await importedInto(engine, path, source);
    },
    /** A minute later, one look. */
    async look(): Promise<void> {
      clock.advance(MINUTE_US);
      expect(await desk.canary.monitor.once()).toBe(true);
    },
    get: async (id: string) => unwrapped(await engine.ask('canary.get', { id })),
    async figure(id: string, name: FigureName): Promise<number | null> {
      const { evaluation } = unwrapped(await engine.ask('canary.get', { id }));
      return evaluation?.figures.find((figure) => figure.name === name)?.value ?? null;
    },
    audited: (action: string, subject: string) => audited(engine, action, subject),
  };
}

async function audited(engine: Engine, action: string, subject: string) {
  const filter = { action, subject, actor: null, fromUs: null, toUs: null };
  return unwrapped(await engine.ask('audit.list', { ...filter, page: { offset: 0, limit: 10 } })).records;
}

/** Ten units bought at 100 and sold so that the trip earns this much. */
function trip(atUs: number, earned: number, change: Partial<Fill> = {}): Fill[] {
  return [
    { atUs, side: 'buy', price: 100, quantity: 10, ...change },
    { atUs: atUs + 1_000_000, side: 'sell', price: 100 + earned / 10, quantity: 10, ...change },
  ];
}

describe('a loss of money', () => {
  it.each([
    ['daily-loss', 'at its limit', [-100], -1],
    ['daily-loss', 'of the day', [-60], -45],
    ['drawdown', 'from a height it had reached', [400], -301],
  ] as const)('%s %s is rolled back by the first look that sees it, once', async (criterion, _, earlier, last) => {
    const on = await deskWithFills();
    const id = await on.staged();
    const others = { strategy: 'pairs', version: 'v1', account: 'other' };
    const other = await on.staged({ strategy: 'pairs', version: 'v1' });
    await on.arrive([
      ...earlier.flatMap((earned) => trip(startUs + 10_000_000, earned)),
      ...trip(startUs + 10_000_000, 5, others),
    ]);
    await on.look();
    expect((await on.get(id)).deployment.stage).toBe('staging');
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(earlier[0] / 100, 9);

    await on.arrive(trip(startUs + 70_000_000, last));
    await on.look();
    const { deployment, evaluation } = await on.get(id);
    expect(deployment.stage).toBe('rolled-back');
    const breached = evaluation?.criteria.filter(({ outcome }) => outcome === 'breached') ?? [];
    expect(breached.map(({ gate, id: name }) => `${gate} ${name}`)).toContain(`rollback ${criterion}`);
    expect(await readFile(on.stopFileOf('momentum'), 'utf8')).toContain(id);

    await on.look();
    await on.look();
    expect(await on.audited('deployment.rollback-started', id)).toHaveLength(1);
    expect(await on.audited('deployment.step-started', id)).toHaveLength(1);
    const untouched = await on.get(other);
    expect(untouched.deployment).toMatchObject({ stage: 'staging', stateVersion: expect.any(Number) });
    expect(await on.figure(other, 'totalReturnPercent')).toBeCloseTo(0.05, 9);
    expect(await on.audited('deployment.rollback-started', other)).toEqual([]);
    await expect(access(on.stopFileOf('pairs'))).rejects.toThrow();
  });
});

describe('fills', () => {
  it.each([
    ['another version', { version: 'v1' }],
    ['another account', { account: 'other' }],
    ['another prefix', { clientOrderId: 'theirs-1' }],
    ['no version, in an account of two versions', { version: '', account: 'other' }],
  ])('of %s do not count', async (_, theirs) => {
    const on = await deskWithFills();
    const belongs = { version: null, account: 'main', clientOrderIdPrefix: 'own-', symbols: [] };
    const id = await on.staged({ belongs });
    await on.arrive([...trip(startUs + 10_000_000, -40), ...trip(startUs + 20_000_000, -900, theirs)]);
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(-0.4, 9);
    expect(await on.figure(id, 'orders')).toBe(2);
    expect((await on.get(id)).deployment.stage).toBe('staging');
  });

  it('that arrive late change the figures of the next look, those of the stage\u2019s earlier days too', async () => {
    const on = await deskWithFills();
    const id = await on.staged();
    on.clock.advance(DAY_US);
    await on.arrive(trip(startUs + DAY_US, 30));
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(0.3, 9);
    const before = (await on.get(id)).evaluation;
    await on.arrive(trip(startUs + HOUR_US, -20));
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(0.1, 9);
    expect(await on.figure(id, 'dailyLossPercent')).toBe(0);
    // What was judged before stays as it was judged.
    expect(await on.desk.store.canary.evaluation(before?.id ?? '')).toEqual(before);
  });

  it('have their fees counted when the prices of what they were paid in arrive', async () => {
    const on = await deskWithFills();
    const id = await on.staged();
    await on.arrive(trip(startUs + 10_000_000, 50, { fee: [0.02, 'BNB'] }));
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(0.5, 9);
    const path = join(on.folder, 'candles.csv');
    const candles = [3, 2].map((minutes) => `${(startUs - minutes * MINUTE_US) / 1_000},500,500,500,500,1,BNB/USD`);
    await writeFile(path, `timestamp,open,high,low,close,volume,symbol\n${candles.join('\n')}\n`);
    await importedInto(on.engine, path, 'live');
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(0.3, 9);
  });

  it('from before the stage began are no money of it', async () => {
    const on = await deskWithFills();
    on.clock.advance(HOUR_US);
    const id = await on.staged();
    await on.arrive([...trip(startUs, -900), ...trip(startUs + HOUR_US + 10_000_000, 20)]);
    await on.look();
    expect(await on.figure(id, 'totalReturnPercent')).toBeCloseTo(0.2, 9);
  });
});

describe('an evaluation that throws', () => {
  it('is told once in the audit, judges nothing, and stops neither the others nor the next look', async () => {
    const on = await deskWithFills();
    const id = await on.staged();
    const other = await on.staged({ strategy: 'pairs', version: 'v1' });
    await on.arrive([
      ...trip(startUs + 10_000_000, 5),
      ...trip(startUs + 10_000_000, 7, { strategy: 'pairs', version: 'v1' }),
    ]);
    await on.look();
    expect((await on.get(id)).evaluation?.equity).toBeCloseTo(10_005, 9);
    await on.arrive(trip(startUs + 65_000_000, 10));
    const { executions } = on.desk.store;
    const segments = executions.segments.bind(executions);
    const broken = vi.spyOn(executions, 'segments').mockImplementation(async (filter) => {
      if (filter?.strategy !== 'momentum') return segments(filter);
      throw new FailureError(failure('store-corrupt', 'A segment has lost its shape.', 'Restore a backup.'));
    });
    await on.look();
    await on.look();
    const failed = await on.get(id);
    expect(failed.deployment).toMatchObject({ stage: 'staging', verdict: 'no-data' });
    expect(failed.evaluation).toMatchObject({ verdict: 'no-data', equity: null });
    expect(failed.evaluation?.reasons.join()).toContain('lost its shape');
    expect(await on.audited('deployment.evaluation-failed', id)).toHaveLength(1);
    expect((await on.get(other)).evaluation).toMatchObject({
      atUs: on.clock.nowUs(),
      equity: expect.closeTo(10_007, 9),
    });

    broken.mockRestore();
    await on.look();
    expect((await on.get(id)).evaluation).toMatchObject({ atUs: on.clock.nowUs(), equity: expect.closeTo(10_015, 9) });
  });
});

describe('a promotion', () => {
  /**
   * Staging is observed for seven days, which are ten thousand looks. The test takes the place of a monitor that made all but the last two
   * minutes of them and ended: it leaves its progress in the store, as a monitor does, and a new process goes on from there.
   */
  it('needs the whole time observed and every criterion met', async () => {
    const on = await deskWithFills();
    const id = await on.staged();
    on.clock.advance(7 * DAY_US - 10 * MINUTE_US);
    const fillsFor = (days: number) =>
      Array.from({ length: days * 96 }, (_, at) =>
        trip(startUs + at * 15 * MINUTE_US + 30_000_000, 0.3 + (at % 5) / 10),
      );
    const fills = fillsFor(7).flat();
    await on.arrive(fills);
    await on.arrive(fills, 'backtest');
    const { deployment } = await on.get(id);
    const left: Progress = {
      stage: 'staging',
      stageSinceUs: deployment.stageSinceUs,
      observed: {
        observedMs: 7 * DAY_MS - 120_000,
        stageMs: 7 * DAY_MS - 600_000,
        last: { atUs: on.clock.nowUs(), monotonicMs: 1, run: 'ended', counts: true },
      },
      held: {},
      peak: null,
      deepestFall: null,
      intervals: {},
      withoutDataMs: 0,
      overdueFromMs: null,
      drift: null,
    };
    const summary = { strategy: 'momentum', version: 'v2', active: true, watched: false };
    await on.desk.store.canary.write([
      {
        ...{ deploymentId: id, stateVersion: deployment.stateVersion, atUs: on.clock.nowUs(), events: [] },
        ...{ evaluation: null, summary, progress: JSON.stringify(left) },
      },
    ]);
    const unmet = async () => (await on.get(id)).promotion?.unmet.map(({ code }) => code);
    const promote = async () => {
      const now = await on.get(id);
      return on.engine.ask('canary.promote', {
        ...{ id, stateVersion: now.deployment.stateVersion, evaluationId: now.evaluation?.id ?? '' },
        reason: 'seven good days',
      });
    };
    // The minute between the two processes was observed by neither.
    await on.look();
    await on.look();
    expect((await on.get(id)).evaluation?.observedMs).toBe(7 * DAY_MS - 60_000);
    expect(await unmet()).toEqual(['observed-time']);
    expect(await promote()).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
    await on.look();
    expect(await unmet()).toEqual([]);

    // One criterion that is not met any more is enough, until it is met again.
    const losing = trip(on.clock.nowUs() - 2_000_000, -70);
    await on.arrive(losing);
    await on.arrive(losing, 'backtest');
    await on.look();
    expect(await unmet()).toEqual(['paused:budget-guard', 'verdict', 'criterion:guard:guard-daily-loss']);
    expect(await promote()).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
    const winning = trip(on.clock.nowUs() - 1_000_000, 80);
    await on.arrive(winning);
    await on.arrive(winning, 'backtest');
    await on.look();
    expect(await unmet()).toEqual([]);
    expect(await promote()).toMatchObject({ ok: true });
    expect((await on.get(id)).deployment).toMatchObject({ stage: 'canary', allocatedCapital: 50_000 });
    await on.look();
    expect((await on.get(id)).evaluation).toMatchObject({ stage: 'canary', observedMs: 0 });
    expect(await unmet()).toContain('observed-time');
  });
});
