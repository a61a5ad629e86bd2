import { describe, expect, it } from 'vitest';
import { coinbaseRetailCsv as format } from '../../../electron/engine/imports/formats/coinbase-retail-csv';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const old =
  'Timestamp,Transaction Type,Asset,Quantity Transacted,EUR Spot Price at Transaction,EUR Subtotal,EUR Total (inclusive of fees),EUR Fees,Notes';
const middle =
  'Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes';
const recent =
  'ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes';
const preamble = '\nTransactions\nUser,someone,7f\nAccount,\n\n';

describe('Coinbase transaction history', () => {
  it.each([
    ['old', `${old}\n2020-02-03T04:05:06Z,Buy,ETH,0.5,200,100,103,3,Bought 0.5 ETH for € 103.00 EUR\n`, null],
    ['middle', `${preamble}${middle}\n2020-02-03T04:05:06Z,Buy,ETH,0.5,EUR,200,100.00,103.00,3.00,Bought\n`, null],
    [
      'recent',
      `${preamble}${recent}\nx1,2020-02-03 04:05:06 UTC,Buy,ETH,0.5,EUR,€200.00,€100.00,€103.00,€3.00,Bought\n`,
      'x1',
    ],
  ])('reads the %s layout; a purchase is from Coinbase itself', async (_, text, tradeId) => {
    expect(await recognisedAs(text)).toEqual(['coinbase-retail-csv']);
    const result = await readAs(format, text);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'coinbase-dealer', symbol: 'ETH/EUR', side: 'buy', price: 200, quantity: 0.5, fee: 3 },
        ...{ feeCurrency: 'EUR', executedAtUs: us('2020-02-03T04:05:06Z'), tradeId },
      }),
    ]);
    expect(result.warnings).toEqual([expect.stringMatching(/^1 trade was made with Coinbase itself/)]);
  });

  it('takes market and price of an Advanced Trade from its notes, and reads a trade between coins once', async () => {
    const note = 'Bought 2 ETH for 0.1 BTC on ETH-BTC at 0.05 BTC/ETH';
    const rows = [
      `a,2024-02-03 04:05:06 UTC,Advanced Trade Buy,ETH,2,EUR,€2000.00,€4000.00,€4010.00,€10.00,${note}`,
      `b,2024-02-03 04:05:06 UTC,Advanced Trade Sell,BTC,-0.1,EUR,€40000.00,-€4000.00,-€4000.00,€0.00,${note}`,
      'c,2024-02-03 05:05:06 UTC,Advance Trade Sell,ADA,-30,USD,$0.50,-$15.03,-$15.00,$0.03,"Sold 1,000 ADA for 501 USDC on ADA-USDC at 0.501 USDC/ADA"',
    ];
    const result = await readAs(format, `${recent}\n${rows.join('\n')}\n`);
    expect(result.executions).toMatchObject([
      {
        venue: 'coinbase',
        symbol: 'ETH/BTC',
        side: 'buy',
        price: 0.05,
        quantity: 2,
        fee: 10,
        feeCurrency: 'EUR',
        tradeId: 'a',
      },
      {
        venue: 'coinbase',
        symbol: 'ADA/USDC',
        side: 'sell',
        price: 0.501,
        quantity: 30,
        fee: 0.03,
        feeCurrency: 'USD',
      },
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 1 });
    expect(result.warnings).toEqual([]);
  });

  it('prices a conversion by what came for what; its cost is in the price', async () => {
    const note = 'Converted 0.5 ETH to 0.025 BTC';
    const rows = [
      `2020-02-03T04:05:06Z,Convert,ETH,0.5,2000,1000,1010,10,${note}`,
      `2020-02-03T04:05:06Z,Convert,BTC,0.025,40000,1000,1000,0,${note}`,
    ];
    const result = await readAs(format, `${old}\n${rows.join('\n')}\n`);
    expect(result.executions).toMatchObject([
      { venue: 'coinbase-dealer', symbol: 'ETH/BTC', side: 'sell', price: 0.05, quantity: 0.5, fee: 0 },
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 1 });
  });

  it('takes what was paid where the price is another or has too few digits', async () => {
    const row = '2020-02-03T04:05:06Z,Sell,SHIB,-1000000,EUR,0.00,12.34,12.00,0.34,Sold';
    expect((await readAs(format, `${middle}\n${row}\n`)).executions).toMatchObject([
      { side: 'sell', price: 0.00001234 },
    ]);
  });

  it('says where total, subtotal and fees do not agree', async () => {
    const row = '2020-02-03T04:05:06Z,Buy,ETH,0.5,200,100,120,3,Bought';
    expect((await readAs(format, `${old}\n${row}\n`)).warnings).toContain(
      'The total on line 2 is 120, but subtotal and fees come to 103.',
    );
  });

  it('counts what is no trade', async () => {
    const types = [
      'Send',
      'Receive',
      'Staking Income',
      'Learning Reward',
      'Exchange Deposit',
      'Subscription Rebates (24 Hours)',
    ];
    const rows = types.map((type) => `2020-02-03T04:05:06Z,${type},ETH,0.5,200,,,,note`);
    expect(Object.keys((await readAs(format, `${old}\n${rows.join('\n')}\n`)).others)).toEqual(
      types.map((type) => type.toLowerCase()),
    );
  });

  it('names a column it cannot do without', async () => {
    const text = `${middle.replace('Subtotal,', '')}\n2020-02-03T04:05:06Z,Buy,ETH,0.5,EUR,200,103,3,x\n`;
    expect(await failureOf(readAs(format, text))).toMatch(/^format-damaged: The file has no column "Subtotal"/);
    const without = `${middle.replace('Spot Price Currency,', '')}\n2020-02-03T04:05:06Z,Buy,ETH,0.5,200,100,103,3,x\n`;
    expect(await failureOf(readAs(format, without))).toMatch(/no column "Price Currency"/);
  });

  it.each([
    ['2020-02-03T04:05:06Z,Steal,ETH,0.5,200,100,103,3,x', /Transaction Type is "Steal"/],
    ['soon,Buy,ETH,0.5,200,100,103,3,x', /Timestamp is "soon"/],
    ['2020-02-03T04:05:06Z,Buy,,0.5,200,100,103,3,x', /Asset is missing/],
    ['2020-02-03T04:05:06Z,Buy,ETH,0,200,100,103,3,x', /Quantity Transacted is 0/],
    ['2020-02-03T04:05:06Z,Buy,ETH,0.5,200,0,3,3,x', /Subtotal is "0"/],
    ['2020-02-03T04:05:06Z,Buy,ETH,0.5,200,100 or so,103,3,x', /Subtotal is "100 or so"/],
    ['2020-02-03T04:05:06Z,Convert,ETH,0.5,200,100,103,3,Converted it', /Notes are "Converted it"/],
    [
      '2020-02-03T04:05:06Z,Convert,ETH,0.5,200,100,103,3,Converted 1 SOL to 2 ADA',
      /Notes convert "SOL", but Asset is "ETH"/,
    ],
    [
      '2020-02-03T04:05:06Z,Advanced Trade Buy,SOL,0.5,200,100,103,3,Bought 2 ETH for 0.1 BTC on ETH-BTC at 0.05 BTC/ETH',
      /Notes say ETH\/BTC, but Asset is "SOL"/,
    ],
    [
      '2020-02-03T04:05:06Z,Advanced Trade Buy,ETH,0.5,200,100,103,3,Bought 0.5 ETH for 100 EUR on ETH-EUR at 2 EUR/ETH',
      /Notes say a price of 2, but Subtotal is "100"/,
    ],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${old}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
