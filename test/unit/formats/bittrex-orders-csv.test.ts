import { describe, expect, it } from 'vitest';
import {
  bittrexFullordersCsv,
  bittrexOrderhistory2023Csv,
  bittrexOrderhistoryCsv,
} from '../../../electron/engine/imports/formats/bittrex-orders-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const fullHeader = 'OrderUuid,Exchange,Type,Quantity,Limit,CommissionPaid,Price,Opened,Closed';
const fullRow = 'u1,BTC-ETH,LIMIT_BUY,2.5,0.05,0.0003,0.12,4/11/2015 7:50:37 PM,4/12/2015 12:04:09 AM';
const historyHeader =
  'Uuid,Exchange,TimeStamp,OrderType,Limit,Quantity,QuantityRemaining,Commission,Price,PricePerUnit,IsConditional,Condition,ConditionTarget,ImmediateOrCancel,Closed,TimeInForceTypeId,TimeInForce';
const historyRow =
  'u1,USD-ETH,2/3/2020 4:05:06 AM,CEILING_MARKET_BUY,,2,0.5,0.6,300,200,False,,0,True,2/3/2020 4:05:07 AM,2,';
const lateHeader =
  'TXID,Time (UTC),Transaction,Order Type,Market,Base,Quote,Price,Quantity (Base),Fees (Quote),Total (Quote),Approx Value (USD),Time In Force,Notes';
const lateRow = 'u1,2020-02-03T04:05:06,Bought,Limit,ETH/BTC,ETH,BTC,0.06,2,0.0002,0.1002,,Good til cancelled,"a, b"';
const preamble = 'Name: Jo\nUserID: jo@example.com\nDate Generated: 2023-12-15T23:17:04\n\n';

describe('Bittrex orders until 2019', () => {
  it('reads an order at its average price, the market named quote first', async () => {
    const text = `${fullHeader}\n${fullRow}\n`;
    expect(await recognisedAs(text)).toEqual(['bittrex-fullorders-csv']);
    expect((await readAs(bittrexFullordersCsv, text)).executions).toEqual([
      fill({
        ...{ venue: 'bittrex', symbol: 'ETH/BTC', side: 'buy', price: 0.12 / 2.5, quantity: 2.5, fee: 0.0003 },
        ...{ feeCurrency: 'BTC', orderId: 'u1', intendedQuantity: 2.5 },
        ...{ submittedAtUs: us('2015-04-11T19:50:37Z'), executedAtUs: us('2015-04-12T00:04:09Z') },
      }),
    ]);
  });

  it('does not know when an order was sent that closed before it was opened', async () => {
    const text = `${fullHeader}\n${fullRow.replace('4/12/2015', '4/10/2015')}\n`;
    expect((await readAs(bittrexFullordersCsv, text)).executions).toMatchObject([
      { submittedAtUs: null, executedAtUs: us('2015-04-10T00:04:09Z') },
    ]);
  });

  it.each([
    [fullRow.replace('BTC-ETH', 'ETHBTC'), /Exchange is "ETHBTC", but must be like BTC-ETH/],
    [fullRow.replace('LIMIT_BUY', 'LIMIT'), /type of the order is "LIMIT"/],
    [fullRow.replace('4/12/2015', '13/12/2015'), /Closed is "13\/12/],
    [fullRow.replace(',0.12,', ',0,'), /Price is "0"/],
    [fullRow.replace('0.0003', 'x'), /commissionpaid is "x"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(bittrexFullordersCsv, `${fullHeader}\n${row}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

describe('Bittrex order history', () => {
  it('reads what was filled of an order, and what was left of it as cancelled', async () => {
    const text = `${historyHeader}\n${historyRow}\n${historyRow.replace(',2,0.5,0.6,300', ',2,2,0,0')}\n`;
    expect(await recognisedAs(text)).toEqual(['bittrex-orderhistory-csv']);
    const result = await readAs(bittrexOrderhistoryCsv, text);
    expect(result.executions).toMatchObject([
      { symbol: 'ETH/USD', side: 'buy', price: 200, quantity: 1.5, intendedQuantity: 2, fee: 0.6, feeCurrency: 'USD' },
    ]);
    const cancelled = { kind: 'cancelled', orderId: 'u1', intendedQuantity: 2, price: null, side: 'buy' };
    expect(result.orderEvents).toMatchObject([cancelled, cancelled]);
    expect(result.outcomes.map(({ kind }) => kind)).toEqual(['executions', 'orderEvents']);
  });

  it('quarantines an order of which more is left than was ordered', async () => {
    const result = await readAs(bittrexOrderhistoryCsv, `${historyHeader}\n${historyRow.replace(',0.5,', ',3,')}\n`);
    expect(result.quarantined).toEqual([expect.stringMatching(/QuantityRemaining is "3" of 2/)]);
  });
});

describe('Bittrex transactions of 2023', () => {
  it('takes the fee out of the total: added to a purchase, taken from a sale', async () => {
    const sold = lateRow.replace('Bought', 'Sold').replace('0.1002', '0.0998');
    const text = `${preamble}${lateHeader}\n${lateRow}\n${sold}\n`;
    expect(await recognisedAs(text)).toEqual(['bittrex-orderhistory-2023-csv']);
    const { executions } = await readAs(bittrexOrderhistory2023Csv, text);
    expect(executions.map(({ side, price }) => [side, Number(price.toPrecision(12))])).toEqual([
      ['buy', 0.05],
      ['sell', 0.05],
    ]);
    expect(executions[0]).toMatchObject({
      symbol: 'ETH/BTC',
      quantity: 2,
      fee: 0.0002,
      feeCurrency: 'BTC',
      orderId: 'u1',
    });
  });

  it.each([
    [lateRow.replace('Bought', 'Lent'), /Transaction is "Lent"/],
    [lateRow.replace('0.1002', '0.0001'), /less than the fee/],
    [lateRow.replace('ETH,BTC', 'ETH,'), /Quote is missing/],
    [lateRow.replace('u1', ''), /TXID is missing/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(bittrexOrderhistory2023Csv, `${lateHeader}\n${row}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});
