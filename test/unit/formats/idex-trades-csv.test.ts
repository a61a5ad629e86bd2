import { describe, expect, it } from 'vitest';
import { idexTradesCsv as format } from '../../../electron/engine/imports/formats/idex-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('IDEX trades', () => {
  const header =
    'transactionId,transactionHash,date,market,makerOrTaker,buyOrSell,tokenAmount,etherAmount,usdValue,fee,gasFee\t\t\t';
  const row = '7,0xab,2018-02-03 04:05:06,GET/ETH,maker,buy,200,0.5,100,0.2,0.01';
  const read = (line: string) => readAs(format, `${header}\n${line}\n`);

  it('states the fee in the token bought and the gas together in ether', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['idex-trades-csv']);
    expect((await read(row)).executions).toEqual([
      fill({
        ...{
          venue: 'idex',
          symbol: 'GET/ETH',
          side: 'buy',
          price: 0.0025,
          quantity: 200,
          fee: 0.0105,
          feeCurrency: 'ETH',
        },
        ...{ liquidity: 'maker', tradeId: '7', executedAtUs: us('2018-02-03T04:05:06Z') },
      }),
    ]);
    const sold = row.replace('maker,buy', 'taker,sell').replace(',0.2,0.01', ',0.001,');
    expect((await read(sold)).executions).toMatchObject([{ side: 'sell', fee: 0.001, liquidity: 'taker' }]);
  });

  it.each([
    [row.replace('GET/ETH', 'GET/DAI'), /market is "GET\/DAI", but must be like GET\/ETH/],
    [row.replace('maker', 'baker'), /makerOrTaker is "baker"/],
    [row.replace(',200,', ',0,'), /tokenAmount is "0"/],
    [row.replace('7,', ','), /transactionId is missing/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
