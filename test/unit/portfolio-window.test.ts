import { describe, expect, it } from 'vitest';
import { addUtcDays, DAY_US, HOUR_US } from '../../shared/base/time';
import { type Report, reportSchema } from '../../shared/parity/document';
import { computePortfolioDay } from '../../shared/parity/portfolio';
import { defaultParitySettings, type ParitySettings } from '../../shared/parity/settings';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { computeWindow } from '../../shared/parity/window';
import { type DayOptions, day, dayStartUs, type Fill, sideOf, symbolDay } from '../support/symbol-day';

const settings: ParitySettings = { ...defaultParitySettings, capital: 10_000, minMatchedOrders: 1, intervalsPerDay: 4 };

function portfolio(symbols: readonly DayOptions[], changes: Partial<ParitySettings> = {}) {
  const used = { ...settings, ...changes };
  const results = symbols.map((options) =>
    computeSymbolDay(symbolDay({ ...options, settings: { ...used, ...options.settings } })),
  );
  const whole = computePortfolioDay({
    strategy: 'trend',
    day,
    symbols: results,
    allocatedCapital: null,
    quarantinedRows: 2,
    nowUs: dayStartUs + 2 * DAY_US,
    settings: used,
    revision: 3,
    intervals: false,
  });
  return { ...whole, parts: results.map(({ report }) => report) };
}

/** A pair of buys whose live side is worse by `worse` in the first and by `later` in the second interval of six hours. */
const twoBuys = (worse: number, later: number): Pick<DayOptions, 'live' | 'backtest'> => {
  const buys = (first: number, second: number): Fill[] => [
    { at: 60, price: 100 + first, clientOrderId: 'a' },
    { at: 30_000, price: 100 + second, clientOrderId: 'b' },
  ];
  return { live: buys(worse, later), backtest: buys(0, 0) };
};

