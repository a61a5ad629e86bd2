import { describe, expect, it } from 'vitest';
import { binanceSpotTradesV3 as format } from '../../../electron/engine/imports/formats/binance-spot-trades-v3';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Date(UTC),Pair,Side,Price,Executed,Amount,Fee';

describe('Binance spot trades v3', () => {
  it('takes the coins off the amounts', async () => {
    const text = `\ufeff${header}\n2022-04-05 06:07:08,SOLUSDT,BUY,130,0.5SOL,65USDT,0.00011BNB\n`;
    expect(await recognisedAs(text)).toEqual(['binance-spot-trades-v3']);
    expect((await readAs(format, text)).executions).toEqual([
      fill({
        ...{
          venue: 'binance',
          symbol: 'SOL/USDT',
          side: 'buy',
          price: 130,
          quantity: 0.5,
          fee: 0.00011,
          feeCurrency: 'BNB',
        },
        executedAtUs: us('2022-04-05T06:07:08Z'),
      }),
    ]);
  });

  it.each([
    ['thousands in quotes', '2022-04-05 06:07:08,ADABTC,BUY,"1,750.5","2,000.0ADA","3,501,000.0BTC","2.0ADA"'],
    [
      'a row quoted as a whole',
      '"2022-04-05 06:07:08,ADABTC,BUY,""1,750.5"",""2,000.0ADA"",""3,501,000.0BTC"",""2.0ADA"""',
    ],
    [
      'a row quoted as a whole without thousands',
      '"2022-04-05 06:07:08,ADABTC,BUY,1750.5,2000.0ADA,3501000.0BTC,2.0ADA"',
    ],
    ['quotes doubled once too often', '2022-04-05 06:07:08,ADABTC,BUY,1750.5,""2,000.0ADA"",3501000.0BTC,2.0ADA'],
  ])('reads %s', async (_, row) => {
    const result = await readAs(format, `${header}\n${row}\n`);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ADA/BTC', price: 1750.5, quantity: 2000, fee: 2, feeCurrency: 'ADA' },
        executedAtUs: us('2022-04-05T06:07:08Z'),
      }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it.each([
    ['1INCHUSDT', '7.31INCH', '14.6USDT', '1INCH/USDT', 7.3],
    ['1000SHIBUSDT', '121000SHIB', '24USDT', '1000SHIB/USDT', 12],
    ['BTCBUSD', '0.001BTC', '2BUSD', 'BTC/BUSD', 0.001],
    ['TUSDT', '5T', '10USDT', 'T/USDT', 5],
    ['BATUSD', '5BAT', '10USD', 'BAT/USD', 5],
  ])('divides %s by the coins of %s and %s', async (pair, executed, amount, symbol, quantity) => {
    const { executions } = await readAs(
      format,
      `${header}\n2022-04-05 06:07:08,${pair},SELL,2,${executed},${amount},0BNB\n`,
    );
    expect(executions[0]).toMatchObject({ symbol, quantity, fee: 0 });
  });

  it('reads the newer export, year first, in the zone of the account', async () => {
    const text = 'Time,Pair,Side,Price,Executed,Amount,Fee\n26-03-17 09:34:12,SOLUSDT,BUY,130,0.5SOL,65USDT,0.1USDT\n';
    const assumed = await readAs(format, text);
    expect(assumed.executions[0]?.executedAtUs).toBe(us('2026-03-17T09:34:12Z'));
    expect(assumed.warnings).toEqual([expect.stringMatching(/read as UTC/)]);
    const named = await readAs(format, text, { zone: 'UTC+8' });
    expect(named.executions[0]?.executedAtUs).toBe(us('2026-03-17T01:34:12Z'));
  });

  it('is recognised by its shape where the header is in another language', async () => {
    const text =
      'Datum,Paar,Seite,Preis,Ausgef.,Betrag,Gebühr\n2022-04-05 06:07:08,SOLUSDT,BUY,130,0.5SOL,65USDT,0.1BNB\n';
    expect(await recognisedAs(text)).toEqual(['binance-spot-trades-v3']);
    expect((await readAs(format, text)).executions[0]).toMatchObject({ symbol: 'SOL/USDT', quantity: 0.5 });
  });

  it.each([
    [
      '2022-04-05 06:07:08,SOLUSDT,BUY,130,0.5ADA,65USDT,0.1BNB',
      /Executed "0.5ADA" and Amount "65USDT" are not in the coins of "SOLUSDT"/,
    ],
    ['2022-04-05 06:07:08,SOLUSDT,BUY,130,0SOL,0USDT,0BNB', /Executed is "0SOL"/],
    ['2022-04-05 06:07:08,SOLUSDT,BUY,130,0.5SOL,65USDT,little', /Fee is "little"/],
    ['2022-04-05 06:07:08,SOLUSDT,HOLD,130,0.5SOL,65USDT,0.1BNB', /Side is "HOLD"/],
    ['No data matches the criteria.,,,,,,', /Date is "No data matches/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
