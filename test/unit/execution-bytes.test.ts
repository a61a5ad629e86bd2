import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainOrigin } from '../../electron/engine/imports/block-kernel/plain-kernel';
import type { DelimitedSample, Format } from '../../electron/engine/imports/format';
import { formats } from '../../electron/engine/imports/formats/index';
import { krakenTradesCsv } from '../../electron/engine/imports/formats/kraken-trades-csv';
import { lockstepCsv } from '../../electron/engine/imports/formats/lockstep-csv';
import { formatOfMap, readMap } from '../../electron/engine/imports/map';
import { PlainNumber, parseNumber } from '../../electron/engine/imports/numbers';
import { PlainBlockReader } from '../../electron/engine/imports/plain-blocks';
import type { BlockHelper } from '../../electron/engine/imports/read-ahead';
import { chooseReading, textSamples } from '../../electron/engine/imports/recognise';
import { RowCollector } from '../../electron/engine/imports/row-collector';
import { type BlockSink, readDelimited } from '../../electron/engine/imports/row-reader';
import { openText } from '../../electron/engine/imports/text-source';
import { epochReader, isoReader, utcZone } from '../../electron/engine/imports/times';
import type { SegmentPart } from '../../electron/engine/ports';
import { textAt } from '../../shared/market/text-column';

/** Reading rows straight from their bytes must never show: whatever the file, its outcome is that of reading every row as text. */

const nowUs = Date.UTC(2026, 5, 1) * 1_000;

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield Uint8Array.from(bytes.subarray(at, at + size));
}

interface Reading {
  /** Everything the import says and stores, as plain data. */
  readonly outcome: unknown;
  /** Rows that were read straight from their bytes, one by one and by the block. */
  readonly plainRows: number;
  readonly blockRows: number;
}

async function readWith(
  format: Format,
  text: string,
  options: {
    readonly plain: boolean;
    /** Rows are read by blocks of so many bytes; turns of the event loop a helper takes for each, or no helper. */
    readonly blocks?: { readonly bytes: number; readonly helperTurns: readonly number[] | null };
    readonly chunkBytes?: number;
    readonly zone?: string;
    readonly symbol?: string;
  },
): Promise<Reading> {
  const source = await openText(inChunks(text, options.chunkBytes ?? 100_000), 'test');
  const { reading } = chooseReading(textSamples(source.head, source.whole), formats, format, source.head, 'test');
  if (reading.sample.kind !== 'delimited') throw new Error('not delimited');
  const parts: SegmentPart[] = [];
  const quarantined: unknown[] = [];
  const events: unknown[] = [];
  const warnings = new Set<string>();
  const collector = new RowCollector(
    {
      ...{ path: 'test', name: 'test', source: 'live', strategy: 'own', version: '1', account: null },
      ...{ hints: { format: null, map: null, zone: null, symbol: null }, nowUs, importId: 'import', print: false },
    },
    {
      existingHashes: async (keys) => keys.map(() => []),
      addParts: async (added) => void parts.push(...added),
      addOrderEvents: async (added) => {
        events.push(...added);
        return added.length;
      },
      addPrices: async () => undefined,
      addQuarantined: async (rows) => void quarantined.push(...rows),
      addReading: async () => undefined,
      print: async () => undefined,
    },
  );
  const context = {
    source: 'live' as const,
    zone: options.zone ?? null,
    symbol: options.symbol ?? null,
    warn: (message: string) => void warnings.add(message),
    atEnd: () => undefined,
  };
  let plainRows = 0;
  let blockRows = 0;
  const origin = { source: 'live' as const, strategy: 'own', version: '1', account: null, nowUs };
  const { sample } = reading;
  const blockSink: BlockSink | null = options.blocks
    ? {
        origin,
        blockBytes: options.blocks.bytes,
        call: null,
        ...(options.blocks.helperTurns && { call: () => slowHelper(format, sample, origin, options) }),
        take: (block, firstLine) => {
          const taken = collector.takeBlock(block, firstLine);
          if (taken) blockRows += block.count;
          return taken;
        },
      }
    : null;
  await readDelimited(
    source,
    reading,
    reading.sample,
    formats,
    context,
    (line, outcome, rowText) => collector.take(line, outcome, rowText),
    async () => true,
    options.plain
      ? (line, execution) => {
          const taken = collector.takePlain(line, execution);
          if (taken) plainRows++;
          return taken;
        }
      : undefined,
    blockSink,
  );
  await collector.store(true);
  const stored = parts.map(({ summary, columns, hashes }) => ({
    summary,
    hashes: [...hashes].map(String),
    rows: Array.from({ length: columns.count }, (_, row) => ({
      ids: [columns.tradeId, columns.orderId, columns.clientOrderId].map((column) => textAt(column, row)),
      numbers: [columns.executedAtUs, columns.price, columns.quantity, columns.fee, columns.decidedAtUs]
        .concat([columns.submittedAtUs, columns.arrivalPrice, columns.intendedQuantity])
        .map((column) => column[row]),
      codes: [columns.side, columns.liquidity, columns.paper, columns.line].map((column) => column[row]),
      words: [
        columns.dictionaries.feeCurrencies[columns.feeCurrency[row]!],
        columns.dictionaries.venues[columns.venue[row]!],
        columns.dictionaries.accounts[columns.account[row]!],
        columns.dictionaries.versions[columns.version[row]!],
      ],
    })),
  }));
  return {
    plainRows,
    blockRows,
    outcome: { stored, quarantined, events, warnings: [...warnings], summary: collector.finish() },
  };
}

