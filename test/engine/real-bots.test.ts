/** Real records of trading bots and backtesters through the import; see test/support/real-logs.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedExecution } from '../../electron/engine/imports/format';
import { noHints } from '../../electron/engine/imports/import-service';
import { compensatedSum } from '../../shared/base/sums';
import { failureOf } from '../support/formats';
import { contentOf, importDesk, jobFor } from '../support/import-desk';
import { type RealLog, readLog, realData, realDataIsHere } from '../support/real-logs';
import { unwrapped } from '../support/temporary-desk';

const hummingbot = 'bots/edgeware-network__MM-Logs__';
const scalping = 'bots/QuantConnect__Lean__IntradayMinuteScalpingBTCETH.json';
const tcapy = 'bots/cuemacro__tcapy__small_test_';
const pairA = 'pairs/rushil-agarwal__Stratix-Trading-Engine__A_';
const rebalance = 'bots/QuantConnect__Lean__SpyBondPortfolioRebalance.json';

/** What a row of the file becomes; the index counts a document of JSON as one row, here every order of it is one. */
const files: readonly (readonly [
  string,
  string,
  Readonly<Record<string, number>>,
  Readonly<Record<string, number>>,
])[] = [
  [`${hummingbot}trades_conf_pure_mm_1.csv`, 'hummingbot-trades-csv', { rowsRead: 2, executions: 2 }, {}],
  [`${hummingbot}trades_conf_pure_mm_3.csv`, 'hummingbot-trades-csv', { rowsRead: 2514, executions: 2514 }, {}],
  [
    `${hummingbot}logs_conf_pure_mm_3.log`,
    'hummingbot-log',
    { rowsRead: 3627, executions: 167, orderEvents: 915, otherRows: 2545 },
    {
      'line of text': 2183,
      'further line of a message': 252,
      'event BuyOrderCompletedEvent': 27,
      'event SellOrderCompletedEvent': 83,
    },
  ],
  [
    'bots/freqtrade__freqtrade__backtest-result.json',
    'freqtrade-backtest-json',
    { rowsRead: 179, executions: 179 },
    {},
  ],
  [
    'bots/halitince7__algo_trade__backtest_results-2024-12-04_14-46-29.json',
    'freqtrade-backtest-json',
    { rowsRead: 6, executions: 6 },
    {},
  ],
  [
    'bots/djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71_walmerged.sqlite',
    'freqtrade-tradesv3-sqlite',
    { rowsRead: 35, executions: 6, orderEvents: 26, otherRows: 3 },
    { 'trade summary': 3 },
  ],
  [
    'bots/djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71_nowal.sqlite',
    'freqtrade-tradesv3-sqlite',
    {},
    {},
  ],
  [
    'bots/ronmegini__Trading-Bot__tradesv3_walmerged.sqlite',
    'freqtrade-tradesv3-sqlite',
    { rowsRead: 19, executions: 9, orderEvents: 5, otherRows: 5 },
    { 'trade summary': 5 },
  ],
  [scalping, 'lean-backtest-json', { rowsRead: 1979, executions: 1979 }, {}],
  [rebalance, 'lean-backtest-json', { rowsRead: 21, executions: 21 }, {}],
  [`${tcapy}order_df.csv`, 'tcapy-orders-csv', { rowsRead: 322, orderEvents: 322 }, {}],
  [
    `${tcapy}trade_df.csv`,
    'tcapy-trades-csv',
    { rowsRead: 660, executions: 326, orderEvents: 323, otherRows: 11 },
    { 'order replaced': 11 },
  ],
  [
    `${pairA}live_test4.log`,
    'signal-order-log',
    { rowsRead: 889, executions: 15, orderEvents: 15, otherRows: 859 },
    { 'market data': 562, 'no signal': 266, signal: 15, 'order logged again': 15, 'line of text': 1 },
  ],
  [
    `${pairA}backtest4.log`,
    'signal-order-backtest-log',
    { rowsRead: 1048, executions: 17, orderEvents: 17, otherRows: 1014 },
    { 'market data': 954, signal: 23, 'order logged again': 23, 'order of an earlier run': 12, 'line of text': 2 },
  ],
];

const ofPairA = { symbol: 'ETH/USDT', zone: 'Asia/Kolkata' };
const nothing = { rowsRead: 0, executions: 0, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 };

