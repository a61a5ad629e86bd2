/** What a log is wrapped in: workbooks, column files, archives in archives, files without a header. */
import { gzipSync } from 'node:zlib';
import {
  CompressionType,
  getCompressionCodec,
  setCompressionCodec,
  TimeUnit,
  tableFromArrays,
  tableToIPC,
  timestamp,
} from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { compress } from 'lz4js';
import { describe, expect, it } from 'vitest';
import '../../electron/engine/imports/column-tables';
import { dateText, numberText } from '../../electron/engine/imports/workbook';
import { failureOf, us } from '../support/formats';
import { readContent } from '../support/source-file';
import { type Cell, type WorkbookSheet, workbookOf } from '../support/workbook';
import { zipOf } from '../support/zip';

const header = ['Date(UTC)', 'Market', 'Type', 'Price', 'Amount', 'Total', 'Fee', 'Fee Coin'];
const trade = (time: Cell, price = '1.716E-4'): readonly Cell[] => [
  ...[time, 'ETHBTC', { inline: 'BUY' }, { number: price }, { number: '2' }, { number: '3.4320000000000002E-4' }],
  ...[{ number: '7.0329299999999997E-3' }, 'BNB'],
];
const when = '2021-02-03 04:05:06';
const sheet = (name: string, ...rows: WorkbookSheet['rows']): WorkbookSheet => ({ name, rows });

