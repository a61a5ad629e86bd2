import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeskStore } from '../../electron/engine/ports';
import { Connection, type NamedStatement, statement } from '../../electron/store/connection';
import * as executionReads from '../../electron/store/execution-store';
import {
  selectHeads,
  selectLatest,
  selectPoints,
  selectRange,
  selectRanges,
  selectUnsettled,
} from '../../electron/store/report-store';
import { selectTouched } from '../../electron/store/touched-days';
import { utcDayStartUs } from '../../shared/base/time';
import type { OrderEvent, PricePoint } from '../../shared/market/executions';
import { beginning, dayOf, type Fill, partOf, recordOf, us } from '../support/stored-executions';
import { openedDesk, temporaryFolder } from '../support/temporary-desk';

/** What the store answers about executions and prices, and by which index. */

async function imported(
  desk: DeskStore,
  fills: readonly (readonly [Parameters<typeof partOf>[1], readonly Fill[]])[],
  record: Parameters<typeof recordOf>[0] = {},
  prices: readonly PricePoint[] = [],
): Promise<void> {
  const session = await desk.imports.begin(beginning);
  await session.addParts(fills.map(([key, rows]) => partOf(rows, key, session.importId)));
  await session.addPrices(prices);
  await session.commit(recordOf(record));
}

const at = (time: string) => us(`2026-01-${time}Z`);
const symbol = 'BTC/USDT';

describe('segments', () => {
  it('are filtered, and ordered by strategy, symbol, day and source', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await imported(desk, [
      [{ strategy: 'beta' }, [{ atUs: at('05T10:00:00') }]],
      [{ symbol: 'ETH/USDT' }, [{ atUs: at('05T10:00:00') }]],
      [{}, [{ atUs: at('06T10:00:00') }]],
      [{}, [{ atUs: at('05T10:00:00') }]],
      [{ source: 'backtest' }, [{ atUs: at('05T10:00:00') }]],
    ]);
    const listed = async (filter: Parameters<DeskStore['executions']['segments']>[0]) =>
      (await desk.executions.segments(filter)).map(
        ({ key }) => `${key.strategy} ${key.symbol} ${key.day.slice(8)} ${key.source}`,
      );
    const all = [
      'alpha BTC/USDT 05 backtest',
      'alpha BTC/USDT 05 live',
      'alpha BTC/USDT 06 live',
      'alpha ETH/USDT 05 live',
      'beta BTC/USDT 05 live',
    ];
    expect(await listed({})).toEqual(all);
    expect(await listed({ strategy: 'alpha' })).toEqual(all.slice(0, 4));
    expect(await listed({ strategy: 'alpha', symbol })).toEqual(all.slice(0, 3));
    expect(await listed({ symbol: 'ETH/USDT' })).toEqual([all[3]]);
    expect(await listed({ from: dayOf('2026-01-06') })).toEqual([all[2]]);
    expect(await listed({ strategy: 'alpha', symbol, to: dayOf('2026-01-05') })).toEqual(all.slice(0, 2));
  });
});

describe('the position before a day', () => {
  it('sums the net quantity of all earlier days of that source, strategy and symbol alone', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await imported(desk, [
      [
        {},
        [
          { atUs: at('03T10:00:00'), quantity: 5 },
          { atUs: at('03T11:00:00'), quantity: -2 },
        ],
      ],
      [{}, [{ atUs: at('05T23:59:59'), quantity: 0.1 }]],
      [{}, [{ atUs: at('06T00:00:00'), quantity: 100 }]],
      [{ source: 'backtest' }, [{ atUs: at('03T10:00:00'), quantity: 7 }]],
      [{ symbol: 'ETH/USDT' }, [{ atUs: at('03T10:00:00'), quantity: 9 }]],
    ]);
    const positionOf = (source: 'live' | 'backtest', day: string) =>
      desk.executions.positionBefore(source, 'alpha', symbol, dayOf(day));
    expect(await positionOf('live', '2026-01-03')).toBe(0);
    expect(await positionOf('live', '2026-01-06')).toBe(3.1);
    expect(await positionOf('backtest', '2026-01-06')).toBe(7);
  });
});

