import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  krakenAsset,
  pairOfSymbol,
  parseKrakenPair,
  parsePair,
  quoteAssets,
  splitsInDoubt,
  symbolOf,
} from '../../../shared/market/symbols';

describe('an instrument', () => {
  it.each([
    ['BTCUSDT', 'BTC/USDT'],
    ['BTC-USD', 'BTC/USD'],
    ['BTC/USD', 'BTC/USD'],
    ['BTC_USDT', 'BTC/USDT'],
    ['ltc_usdt', 'LTC/USDT'],
    ['tBTCUSD', 'BTC/USD'],
    ['tLUNA:USD', 'LUNA/USD'],
    ['ETH/USDC:USDC', 'ETH/USDC'],
    ['BTC-USDT-SWAP', 'BTC/USDT'],
    ['ADABTC', 'ADA/BTC'],
    ['BTCBUSD', 'BTC/BUSD'],
    ['USDTTRY', 'USDT/TRY'],
    ['BUSDUSDT', 'BUSD/USDT'],
    ['TUSDT', 'T/USDT'],
    ['1INCHUSDT', '1INCH/USDT'],
    ['1000PEPEUSDT', '1000PEPE/USDT'],
    ['EURUSD', 'EUR/USD'],
    ['BTCFDUSD', 'BTC/FDUSD'],
    ['SHIBUSD', 'SHIB/USD'],
    ['GRTUSD', 'GRT/USD'],
    ['DOTUSD', 'DOT/USD'],
    ['XBTUSD', 'XBT/USD'],
    ['ETHBUSD', 'ETH/BUSD'],
  ])('%s is %s', (name, symbol) => {
    expect(symbolOf(name)).toBe(symbol);
  });

  it.each([
    ['BTC/USD:BTC', 'settles in the coin'],
    ['BTC-USD-SWAP', 'settles in the coin'],
    ['BTC/USDT:USDT-270326', 'is dated'],
    ['BTC-USDT-270326', 'is dated'],
    ['ETH/USD:OX', 'settles in a third asset'],
    ['PI_XBTUSD_270326', 'is dated'],
    ['BTCUSD_PERP', 'names no quote behind the separator'],
    ['@156', 'has no name'],
    ['HYPE', 'has no quote'],
    ['SPYL.DE', 'is a share'],
    ['NVDA (xyz)', 'is a builder market'],
    ['USDT', 'is an asset'],
    ['', 'is empty'],
  ])('%s keeps its own name: it %s', (name) => {
    expect(parsePair(name)).toBeNull();
    expect(symbolOf(name)).toBe(name);
  });

  it.each([
    ['ARBUSD', ['AR/BUSD', 'ARB/USD']],
    ['FOOBUSD', ['FOO/BUSD', 'FOOB/USD']],
    ['FOOTUSD', ['FOO/TUSD', 'FOOT/USD']],
    ['BTCBUSD', []],
    ['SHIBUSD', []],
    ['FOOFDUSD', []],
    ['FOOUSDT', []],
    ['FOO', []],
  ])('%s can be %j', (name, splits) => {
    expect(splitsInDoubt(name)).toEqual(splits);
  });

  it('glued from any base and the longest quote comes apart again', () => {
    const base = fc.stringMatching(/^[A-Z0-9]{3,8}$/);
    fc.assert(
      fc.property(base, fc.constantFrom(...quoteAssets), (baseAsset, quote) => {
        const name = baseAsset + quote;
        const longest = quoteAssets
          .filter((candidate) => name.endsWith(candidate))
          .sort((a, b) => b.length - a.length)[0];
        fc.pre(longest === quote);
        expect(parsePair(name)).toEqual({ base: baseAsset, quote });
      }),
    );
  });

  it('is the same from its symbol as from its name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 24 }), (name) => {
        const symbol = symbolOf(name);
        expect(symbolOf(symbol)).toBe(symbol);
        const pair = parsePair(name);
        if (pair !== null) expect(pairOfSymbol(symbol)).toEqual(pair);
      }),
    );
  });
});

describe("Kraken's names", () => {
  it.each([
    ['XXBTZEUR', 'BTC', 'EUR'],
    ['XBTUSDC', 'BTC', 'USDC'],
    ['XLTCXXBT', 'LTC', 'BTC'],
    ['XTZUSD', 'XTZ', 'USD'],
    ['XTZXBT', 'XTZ', 'BTC'],
    ['ZRXEUR', 'ZRX', 'EUR'],
    ['USDTZUSD', 'USDT', 'USD'],
    ['BATUSD', 'BAT', 'USD'],
    ['XXDGXXBT', 'DOGE', 'BTC'],
    ['XDGUSD', 'DOGE', 'USD'],
    ['ZEURZUSD', 'EUR', 'USD'],
    ['XBT/EUR', 'BTC', 'EUR'],
    ['DOTEUR', 'DOT', 'EUR'],
  ])('%s is %s/%s', (name, base, quote) => {
    expect(parseKrakenPair(name)).toEqual({ base, quote });
  });
  it('only the listed codes lose their first letter', () => {
    expect(['XXBT', 'XETH', 'ZUSD', 'XTZ', 'ZRX', 'XDG', 'ADA'].map(krakenAsset)).toEqual([
      ...['BTC', 'ETH', 'USD', 'XTZ', 'ZRX', 'DOGE', 'ADA'],
    ]);
  });
});
