/** Poloniex trades: one fill a line with its order number; the fee is a rate, and its amount what the totals are short of. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { amountCheck } from './columns';
import { absentColumn, columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['date', 'market', 'category', 'type', 'price', 'amount', 'total', 'fee', 'order number'];
needed.push('base total less fee', 'quote total less fee');

export const poloniexTradesCsv: Format = {
  id: 'poloniex-trades-csv',
  title: 'Poloniex trades',
  describes:
    'Every line is a fill with its order number. The fee is worked out of the totals (what Poloniex calls base is the quote): in the base of a purchase, in the quote of a sale. No trade ids, no maker or taker; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader:
    'Date,Market,Category,Type,Price,Amount,Total,Fee,Order Number,Base Total Less Fee,Quote Total Less Fee',
  exampleRows: ['2020-02-03 04:05:06,ETH/BTC,Exchange,Sell,0.02,2.00000000,0.04000000,0.2%,73,0.03992000,-2.00000000'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Poloniex's trades with Base Total Less Fee" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [date, market, type, price] = [at('date'), at('market'), at('type'), at('price')];
      const [amount, total, rate, order] = [at('amount'), at('total'), at('fee'), at('order number')];
      const [quoteLess, baseLess] = [at('base total less fee'), at('quote total less fee')];
      const [feeCurrency, feeTotal] = [at('fee currency'), at('fee total')];
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const checkTotal = amountCheck(context, 'Total');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const name = check.requiredText('Market', cells[market]);
        const symbol = symbolOfName(name);
        const pair = pairOfSymbol(symbol);
        // The venue's names with an underscore put the quote first.
        if (pair === null || !name.includes('/')) check.refuse(`Market is ${quoted(name)}, but must be like ETH/BTC`);
        const side = check.side('Type', cells[type]);
        const quantity = check.positive('Amount', cells[amount]);
        const spent = check.positive('Total', cells[total]);
        const percent = check.requiredNumber('Fee', cells[rate]?.trim().replace(/%$/, ''));
        const gross = side === 'buy' ? quantity : spent;
        const net = Math.abs(
          side === 'buy'
            ? check.requiredNumber('Quote Total Less Fee', cells[baseLess])
            : check.requiredNumber('Base Total Less Fee', cells[quoteLess]),
        );
        const stated = feeTotal === absentColumn ? null : check.number('Fee Total', cells[feeTotal]);
        // Amounts have eight decimals; the difference of two of them has no more.
        const fee = stated ?? Math.round((gross - net) * 1e8) / 1e8;
        const expected = (percent / 100) * gross;
        if (stated === null && Math.abs(fee - expected) > Math.max(0.01 * expected, 2e-8)) {
          check.refuse(`the totals are short of ${fee}, but a fee of ${quoted(cells[rate])} is ${expected}`);
        }
        const fill = execution({
          venue: 'poloniex',
          symbol,
          side,
          price: check.positive('Price', cells[price]),
          quantity,
          fee,
          feeCurrency:
            stated === null
              ? (pair?.[side === 'buy' ? 'base' : 'quote'] ?? null)
              : (check.text('Fee Currency', cells[feeCurrency])?.toUpperCase() ?? null),
          executedAtUs: check.requiredTime('Date', cells[date], iso),
          orderId: check.text('Order Number', cells[order]),
        });
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkTotal(fill.price, quantity, spent, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