describe('portfolio day', () => {
  it('adds the interval differences before it squares them: opposite moves net, common ones add up', () => {
    // Marks are fills: imported prices keep the two symbols alike.
    const prices = [
      [0, 100],
      [21_600, 100],
      [43_200, 100],
      [64_800, 100],
      [86_400, 100],
    ] as const;
    const one = { symbol: 'BTC/USDT', prices, ...twoBuys(3, 4) };
    const netted = portfolio([one, { symbol: 'ETH/USDT', prices, ...twoBuys(-3, -4) }]);
    expect(netted.parts.map(({ trackingErrorBps }) => trackingErrorBps)).toEqual([5, 5]);
    expect(netted.report.trackingErrorBps).toBe(0);
    expect(netted.report.trackingDifferenceBps).toBe(0);
    const common = portfolio([one, { symbol: 'ETH/USDT', prices, ...twoBuys(3, 4) }]);
    expect(common.report.trackingErrorBps).toBeCloseTo(10, 12);
    expect(common.report.trackingDifferenceBps).toBeCloseTo(-14, 12);
    expect(common.report.attribution).toMatchObject({ gap: -14, price: -14, residual: 0 });
    expect(common.report.matches).toMatchObject({ matched: 4, byKey: 4 });
    expect(common.report.dataQuality.quarantinedRows).toBe(2);
    expect(common.series.differenceBps).toEqual([-6, -8, 0, 0]);
    expect(reportSchema.parse(common.report)).toEqual(common.report);
  });

  it('does not depend on the order of the symbols', () => {
    const a = { symbol: 'AAA/USDT', ...twoBuys(1, 2) };
    const b = { symbol: 'BBB/USDT', ...twoBuys(0.5, -2) };
    expect(JSON.stringify(portfolio([a, b]).report)).toBe(JSON.stringify(portfolio([b, a]).report));
  });

  it('estimates capital from the exposures held at one time', () => {
    const round = (from: number, price: number): Fill[] => [
      { at: from, price, clientOrderId: 'in' },
      { at: from + 100, price, side: -1, clientOrderId: 'out' },
    ];
    const symbol = (name: string, from: number, price: number) => ({
      symbol: name,
      live: round(from, price),
      backtest: round(from, price),
    });
    // 100 and 40 overlap for 50 s, 70 comes when both are closed; at 300 s one closes as the other opens.
    const overlap = [
      symbol('A/USDT', 0, 100),
      symbol('B/USDT', 50, 40),
      symbol('C/USDT', 300, 70),
      symbol('D/USDT', 200, 90),
    ];
    expect(portfolio(overlap, { capital: null }).report.capital).toEqual({ value: 140, basis: 'estimated' });
  });

  it('turns another quote currency into its own at the closing mark, or leaves the symbol out and says so', () => {
    const cross = {
      symbol: 'ETH/BTC',
      live: [{ at: 60, price: 0.051, clientOrderId: 'x' }],
      backtest: [{ at: 60, price: 0.05, clientOrderId: 'x' }],
    };
    const bitcoin = { symbol: 'BTC/USDT', ...twoBuys(0, 0) };
    const ether = { symbol: 'ETH/USDT', ...twoBuys(0, 0) };
    const { report } = portfolio([bitcoin, ether, cross]);
    expect(report.currency).toBe('USDT');
    expect(report.attribution.gap).toBeCloseTo(-0.001 * 100, 12);
    expect(report.status).toBe('PASS');
    const without = portfolio([ether, { ...ether, symbol: 'SOL/USDT' }, cross]).report;
    expect(without.attribution.gap).toBe(0);
    expect(without.status).toBe('UNKNOWN');
    expect(without.reasons[0]).toEqual({ code: 'currency-mixed', message: 'no price turns ETH/BTC into USDT' });
  });

  it('is UNKNOWN when one symbol is incomplete, and names it', () => {
    const silent = sideOf([], { coverage: null });
    const { report } = portfolio([
      { symbol: 'BTC/USDT', ...twoBuys(0, 0) },
      { symbol: 'ETH/USDT', ...twoBuys(0, 0), live: silent },
    ]);
    expect(report.status).toBe('UNKNOWN');
    expect(report.reasons).toEqual([
      { code: 'side-absent', message: 'ETH/USDT: no live log covers this day, on which the backtest has 2 orders' },
    ]);
    expect(report.symbols.map(({ symbol }) => symbol)).toEqual(['ETH/USDT', 'BTC/USDT']);
  });

  it('shows whether the symbols share a cause', () => {
    const wave = (sign: number): Pick<DayOptions, 'live' | 'backtest'> => {
      const fills = (worse: number): Fill[] =>
        Array.from({ length: 24 }, (_, hour) => ({
          at: hour * 3_600 + 60,
          price: 100 + worse * Math.sin(hour + 1),
          quantity: 1,
          clientOrderId: `h${hour}`,
          side: hour % 2 === 0 ? 1 : -1,
        }));
      return { live: fills(sign), backtest: fills(0) };
    };
    const hourly = { intervalsPerDay: 24 };
    const { report } = portfolio(
      [
        { symbol: 'A/USDT', ...wave(1) },
        { symbol: 'B/USDT', ...wave(1) },
        { symbol: 'C/USDT', ...twoBuys(1, 1) },
      ],
      hourly,
    );
    expect(report.correlation?.symbols).toEqual(['A/USDT', 'B/USDT']);
    expect(report.correlation?.pairs).toEqual([
      {
        a: 'A/USDT',
        b: 'B/USDT',
        pearson: expect.closeTo(1, 9),
        spearman: expect.closeTo(1, 9),
        intervals: expect.any(Number),
      },
    ]);
    expect(report.correlation?.firstComponentShare).toBeCloseTo(1, 9);
    expect(portfolio([{ symbol: 'A/USDT', ...wave(1) }], hourly).report.correlation).toBeNull();
  });
});

