import { describe, expect, it } from 'vitest';
import { formats, readyMaps } from '../../../electron/engine/imports/formats/index';
import { formatOfMap, readMap } from '../../../electron/engine/imports/map';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const fills = {
  id: 'my-bot',
  title: 'My bot',
  kind: 'fills',
  time: { format: 'DD/MM/YYYY HH:mm:ss', zone: 'Europe/Berlin' },
  columns: { time: 'When', side: 'What', price: 'At', quantity: 'Size', symbol: 'Coin', fee: 'Cost', orderId: 'Order' },
  sides: { buy: ['Kauf'], sell: ['Verkauf'] },
  constants: { venue: 'bitstamp', feeCurrency: 'EUR', paper: true },
  feeSign: 'negativePaid',
};
const fillsText = 'When,What,At,Size,Coin,Cost,Order\n03/07/2025 10:00:00,Kauf,2000,0.5,ETH-EUR,-1.5,77\n';

function mapped(map: object) {
  const read = readMap(JSON.stringify(map));
  if (!read.ok) throw new Error(read.error.message);
  return formatOfMap(read.value);
}

function problemOf(map: object | string): string {
  const read = readMap(typeof map === 'string' ? map : JSON.stringify(map));
  return read.ok ? 'none' : `${read.error.code}: ${read.error.message}`;
}

