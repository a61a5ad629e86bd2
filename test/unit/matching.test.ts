import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOrders } from '../../shared/market/orders';
import { type Matching, matchOrders, quantityPenaltyShare } from '../../shared/parity/matching';
import { columnsOf, type Fill } from '../support/symbol-day';

const toleranceMs = 60_000;

function match(live: readonly Fill[], backtest: readonly Fill[]): Matching {
  const sides = [live, backtest].map((fills) =>
    columnsOf(fills.map((fill, index) => ({ orderId: `o${index}`, ...fill }))),
  );
  const [l, b] = sides.map((columns) => formOrders(columns, null, [], 1e6));
  return matchOrders(l!, b!, sides[0]!.clientOrderId, sides[1]!.clientOrderId, toleranceMs);
}

/** Partner of each live order, in time order. */
const partners = (live: readonly Fill[], backtest: readonly Fill[]) => Array.from(match(live, backtest).backtestOf);
const at = (...seconds: number[]): Fill[] => seconds.map((second) => ({ at: second, price: 100 }));

describe('matching by key', () => {
  it.each<[string, Fill[], Fill[], number[]]>([
    [
      'pairs equal client order ids however far apart',
      [{ at: 40_000, price: 1, clientOrderId: 'a' }],
      [{ at: 10, price: 1, clientOrderId: 'a' }],
      [0],
    ],
    [
      'prefers the key to a nearer order',
      [{ at: 100, price: 1, clientOrderId: 'b' }],
      [
        { at: 100, price: 1, clientOrderId: 'a' },
        { at: 130, price: 1, clientOrderId: 'b' },
      ],
      [1],
    ],
    [
      'a buy and a sell of one signal are two keys',
      [
        { at: 0, price: 1, clientOrderId: 's', side: 1 },
        { at: 500, price: 1, clientOrderId: 's', side: -1 },
      ],
      [
        { at: 1, price: 1, clientOrderId: 's', side: 1 },
        { at: 900, price: 1, clientOrderId: 's', side: -1 },
      ],
      [0, 1],
    ],
    [
      'a key that a side has twice is no key: those orders match by time',
      [
        { at: 0, price: 1, clientOrderId: 'tag' },
        { at: 300, price: 1, clientOrderId: 'tag' },
      ],
      [
        { at: 301, price: 1, clientOrderId: 'tag' },
        { at: 900, price: 1, clientOrderId: 'tag' },
      ],
      [-1, 0],
    ],
  ])('%s', (_, live, backtest, expected) => {
    expect(partners(live, backtest)).toEqual(expected);
  });

  it('counts orders that share a key within their side', () => {
    const tag = (second: number): Fill => ({ at: second, price: 1, clientOrderId: 'tag' });
    expect(match([tag(0), tag(300), tag(600)], [tag(1)]).sharedKeys).toBe(3);
  });

  it('pairs what both sides have exactly once, as counting in a map says, and counts what a side has more often', () => {
    // Few ids, so that they repeat; some have equal hashes ("Aa" and "BB"), one begins another, one is not ASCII.
    const id = fc.constantFrom(
      '',
      'Aa',
      'BB',
      'AaAa',
      'AaBB',
      'BBAa',
      'BBBB',
      'A',
      'é',
      'order-1',
      'order-2',
      'order-11',
    );
    const orders = fc.array(fc.record({ clientOrderId: id, side: fc.constantFrom<1 | -1>(1, -1) }), {
      maxLength: 40,
      size: 'max',
    });
    fc.assert(
      fc.property(orders, orders, (live, backtest) => {
        // Hours apart, so that nothing is matched by time.
        const [l, b] = [live, backtest].map((side, source) =>
          side.map((order, index): Fill => ({ at: source * 40_000 + index, price: 1, ...order })),
        );
        const keyOf = ({ side, clientOrderId }: Fill) => (clientOrderId === '' ? null : `${side} ${clientOrderId}`);
        const carriers = [l!, b!].map((side) => {
          const found = new Map<string, number[]>();
          for (const [order, fill] of side.entries()) {
            const key = keyOf(fill);
            if (key !== null) found.set(key, [...(found.get(key) ?? []), order]);
          }
          return found;
        });
        const expected = l!.map((fill, order) => {
          const key = keyOf(fill) ?? '';
          const [mine, theirs] = carriers.map((found) => found.get(key) ?? []);
          return mine!.length === 1 && theirs!.length === 1 && mine![0] === order ? theirs![0]! : -1;
        });
        const matching = match(l!, b!);
        expect(Array.from(matching.backtestOf)).toEqual(expected);
        const shared = carriers.flatMap((found) => [...found.values()].filter(({ length }) => length > 1));
        expect(matching.sharedKeys).toBe(shared.reduce((total, { length }) => total + length, 0));
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});

describe('matching by time', () => {
  it.each<[string, Fill[], Fill[], number[]]>([
    ['the nearest wins', at(100), at(70, 101, 140), [1]],
    ['at the tolerance it still matches', at(100), at(160), [0]],
    ['beyond the tolerance it does not', at(100), at(160.001), [-1]],
    ['buys and sells never meet', at(100), [{ at: 100, price: 1, side: -1 }], [-1]],
    // Greedy takes 50-51 first and leaves the others; in order, both pair.
    ['two fair pairs beat one good one', at(10, 50), at(20, 51), [0, 1]],
    ['greedy would pair 30 with 29 and strand two orders', at(0, 30), at(29, 60), [0, 1]],
    // A missed signal at the start must not shift the whole chain by one.
    ['a missed order does not shift the chain', at(32, 62, 92, 300), at(0, 30, 60, 90, 330), [1, 2, 3, 4]],
    ['one of two at the same instant is missed', at(100), at(100, 100), [0]],
    [
      'of orders at one instant the sizes decide',
      [
        { at: 100, price: 1, quantity: 1 },
        { at: 100, price: 1, quantity: 9 },
      ],
      [
        { at: 101, price: 1, quantity: 9 },
        { at: 101, price: 1, quantity: 1 },
      ],
      [1, 0],
    ],
    [
      'a fitting size beats a slightly nearer order',
      [{ at: 100, price: 1, quantity: 5 }],
      [
        { at: 99, price: 1, quantity: 0.1 },
        { at: 104, price: 1, quantity: 5 },
      ],
      [1],
    ],
    ['nothing on one side', at(1, 2), [], [-1, -1]],
  ])('%s', (_, live, backtest, expected) => {
    expect(live.length === 0 || backtest.length === 0 ? live.map(() => -1) : partners(live, backtest)).toEqual(
      expected,
    );
  });

  it('says how sure a pair is: 1 - cost / second best, ambiguous when another costs less than twice', () => {
    // 3 s apart and nothing else near: leaving both alone costs 75 s.
    const lone = match(at(100), at(103));
    expect(lone.confidence[0]).toBeCloseTo(1 - 3 / 75, 12);
    expect(lone.ambiguousCount).toBe(0);
    // 3 s here, 5 s there.
    const close = match(at(100), at(95, 103));
    expect(close.confidence[0]).toBeCloseTo(1 - 3 / 5, 12);
    expect(close.ambiguousCount).toBe(1);
    // 2 s here, 58 s there.
    expect(match(at(100), at(98, 158)).ambiguousCount).toBe(0);
    // Twins cannot be told apart.
    const twins = match(at(100), at(100, 100));
    expect([twins.confidence[0], twins.ambiguousCount]).toEqual([0, 1]);
  });

  it('is optimal, in order, one to one and inside the tolerance (against trying everything)', () => {
    const order = fc.record({
      at: fc.oneof(fc.integer({ min: 0, max: 150 }), fc.constantFrom(0, 60, 120)),
      price: fc.constant(100),
      quantity: fc.constantFrom(1, 2, 5),
      side: fc.constantFrom<1 | -1>(1, 1, 1, -1),
    });
    const orders = fc.array(order, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(orders, orders, (live, backtest) => {
        const byTime = (fills: Fill[]) => [...fills].sort((a, b) => a.at - b.at);
        const [l, b] = [byTime(live), byTime(backtest)];
        const found = Array.from(match(l, b).backtestOf);
        const used = found.filter((partner) => partner >= 0);
        expect(new Set(used).size).toBe(used.length);
        expect(totalCost(l, b, found)).toBeCloseTo(bestCost(l, b), 6);
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });

  it('matches a hundred thousand orders of one day, also when all come at one instant', () => {
    const spread = Array.from({ length: 50_000 }, (_, index) => ({ at: index * 1.7, price: 100 }));
    const late = spread.map((fill) => ({ ...fill, at: fill.at + 0.2 }));
    expect(match(late, spread).byTime).toBe(50_000);
    const burst = Array.from({ length: 20_000 }, () => ({ at: 100, price: 100 }));
    const result = match(burst, burst);
    expect(result.byTime).toBe(20_000);
    expect(result.narrowed).toBe(20_000);
  });
});

const toleranceS = toleranceMs / 1_000;
const alone = (toleranceS * (1 + quantityPenaltyShare)) / 2;

function costOf(a: Fill, b: Fill): number {
  const [x, y] = [a.quantity ?? 1, b.quantity ?? 1];
  if ((a.side ?? 1) !== (b.side ?? 1) || Math.abs(a.at - b.at) > toleranceS) return Number.POSITIVE_INFINITY;
  return Math.abs(a.at - b.at) + quantityPenaltyShare * toleranceS * (1 - Math.min(x, y) / Math.max(x, y));
}

function totalCost(live: readonly Fill[], backtest: readonly Fill[], partnerOf: readonly number[]): number {
  const pairs = partnerOf.flatMap((partner, index) => (partner < 0 ? [] : [costOf(live[index]!, backtest[partner]!)]));
  return pairs.reduce((sum, cost) => sum + cost, 0) + alone * (live.length + backtest.length - 2 * pairs.length);
}

/** Least cost over every assignment in which no pair overtakes another of its side; orders at one instant go in either order. */
function bestCost(live: readonly Fill[], backtest: readonly Fill[]): number {
  let best = Number.POSITIVE_INFINITY;
  const partnerOf = live.map(() => -1);
  const overtakes = (index: number, partner: number) =>
    partnerOf.slice(0, index).some((other, earlier) => {
      if (other < 0 || (live[earlier]!.side ?? 1) !== (live[index]!.side ?? 1)) return false;
      return before(live, earlier, index) !== before(backtest, other, partner);
    });
  const visit = (index: number) => {
    if (index === live.length) {
      best = Math.min(best, totalCost(live, backtest, partnerOf));
      return;
    }
    visit(index + 1);
    for (let partner = 0; partner < backtest.length; partner++) {
      if (partnerOf.includes(partner) || !Number.isFinite(costOf(live[index]!, backtest[partner]!))) continue;
      if (overtakes(index, partner)) continue;
      partnerOf[index] = partner;
      visit(index + 1);
      partnerOf[index] = -1;
    }
  };
  visit(0);
  return best;
}

/** The stated order: by time, of one instant the larger first, then as listed. */
function before(fills: readonly Fill[], a: number, b: number): boolean {
  const [x, y] = [fills[a]!, fills[b]!];
  return x.at - y.at < 0 || (x.at === y.at && ((y.quantity ?? 1) - (x.quantity ?? 1) || a - b) < 0);
}
