import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUtcDays, DAY_US, HOUR_US } from '../../../shared/base/time';
import { equityAtSessionStart, summarise } from '../../../shared/canary/equity';
import { type Ledger, type LedgerFrame, openLedger, type SymbolDayFacts, withDay } from '../../../shared/canary/ledger';
import { configuration } from '../../support/canary-facts';
import { columnsOf, day, dayStartUs, type Fill, orderEvent } from '../../support/symbol-day';

const belongs = configuration({
  belongs: { version: null, account: 'desk', clientOrderIdPrefix: null, symbols: [] },
});

const frame: LedgerFrame = {
  stageFromUs: dayStartUs + 6 * HOUR_US + 30 * 60e6,
  capital: 10_000,
  currency: 'USDT',
  sessionStartMinutes: 8 * 60 + 15,
};
const noPrices = { atUs: new Float64Array(0), price: new Float64Array(0) };

function facts(
  symbol: string,
  number: number,
  fills: readonly Fill[],
  changes: Partial<SymbolDayFacts> = {},
): SymbolDayFacts {
  return {
    symbol,
    day: addUtcDays(day, number),
    live: columnsOf(fills.map((fill) => ({ account: 'desk', ...fill }))),
    backtest: null,
    orderEvents: [],
    prices: noPrices,
    feePrices: new Map(),
    ...changes,
  };
}

function fold(all: readonly SymbolDayFacts[], from: Ledger = openLedger(frame)): Ledger {
  return all.reduce((ledger, one) => withDay(ledger, one, belongs, HOUR_US), from);
}

const hour = (hours: number) => hours * 3_600;
const summaryOf = (ledger: Ledger, days = 2) => {
  const untilUs = dayStartUs + days * DAY_US;
  return summarise(ledger, untilUs, untilUs);
};

describe('a day by hand', () => {
  const fills: Fill[] = [
    { at: hour(7), side: 1, price: 100, quantity: 10, fee: 1, orderId: 'a', submittedAt: hour(7) - 0.1 },
    { at: hour(9), side: 1, price: 110, quantity: 10, fee: 1, orderId: 'b', decidedAt: hour(9) - 0.3 },
    { at: hour(9.5), side: -1, price: 120, quantity: 5, fee: null, orderId: 'c' },
    { at: hour(9.5), side: -1, price: 120, quantity: 1, fee: 0.5, account: 'other', orderId: 'x' },
  ];
  const account = summaryOf(
    fold([
      facts('BTC/USDT', 0, fills, {
        orderEvents: [
          orderEvent({ at: hour(10), account: 'desk', orderId: 'd' }),
          orderEvent({ at: hour(10), account: 'desk', kind: 'submitted', orderId: 'a' }),
          orderEvent({ at: hour(10), account: 'other', orderId: 'y' }),
        ],
      }),
    ]),
  );

  it('gives position, profit, fees and equity', () => {
    expect(account.positions).toEqual([
      {
        symbol: 'BTC/USDT',
        quantity: 15,
        mark: 120,
        markAtUs: dayStartUs + 9.5 * HOUR_US,
        realised: 5 * (120 - 105),
        unrealised: 15 * (120 - 105),
      },
    ]);
    expect(account.equity).toBe(10_000 + 300 - 2);
    expect(account).toMatchObject({ fees: 2, unknownFees: 1, grossExposure: 1_800, fills: 3, orders: 4, rejected: 1 });
    expect(account.latency.averageMs).toBeCloseTo(200, 6);
    expect(account.latency.p95Ms).toBeGreaterThan(297);
    expect(account.latency.p95Ms).toBeLessThan(303);
  });

  it('gives returns of whole hours of the stage only', () => {
    const { startUs, value } = account.hourly;
    expect(startUs[0]).toBe(dayStartUs + 7 * HOUR_US);
    // Bought at 100, which is the mark until 110 at nine; a fill at nine o'clock belongs to the hour that begins there.
    expect([value[0], value[1], value[2]]).toEqual([-1 / 10_000, 0, (300 - 1) / 10_000]);
    expect(startUs.length).toBe(41);
  });

  it('counts the daily loss from the session on', () => {
    expect(equityAtSessionStart(account, dayStartUs + 8 * HOUR_US)).toBe(10_000);
    expect(equityAtSessionStart(account, dayStartUs + 9 * HOUR_US)).toBe(9_999);
    expect(equityAtSessionStart(account, dayStartUs + 33 * HOUR_US)).toBe(10_298);
  });

  it('has no return of hours that are not covered yet', () => {
    const { hourly } = summarise(fold([facts('BTC/USDT', 0, fills)]), dayStartUs + DAY_US, dayStartUs + 10 * HOUR_US);
    expect(hourly.value.length).toBe(3);
  });
});

it('values the position a stage begins with at its mark then', () => {
  const account = summaryOf(
    fold([
      facts('BTC/USDT', 0, [
        { at: hour(1), side: 1, price: 80, quantity: 2 },
        { at: hour(6), side: -1, price: 90, quantity: 1 },
        { at: hour(12), side: -1, price: 95, quantity: 1 },
      ]),
    ]),
  );
  expect(account.equity).toBe(10_005);
  expect(account.positions[0]).toMatchObject({ quantity: 0, realised: 5, unrealised: 0 });
  expect(account.fills).toBe(1);
});

