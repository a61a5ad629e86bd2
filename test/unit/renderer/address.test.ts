import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addresses } from '../../../renderer/pages/addresses';
import { hrefOf, parseAddress } from '../../../renderer/state/address';

describe('addresses', () => {
  it('come back as they went, whatever the names hold', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), fc.dictionary(name, fc.string()), (path, query) => {
        expect(parseAddress(hrefOf(path, query))).toEqual({ path, query: { ...query } });
      }),
    );
  });

  it('keep a symbol with a slash in one segment', () => {
    const href = addresses.symbolDay('mean revert', 'BTC/USDT', '2026-01-31', { kind: 'missed', sort: null });
    expect(href).toBe('#/parity/mean%20revert/symbol/BTC%2FUSDT/2026-01-31?kind=missed');
    expect(parseAddress(href).path).toEqual(['parity', 'mean revert', 'symbol', 'BTC/USDT', '2026-01-31']);
  });

  it.each([
    ['', []],
    ['#', []],
    ['#/', []],
    ['#/imports/', ['imports']],
    ['#imports', ['imports']],
    ['#/parity/100%', ['parity', '100%']],
  ])('typed by hand, %s means %j', (hash, path) => {
    expect(parseAddress(hash)).toEqual({ path, query: {} });
  });

  it('leave out what is null', () => {
    expect(addresses.desk(null)).toBe('#/desk');
    expect(addresses.desk('a')).toBe('#/desk/a');
  });
});
