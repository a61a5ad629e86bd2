import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_US } from '../../shared/base/time';
import { computeSymbolDay, type SymbolDayResult } from '../../shared/parity/symbol-day';
import { dayStartUs, type Fill, sideOf, symbolDay } from '../support/symbol-day';

/*
 * What a recommendation says would have been, has to be what comes out when the logs are rewritten as it says and the day is judged from
 * scratch. The rewriting here works on the lines of the logs and shares nothing with the code that made the claim.
 */

interface Logs {
  readonly live: readonly Fill[];
  readonly backtest: readonly Fill[];
  readonly livePosition: number;
  readonly backtestPosition: number;
  readonly prices: readonly (readonly [number, number])[];
  readonly last: number | null;
}

const judge = ({ live, backtest, livePosition, backtestPosition, prices, last }: Logs) =>
  computeSymbolDay(
    symbolDay({
      live: sideOf(live, { positionAtStart: livePosition }),
      backtest: sideOf(backtest, { positionAtStart: backtestPosition }),
      prices,
      lastFillBefore: last === null ? null : { price: last, atUs: dayStartUs - HOUR_US },
    }),
  );

const inTime = (fills: readonly Fill[]) => [...fills].sort((a, b) => a.at - b.at);

/** Row of each log's line in the order's fills, and the line's order and partner. */
function linesOf(result: SymbolDayResult, source: 'live' | 'backtest') {
  const lines = new Map<
    number,
    { readonly order: number; readonly quantity: number; readonly partner: string | null }
  >();
  for (let row = 0; row < result.pairs.count; row++) {
    const pair = result.pairs.pairRowAt(row);
    const order = pair[source];
    if (order === null) continue;
    const partner = pair[source === 'live' ? 'backtest' : 'live'];
    for (const line of result.pairs.fillsOf(order.id)?.rows ?? []) {
      lines.set(line, { order: row, quantity: order.filledQuantity, partner: partner?.id ?? null });
    }
  }
  return lines;
}

function rewritten(topic: string, logs: Logs, result: SymbolDayResult): Logs {
  const { report, pairs } = result;
  const live = inTime(logs.live);
  const backtest = inTime(logs.backtest);
  const liveLines = linesOf(result, 'live');
  const backtestLines = linesOf(result, 'backtest');
  const scaledFee = (fill: Fill, factor: number) =>
    fill.fee === null || fill.fee === undefined ? null : fill.fee * factor;
  switch (topic) {
    case 'fees': {
      const rate = (report.fees.liveBps ?? Number.NaN) / 1e4;
      return {
        ...logs,
        backtest: backtest.map((fill) => ({ ...fill, fee: rate * fill.price * (fill.quantity ?? 1) })),
      };
    }
    case 'slippage': {
      const part = (report.slippage.meanBps ?? Number.NaN) / 1e4;
      return {
        ...logs,
        backtest: backtest.map((fill) => {
          const factor = 1 + (fill.side ?? 1) * part;
          return { ...fill, price: fill.price * factor, fee: scaledFee(fill, factor) };
        }),
      };
    }
    case 'latency':
      return {
        ...logs,
        backtest: backtest.map((fill, line) => {
          const partner = backtestLines.get(line)?.partner ?? null;
          const arrival = partner === null ? null : (pairs.pairRowAt(pairs.rowOf(partner)!).live?.arrivalPrice ?? null);
          return arrival === null ? fill : { ...fill, price: arrival };
        }),
      };
    case 'order size':
      return {
        ...logs,
        backtest: backtest.map((fill, line) => {
          const own = backtestLines.get(line)!;
          if (own.partner === null) return fill;
          const part = pairs.pairRowAt(own.order).live!.filledQuantity / own.quantity;
          return { ...fill, quantity: (fill.quantity ?? 1) * part, fee: scaledFee(fill, part) };
        }),
      };
    case 'extra orders':
      return { ...logs, live: live.filter((_, line) => liveLines.get(line)!.partner !== null) };
    case 'missed orders': {
      const missed = backtest.filter((_, line) => backtestLines.get(line)!.partner === null);
      return { ...logs, live: [...live, ...missed.map((fill) => ({ ...fill, orderId: `missed ${fill.at}` }))] };
    }
    case 'carry':
      return { ...logs, livePosition: logs.backtestPosition };
  }
  throw new Error(`no rewriting for ${topic}`);
}

/** The figure a sentence claims: "... would have been -6.2 instead of ...". */
const claimed = (what: string) => Number(/would have been ([+-]?[\d.e+-]+) instead of/.exec(what)?.[1]);

