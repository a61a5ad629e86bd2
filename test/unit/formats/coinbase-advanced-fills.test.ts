import { describe, expect, it } from 'vitest';
import { coinbaseAdvancedFills as format } from '../../../electron/engine/imports/formats/coinbase-advanced-fills';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const entry = {
  entry_id: 'e1',
  trade_id: 't1',
  order_id: 'o1',
  trade_time: '2025-02-03T04:05:06.123456789Z',
  trade_type: 'FILL',
  price: '2500.5',
  size: '0.4',
  commission: '2.1',
  product_id: 'ETH-USDC',
  sequence_timestamp: '2025-02-03T04:05:06.2Z',
  liquidity_indicator: 'TAKER',
  size_in_quote: false,
  side: 'SELL',
};
const text = (...entries: readonly object[]) => JSON.stringify({ fills: entries, cursor: '' }, null, 2);

describe('Coinbase Advanced fills', () => {
  it('reads a fill', async () => {
    expect(await recognisedAs(text(entry))).toEqual(['coinbase-advanced-fills']);
    expect((await readAs(format, text(entry))).executions).toEqual([
      fill({
        ...{
          venue: 'coinbase',
          symbol: 'ETH/USDC',
          side: 'sell',
          price: 2500.5,
          quantity: 0.4,
          fee: 2.1,
          feeCurrency: 'USDC',
        },
        ...{ liquidity: 'taker', tradeId: 't1', orderId: 'o1', executedAtUs: us('2025-02-03T04:05:06.123Z') + 456 },
      }),
    ]);
  });

  it('turns a size in the quote into base units', async () => {
    const result = await readAs(format, text({ ...entry, size: '1000.2', size_in_quote: true }));
    expect(result.executions[0]?.quantity).toBeCloseTo(0.4, 12);
  });

  it.each([
    ['no fee', { commission: '' }, { fee: null, feeCurrency: null }],
    ['no fee charged', { commission: '0' }, { fee: 0, feeCurrency: 'USDC' }],
    ['unknown liquidity', { liquidity_indicator: 'UNKNOWN_LIQUIDITY_INDICATOR' }, { liquidity: null }],
  ])('%s', async (_, change, expected) => {
    expect((await readAs(format, text({ ...entry, ...change }))).executions[0]).toMatchObject(expected);
  });

  it.each([
    [{ trade_type: 'REVERSAL' }, /REVERSAL.*not applied/],
    [{ price: '0' }, /price is "0"/],
    [{ side: 'UNKNOWN_ORDER_SIDE' }, /side is/],
    [{ trade_time: null }, /trade_time is missing/],
    [{ size: '1e400' }, /size is "1e400"/],
  ])('quarantines %j', async (change, reason) => {
    const result = await readAs(format, text(entry, { ...entry, ...change }));
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