describe('the last fill price before an instant', () => {
  it('looks across sources and days, and into a day the instant cuts', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await imported(desk, [
      [
        {},
        [
          { atUs: at('05T10:00:00'), price: 1 },
          { atUs: at('05T14:00:00'), price: 2 },
        ],
      ],
      [
        { source: 'backtest' },
        [
          { atUs: at('05T12:00:00'), price: 3 },
          { atUs: at('05T14:00:00'), price: 4 },
        ],
      ],
      [{}, [{ atUs: at('07T10:00:00'), price: 5 }]],
      [{ symbol: 'ETH/USDT' }, [{ atUs: at('05T10:00:00'), price: 6 }]],
    ]);
    const priceBefore = async (time: string) =>
      (await desk.executions.lastFillPriceBefore('alpha', symbol, at(time)))?.price;
    expect({
      first: await priceBefore('05T10:00:00'),
      within: await priceBefore('05T12:00:00'),
      across: await priceBefore('05T13:00:00'),
      tieIsLive: await priceBefore('06T00:00:00'),
      daysLater: await priceBefore('07T10:00:00'),
      after: await priceBefore('09T00:00:00'),
    }).toEqual({ first: undefined, within: 1, across: 3, tieIsLive: 2, daysLater: 2, after: 5 });
    expect(await desk.executions.lastFillPriceBefore('alpha', symbol, at('05T15:00:00'))).toEqual({
      price: 2,
      atUs: at('05T14:00:00'),
    });
  });
});

describe('many questions at once', () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-08'].map(dayOf);
  const symbols = ['ETH/USDT', 'none/USDT', symbol];

  async function filled(): Promise<DeskStore> {
    const desk = await openedDesk(await temporaryFolder());
    const fills = (day: string): readonly Fill[] => [
      { atUs: at(`${day}T09:00:00`), price: Number(day), quantity: 0.1 },
      { atUs: at(`${day}T10:00:00`), price: Number(day) + 10, quantity: -0.3 },
    ];
    for (const day of ['05', '06']) {
      await imported(desk, [
        [{}, fills(day)],
        [{ source: 'backtest' }, fills(day)],
        [{ symbol: 'ETH/USDT' }, fills(day)],
        [{ strategy: 'beta' }, fills(day)],
      ]);
    }
    // More of a day that is there: its segment has two parts.
    await imported(desk, [[{}, [{ atUs: at('05T09:30:00') }]]], {}, [
      { symbol, atUs: at('05T23:00:00'), price: 3 },
      { symbol: 'ETH/USDT', atUs: at('06T01:00:00'), price: 4 },
    ]);
    const session = await desk.imports.begin(beginning);
    const unknown = { venue: null, account: null, version: null, clientOrderId: null, intendedQuantity: null };
    const event: OrderEvent = {
      ...{ source: 'live', strategy: 'alpha', symbol, side: 'buy', kind: 'rejected', orderId: 'a', ...unknown },
      ...{ atUs: at('06T02:00:00'), price: null, reason: 'margin', paper: false, line: 7 },
    };
    await session.addOrderEvents([event, { ...event, atUs: at('06T01:00:00'), orderId: 'b' }]);
    const row = { line: 1, day: days[1]!, reason: 'price', text: 'x' };
    await session.addQuarantined([
      { ...row, symbol },
      { ...row, symbol: null },
    ]);
    await session.commit(recordOf());
    return desk;
  }

  it('answer of a day what each question answers', async () => {
    const { executions } = await filled();
    for (const day of days) {
      const alone = await Promise.all(
        symbols.map(async (name) => ({
          orderEvents: await executions.orderEvents({ strategy: 'alpha', symbol: name, day }),
          positionBefore: {
            live: await executions.positionBefore('live', 'alpha', name, day),
            backtest: await executions.positionBefore('backtest', 'alpha', name, day),
          },
          lastFillBefore: await executions.lastFillPriceBefore('alpha', name, utcDayStartUs(day)),
          quarantinedRows: await executions.quarantinedRows({ strategy: 'alpha', symbol: name, day }),
        })),
      );
      expect(await executions.dayFacts('alpha', symbols, day)).toEqual(alone);
    }
    const [, , facts] = await executions.dayFacts('alpha', symbols, days[1]!);
    expect(facts).toMatchObject({ orderEvents: [{ orderId: 'b' }, {}], quarantinedRows: 2 });
    expect(facts?.lastFillBefore).toEqual({ price: 15, atUs: at('05T10:00:00') });
  });

  it('give prices and segments in the order they were asked for', async () => {
    const { executions } = await filled();
    const range = { fromUs: at('06T00:00:00'), toUs: at('07T00:00:00') };
    const prices = await executions.pricesOf(symbols.map((name) => ({ symbol: name, ...range })));
    expect(prices.map(({ price }) => [...price])).toEqual([[4], [], [3]]);
    const segments = [...(await executions.segments({ strategy: 'alpha' }))].reverse();
    const gone = { key: { ...segments[0]!.key, symbol: 'none/USDT' }, count: 1 };
    const read = [];
    for await (const segment of executions.readSegments([gone, ...segments])) read.push(segment);
    const alone = await Promise.all(segments.map(({ key }) => executions.readSegment(key)));
    expect(read).toEqual(segments.map(({ key }, place) => ({ key, columns: alone[place] })));
    expect(read.find(({ columns }) => columns.count === 3)?.key.day).toBe('2026-01-05');
  });

  it('read segments beyond one answer, the one question after the other', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const rows = (day: string) =>
      Array.from({ length: 12_000 }, (_, second) => ({ atUs: at(`${day}T00:00:00`) + second * 1_000_000 }));
    await imported(
      desk,
      ['03', '04', '05', '06'].map((day) => [{}, rows(day)]),
    );
    const read = [];
    for await (const { key, columns } of desk.executions.readSegments(
      await desk.executions.segments({ strategy: 'alpha' }),
    ))
      read.push([key.day, columns.count, columns.executedAtUs[0]]);
    expect(read).toEqual(['03', '04', '05', '06'].map((day) => [`2026-01-${day}`, 12_000, at(`${day}T00:00:00`)]));
  });
});

