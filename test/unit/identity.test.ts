import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Execution } from '../../shared/market/executions';
import { identify, type LoggedExecution } from '../../shared/market/identity';

const second = 1_000_000;
const atUs = Date.UTC(2026, 0, 5, 10) * 1_000 + 250_000;
const base: LoggedExecution = {
  ...{ source: 'live', venue: null, account: null, strategy: 'alpha', version: null, symbol: 'ETH/EUR', side: 'buy' },
  ...{ price: 2000, quantity: 0.5, fee: null, feeCurrency: null, liquidity: null, executedAtUs: atUs, tradeId: 'T1' },
  ...{ orderId: null, clientOrderId: null, decidedAtUs: null, submittedAtUs: null, arrivalPrice: null },
  ...{ intendedQuantity: null, paper: false, line: 2, format: 'a' },
};
const row = (changes: Partial<LoggedExecution>): LoggedExecution => ({ ...base, ...changes });
const other = (changes: Partial<LoggedExecution> = {}) => row({ format: 'b', ...changes });

/** Trades that are kept, in an order of their own. */
function keptOf(rows: readonly LoggedExecution[]): readonly Execution[] {
  const { twins } = identify(rows);
  const told = new Set(twins.flatMap(({ kept, merged }) => [...kept.map((one) => one.row), ...merged]));
  return [
    ...twins.flatMap(({ kept }) => kept.map(({ execution }) => execution)),
    ...rows.filter((_, at) => !told.has(at)),
  ];
}

describe('two rows of two formats', () => {
  test.each<[string, Partial<LoggedExecution>, Partial<LoggedExecution>]>([
    ['the same trade id', {}, {}],
    ['prices that differ by rounding', {}, { price: 2000.000_5 }],
    ['one time in whole seconds', {}, { executedAtUs: atUs - 250_000 }],
    ['one venue unknown', { venue: 'kraken' }, {}],
    ['the venue written otherwise', { venue: 'kraken' }, { venue: 'Kraken' }],
    ['the same order id and sum', { orderId: 'O' }, { tradeId: null, orderId: 'O', executedAtUs: atUs + 3 * second }],
    ['the same client order id', { clientOrderId: 'c' }, { tradeId: null, clientOrderId: 'c' }],
  ])('are one by %s', (_why, one, two) => {
    expect(keptOf([row(one), other(two)])).toHaveLength(1);
  });

  test.each<[string, Partial<LoggedExecution>, Partial<LoggedExecution>]>([
    ['another side', {}, { side: 'sell' }],
    ['another price', {}, { price: 2000.1 }],
    ['another quantity', {}, { quantity: 0.500_01 }],
    ['another time', {}, { executedAtUs: atUs + second }],
    ['another venue', { venue: 'kraken' }, { venue: 'binance' }],
    ['another account', { account: 'one' }, { account: 'two' }],
    ['paper on one side', {}, { paper: true }],
    ['no id on one side', {}, { tradeId: null }],
    ['a part of the order on one side', { orderId: 'O' }, { tradeId: null, orderId: 'O', quantity: 0.75 }],
    [
      'one client order id of two orders',
      { clientOrderId: 'c', orderId: 'O' },
      { tradeId: null, clientOrderId: 'c', orderId: 'P' },
    ],
  ])('are two by %s', (_why, one, two) => {
    expect(keptOf([row(one), other(two)])).toHaveLength(2);
  });

  test('that look alike without a common id are suspected, and so is an order whose parts do not sum up', () => {
    expect(identify([row({}), other({ tradeId: null })]).suspected).toBe(1);
    expect(identify([row({}), row({ tradeId: null })]).suspected).toBe(0);
    expect(identify([row({ orderId: 'O' }), other({ tradeId: null, orderId: 'O', quantity: 0.75 })]).suspected).toBe(1);
  });
});

describe('what is kept', () => {
  test('is the better row with what only the other knows', () => {
    const [kept] = keptOf([
      row({ submittedAtUs: 5, executedAtUs: atUs - 250_000 }),
      other({ fee: 0.1, feeCurrency: 'EUR', liquidity: 'maker' }),
    ]);
    expect(kept).toMatchObject({
      fee: 0.1,
      feeCurrency: 'EUR',
      liquidity: 'maker',
      submittedAtUs: 5,
      executedAtUs: atUs,
    });
  });

  test('are the fills of an order, each with the facts of the order and none with its fee', () => {
    const kept = keptOf([
      row({ tradeId: 'T1', orderId: 'O', quantity: 0.2 }),
      row({ tradeId: 'T2', orderId: 'O', quantity: 0.3 }),
      other({ tradeId: null, orderId: 'O', fee: 1, feeCurrency: 'EUR', submittedAtUs: 5, intendedQuantity: 2 }),
    ]);
    expect(kept).toMatchObject([
      { tradeId: 'T1', fee: null, submittedAtUs: 5, intendedQuantity: 2 },
      { tradeId: 'T2', fee: null, submittedAtUs: 5, intendedQuantity: 2 },
    ]);
  });
});

test('the order of the rows decides nothing', () => {
  const field = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
  const rows = fc.array(
    fc
      .record({
        format: field('a', 'b', 'c'),
        tradeId: field(null, 'T1', 'T2'),
        orderId: field(null, 'O1', 'O2'),
        clientOrderId: field(null, 'c1'),
        quantity: field(0.25, 0.5, 0.75),
        price: field(2000, 2000.000_1),
        executedAtUs: field(atUs, atUs - 250_000, atUs + 100),
        fee: field(null, 0.1),
        venue: field(null, 'kraken'),
        submittedAtUs: field(null, 5),
      })
      .map(row),
    { maxLength: 9 },
  );
  const told = (given: readonly LoggedExecution[]) =>
    keptOf(given)
      .map((one) =>
        JSON.stringify(
          Object.entries(one)
            .filter(([name]) => name !== 'format')
            .sort(),
        ),
      )
      .sort();
  fc.assert(
    fc.property(
      rows.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))),
      ([given, shuffled]) => {
        const { twins } = identify(given);
        const named = twins.flatMap(({ kept, merged }) => [...kept.map((one) => one.row), ...merged]);
        // A row is kept or merged, and told once.
        expect(new Set(named).size).toBe(named.length);
        expect(told(shuffled)).toEqual(told(given));
      },
    ),
    { numRuns: 1_000 },
  );
});
