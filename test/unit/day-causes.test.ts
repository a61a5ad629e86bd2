import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compensatedSum } from '../../shared/base/sums';
import { pairKindCode } from '../../shared/parity/attribution';
import { type CauseReason, causeReasons, codeOf } from '../../shared/parity/cause-names';
import { addedSums, causesOfDay, type DayCauses } from '../../shared/parity/causes';
import { causalOffsetMs } from '../../shared/parity/clock-words';
import { computeSymbolDay, type SymbolDayInput } from '../../shared/parity/symbol-day';
import { inputOfRandom, randomDay } from '../support/random-day';
import { type DayOptions, type Fill, orderEvent, sideOf, symbolDay } from '../support/symbol-day';

/** The rules by which the money of orders is given to causes, and that nothing of it is lost. */

function causesIn(input: SymbolDayInput, clockOffsetMs: number | null = null) {
  const result = computeSymbolDay(input);
  return { result, causes: causesOfDay({ result, prices: input.prices, settings: input.settings, clockOffsetMs }) };
}

/** Plain comparison: an assertion object for each of many checks would be most of the time. */
function within(what: string, value: number, expected: number, room: number): void {
  if (!(Math.abs(value - expected) <= room)) throw new Error(`${what}: ${value} is not ${expected} within ${room}`);
}

describe('the causes of a day', () => {
  it('add up to the gap within 1e-9 of gross notional, and to the money of each order', () => {
    fc.assert(
      fc.property(randomDay, fc.constantFrom(null, 0, 7_000, -900), (random, clockOffsetMs) => {
        const { result, causes } = causesIn(inputOfRandom(random), clockOffsetMs);
        const { report, pairs } = result;
        const bound = 1e-9 * report.grossNotional;
        const total = compensatedSum([...causes.sums.values()].map(({ money }) => money));
        within('sum over causes', total, report.attribution.gap, bound + 1e-12 * Math.abs(report.attribution.gap));
        const byRow = new Float64Array(pairs.count);
        for (let at = 0; at < causes.shares.count; at++) byRow[causes.shares.row[at]!]! += causes.shares.money[at]!;
        for (let row = 0; row < pairs.count; row++) within(`row ${row}`, byRow[row]!, pairs.rows.gap[row]!, bound);
        const mains = compensatedSum([...causes.sums.values()].map(({ mainOrders }) => mainOrders));
        const none = causes.shares.main.reduce((count, code) => count + (code === codeOf('none.same') ? 1 : 0), 0);
        within('each order has one main cause', mains + none, pairs.count, 0);
      }),
      { numRuns: 1_000, seed: 20_260_302 },
    );
  });

  it('add up over symbols and days, each in its currency', () => {
    const first = causesIn(pair({ live: { price: 101 } })).causes;
    const second = causesIn(pair({ live: { price: 103 } })).causes;
    const added = addedSums([
      { sums: first.sums, rate: 1 },
      { sums: second.sums, rate: 2 },
    ]);
    expect(added.get('execution.inTime')).toMatchObject({ money: -1 - 2 * 3, orders: 2, mainOrders: 2 });
  });
});

interface PairOptions extends Omit<DayOptions, 'live' | 'backtest'> {
  readonly live?: Partial<Fill> | null;
  readonly backtest?: Partial<Fill> | null;
}

/** One buy of 1 at 100 at 00:01:40.1234 on both sides; the mark is 110. */
function pair({ live = {}, backtest = {}, ...options }: PairOptions): SymbolDayInput {
  const fill: Fill = { at: 100.1234, price: 100 };
  return symbolDay({
    prices: [[86_400, 110]],
    ...options,
    live: live === null ? [] : [{ ...fill, ...live }],
    backtest: backtest === null ? [] : [{ ...fill, ...backtest }],
  });
}

/** Money by cause and reason, rounded to what a double holds of it. */
function moneyOf({ sums }: DayCauses): Partial<Record<CauseReason, number>> {
  return Object.fromEntries([...sums].map(([name, { money }]) => [name, Number(money.toPrecision(9))]));
}

