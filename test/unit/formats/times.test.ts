import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOrderOf,
  epochReader,
  inferTimeReader,
  isoReader,
  parseZone,
  patternReader,
  utcZone,
  type Zone,
} from '../../../electron/engine/imports/times';
import { us } from '../../support/formats';

const utc = { zone: utcZone };
const zone = (name: string): Zone => parseZone(name) ?? expect.fail(`${name} should be a zone`);

describe('an ISO time', () => {
  it.each([
    ['2025-03-02T10:20:30.123456Z', us('2025-03-02T10:20:30.123Z') + 456],
    ['2025-03-02 10:20:30.7025', us('2025-03-02T10:20:30.702Z') + 500],
    ['2025-03-02T10:20:30.123456789Z', us('2025-03-02T10:20:30.123Z') + 456],
    ['2025-03-02 10:20', us('2025-03-02T10:20:00Z')],
    ['2025-03-02 9:05:01', us('2025-03-02T09:05:01Z')],
    ['2025-03-02', us('2025-03-02T00:00:00Z')],
    ['2025.03.02 10:20:30', us('2025-03-02T10:20:30Z')],
    ['2025/03/02 10:20:30,5', us('2025-03-02T10:20:30.500Z')],
    ['2025-03-02 10:20:30 UTC', us('2025-03-02T10:20:30Z')],
    ['2025-03-02 10:20:30+00:00', us('2025-03-02T10:20:30Z')],
    ['2025-03-02T10:20:30+0530', us('2025-03-02T04:50:30Z')],
    ['2025-03-02T10:20:30-08', us('2025-03-02T18:20:30Z')],
    [' 2025-03-02T10:20:30Z ', us('2025-03-02T10:20:30Z')],
    ['2024-02-29T00:00:00Z', us('2024-02-29T00:00:00Z')],
  ])('%s', (text, expected) => {
    expect(isoReader(utc).read(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2025-13-01T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-00-10',
    '2025-01-01T24:00:00Z',
    '2025-01-01T10:60:00Z',
    '2025-01-01T10:20:60Z',
    '2025-01-01T10:20:30.Z',
    '2025-01-01T10:20:30+99:00',
    '2025-01-01T10:20:30+05:60',
    '2025-01-01T10:20:30 CET',
    '2025-01/01 10:20',
    '25-01-01 10:20:30',
    '0x25-01-01',
  ])('%j is none', (text) => {
    expect(isoReader(utc).read(text)).toBeNaN();
  });

  it('reads back every instant that toISOString writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isoReader(utc).read(date.toISOString())).toBe(date.getTime() * 1_000);
        },
      ),
    );
  });

  it('tells when a time did not say its zone', () => {
    let naive = 0;
    const reader = isoReader({ zone: utcZone, onNaive: () => naive++ });
    reader.read('2025-03-02T10:20:30Z');
    expect(naive).toBe(0);
    reader.read('2025-03-02T10:20:30');
    expect(naive).toBe(1);
  });
});

describe('a zone', () => {
  it.each([
    ['+05:30', '2025-03-02 10:00:00', '2025-03-02T04:30:00Z'],
    ['-0800', '2025-03-02 10:00:00', '2025-03-02T18:00:00Z'],
    ['UTC+8', '2025-03-02 10:00:00', '2025-03-02T02:00:00Z'],
    ['Asia/Kolkata', '2025-03-02 10:00:00', '2025-03-02T04:30:00Z'],
    ['Europe/Berlin', '2025-01-15 10:00:00', '2025-01-15T09:00:00Z'],
    ['Europe/Berlin', '2025-07-15 10:00:00', '2025-07-15T08:00:00Z'],
    ['Europe/Berlin', '2025-03-30 01:59:59', '2025-03-30T00:59:59Z'],
    ['Europe/Berlin', '2025-03-30 03:00:00', '2025-03-30T01:00:00Z'],
    ['America/New_York', '2025-11-02 00:59:59', '2025-11-02T04:59:59Z'],
    ['Australia/Lord_Howe', '2025-07-01 12:00:00', '2025-07-01T01:30:00Z'],
  ])('%s %s is %s', (name, wall, instant) => {
    expect(isoReader({ zone: zone(name) }).read(wall)).toBe(us(instant));
  });

  it('has no instant for a time its clock skipped', () => {
    expect(isoReader({ zone: zone('Europe/Berlin') }).read('2025-03-30 02:30:00')).toBeNaN();
  });

  it('takes the first of two instants and says that it chose', () => {
    let repeated = 0;
    const reader = isoReader({ zone: zone('Europe/Berlin'), onRepeated: () => repeated++ });
    expect(reader.read('2025-10-26 02:30:00')).toBe(us('2025-10-26T00:30:00Z'));
    expect(repeated).toBe(1);
    reader.read('2025-10-26 03:30:00');
    expect(repeated).toBe(1);
  });

  it.each(['Mars/Olympus', '', 'CESTT', '+25:00', 'Europe/', '../etc'])('%j is none', (name) => {
    expect(parseZone(name)).toBeNull();
  });

  it('agrees with the runtime for any instant whose wall time is unique', () => {
    for (const name of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia']) {
      const tested = zone(name);
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(2005, 0) / 1_000, max: Date.UTC(2035, 0) / 1_000 }), (second) => {
          const wallUs = isoReader(utc).read(format.format(second * 1_000));
          if (!tested.isRepeated(wallUs)) expect(tested.toUtcUs(wallUs)).toBe(second * 1_000_000);
        }),
        { numRuns: 200 },
      );
    }
  });
});

