/** Readers of brokers' exports and FIX logs over real files that nobody of this project wrote (see real-logs.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compensatedSum } from '../../shared/base/sums';
import { DAY_US } from '../../shared/base/time';
import { indexedRows, readLog, realData, realDataIsHere } from '../support/real-logs';

const schwab = 'exchange_csv/dickwolff__Export-To-Ghostfolio__schwab-export.csv';
const trading212 = 'exchange_csv/dickwolff__Export-To-Ghostfolio__trading212-export.csv';
const xtb = 'exchange_csv/dickwolff__Export-To-Ghostfolio__xtb-export.csv';
const flexCsv = 'brokers/dickwolff__Export-To-Ghostfolio__ibkr-trades-export.csv';
const flexXml = (file: string) => `brokers/portfolio-performance__portfolio__testIBFlexStatementFile${file}.xml`;
const alpaca = 'brokers/unnamed__github-index__alpaca_activities_fill.json';
const fix = 'fix/mysteryDave__sackfixlogplayer__example.fix.log';
const tester = 'bots/ubertrading__DummyMTStatement__StrategyTester.htm';

/** Executions, order events, other rows, duplicates, quarantined; together they are the rows read. */
const files: readonly (readonly [string, string, readonly [number, number, number, number, number]])[] = [
  [schwab, 'schwab-transactions-csv', [43, 0, 77, 0, 0]],
  [trading212, 'trading212-csv', [4, 0, 9, 0, 0]],
  [xtb, 'xtb-cashops-csv', [14, 0, 29, 3, 0]],
  [flexCsv, 'ibkr-flex-trades-csv', [8, 0, 0, 0, 3]],
  [flexXml('01'), 'ibkr-flex-xml', [14, 0, 27, 0, 0]],
  [flexXml('02'), 'ibkr-flex-xml', [8, 0, 6, 0, 0]],
  [alpaca, 'alpaca-activities', [1, 0, 0, 0, 0]],
  [fix, 'fix44-engine-log', [5, 5, 73, 0, 0]],
  [tester, 'mt4-strategytester-htm', [1466, 0, 946, 0, 0]],
];