describe('coverage', () => {
  it('is what the imports of that source and strategy cover, prices alone covering nothing', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const counts = { rowsRead: 9, executions: 0, orderEvents: 0, otherRows: 9, duplicates: 0, quarantined: 0 };
    await imported(desk, [[{}, [{ atUs: at('05T10:00:00') }]]], { firstUs: 50, lastUs: 60 });
    await imported(desk, [[{ strategy: 'beta' }, [{ atUs: at('05T10:00:00') }]]], { firstUs: 20, lastUs: 55 });
    await imported(desk, [], { firstUs: 1, lastUs: 99, counts }, [{ symbol, atUs: 5, price: 1 }]);
    await imported(desk, [], { firstUs: 70, lastUs: 80, source: 'backtest' });
    const of = (source: 'live' | 'backtest', strategy: string) => desk.executions.coverage(source, strategy);
    expect(await of('live', 'alpha')).toEqual({ firstUs: 20, lastUs: 60 });
    expect(await of('live', 'beta')).toEqual({ firstUs: 20, lastUs: 55 });
    expect(await of('backtest', 'alpha')).toEqual({ firstUs: 70, lastUs: 80 });
    expect(await of('backtest', 'beta')).toBeNull();
  });
});

describe('prices', () => {
  const series = (from: string, ...prices: number[]): readonly PricePoint[] =>
    prices.map((price, minute) => ({ symbol, atUs: at(from) + minute * 60_000_000, price }));

  it('are those in the range and the last before it, whatever the days and imports', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await imported(desk, [], {}, [
      ...series('05T23:58:00', 1, 2, 3, 4),
      { symbol: 'ETH/USDT', atUs: at('05T23:59:30'), price: 9 },
    ]);
    await imported(desk, [], {}, series('08T00:00:00', 5));
    const within = async (from: string, to: string) => [
      ...(await desk.executions.prices(symbol, at(from), at(to))).price,
    ];
    expect(await within('05T00:00:00', '05T23:59:00')).toEqual([1]);
    expect(await within('06T00:00:00', '06T00:01:00')).toEqual([2, 3]);
    expect(await within('05T23:59:30', '08T00:00:01')).toEqual([2, 3, 4, 5]);
    expect(await within('07T00:00:00', '07T01:00:00')).toEqual([4]);
    expect(await within('01T00:00:00', '02T00:00:00')).toEqual([]);
  });

  it('imported again are there once, and a corrected one replaces the old', async () => {
    const desk = await openedDesk(await temporaryFolder());
    for (const points of [series('05T10:00:00', 1, 2, 3), series('05T10:00:00', 1, 2, 3), series('05T10:01:00', 7)]) {
      await imported(desk, [], {}, points);
    }
    const { atUs, price } = await desk.executions.prices(symbol, 0, at('06T00:00:00'));
    expect([...price]).toEqual([1, 7, 3]);
    expect([...atUs]).toEqual(series('05T10:00:00', 1, 7, 3).map((point) => point.atUs));
  });

  it('written in the middle of an import go with it', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const session = await desk.imports.begin(beginning);
    await session.addPrices(
      Array.from({ length: 70_000 }, (_, second) => ({
        symbol,
        atUs: at('05T00:00:00') + second * 1_000_000,
        price: 1,
      })),
    );
    expect((await desk.executions.prices(symbol, 0, at('07T00:00:00'))).atUs).toHaveLength(0);
    await session.abandon('cancelled', { code: 'cancelled', message: '', hint: '', detail: {} });
    await imported(desk, [], {}, series('08T00:00:00', 5));
    expect((await desk.executions.prices(symbol, 0, at('09T00:00:00'))).atUs).toHaveLength(1);
  });
});

