import { describe, expect, it } from 'vitest';
import { exportAudit, verifyAudit, verifyExport } from '../../electron/engine/canary/audit-service';
import type { DeskStore } from '../../electron/engine/ports';
import { Connection, statement } from '../../electron/store/connection';
import type { AuditRecord } from '../../shared/base/audit-chain';
import { DAY_US, HOUR_US, MINUTE_US } from '../../shared/base/time';
import { configuration, evaluationOf, writeOf } from '../support/canary-store';
import { failureOf, openedDesk, storesForTest, temporaryFolder } from '../support/temporary-desk';

const created = { kind: 'created', configuration: configuration() } as const;
const started = { kind: 'staging-started', allocatedCapital: 10_000 } as const;
const gap = { kind: 'gap', what: 'sleep', byMs: 1 } as const;
const whole = { offset: 0, limit: 1_000 };

async function chainOf(desk: DeskStore): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of desk.audit.all()) records.push(record);
  return records;
}

describe('deployments in the store', () => {
  it('come back with their events, last evaluation and progress, each event an audit record', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const evaluation = evaluationOf('e1', 'd1', 5);
    expect(await desk.canary.write([writeOf('d1', 0, [created, started])])).toEqual([2]);
    expect(await desk.canary.write([writeOf('d1', 2, [gap], { evaluation, progress: '{"a":1}' })])).toEqual([3]);
    const stored = await desk.canary.get('d1');
    expect(stored?.events.map(({ sequence, event }) => [sequence, event])).toEqual([
      [1, created],
      [2, started],
      [3, gap],
    ]);
    expect(stored).toMatchObject({ lastEvaluation: evaluation, progress: '{"a":1}' });
    expect(await desk.canary.activeHeads()).toEqual([{ id: 'd1', stateVersion: 3 }]);
    expect((await chainOf(desk)).map(({ action, subject }) => [action, subject])).toEqual([
      ['deployment.created', 'd1'],
      ['deployment.staging-started', 'd1'],
      ['deployment.gap', 'd1'],
    ]);
    expect(await desk.canary.get('other')).toBeNull();
    expect((await desk.canary.events('d1', { offset: 0, limit: 2 })).rows.map(({ sequence }) => sequence)).toEqual([
      3, 2,
    ]);
  });

  it('refuse a write that was decided on another state, and everything that came with it', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await desk.canary.write([writeOf('d1', 0, [created])]);
    const other = writeOf('d2', 0, [created], {
      summary: { strategy: 's2', version: 'v', active: true, watched: false },
    });
    expect(await failureOf(desk.canary.write([other, writeOf('d1', 0, [started])]))).toMatchObject({
      code: 'conflict',
    });
    expect(await failureOf(desk.canary.write([writeOf('d1', 2, [started])]))).toMatchObject({ code: 'conflict' });
    expect(await desk.canary.get('d2')).toBeNull();
    expect(await chainOf(desk)).toHaveLength(1);
  });

  it('are one active of a strategy, and the next may begin in the write in which it ends', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await desk.canary.write([writeOf('d1', 0, [created])]);
    expect(await failureOf(desk.canary.write([writeOf('d2', 0, [created])]))).toMatchObject({
      code: 'conflict',
      detail: { active: 'd1' },
    });
    const ended = { summary: { strategy: 'momentum', version: 'v2', active: false, watched: false } };
    await desk.canary.write([
      writeOf('d2', 0, [created]),
      writeOf('d1', 1, [{ kind: 'aborted', reason: 'another one' }], ended),
    ]);
    expect((await desk.canary.list('active', null, whole)).rows.map(({ id }) => id)).toEqual(['d2']);
    expect((await desk.canary.list('ended', null, whole)).rows.map(({ id }) => id)).toEqual(['d1']);
    expect((await desk.canary.list('all', 'other', whole)).total).toBe(0);
  });

  it('take a write of the monitor only from the process that holds the right to evaluate', async () => {
    const folder = await temporaryFolder();
    const stores = storesForTest();
    const [desk, other] = [await openedDesk(folder, stores), await openedDesk(folder, stores)];
    expect(await failureOf(desk.canary.write([writeOf('d1', 0, [created])], true))).toMatchObject({ code: 'conflict' });
    expect(await desk.monitorLease.hold(60_000)).toBe(true);
    expect(await other.monitorLease.hold(60_000)).toBe(false);
    expect([await desk.monitorLease.holder(), await other.monitorLease.holder()]).toEqual(['this', 'other']);
    await desk.canary.write([writeOf('d1', 0, [created])], true);
    // Its beat stood still for as long as the other one waits.
    expect(await other.monitorLease.hold(0)).toBe(true);
    expect(await failureOf(desk.canary.write([writeOf('d1', 1, [started])], true))).toMatchObject({ code: 'conflict' });
    expect(await desk.monitorLease.hold(60_000)).toBe(false);
    await other.monitorLease.release();
    expect(await desk.monitorLease.holder()).toBe('none');
  });

  it('tell other processes of it, apart from data', async () => {
    const folder = await temporaryFolder();
    const [desk, other] = [await openedDesk(folder), await openedDesk(folder)];
    const seen: string[] = [];
    const heard = new Promise<void>((resolve) =>
      other.onChange((what) => {
        seen.push(what);
        resolve();
      }),
    );
    await desk.canary.write([writeOf('d1', 0, [created])]);
    await heard;
    expect(seen).toEqual(['canary']);
  });
});

