import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annualisedSharpe, minimumTrackRecord, sharpeSample } from '../../shared/base/sharpe';
import { addUtcDays } from '../../shared/base/time';
import type { Report } from '../../shared/parity/document';
import { defaultParitySettings } from '../../shared/parity/settings';
import { statisticsOf, statisticsSchema } from '../../shared/parity/statistics';
import { comparisonWords } from '../../shared/parity/statistics-words';
import { computeSymbolDay } from '../../shared/parity/symbol-day';
import { day, symbolDay } from '../support/symbol-day';

const anyDay = computeSymbolDay(
  symbolDay({ live: [{ at: 60, price: 100 }], backtest: [{ at: 60, price: 100 }], prices: [[86_399, 100]] }),
).report;

interface Day {
  readonly live: number;
  readonly backtest?: number;
  readonly rest?: Partial<Report>;
}

/** Daily reports of consecutive days with the given returns on a capital of 1,000. */
function reports(days: readonly Day[], step = 1): Report[] {
  return days.map(({ live, backtest = live, rest = {} }, index) => {
    const at = addUtcDays(day, index * step);
    return {
      ...anyDay,
      key: { ...anyDay.key, from: at, to: at },
      capital: { value: 1_000, basis: 'configured' },
      pnl: { live: live * 1_000, backtest: backtest * 1_000 },
      reasons: [],
      ...rest,
    };
  });
}

const settings = { ...defaultParitySettings, annualisationDays: 252 } as const;
const eight = [0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];
const ofReturns = (returns: readonly number[]) => statisticsOf(reports(returns.map((live) => ({ live }))), settings);

describe('a window', () => {
  it('has the figures of its daily returns, on both sides', () => {
    const statistics = statisticsSchema.parse(
      statisticsOf(reports(eight.map((backtest) => ({ live: backtest - 0.001, backtest }))), settings),
    );
    expect(statistics.state).toBe('enough-days');
    expect(statistics.days).toBe(8);
    expect(statistics.backtest.sharpe.value).toBeCloseTo(1.7239, 4);
    expect(statistics.backtest.sortino.value).toBeCloseTo(2.6055, 4);
    expect(statistics.backtest.leanSharpe.value).toBeCloseTo(4.167, 3);
    expect(statistics.backtest.maxDrawdown.value).toBeCloseTo(-0.1, 9);
    // A tenth of a percent less every day moves the mean and leaves the deviation.
    const perDay = annualisedSharpe(eight, 1) / (0.00625 / (0.00625 - 0.001));
    expect(statistics.live.sharpe.value).toBeCloseTo(perDay * Math.sqrt(252), 9);
    expect(statistics.difference.sharpe.value).toBeCloseTo(
      (statistics.live.sharpe.value ?? 0) - (statistics.backtest.sharpe.value ?? 0),
      12,
    );
  });

  it('counts the days still needed from the threshold asked for', () => {
    const returns = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? -0.008 : 0.006));
    const { live } = statisticsOf(reports(returns.map((earned) => ({ live: earned }))), settings, 1);
    const needed = Math.ceil(minimumTrackRecord(sharpeSample(returns), 1 / Math.sqrt(252)));
    expect(live.minimumTrackRecordDays.value).toBe(needed);
    expect(live.daysStillNeeded.value).toBe(needed - 40);
    expect(
      statisticsOf(reports(returns.map((earned) => ({ live: earned }))), settings).live.probabilisticSharpe.value,
    ).toBeGreaterThan(live.probabilisticSharpe.value ?? 1);
  });

  it.each([1, 3, 6])('of %i days tells what was earned and lost, and no rate or ratio', (count) => {
    const statistics = ofReturns(eight.slice(0, count));
    expect(statistics.state).toBe('not-enough-days');
    const { totalReturn, maxDrawdown, freqtradeDrawdown, ...estimates } = statistics.live;
    expect(totalReturn.value).not.toBeNull();
    expect(maxDrawdown.value).not.toBeNull();
    expect(freqtradeDrawdown.value).not.toBeNull();
    for (const figure of [...Object.values(estimates), statistics.excessSharpe, statistics.excessProbability])
      expect(figure).toEqual({ value: null, reason: 'not-enough-days' });
    expect(statistics.sharpeDifferenceInterval).toBeNull();
    expect(comparisonWords(statistics)).toContain(`${count} of 7 days`);
  });

  it.each([
    ['all days equal', Array.from({ length: 9 }, () => 0.01), 'sharpe', 'no-variation'],
    ['no losing day', [...Array.from({ length: 8 }, () => 0.01), 0.02], 'sortino', 'no-loss'],
    ['no drawdown', [...Array.from({ length: 8 }, () => 0.01), 0.02], 'calmar', 'no-drawdown'],
    ['a ratio below the threshold', [-0.01, -0.02, 0.01, -0.01, -0.02, 0, 0.001], 'daysStillNeeded', 'never'],
    ['one losing day, by Lean', [0.01, 0.02, -0.01, 0.02, 0.03, 0.01, 0.02], 'leanSortino', 'no-loss'],
  ] as const)('%s is a reason, not a number', (_, returns, id, reason) =>
    expect(ofReturns(returns).live[id]).toEqual({ value: null, reason }),
  );
});