describe('a workbook', () => {
  it('is read sheet by sheet, with the rows of the sheet as lines', async () => {
    const content = workbookOf([
      sheet('Notes & more', [1, ['Exported for the desk']]),
      sheet('Spot', [1, ['Trade history']], [3, header], [4, trade(when)], [7, trade(when, '37.380000000000003')]),
    ]);
    const read = await readContent('trades.xlsx', content);
    expect(read.files).toEqual({
      Spot: {
        format: 'binance-spot-trades-v1',
        reason: expect.stringMatching(/^sheet "Spot" of an Excel workbook; /),
      },
    });
    expect(read.rows.map(({ line, kind }) => [line, kind])).toEqual([
      [4, 'executions'],
      [5, 'other'],
      [6, 'other'],
      [7, 'executions'],
    ]);
    expect(read.executions.map(({ price, fee }) => [price, fee])).toEqual([
      [0.0001716, 0.00703293],
      [37.38, 0.00703293],
    ]);
    expect(read.warnings).toContainEqual(expect.stringMatching(/^Not read: .*trades\.xlsx:Notes & more/));
  });

  it('with one sheet is that sheet', async () => {
    const read = await readContent('trades.xlsx', workbookOf([sheet('Spot', [1, header], [2, trade(when)])]));
    expect(Object.keys(read.files)).toEqual(['']);
  });

  it('inside a zip is named with its sheets', async () => {
    const book = workbookOf([sheet('A', [1, header], [2, trade(when)]), sheet('B', [1, header], [2, trade(when)])]);
    const read = await readContent('all.zip', zipOf([{ name: 'out/trades.xlsx', content: book }]));
    expect(Object.keys(read.files)).toEqual(['out/trades.xlsx/A', 'out/trades.xlsx/B']);
    expect(read.executions).toHaveLength(2);
  });

  const at = us('2021-02-03T04:05:06Z');
  it.each<[string, Cell, boolean]>([
    ['a built-in date', { number: '44230.170208333331', style: 1 }, false],
    ['a date of an own format', { number: '44230.170208333331', style: 2 }, false],
    ['a date counted from 1904', { number: '42768.170208333331', style: 1 }, true],
    ['an ISO date', { raw: '<c AT t="d"><v>2021-02-03T04:05:06</v></c>' }, false],
    ['what a formula came to', { raw: '<c AT t="str"><f>NOW()</f><v>2021-02-03 04:05:06</v></c>' }, false],
  ])('reads %s', async (_name, cell, from1904) => {
    const book = workbookOf([sheet('Spot', [1, header], [2, trade(cell)])], { from1904 });
    const read = await readContent('trades.xlsx', book);
    expect(read.executions.map(({ executedAtUs }) => executedAtUs)).toEqual([at]);
  });

  it('shows a cell with an error as what it is', async () => {
    const cells = trade(when).map((cell, index) => (index === 3 ? { raw: '<c AT t="e"><v>#N/A</v></c>' } : cell));
    const read = await readContent(
      'trades.xlsx',
      workbookOf([sheet('Spot', [1, header], [2, trade(when)], [3, cells])]),
    );
    expect(read.quarantined).toEqual([expect.stringMatching(/Price is "#N\/A", which is no number/)]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a sheet cut short',
      workbookOf([{ name: 'S', rows: [], xml: '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>' }]),
      /format-damaged: .*sheet "S" is damaged: it ends before its rows do/,
    ],
    [
      'a sheet that is not there',
      workbookOf([sheet('S', [1, header])], { leaveOut: ['xl/worksheets/sheet1.xml'] }),
      /format-damaged: .*its sheet "S" is not in it/,
    ],
    [
      'no list of sheets',
      workbookOf([sheet('S', [1, header])], { leaveOut: ['xl/_rels/workbook.xml.rels'] }),
      /format-damaged: .*list of sheets is missing/,
    ],
    ['rows out of order', workbookOf([sheet('S', [5, header], [4, header])]), /format-damaged: .*row 4 follows row 5/],
    [
      'a row that Excel has not',
      workbookOf([sheet('S', [2_000_000, header])]),
      /format-damaged: .*row 2000000 follows row 0/,
    ],
    [
      'a cell far to the right',
      workbookOf([
        {
          name: 'S',
          rows: [],
          xml: '<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>',
        },
      ]),
      /limit-exceeded: .*more than 1000 columns/,
    ],
    [
      'a text that is not there',
      workbookOf([sheet('S', [1, [{ raw: '<c AT t="s"><v>99</v></c>' }, 'x']])]),
      /format-damaged: .*row 1 refers to a text that is not there/,
    ],
    [
      'a bomb',
      workbookOf([
        {
          name: 'S',
          rows: [],
          xml: `<worksheet><sheetData>${'<row></row>'.repeat(7_000_000)}</sheetData></worksheet>`,
        },
      ]),
      /archive-unsafe: .*unpacks to more than 200 times/,
    ],
    ['only empty sheets', workbookOf([sheet('S')]), /file-empty: /],
    [
      'a binary workbook',
      zipOf([
        { name: '[Content_Types].xml', content: '' },
        { name: 'xl/workbook.bin', content: '' },
      ]),
      /format-unknown: .*binary Excel workbook/,
    ],
    [
      'a letter',
      zipOf([
        { name: '[Content_Types].xml', content: '' },
        { name: 'word/document.xml', content: '' },
      ]),
      /format-unknown: .*holds no sheets/,
    ],
    [
      'an old workbook',
      Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on', 'latin1'),
      /format-unknown: .*an old Excel workbook \(\.xls\)/,
    ],
    [
      'a workbook with a password',
      Buffer.concat([
        Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'),
        Buffer.alloc(512),
        Buffer.from('EncryptedPackage', 'utf16le'),
      ]),
      /format-unknown: .*protected by a password/,
    ],
  ])('is refused for %s', async (_name, content, message) => {
    expect(await failureOf(readContent('bad.xlsx', content))).toMatch(message);
  });

  it.each([
    ['37.380000000000003', '37.38'],
    ['1.716E-4', '0.0001716'],
    ['7.0329299999999997E-3', '0.00703293'],
    ['0.1', '0.1'],
    ['-12', '-12'],
    ['999999999999999', '999999999999999'],
    ['8389770000000001234', '8.38977e+18'],
    ['abc', 'abc'],
  ])('writes the number cell %s as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it.each([
    ['44230', 'date', '2021-02-03'],
    ['44230.5', 'date', '2021-02-03 12:00:00'],
    ['44230.500000011574', 'date', '2021-02-03 12:00:00.001'],
    ['0.25', 'time', '06:00:00'],
    ['-1', 'date', '-1'],
  ] as const)('writes the day number %s as %s %s', (value, kind, text) => {
    expect(dateText(value, kind, false)).toBe(text);
  });
});

