import { describe, expect, it } from 'vitest';
import { HOUR_US } from '../../shared/base/time';
import { reportSchema } from '../../shared/parity/document';
import { scoreOf } from '../../shared/parity/score';
import { defaultParitySettings } from '../../shared/parity/settings';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { verdictOf } from '../../shared/parity/verdict';
import { type DayOptions, dayStartUs, type Fill, orderEvent, sideOf, symbolDay } from '../support/symbol-day';

const calm = { trackingErrorBps: 0, trackingDifferenceBps: 0, feeDifferenceBps: 0, latencyDifferenceMs: 0 };

describe('status by figures', () => {
  it.each([
    ['all calm', {}, 'PASS'],
    ['tracking error below the warning', { trackingErrorBps: 14.999 }, 'PASS'],
    ['tracking error at the warning', { trackingErrorBps: 15 }, 'WARN'],
    ['tracking error at the limit', { trackingErrorBps: 20 }, 'FAIL'],
    ['tracking difference at the limit, downwards', { trackingDifferenceBps: -20 }, 'FAIL'],
    ['tracking difference at the warning, upwards', { trackingDifferenceBps: 15 }, 'WARN'],
    ['fee difference at the warning', { feeDifferenceBps: 3 }, 'PASS'],
    ['fee difference above the warning', { feeDifferenceBps: -3.01 }, 'WARN'],
    ['fee difference at the limit', { feeDifferenceBps: 5 }, 'WARN'],
    ['fee difference above the limit', { feeDifferenceBps: -5.01 }, 'FAIL'],
    ['latency at the warning', { latencyDifferenceMs: 75 }, 'PASS'],
    ['latency above the warning', { latencyDifferenceMs: 75.1 }, 'WARN'],
    ['latency above the limit', { latencyDifferenceMs: 100.1 }, 'FAIL'],
    ['live faster than the backtest', { latencyDifferenceMs: -500 }, 'PASS'],
    ['fees unknown', { feeDifferenceBps: Number.NaN }, 'WARN'],
  ] as const)('%s', (_, figures, status) => {
    expect(verdictOf({ ...calm, ...figures }, [], defaultParitySettings).status).toBe(status);
  });

  it('says why, worst first, and missing evidence does not hide a broken limit', () => {
    const figures = { ...calm, trackingErrorBps: 27.44, feeDifferenceBps: 3.2 };
    const missing = [{ code: 'too-few-pairs', message: '3 matched orders < 10' }];
    expect(verdictOf(figures, missing, defaultParitySettings)).toEqual({
      status: 'UNKNOWN',
      reasons: [
        { code: 'too-few-pairs', message: '3 matched orders < 10' },
        { code: 'tracking-error', message: 'tracking error 27.4 bps/day >= 20' },
        { code: 'fee-difference', message: 'fee difference +3.2 bps, size > 3' },
      ],
    });
  });
});

describe('score', () => {
  const perfect = {
    worstTrackingBps: 0,
    feeDifferenceBps: 0,
    latencyDifferenceMs: 0,
    partialFillRateDifference: 0,
    matchRate: 1,
  };
  it.each([
    [{}, 100],
    [{ worstTrackingBps: 20 }, 90],
    [{ worstTrackingBps: 1_000 }, 70],
    [{ feeDifferenceBps: -5 }, 94],
    [{ feeDifferenceBps: 50 }, 80],
    [{ latencyDifferenceMs: 100 }, 95],
    [{ latencyDifferenceMs: 9_000 }, 75],
    [{ partialFillRateDifference: 0.05 }, 100],
    [{ partialFillRateDifference: -0.06 }, 88],
    [{ partialFillRateDifference: 1 }, 85],
    [{ matchRate: 0.97 }, 97],
    [{ matchRate: 0 }, 90],
    [{ feeDifferenceBps: Number.NaN }, null],
    [
      {
        worstTrackingBps: 1e6,
        feeDifferenceBps: 1e6,
        latencyDifferenceMs: 1e6,
        partialFillRateDifference: 1,
        matchRate: 0,
      },
      0,
    ],
  ])('%j -> %s', (figures, expected) => {
    const { score, points } = scoreOf({ ...perfect, ...figures }, defaultParitySettings);
    if (expected === null) expect(score).toBeNull();
    else {
      expect(score).toBeCloseTo(expected, 9);
      expect((score ?? 0) + Object.values(points).reduce<number>((sum, lost) => sum + (lost ?? 0), 0)).toBeCloseTo(
        100,
        9,
      );
    }
  });
});

