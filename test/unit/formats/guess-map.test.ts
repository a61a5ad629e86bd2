import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessMap, seenColumns } from '../../../electron/engine/imports/guess-map';
import { readMap } from '../../../electron/engine/imports/map';
import { decimalMarkOf } from '../../../electron/engine/imports/numbers';
import { textSamples } from '../../../electron/engine/imports/recognise';
import { type CsvMapDraft, draftOfMap, mapOfDraft, missingInDraft } from '../../../shared/contract/csv-map';

/** What the wizard proposes for logs nobody has described: by names, by values, and not at all where the two disagree. */

function guessed(...lines: readonly string[]) {
  const [sample] = textSamples(Buffer.from(`${lines.join('\n')}\n`), true);
  if (sample?.kind !== 'delimited') throw new Error('no table');
  const columns = seenColumns(sample.rawHeader, sample.rows, decimalMarkOf(sample));
  return { columns, ...guessMap(columns) };
}

const cases: readonly (readonly [string, readonly string[], Partial<CsvMapDraft>])[] = [
  [
    'a bot’s list of fills with ids and states',
    [
      'Executed At,Pair,Side,Avg Price,Filled Qty,Commission,Order No,State',
      '2026-02-03 09:00:01,SOL/USDT,Buy,101.5,2,0.2,a1,done',
      '2026-02-03 09:05:01,SOL/USDT,Sell,101.9,2,0.2,a2,done',
      '2026-02-03 09:06:01,SOL/USDT,Sell,101.9,2,0.2,a3,withdrawn',
    ],
    {
      kind: 'fills',
      columns: {
        time: 'Executed At',
        symbol: 'Pair',
        side: 'Side',
        price: 'Avg Price',
        quantity: 'Filled Qty',
        fee: 'Commission',
        orderId: 'Order No',
        status: 'State',
      },
      words: { side: {}, direction: {}, liquidity: {}, status: { done: 'filled', withdrawn: 'cancelled' } },
    },
  ],
  [
    'camel case, epoch milliseconds, semicolons and decimal commas',
    ['fillTime;orderSide;fillPx;px;qty', '1767225600000;B;1;100,5;0,25', '1767225660000;S;1;100,6;0,25'],
    { kind: 'fills', columns: { time: 'fillTime', side: 'orderSide', price: 'px', quantity: 'qty' } },
  ],
  [
    'foreign names: time and side are told by their values, prices are not guessed',
    ['Zeit,Richtung,Kurs,Menge', '2026-01-05 10:00:00,buy,10,1', '2026-01-05 11:00:00,sell,11,1'],
    { kind: 'fills', columns: { time: 'Zeit', side: 'Richtung' } },
  ],
  [
    'round trips with a size',
    [
      'Open Date,Close Date,Direction,Open Price,Close Price,Size,PnL',
      '2026-01-05 10:00:00,2026-01-05 11:00:00,long,10,11,3,3',
      '2026-01-05 12:00:00,2026-01-05 13:00:00,short,11,10,3,3',
    ],
    {
      kind: 'roundTrips',
      columns: {
        entryTime: 'Open Date',
        exitTime: 'Close Date',
        direction: 'Direction',
        entryPrice: 'Open Price',
        exitPrice: 'Close Price',
        quantity: 'Size',
        profit: 'PnL',
      },
      quantityFromProfit: false,
    },
  ],
  [
    'round trips without one: the profit tells it',
    ['entryTime,exitTime,side,entryPrice,exitPrice,pnl', '2026-01-05T10:00:00Z,2026-01-05T11:00:00Z,LONG,10,11,3'],
    { kind: 'roundTrips', quantityFromProfit: true },
  ],
  [
    'a column without a name, and a name borne twice, go by their place',
    [',time,price,price,side', '0,2026-01-05T10:00:00Z,10,11,buy', '1,2026-01-05T10:01:00Z,10,11,sell'],
    { columns: { time: 'time', price: '#3', side: 'side' } },
  ],
  [
    'a name whose values are something else is not believed',
    ['price,time,side', 'cheap,2026-01-05T10:00:00Z,buy', 'dear,2026-01-05T10:01:00Z,sell'],
    { columns: { time: 'time', side: 'side' } },
  ],
];

