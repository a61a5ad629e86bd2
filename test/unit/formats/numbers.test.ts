import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalMarkOf, parseAmountWithUnit, parseNumber } from '../../../electron/engine/imports/numbers';

describe('a number', () => {
  it.each([
    ['0.00004217', 0.00004217],
    ['7.1234567890E-05', 7.123456789e-5],
    ['3.14E-8', 3.14e-8],
    ['0E-8', 0],
    ['.75', 0.75],
    ['12.', 12],
    ['-0.5', -0.5],
    ['+4', 4],
    ['\u22123.25', -3.25],
    ['2,750.0000120000', 2750.000012],
    ['$21,043.18 ', 21043.18],
    ['($17.20)', -17.2],
    ['-$801.05', -801.05],
    ['€1204.5', 1204.5],
    ['-CA$3.5', -3.5],
    ['₺7', 7],
    ['15 000.25', 15000.25],
    ['15\u00a0000.25', 15000.25],
    ['1\u2009234\u2009567', 1234567],
    ["12'345.5", 12345.5],
    ['31.110000000000003', 31.110000000000003],
    ['0.123456789012345678', 0.12345678901234568],
  ])('%s is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['', '  ', '—', '-', '--', 'n/a', 'N/A', 'NIL', 'NaN', 'nan', 'null'])('%j says none', (text) => {
    expect(parseNumber(text)).toBeNull();
  });

  it.each([
    '0x10',
    '1e400',
    '-1e999',
    'Infinity',
    '12abc',
    '1.2.3',
    '1,5',
    '1,23,456',
    '12 34',
    '1_000',
    '.',
    'e5',
    '1e',
    '--5',
    '0.2%',
    'true',
  ])('%j is no number', (text) => {
    expect(parseNumber(text)).toBeNaN();
  });

  it.each([
    ['0,007', 0.007],
    ['1.234,56', 1234.56],
    ['8,25E+3', 8250],
    ['1.234', 1234],
    ['42', 42],
  ])('%s with a decimal comma is %d', (text, value) => {
    expect(parseNumber(text, ',')).toBe(value);
  });

  it('survives every double that a program prints', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value))).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });

  it('never throws and never gives an infinite number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const mark of ['.', ','] as const) {
          const value = parseNumber(text, mark);
          expect(value === null || Number.isNaN(value) || Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });
});

describe('the decimal mark', () => {
  const rows = (...cells: string[]) => cells.map((cell) => [cell]);
  it.each([
    ['comma-delimited files never have a decimal comma', ',' as const, rows('0,5'), '.'],
    ['a cell that can only be a decimal comma decides', ';' as const, rows('0,007393', '12,5'), ','],
    ['points stay points under semicolons', ';' as const, rows('0.007393', '1.61'), '.'],
    ['thousands prove nothing', ';' as const, rows('1,234', '2,345'), '.'],
  ])('%s', (_, delimiter, sampleRows, mark) => {
    expect(decimalMarkOf({ delimiter, rows: sampleRows })).toBe(mark);
  });
});

describe('a number with its unit', () => {
  it.each([
    ['0.73SOL', ['SOL', 'USDT'], 0.73, 'SOL'],
    ['62.125 USDT', ['SOL', 'USDT'], 62.125, 'USDT'],
    ['0.00010548BNB', ['SOL', 'USDT'], 0.00010548, 'BNB'],
    ['5.11INCH', ['1INCH', 'USDT'], 5.1, '1INCH'],
    ['5.11INCH', ['INCH', 'USDT'], 5.11, 'INCH'],
    ['12.51000SHIB', ['1000SHIB', 'USDT'], 12.5, '1000SHIB'],
    ['2,500.0000000000ADA', ['ADA', 'BTC'], 2500, 'ADA'],
    ['9.1E-7BTC', ['ADA', 'BTC'], 9.1e-7, 'BTC'],
  ])('%s with pair %j is %d %s', (text, assets, value, unit) => {
    expect(parseAmountWithUnit(text, assets)).toEqual({ value, unit });
  });
  it.each(['1e400', '2.5E12', '0x10', '0XBEEF', '-1E9'])('%s is a number, whole, and has no coin behind it', (text) => {
    expect(parseAmountWithUnit(text, ['BTC'])).toBeNull();
  });

  it.each(['BNB', '', '1.2', 'abc1.2BNB', '--BNB', '9'.repeat(401)])('%j is none', (text) => {
    expect(parseAmountWithUnit(text, ['ADA'])).toBeNull();
  });
});