describe('an order alone', () => {
  it.each<[string, SymbolDayInput, Partial<Record<CauseReason, number>>]>([
    ['that repeats the backtest has no cause', pair({}), {}],
    ['in time at another price: execution', pair({ live: { price: 101 } }), { 'execution.inTime': -1 }],
    [
      'with an arrival price: late until arrival, execution from then on',
      pair({ live: { price: 103, arrivalPrice: 101 } }),
      { 'late.arrival': -1, 'execution.onArrival': -2 },
    ],
    [
      'decided long before it filled, without prices: late as a whole',
      pair({ live: { at: 105.1, decidedAt: 100.1, price: 102 } }),
      { 'late.latency': -2 },
    ],
    [
      'decided just before it filled: not late, whatever the backtest’s clock says',
      pair({ live: { at: 105.1, decidedAt: 105.05, price: 102 } }),
      { 'execution.inTime': -2 },
    ],
    [
      'later by its fill times alone: late, said to be told by nothing else',
      pair({ live: { at: 105.1, price: 102 } }),
      { 'late.fillTimes': -2 },
    ],
    [
      'later while prices tell what the market did: late by the move, execution the rest',
      pair({
        live: { at: 110.1234, price: 103 },
        prices: [
          [90, 100],
          [100.1234, 100],
          [110.1234, 102],
          [111, 102],
          [86_400, 110],
        ],
      }),
      { 'late.market': -2, 'execution.atMarket': -1 },
    ],
    [
      'that asked for two, filled one: partial, its unpaid fee included',
      pair({
        live: { quantity: 1, intended: 2, fee: 0.1 },
        backtest: { quantity: 2, fee: 0.2 },
      }),
      { 'partial.live': -10 + 0.1 },
    ],
    [
      'that asked for half of the backtest’s size',
      pair({ live: { quantity: 1, intended: 1, fee: 0.1 }, backtest: { quantity: 2, fee: 0.2 } }),
      { 'wrongSize.size': -10 + 0.1 },
    ],
    [
      'smaller than the backtest’s, size asked for unknown',
      pair({ live: { quantity: 1 }, backtest: { quantity: 2 } }),
      { 'wrongSize.untold': -10 },
    ],
    [
      'whose quantity is the backtest’s with fewer decimals',
      pair({ live: { quantity: 0.03 }, backtest: { quantity: 0.0337 } }),
      { 'wrongSize.rounding': -0.037 },
    ],
    [
      'of which the backtest filled a part only',
      pair({ live: { quantity: 2 }, backtest: { quantity: 1, intended: 2 } }),
      { 'partial.backtest': 10 },
    ],
    ['that paid another fee rate', pair({ live: { fee: 0.1 }, backtest: { fee: 0.02 } }), { 'feeModel.rate': -0.08 }],
    [
      'whose fee is in a currency without a price',
      pair({ live: { fee: 0.001, feeCurrency: 'BNB' }, backtest: { fee: 0.02 } }),
      { 'feeModel.unpriced': 0.02 },
    ],
    [
      'whose fee is not in the log',
      pair({ live: { fee: null }, backtest: { fee: 0.02 } }),
      { 'feeModel.unknown': 0.02 },
    ],
    ['missed, nothing live fits', pair({ live: null }), { 'missed.noLiveOrder': -10 }],
    ['extra, the backtest has nothing that fits', pair({ backtest: null }), { 'extra.notInBacktest': 10 }],
    [
      'missed before the live logs begin',
      symbolDay({
        prices: [[86_400, 110]],
        live: sideOf([], { coverage: null }),
        backtest: [{ at: 100, price: 100 }],
      }),
      { 'missed.outsideLivePeriod': -10 },
    ],
    [
      'held over from the day before',
      symbolDay({
        live: sideOf([], { positionAtStart: 1 }),
        prices: [
          [0, 100],
          [86_400, 110],
        ],
      }),
      { 'carry.carry': 10 },
    ],
  ])('%s', (_, input, expected) => {
    expect(moneyOf(causesIn(input).causes)).toEqual(expected);
  });

  it('later by no more than the clocks are apart is a clock offset, not late', () => {
    const input = pair({ live: { at: 107.1, price: 102 } });
    expect(moneyOf(causesIn(input, 7_000).causes)).toEqual({ 'clockOffset.timeGap': -2 });
    expect(moneyOf(causesIn(input, null).causes)).toEqual({ 'late.fillTimes': -2 });
  });

  it.each([
    ['decision times tell the offset', { shift: 7, decided: true, later: 0 }, 'clockOffset.timeGap'],
    [
      'fills alone, live later: a constant delay would look the same',
      { shift: 7, decided: false, later: 0 },
      'late.fillTimes',
    ],
    [
      'fills alone, live earlier: later than the others is late',
      { shift: -7, decided: false, later: 5 },
      'late.fillTimes',
    ],
    [
      'fills alone, live earlier: as the others is in time',
      { shift: -7, decided: false, later: 0 },
      'execution.inTime',
    ],
  ])('the estimated clock offset decides what is late: %s', (_, { shift, decided, later }, reason) => {
    // One order alone fills at another price, and its log does not say when it was decided.
    const odd = 3;
    const live: Fill[] = [];
    const backtest: Fill[] = [];
    for (let index = 0; index < 40; index++) {
      const at = 1_000.37 + index * (600 + 7 * (index % 5));
      const common = { price: 100, clientOrderId: `k${index}` };
      const liveAt = at + shift + 0.003 * (index % 3);
      backtest.push({ ...common, at, ...(decided && { decidedAt: at }) });
      live.push(
        index === odd
          ? { ...common, at: liveAt + later, price: 102 }
          : { ...common, at: liveAt, ...(decided && { decidedAt: liveAt }) },
      );
    }
    const input = symbolDay({ live, backtest, prices: [[86_400, 100]] });
    const { report } = computeSymbolDay(input);
    expect(report.clockOffset).toMatchObject({ verdict: 'corrected', correctedMs: expect.closeTo(shift * 1_000, -2) });
    const { causes } = causesIn(input, causalOffsetMs(report));
    expect(moneyOf(causes)).toEqual({ [reason]: -2 });
    expect(causes.untold).toContain(report.clockOffset?.why);
  });

  it.each([
    ['rejected', 'missed.rejected'],
    ['cancelled', 'missed.cancelled'],
    ['submitted', 'missed.open'],
  ] as const)('missed while a live order of its side, time and size was %s', (kind, name) => {
    const events = [orderEvent({ at: 99, kind, intendedQuantity: 1, reason: 'no funds' })];
    const input = symbolDay({
      prices: [[86_400, 110]],
      live: sideOf([], { orderEvents: events }),
      backtest: [{ at: 100, price: 100 }],
    });
    const { causes } = causesIn(input);
    expect(moneyOf(causes)).toEqual({ [name]: -10 });
    if (kind !== 'submitted') expect([...causes.sums.get(name)!.messages]).toEqual([['no funds', 1]]);
  });
});

