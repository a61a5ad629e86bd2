import { describe, expect, it } from 'vitest';
import {
  bitstampTransactionsV1 as v1,
  bitstampTransactionsV2 as v2,
} from '../../../electron/engine/imports/formats/bitstamp-transactions';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const headerV1 = 'Type,Datetime,Account,Amount,Value,Rate,Fee,Sub Type';
const rowV1 = 'Market,"Feb. 3, 2020, 04:05 PM",Main Account,0.5 ETH,100 USD,200 USD,0.25 USD,Sell';
const headerV2 =
  'ID,Account,Type,Subtype,Datetime,Amount,Amount currency,Value,Value currency,Rate,Rate currency,Fee,Fee currency,Order ID';
const rowV2 = '7,Main Account,Market,Buy,2025-02-03T04:05:06Z,0.5,ETH,100,EUR,200,EUR,0.25,EUR,8';

describe('Bitstamp transactions until 2024', () => {
  it('takes the coins off the amounts and reads English times', async () => {
    expect(await recognisedAs(`${headerV1}\n${rowV1}\n`)).toEqual(['bitstamp-transactions-v1']);
    expect((await readAs(v1, `${headerV1}\n${rowV1}\n`)).executions).toEqual([
      fill({
        ...{ venue: 'bitstamp', account: 'Main Account', symbol: 'ETH/USD', side: 'sell', price: 200, quantity: 0.5 },
        ...{ fee: 0.25, feeCurrency: 'USD', executedAtUs: us('2020-02-03T16:05:00Z') },
      }),
    ]);
  });

  it.each([
    ['June 3, 2020, 12:00 AM', '2020-06-03T00:00:00Z'],
    ['Sept. 30, 2020, 12:59 PM', '2020-09-30T12:59:00Z'],
  ])('reads %s', async (time, iso) => {
    const { executions } = await readAs(v1, `${headerV1}\n${rowV1.replace('Feb. 3, 2020, 04:05 PM', time)}\n`);
    expect(executions[0]?.executedAtUs).toBe(us(iso));
  });

  it('counts other types by name', async () => {
    const text = `${headerV1}\nDeposit,"Feb. 3, 2020, 04:05 PM",Main Account,5 BTC,,,,\n`;
    expect((await readAs(v1, text)).others).toEqual({ deposit: 1 });
  });

  it.each([
    [rowV1.replace('0.5 ETH', '0.5'), /Amount is "0.5", which is no amount with a coin/],
    [rowV1.replace('200 USD', '200 EUR'), /Rate is in EUR but Value in USD/],
    [rowV1.replace('Feb.', 'Foo.'), /Datetime is "Foo/],
    [rowV1.replace('Market', 'Swap'), /Type is "Swap"/],
    [rowV1.replace('Sell', 'Hold'), /Sub Type is "Hold"/],
    [rowV1.replace('0.25 USD', 'little'), /Fee is "little"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(v1, `${headerV1}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('Bitstamp transactions', () => {
  it('reads a fill with its ids', async () => {
    expect(await recognisedAs(`${headerV2}\n${rowV2}\n`)).toEqual(['bitstamp-transactions-v2']);
    expect((await readAs(v2, `${headerV2}\n${rowV2}\n`)).executions).toEqual([
      fill({
        ...{ venue: 'bitstamp', account: 'Main Account', symbol: 'ETH/EUR', side: 'buy', price: 200, quantity: 0.5 },
        ...{ fee: 0.25, feeCurrency: 'EUR', executedAtUs: us('2025-02-03T04:05:06Z'), tradeId: '7', orderId: '8' },
      }),
    ]);
  });

  it('counts other types by name and warns where Value is not Amount times Rate', async () => {
    const text = `${headerV2}\n9,Main Account,Withdrawal,,2025-02-03T04:05:06Z,1,XLM,,,,,0.1,XLM,\n${rowV2.replace('100', '10')}\n`;
    const result = await readAs(v2, text);
    expect(result.others).toEqual({ withdrawal: 1 });
    expect(result.warnings).toEqual([expect.stringMatching(/not the Value/)]);
  });

  it.each([
    [rowV2.replace('200,EUR', '200,USD'), /Rate is in "USD" but Value in "EUR"/],
    [rowV2.replace('0.5,ETH', '0.5,'), /Amount currency is missing/],
    [rowV2.replace('0.5', '-0.5'), /Amount is "-0.5"/],
    [rowV2.replace('Market', 'Instant'), /Type is "Instant"/],
    [rowV2.replace('2025-02-03T', '2025-02-30T'), /Datetime is "2025-02-30/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(v2, `${headerV2}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
