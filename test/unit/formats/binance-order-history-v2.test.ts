import { describe, expect, it } from 'vitest';
import { binanceOrderHistoryV2 as format } from '../../../electron/engine/imports/formats/binance-order-history-v2';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Date(UTC);Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status';
const columns = ';Date(UTC);Trading Price;Filled;Total;Fee;;;';
const wide =
  'Date(UTC);orderId;clientOrderId;Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status;Strategy Id;Strategy Type';

describe('Binance order history', () => {
  it('reads the fills below each order', async () => {
    const text = [
      header,
      '2021-05-04 10:00:02;ETHUSDT;SELL;0.0;2.0;3300.6;2.0;6601.20;Filled',
      columns,
      ';2021-05-04 10:00:02;3301;1.2;3961.2;0.005BNB;;;',
      ';2021-05-04 10:00:03;3300;0.8;2640;0.003BNB;;;',
    ].join('\n');
    expect(await recognisedAs(text)).toEqual(['binance-order-history-v2']);
    const result = await readAs(format, text);
    const common = {
      venue: 'binance',
      symbol: 'ETH/USDT',
      side: 'sell',
      feeCurrency: 'BNB',
      intendedQuantity: 2,
    } as const;
    expect(result.executions).toEqual([
      fill({ ...common, price: 3301, quantity: 1.2, fee: 0.005, executedAtUs: us('2021-05-04T10:00:02Z') }),
      fill({ ...common, price: 3300, quantity: 0.8, fee: 0.003, executedAtUs: us('2021-05-04T10:00:03Z') }),
    ]);
    expect(result.others).toEqual({ order: 1, 'column names': 1 });
    expect(result.warnings).toEqual([]);
  });

  it('tells an order that was cancelled from one that was cancelled after a part', async () => {
    const text = [
      header,
      '2021-05-04 10:00:02;ETHUSDT;BUY;3000;2.0;0;0;0;Canceled',
      '2021-05-04 11:00:02;ETHUSDT;BUY;3100;2.0;3100;0.5;1550;Canceled',
      columns,
      ';2021-05-04 11:00:02;3100;0.5;1550;0.001BNB;;;',
    ].join('\n');
    const result = await readAs(format, text);
    expect(result.orderEvents.map(({ kind, price, intendedQuantity }) => [kind, price, intendedQuantity])).toEqual([
      ['cancelled', 3000, 2],
      ['cancelled', 3100, 2],
    ]);
    expect(result.executions).toHaveLength(1);
  });

  it.each([
    ['followed by another', ['2021-05-04 12:00:02;ETHUSDT;BUY;3000;2.0;0;0;0;EXPIRED']],
    ['the last of the file', []],
  ])('says so where the fills of an order are not in the file: %s', async (_, next) => {
    const text = [
      header,
      '2021-05-04 10:00:02;ETHUSDT;SELL;0.0;2.0;3300;2.0;6600;Filled',
      columns,
      ';2021-05-04 10:00:02;3300;1.2;3960;0.005BNB;;;',
      ...next,
    ].join('\n');
    expect((await readAs(format, text)).warnings).toEqual([
      expect.stringMatching(/line 2 says 2 was filled.*add up to 1.2/),
    ]);
  });

  it('reads an export without fill lines by its average prices, with its ids', async () => {
    const text = [
      wide,
      '2022-05-04 10:00:02;991;web_7;ETHUSDT;BUY;2900;1.5;2890.5;1.5;4335.75;FILLED;;',
      '2022-05-04 10:05:02;992;web_8;ETHUSDT;BUY;2800;1.5;0;0;0;REJECTED;;',
    ].join('\n');
    const result = await readAs(format, text);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ETH/USDT', side: 'buy', price: 2890.5, quantity: 1.5, intendedQuantity: 1.5 },
        ...{ orderId: '991', clientOrderId: 'web_7', executedAtUs: us('2022-05-04T10:00:02Z') },
      }),
    ]);
    expect(result.orderEvents).toEqual([expect.objectContaining({ kind: 'rejected', orderId: '992', side: 'buy' })]);
  });

  it.each([
    [
      'a fill without an order',
      `${columns}\n;2021-05-04 10:00:02;3300;1.2;3960;0.005BNB;;;`,
      /no readable order above/,
    ],
    ['an unknown status', '2021-05-04 10:00:02;ETHUSDT;SELL;0;2;3300;2;6600;Dreaming', /status is "Dreaming"/],
    [
      'a fee without a coin',
      `2021-05-04 10:00:02;ETHUSDT;SELL;0;2;3300;2;6600;Filled\n${columns}\n;2021-05-04 10:00:02;3300;2;6600;0.005;;;`,
      /Fee is "0.005"/,
    ],
  ])('quarantines %s', async (_, rows, reason) => {
    expect((await readAs(format, `${header}\n${rows}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