it('carries a position from a day before the stage', () => {
  const before = { ...frame, stageFromUs: dayStartUs + 30 * HOUR_US };
  const account = summaryOf(
    fold(
      [
        facts('BTC/USDT', 0, [{ at: hour(3), side: -1, price: 50, quantity: 4 }]),
        facts('BTC/USDT', 1, [{ at: hour(34), side: 1, price: 45, quantity: 1 }]),
      ],
      openLedger(before),
    ),
  );
  expect(account.equity).toBe(10_020);
  expect(account.positions[0]).toMatchObject({ quantity: -3, realised: 5, unrealised: 15 });
});

describe('what is not known', () => {
  it('is null with its reason where a symbol is priced in another currency', () => {
    const account = summaryOf(fold([facts('ETH/BTC', 0, [{ at: hour(8), price: 0.05 }])]));
    expect(account.equity).toBeNull();
    expect(account.unknown).toBe("ETH/BTC is priced in BTC, the deployment's capital is in USDT");
    expect(Array.from(account.hourly.value).every(Number.isNaN)).toBe(true);
    expect(account.grossExposure).toBeNull();
  });

  it('is no execution of a log that names neither version nor account', () => {
    const account = summaryOf(fold([facts('BTC/USDT', 0, [{ at: hour(8), price: 100, account: '' }])]));
    expect(account.fills).toBe(0);
    expect(account.equity).toBe(10_000);
  });
});

const fillOf = (number: number): fc.Arbitrary<Fill> =>
  fc.record({
    at: fc.integer({ min: number * 86_400, max: number * 86_400 + 86_399 }),
    side: fc.constantFrom(1 as const, -1 as const),
    price: fc.double({ min: 50, max: 150, noNaN: true }),
    quantity: fc.double({ min: 0.1, max: 5, noNaN: true }),
    fee: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
    orderId: fc.constantFrom('a', 'b', 'c'),
  });
const daysOf = fc
  .array(fc.tuple(fc.constantFrom('BTC/USDT', 'ETH/USDT'), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((keys) =>
    fc.tuple(
      ...[...new Map(keys.map(([symbol, number]) => [`${symbol} ${number}`, { symbol, number }])).values()].map(
        ({ symbol, number }) =>
          fc.array(fillOf(number), { minLength: 1, maxLength: 6 }).map((fills) => ({ symbol, number, fills })),
      ),
    ),
  );

describe('identities', () => {
  it('does not depend on the order of arrival, nor on what was known before', () => {
    fc.assert(
      fc.property(daysOf, fc.infiniteStream(fc.nat()), (days, numbers) => {
        const whole = days.map(({ symbol, number, fills }) => facts(symbol, number, fills));
        const shuffled = whole
          .map((one) => ({ one, at: numbers.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        // First only a part of each day is there; the rest arrives late.
        const early = days.map(({ symbol, number, fills }) => facts(symbol, number, fills.slice(1)));
        expect(summaryOf(fold(shuffled, fold(early)), 4)).toEqual(summaryOf(fold(whole), 4));
      }),
      { numRuns: 100 },
    );
  });

  it('splits what was earned into realised and unrealised, less fees', () => {
    fc.assert(
      fc.property(daysOf, (days) => {
        const account = summaryOf(fold(days.map(({ symbol, number, fills }) => facts(symbol, number, fills))), 4);
        const { equity, realised, unrealised, fees } = account;
        if (equity === null || realised === null || unrealised === null) throw new Error('unknown');
        expect(realised + unrealised - fees).toBeCloseTo(equity - 10_000, 6);
        expect(account.peak - (account.equityAt.at(-1) ?? 0)).toBeLessThanOrEqual(account.deepestFall + 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it('adds up over the hours', () => {
    fc.assert(
      fc.property(daysOf, (days) => {
        const whole = { ...frame, stageFromUs: dayStartUs };
        const ledger = fold(
          days.map(({ symbol, number, fills }) => facts(symbol, number, fills)),
          openLedger(whole),
        );
        const { hourly, equity } = summaryOf(ledger, 4);
        const sum = Array.from(hourly.value).reduce((total, value) => total + value, 0);
        expect(10_000 * (1 + sum)).toBeCloseTo(equity ?? Number.NaN, 6);
      }),
      { numRuns: 100 },
    );
  });
});

it('holds less than a megabyte of figures: fifty symbols over seven days, and ten over thirty', () => {
  const fills = (number: number): Fill[] =>
    Array.from({ length: 48 }, (_, index) => ({
      at: number * 86_400 + index * 1_800 + 7,
      price: 100.123456 + index / 7,
      quantity: 0.123456 + index / 100,
      fee: 0.0123456,
      orderId: `order-${index}`,
      submittedAt: number * 86_400 + index * 1_800 + 7 - 0.01 * (index + 1),
    }));
  for (const [symbols, days] of [
    [50, 7],
    [10, 30],
  ] as const) {
    const all = Array.from({ length: symbols * days }, (_, index) =>
      facts(`S${index % symbols}/USDT`, Math.floor(index / symbols), fills(Math.floor(index / symbols))),
    );
    const ledger = fold(all, openLedger({ ...frame, stageFromUs: dayStartUs }));
    expect(JSON.parse(JSON.stringify(ledger))).toEqual(ledger);
    const figures = Object.values(ledger.days).reduce(
      (sum, one) => sum + one.marks.length + one.traded.length + 2 * one.latency.buckets.length + 20,
      0,
    );
    expect(8 * figures).toBeLessThan(1_000_000);
  }
});
