import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../shared/market/executions';
import { ordersToldOnce } from '../../shared/market/order-events';
import { formOrders } from '../../shared/market/orders';

const base: OrderEvent = {
  ...{ source: 'live', venue: 'kraken', account: null, strategy: 's', version: null, symbol: 'ETH/EUR', side: 'buy' },
  ...{ kind: 'rejected', atUs: 1_700_000_000_123_000, orderId: 'o1', clientOrderId: null, intendedQuantity: 2 },
  ...{ price: null, reason: null, paper: false, line: 1 },
};
const event = (change: Partial<OrderEvent> = {}): OrderEvent => ({ ...base, ...change });
const secondsOnly = 1_700_000_000_000_000;

describe('order events that several logs tell', () => {
  it.each<[string, OrderEvent[], Partial<OrderEvent>[]]>([
    [
      'a venue only one log names',
      [event({ venue: null, atUs: secondsOnly }), event()],
      [{ venue: 'kraken', atUs: base.atUs }],
    ],
    [
      'a reason only one log gives',
      [event(), event({ reason: 'no funds', atUs: secondsOnly })],
      [{ reason: 'no funds' }],
    ],
    [
      'one log that knows the order by the client’s id alone',
      [event({ clientOrderId: 'c1' }), event({ orderId: null, clientOrderId: 'c1', venue: null })],
      [{ orderId: 'o1', venue: 'kraken' }],
    ],
    ['other orders', [event(), event({ orderId: 'o2' })], [{ orderId: 'o1' }, { orderId: 'o2' }]],
    ['other venues', [event(), event({ venue: 'okx' })], [{ venue: 'kraken' }, { venue: 'okx' }]],
    [
      'two venues that come into question',
      [event(), event({ venue: 'okx' }), event({ venue: null })],
      [{ venue: 'kraken' }, { venue: 'okx' }, { venue: null }],
    ],
    ['paper and real', [event(), event({ paper: true })], [{ paper: false }, { paper: true }]],
    ['another end', [event(), event({ kind: 'cancelled' })], [{ kind: 'rejected' }, { kind: 'cancelled' }]],
    ['no ids', [event({ orderId: null }), event({ orderId: null })], [{}, {}]],
    [
      'submissions, all of them',
      [event({ kind: 'submitted' }), event({ kind: 'submitted', venue: null })],
      [{ venue: 'kraken' }, { venue: 'kraken' }],
    ],
  ])('%s', (_, events, expected) => {
    const told = ordersToldOnce(events);
    expect(told).toHaveLength(expected.length);
    expect(told).toMatchObject(expected);
  });

  it('are counted once', () => {
    const twice = [
      event({ kind: 'submitted', venue: null }),
      event({ venue: null, atUs: secondsOnly }),
      event({ kind: 'submitted' }),
      event(),
    ];
    expect(formOrders(null, null, twice, 0).count).toBe(2);
    expect(formOrders(null, null, ordersToldOnce(twice), 0).count).toBe(1);
  });

  it('whatever their order', () => {
    const one = fc.record({
      venue: fc.constantFrom(null, 'kraken', 'okx'),
      account: fc.constantFrom(null, 'a'),
      orderId: fc.constantFrom(null, 'o1', 'o2'),
      clientOrderId: fc.constantFrom(null, 'c1'),
      kind: fc.constantFrom('rejected' as const, 'cancelled' as const, 'submitted' as const),
      atUs: fc.constantFrom(base.atUs, secondsOnly),
      reason: fc.constantFrom(null, 'r'),
    });
    const sorted = (events: readonly OrderEvent[]) => events.map((told) => JSON.stringify(told)).sort();
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 8 }).chain((changes) => {
          const events = changes.map(event);
          return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
        }),
        ([events, shuffled]) => {
          expect(sorted(ordersToldOnce(shuffled))).toEqual(sorted(ordersToldOnce(events)));
        },
      ),
    );
  });
});
