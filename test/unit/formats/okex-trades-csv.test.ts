import { describe, expect, it } from 'vitest';
import { okexTradesCsv as format } from '../../../electron/engine/imports/formats/okex-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const mark = '\ufeff';
const header = 'Order ID,Trade ID,Trade Time,Pairs,Amount,Price,Total,taker/maker,Fee,unit'
  .split(',')
  .map((name) => mark + name)
  .join(',');
const row = `${mark}72,71,2020-02-03 04:05:06,eth_usdt,-0.5,200,100.000000000000000002 USDT,maker,-0.08 USDT,ETH`;

describe('OKEx trades', () => {
  it('reads rows and a header whose cells each begin with a byte-order mark', async () => {
    const text = `${header}\r\n${row}\r\n`;
    expect(await recognisedAs(text)).toEqual(['okex-trades-csv']);
    const result = await readAs(format, text, { zone: 'UTC' });
    expect(result.executions).toEqual([
      fill({
        ...{
          venue: 'okx',
          symbol: 'ETH/USDT',
          side: 'sell',
          price: 200,
          quantity: 0.5,
          fee: 0.08,
          feeCurrency: 'USDT',
        },
        ...{ liquidity: 'maker', tradeId: '71', orderId: '72', executedAtUs: us('2020-02-03T04:05:06Z') },
      }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('reads what was bought, with a rebate', async () => {
    const bought = row.replace('-0.5', '0.5').replace('-0.08 USDT', '0.0001 ETH').replace('maker', 'taker');
    const { executions } = await readAs(format, `${header}\n${bought}\n`);
    expect(executions).toMatchObject([{ side: 'buy', fee: -0.0001, feeCurrency: 'ETH', liquidity: 'taker' }]);
  });

  it('warns where the total is not amount times price', async () => {
    const { warnings } = await readAs(format, `${header}\n${row.replace('100.0', '10.0')}\n`);
    expect(warnings).toContainEqual(expect.stringMatching(/not the Total/));
  });

  it.each([
    [row.replace(',ETH', ',USDT'), /unit is "USDT", but the pair is "ETH\/USDT"/],
    [row.replace('-0.5', '0'), /Amount is 0/],
    [row.replace('-0.08 USDT', '-0.08'), /Fee is "-0.08", which is no amount with a coin/],
    [row.replace('maker', 'waiter'), /taker\/maker is "waiter"/],
    [row.replace('71', ''), /Trade ID is missing/],
  ])('quarantines %s', async (bad, reason) => {
    expect((await readAs(format, `${header}\n${bad}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
