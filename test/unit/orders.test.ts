import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../shared/market/executions';
import { marksAtBoundaries } from '../../shared/market/marks';
import { fillRowsOf, formedByCode, formOrders } from '../../shared/market/orders';
import { columnsOf, dayStartUs, type Fill, orderEvent } from '../support/symbol-day';

const fill = (at: number, more: Partial<Fill> = {}): Fill => ({ at, price: 100, ...more });
const form = (fills: readonly Fill[]) => {
  const columns = columnsOf(fills);
  return formOrders(columns, columns.fee, [], 1e6);
};
/** Rows of each order. */
const grouped = (fills: readonly Fill[]) => {
  const table = form(fills);
  return Array.from({ length: table.count }, (_, order) => Array.from(fillRowsOf(table, order)));
};

describe('orders from fills', () => {
  it.each<[string, Fill[], number[][]]>([
    [
      'one order id is one order, however far apart',
      [fill(0, { orderId: 'a' }), fill(9_000, { orderId: 'a' })],
      [[0, 1]],
    ],
    ['another order id is another order', [fill(0, { orderId: 'a' }), fill(0, { orderId: 'b' })], [[0], [1]]],
    [
      'orders interleave',
      [fill(0, { orderId: 'a' }), fill(1, { orderId: 'b' }), fill(2, { orderId: 'a' })],
      [[0, 2], [1]],
    ],
    [
      'the same id at another venue is another order',
      [fill(0, { orderId: 'a', venue: 'x' }), fill(0, { orderId: 'a', venue: 'y' })],
      [[0], [1]],
    ],
    [
      'the same id in another account is another order',
      [fill(0, { orderId: 'a', account: 'x' }), fill(0, { orderId: 'a', account: 'y' })],
      [[0], [1]],
    ],
    ['an order has one side', [fill(0, { orderId: 'a' }), fill(0, { orderId: 'a', side: -1 })], [[0], [1]]],
    ['without ids, a second apart is one order', [fill(0), fill(1)], [[0, 1]]],
    ['without ids, more than a second apart is two', [fill(0), fill(1.000001)], [[0], [1]]],
    [
      'all fills lie within a second of the first: nearness does not chain',
      [fill(0), fill(0.8), fill(1.6), fill(2.4)],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['without ids, buys and sells are apart', [fill(0), fill(0, { side: -1 }), fill(0.5)], [[0, 2], [1]]],
    [
      'without order ids, two client order ids are two orders',
      [fill(0, { clientOrderId: 'a' }), fill(0, { clientOrderId: 'b' }), fill(0.1, { clientOrderId: 'a' })],
      [[0, 2], [1]],
    ],
    ['without ids, two decisions are two orders', [fill(1, { decidedAt: 0 }), fill(1, { decidedAt: 0.5 })], [[0], [1]]],
    ['a fill with an id does not join one without', [fill(0), fill(0, { orderId: 'a' })], [[0], [1]]],
  ])('%s', (_, fills, expected) => {
    expect(grouped(fills)).toEqual(expected);
  });

  it('keeps the rule and adds up quantity, money, times and what is known of them', () => {
    const table = form([
      fill(1, { orderId: 'a', price: 100, quantity: 1, fee: 0.1, liquidity: 'maker', decidedAt: 0.5, intended: 5 }),
      fill(3, {
        orderId: 'a',
        price: 103,
        quantity: 2,
        fee: null,
        liquidity: 'taker',
        decidedAt: 0.4,
        arrivalPrice: 99,
      }),
    ]);
    expect(table.formedBy[0]).toBe(formedByCode.orderId);
    expect(form([fill(0)]).formedBy[0]).toBe(formedByCode.proximity);
    expect([table.quantity[0], table.notional[0], table.price[0], table.fee[0], table.feeGaps[0]]).toEqual([
      3, 306, 102, 0.1, 1,
    ]);
    expect([table.makerNotional[0], table.takerNotional[0]]).toEqual([100, 206]);
    const seconds = (us: number | undefined) => ((us ?? Number.NaN) - dayStartUs) / 1e6;
    expect([table.firstUs[0], table.lastUs[0], table.decidedAtUs[0]].map(seconds)).toEqual([1, 3, 0.4]);
    expect([table.intended[0], table.arrivalPrice[0]]).toEqual([5, 99]);
    expect(table.submittedAtUs[0]).toBeNaN();
  });

  it('gives equal prices their own mean, to the last bit', () => {
    const table = form([0.1, 0.2, 0.7].map((quantity) => fill(0, { orderId: 'a', price: 0.1 + 0.2, quantity })));
    expect(table.price[0]).toBe(0.1 + 0.2);
  });
});

describe('marks', () => {
  it.each([
    [{ venue: 'x', account: 'm' }, 1],
    [{ venue: 'x', account: null }, 1],
    [{ venue: null, account: 'm' }, 1],
    [{ venue: null, account: null }, 1],
    [{ venue: 'y', account: 'm' }, 2],
    [{ venue: null, account: 'n' }, 2],
  ])('an event with %j belongs to the order of its id, or makes %i orders in all', (place, orders) => {
    const columns = columnsOf([fill(5, { orderId: 'a', venue: 'x', account: 'm' })]);
    const event: OrderEvent = {
      ...{ source: 'live', strategy: 's', version: null, symbol: 'S', side: 'buy', kind: 'submitted', line: 1 },
      ...{ orderId: 'a', clientOrderId: null, atUs: dayStartUs, intendedQuantity: null, price: null, reason: null },
      ...{ paper: false, ...place },
    };
    expect(formOrders(columns, columns.fee, [event], 1e6).count).toBe(orders);
  });

  const hour = (hours: number) => dayStartUs + hours * 3_600e6;
  const series = (...points: readonly [hours: number, price: number][]) => ({
    atUs: Float64Array.from(points, ([hours]) => hour(hours)),
    price: Float64Array.from(points, ([, price]) => price),
  });
  const fills = (...points: readonly [hours: number, price: number][]) =>
    columnsOf(points.map(([at, price]) => fill(at * 3_600, { price })));
  const marks = (
    prices: ReturnType<typeof series>,
    live: ReturnType<typeof fills> | null,
    backtest: ReturnType<typeof fills> | null,
    before: number | null = null,
  ) => {
    const last = before === null ? null : { price: before, atUs: hour(-5) };
    return marksAtBoundaries(Float64Array.of(hour(0), hour(6), hour(12)), prices, live, backtest, last, 3_600e6);
  };

  it.each([
    [
      'imported prices first, also at the boundary itself',
      marks(series([0, 1], [6, 2], [12, 3]), fills([5.9, 9]), null),
      [1, 2, 3],
    ],
    [
      'the last fill where an imported price is older than an hour',
      marks(series([0, 1]), fills([5, 9]), null),
      [1, 9, 9],
    ],
    ['an old imported price where no fill is later', marks(series([0, 1]), null, null), [1, 1, 1]],
    ['the later of both sides', marks(series(), fills([1, 5]), fills([2, 6]), 4), [4, 6, 6]],
    ['live where both sides traded at one instant', marks(series(), fills([2, 5]), fills([2, 6]), 4), [4, 5, 5]],
    ['a fill at the boundary belongs to the next interval', marks(series(), fills([6, 5]), null, 4), [4, 4, 5]],
    ['the first price of the day where nothing is known before', marks(series(), fills([7, 5]), null), [5, 5, 5]],
    ['none where there is none', marks(series(), null, null), [Number.NaN, Number.NaN, Number.NaN]],
  ])('%s', (_, { price }, expected) => {
    expect(Array.from(price)).toEqual(expected);
  });

  it('says how old they are and whether the start was known', () => {
    const known = marks(series([0, 1]), null, null);
    expect([known.knownAtStart, ...Array.from(known.ageUs, (age) => age / 3_600e6)]).toEqual([true, 0, 6, 12]);
    const borrowed = marks(series(), fills([7, 5]), null);
    expect([borrowed.knownAtStart, ...Array.from(borrowed.ageUs, (age) => age / 3_600e6)]).toEqual([false, -7, -1, 5]);
  });
});

describe('orders of one fill each', () => {
  const figure = fc.oneof(fc.constant(undefined), fc.double({ min: 0.5, max: 2, noNaN: true }));
  const fills = fc
    .array(
      fc.record({
        at: fc.integer({ min: 0, max: 80_000 }),
        side: fc.constantFrom<1 | -1>(1, -1),
        price: fc.double({ min: 0.5, max: 2, noNaN: true }),
        quantity: fc.double({ min: 0.5, max: 2, noNaN: true }),
        fee: fc.oneof(fc.constant(null), fc.double({ min: -1, max: 1, noNaN: true })),
        liquidity: fc.constantFrom('unknown' as const, 'maker' as const, 'taker' as const),
        decidedAt: figure,
        submittedAt: figure,
        arrivalPrice: figure,
        intended: figure,
        clientOrderId: fc.constantFrom('', 'a', 'b'),
      }),
      { minLength: 1, maxLength: 20 },
    )
    .map((drawn) =>
      drawn.map(({ decidedAt, submittedAt, arrivalPrice, intended, ...fill }, index): Fill => {
        const known = Object.entries({ decidedAt, submittedAt, arrivalPrice, intended }).filter(
          ([, value]) => value !== undefined,
        );
        return { ...fill, ...Object.fromEntries(known), orderId: `o${index}` };
      }),
    );

  it('are the same, taken from the fills as they are or added up, whether or not the log has an event of another order', () => {
    fc.assert(
      fc.property(fills, (drawn) => {
        const columns = columnsOf(drawn);
        const { count, reasons, ...taken } = formOrders(columns, columns.fee, [], 1e6);
        const added = formOrders(columns, columns.fee, [orderEvent({ at: 1, orderId: 'another' })], 1e6);
        expect(added.count).toBe(count + 1);
        for (const [name, column] of Object.entries(taken)) {
          const other = Reflect.get(added, name);
          if (!ArrayBuffer.isView(column)) expect(other, name).toBe(column);
          else expect(Array.from(Object(other).subarray(0, count)), name).toEqual(Array.from(Object(column)));
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});
