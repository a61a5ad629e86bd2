import { describe, expect, it } from 'vitest';
import type { Format } from '../../../electron/engine/imports/format';
import { metatraderSymbol } from '../../../electron/engine/imports/formats/metatrader';
import { mt4StatementHtm } from '../../../electron/engine/imports/formats/mt4-statement-htm';
import { mt4StrategytesterHtm } from '../../../electron/engine/imports/formats/mt4-strategytester-htm';
import {
  mt5HistoryHtm,
  mt5HistoryTable,
  mt5StrategytesterHtm,
} from '../../../electron/engine/imports/formats/mt5-report-htm';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const row = (...cells: readonly (string | number)[]) =>
  `<tr>${cells.map((cell) => (String(cell).startsWith('<td') ? cell : `<td>${cell}</td>`)).join('')}</tr>\n`;
const page = (title: string, ...rows: readonly string[]) =>
  `<!DOCTYPE HTML>\n<html>\n<head><title>${title}</title></head>\n<body><table>\n${rows.join('')}</table></body></html>\n`;
const said = { zone: 'UTC', lotSize: '100000' } as const;

describe('symbols and lots of MetaTrader', () => {
  it.each([
    ['EURUSD', 'EUR/USD'],
    ['eurusd', 'EUR/USD'],
    ['USDJPY.m', 'USD/JPY'],
    ['GBPCHFpro', 'GBP/CHF'],
    ['XAUUSD', 'XAUUSD'],
    ['US30', 'US30'],
    ['#AAPL', '#AAPL'],
  ])('%s is %s', (name, symbol) => {
    expect(metatraderSymbol(name)).toBe(symbol);
  });
});

describe('MetaTrader 4 Strategy Tester', () => {
  const columns = row('#', 'Time', 'Type', 'Order', 'Size', 'Price', 'S / L', 'T / P', 'Profit', 'Balance');
  const none = '<td colspan=2></td>';
  const head = [
    row('Symbol', 'EURUSD (Euro vs US Dollar)'),
    row('Total net profit', '9.00', 'Gross profit', '9.00'),
    row('Total trades', '1', 'x', 'y'),
  ];
  const opened = row(1, '2024.01.15 02:25', 'buy', 1, '0.10', '1.10000', '0.0', '0.0', none);
  const closed = row(2, '2024.01.15 02:43', 't/p', 1, '0.10', '1.11000', '0.0', '0.0', '9.00', '10009.00');
  const report = (...rows: readonly string[]) => page('Strategy Tester: My Robot', ...head, columns, ...rows);
  const read = (text: string, more = {}) =>
    readAs(mt4StrategytesterHtm, text, { source: 'backtest', ...said, ...more });

  it('joins openings and closings by the number of the order', async () => {
    expect(await recognisedAs(report(opened, closed))).toEqual(['mt4-strategytester-htm']);
    const result = await read(
      report(opened, row(3, '2024.01.15 02:30', 'modify', 1, '0.10', '1.1', '1.09', '0', none), closed),
    );
    const common = { symbol: 'EUR/USD', strategy: 'My Robot', quantity: 10_000 };
    expect(result.executions).toEqual([
      fill({ ...common, side: 'buy', price: 1.1, orderId: '1', executedAtUs: us('2024-01-15T02:25:00Z') }),
      fill({ ...common, side: 'sell', price: 1.11, orderId: '1 close', executedAtUs: us('2024-01-15T02:43:00Z') }),
    ]);
    expect(result.others).toEqual({ 'order changed': 1 });
    expect(result.warnings).toEqual([]);
  });

  it.each(['close', 's/l', 't/p', 'close at stop'])('%s closes a sale by buying', async (type) => {
    const { executions } = await read(report(opened.replace('buy', 'sell'), closed.replace('t/p', type)));
    expect(executions.map(({ side }) => side)).toEqual(['sell', 'buy']);
  });

  it('tells of orders that waited and were deleted', async () => {
    const waiting = row(1, '2024.01.15 02:25', 'buy limit', 7, '0.20', '1.09', '0', '0', none);
    const deleted = row(2, '2024.01.15 03:25', 'delete', 7, '0.20', '1.09', '0', '0', none);
    const { orderEvents } = await read(report(waiting, deleted));
    expect(
      orderEvents.map(({ kind, orderId, price, intendedQuantity, side }) => [
        kind,
        orderId,
        price,
        intendedQuantity,
        side,
      ]),
    ).toEqual([
      ['submitted', '7', 1.09, 20_000, 'buy'],
      ['cancelled', '7', 1.09, 20_000, null],
    ]);
  });

  it('assumes a standard lot of currencies aloud, and takes what the user says', async () => {
    const assumed = await read(report(opened, closed), { lotSize: null });
    expect(assumed.executions[0]?.quantity).toBe(10_000);
    expect(assumed.warnings).toEqual([expect.stringMatching(/read as 100,000 units/)]);
    const mini = await read(report(opened, closed), { lotSize: '10000' });
    expect([mini.executions[0]?.quantity, mini.warnings]).toEqual([1_000, []]);
  });

  it('asks what a lot of anything else is', async () => {
    const gold = report(opened, closed).replace('EURUSD (Euro', 'XAUUSD (Gold');
    expect(await failureOf(read(gold, { lotSize: null }))).toMatch(
      /^invalid-arguments: .*how many units a lot of XAUUSD is/,
    );
    expect(await failureOf(read(gold, { lotSize: 'US30=1' }))).toMatch(/a lot of XAUUSD/);
    expect(await failureOf(read(gold, { lotSize: 'XAUUSD=much' }))).toMatch(/"XAUUSD=much" is no size/);
    expect((await read(gold, { lotSize: 'US30=1,XAUUSD=100' })).executions[0]).toMatchObject({
      symbol: 'XAUUSD',
      quantity: 10,
    });
  });

  it('says so when the report and its rows differ', async () => {
    const { warnings } = await read(
      report(opened, closed.replace('9.00', '5.00')).replace('<td>1</td><td>x</td>', '<td>3</td><td>x</td>'),
    );
    expect(warnings).toEqual([
      expect.stringMatching(/states 3 trades, but 1/),
      expect.stringMatching(/net profit of 9, but its rows add up to 5.00/),
    ]);
  });

  it.each([
    [closed, /order 1 is closed, but was not opened above/],
    [opened.replace('buy', 'lend'), /Type is "lend"/],
    [opened.replace('1.10000', '0'), /Price is "0"/],
    [opened.replace('0.10', '-1'), /Size is "-1"/],
    [opened.replace('2024.01.15', '2024.13.15'), /Time is "2024.13.15 02:25"/],
    [opened.replace('2024.01.15 02:25', 'soon'), /Time is "soon"/],
  ])('quarantines %s', async (text, reason) => {
    expect((await read(report(text))).quarantined).toEqual([expect.stringMatching(reason)]);
  });

  it('is never live, and says when it was cut', async () => {
    expect(mt4StrategytesterHtm.impliedSource).toBe('backtest');
    const text = report(opened, closed);
    expect((await read(text.slice(0, text.indexOf('9.00</td><td>10009')))).quarantined).toEqual([
      expect.stringMatching(/^truncated/),
    ]);
  });
});

