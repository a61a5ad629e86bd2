/**
 * Hyperliquid's trade history: as its page exports it, one fill a line with times of the browser and no ids; and as an archive of
 * accounts tells it, in Indian time to the minute, with ids that a spreadsheet has rounded.
 */
import type { Side } from '../../../../shared/market/executions';
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ReadContext } from '../format';
import { parseZone, utcZone } from '../times';
import { amountCheck, columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const columns = ['time', 'coin', 'dir', 'px', 'sz', 'ntl', 'fee', 'closedpnl'];
const sides: ReadonlyMap<string, Side> = new Map([
  ...['open long', 'close short', 'buy', 'short > long'].map((word): [string, Side] => [word, 'buy']),
  ...['open short', 'close long', 'sell', 'long > short'].map((word): [string, Side] => [word, 'sell']),
]);

/** The side a direction says, and whether it bought on a spot market, where the fee is taken from what was received. */
function directionOf(check: RowCheck, name: string, raw: string | undefined): { side: Side; isSpotPurchase: boolean } {
  const word = (raw ?? '').trim().toLowerCase();
  const side = sides.get(word);
  if (side === undefined) check.refuse(`${name} is ${quoted(raw)}, which says neither buy nor sell`);
  return { side: side ?? 'buy', isSpotPurchase: word === 'buy' };
}

/** `@156` and `NVDA (xyz)` are indices and markets of builders, and keep their names. */
const symbolOfCoin = (name: string): string => (/^\w+$/.test(name) ? `${name}/USDC` : symbolOf(name));

function feeCurrencyOf(symbol: string, isSpotPurchase: boolean): string | null {
  const pair = pairOfSymbol(symbol);
  return isSpotPurchase ? (pair?.base ?? null) : (pair?.quote ?? 'USDC');
}

/** `14/04/2026 - 20:59:22` as other logs write it. */
const plainTime = (text: string): string => text.replace(' - ', ' ');

export const hyperliquidTradesCsv: Format = {
  id: 'hyperliquid-trades-csv',
  title: 'Hyperliquid trade history',
  describes:
    'Every line is a fill; a coin alone is its perpetual, priced in USDC. closedPnl is not read. Fees are in USDC, those of spot purchases in the coin. The times are of the browser that exported; no ids, no maker or taker.',
  kind: 'executions',
  exampleHeader: 'time,coin,dir,px,sz,ntl,fee,closedPnl',
  exampleRows: ['23/02/2026 - 04:05:06,ETH,Open Long,2000,0.5,1000,0.45,-0.45'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columns)) return null;
    return { confidence: 0.99, reason: "header of Hyperliquid's trade history with dir, px and closedPnl" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const [time, coin, dir, price, size, notional, fee] = columns.map((name) => columnIndex(header, name)) as [
        ...[number, number, number, number, number, number, number, number], // one index for each name
      ];
      const rows = sample.rows.map((cells) => [plainTime(cells[time] ?? '')]);
      const times = columnTimeReader('time', 0, { rows }, zoneChoice(context, null));
      const reader = { expects: times.expects, read: (text: string) => times.read(plainTime(text)) };
      const check = new RowCheck();
      const checkNotional = amountCheck(context, 'ntl');
      const symbolOfName = cachedSymbols(symbolOfCoin);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('coin', cells[coin]));
        const { side, isSpotPurchase } = directionOf(check, 'dir', cells[dir]);
        const paid = check.number('fee', cells[fee]);
        const fill = execution({
          venue: 'hyperliquid',
          symbol,
          side,
          price: check.positive('px', cells[price]),
          quantity: check.positive('sz', cells[size]),
          fee: paid,
          feeCurrency: paid === null ? null : feeCurrencyOf(symbol, isSpotPurchase),
          executedAtUs: check.requiredTime('time', cells[time], reader),
        });
        const stated = check.number('ntl', cells[notional]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkNotional(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

const archiveColumns = ['coin', 'execution price', 'size tokens', 'size usd', 'side', 'direction', 'fee'];
/** Named in the header; UTC+05:30, without summer time. */
const indianTime = parseZone('+05:30') ?? utcZone;
const archiveTime = /^timestamp (ist|utc)$/;
const crossedWords: ReadonlyMap<string, 'maker' | 'taker'> = new Map([
  ['true', 'taker'],
  ['false', 'maker'],
]);

export const hyperliquidArchiveCsv: Format = {
  id: 'hyperliquid-archive-csv',
  title: 'Hyperliquid trades of accounts',
  describes:
    'Every line is a fill of the account it names; what sets a position without a trade (settlement, dust, vaults) is counted. Times are to the minute. Ids that a spreadsheet has rounded (5.20E+10) are not used; the column Timestamp, rounded too, is not read.',
  kind: 'executions',
  exampleHeader:
    'Account,Coin,Execution Price,Size Tokens,Size USD,Side,Timestamp IST,Start Position,Direction,Closed PnL,Transaction Hash,Order ID,Crossed,Fee,Trade ID,Timestamp',
  exampleRows: [
    '0xaa,HYPE,20,5,100,BUY,25-02-2025 05:30,0,Open Long,0,0xbb,52017706631,TRUE,0.05,895123456789012,1.74E+12',
    '0xaa,HYPE,20,5,100,SELL,25-02-2025 06:30,5,Settlement,0,0xbc,52017706632,TRUE,0.05,895123456789013,1.74E+12',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, archiveColumns)) return null;
    if (!sample.header.some((name) => archiveTime.test(name))) return null;
    return { confidence: 0.99, reason: "header of Hyperliquid's trades of accounts with Size Tokens and Crossed" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [coin, price, size, notional, sideAt, direction, fee] = archiveColumns.map(at) as [
        ...[number, number, number, number, number, number, number], // one index for each name
      ];
      const [account, crossed, orderId, tradeId] = [at('account'), at('crossed'), at('order id'), at('trade id')];
      const time = header.findIndex((name) => archiveTime.test(name));
      const zone = header[time] === 'timestamp ist' ? indianTime : utcZone;
      const reader = columnTimeReader('Timestamp', time, sample, zoneChoice(context, zone));
      const check = new RowCheck();
      const checkNotional = amountCheck(context, 'Size USD');
      const symbolOfName = cachedSymbols(symbolOfCoin);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Coin', cells[coin]));
        const word = (cells[direction] ?? '').trim().toLowerCase();
        if (/dust conversion|settlement|net child vaults|auto-deleveraging transfer/.test(word)) return otherRow(word);
        const side = check.side('Side', cells[sideAt]);
        const paid = check.number('Fee', cells[fee]);
        const crossedWord = check.text('Crossed', cells[crossed])?.toLowerCase() ?? null;
        const liquidity = crossedWord === null ? null : crossedWords.get(crossedWord);
        if (liquidity === undefined)
          check.refuse(`Crossed is ${quoted(cells[crossed])}, which is neither true nor false`);
        const fill = execution({
          venue: 'hyperliquid',
          account: check.text('Account', cells[account]),
          symbol,
          side,
          price: check.positive('Execution Price', cells[price]),
          quantity: check.positive('Size Tokens', cells[size]),
          fee: paid,
          feeCurrency: paid === null ? null : feeCurrencyOf(symbol, word === 'buy'),
          liquidity: liquidity ?? null,
          executedAtUs: check.requiredTime(`Timestamp`, cells[time], reader),
          tradeId: wholeId(context, cells[tradeId]),
          orderId: wholeId(context, cells[orderId]),
        });
        const stated = check.number('Size USD', cells[notional]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkNotional(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

/** The id as it is; null where a spreadsheet has turned it into a rounded number. */
function wholeId(context: ReadContext, raw: string | undefined): string | null {
  const text = raw?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+$/.test(text) && !/0{6,}$/.test(text)) return text;
  context.warn(
    'The ids of orders and trades are rounded (5.20E+10), so that they tell nothing apart; they are not used.',
  );
  return null;
}