describe('evaluations', () => {
  it('are thinned by age, but for extremes and those events refer to', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const nowUs = 1_767_225_600_000_000;
    await desk.canary.write([writeOf('d1', 0, [created, started])]);
    const firstUs = nowUs - 3 * DAY_US - HOUR_US;
    for (let minute = 0; minute < 120; minute++) {
      const evaluation = evaluationOf(`e${minute}`, 'd1', firstUs + minute * MINUTE_US, {
        equity: minute === 13 ? 9_000 : minute === 17 ? 11_000 : 10_000,
      });
      await desk.canary.write([
        writeOf('d1', minute < 16 ? 2 : 3, minute === 15 ? [verdict('e15')] : [], { evaluation }),
      ]);
    }
    expect(await desk.canary.thin(nowUs)).toBeGreaterThan(0);
    const { rows, total } = await desk.canary.evaluations('d1', whole);
    const left = rows.map(({ id }) => id).reverse();
    expect(left.slice(0, 6)).toEqual(['e0', 'e10', 'e13', 'e15', 'e17', 'e20']);
    // Nothing of the last three days went.
    expect(left.slice(-60)).toEqual(Array.from({ length: 60 }, (_, at) => `e${at + 60}`));
    expect(await desk.canary.thin(nowUs)).toBe(0);
    expect(total).toBe(rows.length);
  });

  it('make a series that keeps highs and lows', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await desk.canary.write([writeOf('d1', 0, [created, started])]);
    for (let at = 0; at < 100; at++) {
      const equity = at === 42 ? 1 : at === 77 ? 99 : 10;
      await desk.canary.write([writeOf('d1', 2, [], { evaluation: evaluationOf(`e${at}`, 'd1', at + 1, { equity }) })]);
    }
    const series = await desk.canary.evaluationSeries('d1', 'staging', 12);
    expect(series.length).toBeLessThanOrEqual(12);
    expect(series.map(({ equity }) => equity)).toEqual(expect.arrayContaining([1, 99]));
    expect(series.at(-1)?.id).toBe('e99');
    expect(series.map(({ atUs }) => atUs)).toEqual(series.map(({ atUs }) => atUs).toSorted((a, b) => a - b));
  });
});

const verdict = (evaluationId: string) =>
  ({ kind: 'verdict-changed', from: null, to: 'healthy', evaluationId, reason: 'all is well' }) as const;

describe('the audit trail', () => {
  const entry = {
    atUs: 1,
    actor: { kind: 'user', name: 'ada' },
    action: 'promotion.stopped',
    subject: 'rules',
  } as const;

  it('is changed by nobody, and a setting goes with its record or not at all', async () => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    await desk.audit.append({ ...entry, payload: { a: 1 } }, { key: 'k', before: null, value: '1' });
    expect(await desk.settings.get('k')).toBe('1');
    expect(
      await failureOf(desk.audit.append({ ...entry, payload: {} }, { key: 'k', before: null, value: '2' })),
    ).toMatchObject({ code: 'conflict' });
    expect(await chainOf(desk)).toHaveLength(1);
    const direct = await Connection.open(`${folder}/lockstep.db`, 'write', 200);
    for (const sql of ['UPDATE audit_records SET at_us = 2', 'DELETE FROM audit_records']) {
      expect(await failureOf(direct.run(statement('tamper', sql)))).toMatchObject({ code: 'store-failed' });
    }
    await direct.close();
  });

  it.each([
    ['content', 'UPDATE audit_records SET payload = \'{"n":9}\' WHERE sequence = 3', 3, 'content'],
    ['who', "UPDATE audit_records SET actor_name = 'eve' WHERE sequence = 2", 2, 'content'],
    ['no JSON', "UPDATE audit_records SET payload = '{' WHERE sequence = 4", 4, 'payload'],
    ['left out', 'DELETE FROM audit_records WHERE sequence = 2', 2, 'missing'],
    ['the first left out', 'DELETE FROM audit_records WHERE sequence = 1', 1, 'missing'],
  ])('names the first record that does not belong: %s', async (_, sql, sequence, problem) => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    for (let n = 1; n <= 5; n++) await desk.audit.append({ ...entry, payload: { n } });
    expect(await verifyAudit(desk.audit)).toEqual({ records: 5, broken: null });
    const direct = await Connection.open(`${folder}/lockstep.db`, 'write', 200);
    await direct.script('tamper', `DROP TRIGGER audit_records_no_update; DROP TRIGGER audit_records_no_delete; ${sql}`);
    await direct.close();
    expect(await verifyAudit(desk.audit)).toMatchObject({
      records: sequence - 1,
      broken: { sequence, problem: expect.stringContaining(problem) },
    });
  });

  it('is exported as lines that are verified without the store', async () => {
    const desk = await openedDesk(await temporaryFolder());
    for (let n = 1; n <= 450; n++) await desk.audit.append({ ...entry, payload: { n, text: 'zeilen\n"ende"' } });
    const lines: string[] = [];
    for await (const line of exportAudit(desk.audit)) lines.push(line);
    expect(await verifyExport(lines)).toEqual({ records: 450, broken: null });
    const changed = lines.map((line, at) => (at === 200 ? line.replace('"n":201', '"n":202') : line));
    expect(await verifyExport(changed)).toMatchObject({ records: 200, broken: { sequence: 201 } });
    const swapped = [lines[1]!, lines[0]!, ...lines.slice(2)];
    expect(await verifyExport(swapped)).toMatchObject({ records: 0, broken: { sequence: 1 } });
    expect(await verifyExport(['nonsense'])).toMatchObject({ broken: { sequence: 1 } });
    expect(
      (await desk.audit.list({ action: null, subject: null, actor: 'eve', fromUs: null, toUs: null }, whole)).total,
    ).toBe(0);
    expect(
      (
        await desk.audit.list(
          { action: entry.action, subject: null, actor: 'ada', fromUs: 1, toUs: 1 },
          { offset: 0, limit: 2 },
        )
      ).rows.map(({ sequence }) => sequence),
    ).toEqual([450, 449]);
  });
});
