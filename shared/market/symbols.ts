/**
 * Instrument names of the venues, read as base and quote. The symbol used throughout is `BASE/QUOTE`; an instrument whose
 * parts cannot be told, or that is not priced in its quote (an inverse or dated contract), keeps its own name.
 */
export interface Pair {
  readonly base: string;
  readonly quote: string;
}

/** Quote assets of names without a separator. The longest that fits wins, so `BUSD` is tried before `USD`. */
export const quoteAssets: readonly string[] = [
  ...['FDUSD', 'USDT', 'USDC', 'TUSD', 'BUSD', 'USDP', 'BIDR', 'DOGE'],
  ...['DAI', 'UST', 'EUR', 'GBP', 'TRY', 'BRL', 'AUD', 'JPY', 'RUB', 'UAH', 'NGN', 'ZAR', 'PLN', 'RON', 'ARS'],
  ...['BTC', 'ETH', 'BNB', 'TRX', 'XRP', 'DOT', 'USD', 'VAI', 'PAX'],
];

const asset = /^[A-Z0-9]{1,20}$/;

/** Reads the name of an instrument; null = its parts cannot be told, or it is no linear instrument. */
export function parsePair(name: string): Pair | null {
  const text = name.trim();
  // Bitfinex writes `tBTCUSD`, `tLUNA:USD`: a small t before capitals.
  const upper = /^t[A-Z0-9]{3,}(?::[A-Z0-9]+)?$/.test(text) ? text.slice(1).replace(':', '/') : text.toUpperCase();
  const separated = /^([^-/_:]+)[-/_]([^-/_:]+)(?:[:]([^:]+)|[-_](SWAP|PERP))?$/.exec(upper);
  if (separated !== null) {
    const [, base = '', quote = '', settle, perpetual] = separated;
    if (!asset.test(base) || !asset.test(quote)) return null;
    // A swap is linear when it settles in its quote; `BTC-USD-SWAP` settles in the coin.
    if (settle !== undefined && settle !== quote) return null;
    if (perpetual !== undefined && quote === 'USD') return null;
    // `BTCUSD_PERP`: what follows the separator is the kind of contract, no quote.
    if (quote === 'PERP' || quote === 'SWAP') return null;
    return /[A-Z]/.test(quote) ? { base, quote } : null;
  }
  if (!asset.test(upper) || quoteAssets.includes(upper)) return null;
  const splits = gluedSplits(upper);
  return splits.length > 1 ? (knownSplit(splits) ?? splits[0] ?? null) : splitByQuote(upper, quoteAssets);
}

/**
 * Coins whose last letter makes a dollar look like BUSD or TUSD, and coins that look like them without it. Only these decide how a name
 * such as `SHIBUSD` is taken apart; the rest of the world's coins need no list.
 */
const knownBases: ReadonlySet<string> = new Set([
  ...['SHIB', 'ARB', 'BNB', 'TRB', 'CKB', 'ORB', 'BOB', 'ACB', 'DCB', 'XCB'],
  ...['DOT', 'GRT', 'BAT', 'BNT', 'ANT', 'USDT', 'APT', 'HNT', 'XBT', 'QNT', 'WBT', 'NFT', 'HFT', 'MNT', 'ALT', 'HOT'],
  ...['LPT', 'SNT', 'STPT', 'DENT', 'LIT', 'FET', 'GMT', 'GST', 'TNT', 'BIT', 'MDT', 'PNT', 'ROOT', 'ACT', 'BLAST'],
  ...['BTT', 'OXT', 'VET', 'IOT', 'NOT', 'TFT'],
  ...['BTC', 'ETH', 'BNB', 'XRP', 'ADA', 'SOL', 'DOGE', 'TRX', 'LTC', 'BCH', 'LINK', 'MATIC', 'POL', 'AVAX', 'UNI'],
  ...['ATOM', 'XLM', 'ETC', 'FIL', 'NEAR', 'ICP', 'SAND', 'MANA', 'AXS', 'AAVE', 'ALGO', 'EOS', 'XTZ', 'THETA', 'FTM'],
  ...['RUNE', 'CAKE', 'CRV', 'SUSHI', 'COMP', 'MKR', 'SNX', 'YFI', 'ZEC', 'DASH', 'XMR', 'NEO', 'WAVES', 'KSM', 'EGLD'],
  ...['GALA', 'APE', 'OP', 'SUI', 'SEI', 'TIA', 'INJ', 'LDO', 'PEPE', 'FLOKI', 'WIF', 'JUP', 'ENS', 'IMX', 'STX', 'AR'],
  ...[
    'LUNA',
    'LUNC',
    'GLMR',
    'ROSE',
    'ONE',
    'ZIL',
    'ENJ',
    'CHZ',
    'CHR',
    'KAVA',
    'JASMY',
    'MASK',
    'DYDX',
    'BLUR',
    'HBAR',
  ],
  ...['USDC', 'BUSD', 'TUSD', 'FDUSD', 'DAI', 'EUR', 'GBP', 'AUD', 'PAXG', '1INCH', 'C98', 'GMX', 'RNDR', 'WLD', 'TON'],
]);