const pairs = (count: number): Fill[] =>
  Array.from({ length: count }, (_, index) => ({ at: 3_600 + index * 60, price: 100, clientOrderId: `k${index}` }));

describe('a day that cannot be judged', () => {
  const span = (fromHour: number, toHour: number) => ({
    coverage: { firstUs: dayStartUs + fromHour * HOUR_US, lastUs: dayStartUs + toHour * HOUR_US },
  });
  const late: Fill[] = [...pairs(12), { at: 20 * 3_600, price: 100, clientOrderId: 'late' }];
  const tooFew = 'too-few-pairs';
  it.each<[string, DayOptions, string[], string]>([
    ['enough pairs, closed, covered', { live: pairs(12), backtest: pairs(12) }, [], 'PASS'],
    ['nine pairs', { live: pairs(9), backtest: pairs(9) }, [tooFew], 'UNKNOWN'],
    [
      'the grace period still runs',
      { live: pairs(12), backtest: pairs(12), nowUs: dayStartUs + 25 * HOUR_US - 1 },
      ['day-open'],
      'UNKNOWN',
    ],
    [
      'the grace period has just ended',
      { live: pairs(12), backtest: pairs(12), nowUs: dayStartUs + 25 * HOUR_US },
      [],
      'PASS',
    ],
    ['nothing at all', {}, ['no-data', tooFew], 'UNKNOWN'],
    ['no live log', { live: sideOf([], { coverage: null }), backtest: pairs(12) }, ['side-absent', tooFew], 'UNKNOWN'],
    ['live was watched and silent', { live: sideOf([]), backtest: pairs(12) }, ['side-silent', tooFew], 'UNKNOWN'],
    [
      'no backtest',
      { live: pairs(12), backtest: sideOf([], { coverage: null }), settings: { capital: null } },
      ['side-absent', tooFew, 'capital-unknown'],
      'UNKNOWN',
    ],
    [
      'the live log ends hours before the last backtest trade',
      { live: sideOf(pairs(12), span(-24, 5)), backtest: late },
      ['coverage'],
      'UNKNOWN',
    ],
    [
      'the backtest log begins hours after the first live trade',
      { live: late, backtest: sideOf(pairs(12), span(3, 24)) },
      ['coverage'],
      'UNKNOWN',
    ],
    ['the live log ends within the tolerance', { live: sideOf(late, span(-24, 19.5)), backtest: late }, [], 'PASS'],
    [
      'positions differ and nothing tells the price at the start',
      { live: sideOf(pairs(12), { positionAtStart: 1 }), backtest: pairs(12) },
      ['mark-missing'],
      'UNKNOWN',
    ],
  ])('%s', (_, options, codes, status) => {
    const { report } = computeSymbolDay(
      symbolDay({ ...options, settings: { minMatchedOrders: 10, ...options.settings } }),
    );
    expect(report.reasons.map(({ code }) => code)).toEqual(codes);
    expect(report.status).toBe(status);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('is null, not zero, where nothing is known', () => {
    const { report, series } = computeSymbolDay(symbolDay({ settings: { capital: null } }));
    expect(report).toMatchObject({
      trackingErrorBps: null,
      trackingDifferenceBps: null,
      worstTrackingBps: null,
      feeDifferenceBps: null,
      latencyDifferenceMs: null,
      matchRate: null,
      executionQualityScore: null,
      capital: { value: null, basis: 'none' },
      latency: { basis: 'none' },
    });
    expect(series.differenceBps.every((value) => value === null)).toBe(true);
  });
});

describe('evidence that is left out is counted and said', () => {
  const day = (live: Fill[], options: DayOptions = {}) =>
    computeSymbolDay(symbolDay({ live, backtest: [{ at: 60, price: 100, fee: 0.1, clientOrderId: 'a' }], ...options }))
      .report;
  const fill: Fill = { at: 60, price: 100, clientOrderId: 'a' };
  const bnb: Fill = { ...fill, fee: 0.001, feeCurrency: 'BNB' };
  const series = (at: number, price: number) => ({
    atUs: Float64Array.of(dayStartUs + at * 1e6),
    price: Float64Array.of(price),
  });

  it.each<[string, Fill, Map<string, ReturnType<typeof series>>, number | null]>([
    ['quote as is', { ...fill, fee: 0.3 }, new Map(), 30],
    ['a rebate', { ...fill, fee: -0.3 }, new Map(), -30],
    ['base at the fill price', { ...fill, fee: 0.003, feeCurrency: 'BTC' }, new Map(), 30],
    ['another at its last price', bnb, new Map([['BNB/USDT', series(0, 300)]]), 30],
    ['the inverse', bnb, new Map([['USDT/BNB', series(0, 1 / 300)]]), 30],
    ['a price from after the fill does not count', bnb, new Map([['BNB/USDT', series(61, 300)]]), null],
    ['nor one older than an hour', bnb, new Map([['BNB/USDT', series(-3_541, 300)]]), null],
    ['nor none at all', bnb, new Map(), null],
    ['zero in any currency is zero', { ...bnb, fee: 0 }, new Map(), 0],
    ['a fee without a currency', { ...bnb, feeCurrency: '' }, new Map(), null],
    ['no fee in the log', { ...fill, fee: null }, new Map(), null],
  ])('fees: %s', (_, live, feePrices, expectedBps) => {
    const report = day([live], { feePrices });
    if (expectedBps === null) {
      expect(report.feeDifferenceBps).toBeNull();
      expect(report.status).not.toBe('PASS');
      expect(report.dataQuality.unpricedFees + report.dataQuality.unknownFees).toBe(1);
      expect(report.dataQuality.notes).toHaveLength(1);
      // The gap is made of known fees alone, and still adds up.
      expect(report.attribution).toMatchObject({ gap: 0.1, fees: 0.1, residual: 0 });
    } else {
      expect(report.fees.liveBps).toBeCloseTo(expectedBps, 9);
      expect(report.dataQuality).toMatchObject({ unpricedFees: 0, unknownFees: 0, notes: [] });
    }
  });

  it('falls back from decision to submission to displacement, and says which', () => {
    const at = { price: 100, clientOrderId: 'a' };
    const basis = (live: Partial<Fill>, backtest: Partial<Fill>) => {
      const { report } = computeSymbolDay(
        symbolDay({ live: [{ at: 61, ...at, ...live }], backtest: [{ at: 60, ...at, ...backtest }] }),
      );
      return [report.latency.basis, report.latencyDifferenceMs];
    };
    expect(basis({ decidedAt: 60, submittedAt: 60.5 }, { decidedAt: 60, submittedAt: 60 })).toEqual([
      'decision',
      1_000,
    ]);
    expect(basis({ submittedAt: 60.5 }, { submittedAt: 60 })).toEqual(['submission', 500]);
    expect(basis({ decidedAt: 60 }, { submittedAt: 60 })).toEqual(['displacement', 1_000]);
  });

  it('says when the marks are old, when clocks disagree and when an order is older than the day', () => {
    const notes = (live: Fill[], more: DayOptions = {}) => day(live, more).dataQuality.notes.join(' ');
    expect(notes([{ ...fill, decidedAt: 61 }])).toContain('check the clocks');
    expect(notes([{ ...fill, submittedAt: -5, intended: 9 }])).toContain('sent before the day began');
    expect(day([{ ...fill, submittedAt: -5, intended: 9 }]).partialFills.liveOrders).toBe(0);
    // Half of the position is missed at 60 s; the only later price is hours old at the end of every later interval.
    const stale = day([{ ...fill, quantity: 0.5 }]).dataQuality.staleMarks;
    expect(stale).toBe(23);
  });

  it('keeps the status of cancelled, partial and open orders apart', () => {
    const events = [
      orderEvent({ at: 50, kind: 'submitted', orderId: '1', intendedQuantity: 4 }),
      orderEvent({ at: 70, kind: 'cancelled', orderId: '1' }),
      orderEvent({ at: 50, kind: 'submitted', orderId: '2', intendedQuantity: 4 }),
      orderEvent({ at: 55, kind: 'expired', orderId: '2', reason: 'time in force' }),
      orderEvent({ at: 50, kind: 'submitted', orderId: '3' }),
    ];
    const { report, pairs: table } = computeSymbolDay(
      symbolDay({ live: sideOf([{ ...fill, orderId: '1' }], { orderEvents: events }), backtest: [fill] }),
    );
    const rows = Array.from({ length: table.count }, (_, row) => table.pairRowAt(row).live);
    expect(rows.map((row) => [row?.orderId, row?.status, row?.intendedQuantity, row?.filledQuantity])).toEqual([
      ['2', 'cancelled', 4, 0],
      ['3', 'open', null, 0],
      ['1', 'partial', 4, 1],
    ]);
    expect(report.orders).toEqual({ live: 3, backtest: 1, liveRejected: 0, liveCancelled: 1 });
    expect(report.partialFills).toMatchObject({ liveRate: 1, liveOrders: 1, liveFillRatio: 1 / 8 });
  });
});
