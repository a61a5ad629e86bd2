import { describe, expect, it } from 'vitest';
import { bitfinexTradesCsv as format } from '../../../electron/engine/imports/formats/bitfinex-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = '#,PAIR,AMOUNT,PRICE,FEE,FEE CURRENCY,DATE,ORDER ID';
const row = '71,ETH/USD,-0.5,200.5,-0.2005,USD,03-04-21 05:06:07,72';

describe('Bitfinex trades', () => {
  it('reads a signed amount, a fee below zero as paid, and the day first', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['bitfinex-trades-csv']);
    expect((await readAs(format, `${header}\n${row}\n`)).executions).toEqual([
      fill({
        ...{ venue: 'bitfinex', symbol: 'ETH/USD', side: 'sell', price: 200.5, quantity: 0.5 },
        ...{ fee: 0.2005, feeCurrency: 'USD', tradeId: '71', orderId: '72' },
        executedAtUs: us('2021-04-03T05:06:07Z'),
      }),
    ]);
  });

  it('reads the export of 2014, with ISO times and no order id', async () => {
    const text =
      '#,Pair,Amount,Price,Fee,FeeCurrency,Date,Margin\n71,BTCUSD,2,300,-0.004,BTC,2014-02-03 04:05:06,true\n';
    expect(await recognisedAs(text)).toEqual(['bitfinex-trades-csv']);
    expect((await readAs(format, text)).executions).toMatchObject([
      { symbol: 'BTC/USD', side: 'buy', executedAtUs: us('2014-02-03T04:05:06Z'), orderId: null, fee: 0.004 },
    ]);
  });

  it('reads the variant with the fee as a percentage beside it, fractions of seconds, rebates, and Tether under its name there', async () => {
    const text = `#,PAIR,AMOUNT,PRICE,FEE,FEE PERC,FEE CURRENCY,DATE,ORDER ID\n71,BTC/UST,1,300,0.1,0.03,UST,31-12-20 23:59:59.123,72\n`;
    expect((await readAs(format, text)).executions).toMatchObject([
      { symbol: 'BTC/USDT', fee: -0.1, feeCurrency: 'USDT', executedAtUs: us('2020-12-31T23:59:59.123Z') },
    ]);
  });

  it.each([
    [row.replace('-0.5', '0'), /AMOUNT is 0/],
    [row.replace('03-04-21', '03-13-21'), /DATE is "03-13-21/],
    [row.replace('71,', ','), /# is missing/],
    [row.replace('200.5', '-1'), /PRICE is "-1"/],
    [row.replace('-0.2005', 'free'), /FEE is "free"/],
  ])('quarantines %s', async (bad, reason) => {
    const result = await readAs(format, `${header}\n${bad}\n${row}\n`);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
    expect(result.executions).toHaveLength(1);
  });
});
