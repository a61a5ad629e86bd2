import { describe, expect, it } from 'vitest';
import { leanOrderEventsJson } from '../../../electron/engine/imports/formats/lean-order-events-json';
import { leanBacktestJson, leanLiveJson } from '../../../electron/engine/imports/formats/lean-results-json';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const order = {
  ...{
    type: 0,
    id: 7,
    contingentId: 0,
    brokerId: ['7'],
    symbol: { value: 'ETHBTC', id: 'ETHBTC XJ', permtick: 'ETHBTC' },
  },
  ...{ price: 0.051, priceCurrency: 'BTC', time: '2025-02-03T10:00:00Z', createdTime: '2025-02-03T10:00:00Z' },
  ...{
    lastFillTime: '2025-02-03T10:00:01.5Z',
    quantity: -2.5,
    status: 3,
    securityType: 7,
    direction: 1,
    value: -0.1275,
  },
  orderSubmissionData: { bidPrice: 0.0505, askPrice: 0.0515, lastPrice: 0.051 },
};
const statistics = { 'Total Orders': '1', 'Total Fees': '$2.10' };
const backtest = (change: object = {}, more: object = {}): string =>
  JSON.stringify({
    rollingWindow: { M1: { tradeStatistics: {} } },
    totalPerformance: { tradeStatistics: {} },
    charts: {},
    orders: { 7: { ...order, ...change } },
    statistics,
    ...more,
  });
/** As before 2024: every key begins with a capital. */
const pascal = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(pascal)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), pascal(inner)]),
        )
      : value;
const expected = fill({
  ...{
    symbol: 'ETH/BTC',
    side: 'sell',
    price: 0.051,
    quantity: 2.5,
    orderId: '7',
    intendedQuantity: 2.5,
    arrivalPrice: (0.0505 + 0.0515) / 2,
  },
  ...{ executedAtUs: us('2025-02-03T10:00:01.5Z'), submittedAtUs: us('2025-02-03T10:00:00Z') },
});
const event = {
  ...{ id: 'a-7-2', algorithmId: 'a', orderId: 7, orderEventId: 2, symbol: 'ETHBTC XJ', symbolValue: 'ETHBTC' },
  ...{ symbolPermtick: 'ETHBTC', time: us('2025-02-03T10:00:01.5Z') / 1e6, status: 'filled', orderFeeAmount: 2.1 },
  ...{ orderFeeCurrency: 'USD', fillPrice: 0.051, fillPriceCurrency: 'BTC', fillQuantity: -2.5, direction: 'sell' },
  ...{ isAssignment: false, quantity: -2.5 },
};
const submission = {
  ...event,
  orderEventId: 1,
  status: 'submitted',
  fillQuantity: 0,
  fillPrice: 0,
  time: us('2025-02-03T10:00:00Z') / 1e6,
};

