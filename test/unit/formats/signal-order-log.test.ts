import { describe, expect, it } from 'vitest';
import { signalOrderBacktestLog, signalOrderLog } from '../../../electron/engine/imports/formats/signal-order-log';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const line = (time: string, text: string) => `2025-02-03 ${time} | INFO | ${text}`;
const signal = line(
  '10:00:00,250',
  'Signal Generation | Bar=2025-02-03T09:45:00 | Symbol=ETHUSDT | Signals=1 | Signal: BUY 0.0 @ MARKET',
);
const placed = line(
  '10:00:00,750',
  'ORDER PLACED | OrderID=71 | Symbol=ETHUSDT | Side=BUY | Size=0.5 | Price=2000 | Status=FILLED',
);
const filled = line(
  '10:00:00,751',
  'ORDER FILLED | OrderID=71 | Symbol=ETHUSDT | Side=BUY | FilledSize=0.4 | FillPrice=1999 | Status=FILLED | Timestamp=2025-02-03T10:00:00.750123',
);
const market = line('10:00:00,001', 'Market Data | Symbol=ETHUSDT | Timeframe=1h | O=1 H=2 L=1 C=2 V=3');
const logged = line(
  '10:00:00,752',
  'Order Logged | OrderID=71 | Side=BUY | Symbol=ETHUSDT | Price=1999 | Size=0.4 | Status=FILLED',
);
const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
const expected = fill({
  ...{ symbol: 'ETH/USDT', side: 'buy', price: 1999, quantity: 0.4, orderId: '71', intendedQuantity: 0.5 },
  ...{ executedAtUs: us('2025-02-03T10:00:00.750Z') + 123, decidedAtUs: us('2025-02-03T10:00:00.250Z') },
  submittedAtUs: us('2025-02-03T10:00:00.750Z'),
});

