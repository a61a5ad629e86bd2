import { describe, expect, it } from 'vitest';
import {
  kucoinFillsV2,
  kucoinFillsV3,
  kucoinTrades2019,
  kucoinTradesUi2018,
  kucoinTradesV1,
} from '../../../electron/engine/imports/formats/kucoin-fills-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const common = { venue: 'kucoin', symbol: 'ETH/USDT', side: 'buy', price: 200, quantity: 0.5 } as const;
const atUs = us('2020-02-03T04:05:06Z');

describe('KuCoin fills', () => {
  it.each([
    [
      ...[kucoinTradesUi2018, 'Time,Coins,Sell/Buy,Filled Price,Coin,Amount,Coin,Volume,Coin,Fee,Coin'],
      ...['2020-02-03 04:05:06,ETH-USDT,Buy,200,USDT,0.5,ETH,100,USDT,0.0005,ETH', { fee: 0.0005, feeCurrency: 'ETH' }],
    ],
    [
      ...[kucoinTradesV1, 'oid,symbol,dealPrice,dealValue,amount,fee,direction,createdDate,\t\t\t'],
      ...[
        'a1,ETH-USDT,200,100,0.5,0.0005,BUY,2020-02-03 04:05:06.0,\t\t\t',
        { fee: 0.0005, feeCurrency: 'ETH', orderId: 'a1' },
      ],
    ],
    [
      ...[
        kucoinTrades2019,
        'Time,Pair,Side,FilledPrice,FilledPriceCoin,Amount,AmountCoin,Volume,VolumeCoin,Fee,FeeCoin',
      ],
      ...['2020/02/03 04:05:06,ETH-USDT,BUY,200,USDT,0.5,ETH,100,USDT,0.1,USDT', { fee: 0.1, feeCurrency: 'USDT' }],
    ],
    [
      ...[kucoinFillsV2, 'tradeCreatedAt,symbol,side,price,size,funds,fee,feeCurrency'],
      ...['2020-02-03 04:05:06,ETH-USDT,buy,200,0.5,100,0.1,USDT', { fee: 0.1, feeCurrency: 'USDT' }],
    ],
    [
      ...[kucoinFillsV2, 'tradeCreatedAt;orderId;symbol;side;price;size;funds;fee;liquidity;feeCurrency;orderType'],
      ...[
        '2020-02-03 04:05:06;a1;ETH-USDT;buy;200;0,5;100;0,1;maker;USDT;limit',
        { fee: 0.1, feeCurrency: 'USDT', orderId: 'a1', liquidity: 'maker' },
      ],
    ],
    [
      kucoinFillsV3,
      'UID,Account Type,Order ID,Symbol,Side,Order Type,Avg. Filled Price,Filled Amount,Filled Volume,Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Maker/Taker,Fee Currency',
      '**7,mainAccount,a1,ETH-USDT,BUY,MARKET,200,0.5,100,100,2020-02-03 06:05:06,0.1,TAKER,USDT',
      { fee: 0.1, feeCurrency: 'USDT', orderId: 'a1', liquidity: 'taker' },
    ],
  ] as const)('reads $id', async (format, header, row, known) => {
    const text = `${header}\n${row}\n`;
    expect(await recognisedAs(text)).toEqual([format.id]);
    const result = await readAs(format, text);
    expect(result.quarantined).toEqual([]);
    expect(result.executions).toEqual([fill({ ...common, executedAtUs: atUs, ...known })]);
    expect(result.warnings).toEqual(format === kucoinFillsV3 ? [] : [expect.stringMatching(/read as UTC/)]);
  });

  it('does not take the list of orders for fills', async () => {
    const header =
      'UID,Account Type,Order ID,Order Time(UTC+02:00),Symbol,Side,Order Type,Order Price,Order Amount,Avg. Filled Price,Filled Amount,Filled Volume,Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Maker/Taker,Fee Currency,Tax,Status';
    expect(await recognisedAs(`${header}\n`)).toEqual([]);
  });

  it('takes the fee of 2018 from what was received, and refuses one that is too large for it', async () => {
    const header = 'oid,symbol,dealPrice,dealValue,amount,fee,direction,createdDate';
    const sold = 'a1,ETH-USDT,200,100,0.5,0.1,SELL,2020-02-03 04:05:06.0';
    const result = await readAs(kucoinTradesV1, `${header}\n${sold}\n${sold.replace(',0.1,', ',6,')}\n`);
    expect(result.executions).toMatchObject([{ side: 'sell', fee: 0.1, feeCurrency: 'USDT' }]);
    expect(result.quarantined).toEqual([expect.stringMatching(/fee is "6", which is too much to be in USDT/)]);
  });

  it.each([
    ['soon,ETH-USDT,buy,200,0.5,100,0.1,USDT', /time is "soon"/],
    ['2020-02-03 04:05:06,,buy,200,0.5,100,0.1,USDT', /symbol is missing/],
    ['2020-02-03 04:05:06,ETH-USDT,lend,200,0.5,100,0.1,USDT', /side is "lend"/],
    ['2020-02-03 04:05:06,ETH-USDT,buy,0,0.5,100,0.1,USDT', /price is "0"/],
    ['2020-02-03 04:05:06,ETH-USDT,buy,200,0.5,100,much,USDT', /fee is "much"/],
  ])('quarantines %s', async (row, reason) => {
    const text = `tradeCreatedAt,symbol,side,price,size,funds,fee,feeCurrency\n${row}\n`;
    expect((await readAs(kucoinFillsV2, text)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