const fill = fc
  .record({
    at: fc.integer({ min: 0, max: 86_399 }),
    side: fc.constantFrom<1 | -1>(1, -1),
    price: fc.double({ min: 90, max: 110, noNaN: true }),
    quantity: fc.oneof(fc.constantFrom(1, 2), fc.double({ min: 0.1, max: 5, noNaN: true })),
    feeRate: fc.oneof(fc.constant(null), fc.double({ min: -0.001, max: 0.01, noNaN: true })),
    orderId: fc.constantFrom('', 'o1', 'o2', 'o3', 'o4'),
    clientOrderId: fc.constantFrom('', 'c1', 'c2', 'c3'),
    arrivalPrice: fc.option(fc.double({ min: 90, max: 110, noNaN: true }), { nil: undefined }),
  })
  .map(({ feeRate, arrivalPrice, ...rest }) => ({
    ...rest,
    fee: feeRate === null ? null : feeRate * rest.price * rest.quantity,
    ...(arrivalPrice === undefined ? {} : { arrivalPrice }),
  }));

const logs: fc.Arbitrary<Logs> = fc.record({
  live: fc.array(fill, { maxLength: 10 }),
  backtest: fc.array(fill, { maxLength: 10 }),
  livePosition: fc.constantFrom<number>(0, 0, 3, -7.25),
  backtestPosition: fc.constantFrom<number>(0, 0, 3, 11.5),
  prices: fc
    .array(fc.tuple(fc.integer({ min: -3_600, max: 86_400 }), fc.double({ min: 90, max: 110, noNaN: true })), {
      maxLength: 4,
    })
    .map((prices) => prices.sort((a, b) => a[0] - b[0])),
  last: fc.option(fc.double({ min: 90, max: 110, noNaN: true })),
});

describe('recommendations', () => {
  it('claim what the rewritten logs give, one by one and both together', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(logs, (random) => {
        const result = judge(random);
        const before = result.report.trackingDifferenceBps;
        for (const { topic, what, expectedEffectBps } of result.report.recommendations) {
          const topics = topic.split(' and ');
          seen.set(topics.length > 1 ? 'both' : topic, (seen.get(topic) ?? 0) + 1);
          // Both together: the second on top of the first.
          const changed = topics.reduce((rewrittenLogs, one) => rewritten(one, rewrittenLogs, result), random);
          const after = judge(changed).report.trackingDifferenceBps;
          const room = 1e-6 * (1 + Math.abs(after ?? 0) + Math.abs(before ?? 0));
          expect(
            Math.abs((after ?? Number.NaN) - (before ?? Number.NaN) - (expectedEffectBps ?? Number.NaN)),
          ).toBeLessThan(room);
          expect(Math.abs(claimed(what) - (after ?? Number.NaN))).toBeLessThan(
            0.051 + 0.06 * Math.min(1, Math.abs(after ?? 0)),
          );
        }
      }),
      { numRuns: 200, seed: 20261123 },
    );
    // The property says something only of what was claimed at all.
    expect([...seen.keys()].sort()).toEqual(
      ['both', 'carry', 'extra orders', 'fees', 'latency', 'missed orders', 'order size', 'slippage'].sort(),
    );
  });

  it('says what two causes that hide each other would do together', () => {
    // Fees cost live 30 bps more, prices gave 30 bps back: each alone looks worse than nothing.
    const trades = Array.from(
      { length: 10 },
      (_, index) => ({ at: 1_000 + 600 * index, side: index % 2 ? -1 : 1 }) as const,
    );
    const { recommendations } = judge({
      live: trades.map((trade) => ({
        ...trade,
        price: 100 * (1 - 0.0028 * trade.side),
        fee: 0.35,
        clientOrderId: `t${trade.at}`,
      })),
      backtest: trades.map((trade) => ({ ...trade, price: 100, fee: 0.05, clientOrderId: `t${trade.at}` })),
      livePosition: 0,
      backtestPosition: 0,
      prices: [],
      last: null,
    }).report;
    expect(recommendations.map(({ topic }) => topic)).toEqual(['fees', 'slippage', 'fees and slippage']);
    expect(recommendations[0]?.what).toMatch(/, since it offsets other causes\.$/);
    expect(recommendations[2]?.what).toMatch(
      /^Do both, fees and slippage: the tracking difference would have been -?0\.0/,
    );
  });

  it('recommends nothing without an effect: a late fill whose price nobody knows stays a reason, not a recommendation', () => {
    const { report } = computeSymbolDay(
      symbolDay({
        live: [{ at: 11, price: 100, decidedAt: 10, clientOrderId: 'x' }],
        backtest: [{ at: 10, price: 100, decidedAt: 10, clientOrderId: 'x' }],
      }),
    );
    expect(report.reasons.map(({ code }) => code)).toContain('latency-difference');
    expect(report.recommendations).toEqual([]);
  });
});