/** A helper on this thread that takes its time, and to which bytes and memory move as to another thread. */
function slowHelper(
  format: Format,
  sample: DelimitedSample,
  origin: PlainOrigin,
  { zone, symbol, blocks }: Parameters<typeof readWith>[2],
): BlockHelper {
  const context = {
    ...{ source: origin.source, zone: zone ?? null, symbol: symbol ?? null },
    ...{ warn: () => undefined, atEnd: () => undefined },
  };
  const reader = PlainBlockReader.open(format, sample, context, origin);
  if (reader === null) throw new Error('the format does not read blocks');
  let turn = 0;
  return {
    ready: Promise.resolve(),
    async read(bytes, memory) {
      const turns = blocks?.helperTurns ?? [];
      const moved = structuredClone({ bytes, memory }, { transfer: [bytes.buffer, memory] });
      for (let left = turns[turn++ % turns.length] ?? 0; left > 0; left--) await new Promise(setImmediate);
      const block = reader.read(moved.bytes, moved.memory);
      return structuredClone(block, { transfer: [block.bytes.buffer, block.memory] });
    },
    close: async () => undefined,
  };
}

async function expectSame(format: Format, text: string, options: Partial<Parameters<typeof readWith>[2]> = {}) {
  const plain = await readWith(format, text, { ...options, plain: true });
  const general = await readWith(format, text, { ...options, plain: false });
  expect(general.plainRows).toBe(0);
  expect(plain.outcome).toEqual(general.outcome);
  return plain;
}

const header =
  'type,source,venue,account,strategy,version,symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,executedAtUs,' +
  'tradeId,orderId,clientOrderId,decidedAt,submittedAtUs,arrivalPrice,intendedQuantity,paper,note';

/** A cell's own alphabet: mostly what programs write, now and then what they should not. */
function cells(usual: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  const hostile = [
    '',
    ' ',
    '"',
    '""',
    '"quoted"',
    'a"b',
    'ü',
    '\ufeff',
    '\u0000',
    '\r',
    '\t',
    '-',
    'nan',
    'x'.repeat(70),
  ];
  return fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd, ...hostile) },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  );
}