describe('days that take no part', () => {
  const complete = eight.map((live) => ({ live }));
  const excluded: readonly (readonly [string, Partial<Report>, string])[] = [
    ['a side is absent', { reasons: [{ code: 'side-absent', message: 'no live executions' }] }, 'side-absent'],
    ['the day is open', { reasons: [{ code: 'day-open', message: 'open' }] }, 'day-open'],
    ['no P&L', { pnl: { live: null, backtest: 1 } }, 'pnl-unknown'],
    ['no capital', { capital: { value: null, basis: 'none' } }, 'capital-unknown'],
  ];
  it.each(excluded)('%s: left out of both sides, and listed', (_, rest, code) => {
    const statistics = statisticsOf(
      reports([...complete, { live: 0.5, backtest: -0.5, rest }, { live: 0.7, backtest: -0.7, rest }]),
      settings,
    );
    expect(statistics.days).toBe(8);
    expect(statistics.leftOut).toMatchObject([{ code, days: 2, first: addUtcDays(day, 8) }]);
    expect({ ...statistics.live }).toEqual(ofReturns(eight).live);
  });

  it('a day that is judged badly counts like any other', () => {
    const rest = {
      reasons: [
        { code: 'too-few-pairs', message: '' },
        { code: 'tracking-error', message: '' },
      ],
    };
    expect(statisticsOf(reports(eight.map((live) => ({ live, rest }))), settings).days).toBe(8);
  });

  it('all left out leaves nothing to tell', () => {
    const { days, live, capital } = statisticsOf(
      reports([{ live: 0.1, rest: { capital: { value: null, basis: 'none' } } }]),
      settings,
    );
    expect(days).toBe(0);
    expect(live.totalReturn).toEqual({ value: null, reason: 'not-enough-days' });
    expect(capital).toEqual({ least: null, most: null, bases: [] });
  });

  it('calendar days without a report are counted, not made zero', () => {
    const statistics = statisticsOf(reports(complete, 3), settings);
    expect(statistics.daysWithoutReport).toBe(7 * 2);
    expect(statistics.live.sharpe).toEqual(ofReturns(eight).live.sharpe);
  });
});

describe('the interval of the difference of the Sharpe ratios', () => {
  const days = (count: number, drag: number) =>
    reports(
      Array.from({ length: count }, (_, index) => {
        const backtest = Math.sin(index * 2.4) * 0.01 + 0.001;
        return { live: backtest + Math.cos(index * 5.1) * 0.001 - drag, backtest };
      }),
    );

  it('needs 20 days, and is the same every time', () => {
    expect(statisticsOf(days(19, 0), settings).sharpeDifferenceInterval).toBeNull();
    const once = statisticsOf(days(20, 0), settings).sharpeDifferenceInterval;
    expect(once).toEqual(statisticsOf(days(20, 0), settings).sharpeDifferenceInterval);
    expect(once?.level).toBe(0.95);
  });

  it('holds zero where the sides differ by noise and excludes it where live pays every day', () => {
    const noise = statisticsOf(days(120, 0), settings);
    expect(noise.sharpeDifferenceInterval?.lower).toBeLessThan(0);
    expect(noise.sharpeDifferenceInterval?.upper).toBeGreaterThan(0);
    expect(noise.excessProbability.value).toBeGreaterThan(0.025);
    expect(comparisonWords(noise)).toContain('no more than chance');
    const drag = statisticsOf(days(120, 0.002), settings);
    expect(drag.sharpeDifferenceInterval?.upper).toBeLessThan(0);
    expect(drag.excessProbability.value).toBeLessThan(0.025);
    expect(comparisonWords(drag)).toBe(
      'Live earns less per day than its backtest, by more than chance explains. Its Sharpe ratio is lower.',
    );
  });
});

it('no returns, however odd, make a figure that JSON cannot hold or a number without enough days', () => {
  const earned = fc.oneof(fc.constantFrom(0, -1, 1, 1e-300, -0.01), fc.double({ min: -1, max: 10, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.record({ live: earned, backtest: earned }), { minLength: 1, maxLength: 30 }), (days) => {
      const statistics = statisticsOf(reports(days), settings);
      statisticsSchema.parse(JSON.parse(JSON.stringify(statistics)));
      for (const side of [statistics.live, statistics.backtest, statistics.difference])
        for (const { value, reason } of Object.values(side)) expect((value === null) !== (reason === null)).toBe(true);
    }),
    { seed: 11, numRuns: 300 },
  );
});
