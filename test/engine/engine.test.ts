import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { addUtcDays, type UtcDay } from '../../shared/base/time';
import { admitted, engineForTest, importedInto, standingClock } from '../support/engine';
import { countingIds, storesForTest, temporaryFolder, unwrapped } from '../support/temporary-desk';
import { type TradeLogOptions, tradeLogs } from '../support/trade-logs';

const day = '2026-03-02' as UtcDay;
const key = { strategy: 'pairs', symbol: 'BTC/USDT', day };
const page = { offset: 0, limit: 1_000 };
const byTime = { kind: 'all', sort: 'time', descending: false } as const;

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function withLogs(engine: ReturnType<typeof engineForTest>, options: TradeLogOptions = {}, first: UtcDay = day) {
  const logs = tradeLogs(first, options);
  await importedInto(engine, await written(`backtest-${first}.csv`, logs.backtest), 'backtest');
  await importedInto(engine, await written(`live-${first}.csv`, logs.live), 'live');
}

describe('from two logs to the pages', () => {
  it('answers an empty desk with nothing, not with an error', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    expect(unwrapped(await engine.ask('desk.overview', { strategy: null, days: 30 }))).toMatchObject({
      strategies: [],
      strategy: null,
      portfolio: null,
      symbols: [],
      feeds: [],
    });
    expect(unwrapped(await engine.ask('app.info', {}))).toMatchObject({ sample: false, sampleAvailable: false });
  });

  it('shows the overview, the day, its orders, points and fills', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    await withLogs(engine, { days: 3, missed: [4] });
    const overview = unwrapped(await engine.ask('desk.overview', { strategy: null, days: 30 }));
    expect(overview).toMatchObject({ strategy: 'pairs', portfolio: { key: { from: '2026-03-04' } } });
    expect(overview.portfolioDays.map((point) => point.day)).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
    expect(overview.symbols).toMatchObject([{ symbol: 'BTC/USDT', days: 3, latestDay: '2026-03-04', missed: 2 }]);
    expect(overview.feeds.map(({ source }) => source)).toEqual(['live', 'backtest']);

    const { report, series, revisions } = unwrapped(
      await engine.ask('parity.report', { strategy: 'pairs', symbol: 'BTC/USDT', from: day, to: day }),
    );
    expect(report.matches).toMatchObject({ matched: 38, missed: 2, extra: 0 });
    expect(series?.endsUs).toHaveLength(24);
    expect(revisions).toBeGreaterThanOrEqual(1);

    const orders = unwrapped(await engine.ask('parity.orders', { ...key, ...byTime, page }));
    expect(orders.total).toBe(40);
    const gaps = orders.rows.reduce((sum, row) => sum + row.gap, 0);
    expect(gaps + report.attribution.carry).toBeCloseTo(report.attribution.gap, 9);

    const row = orders.rows[5];
    const id = row?.live?.id ?? '';
    expect(unwrapped(await engine.ask('parity.order', { ...key, ...byTime, orderId: id }))).toMatchObject({
      index: 5,
      row,
    });
    const { fills } = unwrapped(await engine.ask('parity.fills', { ...key, orderIds: [id, row?.backtest?.id ?? ''] }));
    expect(fills.map(({ source, fileName, line }) => [source, fileName, line])).toEqual([
      ['live', `live-${day}.csv`, 7],
      ['backtest', `backtest-${day}.csv`, 7],
    ]);
    const points = unwrapped(await engine.ask('parity.points', key));
    expect(points.total).toBe(38);
    expect(points.ids).toContain(id);
    expect(points.slippageBps.every((value) => value !== null && Math.abs(value - 0.1) < 0.001)).toBe(true);
  });

  it('keeps everything over a restart', async () => {
    const first = engineForTest(join(folder, 'desk'));
    await withLogs(first);
    const ask = { strategy: 'pairs', symbol: null, from: day, to: day };
    const before = unwrapped(await first.ask('parity.report', ask));
    await first.close();
    const second = engineForTest(join(folder, 'desk'));
    expect(unwrapped(await second.ask('parity.report', ask)).report).toEqual(before.report);
  });
});

