import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordScanner, type ScannerOptions } from '../../electron/engine/imports/record-scanner';

interface Seen {
  line: number;
  cells: readonly string[];
  problem: string | null;
  ended: boolean;
  text: string;
}

/** Scans the bytes in chunks of the given sizes (cycled; none = all at once). */
function scan(
  input: string | Uint8Array,
  options: Partial<ScannerOptions> = {},
  sizes: readonly number[] = [],
): Seen[] {
  const seen: Seen[] = [];
  const scanner = new RecordScanner({ delimiter: ',', ...options }, (record) => {
    const { line, cells, problem, ended } = record;
    seen.push({ line, cells, problem, ended, text: record.text() });
  });
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  // One buffer for all chunks, as a reader that reuses its buffer does.
  const buffer = Buffer.alloc(Math.max(bytes.length, 1));
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.min(sizes[turn % sizes.length] ?? bytes.length, bytes.length - at);
    buffer.set(bytes.subarray(at, at + size));
    scanner.push(buffer.subarray(0, size));
    buffer.fill(120);
    at += size;
  }
  scanner.end();
  return seen;
}

function cellsOf(input: string | Uint8Array, options: Partial<ScannerOptions> = {}): (readonly string[])[] {
  return scan(input, options).map((record) => record.cells);
}

describe('records and cells', () => {
  test.each([
    [
      'plain cells',
      'a,b,c\n1,2,3\n',
      [
        ['a', 'b', 'c'],
        ['1', '2', '3'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'empty cells',
      ',\n,,\n',
      [
        ['', ''],
        ['', '', ''],
      ],
    ],
    ['blank lines', 'a\n\n\r\nb\n', [['a'], [''], [''], ['b']]],
    [
      'quoted delimiter and line end',
      '"a,b","c\nd"\r\ne,f\n',
      [
        ['a,b', 'c\nd'],
        ['e', 'f'],
      ],
    ],
    ['doubled quotes', '"say ""yes""",""\n', [['say "yes"', '']]],
    ['quotes inside a plain cell are text', 'a"b,c""d\n', [['a"b', 'c""d']]],
    ['quoted cell at the end of the file', 'a,"b"', [['a', 'b']]],
    ['quoted cell before CR at the end of the file', 'a,"b"\r', [['a', 'b']]],
    ['other alphabets', 'Čas,"Pár €"\n', [['Čas', 'Pár €']]],
  ])('%s', (_name, input, expected) => {
    expect(cellsOf(input)).toEqual(expected);
  });

  test.each([';', '\t', '|'])('delimiter %j', (delimiter) => {
    expect(cellsOf(`a${delimiter}"b${delimiter}"${delimiter}1,5\n`, { delimiter })).toEqual([
      ['a', `b${delimiter}`, '1,5'],
    ]);
  });

  test('without a delimiter every line is one cell and quotes are text', () => {
    expect(cellsOf('{"a":",\\n"}\n\n"open\nlast', { delimiter: null })).toEqual([
      ['{"a":",\\n"}'],
      [''],
      ['"open'],
      ['last'],
    ]);
  });

  test('line numbers count the lines inside quoted cells', () => {
    expect(scan('a\n"b\nb\nb"\nc\n').map(({ line, text }) => [line, text])).toEqual([
      [1, 'a'],
      [2, '"b\nb\nb"'],
      [5, 'c'],
    ]);
  });
});

describe('damaged records', () => {
  test.each([
    [
      'stray quote',
      'a,"b"c,d\nsound,1\n',
      [
        [1, 'stray-quote', 'a,"b"c,d'],
        [2, null, 'sound,1'],
      ],
    ],
    [
      'a quote never closed costs its line only',
      'x,"open\ny,1\nz,2\n',
      [
        [1, 'open-quote', 'x,"open'],
        [2, null, 'y,1'],
        [3, null, 'z,2'],
      ],
    ],
    [
      'a quote open at the end of the file',
      'a,1\nb,"2',
      [
        [1, null, 'a,1'],
        [2, 'open-quote', 'b,"2'],
      ],
    ],
    [
      'NUL byte',
      'a,\0\nb,1\n',
      [
        [1, 'nul-byte', 'a,\0'],
        [2, null, 'b,1'],
      ],
    ],
    [
      'NUL byte in a quoted cell',
      '"\0"\nb\n',
      [
        [1, 'nul-byte', '"\0"'],
        [2, null, 'b'],
      ],
    ],
  ])('%s', (_name, input, expected) => {
    expect(scan(input).map(({ line, problem, text }) => [line, problem, text])).toEqual(expected);
  });

  test('bytes that are not UTF-8 cost their row only', () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xe9, 0x2c, 0x31, 0x0a]), Buffer.from('c,d\n')]);
    expect(scan(bytes).map(({ problem }) => problem)).toEqual([null, 'not-utf8', null]);
  });

  test('a line beyond the bound is given up, its beginning kept, and the next line read', () => {
    const seen = scan(`a,b\n${'9'.repeat(3_000_000)}\nc,d\n`, {}, [70_000]);
    expect(seen.map(({ line, problem }) => [line, problem])).toEqual([
      [1, null],
      [2, 'too-long'],
      [3, null],
    ]);
    expect(seen[1]!.text).toMatch(/^9{65536}… \(cut after 65536 bytes\)$/);
  });

  test.each([
    [60, null],
    [70, 'open-quote'],
  ])('a quote closed %i lines later: %s', (lines, problem) => {
    const seen = scan(`"${'x\n'.repeat(lines)}",1\nnext,2\n`);
    expect(seen[0]).toMatchObject({ line: 1, problem });
    expect(seen.at(-1)).toMatchObject({ line: lines + 2, cells: ['next', '2'], problem: null });
  });

  test('ten megabytes of quotes end in one refused record', () => {
    expect(scan('"'.repeat(10_000_001), {}, [65_536]).map(({ line, problem }) => [line, problem])).toEqual([
      [1, 'too-long'],
    ]);
  });

  test('every line opening a quote is still read in linear time', () => {
    const lines = 20_000;
    const seen = scan('a",",""\n'.repeat(lines), {}, [65_536]);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ problem }) => problem !== null)).toBe(true);
  });
});

describe('properties', () => {
  const hostileText = fc
    .array(fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', 'a', 'bc', '1.5', ' ', 'é', '\0'), { maxLength: 60 })
    .map((pieces) => pieces.join(''));
  const small = { maxRecordBytes: 24, maxRecordLines: 3 };

  test('any chunking gives the same records', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        (input, sizes) => {
          expect(scan(input, small, sizes)).toEqual(scan(input, small));
          expect(scan(input, {}, sizes)).toEqual(scan(input));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('what a writer wrote comes back', () => {
    const cell = fc
      .array(fc.constantFrom('"', ',', '\n', '\r\n', 'x', 'ü', ' '), { maxLength: 6 })
      .map((p) => p.join(''));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        (rows, size) => {
          const text = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
            .map((row) => `${row}\r\n`)
            .join('');
          expect(scan(text, {}, [size]).map(({ cells }) => cells)).toEqual(rows);
        },
      ),
    );
  });

  test('no byte of the input is lost: every line belongs to exactly one record', () => {
    fc.assert(
      fc.property(hostileText, (input) => {
        const lines = input === '' ? 0 : input.split('\n').length - (input.endsWith('\n') ? 1 : 0);
        let next = 1;
        for (const { line, text } of scan(input, small)) {
          expect(line).toBe(next);
          next += text.split('\n').length;
        }
        expect(next - 1).toBe(lines);
      }),
    );
  });
});