const bars = {
  date: [1_735_689_600_000, 1_735_689_660_000],
  open: [10, 11],
  high: [12, 13],
  low: [9, 10.5],
  close: [11.25, 12],
  volume: [5, 6],
};
const barPrices = [
  { symbol: 'ETH/USDT', atUs: us('2025-01-01T00:01:00Z'), price: 11.25 },
  { symbol: 'ETH/USDT', atUs: us('2025-01-01T00:02:00Z'), price: 12 },
];

type Compression = (typeof CompressionType)[keyof typeof CompressionType];

/** The product only reads; what is read is written here with the codec's other half. */
function withEncoder(type: Compression, encode: (bytes: Uint8Array) => Uint8Array): void {
  const codec = getCompressionCodec(type);
  if (codec === null) throw new Error('the product reads no such table');
  setCompressionCodec(type, { decode: codec.decode, encode });
}
withEncoder(CompressionType.LZ4_FRAME, (bytes) => compress(bytes));
withEncoder(CompressionType.ZSTD, zstdFrame);

function arrowOf(zone: string | null, codec: Compression | null): Uint8Array {
  const table = tableFromArrays(bars, { types: { date: timestamp(TimeUnit.NANOSECOND, zone) } });
  const options = codec === null ? {} : { codec };
  return tableToIPC(table, { format: 'file', ...options }) ?? new Uint8Array(0);
}

/** A Zstandard frame of one block as it is, RFC 8878: no compressor is needed to test reading. */
function zstdFrame(bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8(0xa0, 4);
  head.writeUInt32LE(bytes.length, 5);
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return Buffer.concat([head, bytes]);
}

describe('a column file', () => {
  it.each([
    ['as it is', null],
    ['with LZ4', CompressionType.LZ4_FRAME],
    ['with Zstandard', CompressionType.ZSTD],
  ])('of Arrow %s is read', async (_name, codec) => {
    const read = await readContent('bars.feather', arrowOf('UTC', codec), { symbol: 'ETH/USDT' });
    expect(read.files).toEqual({
      '': { format: 'ohlcv-feather', reason: expect.stringMatching(/^Arrow \(Feather\) table; candles: /) },
    });
    expect(read.prices).toEqual(barPrices);
    expect(read.questions).toEqual([]);
  });

  it('without a zone is asked for it', async () => {
    const read = await readContent('bars.feather', arrowOf(null, null), { symbol: 'ETH/USDT' });
    expect(read.questions).toMatchObject([{ field: 'zone', assumed: 'UTC' }]);
    const told = await readContent('bars.feather', arrowOf(null, null), { symbol: 'ETH/USDT', zone: '+01:00' });
    expect(told.prices[0]?.atUs).toBe(us('2024-12-31T23:01:00Z'));
  });

  it('of Parquet is read', async () => {
    const content = parquetWriteBuffer({
      columnData: [
        { name: 'timestamp', data: bars.date.map((ms) => new Date(ms)), type: 'TIMESTAMP' },
        ...(['open', 'high', 'low', 'close', 'volume'] as const).map((name) => ({
          ...{ name, data: bars[name] },
          type: 'DOUBLE' as const,
        })),
      ],
    });
    const read = await readContent('bars.parquet', new Uint8Array(content), { symbol: 'ETH/USDT' });
    expect(read.files).toMatchObject({ '': { format: 'ohlcv-parquet' } });
    expect(read.prices).toEqual(barPrices);
  });

  it('of one’s own fills is read by the map or format of its columns', async () => {
    const content = parquetWriteBuffer({
      columnData: [
        { name: 'executedAt', data: ['2026-01-05T00:00:00Z'], type: 'STRING' },
        { name: 'symbol', data: ['BTC/USDT'], type: 'STRING' },
        { name: 'side', data: ['buy'], type: 'STRING' },
        { name: 'price', data: [100.5], type: 'DOUBLE' },
        { name: 'quantity', data: [2], type: 'DOUBLE' },
        { name: 'tradeId', data: [9_007_199_254_740_993n], type: 'INT64' },
      ],
    });
    const map = {
      ...{ id: 'own', title: 'Own', kind: 'fills', time: { format: 'iso' } },
      columns: {
        time: 'executedAt',
        symbol: 'symbol',
        side: 'side',
        price: 'price',
        quantity: 'quantity',
        tradeId: 'tradeId',
      },
    };
    const read = await readContent('fills.parquet', new Uint8Array(content), { map: JSON.stringify(map) });
    expect(read.executions).toMatchObject([{ price: 100.5, quantity: 2, tradeId: '9007199254740993' }]);
  });

  it('of funding rates holds no prices', async () => {
    const zeros = [0, 0];
    const rates = { ...bars, open: [0.0001, -0.0002], high: zeros, low: zeros, close: zeros, volume: zeros };
    const table = tableFromArrays(rates, { types: { date: timestamp(TimeUnit.MILLISECOND, 'UTC') } });
    const read = await readContent('rates.feather', tableToIPC(table, { format: 'file' }) ?? new Uint8Array(0));
    expect(read).toMatchObject({
      files: { '': { format: 'funding-feather' } },
      prices: [],
      others: { 'funding rate': 2 },
    });
  });
});