describe('a map of fills', () => {
  it('names columns, words, time format, zone, constants and the sign of fees', async () => {
    expect((await readAs(mapped(fills), fillsText)).executions).toEqual([
      fill({
        ...{
          venue: 'bitstamp',
          symbol: 'ETH/EUR',
          side: 'buy',
          price: 2000,
          quantity: 0.5,
          fee: 1.5,
          feeCurrency: 'EUR',
        },
        ...{ paper: true, orderId: '77', executedAtUs: us('2025-07-03T08:00:00Z') },
      }),
    ]);
  });

  it('gives way to the zone the user names', async () => {
    const { executions } = await readAs(mapped(fills), fillsText, { zone: 'UTC' });
    expect(executions[0]?.executedAtUs).toBe(us('2025-07-03T10:00:00Z'));
  });

  it('takes a part of a column, and leaves unknown what is not there', async () => {
    const map = { ...fills, columns: { ...fills.columns, orderId: { column: 'Order', after: "'id': ", until: ',' } } };
    const text = fillsText.replace(
      ',77\n',
      `,"{'id': 4711, 'x': None}"\n03/07/2025 10:00:01,Verkauf,2000,0.5,ETH-EUR,,{}\n`,
    );
    const { executions } = await readAs(mapped(map), text);
    expect(executions.map(({ orderId, fee }) => [orderId, fee])).toEqual([
      ['4711', 1.5],
      [null, null],
    ]);
  });

  it('tells fills from orders that were not filled by their status', async () => {
    const map = { ...fills, status: { column: 'State', filled: ['done'], rejected: ['refused'] } };
    const row = '03/07/2025 10:00:00,Kauf,2000,0.5,ETH-EUR,,77';
    const text = `When,What,At,Size,Coin,Cost,Order,State\n${row},DONE\n${row},refused\n${row},lost\n`;
    const result = await readAs(mapped(map), text);
    expect(result.executions).toHaveLength(1);
    expect(result.orderEvents).toEqual([
      expect.objectContaining({ kind: 'rejected', price: 2000, intendedQuantity: 0.5 }),
    ]);
    expect(result.quarantined).toEqual(['status is "lost", which the map does not know']);
  });

  it('needs the symbol from somewhere, and every column it names', async () => {
    const { symbol: _, ...columns } = fills.columns;
    const map = mapped({ ...fills, columns });
    expect(await failureOf(readAs(map, fillsText))).toMatch(/^invalid-arguments: .*instrument/);
    expect((await readAs(map, fillsText, { symbol: 'ETH/EUR' })).executions[0]?.symbol).toBe('ETH/EUR');
    expect(
      (await readAs(mapped({ ...fills, columns, constants: { symbol: 'SOLEUR' } }), fillsText)).executions[0]?.symbol,
    ).toBe('SOL/EUR');
    expect(
      await failureOf(readAs(mapped({ ...fills, columns: { ...fills.columns, fee: 'Gone' } }), fillsText)),
    ).toMatch(/^format-damaged: .*no column "Gone"/);
  });

  it('never guesses the order of day and month', async () => {
    const map = mapped({ ...fills, time: { format: 'auto' } });
    expect(await failureOf(readAs(map, fillsText))).toMatch(/^format-ambiguous/);
  });

  it.each([
    ['31/02/2025 10:00:00,Kauf,2000,0.5,ETH-EUR,,7', /time is "31\/02\/2025 10:00:00"/],
    ['30/03/2025 02:30:00,Kauf,2000,0.5,ETH-EUR,,7', /exists in its zone/],
    ['03/07/2025 10:00:00,hold,2000,0.5,ETH-EUR,,7', /side is "hold", which the map does not know/],
    ['03/07/2025 10:00:00,Kauf,-1,0.5,ETH-EUR,,7', /price is "-1"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(mapped(fills), `${fillsText}${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

const trips = {
  id: 'trips',
  title: 'Trips',
  kind: 'roundTrips',
  time: { format: 'epoch-ms' },
  columns: {
    entryTime: 'in',
    exitTime: 'out',
    entryPrice: 'pin',
    exitPrice: 'pout',
    direction: 'dir',
    quantity: 'n',
    profit: 'won',
  },
  constants: { symbol: 'BTC/USD' },
};
const tripsHeader = 'in,out,pin,pout,dir,n,won';

describe('a map of round trips', () => {
  it.each([
    ['long', 'buy', 'sell', 5],
    ['SHORT', 'sell', 'buy', -5],
  ])('makes a %s its entry and its exit', async (direction, first, second, profit) => {
    const result = await readAs(
      mapped(trips),
      `${tripsHeader}\n1750000000000,1750000060000,100,110,${direction},0.5,${profit}\n`,
    );
    expect(result.executions).toEqual([
      fill({ symbol: 'BTC/USD', side: first as 'buy', price: 100, quantity: 0.5, executedAtUs: 1750000000000_000 }),
      fill({ symbol: 'BTC/USD', side: second as 'sell', price: 110, quantity: 0.5, executedAtUs: 1750000060000_000 }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('leaves a trade without an exit open', async () => {
    const { executions } = await readAs(
      mapped(trips),
      `${tripsHeader}\n1750000000000,,100,,long,0.5,\n1750000000000,NaT,100,,long,0.5,\n`,
    );
    expect(executions.map(({ side }) => side)).toEqual(['buy', 'buy']);
  });

  it('says so where the profit was signed by another rule', async () => {
    const { warnings } = await readAs(
      mapped(trips),
      `${tripsHeader}\n1750000000000,1750000060000,100,110,short,0.5,5\n`,
    );
    expect(warnings).toEqual([expect.stringMatching(/sign of the opposite direction, first on line 2/)]);
  });

  it('works the quantity out of the profit where it is told to', async () => {
    const { quantity: _, ...columns } = trips.columns;
    const map = mapped({ ...trips, columns, quantityFromProfit: true });
    const text = `${tripsHeader}\n1750000000000,1750000060000,100.1,110.3,long,,2.0400000000000003\n1750000000000,1750000060000,100,100,long,,0\n`;
    const result = await readAs(map, text);
    expect(result.executions.map(({ quantity }) => quantity)).toEqual([0.2, 0.2]);
    expect(result.warnings).toEqual([expect.stringMatching(/states no quantity/)]);
    expect(result.quarantined).toEqual([expect.stringMatching(/cannot be worked out/)]);
  });

  it.each([
    ['1750000060000,1750000000000,100,110,long,1,', /exit is before the entry/],
    ['1750000000000,1750000060000,100,,long,1,', /exit price is missing/],
    ['1750000000000,1750000060000,100,110,up,1,', /direction is "up"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(mapped(trips), `${tripsHeader}\n${row}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

describe('a map file', () => {
  it.each([
    ['{', /^map-invalid: .*no JSON/],
    ['[]', /^map-invalid/],
    [{ ...fills, kind: 'orders' }, /^map-invalid: .*kind/],
    [{ ...fills, colour: 'red' }, /^map-invalid: .*colour/],
    [{ ...fills, columns: { ...fills.columns, sied: 'What' } }, /^map-invalid: .*columns.*sied/],
    [{ ...fills, columns: { time: 'When', side: 'What' } }, /columns.price/],
    [{ ...fills, time: { format: 'HH:mm' } }, /time.format: "HH:mm"/],
    [{ ...fills, time: { format: 'iso', zone: 'Mars' } }, /time.zone: "Mars"/],
    [
      { ...fills, columns: { ...fills.columns, quantity: undefined } },
      /columns.quantity or constants.quantity is missing/,
    ],
    [{ ...fills, constants: { quantity: -1 } }, /constants.quantity/],
    [
      { ...trips, columns: { ...trips.columns, profit: undefined }, quantityFromProfit: true },
      /quantityFromProfit needs columns.profit/,
    ],
    [{ ...fills, id: 'My Bot!' }, /id/],
  ])('is refused by the path of what is wrong: %j', (map, problem) => {
    expect(problemOf(map)).toMatch(problem);
  });
});

describe('the ready-made maps', () => {
  it('can be used, each under an id of its own', () => {
    for (const map of readyMaps) expect(problemOf(map)).toBe('none');
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  });

  it.each(readyMaps.map((map) => [map.id, map.header?.join(',') ?? '']))(
    '%s is recognised by its header',
    async (id, header) => {
      expect(await recognisedAs(`${header}\n${header.replaceAll(/[^,]+/g, '1')}\n`)).toEqual([id]);
    },
  );

  it.each(
    formats.flatMap(({ id, exampleHeader, exampleRows = [] }) =>
      exampleHeader === null ? [] : [[id, [exampleHeader, ...exampleRows, ''].join('\n')] as const],
    ),
  )('and every example is its own format: %s', async (id, text) => {
    expect(await recognisedAs(text)).toEqual([id]);
  });
});
