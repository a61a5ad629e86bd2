import { describe, expect, it } from 'vitest';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { type DayOptions, dayStartUs, type Fill, orderEvent, sideOf, symbolDay } from '../support/symbol-day';

/*
 * One small day worked out by hand. Capital 10,000, so one unit of money is one basis point; four intervals of six hours, an imported
 * price at each end: 100 (start), 104, 102, 108, 110 (end).
 *
 *   order    live                         backtest                    how
 *   A buy    2   at 101, fee 0.20         2 at 100, fee 0.10          client order id, arrival price 100.4
 *   B sell   0.5 at 104, fee 0.03         1 at 105, fee 0.05          2 s apart
 *   C buy    -                            1 at 103, fee 0.05          missed
 *   D sell   1   at 107, fee 0.10         -                           extra
 *   held     1                            0.5                         at the start
 */
const live: Fill[] = [
  {
    at: 3_600.05,
    price: 101,
    quantity: 2,
    fee: 0.2,
    clientOrderId: 'a',
    decidedAt: 3_599.99,
    arrivalPrice: 100.4,
    liquidity: 'maker',
  },
  { at: 30_002, side: -1, price: 104, quantity: 0.5, fee: 0.03, decidedAt: 30_001.9, liquidity: 'taker' },
  { at: 70_000, side: -1, price: 107, quantity: 1, fee: 0.1, intended: 1 },
];
const backtest: Fill[] = [
  { at: 3_600, price: 100, quantity: 2, fee: 0.1, clientOrderId: 'a', decidedAt: 3_600 },
  { at: 30_000, side: -1, price: 105, quantity: 1, fee: 0.05, decidedAt: 30_000 },
  { at: 50_000, price: 103, quantity: 1, fee: 0.05 },
];
const theDay = ({ settings, ...options }: DayOptions = {}) =>
  computeSymbolDay(
    symbolDay({
      live: sideOf(live, { positionAtStart: 1 }),
      backtest: sideOf(backtest, { positionAtStart: 0.5 }),
      prices: [
        [0, 100],
        [21_600, 104],
        [43_200, 102],
        [64_800, 108],
        [86_400, 110],
      ],
      settings: { intervalsPerDay: 4, ...settings },
      ...options,
    }),
  );