const candles = 'timestamp,open,high,low,close,volume\n1735689600000,10,12,9,11.25,5\n1735689660000,11,13,10.5,12,6\n';

describe('archives in archives', () => {
  it.each<[string, Uint8Array, readonly string[]]>([
    ['a gz', gzipSync(candles), ['']],
    ['a gz in a zip', zipOf([{ name: 'a.csv.gz', content: gzipSync(candles) }]), ['a.csv.gz']],
    [
      'a zip in a zip',
      zipOf([{ name: 'in.zip', content: zipOf([{ name: 'a.csv', content: candles }]) }]),
      ['in.zip/a.csv'],
    ],
    ['a gz of a gz', gzipSync(gzipSync(candles)), ['']],
    ['a gz of a zip', gzipSync(zipOf([{ name: 'a.csv', content: candles }])), ['a.csv']],
    ['a Feather in a zip', zipOf([{ name: 'a.feather', content: arrowOf('UTC', null) }]), ['a.feather']],
    [
      'JSON in a zip',
      zipOf([
        {
          name: 'a.json',
          content: '[[1735689660000,"1",null,"buy",11.25,1,11.25],[1735689720000,"2",null,"sell",12,1,12]]',
        },
      ]),
      ['a.json'],
    ],
  ])('%s is read', async (_name, content, members) => {
    const read = await readContent('all', content, { symbol: 'ETH/USDT' });
    expect(Object.keys(read.files)).toEqual(members);
    expect(read.prices).toEqual(barPrices);
  });

  it('a third one is refused', async () => {
    const inner = zipOf([{ name: 'a.csv.gz', content: gzipSync(candles) }]);
    expect(await failureOf(readContent('all.zip', zipOf([{ name: 'in.zip', content: inner }])))).toMatch(
      /archive-unsafe: all\.zip holds another archive, in\.zip\/a\.csv\.gz, inside an archive/,
    );
  });
});