/** Money in minus money out, fees aside, in the quote. */
function cashFlow(executions: readonly ParsedExecution[]): number {
  return compensatedSum(executions.map(({ side, price, quantity }) => (side === 'buy' ? -1 : 1) * price * quantity));
}

function textOf(path: string): string {
  return readFileSync(join(realData, path), 'utf8');
}

describe.skipIf(!realDataIsHere)(
  'real records of bots (skipped where ../shared/data is not beside the checkout)',
  () => {
    it.each(files)('%s is %s', async (path, format, counts, others) => {
      const log = await readLog(path, path.startsWith('pairs/') ? ofPairA : {});
      expect([log.format, log.counts, log.others]).toEqual([format, { ...nothing, ...counts }, others]);
    });

    it.each([
      [`${hummingbot}conf_pure_mm_3.sqlite`, /^format-damaged: .*2514 of 2514 fills have the price zero/],
      [
        'bots/freqtrade__freqtrade__backtest-result.meta.json',
        /^no-data: .*is the metadata of freqtrade's backtest of StrategyTestV3/,
      ],
    ])('%s is refused and says why', async (path, reason) => {
      expect(await failureOf(readLog(path))).toMatch(reason);
    });

    it('Hummingbot: the log and the trades file tell the same fills of the last day, the log to the millisecond', async () => {
      const log = await readLog(`${hummingbot}logs_conf_pure_mm_3.log`);
      const trades = await readLog(`${hummingbot}trades_conf_pure_mm_3.csv`);
      const byTrade = new Map(trades.executions.map((fill) => [fill.tradeId, fill]));
      for (const fill of log.executions) {
        const other = byTrade.get(fill.tradeId);
        const told = ({ symbol, side, price, quantity, fee, feeCurrency, orderId, liquidity }: ParsedExecution) => [
          ...[symbol, side, price, quantity, fee, feeCurrency, orderId, liquidity],
        ];
        expect(other && told(other)).toEqual(told(fill));
        // The trades file has the second in which the bot's clock ticked last.
        const laterUs = fill.executedAtUs - (other?.executedAtUs ?? Number.NaN);
        expect(laterUs >= 0 && laterUs < 2_000_000).toBe(true);
      }
      const first = Math.min(...log.executions.map(({ executedAtUs }) => executedAtUs)) - 2_000_000;
      expect(trades.executions.filter(({ executedAtUs }) => executedAtUs >= first)).toHaveLength(log.executions.length);
    });

    it('Hummingbot: every order the log says was completed is filled as it says', async () => {
      const path = `${hummingbot}logs_conf_pure_mm_3.log`;
      const trades = await readLog(`${hummingbot}trades_conf_pure_mm_3.csv`);
      const completed = [
        ...textOf(path).matchAll(/EVENT_LOG - (\{.*"event_name": "(?:Buy|Sell)OrderCompletedEvent".*\})/g),
      ];
      expect(completed).toHaveLength(110);
      for (const [, json = ''] of completed) {
        const event: Record<string, string> = JSON.parse(json);
        const fills = trades.executions.filter(({ orderId }) => orderId === event['order_id']);
        expect(compensatedSum(fills.map(({ quantity }) => quantity))).toBeCloseTo(
          Number(event['base_asset_amount']),
          6,
        );
        expect(Math.abs(cashFlow(fills))).toBeCloseTo(Number(event['quote_asset_amount']), 12);
      }
    });

    it('tcapy: each order is filled in full but one, which was cancelled, and never beyond', async () => {
      const orders = await readLog(`${tcapy}order_df.csv`);
      const trades = await readLog(`${tcapy}trade_df.csv`);
      expect(trades.orderEvents.filter(({ kind }) => kind === 'submitted')).toEqual(orders.orderEvents);
      const filled = orders.orderEvents.map(({ orderId, intendedQuantity }) => {
        const fills = trades.executions.filter((fill) => fill.orderId === orderId);
        return compensatedSum(fills.map(({ quantity }) => quantity)) / (intendedQuantity ?? Number.NaN);
      });
      // In the currency of the notional the sums are exact; orders of the quote are compared at another price.
      expect(filled.filter((share) => Math.abs(share - 1) > 0.002)).toEqual([0]);
      expect(
        trades.executions.every(({ price, arrivalPrice }) => Math.abs(price / (arrivalPrice ?? 0) - 1) < 0.005),
      ).toBe(true);
      expect(new Set(trades.executions.map(({ symbol }) => symbol))).toContain('JPY/USD');
    });

    it('pair A: the logs and the files of fills tell the same trades, to the microsecond', async () => {
      for (const [log, file] of [
        ['live_test4.log', 'live_trades.csv'],
        ['backtest4.log', 'backtest_trades.csv'],
      ] as const) {
        const told = ({ executions }: RealLog) =>
          executions.map(({ symbol, side, price, quantity, orderId, executedAtUs }) => [
            ...[symbol, side, price, quantity, orderId, executedAtUs],
          ]);
        expect(told(await readLog(pairA + log, ofPairA))).toEqual(told(await readLog(pairA + file, ofPairA)));
      }
    });

    it('pair A: from the signal to the fill it takes a fifth to four fifths of a second', async () => {
      const { executions } = await readLog(`${pairA}live_test4.log`, ofPairA);
      const seconds = executions.map(
        ({ executedAtUs, decidedAtUs }) => (executedAtUs - (decidedAtUs ?? Number.NaN)) / 1e6,
      );
      expect([Math.min(...seconds), Math.max(...seconds)]).toEqual([
        expect.closeTo(0.194, 2),
        expect.closeTo(0.814, 2),
      ]);
    });

    it.each([
      [
        'Hummingbot',
        'pure_market_making',
        `${hummingbot}trades_conf_pure_mm_3.csv`,
        `${hummingbot}logs_conf_pure_mm_3.log`,
        2514,
      ],
      ['pair A', 'stratix', `${pairA}live_trades.csv`, `${pairA}live_test4.log`, 15],
    ])(
      '%s: a desk that imports the file of fills and the log, in any order, has each trade once',
      async (_, strategy, fills, log, trades) => {
        const contents: unknown[] = [];
        for (const order of [
          [fills, log],
          [log, fills],
        ]) {
          const desk = await importDesk();
          for (const path of order) {
            const hints = { ...noHints, zone: path.startsWith('pairs/') ? ofPairA.zone : null };
            unwrapped(await desk.import(jobFor(join(realData, path), path, { strategy, hints })));
          }
          const [stored] = await desk.store.executions.strategies();
          expect(stored).toMatchObject({ strategy, liveExecutions: trades });
          contents.push(Object(await contentOf(desk.store)).fills);
        }
        expect(contents[0]).toEqual(contents[1]);
      },
    );

    it('LEAN: orders earn what the closed trades of the result do, and leave the position that is open', async () => {
      const { executions } = await readLog(scalping);
      const result: { TotalPerformance: { ClosedTrades: LeanTrade[] } } = JSON.parse(textOf(scalping));
      const trades = result.TotalPerformance.ClosedTrades;
      const earned = compensatedSum(
        trades.map(
          ({ EntryPrice, ExitPrice, Quantity, Direction }) =>
            (ExitPrice - EntryPrice) * Quantity * (Direction === 0 ? 1 : -1),
        ),
      );
      const position = compensatedSum(executions.map(({ side, quantity }) => (side === 'buy' ? quantity : -quantity)));
      // The last order turned the position around; what it opened is at its price.
      const last = executions.at(-1)!;
      expect(position).toBeCloseTo(-52.71698525, 8);
      expect(cashFlow(executions)).toBeCloseTo(earned - position * last.price, 9);
    });

    it('LEAN: start, orders, fees and holdings come to the equity the result states', async () => {
      const { executions, warnings } = await readLog(rebalance);
      // RuntimeStatistics: Equity $9,065.58, Holdings $9,100.17; Total Fees $21.00 of 21 orders.
      expect(10_000 + cashFlow(executions) - 21 + 9_100.17).toBeCloseTo(9_065.58, 1);
      expect(warnings).toEqual([expect.stringMatching(/state \$21\.00 for all/)]);
      expect(executions.every(({ arrivalPrice, fee }) => arrivalPrice !== null && fee === null)).toBe(true);
    });
  },
);

interface LeanTrade {
  readonly EntryPrice: number;
  readonly ExitPrice: number;
  readonly Quantity: number;
  readonly Direction: number;
}
