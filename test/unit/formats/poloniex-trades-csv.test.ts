import { describe, expect, it } from 'vitest';
import { poloniexTradesCsv as format } from '../../../electron/engine/imports/formats/poloniex-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Date,Market,Category,Type,Price,Amount,Total,Fee,Order Number,Base Total Less Fee,Quote Total Less Fee';
const bought = '2020-02-03 04:05:06,ETH/BTC,Exchange,Buy,0.02,2.00000000,0.04000000,0.2%,72,-0.04000000,1.99600000';
const sold = '2020-02-03 04:05:06,ETH/BTC,Exchange,Sell,0.02,2.00000000,0.04000000,0.2%,73,0.03992000,-2.00000000';

describe('Poloniex trades', () => {
  it('works the fee out of the totals: in the base of a purchase, in the quote of a sale', async () => {
    const text = `${header}\n${bought}\n${sold}\n`;
    expect(await recognisedAs(text)).toEqual(['poloniex-trades-csv']);
    const result = await readAs(format, text, { zone: 'UTC' });
    const common = {
      venue: 'poloniex',
      symbol: 'ETH/BTC',
      price: 0.02,
      quantity: 2,
      executedAtUs: us('2020-02-03T04:05:06Z'),
    };
    expect(result.executions).toEqual([
      fill({ ...common, side: 'buy', fee: 0.004, feeCurrency: 'ETH', orderId: '72' }),
      fill({ ...common, side: 'sell', fee: 0.00008, feeCurrency: 'BTC', orderId: '73' }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('takes the fee where the export states it', async () => {
    const text = `${header},Fee Currency,Fee Total\n${bought.replace('1.99600000', '2.0')},TRX,1.5\n`;
    expect((await readAs(format, text)).executions).toMatchObject([{ fee: 1.5, feeCurrency: 'TRX' }]);
  });

  it.each([
    [bought.replace('0.2%', '0.1%'), /the totals are short of 0.004, but a fee of "0.1%" is 0.002/],
    [bought.replace('ETH/BTC', 'BTC_ETH'), /Market is "BTC_ETH", but must be like ETH\/BTC/],
    [bought.replace('Buy', 'Lend'), /Type is "Lend"/],
    [bought.replace('1.99600000', ''), /Quote Total Less Fee is missing/],
    [bought.replace(',0.02,', ',0,'), /Price is "0"/],
    [bought.replace('0.2%', 'some'), /Fee is "some"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
