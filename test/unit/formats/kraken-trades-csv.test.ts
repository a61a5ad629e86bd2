import { describe, expect, it } from 'vitest';
import { krakenTradesCsv as format } from '../../../electron/engine/imports/formats/kraken-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header =
  '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin","misc","ledgers"';

describe('Kraken trades', () => {
  it('reads a fill with its ids, the fee in the quote', async () => {
    const text = `${header}\n"T1","O1","XXBTZEUR","2022-01-02 03:04:05.6789","buy","limit",40000.00000,400.00000,0.64000,0.01000000,0.00000,"","L1,L2"\n`;
    expect(await recognisedAs(text)).toEqual(['kraken-trades-csv']);
    expect((await readAs(format, text)).executions).toEqual([
      fill({
        ...{
          venue: 'kraken',
          symbol: 'BTC/EUR',
          side: 'buy',
          price: 40000,
          quantity: 0.01,
          fee: 0.64,
          feeCurrency: 'EUR',
        },
        ...{ tradeId: 'T1', orderId: 'O1', executedAtUs: us('2022-01-02T03:04:05.678Z') + 900 },
      }),
    ]);
  });

  it('reads rows whose two ledger ids are two cells under one header', async () => {
    const row = '"T1","O1","XBTUSDC","2022-01-02 03:04:05","sell","market",40000,400,0.64,0.01,0,"","L1","L2"';
    const result = await readAs(format, `${header}\n${row}\n${row.replace('"L1","L2"', '"L1,L2"')}\n`);
    expect(result.quarantined).toEqual([]);
    expect(result.executions.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([
      ['BTC/USDC', 0.01],
      ['BTC/USDC', 0.01],
    ]);
  });

  it.each([
    ['without margin and misc', 'txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,ledgers', '"L1,L2"'],
    [
      'with positions',
      'txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers,postxid,posstatuscode',
      '0,,"L1,L2",,',
    ],
  ])('reads the variant %s', async (_, columns, tail) => {
    const { executions } = await readAs(
      format,
      `${columns}\nT1,O1,XTZUSD,2022-01-02 03:04:05.1,buy,limit,2,20,0.03,10,${tail}\n`,
    );
    expect(executions[0]).toMatchObject({ symbol: 'XTZ/USD', quantity: 10, feeCurrency: 'USD' });
  });

  it('is always UTC, whatever zone the user names', async () => {
    const text = `${header}\nT1,O1,XBTEUR,2022-01-02 03:04:05,buy,limit,40000,400,0.64,0.01,0,,L1\n`;
    const result = await readAs(format, text, { zone: 'Asia/Tokyo' });
    expect(result.executions[0]?.executedAtUs).toBe(us('2022-01-02T03:04:05Z'));
    expect(result.warnings).toEqual([expect.stringMatching(/always UTC; the zone Asia\/Tokyo is not applied/)]);
  });

  it('warns where cost is not price times volume', async () => {
    const text = `${header}\nT1,O1,XBTEUR,2022-01-02 03:04:05,buy,limit,40000,4000,0.64,0.01,0,,L1\n`;
    const result = await readAs(format, text);
    expect(result.warnings).toEqual([expect.stringMatching(/not the cost/)]);
  });

  it.each([
    ['T1,O1,XXBTZEUR,2022-01-02 03:04:05,buy,limit,40000,400,0.64', /the row has 9 cells where the header has 13/],
    ['T1,O1,XXBTZEUR,2022-01-02 03:04:05,buy,limit,0,400,0.64,0.01,0,,L1', /price is "0"/],
    ['T1,O1,XXBTZEUR,2022-01-02 03:04:05,stake,limit,4,4,0,1,0,,L1', /type is "stake"/],
    [',O1,XXBTZEUR,2022-01-02 03:04:05,buy,limit,4,4,0,1,0,,L1', /txid is missing/],
  ])('quarantines %s', async (row, reason) => {
    const sound = 'T0,O0,XXBTZEUR,2022-01-02 03:04:05,buy,limit,4,4,0,1,0,,L1';
    expect((await readAs(format, `${header}\n${row}\n${sound}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});
