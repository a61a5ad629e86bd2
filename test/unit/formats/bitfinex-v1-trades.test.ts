import { describe, expect, it } from 'vitest';
import { bitfinexPastTrade } from '../../../electron/engine/imports/formats/api-examples';
import { bitfinexV1Trades as format } from '../../../electron/engine/imports/formats/bitfinex-v1-trades';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const symbol = { symbol: 'BTCUSD' };
const read = (...records: readonly object[]) => readAs(format, JSON.stringify(records), symbol);

describe('Bitfinex past trades (API v1)', () => {
  it('reads a fill of the pair the user names', async () => {
    const text = JSON.stringify([bitfinexPastTrade]);
    expect(await recognisedAs(text)).toEqual(['bitfinex-v1-mytrades']);
    expect((await readAs(format, text, symbol)).executions).toEqual([
      fill({
        ...{ venue: 'bitfinex', symbol: 'BTC/USD', side: 'sell', price: 30000.5, quantity: 0.25, fee: 7.5 },
        ...{ feeCurrency: 'USD', tradeId: '11', orderId: '446', executedAtUs: us('2023-11-14T22:13:20Z') },
      }),
    ]);
    expect(await failureOf(readAs(format, text))).toMatch(/^invalid-arguments: The file does not name its instrument/);
  });

  it('a record without ids and fee leaves them unknown', async () => {
    const { fee_amount, fee_currency, tid, order_id, ...bare } = bitfinexPastTrade;
    expect([fee_amount, fee_currency, tid, order_id]).toHaveLength(4);
    expect((await read(bare)).executions).toMatchObject([
      { fee: null, feeCurrency: null, tradeId: null, orderId: null },
    ]);
  });

  it.each([
    [{ type: 'Lend' }, /type is "Lend"/],
    [{ price: 'x' }, /price is "x"/],
    [{ amount: '-1' }, /amount is "-1"/],
    [{ timestamp: 'now' }, /timestamp is "now"/],
  ])('quarantines a record with %j', async (change, reason) => {
    expect((await read(bitfinexPastTrade, { ...bitfinexPastTrade, ...change })).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});
