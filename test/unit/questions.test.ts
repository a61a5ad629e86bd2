import { describe, expect, it } from 'vitest';
import { columnTimeReader, symbolOfUser } from '../../electron/engine/imports/formats/columns';
import { zoneChoice } from '../../electron/engine/imports/formats/zones';
import { OpenQuestion, symbolOfName, zoneAssumedIn, zoneOfName } from '../../electron/engine/imports/questions';
import type { ImportQuestion } from '../../shared/contract/calls';
import { us } from '../support/formats';

function contextOf(
  known: { zone?: string; names?: readonly string[]; symbol?: string; dateOrder?: 'dmy' | 'mdy' } = {},
) {
  const asked: ImportQuestion[] = [];
  const warnings: string[] = [];
  const context = {
    source: 'live' as const,
    zone: null,
    symbol: null,
    ...known,
    ask: (question: ImportQuestion) => void asked.push(question),
    warn: (message: string) => void warnings.push(message),
    atEnd: () => undefined,
  };
  return { context, asked, warnings };
}

function questionOf(reading: () => unknown): ImportQuestion | null {
  try {
    reading();
    return null;
  } catch (error) {
    if (error instanceof OpenQuestion) return error.question;
    throw error;
  }
}

describe('the zone of naive times', () => {
  it.each([
    ['Export Trade History(UTC+8).csv', '+08:00'],
    ['trades(UTC--6).csv', '-06:00'],
    ['trades (UTC-6).csv', '-06:00'],
    ['trades (UTC+05:30).csv', '+05:30'],
    ['trades (UTC).csv', 'UTC'],
    ['trades UTC+8.csv', null],
    ['trades.csv', null],
  ])('the name %s states %s', (name, zone) => {
    expect(zoneOfName(name)).toBe(zone);
  });

  it.each([
    [{}, 'UTC', '2026-03-17T09:00:00Z'],
    [{ names: ['a.csv', 'spot(UTC+8).zip'] }, '+08:00', '2026-03-17T01:00:00Z'],
    [{ names: ['spot(UTC+8).csv'], zone: '+02:00' }, null, '2026-03-17T07:00:00Z'],
  ] as const)('%j is read as assumed %s', (known, assumed, instant) => {
    const { context, asked } = contextOf(known);
    const reader = columnTimeReader('time', 0, { rows: [['2026-03-17 09:00:00']] }, zoneChoice(context, null));
    expect(reader.read('2026-03-17 09:00:00')).toBe(us(instant));
    expect(reader.read('2026-03-17 09:00:00')).toBe(us(instant));
    // The pipeline keeps each question once.
    expect([...new Set(asked.map((question) => question.assumed))]).toEqual(assumed === null ? [] : [assumed]);
    expect(zoneAssumedIn(asked)?.zone ?? null).toBe(assumed);
  });

  it('is not asked where every time states it', () => {
    const { context, asked } = contextOf();
    columnTimeReader('time', 0, { rows: [['2026-03-17T09:00:00Z']] }, zoneChoice(context, null)).read(
      '2026-03-17T09:00:00Z',
    );
    expect(asked).toEqual([]);
  });

  it('says of an assumption what it rests on', () => {
    const { context, asked } = contextOf({ names: ['spot(UTC+8).csv'] });
    zoneChoice(context, null).onNaive?.();
    expect(zoneAssumedIn(asked)).toEqual({ zone: '+08:00', reason: 'the file is named "spot(UTC+8).csv"' });
  });
});

describe('the order of day and month', () => {
  const rows = [['04/05/2026 10:00:00'], ['05/05/2026 10:00:00']];
  const read = (dateOrder: 'dmy' | 'mdy' | undefined, sample: readonly (readonly string[])[], text: string) => {
    const { context } = contextOf({ zone: 'UTC', ...(dateOrder && { dateOrder }) });
    return columnTimeReader('Date', 0, { rows: sample }, zoneChoice(context, null)).read(text);
  };

  it('is asked where no date tells it', () => {
    expect(questionOf(() => read(undefined, rows, ''))).toMatchObject({
      field: 'dateOrder',
      assumed: null,
      options: [{ value: 'dmy' }, { value: 'mdy' }],
    });
  });

  it.each([
    ['dmy', '2026-05-04T10:00:00Z'],
    ['mdy', '2026-04-05T10:00:00Z'],
  ] as const)('answered %s reads 04/05/2026 as %s', (order, instant) => {
    expect(read(order, rows, '04/05/2026 10:00:00')).toBe(us(instant));
  });

  it('answered is held against the rest of the column', () => {
    expect(() => read('dmy', rows, '04/25/2026 10:00:00')).toThrow(/written in more than one way/);
  });

  it('told by the dates is not overruled by an answer', () => {
    expect(read('mdy', [...rows, ['25/05/2026 10:00:00']], '04/05/2026 10:00:00')).toBe(us('2026-05-04T10:00:00Z'));
  });
});

describe('the instrument', () => {
  it.each([
    ['XRP_ETH-1m.feather', 'XRP/ETH'],
    ['XRP_USDT_USDT-5m-futures.feather', 'XRP/USDT'],
    ['BCHEUR.csv', 'BCH/EUR'],
    ['btcusdt-trades.parquet', 'BTC/USDT'],
    ['ohlcv_ETH-USDT-USDT_15m.csv', 'ETH/USDT'],
    ['20180404_btcusd_minute_trade.csv', 'BTC/USD'],
    ['public_trades_list.csv', null],
    ['fills.csv', null],
  ])('the name %s suggests %s', (name, symbol) => {
    expect(symbolOfName(name)).toBe(symbol);
  });

  it('that the file does not name is asked, with what its name suggests', () => {
    const { context } = contextOf({ names: ['XRP_ETH-1m.feather'] });
    expect(questionOf(() => symbolOfUser(context))).toMatchObject({
      field: 'symbol',
      assumed: null,
      options: [{ value: 'XRP/ETH', reason: 'the file is named "XRP_ETH-1m.feather"' }],
    });
    expect(symbolOfUser({ ...context, symbol: 'btcusdt' })).toBe('BTC/USDT');
  });
});
