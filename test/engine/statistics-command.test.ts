import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addUtcDays, formatIsoUs, type UtcDay, utcDayStartUs } from '../../shared/base/time';
import { errorOutputSchema } from '../../shared/contract/output';
import { statisticsSchema } from '../../shared/parity/statistics';
import { lockstep } from '../support/command-line';

// One round trip a day on a capital of 1,000, so that the backtest's days earn 1, 10, -4, 2, 3, 2, 1, -10 % and live 0.1 % less: their
// figures are known from elsewhere.

const firstDay = '2026-03-02' as UtcDay; // a literal in the brand's shape
const returns = [0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];
let folder = '';
let desk = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-statistics-'));
  desk = join(folder, 'desk');
  const header = 'strategy,symbol,side,price,quantity,fee,feeCurrency,executedAt,orderId,clientOrderId';
  const trip = (day: number, earned: number) =>
    (['buy', 'sell'] as const).map((side, leg) => {
      const at = utcDayStartUs(addUtcDays(firstDay, day)) + (leg === 0 ? 60e6 : 86_000e6);
      const price = side === 'buy' ? 100 : 100 + earned * 100;
      const id = `${day}-${side}`;
      return `pairs,BTC/USDT,${side},${price.toFixed(6)},10,0,USDT,${formatIsoUs(at)},${id},${id}`;
    });
  for (const [source, drag] of [
    ['backtest', 0],
    ['live', 0.001],
  ] as const) {
    const file = join(folder, `${source}.csv`);
    await writeFile(file, [header, ...returns.flatMap((earned, day) => trip(day, earned - drag)), ''].join('\n'));
    await lockstep(desk, ['import', file, '--source', source]);
  }
  await lockstep(desk, ['settings', '--strategy', 'pairs', 'capital=1000', 'annualisationDays=252']);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('prints live beside backtest, the difference, and what it rests on', async () => {
  const ran = await lockstep(desk, ['statistics', '--strategy', 'pairs']);
  expect(ran.err).toBe('');
  expect(ran.code).toBe(0);
  expect(ran.out).toMatchInlineSnapshot(`
    "pairs  portfolio  2026-03-02 to 2026-03-09  8 days

      Every day differs alike. Whether the Sharpe ratios differ cannot be told from these days.

                                                               live   backtest  difference
        Total return                                        +3.07 %    +3.89 %     -0.83 %
        Annual return                                     +159.03 %  +233.03 %    -74.00 %
        Volatility                                          91.36 %    91.36 %      0.00 %
        Downside risk                                       61.18 %    60.45 %     +0.73 %
        Maximum drawdown                                   -10.10 %   -10.00 %     -0.10 %
        Sharpe ratio                                          +1.45      +1.72       -0.28
        Standard error of the Sharpe ratio                     5.72       5.74
        Probability that the true Sharpe ratio exceeds 0    59.36 %    61.06 %
        Minimum track record                                    339        241
        Days still needed                                       331        233
        Sortino ratio                                         +2.16      +2.61       -0.44
        Calmar ratio                                         +15.75     +23.30       -7.56

      Excess Sharpe ratio: every day differs alike
      Probability that live earns more: every day differs alike

        as other engines count                         live  backtest  difference
        Sharpe ratio as Lean counts                   +3.00     +4.17       -1.17
        Sortino ratio as Lean counts                  +4.07     +5.65       -1.58
        Probabilistic Sharpe ratio as Lean counts   52.91 %   54.68 %
        Drawdown as freqtrade counts               -10.10 %  -10.00 %     -0.10 %

      returns of days with both sides complete, over capital of 1 000.00 (configured); a year has 252 days
    "
  `);
});

it('as JSON: a stable document, the same every time', async () => {
  const ran = await lockstep(desk, ['statistics', '--strategy', 'pairs', '--symbol', 'BTC/USDT', '--json']);
  const statistics = statisticsSchema.parse(JSON.parse(ran.out));
  expect(Object.keys(JSON.parse(ran.out))).toEqual(Object.keys(statisticsSchema.shape));
  expect(statistics.key).toEqual({
    strategy: 'pairs',
    symbol: 'BTC/USDT',
    from: firstDay,
    to: addUtcDays(firstDay, 7),
  });
  expect(statistics.backtest.sharpe.value).toBeCloseTo(1.7239, 4);
  expect(statistics.dailyReturns.map(({ backtest }) => Number(backtest.toFixed(9)))).toEqual(returns);
  expect((await lockstep(desk, ['statistics', '--strategy', 'pairs', '--symbol', 'BTC/USDT', '--json'])).out).toBe(
    ran.out,
  );
});

it('too few days are said to be too few', async () => {
  const words = ['statistics', '--strategy', 'pairs', '--from', '2026-03-03', '--to', '2026-03-05'];
  const ran = await lockstep(desk, words);
  expect(ran.out).toMatchInlineSnapshot(`
    "pairs  portfolio  2026-03-03 to 2026-03-05  3 days

      3 of 7 days: too few for rates and ratios. 4 more with both sides complete are needed.

                             live  backtest  difference
        Total return      +7.40 %   +7.71 %     -0.32 %
        Maximum drawdown  -4.10 %   -4.00 %     -0.10 %

        as other engines count           live  backtest  difference
        Drawdown as freqtrade counts  -4.10 %   -4.00 %     -0.10 %

      returns of days with both sides complete, over capital of 1 000.00 (configured); a year has 252 days
    "
  `);
  const document = statisticsSchema.parse(JSON.parse((await lockstep(desk, [...words, '--json'])).out));
  expect(document).toMatchObject({ state: 'not-enough-days', days: 3, live: { sharpe: { value: null } } });
});

it.each([
  ['a day that is none', ['--from', '2026-02-31'], 'usage'],
  ['a range the wrong way round', ['--from', '2026-03-05', '--to', '2026-03-03'], 'invalid-arguments'],
  ['days without executions', ['--from', '2025-01-01', '--to', '2025-01-31'], 'no-data'],
  ['an unknown symbol', ['--symbol', 'ETH/USDT'], 'no-data'],
  ['a threshold that is no number', ['--threshold', 'high'], 'usage'],
  ['an unknown strategy', ['--strategy', 'nobody'], 'not-found'],
])('%s is refused with the next step', async (_, words, code) => {
  const ran = await lockstep(desk, ['statistics', '--strategy', 'pairs', ...words, '--json']);
  expect(ran.code).toBe(1);
  expect(ran.out).toBe('');
  const { error } = errorOutputSchema.parse(JSON.parse(ran.err));
  expect(error.code).toBe(code);
  expect(error.hint).not.toBe('');
});
