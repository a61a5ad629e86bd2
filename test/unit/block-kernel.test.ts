import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExecutionByteReader } from '../../electron/engine/imports/execution-bytes';
import { lockstepCsv } from '../../electron/engine/imports/formats/lockstep-csv';
import { memoryFor, openBlock, PlainBlockReader } from '../../electron/engine/imports/plain-blocks';
import { textSamples } from '../../electron/engine/imports/recognise';
import { RowIdentity } from '../../electron/engine/imports/row-identity';
import { isSound } from '../../electron/engine/imports/validate';

const script = join(import.meta.dirname, '../../electron/launch/build-kernel.mjs');
const nowUs = Date.UTC(2026, 5, 1) * 1_000;
const header =
  'symbol,side,price,quantity,fee,feeCurrency,executedAt,executedAtUs,tradeId,orderId,decidedAtUs,arrivalPrice';
const usual = 'BTC/USDT,buy,100.5,1,0.1,USDT,2026-01-05T10:00:00.000Z,,t-1,o-1,,';

/** What the kernel and the reader of single rows make of one line; null = it is not plain. */
function readBoth(line: string): readonly [unknown, unknown] {
  const [sample] = textSamples(Buffer.from(`${header}\n${usual}\n`), true).filter(({ kind }) => kind === 'delimited');
  if (sample?.kind !== 'delimited' || lockstepCsv.reader.shape !== 'delimited') throw new Error('not delimited');
  const context = {
    ...{ source: 'live' as const, zone: 'Europe/Berlin', symbol: null, names: [] },
    ...{ warn: () => undefined, ask: () => undefined, atEnd: () => undefined },
  };
  const origin = { source: 'live' as const, strategy: 'own', version: '1', account: null, nowUs };
  const bytes = Uint8Array.from(Buffer.from(`${line}\n`));
  const blocks = PlainBlockReader.open(lockstepCsv, sample, context, origin);
  if (blocks === null) throw new Error('no kernel');
  const block = openBlock(blocks.read(bytes, memoryFor(4_096)));
  const { rows } = block;
  const ofKernel =
    block.count === 0
      ? null
      : [
          ...[rows.executedAtUs[0], rows.price[0], rows.quantity[0], rows.fee[0], rows.decidedAtUs[0]],
          ...[
            rows.arrivalPrice[0],
            rows.side[0],
            block.groups[0]?.symbol,
            block.words.feeCurrency[rows.feeCurrency[0]!],
          ],
          ...[rows.hashWords[0], rows.hashWords[1], rows.tradeWords[0], rows.factWords[0], rows.hasTradeId[0] === 1],
        ];

  const layout = lockstepCsv.reader.layout?.(sample.header, context, sample);
  if (!layout) throw new Error('no layout');
  const reader = new ExecutionByteReader(layout, sample.header.length, ',');
  if (reader.read(bytes, 0) < 0 || !isSound(reader.execution, nowUs)) return [ofKernel, null];
  const { execution } = reader;
  execution.version ??= origin.version;
  const identity = new RowIdentity('live');
  identity.identify(identity.prefixOf(execution), execution, execution, 0);
  const { executedAtUs, price, quantity, fee, decidedAtUs, arrivalPrice, side, symbol, feeCurrency } = execution;
  return [
    ofKernel,
    [
      ...[executedAtUs, price, quantity, fee, decidedAtUs, arrivalPrice, side === 'buy' ? 1 : -1, symbol],
      ...[feeCurrency ?? '', identity.low, identity.high, identity.tradeWord, identity.factWord, identity.hasTradeId],
    ],
  ];
}