describe('a pattern over the day', () => {
  const times = Array.from({ length: 12 }, (_, index) => 1_000.25 + 1_800 * index);
  const fills = (of: (index: number) => Partial<Fill>): Fill[] =>
    times.map((at, index) => ({ at, price: 100 + index, side: index % 2 === 0 ? 1 : -1, ...of(index) }));
  const day = (live: (index: number) => Partial<Fill>, backtest: (index: number) => Partial<Fill> = () => ({})) =>
    causesIn(symbolDay({ live: fills(live), backtest: fills(backtest), prices: [[86_400, 130]] })).causes;
  const counts = ({ sums }: DayCauses) =>
    Object.fromEntries([...sums].map(([name, { mainOrders }]) => [name, mainOrders]));

  it.each<[string, DayCauses, Partial<Record<CauseReason, number>>]>([
    ['all half of the size', day(() => ({ quantity: 0.5 })), { 'wrongSize.ratio': 12 }],
    [
      'all worse by about the same: the backtest pays no spread',
      day((index) => ({ price: 100 + index + (index % 2 === 0 ? 1 : -1) * (0.02 + 0.001 * (index % 3)) })),
      { 'priceSource.spread': 12 },
    ],
    [
      'all dearer by about the same, buys and sells: another price source',
      day((index) => ({ price: (100 + index) * 1.0004 + 0.001 * (index % 3) })),
      { 'priceSource.offset': 12 },
    ],
    [
      'worse and better by chance: execution',
      day((index) => ({ price: 100 + index + 0.03 * Math.sin(5 * index + 1) })),
      { 'execution.inTime': 12 },
    ],
    [
      'a backtest that stamps trades with its bars: nothing tells how late live was',
      day(
        (index) => ({ at: 1_000.25 + 1_800 * index, price: 100 + index + 0.03 * Math.sin(5 * index + 1) }),
        (index) => ({ at: 960 + 1_800 * index }),
      ),
      { 'execution.untold': 12 },
    ],
  ])('%s', (_, causes, expected) => {
    expect(counts(causes)).toMatchObject(expected);
    expect(causes.untold.some((remark) => remark.includes('bars of 1 minute'))).toBe('execution.untold' in expected);
  });

  it('a backtest price from another time than its fill is a price source, worth the difference to the market then', () => {
    // A price every 30 s that climbs by 0.01 a step; one backtest order has the close of ten minutes later.
    const prices = Array.from({ length: 2_880 }, (_, index) => [30 * index, 100 + 0.01 * index] as const);
    const at = (seconds: number) => 100 + (0.01 * seconds) / 30;
    const live = times.map((time): Fill => ({ at: time, price: at(time) }));
    const backtest = live.map((fill, index) => (index === 4 ? { ...fill, price: prices[300]![1] } : fill));
    const input = symbolDay({ live, backtest, prices });
    const { causes, result } = causesIn(input);
    expect(counts(causes)).toEqual({ 'priceSource.outsideMarket': 1 });
    expect(causes.sums.get('priceSource.outsideMarket')!.money).toBeCloseTo(result.report.attribution.gap, 9);
  });

  it('three orders missed in a row with nothing live in between are a gap in the live feed; one is not', () => {
    const live = fills(() => ({})).filter((_, index) => ![3, 4, 5, 9].includes(index));
    const { causes } = causesIn(symbolDay({ live, backtest: fills(() => ({})), prices: [[86_400, 110]] }));
    expect(counts(causes)).toEqual({ 'missed.liveGap': 3, 'missed.noLiveOrder': 1 });
  });

  it('an extra order is a duplicate beside its twin, manual without the id the others have', () => {
    const keyed = (index: number) => ({ clientOrderId: `s-${index}` });
    const extras: Fill[] = [
      { at: times[2]! + 3, price: 102, side: 1, clientOrderId: 'x' },
      { at: 40_000, price: 105 },
      { at: 50_000, price: 105, clientOrderId: 'y' },
    ];
    const input = symbolDay({
      live: [...fills(keyed), ...extras],
      backtest: fills(keyed),
      prices: [[86_400, 110]],
    });
    const { causes, result } = causesIn(input);
    expect(result.report.matches.extra).toBe(3);
    expect(counts(causes)).toEqual({ 'extra.duplicate': 1, 'extra.manual': 1, 'extra.notInBacktest': 1 });
    const rows = [...result.pairs.rows.kind].filter((kind) => kind === pairKindCode.extra);
    expect(rows).toHaveLength(3);
  });
});