describe.skipIf(!realDataIsHere)('real files of brokers (skipped without ../shared/data)', () => {
  it.each(files)(
    '%s is %s, every row in one count',
    async (path, format, [executions, events, others, twice, refused]) => {
      const log = await readLog(path);
      expect(log.format).toBe(format);
      expect(log.counts).toEqual({
        ...{ rowsRead: executions + events + others + twice + refused, executions, orderEvents: events },
        ...{ otherRows: others, duplicates: twice, quarantined: refused },
      });
    },
  );

  it.each([schwab, trading212, xtb, flexCsv, alpaca, fix])('%s has the rows its index counts', async (path) => {
    expect((await readLog(path)).counts.rowsRead).toBe(indexedRows(path));
  });

  it.each([flexXml('01'), flexXml('02')])(
    '%s has the trades its index counts, and names all other elements',
    async (path) => {
      const { counts, others } = await readLog(path);
      expect(counts.executions + (others['book entry without a price'] ?? 0)).toBe(indexedRows(path));
    },
  );

  it('Flex statements: what was paid for each trade is what the statement says', async () => {
    for (const path of [flexXml('01'), flexXml('02')]) {
      const text = readFileSync(join(realData, path), 'utf8');
      const trades = [...text.matchAll(/<Trade [^>]*>/g)].map(([trade]) => {
        const value = (name: string) => Number(new RegExp(` ${name}="([^"]*)"`).exec(trade)?.[1]);
        return { cash: value('proceeds') + value('ibCommission') + value('taxes'), price: value('tradePrice') };
      });
      const { executions } = await readLog(path);
      const ours = executions.map(
        ({ side, price, quantity, fee }) => (side === 'buy' ? -1 : 1) * price * quantity - (fee ?? Number.NaN),
      );
      const paid = trades.filter(({ price }) => price > 0);
      expect(ours).toHaveLength(paid.length);
      for (const [index, { cash }] of paid.entries()) expect(ours[index]).toBeCloseTo(cash, 6);
    }
  });

  it('Flex CSV: trades of currencies without a symbol wait for one', async () => {
    const log = await readLog(flexCsv);
    expect(new Set(log.quarantined)).toEqual(new Set([expect.stringMatching(/the instrument is not named/)]));
    const named = await readLog(flexCsv, { symbol: 'CHF/USD' });
    expect(named.counts).toMatchObject({ executions: 11, quarantined: 0 });
    expect(named.executions.at(-1)).toMatchObject({
      symbol: 'CHF/USD',
      side: 'sell',
      fee: 1.73416,
      feeCurrency: 'CHF',
    });
  });

  it('Schwab: the trades’ amounts are what the file says, to the cent of each', async () => {
    const text = readFileSync(join(realData, schwab), 'utf8');
    const stated = text
      .split('\n')
      .filter((line) => /(?:^|,)"?(?:Reinvest Shares|Buy|Sell)"?,/.test(line))
      .map((line) => Number(/(-?\$[\d,.]+)"?\s*$/.exec(line)?.[1]?.replace(/[$,]/g, '')));
    const { executions } = await readLog(schwab);
    const ours = executions.map(
      ({ side, price, quantity, fee }) => (side === 'buy' ? -1 : 1) * price * quantity - (fee ?? 0),
    );
    expect(ours).toHaveLength(stated.length);
    for (const [index, amount] of stated.entries()) expect(Math.abs(ours[index]! - amount)).toBeLessThan(0.06);
  });

  it('XTB: parts of one order carry what it asked for; the operations listed twice are one', async () => {
    const { executions, counts } = await readLog(xtb);
    expect(counts.duplicates).toBe(3);
    const parts = executions.filter(({ intendedQuantity }) => intendedQuantity === 42.5658);
    expect(compensatedSum(parts.map(({ quantity }) => quantity))).toBeCloseTo(42.5658, 9);
  });

  it('FIX: an order counts once however many hops logged it, then its end', async () => {
    const { executions, orderEvents, others } = await readLog(fix);
    expect(executions.map(({ orderId, quantity }) => [orderId, quantity])).toEqual([
      ['4t098m0i0000004', 54_000],
      ['256-26', 3_297],
      ['256-27', 8_838],
      ['8230599736', 537_743],
      ['8230599766', 42_000],
    ]);
    // The first hop reports in pence and a rate; the router's own copies, in pounds and an amount, say the same.
    const pounds = executions.slice(1, 3).map(({ price, fee, feeCurrency }) => [price, fee, feeCurrency]);
    const router = [
      [10.49109039, 13.835650006332],
      [10.44622426, 36.929492003952],
    ] as const;
    for (const [index, [price, fee]] of router.entries()) {
      expect(pounds[index]).toEqual([expect.closeTo(price, 8), expect.closeTo(fee, 6), 'GBP']);
    }
    expect(orderEvents.every(({ kind }) => kind === 'cancelled')).toBe(true);
    expect(others).toEqual({ 'blank line': 35, 'copy of a report': 30, 'report without its last fill': 8 });
  });

  it('Strategy Tester: openings and closings pair up, and the profit of the fills is the report’s', async () => {
    const { executions, others, warnings } = await readLog(tester, { zone: 'UTC' });
    expect(others).toEqual({ 'order changed': 946 });
    expect(warnings).toEqual([expect.stringMatching(/A lot of a pair of currencies is read as 100,000 units/)]);
    const openings = executions.filter(({ orderId }) => !orderId?.endsWith('close'));
    const closings = new Map(executions.map((fill) => [fill.orderId, fill]));
    expect(openings).toHaveLength(733);
    const stated = [...readFileSync(join(realData, tester), 'latin1').matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].flatMap(
      ([row]) => {
        const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, text]) => text ?? '');
        return /^\d+$/.test(cells[0] ?? '') && cells.length === 10 ? [[cells[3], Number(cells[8])] as const] : [];
      },
    );
    const statedProfit = new Map(stated);
    const swaps: number[] = [];
    for (const opening of openings) {
      const closing = closings.get(`${opening.orderId} close`)!;
      expect(closing.quantity).toBe(10_000);
      // The account is in dollars: what was made in yen is worth its closing price.
      const made = ((closing.price - opening.price) * 10_000 * (opening.side === 'buy' ? 1 : -1)) / closing.price;
      const difference = statedProfit.get(opening.orderId!)! - made;
      const overnight = Math.floor(opening.executedAtUs / DAY_US) !== Math.floor(closing.executedAtUs / DAY_US);
      if (overnight) swaps.push(difference);
      else expect(Math.abs(difference)).toBeLessThan(0.01);
    }
    // Swaps are in the report's profit and in no fill.
    expect(swaps).toHaveLength(50);
    expect(compensatedSum(swaps)).toBeCloseTo(14.99, 2);
    // The total the report states; each of its rows is rounded to the cent.
    expect(Math.abs(compensatedSum([...statedProfit.values()]) + 1071.49)).toBeLessThan(0.5);
  });
});
