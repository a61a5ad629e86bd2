import { describe, expect, test } from 'vitest';
import type { Format, Sample } from '../../electron/engine/imports/format';
import { chooseReading, textSamples } from '../../electron/engine/imports/recognise';
import type { Failure } from '../../shared/base/errors';
import { FailureError } from '../../shared/base/errors';

function format(id: string, columns: readonly string[], confidence = 0.9): Format {
  return {
    id,
    title: `Format ${id}`,
    describes: '',
    kind: 'executions',
    exampleHeader: columns.join(','),
    impliedSource: null,
    recognise: (sample) =>
      sample.kind === 'delimited' && columns.every((name) => sample.header.includes(name))
        ? { confidence, reason: `columns of ${id}` }
        : null,
    reader: { shape: 'delimited', open: () => () => ({ kind: 'other', name: 'any' }) },
  };
}

const samplesOf = (text: string, whole = true) => textSamples(Buffer.from(text), whole);
const choose = (text: string, formats: readonly Format[], named: Format | null = null) =>
  chooseReading(samplesOf(text), formats, named, Buffer.from(text), 'a.csv');

function refusal(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('samples', () => {
  test.each<[string, string, Partial<Sample>]>([
    [
      'commas',
      'A, b ,"C  c"\n1,2,3\n',
      { kind: 'delimited', delimiter: ',', header: ['a', 'b', 'c c'], rows: [['1', '2', '3']] },
    ],
    [
      'semicolons beside decimal commas',
      'a;b\n1,5;2,5\n',
      { kind: 'delimited', delimiter: ';', rows: [['1,5', '2,5']] },
    ],
    ['tabs', 'a\tb\n1\t2\n', { kind: 'delimited', delimiter: '\t' }],
    ['commas inside quotes do not count', '"x,y,z";b\n1;2\n', { kind: 'delimited', delimiter: ';' }],
    ['padding at the end of the header', 'a,b,,\n1,2,,\n', { kind: 'delimited', header: ['a', 'b'] }],
    ['JSON', ' {"a": 1,\n"b": 2}', { kind: 'json' }],
    ['JSON Lines', '{"a":1}\n{"a":2}\n', { kind: 'jsonLines', values: [{ a: 1 }, { a: 2 }] }],
    ['one column is no table', 'a\n\nb\n', { kind: 'lines', lines: ['a', 'b'] }],
  ])('%s', (_name, text, expected) => {
    const [first] = samplesOf(text);
    expect(first).toMatchObject(expected);
  });

  test('a record cut by the end of the head is left out', () => {
    expect(samplesOf('a,b\n1,2\n3,', false)[0]).toMatchObject({ rows: [['1', '2']] });
    expect(samplesOf('a,b\n1,2\n3,', true)[0]).toMatchObject({
      rows: [
        ['1', '2'],
        ['3', ''],
      ],
    });
  });
});

describe('the choice', () => {
  const trades = format('trades', ['time', 'price']);
  const orders = format('orders', ['time', 'price', 'status'], 0.95);

  test('the surest format wins, the others are told', () => {
    const { reading, alternatives } = choose('time,price,status\n', [trades, orders]);
    expect(reading.format.id).toBe('orders');
    expect(alternatives.map((one) => one.format.id)).toEqual(['trades']);
  });

  test('a header below a preamble is found', () => {
    const { reading } = choose('Account: 7,Company: x\n\ntime,price\n1,2\n', [trades]);
    expect(reading.sample).toMatchObject({ headerLine: 3, rows: [['1', '2']] });
  });

  test('of two headers the first counts, even when the second is surer', () => {
    const { reading } = choose('time,price\n1,2\ntime,price,status\n1,2,3\n', [trades, orders]);
    expect(reading.format.id).toBe('trades');
  });

  test('two formats equally sure are for the user to decide', () => {
    const twin = format('twin', ['time', 'price']);
    expect(refusal(() => choose('time,price\n', [trades, twin]))).toMatchObject({
      code: 'format-ambiguous',
      message: 'a.csv can be read as Format trades (columns of trades) or as Format twin (columns of twin).',
      hint: 'Say which with --format trades or --format twin.',
      detail: { formats: 'trades,twin' },
    });
    expect(choose('time,price\n', [trades, twin], twin).reading.format.id).toBe('twin');
  });

  test('a named format is taken at its word', () => {
    const { reading } = choose('when,what\n1,2\n', [trades], trades);
    expect(reading).toMatchObject({
      format: { id: 'trades' },
      recognition: { confidence: 0 },
      sample: { headerLine: 1 },
    });
    expect(refusal(() => choose('{"a": 1}', [trades], trades))).toMatchObject({
      code: 'format-damaged',
      detail: { format: 'trades' },
    });
  });

  test('unknown content is described, with the format that is nearest', () => {
    expect(refusal(() => choose('time,price,state\n1,2,3\n', [orders]))).toMatchObject({
      code: 'format-unknown',
      message:
        'No format knows the content of a.csv: line 1 is "time,price,state". Closest is Format orders, but "status" is missing.',
      hint: expect.stringContaining('--map'),
      detail: { closest: 'orders', missing: 'status' },
    });
  });
});
