/** Hyperliquid's trade history as its page exports it: one fill a line, times of the browser, no ids. */
import type { Side } from '../../../../shared/market/executions';
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { amountCheck, columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const columns = ['time', 'coin', 'dir', 'px', 'sz', 'ntl', 'fee', 'closedpnl'];
const sides: ReadonlyMap<string, Side> = new Map([
  ...['open long', 'close short', 'buy', 'short > long'].map((word): [string, Side] => [word, 'buy']),
  ...['open short', 'close long', 'sell', 'long > short'].map((word): [string, Side] => [word, 'sell']),
]);

/** `14/04/2026 - 20:59:22` as other logs write it. */
const plainTime = (text: string): string => text.replace(/\s+-\s+/, ' ');

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
      // `@156` and `NVDA (xyz)` are indices and markets of builders, and keep their names.
      const symbolOfCoin = cachedSymbols((name) => (/^\w+$/.test(name) ? `${name}/USDC` : symbolOf(name)));
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfCoin(check.requiredText('coin', cells[coin]));
        const word = (cells[dir] ?? '').trim().toLowerCase();
        const side = sides.get(word);
        if (side === undefined) check.refuse(`dir is ${quoted(cells[dir])}, which says neither buy nor sell`);
        const isSpotPurchase = word === 'buy';
        const pair = pairOfSymbol(symbol);
        const paid = check.number('fee', cells[fee]);
        const fill = execution({
          venue: 'hyperliquid',
          symbol,
          side: side ?? 'buy',
          price: check.positive('px', cells[price]),
          quantity: check.positive('sz', cells[size]),
          fee: paid,
          feeCurrency: paid === null ? null : isSpotPurchase ? (pair?.base ?? null) : (pair?.quote ?? 'USDC'),
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