describe('MetaTrader 4 statement', () => {
  const columns = row(
    'Ticket',
    'Open Time',
    'Type',
    'Size',
    'Item',
    'Price',
    'S / L',
    'T / P',
    'Close Time',
    'Price',
    'Commission',
    'Taxes',
    'Swap',
    'Profit',
  );
  const position = row(
    101,
    '2024.01.15 02:25:01',
    'buy',
    '0.10',
    'eurusd',
    '1.10',
    '0.0',
    '0.0',
    '2024.01.16 03:25:01',
    '1.11',
    '-0.70',
    '-0.10',
    '-2.00',
    '1 100.00',
  );
  const account = row('Account: 7', 'Name: A', 'Currency: USD');
  const report = (...rows: readonly string[]) =>
    page('Statement: 7 - A', account, row('<td colspan=13>Closed Transactions:</td>'), columns, ...rows);
  const read = (text: string, more = {}) => readAs(mt4StatementHtm, text, { ...said, ...more });

  it('reads the opening and the closing of a position', async () => {
    expect(await recognisedAs(report(position))).toEqual(['mt4-statement-htm']);
    const common = { account: '7', symbol: 'EUR/USD', quantity: 10_000, tradeId: '101', feeCurrency: 'USD' };
    const { executions } = await read(report(position));
    expect(executions).toEqual([
      fill({
        ...common,
        side: 'buy',
        price: 1.1,
        fee: 0.7999999999999999,
        orderId: '101',
        executedAtUs: us('2024-01-15T02:25:01Z'),
      }),
      fill({
        ...common,
        side: 'sell',
        price: 1.11,
        fee: 0,
        orderId: '101 close',
        executedAtUs: us('2024-01-16T03:25:01Z'),
      }),
    ]);
  });

  it('reads open positions, orders that wait and that were cancelled, and names the rest', async () => {
    const open = row(
      102,
      '2024.01.15 02:25:01',
      'sell',
      '0.20',
      'eurusd',
      '1.10',
      '0',
      '0',
      '',
      '1.12',
      '0',
      '0',
      '0',
      '5',
    );
    const waiting = row(
      103,
      '2024.01.15 02:25:01',
      'buy limit',
      '0.30',
      'eurusd',
      '1.09',
      '0',
      '0',
      '',
      '1.12',
      '<td colspan=4></td>',
    );
    const cancelled = row(
      104,
      '2024.01.15 02:25:01',
      'sell stop',
      '0.30',
      'eurusd',
      '1.08',
      '0',
      '0',
      '2024.01.15 04:25:01',
      '1.12',
      '<td colspan=4>cancelled</td>',
    );
    const deposit = row(100, '2024.01.14 00:00:00', 'balance', '<td colspan=10>Deposit</td>', '10 000.00');
    const comment = row('<td colspan=9></td>', '#123', '<td colspan=4>my robot[tp]</td>');
    const result = await read(report(open, waiting, cancelled, deposit, comment));
    expect(result.executions).toMatchObject([{ side: 'sell', orderId: '102', fee: 0 }]);
    expect(result.orderEvents.map(({ kind, orderId, intendedQuantity }) => [kind, orderId, intendedQuantity])).toEqual([
      ['submitted', '103', 30_000],
      ['cancelled', '104', 30_000],
    ]);
    expect(result.others).toEqual({ balance: 1, comment: 1 });
    expect(result.quarantined).toEqual([]);
  });

  it.each([
    [position.replace('buy', 'lend'), /Type is "lend"/],
    [position.replace('1.11', '0'), /Price \(closing\) is "0"/],
    [position.replace('2024.01.16', '2024.01.32'), /Close Time is/],
    [position.replace('eurusd', ''), /Item is missing/],
  ])('quarantines %s', async (text, reason) => {
    expect((await read(report(text))).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('MetaTrader 5 reports', () => {
  const order = row(
    '2024.01.15 02:25:00',
    301,
    'EURUSD',
    'buy',
    '0.10 / 0.00',
    'market',
    '',
    '',
    '2024.01.15 02:25:01',
    'filled',
    '',
  );
  const deal = row(
    '2024.01.15 02:25:01',
    501,
    'EURUSD',
    'buy',
    'in',
    '0.10',
    '1.10',
    301,
    '-0.70',
    '-0.05',
    '0.00',
    '0.00',
    '9 999.25',
    '',
  );
  const position = row(
    '2024.01.15 02:25:01',
    401,
    'EURUSD',
    'buy',
    '<td class="hidden" colspan="8">note</td>',
    '0.10',
    '1.10',
    '',
    '',
    '2024.01.15 03:25:01',
    '1.11',
    '-0.70',
    '0.00',
    '<td colspan=2>- 2.50</td>',
  );
  const balance = row(
    '2024.01.14 00:00:00',
    500,
    '',
    'balance',
    '',
    '',
    '',
    '',
    '0.00',
    '0.00',
    '0.00',
    '10 000.00',
    '10 000.00',
    '',
  );
  const account = row('<td colspan=3>Account:</td>', '<td colspan=10>7 (USD, Example-Demo, demo, Hedge)</td>');
  const report = (...rows: readonly string[]) => page('7: A - Trade History Report', account, ...rows);
  const read = (text: string, format: Format = mt5HistoryHtm) => readAs(format, text, said);

  it('reads deals as fills and orders as what was asked for; positions are summaries', async () => {
    const text = report(position, order, deal, balance);
    expect(await recognisedAs(text)).toEqual(['mt5-history-htm']);
    const result = await read(text);
    expect(result.executions).toEqual([
      fill({
        ...{
          account: '7',
          symbol: 'EUR/USD',
          side: 'buy',
          price: 1.1,
          quantity: 10_000,
          fee: 0.75,
          feeCurrency: 'USD',
        },
        ...{ tradeId: '501', orderId: '301', executedAtUs: us('2024-01-15T02:25:01Z') },
      }),
    ]);
    expect(result.orderEvents).toMatchObject([
      { kind: 'submitted', orderId: '301', atUs: us('2024-01-15T02:25:00Z'), intendedQuantity: 10_000, price: null },
    ]);
    expect(result.others).toEqual({ 'position summary': 1, balance: 1 });
    expect(result.quarantined).toEqual([]);
  });

  it('reads reports without a column for fees, and in any language', async () => {
    const thirteen = row(
      '2024.01.15 02:25:01',
      502,
      'EURUSD',
      'sell',
      'out',
      '0.10',
      '1.10',
      302,
      '-0.70',
      '0.00',
      '0.00',
      '9 999.25',
      '',
    );
    const translated = row(
      'Uhrzeit',
      'Trade',
      'Symbol',
      'Typ',
      'Richtung',
      'Volumen',
      'Preis',
      'Order',
      'Kommission',
      'Swap',
      'Gewinn',
      'Kontostand',
      'Kommentar',
    );
    expect((await read(report(translated, thirteen))).executions).toMatchObject([
      { side: 'sell', fee: 0.7, tradeId: '502' },
    ]);
  });

  it('reads the same report saved as a workbook or as text', async () => {
    const lines = [
      ['Trade History Report'],
      ['Account:', '', '', '7 (USD, Example, demo)'],
      ['Positions'],
      [
        'Time',
        'Position',
        'Symbol',
        'Type',
        'Volume',
        'Price',
        'S / L',
        'T / P',
        'Time',
        'Price',
        'Commission',
        'Swap',
        'Profit',
      ],
      [
        '2024.01.15 02:25:01',
        '401',
        'EURUSD',
        'buy',
        '0.1',
        '1.1',
        '',
        '',
        '2024.01.15 03:25:01',
        '1.11',
        '-0.7',
        '0',
        '100',
      ],
      ['Orders'],
      ['Open Time', 'Order', 'Symbol', 'Type', 'Volume', 'Price', 'S / L', 'T / P', 'Time', 'State', '', 'Comment'],
      [
        '2024.01.15 02:25:00',
        '301',
        'EURUSD',
        'buy limit',
        '0.10 / 0.10',
        '1.05',
        '',
        '',
        '2024.01.15 02:25:01',
        'canceled',
      ],
      ['Deals'],
      [
        'Time',
        'Deal',
        'Symbol',
        'Type',
        'Direction',
        'Volume',
        'Price',
        'Order',
        'Commission',
        'Swap',
        'Profit',
        'Balance',
        'Comment',
      ],
      ['2024.01.15 02:25:01', '501', 'EURUSD', 'buy', 'in', '0.1', '1.1', '301', '-0.7', '-9', '0', '9999.3'],
    ];
    const text = lines.map((cells) => `${[...cells, ...Array(14 - cells.length).fill('')].join(',')}\n`).join('');
    expect(await recognisedAs(text)).toEqual(['mt5-history-table']);
    const result = await read(text, mt5HistoryTable);
    expect(result.executions).toMatchObject([
      { tradeId: '501', orderId: '301', fee: 0.7, feeCurrency: null, quantity: 10_000 },
    ]);
    expect(result.orderEvents).toMatchObject([{ kind: 'cancelled', orderId: '301', price: 1.05 }]);
    expect(result.others).toEqual({ 'position summary': 1, heading: 4 });
    expect(result.quarantined).toEqual([]);
  });

  it.each([
    ['canceled', 'cancelled'],
    ['rejected', 'rejected'],
    ['expired', 'expired'],
  ])('an order that ended %s is %s, then', async (state, kind) => {
    const { orderEvents } = await read(report(order.replace('filled', state).replace('market', '1.05')));
    expect(orderEvents).toMatchObject([{ kind, price: 1.05, atUs: us('2024-01-15T02:25:01Z') }]);
  });

  it('tells of a report that has positions and not their deals', async () => {
    expect((await read(report(position))).warnings).toEqual([expect.stringMatching(/positions, but not the deals/)]);
  });

  it('knows the tester’s report, which is never live', async () => {
    const text = page(
      'My Robot: Strategy Tester Report',
      row('<td colspan=3>Currency:</td>', '<td colspan=10>EUR</td>'),
      deal,
    );
    expect(await recognisedAs(text)).toEqual(['mt5-strategytester-htm']);
    expect(mt5StrategytesterHtm.impliedSource).toBe('backtest');
    expect((await read(text, mt5StrategytesterHtm)).executions).toMatchObject([{ feeCurrency: 'EUR' }]);
  });

  it('takes no time over a title that is white space and has no end', async () => {
    const blank = `<html><head><title>${' '.repeat(16_384)}`;
    const startedAt = performance.now();
    expect(await recognisedAs(`${blank}<body>\n`)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    const padded = page('\n  7:  Example - Trade History Report\t ', row('Time', 'Deal'));
    expect(await recognisedAs(padded)).toEqual(['mt5-history-htm']);
  });

  it('reads UTF-16 as the terminal writes it', async () => {
    const text = report(deal);
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const { openText } = await import('../../../electron/engine/imports/text-source');
    const source = await openText(
      (async function* () {
        yield bytes;
      })(),
      'test',
    );
    expect(Buffer.from(source.head).toString()).toBe(text);
  });

  it.each([
    [deal.replace('<td>1.10</td>', '<td>0</td>'), /Price is "0"/],
    [deal.replace('<td>0.10</td>', '<td></td>'), /Volume is missing/],
    [deal.replace('2024.01.15', '2024.02.31'), /Time is "2024.02.31/],
    [deal.replace('<td>in</td>', '<td>lend</td>').replace('buy', 'lend'), /neither a deal, an order nor a position/],
    [order.replace('filled', 'lent'), /State is "lent"/],
  ])('quarantines %s', async (text, reason) => {
    expect((await read(report(text))).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