describe('an order that undoes an earlier difference', () => {
  const entry: Fill = { at: 1_000.25, price: 100, clientOrderId: 'in' };
  const exit: Fill = { at: 2_000.25, price: 104, side: -1, clientOrderId: 'out' };
  const other: Fill = { at: 9_000.25, price: 101, quantity: 3, clientOrderId: 'other' };
  const prices: readonly (readonly [number, number])[] = [[86_400, 110]];

  it('is counted with the entry that was rejected: together the round trip that live missed', () => {
    const orderEvents = [orderEvent({ at: 1_000, kind: 'rejected', clientOrderId: 'in', reason: 'no funds' })];
    const live = sideOf([other], { orderEvents });
    const { causes } = causesIn(symbolDay({ live, backtest: [entry, exit, other], prices }));
    expect(moneyOf(causes)).toEqual({ 'missed.rejected': -4 });
    expect(causes.sums.get('missed.rejected')).toMatchObject({ orders: 2, mainOrders: 2, following: 1 });
  });

  it('is counted with the entry that was filled in part', () => {
    const live = [
      { ...entry, quantity: 0.4, intended: 1 },
      { ...exit, quantity: 0.4, intended: 0.4 },
    ];
    const { causes } = causesIn(symbolDay({ live, backtest: [entry, exit], prices }));
    expect(moneyOf(causes)).toEqual({ 'partial.live': -0.6 * 4 });
  });

  it('is counted with the position the day began with', () => {
    const input = symbolDay({
      live: sideOf([other], { positionAtStart: 0 }),
      backtest: sideOf([exit, other], { positionAtStart: 1 }),
      prices: [[0, 100], ...prices],
    });
    expect(moneyOf(causesIn(input).causes)).toEqual({ 'carry.carry': -4 });
  });

  it('is a cause of its own when it has evidence of its own, or is of another size', () => {
    const orderEvents = [orderEvent({ at: 2_000, kind: 'rejected', clientOrderId: 'out', side: 'sell' })];
    const rejected = symbolDay({ live: sideOf([other], { orderEvents }), backtest: [entry, exit, other], prices });
    expect(moneyOf(causesIn(rejected).causes)).toEqual({ 'missed.noLiveOrder': -10, 'missed.rejected': 6 });
    const halved = symbolDay({ live: [other], backtest: [entry, { ...exit, quantity: 0.5 }, other], prices });
    expect(causesIn(halved).causes.sums.get('missed.noLiveOrder')).toMatchObject({ orders: 2, following: 0 });
  });
});

it('every cause has a name of its own', () => {
  expect(new Set(causeReasons).size).toBe(causeReasons.length);
  expect(causeReasons.length).toBeLessThan(256);
});
