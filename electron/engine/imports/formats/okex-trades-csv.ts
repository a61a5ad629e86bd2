/** OKEx trades (until about 2021): one fill a line with its ids, every cell of the header behind its own byte-order mark. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = [
  'order id',
  'trade id',
  'trade time',
  'pairs',
  'amount',
  'price',
  'total',
  'taker/maker',
  'fee',
  'unit',
];

export const okexTradesCsv: Format = {
  id: 'okex-trades-csv',
  title: 'OKEx trades',
  describes:
    'Every line is a fill with order and trade id; a negative fee was paid. The zone of the times is not stated.',
  kind: 'executions',
  exampleHeader: 'Order ID,Trade ID,Trade Time,Pairs,Amount,Price,Total,taker/maker,Fee,unit',
  exampleRows: ['72,71,2020-02-03 04:05:06,eth_usdt,0.5,200,-100.0 USDT,taker,-0.0001 ETH,ETH'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of OKEx's trades export with taker/maker and unit" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [orderId, tradeId, time, pairs] = [at('order id'), at('trade id'), at('trade time'), at('pairs')];
      const [amount, price, total] = [at('amount'), at('price'), at('total')];
      const [liquidity, fee, unit] = [at('taker/maker'), at('fee'), at('unit')];
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const checkTotal = amountCheck(context, 'Total');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Pairs', cells[pairs]));
        const pair = pairOfSymbol(symbol);
        const assets = pair === null ? [] : [pair.base, pair.quote];
        const base = check.requiredText('unit', cells[unit]).toUpperCase();
        if (pair !== null && base !== pair.base)
          check.refuse(`unit is ${quoted(base)}, but the pair is ${quoted(symbol)}`);
        const signed = check.requiredNumber('Amount', cells[amount]);
        if (signed === 0) check.refuse('Amount is 0, but must be bought (above) or sold (below zero)');
        const change = check.amountWithUnit('Fee', cells[fee], assets);
        const spent = check.amountWithUnit('Total', cells[total], assets);
        const fill = execution({
          venue: 'okx',
          symbol,
          side: signed > 0 ? 'buy' : 'sell',
          price: check.positive('Price', cells[price]),
          quantity: Math.abs(signed),
          fee: change === null ? null : 0 - change.value,
          feeCurrency: change?.unit ?? null,
          liquidity: check.liquidity('taker/maker', cells[liquidity]),
          executedAtUs: check.requiredTime('Trade Time', cells[time], iso),
          tradeId: check.requiredText('Trade ID', cells[tradeId]),
          orderId: check.text('Order ID', cells[orderId]),
        });
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkTotal(fill.price, fill.quantity, spent?.value ?? null, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
