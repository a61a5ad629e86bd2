import { describe, expect, it } from 'vitest';
import { coinbaseproFillsCsv as format } from '../../../electron/engine/imports/formats/coinbasepro-fills-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit';

describe('Coinbase Pro fills', () => {
  it('reads a fill; the portfolio is the account', async () => {
    const text = `${header}\nmain,77,ETH-EUR,BUY,2021-02-03T04:05:06.789Z,0.5,ETH,1200,3.6,-603.6,EUR\n`;
    expect(await recognisedAs(text)).toEqual(['coinbasepro-fills-csv']);
    const result = await readAs(format, text);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'coinbase', account: 'main', symbol: 'ETH/EUR', side: 'buy', price: 1200, quantity: 0.5 },
        ...{ fee: 3.6, feeCurrency: 'EUR', tradeId: '77', executedAtUs: us('2021-02-03T04:05:06.789Z') },
      }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('reads the older report without portfolio, and exponents', async () => {
    const text = `${header.replace('portfolio,', '')}\n78,ETH-BTC,SELL,2021-02-03T04:05:06.789Z,0.5,ETH,0.02,2.5E-05,0.009975,BTC\n`;
    const result = await readAs(format, text);
    expect(result.executions[0]).toMatchObject({ account: null, fee: 0.000025, symbol: 'ETH/BTC' });
    expect(result.warnings).toEqual([]);
  });

  it('warns where the total is not size times price with the fee', async () => {
    const text = `${header}\nmain,77,ETH-EUR,BUY,2021-02-03T04:05:06.789Z,0.5,ETH,1200,3.6,-600,EUR\n`;
    expect((await readAs(format, text)).warnings).toEqual([
      expect.stringMatching(/total is not size times price.*line 2/),
    ]);
  });

  it.each([
    [
      'main,77,ETH-EUR,BUY,2021-02-03T04:05:06.789Z,0.5,BTC,1200,3.6,-603.6,EUR',
      /size unit is "BTC", but the product is "ETH\/EUR"/,
    ],
    ['main,,ETH-EUR,BUY,2021-02-03T04:05:06.789Z,0.5,ETH,1200,3.6,-603.6,EUR', /trade id is missing/],
    ['main,77,ETH-EUR,BUY,03.02.2021,0.5,ETH,1200,3.6,-603.6,EUR', /created at is "03.02.2021"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