const numbers = cells(
  [
    '1',
    '0.5',
    '101.2500',
    '123456.789012',
    '.25',
    '7.',
    '9007199254740993',
    '0.1234567890123456789',
    '100000000000000000000',
  ],
  ['-1', '0', '-0', '1e-5', '1,5', '1 000', '$5', '(5)', '+1', '0x10', '1.2.3', '.', '-', 'Infinity', '1e400'],
);
const signedNumbers = cells(['', '0', '0.01', '-0.25', '0.000400'], ['-0', '-0.0', '1e-3', '--', 'n/a']);
const times = cells(
  [
    '2026-01-05T10:00:00.000Z',
    '2026-01-05T10:00:00Z',
    '2026-01-05 23:59:59.999999',
    '2026-02-28T00:00:00.1234567+00:00',
  ],
  ['2026-02-29T00:00:00Z', '2026-01-05', '2026-01-05T24:00:00Z', '2027-01-05T10:00:00Z', '1980-01-01T00:00:00Z'].concat(
    [
      '2026-01-05T10:00Z',
      '2026-01-05T10:00:00+02:00',
      '2026/01/05 10:00:00',
      '2026-01-05T10:00:00.Z',
      '1767607200000000',
    ],
  ),
);
const instants = cells(
  [''],
  ['1767607200000000', '1767607200000001', '17676072', '-5', '1.7676072e15', '99999999999999999'],
);
const ids = cells(['', 'T1', 'T2', 'order 7', 'a-b_c:9'], [' T1', 'T1 ', '0', 'nan']);
const row = fc
  .tuple(
    cells(['', 'execution'], ['order', 'fill', ' execution']),
    cells(['', 'live'], ['backtest']),
    ...[cells(['', 'kraken', 'binance'], [' kraken ']), ids, cells(['', 'grid', 'trend'], [' grid']), ids],
    cells(['BTC/USDT', 'ethusdt', 'SOL-USD'], [' BTC/USDT', '']),
    cells(['buy', 'sell', 'BUY', 's'], ['hold', '', ' buy']),
    ...[numbers, numbers, signedNumbers, cells(['', 'USDT'], [' usd'])],
    cells(['', 'maker', 'TAKER', 't'], ['both']),
    ...[times, instants, ids, ids, ids, times, instants],
    ...[cells(['', '1.5'], ['0', '-1']), cells(['', '2'], ['x']), cells(['', 'true', '0', 'FALSE'], ['maybe'])],
    cells(['', 'free text'], []),
  )
  .map((values) => values.join(','));
const oddLine = fc.constantFrom('', '   ', header, 'a,b', `"${'x,'.repeat(24)}"`, ','.repeat(23), ','.repeat(30));
const line = fc.oneof({ weight: 12, arbitrary: row }, { weight: 1, arbitrary: oddLine });

