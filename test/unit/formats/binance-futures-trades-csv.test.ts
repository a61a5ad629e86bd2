import { describe, expect, it } from 'vitest';
import { binanceFuturesTradesCsv as format } from '../../../electron/engine/imports/formats/binance-futures-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID';

describe('Binance futures trades', () => {
  it('reads a fill with its ids, in the zone of the account', async () => {
    const text = `${header}\n7,26-02-03 04:05:06,ETHUSDC,SELL,2500,0.2,500,0.25 USDC,1.5,false,true,11,22\n`;
    expect(await recognisedAs(text)).toEqual(['binance-futures-trades-csv']);
    const result = await readAs(format, text, { zone: '-06:00' });
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ETH/USDC', side: 'sell', price: 2500, quantity: 0.2 },
        ...{ fee: 0.25, feeCurrency: 'USDC', liquidity: 'maker', tradeId: '11', orderId: '22' },
        executedAtUs: us('2026-02-03T10:05:06Z'),
      }),
    ]);
    expect((await readAs(format, text)).warnings).toEqual([expect.stringMatching(/read as UTC/)]);
  });

  it.each([
    ['Date(UTC),Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit', '', null],
    ['Date(UTC),Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Quote Asset', ',USDT', 'USDT'],
  ])(
    'reads the older %s: a fee without a coin has no currency but the one of its column',
    async (columns, tail, feeCurrency) => {
      const text = `${columns}\n2022-02-03 04:05:06,ETHUSDT,BUY,2500,0.2,500,0.25,0${tail}\n`;
      expect(await recognisedAs(text)).toEqual(['binance-futures-trades-csv']);
      const { executions, warnings } = await readAs(format, text);
      expect(executions[0]).toMatchObject({ fee: 0.25, feeCurrency, liquidity: null, tradeId: null });
      expect(warnings).toEqual([]);
    },
  );

  it('keeps the name of a dated contract and counts an export without trades', async () => {
    const row = '7,26-02-03 04:05:06,ETHUSDT_260327,SELL,2500,0.2,500,0.25 USDT,1.5,FALSE,N,11,22';
    const result = await readAs(format, `${header}\n${row}\nNo data matches the criteria.\n`);
    expect(result.executions[0]).toMatchObject({ symbol: 'ETHUSDT_260327', liquidity: 'taker' });
    expect(result.others).toEqual({ 'no data': 1 });
  });

  it.each([
    ['7,26-02-03 04:05:06,BTCUSD_PERP,SELL,50000,3,300,0.00001 BTC,0,false,true,1,2', /counted in contracts/],
    ['7,26-13-03 04:05:06,ETHUSDT,SELL,2500,0.2,500,0.25 USDT,0,false,true,1,2', /Time is "26-13-03/],
    ['7,26-02-03 04:05:06,ETHUSDT,SELL,2500,0.2,500,little,0,false,true,1,2', /Fee is "little"/],
    ['7,26-02-03 04:05:06,ETHUSDT,SELL,2500,0.2,500,0.25 USDT,0,false,perhaps,1,2', /Maker is "perhaps"/],
    ['7,26-02-03 04:05:06,ETHUSDT,SELL,2500,0.2', /the row has 6 cells where the header has 13/],
    ['7,26-02-03 04:05:06,ETHUSDT,SELL,2500,0.2,,0.25 USDT,0,false,true,1,2', /Amount is missing/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
