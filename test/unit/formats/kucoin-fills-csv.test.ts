import { describe, expect, it } from 'vitest';
import {
  kucoinFillsV2,
  kucoinFillsV3,
  kucoinOrdersV3,
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

describe('KuCoin orders', () => {
  const header =
    'UID,Account Type,Order ID,Order Time(UTC+02:00),Symbol,Side,Order Type,Order Price,Order Amount,Avg. Filled Price,Filled Amount,Filled Volume,Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Maker/Taker,Fee Currency,Tax,Status';
  const row =
    '**7,mainAccount,a1,2024-02-03 06:05:00,ETH-USDT,BUY,LIMIT,2010,0.5,2000,0.5,1000,1000,2024-02-03 06:05:06,1,MAKER,USDT,,deal';
  const read = (...rows: readonly string[]) => readAs(kucoinOrdersV3, `${header}\n${rows.join('\n')}\n`);

  it('reads an order as one fill at its average price, and what was left of one as cancelled', async () => {
    const part = row.replace('2000,0.5,1000,1000', '2000,0.2,400,400').replace('deal', 'cancel');
    const none = row.replace('2000,0.5,1000,1000,2024-02-03 06:05:06,1', '0,0,0,0,,').replace('deal', 'cancel');
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['kucoin-orders-v3']);
    const result = await read(row, part, none);
    const order = {
      venue: 'kucoin',
      account: '**7',
      symbol: 'ETH/USDT',
      side: 'buy',
      orderId: 'a1',
      intendedQuantity: 0.5,
    } as const;
    const times = { submittedAtUs: us('2024-02-03T04:05:00Z'), executedAtUs: us('2024-02-03T04:05:06Z') };
    expect(result.executions).toEqual([
      fill({ ...order, ...times, price: 2000, quantity: 0.5, fee: 1, feeCurrency: 'USDT' }),
      fill({ ...order, ...times, price: 2000, quantity: 0.2, fee: 1, feeCurrency: 'USDT' }),
    ]);
    expect(result.orderEvents.map(({ kind, atUs, price }) => [kind, atUs, price])).toEqual([
      ['cancelled', times.executedAtUs, 2010],
      ['cancelled', times.submittedAtUs, 2010],
    ]);
    expect(result.warnings).toEqual([expect.stringMatching(/without their fills.*never both/)]);
  });

  it.each([
    [row.replace('deal', 'dreaming'), /Status is "dreaming"/],
    [row.replace('2000,0.5,1000,1000', '2000,0,0,0'), /says it was filled, but not how much/],
    [row.replace('2000,0.5,1000,1000', ',0.5,1000,1000'), /Avg. Filled Price is missing/],
    [row.replace('2024-02-03 06:05:00', 'soon'), /Order Time is "soon"/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