/** All ways to take a name without separator apart that end in a quote asset, the longest quote first. */
function gluedSplits(name: string): readonly Pair[] {
  return quoteAssets
    .filter((quote) => name.length > quote.length && name.endsWith(quote))
    .sort((left, right) => right.length - left.length)
    .map((quote) => ({ base: name.slice(0, -quote.length), quote }));
}

function knownSplit(splits: readonly Pair[]): Pair | null {
  const known = splits.filter(({ base }) => knownBases.has(base));
  return known.length === 1 ? (known[0] ?? null) : null;
}

/**
 * The ways to take a glued name apart where nothing tells which is meant, as symbols: `ARBUSD` is AR/BUSD or ARB/USD. Empty = there is no
 * doubt. No coin's name ends in FD, so FDUSD is always FDUSD.
 */
export function splitsInDoubt(name: string): readonly string[] {
  const splits = gluedSplits(name.trim().toUpperCase());
  if (splits.length < 2 || splits[0]?.quote === 'FDUSD' || knownSplit(splits) !== null) return [];
  return splits.map(pairSymbol);
}

function splitByQuote(name: string, quotes: readonly string[]): Pair | null {
  let quote = '';
  for (const candidate of quotes) {
    if (candidate.length > quote.length && name.length > candidate.length && name.endsWith(candidate)) {
      quote = candidate;
    }
  }
  return quote === '' ? null : { base: name.slice(0, -quote.length), quote };
}

/** `BASE/QUOTE`, or the instrument's own name trimmed. */
export function symbolOf(name: string): string {
  const pair = parsePair(name);
  return pair === null ? name.trim() : pairSymbol(pair);
}

export function pairSymbol(pair: Pair): string {
  return `${pair.base}/${pair.quote}`;
}

/** Base and quote of a `BASE/QUOTE` symbol; null for an instrument that kept its own name. */
export function pairOfSymbol(symbol: string): Pair | null {
  const at = symbol.indexOf('/');
  if (at <= 0 || at === symbol.length - 1 || symbol.includes(':') || symbol.indexOf('/', at + 1) !== -1) return null;
  return { base: symbol.slice(0, at), quote: symbol.slice(at + 1) };
}

/** Kraken's old codes carry X (coin) or Z (money) before the asset; no other code is shortened. */
const krakenCodes: ReadonlyMap<string, string> = new Map([
  ...['XXBT', 'XETH', 'XLTC', 'XXRP', 'XXLM', 'XXDG', 'XXMR', 'XZEC', 'XETC', 'XREP', 'XMLN'].map(
    (code): [string, string] => [code, code.slice(1)],
  ),
  ...['ZEUR', 'ZUSD', 'ZGBP', 'ZCAD', 'ZJPY', 'ZAUD', 'ZKRW'].map((code): [string, string] => [code, code.slice(1)]),
]);
const krakenRenames: ReadonlyMap<string, string> = new Map([
  ['XBT', 'BTC'],
  ['XDG', 'DOGE'],
]);
const krakenQuotes: readonly string[] = [
  ...['PYUSD', 'RLUSD', 'EURQ', 'EURR', 'USDT', 'USDC', 'USDG', 'USDQ', 'USDR', 'DAI', 'EUR', 'USD', 'GBP', 'CAD'],
  ...['JPY', 'AUD', 'CHF', 'AED', 'XBT', 'BTC', 'ETH', 'DOT', 'POL'],
];

/** Kraken's asset code as the rest of the world writes it: `XXBT` and `XBT` are `BTC`, `ZEUR` is `EUR`. */
export function krakenAsset(code: string): string {
  const upper = code.trim().toUpperCase();
  const short = krakenCodes.get(upper) ?? upper;
  return krakenRenames.get(short) ?? short;
}

/** Reads Kraken's pair names: `XXBTZEUR`, `XBTUSDC`, `XLTCXXBT`, `XTZUSD`, `XBT/EUR`. */
export function parseKrakenPair(name: string): Pair | null {
  const upper = name.trim().toUpperCase();
  const parts = upper.split('/');
  if (parts.length === 2) {
    const [base = '', quote = ''] = parts;
    return asset.test(base) && asset.test(quote) ? { base: krakenAsset(base), quote: krakenAsset(quote) } : null;
  }
  if (!asset.test(upper)) return null;
  // A prefixed quote goes with a prefixed base (or a stable coin: USDTZUSD); else `XTZUSD` would become XT/USD.
  const [head, tail] = [upper.slice(0, -4), upper.slice(-4)];
  if (krakenCodes.has(tail) && (krakenCodes.has(head) || ['USDT', 'USDC', 'DAI'].includes(head))) {
    return { base: krakenAsset(head), quote: krakenAsset(tail) };
  }
  const pair = splitByQuote(upper, krakenQuotes);
  return pair === null ? null : { base: krakenAsset(pair.base), quote: krakenAsset(pair.quote) };
}
