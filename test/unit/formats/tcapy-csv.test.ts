import { describe, expect, it } from 'vitest';
import { tcapyOrdersCsv, tcapyTradesCsv } from '../../../electron/engine/imports/formats/tcapy-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const placedAt = us('2025-02-03T10:00:00.250Z');
const base = {
  ...{ date: '2025-02-03 10:00:00.250000+00:00', account_id: 'main', notional_currency: 'EUR', price_limit: '1.251' },
  ...{ side: '-1', ticker: 'EURUSD' },
};
const orderRow = {
  ...base,
  arrival_price: '1.25',
  benchmark_date_start: '2025-02-03 10:00:00+00:00',
  id: 'order EUR:1',
  notional: '1000',
};
const tradeRow = {
  ...base,
  ...{
    ancestor_pointer_id: 'order EUR:1',
    event_type: 'trade',
    executed_notional: '600',
    executed_price: '1.24',
    id: 'x2',
  },
  ...{ market_ask: '1.2402', market_bid: '1.2398', market_mid: '1.24', order_notional: '1000', venue: 'v2' },
  date: '2025-02-03 10:00:02.750000+00:00',
};
const placement = {
  ...{ ...tradeRow, date: base.date, event_type: 'placement', executed_notional: '0', executed_price: '0.0', id: 'x1' },
  ...{ market_mid: '1.25', venue: 'v1' },
};
const csv = (rows: readonly object[]): string =>
  `${Object.keys(rows[0]!).join(',')}\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`;
const submitted = expect.objectContaining({
  ...{ kind: 'submitted', symbol: 'EUR/USD', side: 'sell', orderId: 'order EUR:1', account: 'main', venue: null },
  ...{ atUs: placedAt, price: 1.251, intendedQuantity: 1000 },
});
const expected = fill({
  ...{
    symbol: 'EUR/USD',
    side: 'sell',
    price: 1.24,
    quantity: 600,
    tradeId: 'x2',
    orderId: 'order EUR:1',
    account: 'main',
  },
  ...{ venue: 'v2', executedAtUs: us('2025-02-03T10:00:02.750Z'), submittedAtUs: placedAt, arrivalPrice: 1.25 },
  intendedQuantity: 1000,
});

describe('tcapy', () => {
  it('reads orders at their arrival', async () => {
    expect(await recognisedAs(csv([orderRow]))).toEqual(['tcapy-orders-csv']);
    expect((await readAs(tcapyOrdersCsv, csv([orderRow]))).orderEvents).toEqual([submitted]);
  });

  it('reads trades with the time and the mid of their placement, whatever the order of the rows', async () => {
    const rows = [placement, { ...placement, event_type: 'cancel/replace', id: 'x3' }, tradeRow];
    expect(await recognisedAs(csv(rows))).toEqual(['tcapy-trades-csv']);
    for (const order of [rows, rows.toReversed()]) {
      const { executions, orderEvents, others } = await readAs(tcapyTradesCsv, csv(order));
      expect([executions, orderEvents, others]).toEqual([[expected], [submitted], { 'order replaced': 1 }]);
    }
  });

  it('a placement is the event that the order is, so that it counts once', async () => {
    const [ofOrders] = (await readAs(tcapyOrdersCsv, csv([orderRow]))).orderEvents;
    expect((await readAs(tcapyTradesCsv, csv([placement]))).orderEvents).toEqual([ofOrders]);
  });

  it('a cancelled order ends', async () => {
    const { orderEvents } = await readAs(
      tcapyTradesCsv,
      csv([placement, { ...placement, event_type: 'cancel', date: tradeRow.date, order_notional: '0' }]),
    );
    expect(orderEvents).toEqual([
      submitted,
      expect.objectContaining({ kind: 'cancelled', atUs: expected.executedAtUs, intendedQuantity: 1000 }),
    ]);
  });

  it.each([
    [
      'a notional in the quote',
      { notional_currency: 'USD', executed_notional: '744' },
      { quantity: 600, intendedQuantity: 800 },
    ],
    [
      'an inverted ticker',
      { ticker: 'JPYUSD', notional_currency: 'JPY', executed_price: '0.0064' },
      { symbol: 'JPY/USD', price: 0.0064 },
    ],
    ['a bought one', { side: '1' }, { side: 'buy' }],
  ])('%s', async (_, change, told) => {
    const { executions } = await readAs(
      tcapyTradesCsv,
      csv([
        { ...placement, ...change, executed_notional: '0' },
        { ...tradeRow, ...change },
      ]),
    );
    expect(executions).toEqual([{ ...expected, ...told }]);
  });

  it('a trade without its placement has no arrival', async () => {
    const { executions } = await readAs(tcapyTradesCsv, csv([tradeRow]));
    expect(executions).toEqual([{ ...expected, submittedAtUs: null, arrivalPrice: null, intendedQuantity: null }]);
  });

  it.each([
    [{ side: '0' }, /side is "0"/],
    [{ event_type: 'guess' }, /event_type is "guess"/],
    [{ executed_notional: '0' }, /executed_notional is "0"/],
    [{ executed_price: 'nan' }, /executed_price is "nan"/],
    [{ notional_currency: 'GBP' }, /notional_currency is "GBP", which is no currency of EUR\/USD/],
    [{ ancestor_pointer_id: '' }, /ancestor_pointer_id is missing/],
    [{ date: 'noon' }, /date is "noon"/],
  ])('quarantines a trade with %j', async (change, reason) => {
    expect((await readAs(tcapyTradesCsv, csv([{ ...tradeRow, ...change }]))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });

  it('quarantines an order without its currency', async () => {
    const { quarantined } = await readAs(tcapyOrdersCsv, csv([{ ...orderRow, notional_currency: '' }]));
    expect(quarantined).toEqual([expect.stringMatching(/notional_currency is missing/)]);
  });
});