describe('a day by hand', () => {
  const { report, series, pairs, contribution } = theDay();
  const near = (value: number | null) => ({ to: (expected: number) => expect(value).toBeCloseTo(expected, 9) });

  it('splits the gap of -5.13', () => {
    const { attribution } = report;
    near(report.pnl.live).to(21.67); // 1 * 10 + 2 * 9 - 0.2 - 0.5 * 6 - 0.03 - 1 * 3 - 0.1
    near(report.pnl.backtest).to(26.8); // 0.5 * 10 + 2 * 10 - 0.1 - 1 * 5 - 0.05 + 1 * 7 - 0.05
    near(attribution.gap).to(-5.13);
    near(attribution.price).to(-2.5); // A -2 * (101 - 100), B +0.5 * (104 - 105)
    near(attribution.delay).to(-0.8); // A -2 * (100.4 - 100)
    near(attribution.execution).to(-1.2); // A -2 * (101 - 100.4)
    near(attribution.quantity).to(2.5); // B -(0.5 - 1) * (110 - 105)
    near(attribution.fees).to(-0.08); // -(0.23 - 0.15)
    near(attribution.missed).to(-6.95); // -(1 * (110 - 103) - 0.05)
    near(attribution.extra).to(-3.1); // -1 * (110 - 107) - 0.1
    near(attribution.carry).to(5); // (1 - 0.5) * (110 - 100)
    near(attribution.residual).to(0);
    expect(report.grossNotional).toBe(769);
  });

  it('tracks the difference of the equities over the intervals', () => {
    // Live 9.8, 4.77, 19.77, 21.67 minus backtest 9.9, 7.85, 21.8, 26.8: apart -0.1, -3.08, -2.03, -5.13.
    const expected = [-0.1, -2.98, 1.05, -3.1];
    for (const [index, value] of expected.entries()) near(series.differenceBps[index]!).to(value);
    near(series.liveEquity[1]!).to(4.77);
    near(series.backtestEquity[2]!).to(21.8);
    near(report.trackingErrorBps).to(Math.sqrt(0.01 + 8.8804 + 1.1025 + 9.61));
    near(report.trackingDifferenceBps).to(-5.13);
    near(report.worstTrackingBps).to(5.13);
  });

  it('measures slippage, fees, latency, fills and matching', () => {
    const { slippage, fees, latency, partialFills, impact } = report;
    // A 100 bps with weight 200, B 1/105 = 95.238 bps with weight 52.5; of two values the deviation is their distance over sqrt 2.
    const b = 1e4 / 105;
    near(slippage.meanBps).to(25_000 / 252.5);
    near(slippage.deviationBps).to((100 - b) / Math.SQRT2);
    near(slippage.rmsBps).to(Math.sqrt((200 * 1e4 + 52.5 * b * b) / 252.5));
    near(slippage.p50Bps).to((100 + b) / 2);
    near(slippage.p5Bps).to(b + 0.05 * (100 - b));
    near(slippage.p95Bps).to(b + 0.95 * (100 - b));
    near(fees.liveBps).to((0.23 / 254) * 1e4);
    near(fees.backtestBps).to((0.15 / 305) * 1e4);
    near(report.feeDifferenceBps).to(9.055118110236222 - 4.918032786885246);
    near(fees.liveMakerShare).to(202 / 254);
    expect(fees.backtestMakerShare).toBeNull();
    expect(latency.basis).toBe('decision');
    near(latency.live.mean).to(80); // 60 and 100 ms
    near(latency.live.p95).to(98);
    near(latency.backtest.mean).to(0);
    near(report.latencyDifferenceMs).to(80);
    near(partialFills.liveRate).to(1 / 3); // B of A, B, D
    near(partialFills.liveFillRatio).to(3.5 / 4);
    near(partialFills.backtestRate).to(0);
    near(report.partialFillRateDifference).to(1 / 3);
    near(report.matchRate).to(279.5 / 489.5); // A 201, B 78.5; C 103, D 107
    expect(impact).toEqual({ slopeBpsPerSqrtNotional: null, standardError: null, pairs: 2 });
    expect(report.matches).toEqual({
      matched: 2,
      byKey: 1,
      byTime: 1,
      missed: 1,
      extra: 1,
      ambiguous: 0,
      timeConfidence: 1 - 9.5 / 75,
    }); // 2 s and half the size
  });

  it('scores it, takes points per cause, and warns with the figures', () => {
    const { fees, ...others } = report.scorePoints;
    near(fees).to(3 * (4.137085323350976 - 3));
    near(others.latency).to(1); // 0.2 * (80 - 75)
    expect({ ...others, latency: 0 }).toEqual({ tracking: 0, latency: 0, partialFills: 15, unmatched: 10 });
    near(report.executionQualityScore).to(74 - 3 * 1.137085323350976);
    expect(report.status).toBe('WARN');
    expect(report.reasons).toEqual([
      { code: 'fee-difference', message: 'fee difference +4.1 bps, size > 3' },
      { code: 'latency-difference', message: 'latency difference 80.0 ms > 75' },
    ]);
    expect(report.breaches.map(({ metric, severity, limit }) => [metric, severity, limit])).toEqual([
      ['feeDifferenceBps', 'warning', 3],
      ['latencyDifferenceMs', 'warning', 75],
    ]);
    // The first pair alone: 9.9 against 5 bps, done at 3,600.05 s; 60 ms is no breach, the mean with B is.
    expect(report.breaches.map(({ firstSeenUs }) => (firstSeenUs - dayStartUs) / 1e6)).toEqual([3_600.05, 30_002]);
  });

  it('estimates the capital from the backtest exposure: 2.5 held at 103 after C', () => {
    const estimated = theDay({ settings: { capital: null } }).report;
    expect(estimated.capital).toEqual({ value: 257.5, basis: 'estimated' });
    near(estimated.trackingDifferenceBps).to((1e4 * -5.13) / 257.5);
    const allocated = theDay({ settings: { capital: null }, allocatedCapital: 500 }).report;
    expect(allocated.capital).toEqual({ value: 500, basis: 'allocated' });
    expect(Array.from(contribution.exposure)).toEqual([50, 250, 157.5, 257.5]);
    expect(contribution.largestOrder).toBe(200);
  });

  it('puts the orders side by side and leads down to their fills', () => {
    const rows = Array.from({ length: pairs.count }, (_, row) => pairs.pairRowAt(row));
    expect(rows.map(({ kind, live: l, backtest: b }) => [kind, l?.id ?? null, b?.id ?? null])).toEqual([
      ['matched', 'live:0', 'backtest:0'],
      ['matched', 'live:1', 'backtest:1'],
      ['missed', null, 'backtest:2'],
      ['extra', 'live:2', null],
    ]);
    expect(rows[0]).toMatchObject({ matchedBy: 'key', confidence: 1, timeGapMs: 50, slippageBps: 100, latencyMs: 60 });
    expect(rows[1]).toMatchObject({ matchedBy: 'time', timeGapMs: 2_000, live: { status: 'partial' } });
    for (const [row, gap] of [-2.1, 2.02, -6.95, -3.1].entries()) near(rows[row]!.gap).to(gap);
    const select = (sort: 'gap' | 'slippage' | 'time', descending: boolean) =>
      Array.from(pairs.select({ kind: 'all', sort, descending }));
    expect(select('gap', false)).toEqual([2, 3, 0, 1]);
    expect(select('slippage', true)).toEqual([0, 1, 2, 3]);
    expect(select('slippage', false)).toEqual([1, 0, 2, 3]);
    expect(select('time', true)).toEqual([3, 2, 1, 0]);
    expect(Array.from(pairs.select({ kind: 'extra', sort: 'time', descending: false }))).toEqual([3]);
    expect(pairs.fillsOf('live:1')).toEqual({ source: 'live', rows: Uint32Array.of(1) });
    expect(pairs.rowOf('backtest:2')).toBe(2);
    expect([pairs.rowOf('live:9'), pairs.rowOf('nonsense'), pairs.fillsOf('backtest:3')]).toEqual([null, null, null]);
    expect(Array.from(pairs.points().notional)).toEqual([200, 52.5]);
  });

  it('recommends what the day worked out again would have changed', () => {
    // Capital 100: a unit of money is 100 bps, the tracking difference -513.
    const { recommendations } = theDay({ settings: { capital: 100 } }).report;
    const effects = Object.fromEntries(
      recommendations.map(({ topic, expectedEffectBps }) => [topic, expectedEffectBps]),
    );
    near(effects['missed orders']!).to(695);
    near(effects['carry']!).to(-500);
    near(effects['extra orders']!).to(310);
    near(effects['order size']!).to(-252.5); // B is half: 2.5 of its price difference and half of its fee of 0.05
    // All backtest orders 99.0099 bps worse: 2 * 100 + 1 * 105 + 1 * 103 = 408 of notional. Their fees keep their rates: 0.0990 bps
    // more for the buys (0.10 and 0.05), less for the sell (0.05).
    near(effects['slippage']!).to((408 + 0.1 - 0.05 + 0.05) * 99.00990099009901 * 1e-4 * 100);
    expect(recommendations[0]).toEqual({
      topic: 'missed orders',
      what: 'Find out why 1 backtest order had no live fill: with them the tracking difference would have been +182.0 instead of -513.0 bps.',
      why: 'Missed orders explain 135.5 % of the gap (-6.95 USDT).',
      expectedEffectBps: effects['missed orders'],
    });
    // Fees: 408 at 9.0551 bps instead of 0.20 is the sixth effect (16.9 bps) and gives way to larger ones.
    expect(effects['fees']).toBeUndefined();
    const feesOnly = computeSymbolDay(
      symbolDay({
        live: [{ at: 10, price: 100, quantity: 1, fee: 0.07, clientOrderId: 'x', liquidity: 'taker' }],
        backtest: [{ at: 10, price: 100, quantity: 1, fee: 0.02, clientOrderId: 'x' }],
        settings: { capital: 100 },
      }),
    ).report.recommendations;
    expect(feesOnly).toEqual([
      {
        topic: 'fees',
        what: 'Set the backtest fee to 7.0 bps: the tracking difference would have been 0.0 instead of -5.0 bps.',
        why: 'Fees explain 100.0 % of the gap: live paid 7.0 bps (taker share 100 %), the backtest assumed 2.0 bps.',
        expectedEffectBps: expect.closeTo(5, 9),
      },
    ]);
  });

  it('counts a rejected order without touching the money', () => {
    const rejected = orderEvent({
      at: 50_000.1,
      clientOrderId: 'c',
      orderId: 'x',
      kind: 'rejected',
      intendedQuantity: 2,
    });
    const withEvent = theDay({ live: sideOf(live, { positionAtStart: 1, orderEvents: [rejected] }) });
    expect(withEvent.report.attribution).toEqual(report.attribution);
    expect(withEvent.report.trackingErrorBps).toBe(report.trackingErrorBps);
    expect(withEvent.report.matches).toEqual(report.matches);
    expect(withEvent.report.orders).toEqual({ live: 4, backtest: 3, liveRejected: 1, liveCancelled: 0 });
    near(withEvent.report.partialFills.liveRate).to(1 / 3);
    near(withEvent.report.partialFills.liveFillRatio).to(3.5 / 6);
    const row = withEvent.pairs.pairRowAt(withEvent.pairs.rowOf('live:3')!);
    expect(row).toMatchObject({
      kind: 'unfilled',
      gap: 0,
      backtest: null,
      live: { status: 'rejected', orderId: 'x', averagePrice: null, firstFillUs: null, filledQuantity: 0 },
    });
  });
});
