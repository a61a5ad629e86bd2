/** HitBTC trades: one fill a line with its ids, times in the zone the header states, fee and rebate in the quote. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { amountCheck, zoneInHeader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['instrument', 'trade id', 'order id', 'side', 'quantity', 'price', 'volume', 'fee', 'rebate', 'total'];
const takerWords: ReadonlyMap<string, 'maker' | 'taker'> = new Map([
  ['true', 'taker'],
  ['false', 'maker'],
]);

export const hitbtcTradesCsv: Format = {
  id: 'hitbtc-trades-csv',
  title: 'HitBTC trades',
  describes:
    'Every line is a fill with trade and order id; the fee is what was charged less the rebate, in the quote. Exports without the column Taker do not tell maker from taker.',
  kind: 'executions',
  exampleHeader:
    '"Date (UTC)","Instrument","Trade ID","Order ID","Side","Quantity","Price","Volume","Fee","Rebate","Total"',
  exampleRows: ['"2020-02-03 04:05:06","ETH/USDT","71","72","buy","0.5","200","100","0.2","0.0","-100.2"'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.some((name) => /^date\b/.test(name))) return null;
    return { confidence: 0.99, reason: "header of HitBTC's trades export with Rebate" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const date = header.findIndex((name) => /^date\b/.test(name));
      const [instrument, tradeId, orderId, side] = [at('instrument'), at('trade id'), at('order id'), at('side')];
      const [quantity, price, volume] = [at('quantity'), at('price'), at('volume')];
      const [fee, rebate, taker] = [at('fee'), at('rebate'), at('taker')];
      const iso = isoReader(zoneChoice(context, zoneInHeader(header[date] ?? '')));
      const check = new RowCheck();
      const checkVolume = amountCheck(context, 'Volume');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Instrument', cells[instrument]));
        const [charged, returned] = [check.number('Fee', cells[fee]), check.number('Rebate', cells[rebate])];
        const takerWord = check.text('Taker', cells[taker])?.toLowerCase() ?? null;
        const liquidity = takerWord === null ? null : takerWords.get(takerWord);
        if (liquidity === undefined) check.refuse(`Taker is ${quoted(cells[taker])}, which is neither true nor false`);
        const paid = charged === null && returned === null ? null : (charged ?? 0) - (returned ?? 0);
        const fill = execution({
          venue: 'hitbtc',
          symbol,
          side: check.side('Side', cells[side]),
          price: check.positive('Price', cells[price]),
          quantity: check.positive('Quantity', cells[quantity]),
          fee: paid,
          feeCurrency: paid === null ? null : (pairOfSymbol(symbol)?.quote ?? null),
          liquidity: liquidity ?? null,
          executedAtUs: check.requiredTime('Date', cells[date], iso),
          tradeId: check.requiredText('Trade ID', cells[tradeId]),
          orderId: check.text('Order ID', cells[orderId]),
        });
        const stated = check.number('Volume', cells[volume]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkVolume(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
