/** Binance spot trade history as exported until about 2021: one fill a line, fee coin in a column of its own, no ids. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { decimalMarkOf } from '../numbers';
import { utcZone } from '../times';
import { amountCheck, columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, RowCheck } from './row';
import { zoneChoice } from './zones';

const datePattern = /^date(?:\(utc\))?$/;
const columns = ['market', 'type', 'price', 'amount', 'total', 'fee', 'fee coin'];

export const binanceSpotTradesV1: Format = {
  id: 'binance-spot-trades-v1',
  title: 'Binance spot trade history (until 2021)',
  describes: 'Every line is a fill; the file has no trade or order ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin',
  exampleRows: ['2021-06-01 12:00:05,SOLUSDT,BUY,31.25,4,125,0.0003,BNB'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columns)) return null;
    if (!sample.header.some((name) => datePattern.test(name))) return null;
    return { confidence: 0.99, reason: "header of Binance's spot trade history with Market and Fee Coin" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [market, type, price, amount] = [at('market'), at('type'), at('price'), at('amount')];
      const [total, fee, feeCoin] = [at('total'), at('fee'), at('fee coin')];
      const date = header.findIndex((name) => datePattern.test(name));
      const zone = zoneChoice(context, header[date] === 'date(utc)' ? utcZone : null);
      const time = columnTimeReader(sample.rawHeader[date] ?? 'Date', date, sample, zone);
      const check = new RowCheck(decimalMarkOf(sample));
      const symbolOfMarket = cachedSymbols(symbolOf);
      const checkTotal = amountCheck(context, 'total');
      return ({ cells, line }) => {
        check.reset();
        const fill = execution({
          venue: 'binance',
          symbol: symbolOfMarket(check.requiredText('Market', cells[market])),
          side: check.side('Type', cells[type]),
          price: check.positive('Price', cells[price]),
          quantity: check.positive('Amount', cells[amount]),
          fee: check.number('Fee', cells[fee]),
          feeCurrency: check.text('Fee Coin', cells[feeCoin])?.toUpperCase() ?? null,
          executedAtUs: check.requiredTime('Date', cells[date], time),
        });
        const stated = check.number('Total', cells[total]);
        if (check.problem !== null) return check.quarantine(fill.symbol, fill.executedAtUs);
        checkTotal(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
