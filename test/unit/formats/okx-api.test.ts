import { describe, expect, it } from 'vitest';
import { okxFill, okxOrder, okxOrderMessage } from '../../../electron/engine/imports/formats/api-examples';
import { okxFills } from '../../../electron/engine/imports/formats/okx-fills';
import { okxOrders, okxOrdersChannel } from '../../../electron/engine/imports/formats/okx-orders';
import { fill, readAs } from '../../support/formats';

const atUs = 1_700_000_000_123_000;
const data = (...records: readonly unknown[]) => JSON.stringify({ data: records });

describe('OKX fills', () => {
  it('reads a fill; what is paid is negative there', async () => {
    expect((await readAs(okxFills, data(okxFill))).executions).toEqual([
      fill({
        ...{ venue: 'okx', symbol: 'SOL/USDT', side: 'sell', price: 60, quantity: 4, fee: 0.19, feeCurrency: 'USDT' },
        ...{ liquidity: 'maker', executedAtUs: atUs, tradeId: '1', orderId: '1234567890123456789' },
      }),
    ]);
  });

  it.each([
    [
      { instType: 'SWAP', instId: 'SOL-USDT-SWAP' },
      /fillSz is "4", in contracts of SOL-USDT-SWAP; .*ctVal.*not in the log/,
    ],
    [{ fillPx: '' }, /fillPx is missing/],
  ])('quarantines %j', async (change, reason) => {
    expect((await readAs(okxFills, data({ ...okxFill, ...change }))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

describe('OKX contracts', () => {
  const linear = { instType: 'SWAP', instId: 'SOL-USDT-SWAP' };
  const inverse = { instType: 'SWAP', instId: 'SOL-USD-SWAP' };

  it.each([
    ['fills', okxFills, okxFill],
    ['orders', okxOrders, okxOrder],
    ['channel', okxOrdersChannel, okxOrderMessage],
  ] as const)('%s are in base units once the size of a contract is said', async (_, format, record) => {
    const read = async (change: object, lotSize: string) =>
      (await readAs(format, data({ ...record, ...change }), { lotSize })).executions.map(({ quantity }) => quantity);
    expect(await read(linear, 'SOL-USDT-SWAP=0.5')).toEqual([2]);
    expect(await read(linear, 'sol-usdt-swap=0.5,BTC-USDT-SWAP=0.01')).toEqual([2]);
    // A contract of 30 dollars at a price of 60 is half a coin.
    expect(await read(inverse, 'SOL-USD-SWAP=30')).toEqual([2]);
    expect(await read(linear, 'BTC-USDT-SWAP=0.01')).toEqual([]);
    // Spot is in base units, whatever is said of contracts.
    expect(await read({}, '0.5')).toEqual([4]);
  });

  it('what an order of contracts asked for is in base units too', async () => {
    const { executions } = await readAs(okxOrdersChannel, data({ ...okxOrderMessage, ...linear }), { lotSize: '0.5' });
    expect(executions).toMatchObject([{ quantity: 2, intendedQuantity: 2.5 }]);
  });
});

describe('OKX orders channel', () => {
  it('reads a fill with its own fee and the time its order was created', async () => {
    expect((await readAs(okxOrdersChannel, data(okxOrderMessage))).executions).toEqual([
      fill({
        ...{ venue: 'okx', symbol: 'SOL/USDT', side: 'buy', price: 60, quantity: 4, fee: 0.003, feeCurrency: 'SOL' },
        ...{ liquidity: 'taker', executedAtUs: atUs + 9_000, submittedAtUs: atUs, tradeId: '2', orderId: '77' },
        ...{ clientOrderId: 'mine', intendedQuantity: 5 },
      }),
    ]);
  });

  it('the fee of the order is the fill’s only when it has no other fill', async () => {
    const { fillFee: _, fillFeeCcy: __, ...message } = okxOrderMessage;
    const { executions } = await readAs(okxOrdersChannel, data(message, { ...message, fillSz: '1' }));
    expect(executions.map(({ fee }) => fee)).toEqual([0.004, null]);
  });

  it.each([
    [{ state: 'live', fillSz: '0' }, [['submitted', atUs]]],
    [{ state: 'canceled', fillSz: '0', tradeId: '' }, [['cancelled', atUs + 9_000]]],
    [{ state: 'canceled', fillSz: '', instType: 'SWAP' }, [['cancelled', atUs + 9_000]]],
  ])('%j is an order event', async (change, events) => {
    const result = await readAs(okxOrdersChannel, data({ ...okxOrderMessage, ...change }));
    expect(result.orderEvents.map(({ kind, atUs: at }) => [kind, at])).toEqual(events);
    expect(result.executions).toEqual([]);
  });

  it('a market buy sized in the quote says nothing of the base asked for', async () => {
    const { executions } = await readAs(okxOrdersChannel, data({ ...okxOrderMessage, tgtCcy: 'quote_ccy' }));
    expect(executions).toMatchObject([{ intendedQuantity: null }]);
  });
});

describe('OKX orders', () => {
  it('an ended order is one fill at its average', async () => {
    const result = await readAs(
      okxOrders,
      data(okxOrder, { ...okxOrder, ordId: '78', state: 'canceled', accFillSz: '0', fillSz: '0' }),
    );
    expect(result.executions).toMatchObject([
      { price: 60, quantity: 4, fee: 0.004, feeCurrency: 'SOL', submittedAtUs: atUs, executedAtUs: atUs + 9_000 },
    ]);
    expect(result.orderEvents).toMatchObject([{ kind: 'cancelled', orderId: '78' }]);
  });

  it('executed contracts are set aside, cancelled ones are not', async () => {
    const swap = { ...okxOrder, instType: 'SWAP', instId: 'SOL-USDT-SWAP' };
    const result = await readAs(okxOrders, data(swap, { ...swap, ordId: '9', state: 'canceled', accFillSz: '0' }));
    expect(result.quarantined).toEqual([expect.stringMatching(/in contracts/)]);
    expect(result.orderEvents).toMatchObject([{ kind: 'cancelled', intendedQuantity: null }]);
  });
});