describe('LEAN results', () => {
  it.each([
    ['since 2024', backtest()],
    ['before', JSON.stringify(pascal(JSON.parse(backtest())), null, 2)],
  ])('reads an order with its arrival quote, written as %s', async (_, text) => {
    expect(await recognisedAs(text)).toEqual(['lean-backtest-json']);
    const { executions, warnings } = await readAs(leanBacktestJson, text);
    expect(executions).toEqual([expected]);
    expect(warnings).toEqual([expect.stringMatching(/fee of each order.*\$2\.10/)]);
  });

  it('a live result is live, also inside its packet', async () => {
    const live = { holdings: {}, cash: {}, accountCurrency: 'USD', charts: {}, orders: { 7: order }, statistics: {} };
    for (const value of [live, pascal(live), { type: 'LiveResult', results: live }]) {
      expect(await recognisedAs(JSON.stringify(value))).toEqual(['lean-live-json']);
      expect((await readAs(leanLiveJson, JSON.stringify(value))).executions).toEqual([expected]);
    }
  });

  it('takes fills and fees from the order events where the file holds them', async () => {
    const events = [
      submission,
      { ...event, status: 'partiallyFilled', fillQuantity: -1, orderFeeAmount: 0.9 },
      { ...event, fillQuantity: -1.5, orderFeeAmount: 1.2 },
    ];
    const { executions, warnings } = await readAs(leanBacktestJson, backtest({}, { orderEvents: events }));
    expect(executions).toEqual([
      { ...expected, quantity: 1, fee: 0.9, feeCurrency: 'USD' },
      { ...expected, quantity: 1.5, fee: 1.2, feeCurrency: 'USD' },
    ]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['orders', { 'Total Orders': '2' }, /count 2 filled orders, but it holds 1/],
    ['trades, as they were called', { 'Total Trades': '1,002' }, /count 1002 filled orders/],
    ['fees', { 'Total Fees': '$2.12' }, /state \$2\.12 of fees, but its orders come to 2\.1/],
  ])('says where the statistics count other %s', async (_, stated, warning) => {
    const { warnings } = await readAs(leanBacktestJson, backtest({}, { orderEvents: [event], statistics: stated }));
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });

  it.each([
    ['a share', { symbol: { value: 'SPY' }, priceCurrency: 'USD', securityType: 1 }, { symbol: 'SPY' }],
    ['an order without a quote', { orderSubmissionData: null }, { arrivalPrice: null }],
    ['a quote with one side', { orderSubmissionData: { bidPrice: 0, askPrice: 1 } }, { arrivalPrice: null }],
    ['a state as a word', { status: 'Filled' }, {}],
  ])('%s', async (_, change, told) => {
    expect((await readAs(leanBacktestJson, backtest(change))).executions).toEqual([{ ...expected, ...told }]);
  });

  it.each([
    ['submitted', { status: 1 }, { kind: 'submitted', atUs: us('2025-02-03T10:00:00Z'), price: 0.06 }],
    [
      'cancelled',
      { status: 5, canceledTime: '2025-02-03T11:00:00Z', tag: 'late' },
      { kind: 'cancelled', atUs: us('2025-02-03T11:00:00Z'), reason: 'late' },
    ],
    ['invalid', { status: 7 }, { kind: 'rejected' }],
  ])('an order that is %s is an event', async (_, change, told) => {
    const { orderEvents, executions } = await readAs(
      leanBacktestJson,
      backtest({ lastFillTime: null, limitPrice: 0.06, ...change }),
    );
    expect([executions, orderEvents]).toEqual([
      [],
      [expect.objectContaining({ orderId: '7', side: 'sell', intendedQuantity: 2.5, ...told })],
    ]);
  });

  it.each([
    [{ status: 2 }, /partiallyFilled and was filled in part/],
    [{ status: 5 }, /canceled and was filled in part/],
    [{ lastFillTime: null }, /lastFillTime is missing/],
    [{ status: 99 }, /status is "99"/],
    [{ quantity: 0 }, /quantity is "0"/],
    [{ price: 0 }, /price is "0"/],
    [{ createdTime: 'soon' }, /createdTime is "soon"/],
    [{ symbol: null }, /symbol.value is missing/],
    [{ securityType: 11, priceCurrency: 'USD' }, /settled in its coin/],
  ])('quarantines an order with %j', async (change, reason) => {
    const { quarantined, executions } = await readAs(leanBacktestJson, backtest(change));
    expect([executions, quarantined]).toEqual([[], [expect.stringMatching(reason)]]);
  });

  it('warns that contracts are no units', async () => {
    const { warnings } = await readAs(leanBacktestJson, backtest({ securityType: 5 }));
    expect(warnings).toContainEqual(expect.stringMatching(/futures and options are contracts/));
  });

  it('a summary is refused with what to import', async () => {
    const summary = JSON.stringify({ totalPerformance: { tradeStatistics: {} }, statistics });
    expect(await failureOf(readAs(leanBacktestJson, summary))).toMatch(/^no-data: .*summary.*no orders/);
  });

  it('a log is known and refused', async () => {
    expect(
      await recognisedAs('2025-02-03 00:00:00 :\tLaunching analysis for a1 with LEAN Engine v2.5.0.0.1\n'),
    ).toEqual(['lean-log']);
  });
});

describe('LEAN order events', () => {
  const read = (events: readonly object[]) => readAs(leanOrderEventsJson, JSON.stringify(events));

  it('reads fills with their fees, and when the order was submitted', async () => {
    const { executions, orderEvents } = await read([submission, event]);
    expect(executions).toEqual([{ ...expected, arrivalPrice: null, fee: 2.1, feeCurrency: 'USD' }]);
    expect(orderEvents).toEqual([
      expect.objectContaining({ kind: 'submitted', orderId: '7', intendedQuantity: 2.5, side: 'sell' }),
    ]);
  });

  it('reads keys with hyphens, as they were before 2021', async () => {
    const hyphens = Object.fromEntries(
      Object.entries(event).map(([key, value]) => [
        key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        value,
      ]),
    );
    expect(await recognisedAs(JSON.stringify([hyphens]))).toEqual(['lean-order-events-json']);
    expect((await read([hyphens])).executions).toEqual([
      { ...expected, arrivalPrice: null, submittedAtUs: null, fee: 2.1, feeCurrency: 'USD' },
    ]);
  });

  it.each([
    ['canceled', { kind: 'cancelled', reason: 'by hand' }],
    ['invalid', { kind: 'rejected', reason: 'by hand' }],
  ])('%s', async (status, told) => {
    const { orderEvents } = await read([{ ...event, status, fillQuantity: 0, message: 'by hand' }]);
    expect(orderEvents).toEqual([expect.objectContaining(told)]);
  });

  it('counts other changes by name', async () => {
    const { others } = await read([
      { ...event, status: 'updateSubmitted', fillQuantity: 0 },
      { ...event, status: 'cancelPending', fillQuantity: 0 },
    ]);
    expect(others).toEqual({ 'order updateSubmitted': 1, 'order cancelPending': 1 });
  });

  it.each([
    [{ fillQuantity: 0 }, /fillQuantity is zero/],
    [{ fillPrice: 0 }, /fillPrice is "0"/],
    [{ status: 'gone' }, /status is "gone"/],
    [{ direction: 'hold' }, /direction is "hold"/],
    [{ time: null }, /time is missing/],
  ])('quarantines an event with %j', async (change, reason) => {
    expect((await read([{ ...event, ...change }])).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