describe('the kernel that reads blocks', () => {
  it('is compiled from the source beside it (npm run kernel)', async () => {
    const { stderr } = await promisify(execFile)(process.execPath, [script, '--check']);
    expect(stderr).toBe('');
  });

  it('makes of every row what the reader of single rows makes of it, bit by bit', () => {
    const digits = fc.oneof(
      fc.stringMatching(/^-?[0-9]{0,20}(\.[0-9]{0,25})?$/),
      fc.double({ noNaN: true, min: 1e-12, max: 1e12 }).map(String),
      fc.constantFrom(
        '9007199254740991',
        '9007199254740993',
        '0.1000000000000000055511151231257827',
        '-0',
        '1e5',
        '.5',
      ),
    );
    const time = fc.oneof(
      fc
        .tuple(fc.integer({ min: 1970, max: 2027 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
        .chain(([year, month, day]) =>
          fc
            .tuple(
              fc.constantFrom('T', ' ', 't', ''),
              fc.constantFrom('00:00:00', '23:59:59', '24:00:00', '12:60:00', '9:00:00', '02:30:00'),
              fc.constantFrom('', '.1', '.123456', '.123456789012', '.'),
              fc.constantFrom('Z', '', '+00:00', '+01:00', 'z'),
            )
            .map((rest) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}${rest.join('')}`),
        ),
      fc.constant('2026-01-05T10:00:00.000Z'),
    );
    const count = fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,18}$/), fc.constant('1767607200000000'));
    const id = fc.oneof(fc.constant(''), fc.stringMatching(/^[ -!#-+\-.-~]{0,40}$/));
    fc.assert(
      fc.property(
        fc.tuple(
          fc.constantFrom('BTC/USDT', 'eth-usd', ' X', '', 'A'.repeat(70)),
          fc.constantFrom('buy', 'SELL', '', 'x'),
        ),
        fc.tuple(digits, digits, fc.oneof(digits, fc.constant('')), fc.constantFrom('', 'USDT', 'é')),
        fc.tuple(time, fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: count })),
        fc.tuple(id, id, count, fc.oneof(digits, fc.constant(''))),
        fc.nat({ max: 11 }),
        (names, numbers, times, others, spared) => {
          // Rows with several odd cells are nearly never plain: of half of them only one cell is odd.
          const odd = [...names, ...numbers, ...times, ...others];
          const line = usual.split(',').map((cell, index) => (index === spared ? odd[index] : cell));
          for (const cells of [odd, line]) {
            const [ofKernel, ofRow] = readBoth(cells.join(','));
            expect(ofKernel).toEqual(ofRow);
          }
        },
      ),
      // More of them by the environment: a row takes a kernel of its own.
      { numRuns: Number(process.env['LOCKSTEP_KERNEL_RUNS'] ?? 200) },
    );
  });

  it('makes of numbers and times at their edges what the reader of single rows makes of them', () => {
    const numbers = [
      '18446744073709551617',
      '00000000000000000001',
      '0.0000000000000000000001',
      '9007199254740992',
      '-1',
      '1.',
    ];
    const clocks = [
      '24:00:00Z',
      '23:60:00Z',
      '23:59:60Z',
      '23:59:59.9999999Z',
      '23:59:59',
      '23:59:59+00:00',
      '23:59Z',
      ':',
    ];
    const days = [
      '2026-02-29',
      '2024-02-29',
      '2000-02-29',
      '1900-01-01',
      '1989-12-31',
      '2026-04-31',
      '2026-12-01',
      '1899-12-31',
    ];
    const lines = [
      ...numbers.map((number) => usual.replace('100.5', number)),
      ...clocks.map((clock) => usual.replace('10:00:00.000Z', clock)),
      ...days.map((day) => usual.replace('2026-01-05', day)),
    ];
    for (const line of lines) {
      const [ofKernel, ofRow] = readBoth(line);
      expect(ofKernel, line).toEqual(ofRow);
    }
  });

  it('gives back a block that does not end with its line', () => {
    const [ofKernel] = readBoth(usual);
    expect(ofKernel).not.toBeNull();
    expect(readBoth(`${usual}\n${usual.slice(0, 40)}`)[0]).toBeNull();
  });
});
