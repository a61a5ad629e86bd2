import { describe, expect, it } from 'vitest';
import { htxTradesCsv as htx } from '../../../electron/engine/imports/formats/htx-trades-csv';
import { huobiTradesCsv as huobi } from '../../../electron/engine/imports/formats/huobi-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const huobiHeader = '\ufeff"Time","Type","Pair","Side","Price","Amount","Total","Fee"';
const huobiRow = '2020-02-03 04:05:06,Exchange,1INCH/BTC,Buy,0.002,12.5,0.025,0.0251INCH,';
const htxHeader =
  'uid,symbol,deal_type,order_type,account_type,price,volume,amount,fee_amount,fee_currency,fee_point_currency,fee_point_volume,deal_time';
const htxRow = '7,SOL/USDT,buy,web,spot,24.000000000000000000,2,48,0.004,sol,,,2023-02-03 04:05:06';

describe('Huobi trades', () => {
  it('reads a fill whose row has one empty cell more than the header', async () => {
    const text = `${huobiHeader}\n${huobiRow}\n`;
    expect(await recognisedAs(text)).toEqual(['huobi-trades-csv']);
    const result = await readAs(huobi, text, { zone: 'UTC+8' });
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'htx', symbol: '1INCH/BTC', side: 'buy', price: 0.002, quantity: 12.5 },
        ...{ fee: 0.025, feeCurrency: '1INCH', executedAtUs: us('2020-02-02T20:05:06Z') },
      }),
    ]);
    expect((await readAs(huobi, text)).warnings).toEqual([expect.stringMatching(/read as UTC/)]);
  });

  it.each([
    [huobiRow.replace('0.0251INCH', '0.025'), /Fee is "0.025", which is no amount with a coin/],
    [huobiRow.replace('Buy', 'Lend'), /Side is "Lend"/],
    [huobiRow.replace('12.5', '0'), /Amount is "0"/],
    [huobiRow.replace('2020-02-03', '03/02/2020'), /Time is "03\/02\/2020/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(huobi, `${huobiHeader}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('HTX trades', () => {
  it('reads a fill with its fee in a coin', async () => {
    const text = `${htxHeader}\n${htxRow}\n`;
    expect(await recognisedAs(text)).toEqual(['htx-trades-csv']);
    expect((await readAs(htx, text)).executions).toEqual([
      fill({
        ...{ venue: 'htx', symbol: 'SOL/USDT', side: 'buy', price: 24, quantity: 2 },
        ...{ fee: 0.004, feeCurrency: 'SOL', executedAtUs: us('2023-02-03T04:05:06Z') },
      }),
    ]);
  });

  it('reads a fee in points', async () => {
    const row = htxRow.replace('0.004,sol,,', '0,usdt,hbpoint,0.096');
    expect((await readAs(htx, `${htxHeader}\n${row}\n`)).executions).toMatchObject([
      { fee: 0.096, feeCurrency: 'HBPOINT' },
    ]);
  });

  it.each([
    [htxRow.replace('sol,,', 'sol,hbpoint,1'), /both in a coin and in points/],
    [htxRow.replace('0.004', 'few'), /fee_amount is "few"/],
    [htxRow.replace('24.000000000000000000', '0'), /price is "0"/],
    [htxRow.replace('SOL/USDT', ''), /symbol is missing/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(htx, `${htxHeader}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