describe('a count from 1970', () => {
  it.each([
    ['s', '1750000000', 1750000000_000000],
    ['s', '1750000000.352675', 1750000000_352675],
    ['s', '1750000000.1366231', 1750000000_136623],
    ['s', '1750000000.9999999', 1750000001_000000],
    ['ms', '1750000000123', 1750000000_123000],
    ['ms', '1750000000123.0', 1750000000_123000],
    ['ms', '1750000000123.071', 1750000000_123071],
    ['us', '1750000000123456', 1750000000_123456],
    ['ns', '1750000000123456789', 1750000000_123457],
    ['s', '1.75e9', 1750000000_000000],
  ] as const)('%s %s', (unit, text, expected) => {
    expect(epochReader(unit).read(text)).toBe(expected);
    expect(epochReader(null).read(text)).toBe(expected);
  });
  it.each(['', 'abc', '0x10', '1e400', '99999999999999999999999', '12-3'])('%j is none', (text) => {
    expect(epochReader('us').read(text)).toBeNaN();
  });
});

describe('a pattern', () => {
  it.each([
    ['DD/MM/YYYY HH:mm:ss', '03/04/2025 10:20:30', '2025-04-03T10:20:30Z'],
    ['M/D/YYYY, h:mm:ss A', '4/3/2025, 6:32:04 PM', '2025-04-03T18:32:04Z'],
    ['M/D/YYYY, h:mm:ss A', '4/3/2025, 12:00:00 AM', '2025-04-03T00:00:00Z'],
    ['DD-MM-YY HH:mm:ss[.S]', '04-02-25 16:52:06', '2025-02-04T16:52:06Z'],
    ['DD-MM-YY HH:mm:ss[.S]', '04-02-25 16:52:06.123', '2025-02-04T16:52:06.123Z'],
    ['MMM D, YYYY, hh:mm A', 'Feb. 14, 2025, 03:32 PM', '2025-02-14T15:32:00Z'],
    ['HH:mm YYYY-MM-DD', '14:35 2025-11-16', '2025-11-16T14:35:00Z'],
    ['YYYYMMDD;HHmmss', '20250102;093001', '2025-01-02T09:30:01Z'],
    ['DD/MM/YYYY - HH:mm:ss', '14/04/2025 - 20:59:22', '2025-04-14T20:59:22Z'],
  ])('%s reads %s', (pattern, text, instant) => {
    expect(patternReader(pattern, utc)?.read(text)).toBe(us(instant));
  });
  it.each([
    ['DD/MM/YYYY', '31/02/2025'],
    ['MM/DD/YYYY', '13/01/2025'],
    ['h:mm A DD/MM/YYYY', '13:00 PM 01/01/2025'],
  ])('%s refuses %s', (pattern, text) => {
    expect(patternReader(pattern, utc)?.read(text)).toBeNaN();
  });
  it.each(['HH:mm', 'YYYY-MM', 'YYYY-MM-DD MM', '(['])('%s is no pattern of a full date', (pattern) => {
    expect(patternReader(pattern, utc)).toBeNull();
  });
});

describe('the order of day and month', () => {
  it.each([
    [['25/03/2025 10:00', '01/02/2025 10:00'], 'dayFirst'],
    [['03/25/2025', '01/02/2025'], 'monthFirst'],
    [['03/04/2025', '01/02/2025'], 'ambiguous'],
    [['25/03/2025', '03/25/2025'], 'mixed'],
    [['2025-03-04'], null],
  ] as const)('%j is %s', (texts, order) => {
    expect(dateOrderOf(texts)).toBe(order);
  });

  it('is never guessed when a column is inferred', () => {
    expect(inferTimeReader(['03/04/2025 10:00'], utc)).toEqual({ kind: 'ambiguous', example: '03/04/2025 10:00' });
    expect(inferTimeReader(['25/03/2025', '03/25/2025'], utc)).toEqual({ kind: 'mixed', example: '25/03/2025' });
    expect(inferTimeReader(['soon'], utc)).toEqual({ kind: 'unknown', example: 'soon' });
  });

  it.each([
    ['1750000000123', '1750000000123', '2025-06-15T15:06:40.123Z'],
    ['25/03/2025 10:00:05', '01/02/2025 10:00', '2025-02-01T10:00:00Z'],
    ['1.21.2025 6:01', '11.2.2025 6:01', '2025-11-02T06:01:00Z'],
    ['2025-03-04 10:00', '2025-03-04T10:00:01', '2025-03-04T10:00:01Z'],
  ])('a column with %s reads %s', (evidence, text, instant) => {
    const inferred = inferTimeReader([evidence], utc);
    expect(inferred.kind === 'reader' && inferred.reader.read(text)).toBe(us(instant));
  });
});
