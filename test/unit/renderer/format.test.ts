import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as format from '../../../renderer/format';

const dash = '—';

describe('figures', () => {
  it.each<[number | null, format.FigureUnit, boolean, string]>([
    [18.44, 'bps', false, '18.4'],
    [-18.44, 'bpsPerDay', true, '−18.4'],
    [3, 'bps', true, '+3.0'],
    [-0.04, 'bps', true, '0.0'],
    [0, 'bps', true, '0.0'],
    [9.96, 'ms', false, '10.0'],
    [12345.6, 'ms', false, '12,346'],
    [0.0512, 'percent', true, '+5.1'],
    [1234567, 'count', false, '1,234,567'],
    [null, 'bps', true, dash],
    [Number.NaN, 'ms', false, dash],
    [Number.POSITIVE_INFINITY, 'bps', false, dash],
  ])('%s %s signed %s reads %s', (value, unit, signed, text) => {
    expect(format.formatFigure(value, unit, { signed })).toBe(text);
  });

  it('never reads a number that is not zero with the wrong sign, nor zero with any', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), (value) => {
        const text = format.formatFigure(value, 'bps', { signed: true });
        if (!/[1-9]/.test(text)) expect(text).not.toMatch(/[+−-]/);
        else expect(text.startsWith(value < 0 ? '−' : '+')).toBe(true);
      }),
    );
  });

  it('leaves the unit of an unknown figure away', () => {
    expect(format.formatFigureWithUnit(null, 'bps')).toBe(dash);
    expect(format.formatFigureWithUnit(1.25, 'bps')).toBe('1.3 bps');
  });
});

describe('money and exact values', () => {
  it.each<[number | null, string | null, string]>([
    [1234.5, 'USDT', '1,234.50 USDT'],
    [-0.5, 'USD', '−0.50 USD'],
    [0.00012, 'USDT', '0.00012 USDT'],
    [0.00123456, 'BTC', '0.00123456 BTC'],
    [1500, 'JPY', '1,500 JPY'],
    [12.5, null, '12.50'],
    [null, 'USDT', dash],
  ])('%s %s reads %s', (value, currency, text) => {
    expect(format.formatMoney(value, currency)).toBe(text);
  });

  it.each([
    [0, '0'],
    [67123.4, '67,123.4'],
    [0.00001936, '0.00001936'],
    [2.99e-8, '0.0000000299'],
    [47.218720000000005, '47.21872'],
    [-0.4, '−0.4'],
  ])('%s as logged reads %s', (value, text) => {
    expect(format.formatExact(value)).toBe(text);
  });
});

describe('times', () => {
  const atUs = Date.parse('2026-01-31T23:59:59.123Z') * 1_000 + 456;

  it.each<[format.TimePrecision, string]>([
    ['day', '2026-01-31'],
    ['minute', '2026-01-31 23:59'],
    ['second', '2026-01-31 23:59:59'],
    ['millisecond', '2026-01-31 23:59:59.123'],
    ['microsecond', '2026-01-31 23:59:59.123456'],
  ])('to the %s reads %s', (precision, text) => {
    expect(format.formatUtc(atUs, precision)).toBe(text);
  });

  it('says the zone of a local time', () => {
    expect(format.formatLocal(atUs, 'Asia/Tokyo')).toMatch(/1 Feb 2026.*08:59:59.*(GMT\+9|JST)/);
  });

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [12_900, '12 s'],
    [80_000, '1 min 20 s'],
    [11 * 60_000 + 59_000, '11 min'],
    [3 * 3_600_000 + 12 * 60_000, '3 h 12 min'],
    [2 * 86_400_000 + 4 * 3_600_000, '2 d 4 h'],
    [2 * 86_400_000, '2 d'],
    [-5, '0 ms'],
    [null, dash],
  ])('a duration of %s ms reads %s', (ms, text) => {
    expect(format.formatDuration(ms)).toBe(text);
  });
});

describe('sizes and rates', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_204_000, '1.2 MB'],
    [117_000_000, '117 MB'],
    [999_999_999, '1 GB'],
    [null, dash],
  ])('%s bytes read %s', (bytes, text) => {
    expect(format.formatBytes(bytes)).toBe(text);
  });

  it('rounds a rate to what can be read while it changes', () => {
    expect(format.formatRowsPerSecond(412_345)).toBe('412,000 rows/s');
    expect(format.formatRowsPerSecond(0)).toBe('0 rows/s');
  });

  it('counts things', () => {
    expect([0, 1, 2].map((count) => format.formatCountOf(count, 'row'))).toEqual(['0 rows', '1 row', '2 rows']);
  });
});

describe('sentences of the engine', () => {
  it.each([
    ['tracking difference -19.5 bps/day, size >= 15', 'tracking difference −19.5 bps/day, size ≥ 15'],
    ['Live lost 1317.64 USDT to the backtest (-27.5 bps).', 'Live lost 1,317.64 USDT to the backtest (−27.5 bps).'],
    ['first [-1234567.5]', 'first [−1,234,567.5]'],
    ['2026-11-22, order live-12, parity-4, 1160 orders', '2026-11-22, order live-12, parity-4, 1160 orders'],
  ])('%s', (written, read) => {
    expect(format.typeset(written)).toBe(read);
    expect(format.typeset(read)).toBe(read);
  });
});
