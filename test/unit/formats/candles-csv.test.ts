import { describe, expect, it } from 'vitest';
import { candlesCsv as format } from '../../../electron/engine/imports/formats/candles-csv';
import { failureOf, readAs, recognisedAs, us } from '../../support/formats';

const header = 'timestamp,open,high,low,close,volume';
const start = us('2025-01-01T00:00:00Z') / 1_000;
const candle = (at: number | string, close: number) => `${at},10,12,9,${close},5`;

describe('candles', () => {
  it('give their close at their end', async () => {
    const text = [header, candle(start, 11), candle(start + 60_000, 11.5), candle(start + 120_000, 10)].join('\n');
    expect(await recognisedAs(text)).toEqual(['candles-csv']);
    expect((await readAs(format, text, { symbol: 'ETHUSDT' })).prices).toEqual([
      { symbol: 'ETH/USDT', atUs: us('2025-01-01T00:01:00Z'), price: 11 },
      { symbol: 'ETH/USDT', atUs: us('2025-01-01T00:02:00Z'), price: 11.5 },
      { symbol: 'ETH/USDT', atUs: us('2025-01-01T00:03:00Z'), price: 10 },
    ]);
  });

  it.each([
    ['epoch seconds', start / 1_000, start / 1_000 + 60],
    ['ISO with zone', '2025-01-01T00:00:00Z', '2025-01-01T00:01:00Z'],
    ['ISO in offset', '2025-01-01T05:30:00+05:30', '2025-01-01T05:31:00+05:30'],
  ])('read %s', async (_, first, second) => {
    const { prices } = await readAs(format, `${header}\n${candle(first, 11)}\n${candle(second, 11)}\n`, {
      symbol: 'A/B',
    });
    expect(prices[0]?.atUs).toBe(us('2025-01-01T00:01:00Z'));
  });

  it('take their length from the commonest distance: gaps and newest first do not matter', async () => {
    const minutes = [9, 8, 7, 3, 2, 1];
    const text = [header, ...minutes.map((minute) => candle(start + minute * 60_000, 11))].join('\n');
    const { prices } = await readAs(format, text, { symbol: 'A/B' });
    expect(prices[0]?.atUs).toBe(us('2025-01-01T00:10:00Z'));
  });

  it('of several symbols do not measure one against another, and a stated length wins', async () => {
    const text = [
      `${header},symbol,timeframe`,
      `${candle(start, 11)},BTCUSDT,1h`,
      `${candle(start + 1_000, 11)},ETHUSDT,1h`,
    ].join('\n');
    const { prices } = await readAs(format, text);
    expect(prices).toEqual([
      { symbol: 'BTC/USDT', atUs: us('2025-01-01T01:00:00Z'), price: 11 },
      { symbol: 'ETH/USDT', atUs: us('2025-01-01T01:00:01Z'), price: 11 },
    ]);
  });

  it('of unknown length or symbol are refused', async () => {
    expect(await failureOf(readAs(format, `${header}\n${candle(start, 11)}\n`, { symbol: 'A/B' }))).toMatch(
      /^format-ambiguous: The length/,
    );
    expect(await failureOf(readAs(format, `${header}\n${candle(start, 11)}\n`))).toMatch(
      /^invalid-arguments: .*does not name its instrument/,
    );
  });

  it.each([
    ['a close outside low and high', candle(start, 13), /not between low 9 and high 12/],
    ['no close', `${start},10,12,9,,5`, /close is missing/],
    ['no time', ',10,12,9,11,5', /timestamp is missing/],
  ])('with %s are quarantined', async (_, row, reason) => {
    const text = [header, candle(start, 11), candle(start + 60_000, 11), row].join('\n');
    expect((await readAs(format, text, { symbol: 'A/B' })).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
