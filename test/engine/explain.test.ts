import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UtcDay } from '../../shared/base/time';
import { errorOutputSchema, explainOutputSchema } from '../../shared/contract/output';
import { reportSchema } from '../../shared/parity/document';
import { lockstep } from '../support/command-line';
import { engineForTest, importedInto } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';
import { type TradeLogOptions, tradeLogs } from '../support/trade-logs';

/** Why a day differs: one day of forty orders whose causes can be worked out on paper. */

const day = '2026-03-02' as UtcDay;
let folder = '';
let desk = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  desk = join(folder, 'desk');
});

async function imported(name: string, options: TradeLogOptions): Promise<void> {
  const logs = tradeLogs(day, options);
  for (const source of ['backtest', 'live'] as const) {
    const path = join(folder, `${name}-${source}.csv`);
    await writeFile(path, logs[source]);
    expect((await lockstep(desk, ['import', path, '--source', source, '--quiet'])).code).toBe(0);
  }
}

async function explained(...words: string[]) {
  const ran = await lockstep(desk, ['explain', '--strategy', 'pairs', ...words, '--json']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return explainOutputSchema.parse(JSON.parse(ran.out));
}

describe('lockstep explain', () => {
  it('says what a day lost to what, with the orders that weigh most and their lines', async () => {
    await imported('btc', { liveFeeBps: 12, missed: [3], slippage: 0.02 });
    const ran = await lockstep(desk, ['explain', '--strategy', 'pairs', '--symbol', 'BTC/USDT', '--top', '2']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatchInlineSnapshot(`
      "Live lost 2.73 USDT to the backtest (-271.1 bps). 97.8 % is fees: live paid 12.00 bps (0 % maker), the backtest assumed 5.00 bps (0 % maker): that cost 2.67 USDT over 38 orders.

      pairs  BTC/USDT  2026-03-02  capital 100.60 (estimated)

          cause                                       USDT      bps  of the gap  orders
          Fee model: another rate                  -2.6676  -265.17      97.8 %      38
          Price source: no spread in the backtest  -0.7599   -75.54      27.9 %      38
          Missed: no live order                     0.7003   +69.61     -25.7 %       2
          Execution: spread and impact             -0.0001    -0.01       0.0 %      32
          gap                                      -2.7273  -271.11

        Fee model: another rate. Live paid 12.00 bps (0 % maker), the backtest assumed 5.00 bps (0 % maker): that cost 2.67 USDT over 38 orders.
          Set the backtest’s fees to what live pays, by maker and taker.
            11:50:00.100  live:18  buy  -0.0704  btc-live.csv:20  btc-backtest.csv:22
            20:00:00.100  live:32  buy  -0.0704  btc-live.csv:34  btc-backtest.csv:36
          and 36 orders more
        Price source: no spread in the backtest. Live filled 38 orders about 2.0 bps worse throughout, as against a backtest without the spread: that cost 0.76 USDT.
          Let the backtest pay the spread: fill buys at the ask and sells at the bid.
            11:50:00.100  live:18  buy  -0.0201  btc-live.csv:20  btc-backtest.csv:22
            20:00:00.100  live:32  buy  -0.0201  btc-live.csv:34  btc-backtest.csv:36
          and 36 orders more
        Missed: no live order. The live log has nothing for 1 order of the backtest: missing it earned 0.70 USDT, 1 order that followed from it included.
          Compare signals: the order log of live tells whether the order was ever sent.
            04:15:00.040  backtest:7  sell  0.4300  –  btc-backtest.csv:9
            03:40:00.040  backtest:6  buy   0.2703  –  btc-backtest.csv:8

      What cannot be told
        The live log holds fills only: rejected and cancelled orders would not show.
      "
    `);
    expect(ran.out.split('\n').length).toBeLessThan(40);
  });

  it('prints one document, the same bytes each time, whose causes add up to the gap', async () => {
    await imported('btc', { liveFeeBps: 12, missed: [3] });
    const words = ['--symbol', 'BTC/USDT', '--top', '5'];
    const document = await explained(...words);
    expect(document).toEqual(await explained(...words));
    expect(document.key).toEqual({ strategy: 'pairs', symbol: 'BTC/USDT', from: day, to: day });
    const sum = document.causes.reduce((total, { money }) => total + money, 0);
    expect(sum + document.residual).toBeCloseTo(document.gap, 12);
    expect(Math.abs(document.residual)).toBeLessThan(1e-9);
    const [fees] = document.causes;
    expect(fees).toMatchObject({ reason: 'feeModel.rate', orders: 38 });
    // Seven basis points of about 100 in each of 38 orders.
    expect(fees!.money).toBeCloseTo(-38 * 0.07, 1);
    const orders = document.orders.filter(({ reason }) => reason === 'feeModel.rate');
    expect(orders).toHaveLength(5);
    for (const { row, parts, money, main, liveSource, backtestSource } of orders) {
      expect(main).toBe('feeModel.rate');
      expect(parts.reduce((total, part) => total + part.money, 0)).toBeCloseTo(row.gap, 12);
      expect(money).toBe(parts[0]!.money);
      expect([liveSource!.fileName, backtestSource!.fileName]).toEqual(['btc-live.csv', 'btc-backtest.csv']);
    }
  });

  it('adds up over symbols of two currencies and over days, as the portfolio and the window do', async () => {
    await imported('btc', { days: 3, liveFeeBps: 9, missed: [2] });
    await imported('sol', { days: 3, symbol: 'SOL/BTC', slippage: 0.05 });
    await imported('eth', { days: 3, symbol: 'ETH/USDT', slippage: 0.03, missed: [5, 6] });
    for (const range of [
      ['--day', day],
      ['--from', day, '--to', '2026-03-04'],
    ]) {
      const document = await explained(...range);
      const ran = await lockstep(desk, ['report', '--strategy', 'pairs', ...range, '--json']);
      const { attribution, grossNotional } = reportSchema.parse(JSON.parse(ran.out));
      expect(document.currency).toBe('USDT');
      // The report that leaves the desk has money with twelve significant digits.
      expect(document.gap).toBeCloseTo(attribution.gap, 8);
      expect(Math.abs(document.residual)).toBeLessThan(1e-9 * grossNotional);
      expect(new Set(document.orders.map(({ symbol }) => symbol))).toEqual(
        new Set(['BTC/USDT', 'ETH/USDT', 'SOL/BTC']),
      );
    }
  });

  it('takes the last day on which the sides differ, unless told', async () => {
    await imported('btc', { days: 2, slippage: 0, delayMs: 0 });
    expect((await explained()).sentence).toBe('Live and backtest earned the same, order by order.');
    await imported('eth', { days: 1, symbol: 'ETH/USDT', slippage: 0.03 });
    expect((await explained()).key.from).toBe(day);
  });

  it.each([
    [['--top', 'many'], 'usage'],
    [['--from', '2026-03-01', '--to', '2026-09-01'], 'invalid-arguments'],
    [['--day', '2026-05-01'], 'no-data'],
  ])('refuses %s', async (words, code) => {
    await imported('btc', {});
    const ran = await lockstep(desk, ['explain', '--strategy', 'pairs', ...words, '--json']);
    expect(ran.code).toBe(1);
    expect(errorOutputSchema.parse(JSON.parse(ran.err)).error.code).toBe(code);
  });
});

describe('the calls behind the page', () => {
  it('page through the orders of one cause and of one reason, the largest money first', async () => {
    const engine = engineForTest(desk);
    const logs = tradeLogs(day, { liveFeeBps: 12, missed: [3], slippage: 0.02 });
    for (const source of ['backtest', 'live'] as const) {
      const path = join(folder, `${source}.csv`);
      await writeFile(path, logs[source]);
      await importedInto(engine, path, source);
    }
    const range = { strategy: 'pairs', symbol: 'BTC/USDT', from: day, to: day };
    const { explanation } = unwrapped(await engine.ask('parity.causes', range));
    const missed = explanation.causes.find(({ cause }) => cause === 'missed');
    expect(missed).toMatchObject({ reason: 'missed.noLiveOrder', orders: 2, mainOrders: 2 });
    const ask = async (offset: number, limit: number) =>
      unwrapped(
        await engine.ask('parity.causeOrders', {
          ...range,
          cause: 'feeModel',
          reason: null,
          page: { offset, limit },
        }),
      );
    const all = await ask(0, 1_000);
    expect(all.total).toBe(38);
    const sizes = all.rows.map(({ money }) => Math.abs(money));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(all.rows.reduce((sum, { money }) => sum + money, 0)).toBeCloseTo(explanation.causes[0]!.money, 9);
    expect((await ask(10, 5)).rows).toEqual(all.rows.slice(10, 15));
    const backwards = await engine.ask('parity.causes', { ...range, from: '2026-03-03' as UtcDay });
    expect(backwards.ok).toBe(false);
  });
});