describe('a log read straight from its bytes', () => {
  it('says what reading every row as text says, whatever the rows and wherever the chunks end', async () => {
    let plainRows = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 4_000 }),
        fc.constantFrom(undefined, 'Europe/Berlin', '+05:30'),
        async (lines, end, ended, chunkBytes, zone) => {
          const text = [header, ...lines].join(end) + (ended ? end : '');
          const read = await expectSame(lockstepCsv, text, { chunkBytes, ...(zone !== undefined && { zone }) });
          plainRows += read.plainRows;
        },
      ),
      { numRuns: 400 },
    );
    // Otherwise nothing was compared.
    expect(plainRows).toBeGreaterThan(300);
  });

  it('says the same read by blocks, wherever they end, by one thread or two, whoever is quicker', async () => {
    let blockRows = 0;
    const usualRow = (time: string, id: number) =>
      `,,,,${id % 3 === 0 ? 'grid' : ''},,${id % 2 === 0 ? 'BTC/USDT' : 'ETH/USDT'},buy,1.5,0.5,0.01,USDT,maker,${time},,${id % 5 === 0 ? '' : `T${id % 40}`},O${id % 7},,,,,,,`;
    const plainLine = fc
      .tuple(
        fc.constantFrom('2026-01-05T10:00:00.000Z', '2026-01-06T00:00:00Z', '2026-01-05T23:59:59Z'),
        fc.nat({ max: 60 }),
      )
      .map(([time, id]) => usualRow(time, id));
    const quoted = '"execution",,,,,,"BTC/\nUSDT",buy,1,1,0,USDT,,2026-01-05T10:00:00Z,,"a\nb",,,,,,,,';
    const anyLine = fc.oneof(
      { weight: 60, arbitrary: plainLine },
      { weight: 1, arbitrary: line },
      { weight: 1, arbitrary: fc.constantFrom(quoted, '"open quote') },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { minLength: 1, maxLength: 60, size: 'max' }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 4_000 }),
        fc.integer({ min: 60, max: 2_000 }),
        fc.option(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 })),
        async (lines, end, ended, chunkBytes, bytes, helperTurns) => {
          const text = [header, ...lines].join(end) + (ended ? end : '');
          const byBlocks = await readWith(lockstepCsv, text, {
            ...{ plain: true, chunkBytes, blocks: { bytes, helperTurns } },
          });
          const general = await readWith(lockstepCsv, text, { plain: false, chunkBytes });
          expect(byBlocks.outcome).toEqual(general.outcome);
          blockRows += byBlocks.blockRows;
        },
      ),
      { numRuns: 200 },
    );
    expect(blockRows).toBeGreaterThan(1_000);
  });

  const mapped = {
    id: 'own',
    title: 'Own',
    kind: 'fills',
    columns: {
      time: 'When',
      symbol: 'Pair',
      side: 'Way',
      price: 'Px',
      quantity: 'Qty',
      fee: 'Fee',
      feeCurrency: 'Coin',
    },
  };
  const more = { liquidity: 'Role', tradeId: 'Id', orderId: 'Id', clientOrderId: 'Tag', arrivalPrice: 'Mid' };
  const maps = [
    { ...mapped, columns: { ...mapped.columns, ...more } },
    {
      ...mapped,
      constants: { venue: 'x', feeCurrency: 'BNB', paper: true },
      sides: { buy: ['buy', 'B'], sell: ['sell', 's'] },
    },
    { ...mapped, columns: { ...mapped.columns, ...more }, liquidity: { maker: ['maker'], taker: ['T', 'taker'] } },
    { ...mapped, time: { format: 'iso', zone: 'America/New_York' }, feeSign: 'negativePaid' },
    { ...mapped, time: { format: 'epoch-us' } },
  ];
  const mappedRow = fc
    .tuple(
      ...[
        fc.oneof(times, instants),
        cells(['BTC/USDT', 'ethusdt'], ['', ' BTC/USDT']),
        cells(['buy', 'sell', 'S'], ['hold']),
      ],
      ...[numbers, numbers, signedNumbers, cells(['', 'usdt'], [' usd']), cells(['', 'maker', 't'], ['both'])],
      ...[ids, ids, cells(['', '1.5'], ['0'])],
    )
    .map((values) => values.join(','));

  it.each(maps)('says so of a mapped log too: %j', async (map) => {
    const made = readMap(JSON.stringify(map));
    if (!made.ok) throw new Error(made.error.message);
    const format = formatOfMap(made.value);
    await fc.assert(
      fc.asyncProperty(fc.array(mappedRow, { minLength: 1, maxLength: 30 }), async (lines) => {
        const clean = '2026-01-05T10:00:00Z,BTC/USDT,buy,1,2,0,USDT,,7,8,';
        await expectSame(
          format,
          `When,Pair,Way,Px,Qty,Fee,Coin,Role,Id,Tag,Mid\n${[clean, clean, ...lines].join('\n')}\n`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('leaves minus zero to the format, which may make it zero', async () => {
    const made = readMap(JSON.stringify(mapped));
    if (!made.ok) throw new Error(made.error.message);
    const fill = '2026-01-05T10:00:00Z,BTC/USDT,buy,1,2';
    await expectSame(formatOfMap(made.value), `When,Pair,Way,Px,Qty,Fee,Coin\n${fill},0.1,\n${fill},-0,\n`);
  });

  it('takes the symbol from the user where the log has none', async () => {
    const text = 'side,price,quantity,executedAt\nbuy,1,2,2026-01-05T10:00:00Z\nsell,1.5,2,2026-01-05T10:00:01Z\n';
    const read = await expectSame(lockstepCsv, text, { symbol: 'btcusdt' });
    expect(read.plainRows).toBe(2);
  });

  it('keeps equal rows without a trade id apart, and counts a repeated trade id once', async () => {
    const fill = 'BTC/USDT,buy,1,2,2026-01-05T10:00:00Z';
    const text = `symbol,side,price,quantity,executedAt,tradeId\n${fill},\n${fill},\n${fill},7\n${fill},7\n`;
    const { outcome } = await expectSame(lockstepCsv, text);
    expect(outcome).toMatchObject({ summary: { counts: { executions: 3, duplicates: 1 } } });
  });

  it('quarantines what follows a second header pasted into the file', async () => {
    const fill = 'BTC/USDT,buy,1,2,2026-01-05T10:00:00Z';
    const other = krakenTradesCsv.exampleHeader;
    const text = `symbol,side,price,quantity,executedAt\n${fill}\n${other}\n${fill}\n${fill}\n`;
    const { outcome } = await expectSame(lockstepCsv, text);
    expect(outcome).toMatchObject({ summary: { counts: { executions: 1, quarantined: 3 } } });
  });

  it('gives up on a log none of whose rows is plain', async () => {
    const fill = '"BTC/USDT",buy,1,2,2026-01-05T10:00:00Z';
    const plainFill = 'BTC/USDT,buy,1,2,2026-01-05T10:00:00Z';
    const text = `symbol,side,price,quantity,executedAt\n${`${fill}\n`.repeat(1_500)}${plainFill}\n`;
    expect((await expectSame(lockstepCsv, text)).plainRows).toBe(0);
  });

  it('knows so many words and leaves the others to the format', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `C${index}/USDT,buy,1,2,2026-01-05T10:00:00Z`);
    const read = await expectSame(lockstepCsv, `symbol,side,price,quantity,executedAt\n${lines.join('\n')}\n`);
    expect(read.plainRows).toBeGreaterThan(2_000);
    expect(read.plainRows).toBeLessThan(5_000);
  });
});

describe('a value read from bytes', () => {
  const ascii = (text: string): Uint8Array => Buffer.from(`<${text}>`);
  const numberIn = (text: string): { value: number; end: number } => {
    const number = new PlainNumber();
    const end = number.read(ascii(text), 1) - 1;
    return { value: number.value, end };
  };

  it('is the number the text says, bit for bit, or is left to the text', () => {
    const digits = fc.stringMatching(/^-?[0-9]{0,20}(\.[0-9]{0,25})?$/);
    const printed = fc.double({ noNaN: true }).map(String);
    fc.assert(
      fc.property(fc.oneof(digits, printed, fc.string({ maxLength: 8 })), (text) => {
        const { value, end } = numberIn(text);
        // A cell that goes on behind the number is no number.
        if (!Number.isNaN(value) && end === Buffer.byteLength(text)) expect(value).toBe(parseNumber(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['0.1', '123456789.123456789', '9007199254740991', '9007199254740993', '0.30000000000000004', '00012.50'])(
    'reads the number %s',
    (text) => expect(numberIn(text)).toEqual({ value: Number(text), end: text.length }),
  );

  it('is the instant the text says, or is left to the text', () => {
    const iso = isoReader({ zone: utcZone });
    const part = (least: number, most: number, size: number) =>
      fc.integer({ min: least, max: most }).map((value) => String(value).padStart(size, '0'));
    const texts = fc
      .tuple(
        fc.tuple(part(1899, 2101, 4), part(0, 13, 2), part(0, 32, 2)),
        fc.constantFrom('T', ' ', 't', 'x'),
        fc.tuple(part(0, 25, 2), part(0, 61, 2), part(0, 61, 2)),
        fc.stringMatching(/^(\.[0-9]{0,9})?$/),
        fc.constantFrom('Z', '', '+00:00', '+01:00', 'z', ' UTC', '+00', 'ZZ'),
      )
      .map(
        ([date, between, clock, fraction, zone]) => `${date.join('-')}${between}${clock.join(':')}${fraction}${zone}`,
      );
    const epoch = fc.stringMatching(/^[0-9]{1,18}(\.[0-9])?$/);
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(texts, epoch), (text) => {
        for (const reader of [iso, epochReader('us'), epochReader('ms'), epochReader('s'), epochReader(null)]) {
          const atUs = reader.readPlain!(ascii(text), 1, text.length + 1);
          if (Number.isNaN(atUs)) continue;
          read++;
          expect(atUs).toBe(reader.read(text));
        }
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(1_000);
  });
});
