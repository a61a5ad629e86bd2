import { describe, expect, it } from 'vitest';
import { bybitExecution, bybitFast, bybitOrder } from '../../../electron/engine/imports/formats/api-examples';
import { bybitExecutions, bybitFastExecutions } from '../../../electron/engine/imports/formats/bybit-executions';
import { bybitOrders } from '../../../electron/engine/imports/formats/bybit-orders';
import { fill, readAs } from '../../support/formats';

const atUs = 1_700_000_000_123_000;
const page = (category: string | undefined, ...list: readonly unknown[]) =>
  JSON.stringify({ result: { category, list } });

describe('Bybit executions', () => {
  it('reads a fill; a rebate is negative and paid in the quote of a linear contract', async () => {
    expect((await readAs(bybitExecutions, page('linear', bybitExecution))).executions).toEqual([
      fill({
        ...{ venue: 'bybit', symbol: 'BTC/USDT', side: 'sell', price: 30000, quantity: 1, fee: -0.3 },
        ...{ feeCurrency: 'USDT', liquidity: 'maker', executedAtUs: atUs, tradeId: 'x', orderId: 'o' },
        ...{ clientOrderId: 'mine', intendedQuantity: 2 },
      }),
    ]);
  });

  it.each([
    ['spot names no fee currency', 'spot', {}, { feeCurrency: null, fee: -0.3 }],
    ['a spot market order may be sized in the quote', 'spot', { orderType: 'Market' }, { intendedQuantity: null }],
    [
      'inverse: USD over price are coins',
      'inverse',
      { symbol: 'BTCUSD' },
      { symbol: 'BTCUSD', quantity: 1 / 30000, intendedQuantity: null },
    ],
    ['inverse by its name', undefined, { symbol: 'BTCUSDH26' }, { symbol: 'BTCUSDH26', quantity: 1 / 30000 }],
    ['a liquidation is a fill', 'linear', { execType: 'BustTrade' }, { quantity: 1 }],
  ])('%s', async (_, category, change, expected) => {
    const result = await readAs(bybitExecutions, page(category, { ...bybitExecution, ...change }));
    expect(result.executions).toMatchObject([expected]);
  });

  it('names what is no trade', async () => {
    const text = page('linear', { ...bybitExecution, execType: 'Funding' }, bybitFast, bybitExecution);
    const result = await readAs(bybitExecutions, `${text}\n{"op":"pong"}`);
    expect(result.others).toEqual({
      'execution Funding': 1,
      'fast execution beside its full one': 1,
      'message pong': 1,
    });
    expect(result.executions).toHaveLength(1);
  });

  it('quarantines a fill without a price', async () => {
    const result = await readAs(bybitExecutions, page('linear', { ...bybitExecution, execPrice: '' }));
    expect(result.quarantined).toEqual(['execPrice is missing']);
  });

  it('the fast stream tells no fees', async () => {
    const result = await readAs(bybitFastExecutions, JSON.stringify({ topic: 'execution.fast', data: [bybitFast] }));
    expect(result.executions).toMatchObject([{ fee: null, liquidity: 'taker', tradeId: 'x' }]);
    expect(result.warnings).toEqual([expect.stringMatching(/unknown, not zero/)]);
  });
});

describe('Bybit orders', () => {
  it('an order cancelled in part is its fill and its end, with the price on creation as arrival', async () => {
    const result = await readAs(bybitOrders, page(undefined, bybitOrder, bybitOrder));
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'bybit', symbol: 'ETH/USDT', side: 'buy', price: 1999, quantity: 1, fee: 1.1, feeCurrency: 'USDT' },
        ...{ executedAtUs: atUs + 50_000, submittedAtUs: atUs, arrivalPrice: 1998.5, intendedQuantity: 3 },
        ...{ orderId: 'o', clientOrderId: 'mine' },
      }),
    ]);
    expect(result.orderEvents).toMatchObject([{ kind: 'cancelled', reason: 'CancelByUser', price: 2000 }]);
    expect(result.others).toEqual({ 'order listed again': 1 });
  });

  it.each([
    [{ orderStatus: 'New', cumExecQty: '0' }, ['submitted']],
    [{ orderStatus: 'PartiallyFilled' }, ['submitted']],
    [{ orderStatus: 'Rejected', cumExecQty: '0', rejectReason: 'EC_PostOnlyWillTakeLiquidity' }, ['rejected']],
    [{ orderStatus: 'Cancelled', cumExecQty: '0', avgPrice: '' }, ['cancelled']],
  ])('%j is no fill', async (change, kinds) => {
    const result = await readAs(bybitOrders, page(undefined, { ...bybitOrder, ...change }));
    expect(result.executions).toEqual([]);
    expect(result.orderEvents.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    ['no average', { orderStatus: 'Filled', avgPrice: null }, { price: 1999 }],
    ['no last price', { orderStatus: 'Filled', lastPriceOnCreated: '0' }, { arrivalPrice: null }],
    [
      'inverse',
      { orderStatus: 'Filled', category: 'inverse', symbol: 'ETHUSD', cumExecQty: '1999', cumExecValue: '1' },
      { symbol: 'ETHUSD', quantity: 1, price: 1999, feeCurrency: null },
    ],
  ])('%s', async (_, change, expected) => {
    expect((await readAs(bybitOrders, page(undefined, { ...bybitOrder, ...change }))).executions).toMatchObject([
      expected,
    ]);
  });
});