describe('what an import touches', () => {
  it('is in the next answer, even when it comes while the day is being judged without it', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const clock = standingClock('2026-03-10T09:00:00Z');
    const { openDeskStore } = storesForTest(clock, countingIds());
    const engine = engineForTest(join(folder, 'desk'), clock, {
      // The day is being judged, and stands where it reads the live executions, while the other log comes in.
      openStore: async (directory, mode) => {
        const opened = await openDeskStore(directory, mode);
        if (!opened.ok) return opened;
        const { executions } = opened.value;
        const readSegments = executions.readSegments.bind(executions);
        executions.readSegments = async function* (segments) {
          arrive();
          await held;
          yield* readSegments(segments);
        };
        return opened;
      },
    });
    const logs = tradeLogs(day);
    const overview = () => engine.ask('desk.overview', { strategy: null, days: 30 });
    await importedInto(engine, await written('live.csv', logs.live), 'live');
    const before = overview();
    await arrived;
    const ended = new Promise((resolve) => engine.on('imports.ended', resolve));
    const { token } = await admitted(engine, await written('backtest.csv', logs.backtest));
    const file = {
      token,
      source: 'backtest',
      strategy: null,
      version: null,
      account: null,
      format: null,
      map: null,
    } as const;
    unwrapped(await engine.ask('imports.start', { files: [file] }));
    await ended;
    const meanwhile = overview();
    release();
    await before;
    expect(unwrapped(await meanwhile).portfolio?.matches).toMatchObject({ matched: 40, missed: 0, extra: 0 });
    expect(unwrapped(await overview()).portfolio?.matches).toMatchObject({ matched: 40, missed: 0, extra: 0 });
  });

  it('is judged again as the next revision; the days before it are not', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    await withLogs(engine, { days: 3 });
    // A late fill of the second day: it makes the day anew, and moves the opening position of the third.
    const late = tradeLogs('2026-03-03' as UtcDay)
      .live.split('\n')
      .slice(0, 2)
      .join('\n')
      .replace('lv-0-0', 'late-1')
      .replace('pairs-0-0', 'late-1');
    await importedInto(engine, await written('late.csv', `${late}\n`), 'live');
    const revisions = [];
    for (const at of [day, addUtcDays(day, 1), addUtcDays(day, 2)]) {
      const { report, revisions: count } = unwrapped(
        await engine.ask('parity.report', { strategy: 'pairs', symbol: 'BTC/USDT', from: at, to: at }),
      );
      revisions.push([report.key.revision, count, report.matches.extra]);
    }
    expect(revisions).toEqual([
      [1, 1, 0],
      [2, 2, 1],
      [2, 2, 0],
    ]);
  });

  it('changes nothing when the same file comes again', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    await withLogs(engine);
    const ask = { strategy: 'pairs', symbol: null, from: day, to: day };
    const before = unwrapped(await engine.ask('parity.report', ask));
    await importedInto(engine, join(folder, `live-${day}.csv`), 'live');
    const after = unwrapped(await engine.ask('parity.report', ask));
    expect([after.report, after.revisions]).toEqual([before.report, before.revisions]);
  });

  it('a day closes by the clock alone', async () => {
    const clock = standingClock('2026-03-02T23:30:00Z');
    const engine = engineForTest(join(folder, 'desk'), clock);
    await withLogs(engine);
    const ask = { strategy: 'pairs', symbol: 'BTC/USDT', from: day, to: day };
    expect(unwrapped(await engine.ask('parity.report', ask)).report).toMatchObject({
      status: 'UNKNOWN',
      dataQuality: { dayClosed: false },
    });
    clock.set('2026-03-03T02:00:00Z');
    expect(unwrapped(await engine.ask('parity.report', ask)).report).toMatchObject({
      status: 'PASS',
      dataQuality: { dayClosed: true },
    });
  });
});

describe('a store that cannot be opened', () => {
  it('is what every call answers, and the next attempt is made when the cause is gone', async () => {
    let millis = 0;
    const clock = { nowUs: () => Date.parse('2026-03-10T09:00:00Z') * 1_000, monotonicMs: () => millis };
    const desk = join(folder, 'desk');
    await mkdir(desk);
    await writeFile(join(desk, 'lockstep.db'), 'this is no database, whatever its name says'.repeat(100));
    const engine = engineForTest(desk, clock);
    for (const answer of [await engine.ask('app.info', {}), await engine.ask('imports.list', { page })]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'store-corrupt' } });
    }
    expect(await readFile(join(desk, 'lockstep.db'), 'utf8')).toContain('this is no database');
    await writeFile(join(desk, 'lockstep.db'), '');
    expect(await engine.ask('app.info', {})).toMatchObject({ ok: false });
    millis += 2_500;
    expect(await engine.ask('app.info', {})).toMatchObject({ ok: true });
  });
});

describe('files', () => {
  it('are named by tokens; a stale token starts nothing', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    const good = await admitted(engine, await written('live.csv', tradeLogs(day).live));
    expect(good).not.toHaveProperty('path');
    const said = { source: 'live' as const, strategy: null, version: null, account: null, format: null, map: null };
    const started = await engine.ask('imports.start', {
      files: [
        { ...said, token: good.token },
        { ...said, token: 'file-999' },
      ],
    });
    expect(started).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(unwrapped(await engine.ask('imports.list', { page })).total).toBe(0);
  });

  it('an upload is deleted once it is imported; a refused one at once', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    const path = await written('spooled', tradeLogs(day).live);
    const { token } = unwrapped(await engine.admit({ path, name: 'live.csv', uploaded: true }));
    const ended = new Promise<void>((resolve) => {
      engine.on('imports.ended', () => resolve());
    });
    unwrapped(
      await engine.ask('imports.start', {
        files: [{ token, source: 'live', strategy: null, version: null, account: null, format: null, map: null }],
      }),
    );
    await ended;
    await expect
      .poll(() =>
        stat(path).then(
          () => 'there',
          () => 'gone',
        ),
      )
      .toBe('gone');
    const empty = await written('empty', '');
    expect(await engine.admit({ path: empty, name: 'empty.csv', uploaded: true })).toMatchObject({
      error: { code: 'file-empty' },
    });
    await expect(stat(empty)).rejects.toThrow();
  });

  it('previews what is recognised, and what would be stored', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    const { token } = await admitted(engine, await written('live.csv', tradeLogs(day).live));
    const preview = unwrapped(
      await engine.ask('imports.preview', { token, format: null, map: null, source: 'live', strategy: null }),
    );
    expect(preview.recognised).toMatchObject({ format: 'lockstep-csv' });
    expect(preview.executions).toHaveLength(20);
  });

  it('tells what each format reads; of one there is not, that there is none', async () => {
    const engine = engineForTest(join(folder, 'desk'));
    const page = unwrapped(await engine.ask('formats.describe', { format: 'round-trips-with-size' }));
    expect(page.columns).toContainEqual({ name: 'exit_reason', use: 'ignored', feeds: [] });
    expect(await engine.ask('formats.describe', { format: 'nothing' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });
});
