import { describe, expect, test } from 'vitest';
import type { ParsedExecution } from '../../electron/engine/imports/format';
import { executionProblem, orderEventProblem, priceProblem } from '../../electron/engine/imports/validate';
import { DAY_US } from '../../shared/base/time';

const nowUs = Date.parse('2026-03-01T00:00:00Z') * 1_000;
const sound: ParsedExecution = {
  venue: null,
  account: null,
  strategy: null,
  version: null,
  symbol: 'BTC/USDT',
  side: 'buy',
  price: 100,
  quantity: 1,
  fee: -0.1,
  feeCurrency: null,
  liquidity: null,
  executedAtUs: nowUs,
  tradeId: null,
  orderId: null,
  clientOrderId: null,
  decidedAtUs: null,
  submittedAtUs: null,
  arrivalPrice: null,
  intendedQuantity: null,
  paper: false,
};

describe('an execution', () => {
  test.each<[string, Partial<ParsedExecution>, RegExp | null]>([
    ['sound, with a rebate', {}, null],
    ['tomorrow, to the microsecond', { executedAtUs: nowUs + DAY_US }, null],
    ['no symbol', { symbol: '' }, /^symbol is missing/],
    ['price zero', { price: 0 }, /^price is 0, but must be above zero/],
    ['price negative', { price: -1 }, /^price is -1/],
    ['price NaN', { price: Number.NaN }, /^price is NaN, which is no finite number/],
    ['price infinite', { price: Number('1e400') }, /^price is Infinity, which is no finite number/],
    ['quantity negative', { quantity: -5 }, /^quantity is -5, but must be above zero/],
    ['quantity NaN', { quantity: Number.NaN }, /^quantity is NaN/],
    ['fee infinite', { fee: Number.NEGATIVE_INFINITY }, /^fee is -Infinity/],
    ['time NaN', { executedAtUs: Number.NaN }, /^executedAt is no whole number of microseconds/],
    ['time with a fraction', { executedAtUs: nowUs - 0.25 }, /^executedAt is no whole number/],
    ['seconds taken for microseconds', { executedAtUs: nowUs / 1e6 }, /^executedAt is before 1990 \(1970-01-01\)/],
    ['after tomorrow', { executedAtUs: nowUs + DAY_US + 1 }, /^executedAt lies in the future \(2026-03-02\)/],
    ['nanoseconds taken for microseconds', { executedAtUs: nowUs * 1_000 }, /^executedAt lies in the future/],
    ['decided too early', { decidedAtUs: 5 }, /^decidedAt is before 1990/],
    ['submitted too late', { submittedAtUs: nowUs + 2 * DAY_US }, /^submittedAt lies in the future/],
    ['arrival price zero', { arrivalPrice: 0 }, /^arrivalPrice is 0/],
    ['intended quantity negative', { intendedQuantity: -1 }, /^intendedQuantity is -1/],
  ])('%s', (_name, change, expected) => {
    const problem = executionProblem({ ...sound, ...change }, nowUs);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });
});

test('an order event and a price are held to the same', () => {
  const event = { ...sound, kind: 'rejected', atUs: nowUs, price: null, reason: null } as const;
  expect(orderEventProblem(event, nowUs)).toBeNull();
  expect(orderEventProblem({ ...event, atUs: 1 }, nowUs)).toMatch(/^at is before 1990/);
  expect(orderEventProblem({ ...event, price: 0 }, nowUs)).toMatch(/^price is 0/);
  expect(priceProblem('BTC/USDT', nowUs, 3, nowUs)).toBeNull();
  expect(priceProblem('BTC/USDT', nowUs, 0, nowUs)).toMatch(/^price is 0/);
  expect(priceProblem('', nowUs, 3, nowUs)).toMatch(/^symbol/);
});