describe('files without a header', () => {
  const ticks = '1672531436,90.54,1.1\n1672531471,90.45,1\n1672531647.5,90.36,0.286\n';

  it('are recognised by the shape of their columns, less surely and with the reason', async () => {
    const read = await readContent('BCHEUR.csv', ticks, { symbol: 'BCH/EUR' });
    expect(read.files).toMatchObject({
      '': { format: 'kraken-public-trades-csv', reason: expect.stringMatching(/^no header/) },
    });
    expect(read.rows.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(read.prices[2]).toEqual({ symbol: 'BCH/EUR', atUs: us('2023-01-01T00:07:27.500Z'), price: 90.36 });
  });

  it.each([
    ['times out of order', '1672531436,90.54,1.1\n1672531035,90.45,1\n'],
    ['no price', '1672531436,-90.54,1.1\n'],
    ['another width', '1672531436,90.54,1.1,7\n'],
    ['a bar that is none', '0,10,9,12,11,5\n60000,10,9,12,11,5\n'],
  ])('with %s are unknown', async (_name, text) => {
    expect(await failureOf(readContent('own.csv', text, { symbol: 'BCH/EUR' }))).toMatch(/^format-unknown/);
  });

  it('are read by a map that names columns by their place', async () => {
    const map = {
      ...{ id: 'own', title: 'Own', kind: 'fills', headerless: true, time: { format: 'epoch-s' } },
      columns: { time: '#1', price: '#2', quantity: '#3', side: '#4' },
    };
    const read = await readContent('own.csv', '1672531436,90.54,1.1,buy\n1672531035,90.45,1,sell\n', {
      map: JSON.stringify(map),
      symbol: 'BCH/EUR',
    });
    expect(read.executions.map(({ side, price }) => [side, price])).toEqual([
      ['buy', 90.54],
      ['sell', 90.45],
    ]);
    expect(read.rows.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('are refused by a map whose columns they have not', async () => {
    const map = {
      id: 'own',
      title: 'Own',
      kind: 'fills',
      headerless: true,
      columns: { time: '#1', price: '#2', quantity: '#9', side: '#4' },
    };
    expect(
      await failureOf(
        readContent('own.csv', '1672531436,90.54,1.1,buy\n', { map: JSON.stringify(map), symbol: 'A/B' }),
      ),
    ).toMatch(/no column "#9"/);
  });

  const leanBars = '0,10,12,9,11.25,5\n60000,11,13,10.5,12,6\n';
  it.each([
    ['20250101_ethusdt_minute_trade.csv', leanBars, {}],
    ['20250101_ethusdt_minute_trade_perp.csv', leanBars, {}],
    ['20250101_xyz_minute_trade.csv', leanBars, { symbol: 'ETH/USDT' }],
    [
      '20250101_ethusdt_minute_quote.csv',
      '0,11,11,11,11,5,11.5,11.5,11.5,11.5,5\n60000,11.5,11.5,11.5,11.5,5,12.5,12.5,12.5,12.5,5\n',
      {},
    ],
  ])('of LEAN take day and symbol from the name %s', async (name, text, hints) => {
    const read = await readContent(name, text, hints);
    expect(read.files).toMatchObject({ '': { format: 'lean-minute-zip' } });
    expect(read.prices).toEqual(barPrices);
    expect(read.warnings).toEqual([expect.stringMatching(/2025-01-01 (is|are) taken from the name/)]);
  });

  it('of LEAN in a zip take them from the member', async () => {
    const read = await readContent(
      'renamed.zip',
      zipOf([{ name: '20250101_ethusdt_minute_trade.csv', content: leanBars }]),
    );
    expect(read.prices).toEqual(barPrices);
  });

  it.each([
    ['bars.csv', {}, /invalid-arguments: .*of one day that only their name tells/],
    ['20251301_ethusdt_minute_trade.csv', {}, /of one day that only their name tells/],
    ['20250101_xyz_minute_trade.csv', {}, /does not name its instrument/],
  ])('of LEAN under the name %s are asked for what it does not tell', async (name, hints, message) => {
    expect(await failureOf(readContent(name, leanBars, hints))).toMatch(message);
  });

  it('of LEAN with a quote of one side only have no price there', async () => {
    const read = await readContent(
      '20250101_ethusdt_minute_quote.csv',
      '0,11,11,11,11,5,11.5,11.5,11.5,11.5,5\n60000,,,,,,12.5,12.5,12.5,12.5,5\n120000,13,13,13,13,5,12.5,12.5,12.5,12.5,5\n',
    );
    expect(read.others).toEqual({ 'quote of one side only': 1 });
    expect(read.quarantined).toEqual(['the bid 13 is above the ask 12.5']);
  });
});
