/** What a file leaves open: asked before it is imported, answered, and noted where it was assumed. */
import { describe, expect, it } from 'vitest';
import { noHints } from '../../electron/engine/imports/import-service';
import { failureOf } from '../support/formats';
import { importDesk } from '../support/import-desk';
import { readContent } from '../support/source-file';
import { unwrapped } from '../support/temporary-desk';

const map = JSON.stringify({
  ...{ id: 'own', title: 'Own', kind: 'fills' },
  columns: { time: 'when', symbol: 'what', side: 'way', price: 'at', quantity: 'many', fee: 'fee', feeCurrency: 'in' },
});
const log = (...names: readonly string[]) =>
  `when,what,way,at,many,fee,in\n${names.map((name, at) => `2025-03-04T05:06:0${at}Z,${name},buy,2,3,0.1,USD`).join('\n')}\n`;

describe('a glued symbol of two readings', () => {
  it('is asked', async () => {
    expect(await failureOf(readContent('own.csv', log('BTCUSD', 'ARBUSD'), { map }))).toMatch(
      /^format-ambiguous: .*"ARBUSD" can be AR\/BUSD or ARB\/USD/,
    );
  });

  it.each([
    ['ARB/USD', 'ARB/USD'],
    ['ar/busd', 'AR/BUSD'],
    ['FOO/BUSD, ARB/USD', 'ARB/USD'],
  ])('answered by %s is %s', async (symbol, expected) => {
    const read = await readContent('own.csv', log('BTCUSD', 'ARBUSD'), { map, symbol });
    expect(read.executions.map((one) => one.symbol)).toEqual(['BTC/USD', expected]);
  });

  it('is asked one by one, each answer kept', async () => {
    const desk = await importDesk();
    const job = await desk.file('own.csv', log('ARBUSD', 'FOOTUSD'), { hints: { ...noHints, map, symbol: 'ARB/USD' } });
    const { questions } = unwrapped(await desk.imports.preview({ ...job, limit: 20 }));
    expect(questions).toMatchObject([
      { field: 'symbol', options: [{ value: 'ARB/USD, FOO/TUSD' }, { value: 'ARB/USD, FOOT/USD' }] },
    ]);
  });

  it('is not asked where the name has a separator, or the row names the coin', async () => {
    const read = await readContent('own.csv', log('AR/BUSD', 'ARB-USD').replaceAll(',USD', ',ARB'), { map });
    expect(read.executions.map((one) => one.symbol)).toEqual(['AR/BUSD', 'ARB/USD']);
  });
});

describe('times without a zone', () => {
  const naive = log('BTC/USD').replaceAll('Z,', ',');

  it('leave in the record of the import what was assumed, and why', async () => {
    const desk = await importDesk();
    const job = await desk.file('fills(UTC--6).csv', naive, { hints: { ...noHints, map } });
    const { importId } = unwrapped(await desk.import(job));
    expect(await desk.store.imports.get(importId ?? '')).toMatchObject({
      zoneAssumed: { zone: '-06:00', reason: 'the file is named "fills(UTC--6).csv"' },
    });
  });

  it('leave nothing there where the user named the zone', async () => {
    const desk = await importDesk();
    const job = await desk.file('fills.csv', naive, { hints: { ...noHints, map, zone: '+02:00' } });
    const { importId } = unwrapped(await desk.import(job));
    expect(await desk.store.imports.get(importId ?? '')).toMatchObject({ zoneAssumed: null });
  });
});

describe('times without a zone, where prices of the symbol are stored', () => {
  /** A market that never comes back to a price within the hours that are tried. */
  const priceAt = (minute: number) => 1_000 + minute * 0.5 + Math.sin(minute) * 2;
  const start = Date.UTC(2025, 2, 4);
  const candles = Array.from({ length: 3 * 1_440 }, (_, minute) => {
    const [open, close] = [priceAt(minute), priceAt(minute + 1)];
    return [new Date(start + minute * 60_000).toISOString(), open, Math.max(open, close), Math.min(open, close), close];
  });
  const market = `timestamp,open,high,low,close\n${candles.map((cells) => cells.join(',')).join('\n')}\n`;
  const written = (minute: number, offsetMinutes: number) =>
    new Date(start + (minute + offsetMinutes) * 60_000 + 30_000).toISOString().replace('T', ' ').slice(0, 19);
  const fills = (offsetMinutes: number, count: number) =>
    `when,what,way,at,many,fee,in\n${Array.from({ length: count }, (_, at) => 1_440 + at * 7)
      .map((minute) => `${written(minute, offsetMinutes)},BTC/USD,buy,${priceAt(minute + 0.5)},1,0.1,USD`)
      .join('\n')}\n`;

  async function optionsFor(offsetMinutes: number, count = 40) {
    const desk = await importDesk();
    unwrapped(await desk.import(await desk.file('m.csv', market, { hints: { ...noHints, symbol: 'BTC/USD' } })));
    const job = await desk.file('fills.csv', fills(offsetMinutes, count), { hints: { ...noHints, map } });
    const { questions } = unwrapped(await desk.imports.preview({ ...job, limit: 5 }));
    expect(questions).toMatchObject([{ field: 'zone', assumed: 'UTC' }]);
    return questions[0]?.options.map(({ value }) => value);
  }

  it('are suggested the zone in which the fills fit the prices, and read as before', async () => {
    expect(await optionsFor(330)).toEqual(['+05:30', 'UTC']);
    expect(await optionsFor(-420)).toEqual(['-07:00', 'UTC']);
  });

  it('are suggested nothing by too few fills, and UTC where that fits', async () => {
    expect(await optionsFor(330, 9)).toEqual(['UTC']);
    expect(await optionsFor(0)).toEqual(['UTC']);
  });
});

describe('a preview', () => {
  it('of dates that prove no order asks for it, and is answered', async () => {
    const desk = await importDesk();
    const content = log('BTC/USD').replace('2025-03-04T05:06:00Z', '03/04/2025 05:06:00');
    const job = await desk.file('fills.csv', content, { hints: { ...noHints, map } });
    expect(unwrapped(await desk.imports.preview({ ...job, limit: 20 }))).toMatchObject({
      recognised: { format: 'own' },
      executions: [],
      questions: [{ field: 'dateOrder', assumed: null, options: [{ value: 'dmy' }, { value: 'mdy' }] }],
    });
    const answered = { ...job, hints: { ...job.hints, dateOrder: 'dmy' as const, zone: 'UTC' } };
    const { executions, questions } = unwrapped(await desk.imports.preview({ ...answered, limit: 20 }));
    expect(questions).toEqual([]);
    expect(executions[0]?.executedAtUs).toBe(Date.UTC(2025, 3, 3, 5, 6) * 1_000);
  });

  it('of rows that name no strategy asks for it', async () => {
    const desk = await importDesk();
    const job = await desk.file('fills.csv', log('BTC/USD'), { strategy: null, hints: { ...noHints, map } });
    expect(unwrapped(await desk.imports.preview({ ...job, limit: 20 })).questions).toMatchObject([
      { field: 'strategy', assumed: null },
    ]);
  });
});