describe('the proposed map', () => {
  it.each(cases)('%s', (_, lines, expected) => {
    expect(guessed(...lines).draft).toMatchObject(expected);
    expect(Object.keys(guessed(...lines).draft.columns).sort()).toEqual(
      Object.keys(expected.columns ?? guessed(...lines).draft.columns).sort(),
    );
  });

  it('says why for every column it names', () => {
    const { draft, reasons } = guessed('Zeit,Side,Price,Qty', '2026-01-05 10:00:00,buy,10,1');
    expect(reasons.map(({ field }) => field).sort()).toEqual(Object.keys(draft.columns).sort());
    expect(reasons).toContainEqual({ field: 'time', column: 'Zeit', reason: 'the only column of times' });
  });

  it('leaves days that may be months to the user', () => {
    const [time] = guessed('time,side', '03/04/2026 10:00,buy', '05/06/2026 10:00,sell').columns;
    expect(time).toMatchObject({ look: 'time', dateOrder: 'ambiguous', naive: true });
  });

  it('has a use for any table: no header and no cell makes it fail, and each column has one meaning', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('price', 'side', 'time', 'buy', '12.5', '2026-01-05', '#2', ''));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, ([header = [], ...rows]) => {
        const columns = seenColumns(header, rows, '.');
        const used = Object.values(guessMap(columns).draft.columns);
        expect(new Set(used).size).toBe(used.length);
        for (const name of used) expect(columns.map((column) => column.name)).toContain(name);
      }),
    );
  });
});

describe('a draft', () => {
  const name = { id: 'mine', title: 'Mine', header: ['a', 'b'] };

  it.each([
    [
      'fills',
      {
        kind: 'fills',
        columns: { time: 'a', side: 'b', price: 'c', quantity: 'd', fee: 'e', liquidity: 'l' },
        sides: { buy: ['K'], sell: ['V'] },
        liquidity: { maker: ['m'], taker: ['t'] },
        status: { column: 's', filled: ['F', 'P'], cancelled: ['C'] },
        time: { format: 'epoch-ms' },
        constants: { symbol: 'BTC/USDT', quantity: 2 },
        feeSign: 'negativePaid',
      },
    ],
    [
      'round trips',
      {
        kind: 'roundTrips',
        columns: { entryTime: 'a', exitTime: 'b', entryPrice: 'c', exitPrice: 'd', direction: 'e', profit: 'f' },
        directions: { long: ['L'], short: ['S'] },
        quantityFromProfit: true,
      },
    ],
  ])('of a map of %s makes the same map again', (_, map) => {
    const read = readMap(JSON.stringify({ ...map, ...name }));
    if (!read.ok) throw new Error(read.error.message);
    const again = readMap(JSON.stringify(mapOfDraft(draftOfMap(read.value), name)));
    expect(again).toEqual(read);
    expect(missingInDraft(draftOfMap(read.value))).toEqual([]);
  });

  it('knows what it lacks', () => {
    const { draft } = guessed('Zeit,Richtung,Kurs,Menge', '2026-01-05 10:00:00,buy,10,1');
    expect(missingInDraft(draft)).toEqual(['price', 'quantity']);
    expect(
      missingInDraft({ ...draft, columns: { ...draft.columns, price: 'Kurs' }, constants: { quantity: 1 } }),
    ).toEqual([]);
    expect(missingInDraft({ ...draft, kind: 'roundTrips' })).toEqual([
      'entryTime',
      'exitTime',
      'entryPrice',
      'exitPrice',
      'direction',
      'quantity',
    ]);
  });
});