describe('strategies and quarantine', () => {
  it('are counted per strategy; a row of unknown symbol counts for each symbol', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await imported(desk, [
      [{}, [{ atUs: at('05T10:00:00') }, { atUs: at('05T11:00:00') }]],
      [{ symbol: 'ETH/USDT', source: 'backtest' }, [{ atUs: at('03T10:00:00') }]],
    ]);
    const session = await desk.imports.begin(beginning);
    const row = { line: 1, day: dayOf('2026-01-05'), reason: 'price', text: 'x' };
    await session.addQuarantined([
      { ...row, symbol },
      { ...row, symbol: null },
      { ...row, symbol: 'ETH/USDT' },
      { ...row, symbol, day: dayOf('2026-01-06') },
      { ...row, symbol: null, day: null },
    ]);
    await session.commit(recordOf());
    const counted = (name: string, of: string | null) =>
      desk.executions.quarantinedRows({ strategy: name, symbol: of, day: dayOf('2026-01-05') });
    expect([await counted('alpha', symbol), await counted('alpha', null), await counted('beta', null)]).toEqual([
      2, 3, 0,
    ]);
    expect(await desk.imports.quarantined(session.importId, { offset: 1, limit: 2 })).toMatchObject({
      total: 5,
      rows: [{ symbol: null }, { symbol: 'ETH/USDT' }],
    });
    expect(await desk.executions.strategies()).toEqual([
      {
        strategy: 'alpha',
        symbols: 2,
        firstDay: '2026-01-03',
        lastDay: '2026-01-05',
        liveExecutions: 2,
        backtestExecutions: 1,
      },
    ]);
  });
});

describe('the plan of', () => {
  it.each<readonly [NamedStatement, RegExp]>([
    [
      executionReads.selectSegmentsOfStrategy,
      /SEARCH part USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/,
    ],
    [
      executionReads.selectSegmentsOfSymbol,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/,
    ],
    [
      executionReads.selectSegment,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day=\? AND source=\?\)/,
    ],
    [
      executionReads.sumPosition,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day<\?\)/,
    ],
    [
      executionReads.selectPartEndingBefore,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_time \(strategy=\? AND symbol=\? AND last_us<\?\)/,
    ],
    [
      executionReads.selectPartsAround,
      /SEARCH segment_parts USING INDEX segment_parts_by_time \(strategy=\? AND symbol=\? AND last_us>\? AND last_us<\?\)/,
    ],
    [
      executionReads.selectOrderEvents,
      /SEARCH order_events USING INDEX order_events_by_key \(strategy=\? AND symbol=\? AND day=\?\)/,
    ],
    [
      executionReads.selectPricesOfSymbols,
      /SEARCH chunk USING INDEX price_chunks_by_time \(symbol=\? AND last_us>\?\)[\s\S]*SEARCH price_chunks USING (COVERING )?INDEX price_chunks_by_time \(symbol=\? AND last_us<\?\)/,
    ],
    [
      executionReads.selectSegmentsOfKeys,
      /SEARCH part USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day=\? AND source=\?\)/,
    ],
    [
      executionReads.selectOrderEventsOfSymbols,
      /SEARCH order_events USING INDEX order_events_by_key \(strategy=\? AND symbol=\? AND day=\?\)/,
    ],
    [
      executionReads.selectDayFacts,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day<\?\)/,
    ],
    [
      executionReads.selectDayFacts,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_time \(strategy=\? AND symbol=\? AND last_us<\?\)/,
    ],
    [executionReads.selectCoverage, /SEARCH import_strategies USING PRIMARY KEY \(source=\? AND strategy=\?\)/],
    [
      executionReads.selectSymbolDays,
      /SEARCH segment_parts USING COVERING INDEX segment_parts_by_key \(strategy=\? AND symbol=\? AND day<\?\)/,
    ],
    [
      selectHeads,
      /SEARCH report USING COVERING INDEX reports_listed \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/,
    ],
    [selectTouched, /SCAN touched_days/],
    [selectLatest, /SEARCH reports USING INDEX \S+ \(strategy=\? AND symbol=\? AND day=\?\)/],
    [
      selectPoints,
      /SEARCH report USING COVERING INDEX reports_listed \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/,
    ],
    [
      selectUnsettled,
      /SEARCH report USING COVERING INDEX reports_listed \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/,
    ],
    [selectRanges, /SEARCH report USING INDEX \S+ \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/],
    [selectRange, /SEARCH report USING INDEX \S+ \(strategy=\? AND symbol=\? AND day>\? AND day<\?\)/],
  ])('$name uses its index', async (named, plan) => {
    const folder = await temporaryFolder();
    await openedDesk(folder);
    const connection = await Connection.open(join(folder, 'lockstep.db'), 'read', 100);
    onTestFinished(() => connection.close());
    const steps = (await connection.all(statement('explain', `EXPLAIN QUERY PLAN ${named.sql}`))).map(
      ({ detail }) => detail,
    );
    expect(steps.join('\n')).toMatch(plan);
    expect(
      steps.filter((step) =>
        /^SCAN (?!imports|import_strategies|wanted|known|touched_days|\(subquery)/.test(String(step)),
      ),
    ).toEqual([]);
  });
});
