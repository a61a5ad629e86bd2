import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binanceStatementCsv as format,
  binanceStatementHeaderlessCsv as headerless,
} from '../../../electron/engine/imports/formats/binance-statement-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'UTC_Time,Account,Operation,Coin,Change,Remark';
const row = (operation: string, coin: string, change: string, second = '06'): string =>
  `2021-03-04 05:06:${second},Spot,${operation},${coin},${change},""`;
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);
const purchase = [
  row('Transaction Buy', 'ETH', '1.5'),
  row('Transaction Spend', 'USDT', '-3000'),
  row('Transaction Fee', 'BNB', '-0.01'),
];

describe('Binance account statement', () => {
  it('adds up the fills of a second and says that it did', async () => {
    const rows = [
      row('Buy', 'ETH', '1'),
      row('Fee', 'BNB', '-0.01'),
      row('Transaction Related', 'USDT', '-1000'),
      row('Buy', 'ETH', '0.5'),
      row('Transaction Related', 'USDT', '-515'),
      row('Fee', 'BNB', '-0.005'),
    ];
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['binance-statement-csv']);
    const result = await read(...rows);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ETH/USDT', side: 'buy', price: 1010, quantity: 1.5 },
        ...{ fee: 0.015, feeCurrency: 'BNB', executedAtUs: us('2021-03-04T05:06:06Z') },
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 5 });
    expect(result.warnings).toEqual([expect.stringMatching(/1 trade is the sum of all that was traded in a second/)]);
  });

  it('tells a purchase from a sale of one second since 2023, and gives each its fee', async () => {
    const rows = [
      row('Transaction Sold', 'ETH', '-1'),
      row('Transaction Buy', 'ETH', '2'),
      row('Transaction Revenue', 'USDT', '1010'),
      row('Transaction Spend', 'USDT', '-2000'),
    ];
    const ownCoins = [...rows, row('Transaction Fee', 'ETH', '-0.002'), row('Transaction Fee', 'USDT', '-1.01')];
    expect((await read(...ownCoins)).executions).toMatchObject([
      { side: 'sell', price: 1010, quantity: 1, fee: 1.01, feeCurrency: 'USDT' },
      { side: 'buy', price: 1000, quantity: 2, fee: 0.002, feeCurrency: 'ETH' },
    ]);
    const { executions } = await read(...rows, row('Transaction Fee', 'BNB', '-0.0301'));
    expect(executions.map(({ fee, feeCurrency }) => [fee?.toFixed(4), feeCurrency])).toEqual([
      ['0.0101', 'BNB'],
      ['0.0200', 'BNB'],
    ]);
  });

  it('joins the lines of a trade that lie in two seconds where nothing else fits, and keeps trades of two seconds apart', async () => {
    const split = [
      purchase[0]!,
      row('Transaction Spend', 'USDT', '-3000', '07'),
      row('Transaction Fee', 'BNB', '-0.01', '07'),
    ];
    expect((await read(...split)).executions).toMatchObject([{ price: 2000, quantity: 1.5, fee: 0.01 }]);
    const apart = [...purchase, ...purchase.map((line) => line.replace('05:06:06', '05:06:07'))];
    expect((await read(...apart)).executions).toHaveLength(2);
    // Which of the two purchases the payment belongs to cannot be told.
    const between = [
      purchase[0]!,
      row('Transaction Spend', 'USDT', '-3000', '07'),
      row('Transaction Buy', 'ETH', '1.5', '08'),
    ];
    const result = await read(...between);
    expect([result.executions.length, result.quarantined.length]).toEqual([0, 3]);
  });

  it('the order of the lines decides nothing', async () => {
    const rows = [
      ...purchase,
      row('Sell', 'BTC', '-0.1', '20'),
      row('Transaction Related', 'USDT', '3000', '21'),
      row('Fee', 'USDT', '-3', '21'),
      row('Transaction Buy', 'SOL', '1', '40'),
    ];
    const key = ({
      symbol,
      price,
      quantity,
      fee,
    }: {
      symbol: string;
      price: number;
      quantity: number;
      fee: number | null;
    }) => [symbol, price, quantity, fee].join(' ');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        const result = await read(...shuffled);
        expect(result.executions.map(key).sort()).toEqual(['BTC/USDT 30000 0.1 3', 'ETH/USDT 2000 1.5 0.01']);
        expect(result.quarantined).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['User_ID,UTC_Time,Account,Operation,Coin,Change,Remark', '21-03-04 05:06:06', {}, '2021-03-04T05:06:06Z', 1],
    [
      'User ID,Time,Account,Operation,Coin,Change,Remark',
      '21-03-04 05:06:06',
      { zone: '+08:00' },
      '2021-03-03T21:06:06Z',
      1,
    ],
    [
      '"User ID","Time","Account","Operation","Coin","Change","Remark","Note"',
      '2021-03-04 05:06:06',
      {},
      '2021-03-04T05:06:06Z',
      2,
    ],
  ])('reads the header %s', async (columns, time, hints, atUs, warnings) => {
    const rows = [`77,${time},Spot,Binance Convert,SOL,-10,""`, `77,${time},Spot,Binance Convert,USDC,1500,""`];
    const width = columns.split(',').length;
    const text = [columns, ...rows.map((line) => (width === 8 ? `${line},` : line))].join('\n');
    expect(await recognisedAs(text)).toEqual(['binance-statement-csv']);
    const result = await readAs(format, text, hints);
    expect(result.executions).toMatchObject([
      { account: '77', symbol: 'SOL/USDC', side: 'sell', price: 150, quantity: 10, fee: null, executedAtUs: us(atUs) },
    ]);
    expect(result.warnings).toHaveLength(warnings);
  });

  it('counts what is no trade by its operation', async () => {
    const names = ['Commission History', 'Deposit', 'Simple Earn Flexible Interest', 'Small assets exchange BNB'];
    names.push('Funding Fee', 'Realized Profit and Loss', 'Launchpool Interest', 'transfer_out');
    const result = await read(...names.map((name) => row(name, 'BNB', '9.1E-7')));
    expect(Object.keys(result.others)).toEqual(names.map((name) => name.toLowerCase()));
    expect(result.warnings).toEqual([]);
  });

  it('states fees in both coins of a pair in the quote', async () => {
    const { executions } = await read(...purchase.slice(0, 2), row('Fee', 'ETH', '-0.001'), row('Fee', 'USDT', '-1'));
    expect(executions).toMatchObject([{ fee: 3, feeCurrency: 'USDT' }]);
  });

  it.each([
    ['a fee alone', [purchase[2]!], /a fee, but nothing that was traded/],
    ['one side', [purchase[0]!], /ETH was received and nothing paid/],
    ['three coins', [...purchase, row('Transaction Buy', 'SOL', '2')], /ETH and SOL was received and USDT paid/],
    [
      'a coin both ways',
      [row('Buy', 'ETH', '1'), row('Sell', 'ETH', '-0.5'), row('Buy', 'USDT', '-50')],
      /ETH was both/,
    ],
    ['a third coin besides', [...purchase, row('Transaction Fee', 'ETH', '-0.1')], /charged in BNB and ETH/],
    ['coins of no known market', [row('Buy', 'ADA', '1'), row('Buy', 'XLM', '-3')], /which of ADA and XLM is priced/],
    ['an unknown operation', [row('Alchemy', 'ETH', '1')], /Operation is "Alchemy"/],
    ['a liquidation', [row('Cross Margin Liquidation', 'ETH', '1')], /Operation is "Cross Margin Liquidation"/],
    ['no coin', [row('Buy', '', '1')], /Coin is missing/],
    ['no time', [row('Buy', 'ETH', '1').replace('2021-03-04 05:06:06', '')], /Time is missing/],
    ['no change', [row('Buy', 'ETH', '')], /Change is missing/],
    ['a change of zero', [row('Buy', 'ETH', '0')], /Change is 0/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});

describe('Binance account statement without its header', () => {
  it.each(['', '77,'])('is told by the shapes of its cells, with %j before the time', async (user) => {
    const lines = [row('Simple Earn Flexible Interest', 'BNB', '9.1E-7', '01'), ...purchase];
    const text = lines.map((line) => `${user}${line}`).join('\n');
    expect(await recognisedAs(`${text}\n`)).toEqual(['binance-statement-headerless-csv']);
    const result = await readAs(headerless, text);
    expect(result.executions).toMatchObject([{ symbol: 'ETH/USDT', price: 2000, account: user === '' ? null : '77' }]);
    expect(result.outcomes).toHaveLength(4);
    expect(result.others).toEqual({ 'simple earn flexible interest': 1, 'further leg of a fill': 2 });
    expect(result.warnings).toContainEqual(expect.stringMatching(/read as UTC/));
  });

  it.each([
    ['other words where operations stand', '2021-03-04 05:06:06,Spot,Hello,ETH,1,""'],
    ['a log of another kind', '2021-03-04 05:06:06,ETH,buy,1.5,2000,0.1'],
    ['too few cells', '2021-03-04 05:06:06,Spot,Buy,ETH,1'],
  ])('is not %s', async (_, line) => {
    expect(await recognisedAs(`${line}\n${line}\n`)).toEqual([]);
  });
});
