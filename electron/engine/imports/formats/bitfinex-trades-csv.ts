/** Bitfinex trades: one fill a line with its ids, times UTC written day first (`DD-MM-YY`), in 2014 as ISO times. */
import { pairSymbol, parsePair } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { utcZone } from '../times';
import { eitherReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, RowCheck } from './row';
import { zoneChoice } from './zones';

/** Bitfinex calls Tether UST. */
export function bitfinexAsset(name: string): string {
  const asset = name.trim().toUpperCase();
  return asset === 'UST' ? 'USDT' : asset;
}

export const bitfinexTradesCsv: Format = {
  id: 'bitfinex-trades-csv',
  title: 'Bitfinex trades',
  describes:
    'Every line is a fill with trade id and, but for the exports of 2014, order id; a negative fee was paid. Whether it was on margin is not read, and the file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: '#,PAIR,AMOUNT,PRICE,FEE,FEE CURRENCY,DATE,ORDER ID',
  exampleRows: ['71,ETH/USD,-0.5,200.5,-0.2005,USD,03-04-21 05:06:07,72'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !sample.header.includes('#')) return null;
    if (!hasColumns(sample.header, ['pair', 'amount', 'price', 'fee', 'date'])) return null;
    if (!sample.header.some((name) => name === 'fee currency' || name === 'feecurrency')) return null;
    return { confidence: 0.99, reason: "header of Bitfinex's trades export" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [id, pair, amount, price, fee] = [at('#'), at('pair'), at('amount'), at('price'), at('fee')];
      const [feeCurrency, date] = [columnIndex(header, 'fee currency', 'feecurrency'), at('date')];
      const orderId = at('order id');
      const time = eitherReader(/^\d\d-/, 'DD-MM-YY H:mm:ss[.S]', zoneChoice(context, utcZone));
      const check = new RowCheck();
      const symbolOfName = cachedSymbols((name) => {
        const known = parsePair(name);
        return known === null
          ? name
          : pairSymbol({ base: bitfinexAsset(known.base), quote: bitfinexAsset(known.quote) });
      });
      return ({ cells }) => {
        check.reset();
        const signed = check.requiredNumber('AMOUNT', cells[amount]);
        if (signed === 0) check.refuse('AMOUNT is 0, but must be bought (above) or sold (below zero)');
        const change = check.number('FEE', cells[fee]);
        const unit = check.text('FEE CURRENCY', cells[feeCurrency]);
        const fill = execution({
          venue: 'bitfinex',
          symbol: symbolOfName(check.requiredText('PAIR', cells[pair])),
          side: signed > 0 ? 'buy' : 'sell',
          price: check.positive('PRICE', cells[price]),
          quantity: Math.abs(signed),
          fee: change === null ? null : 0 - change,
          feeCurrency: unit === null ? null : bitfinexAsset(unit),
          executedAtUs: check.requiredTime('DATE', cells[date], time),
          tradeId: check.requiredText('#', cells[id]),
          orderId: check.text('ORDER ID', cells[orderId]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(fill.symbol, fill.executedAtUs);
      };
    },
  },
};