describe('log of signals and orders', () => {
  it('reads fills with when they were decided and sent, and counts all else by name', async () => {
    const log = text(
      'Starting',
      market,
      signal,
      placed,
      filled,
      logged,
      line('10:01:00,000', 'Signal Generation | Bar=x | Symbol=ETHUSDT | Signals=0'),
      line('10:01:00,001', 'shutting down'),
    );
    expect(await recognisedAs(log)).toEqual(['signal-order-log']);
    const { executions, orderEvents, others, warnings } = await readAs(signalOrderLog, log);
    expect(executions).toEqual([expected]);
    expect(orderEvents).toEqual([
      expect.objectContaining({
        kind: 'submitted',
        orderId: '71',
        atUs: expected.submittedAtUs,
        intendedQuantity: 0.5,
        price: 2000,
      }),
    ]);
    expect(others).toEqual({
      'further line of a message': 1,
      'market data': 1,
      signal: 1,
      'order logged again': 1,
      'no signal': 1,
      'line of text': 1,
    });
    expect(warnings).toEqual([expect.stringMatching(/read as UTC/)]);
  });

  it('of a log that grows each line counts at once', async () => {
    const { executions, orderEvents } = await readAs(signalOrderLog, text(signal, placed, filled), { growing: true });
    expect([executions, orderEvents.length]).toEqual([[expected], 1]);
    const alone = await readAs(signalOrderLog, text(filled), { growing: true });
    expect(alone.executions).toEqual([{ ...expected, decidedAtUs: null, submittedAtUs: null, intendedQuantity: null }]);
  });

  it('its clock is in the zone the user names', async () => {
    const { executions, warnings } = await readAs(signalOrderLog, text(signal, placed, filled), { zone: '+05:30' });
    expect([executions[0]?.executedAtUs, warnings]).toEqual([expected.executedAtUs - 5.5 * 3_600e6, []]);
  });

  it('a signal makes one order; a later one of that side was decided at a time the log does not tell', async () => {
    const second = [placed, filled].map((one) => one.replace('OrderID=71', 'OrderID=72'));
    const { executions } = await readAs(signalOrderLog, text(signal, placed, filled, ...second));
    expect(executions.map(({ decidedAtUs }) => decidedAtUs)).toEqual([expected.decidedAtUs, null]);
  });

  it('a line that says the fill before its placing makes no latency below zero', async () => {
    const late = placed.replace('00,750', '00,900');
    const { executions } = await readAs(signalOrderLog, text(signal, filled, late));
    expect(executions).toEqual([{ ...expected, submittedAtUs: expected.executedAtUs }]);
  });

  it.each([
    ['REJECTED', 'rejected'],
    ['CANCELED', 'cancelled'],
    ['EXPIRED', 'expired'],
  ])('an order that is placed as %s ends at once', async (status, kind) => {
    const { orderEvents } = await readAs(signalOrderLog, text(placed.replace('Status=FILLED', `Status=${status}`)));
    expect(orderEvents.map((event) => event.kind)).toEqual(['submitted', kind]);
  });

  it.each([
    [filled.replace('FillPrice=1999', 'FillPrice=0'), /FillPrice is "0"/],
    [filled.replace('FilledSize=0.4', 'FilledSize=nan'), /FilledSize is "nan"/],
    [filled.replace('Side=BUY', 'Side=UP'), /Side is "UP"/],
    [filled.replace('OrderID=71', 'OrderID='), /OrderID is missing/],
    [filled.replace('Symbol=ETHUSDT', 'Symbol='), /Symbol is missing/],
    [filled.replace('Timestamp=2025-02-03T10', 'Timestamp=2025-02-33T10'), /Timestamp is "2025-02-33/],
  ])('quarantines %s', async (bad, reason) => {
    const { executions, quarantined } = await readAs(signalOrderLog, text(signal, placed, bad));
    expect([executions, quarantined]).toEqual([[], [expect.stringMatching(reason)]]);
  });
});

const bar = (hour: string, side = 'BUY') =>
  line(
    '23:00:00,100',
    `Signal Generation | Bar=2025-02-03T${hour}:00:00 | Signals=1 | Signal: ${side} 0.0000 at MARKET`,
  );
const order = (id: string, side = 'BUY') => [
  line('23:00:00,101', `ORDER PLACED | OrderID=${id} | Side=${side} | Size=0.5 | Price=2000 | Status=FILLED`),
  line('23:00:00,102', `ORDER FILLED | OrderID=${id}| Side=${side} | FilledSize=0.5 | FillPrice=2000 | Status=FILLED`),
];

describe('log of signals and orders of a backtest', () => {
  const symbol = { symbol: 'ETH/USDT' };

  it('stamps trades with the bar of their signal, for the clock is that of the run', async () => {
    const log = text(
      line('23:00:00,000', 'Market Data| Timeframe=1h | O=1 H=2 L=1 C=2 V=3'),
      bar('09'),
      ...order('bt-1'),
      bar('11', 'SELL'),
      ...order('bt-2', 'SELL'),
    );
    expect(await recognisedAs(log)).toEqual(['signal-order-backtest-log']);
    const { executions, orderEvents } = await readAs(signalOrderBacktestLog, log, symbol);
    expect(executions).toEqual([
      fill({
        symbol: 'ETH/USDT',
        side: 'buy',
        price: 2000,
        quantity: 0.5,
        orderId: 'bt-1',
        executedAtUs: us('2025-02-03T09:00:00Z'),
      }),
      fill({
        symbol: 'ETH/USDT',
        side: 'sell',
        price: 2000,
        quantity: 0.5,
        orderId: 'bt-2',
        executedAtUs: us('2025-02-03T11:00:00Z'),
      }),
    ]);
    expect(orderEvents).toHaveLength(2);
  });

  it('of several runs in one log the last is read', async () => {
    const log = text(bar('09'), ...order('bt-1'), bar('08'), ...order('bt-1'), bar('09'), ...order('bt-2'));
    const { executions, others, warnings } = await readAs(signalOrderBacktestLog, log, symbol);
    expect(executions.map(({ executedAtUs }) => executedAtUs)).toEqual([
      us('2025-02-03T08:00:00Z'),
      us('2025-02-03T09:00:00Z'),
    ]);
    expect(others).toEqual({ signal: 3, 'order of an earlier run': 2 });
    expect(warnings).toContainEqual(expect.stringMatching(/several runs/));
  });

  it('needs its symbol', async () => {
    expect(await failureOf(readAs(signalOrderBacktestLog, text(bar('09'), ...order('bt-1'))))).toMatch(
      /^invalid-arguments/,
    );
  });

  it('quarantines a signal whose bar cannot be read, and the order it made', async () => {
    const bad = bar('09').replace('T09:', 'T9x:');
    const { quarantined, executions } = await readAs(
      signalOrderBacktestLog,
      text(bar('08'), bad, ...order('bt-1')),
      symbol,
    );
    expect([executions, quarantined]).toEqual([
      [],
      [expect.stringMatching(/Bar is /), ...Array(2).fill(expect.stringMatching(/no signal before the order/))],
    ]);
  });

  it('quarantines an order that no signal precedes', async () => {
    const { quarantined } = await readAs(signalOrderBacktestLog, text(...order('bt-1')), symbol);
    expect(quarantined).toHaveLength(2);
  });
});
