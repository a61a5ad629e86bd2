import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addresses } from '../../../renderer/pages/addresses';
import {
  neighboursOf,
  orderCauses,
  orderKinds,
  orderSelectionOf,
  orderSorts,
  parityRouteOf,
  queryOf,
  selectionOfCause,
} from '../../../renderer/pages/parity/route';
import { parseAddress } from '../../../renderer/state/address';
import { causeWords, type WaterfallCause } from '../../../shared/parity/waterfall';

const name = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });

describe('addresses of Parity', () => {
  test('lead back to what they were made of, whatever the names hold', () => {
    fc.assert(
      fc.property(name, name, (strategy, symbol) => {
        const routeOf = (href: string) => parityRouteOf(parseAddress(href).path);
        expect(routeOf(addresses.strategy(strategy))).toEqual({ view: 'strategy', strategy });
        expect(routeOf(addresses.symbol(strategy, symbol))).toEqual({ view: 'symbol', strategy, symbol });
        expect(routeOf(addresses.symbolDay(strategy, symbol, '2031-03-04', { order: 'live:7' }))).toEqual({
          view: 'day',
          strategy,
          symbol,
          day: '2031-03-04',
        });
        expect(routeOf(addresses.portfolioDay(strategy, '2031-03-04'))).toEqual({
          view: 'day',
          strategy,
          symbol: null,
          day: '2031-03-04',
        });
      }),
    );
  });

  test.each([
    ['#/parity', 'strategies'],
    ['#/parity/alpha/day/2031-02-30', 'unknown'],
    ['#/parity/alpha/day', 'unknown'],
    ['#/parity/alpha/symbol', 'unknown'],
    ['#/parity/alpha/symbol/BTC%2FUSDT/yesterday', 'unknown'],
    ['#/parity/alpha/symbol/BTC%2FUSDT/2031-03-04/more', 'unknown'],
    ['#/parity/alpha/week/2031-03-04', 'unknown'],
  ])('%s is the view "%s"', (hash, view) => {
    expect(parityRouteOf(parseAddress(hash).path).view).toBe(view);
  });

  test('a selection of orders survives being copied', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...orderKinds),
        fc.constantFrom(...orderSorts),
        fc.boolean(),
        (kind, sort, descending) => {
          const selection = { kind, sort, descending };
          const href = addresses.symbolDay('alpha', 'BTC/USDT', '2031-03-04', queryOf(selection, 'live:3', 'fees'));
          const { query } = parseAddress(href);
          expect(orderSelectionOf(query)).toEqual(selection);
          expect(query).toMatchObject({ order: 'live:3', cause: 'fees' });
        },
      ),
    );
  });

  test('what the address does not know falls back to all orders, the dearest first', () => {
    expect(orderSelectionOf({ kind: 'lost', sort: 'colour' })).toEqual({ kind: 'all', sort: 'gap', descending: false });
  });
});

describe('the orders behind a cause', () => {
  test.each([
    ['fees', -12, { kind: 'matched', sort: 'fees', descending: false }],
    ['fees', 3, { kind: 'matched', sort: 'fees', descending: true }],
    ['execution', -1, { kind: 'matched', sort: 'price', descending: false }],
    ['missed', -4, { kind: 'missed', sort: 'gap', descending: false }],
    ['extra', 4, { kind: 'extra', sort: 'gap', descending: true }],
  ] as const)('%s of %s', (cause, value, expected) => {
    expect(selectionOfCause(cause, value)).toEqual(expected);
  });

  test('carry, other and the residual have none', () => {
    const without = (Object.keys(causeWords) as WaterfallCause[]).filter((cause) => !orderCauses.includes(cause));
    expect(without).toEqual(['carry', 'other', 'residual']);
  });
});

test('neighbours end at the ends, and an entry that is not there has none', () => {
  expect(neighboursOf(['a', 'b', 'c'], 'a')).toEqual({ before: null, after: 'b' });
  expect(neighboursOf(['a', 'b', 'c'], 'c')).toEqual({ before: 'b', after: null });
  expect(neighboursOf(['a'], 'z')).toEqual({ before: null, after: null });
});