describe('window of days', () => {
  /** A day with the given cost of one buy, in basis points of capital. */
  const dayReport = (offset: number, cost: number, options: DayOptions = {}): Report => {
    const shifted = (fills: readonly Fill[]): Fill[] =>
      fills.map((fill) => ({ ...fill, at: fill.at + offset * 86_400 }));
    return computeSymbolDay(
      symbolDay({
        day: addUtcDays(day, offset),
        live: shifted([{ at: 60, price: 100 + cost, fee: 0.1, clientOrderId: 'a' }]),
        backtest: shifted([{ at: 60, price: 100, fee: 0.1, clientOrderId: 'a' }]),
        nowUs: dayStartUs + offset * DAY_US + 48 * HOUR_US,
        prices: [0, 6, 12, 18, 24].map((hour) => [offset * 86_400 + hour * 3_600, 100] as const),
        ...options,
        settings: { ...settings, ...options.settings },
      }),
    ).report;
  };

  it('adds up the money and spreads the daily differences', () => {
    const window = computeWindow([dayReport(2, 6), dayReport(0, 2), dayReport(1, 4)], settings);
    expect(window.key).toMatchObject({ from: day, to: addUtcDays(day, 2), symbol: 'BTC/USDT' });
    expect(window.attribution).toMatchObject({ gap: -12, price: -12, residual: expect.closeTo(0, 12) });
    expect(window.trackingDifferenceBps).toBeCloseTo(-4, 12); // mean of -2, -4, -6
    expect(window.trackingErrorBps).toBeCloseTo(Math.sqrt((4 + 16 + 36) / 3), 12);
    expect(window.window).toEqual({
      days: 3,
      trackingErrorWindowBps: expect.closeTo(2, 12),
      // chi-square with 2 degrees of freedom: 0.521 to 6.285 times the figure
      trackingErrorWindowInterval: expect.objectContaining({
        lower: expect.closeTo(2 * 0.5207, 3),
        upper: expect.closeTo(2 * 6.2847, 3),
      }),
      meanTrackingDifferenceBps: expect.closeTo(-4, 12),
      annualisedTrackingErrorBps: expect.closeTo(2 * Math.sqrt(365), 9),
      annualisationDays: 365,
    });
    // -4 +- 4.3027 * 2 / sqrt 3, Student's t with 2 degrees of freedom
    expect(window.trackingDifferenceInterval?.lower).toBeCloseTo(-4 - 4.968, 3);
    expect(window.trackingDifferenceInterval?.upper).toBeCloseTo(-4 + 4.968, 3);
    expect(window.slippage.meanBps).toBeCloseTo(400, 9); // 200, 400, 600 bps at equal weight
    expect(window.slippage.p50Bps).toBeNull();
    expect(window.matches.matched).toBe(3);
    expect(window.status).toBe('PASS');
    expect(reportSchema.parse(window)).toEqual(window);
  });

  it('judges days too small to be judged alone, but not days with data missing', () => {
    const few = { ...settings, minMatchedOrders: 3 };
    const small = [0, 1, 2].map((offset) => dayReport(offset, 0, { settings: few }));
    expect(small.map(({ status }) => status)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
    expect(computeWindow(small, few).status).toBe('PASS');
    expect(computeWindow(small.slice(1), few).status).toBe('UNKNOWN');
    const open = dayReport(3, 0, { nowUs: dayStartUs + 3 * DAY_US + HOUR_US });
    const window = computeWindow([...small, open], few);
    expect(window.status).toBe('UNKNOWN');
    expect(window.reasons[0]).toMatchObject({ code: 'day-open' });
    expect(window.dataQuality.dayClosed).toBe(false);
  });

  it('names where the mean capital comes from, though the last day had none', () => {
    const own = { ...settings, capital: null };
    const liveOnly = dayReport(1, 0, { settings: own, backtest: [] });
    expect(liveOnly.capital).toEqual({ value: null, basis: 'none' });
    expect(computeWindow([dayReport(0, 0, { settings: own }), liveOnly], own).capital).toEqual({
      value: 100,
      basis: 'estimated',
    });
  });

  it('does not pass over a failed day', () => {
    const window = computeWindow(
      [0, 0, 0, 0, 0, 30].map((cost, offset) => dayReport(offset, cost)),
      settings,
    );
    expect(window.worstTrackingBps).toBeLessThan(15);
    expect(window.status).toBe('WARN');
    expect(window.reasons.at(-1)).toEqual({ code: 'failed-days', message: '1 of 6 days FAIL' });
    expect(window.breaches.map(({ metric, severity }) => [metric, severity])).toEqual([
      ['trackingErrorBps', 'critical'],
      ['trackingDifferenceBps', 'critical'],
    ]);
  });

  it('is the report itself for one day', () => {
    const only = dayReport(0, 1);
    expect(computeWindow([only], settings)).toBe(only);
    expect(() => computeWindow([], settings)).toThrow('at least one');
  });
});
