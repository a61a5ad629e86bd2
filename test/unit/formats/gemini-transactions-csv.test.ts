import { describe, expect, it } from 'vitest';
import { geminiTransactionsCsv as format } from '../../../electron/engine/imports/formats/gemini-transactions-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header =
  'Date,Time (UTC),Type,Symbol,Specification,Liquidity Indicator,Trading Fee Rate (bps),USD Amount USD,Fee (USD) USD,USD Balance USD,ETH Amount ETH,Fee (ETH) ETH,ETH Balance ETH,BTC Amount BTC,Fee BTC,BTC Balance BTC,Trade ID,Order ID,Order Date,Order Time,Client Order ID';
const row =
  '2020-02-03,04:05:06.789,Sell,ETHUSD,Limit,Taker,25,"$1,000.00 ",($2.50),"$11,000.00 ",(0.5 ETH),,1.5 ETH ,,,0.0 BTC ,71,72,2020-02-03,04:05:01.500,mine';

describe('Gemini transactions', () => {
  it('reads the two amounts and the fee of a trade, and when its order was placed', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['gemini-transactions-csv']);
    expect((await readAs(format, `${header}\n${row}\n`)).executions).toEqual([
      fill({
        ...{
          venue: 'gemini',
          symbol: 'ETH/USD',
          side: 'sell',
          price: 2000,
          quantity: 0.5,
          fee: 2.5,
          feeCurrency: 'USD',
        },
        ...{
          liquidity: 'taker',
          executedAtUs: us('2020-02-03T04:05:06.789Z'),
          submittedAtUs: us('2020-02-03T04:05:01.500Z'),
        },
        ...{ tradeId: '71', orderId: '72', clientOrderId: 'mine' },
      }),
    ]);
  });

  it('divides a symbol by the currencies of the file, and reads a purchase without ids and order time', async () => {
    const bought =
      '2020-02-03,04:05:06,Buy,ETHBTC,Market,Maker,0,,,$1.00 ,2.0 ETH ,,2.0 ETH ,(0.1 BTC),(0.00001 BTC),0.0 BTC ,,,,,';
    expect((await readAs(format, `${header}\n${bought}\n`)).executions).toMatchObject([
      {
        symbol: 'ETH/BTC',
        side: 'buy',
        price: 0.05,
        quantity: 2,
        fee: 0.00001,
        feeCurrency: 'BTC',
        submittedAtUs: null,
      },
    ]);
  });

  it('counts deposits, and tells of an order dated after its trade', async () => {
    const deposit = '2020-02-03,04:05:06,Credit,USD,,,,$5.00 ,,$5.00 ,,,,,,,,,,,';
    const result = await readAs(format, `${header}\n${deposit}\n${row.replace('04:05:01.500', '04:05:07')}\n`);
    expect(result.others).toEqual({ credit: 1 });
    expect(result.executions).toMatchObject([{ submittedAtUs: null }]);
    expect(result.warnings).toEqual([expect.stringMatching(/dated after its trade, first on line 3/)]);
  });

  it.each([
    [row.replace('Sell', 'Buy'), /the amounts of "ETHUSD" are not what a buy pays and receives/],
    [row.replace('ETHUSD', 'ETHEUR'), /Symbol is "ETHEUR", which is no pair of the file's currencies/],
    [row.replace('(0.5 ETH)', ''), /are not what a sell pays and receives/],
    [row.replace('(0.5 ETH),,', '(0.5 ETH),(0.1 ETH),'), /more than one currency/],
    [row.replace('(0.5 ETH)', '(0.5 BTC)'), /Amount ETH is "\(0.5 BTC\)"/],
    [row.replace('Taker', 'Both'), /Liquidity Indicator is "Both"/],
    [row.replace('2020-02-03,04:05:06', '2020-02-30,04:05:06'), /Date is "2020-02-30/],
    [row.replace('Sell', 'Gift'), /Type is "Gift"/],
  ])('quarantines %s', async (bad, reason) => {
    expect((await readAs(format, `${header}\n${bad}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
