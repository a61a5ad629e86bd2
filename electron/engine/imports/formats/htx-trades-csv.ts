/** HTX (Huobi) trades since 2023: one fill a line, the fee in a coin or in points, no ids. The zone is not stated. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['symbol', 'deal_type', 'price', 'volume', 'amount', 'fee_amount', 'fee_currency', 'deal_time'];

export const htxTradesCsv: Format = {
  id: 'htx-trades-csv',
  title: 'HTX trades',
  describes:
    'Every line is a fill; a fee paid in points is in the currency of the points. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader:
    'uid,symbol,deal_type,order_type,account_type,price,volume,amount,fee_amount,fee_currency,fee_point_currency,fee_point_volume,deal_time',
  exampleRows: ['7,SOL/USDT,buy,web,spot,24.0,2,48,0.004,sol,,,2023-02-03 04:05:06'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of HTX's trades export with deal_type and deal_time" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [symbolAt, side, price, volume, amount] = needed.slice(0, 5).map(at) as [
        ...[number, number, number, number, number], // one index for each name
      ];
      const [fee, feeCurrency, time] = [at('fee_amount'), at('fee_currency'), at('deal_time')];
      const [points, pointCurrency] = [at('fee_point_volume'), at('fee_point_currency')];
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const checkAmount = amountCheck(context, 'amount');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('symbol', cells[symbolAt]));
        const paid = check.number('fee_amount', cells[fee]);
        const paidPoints = check.number('fee_point_volume', cells[points]) ?? 0;
        const inPoints = paidPoints !== 0 && !paid;
        if (paidPoints !== 0 && !inPoints) check.refuse('the fee is both in a coin and in points');
        const currency = inPoints ? cells[pointCurrency] : cells[feeCurrency];
        const fill = execution({
          venue: 'htx',
          symbol,
          side: check.side('deal_type', cells[side]),
          price: check.positive('price', cells[price]),
          quantity: check.positive('volume', cells[volume]),
          fee: inPoints ? paidPoints : paid,
          feeCurrency: check.text('fee_currency', currency)?.toUpperCase() ?? null,
          executedAtUs: check.requiredTime('deal_time', cells[time], iso),
        });
        const stated = check.number('amount', cells[amount]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkAmount(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
