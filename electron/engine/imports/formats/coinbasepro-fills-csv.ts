/** Coinbase Pro (Exchange, GDAX) fills: one fill a line with its trade id, which is unique per product only; no order id. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = [
  'trade id',
  'product',
  'side',
  'created at',
  'size',
  'size unit',
  'price',
  'fee',
  'total',
  'price/fee/total unit',
];

export const coinbaseproFillsCsv: Format = {
  id: 'coinbasepro-fills-csv',
  title: 'Coinbase Pro fills',
  describes:
    'Every line is a fill; the portfolio is its account. The file has no order ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit',
  exampleRows: ['main,77,ETH-EUR,BUY,2021-02-03T04:05:06.789Z,0.5,ETH,1200,3.6,-603.6,EUR'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Coinbase Pro's fills report" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [portfolio, tradeId, product, side, created] = [
        at('portfolio'),
        at('trade id'),
        at('product'),
        at('side'),
        at('created at'),
      ];
      const [size, sizeUnit, price, fee, total, unit] = [
        at('size'),
        at('size unit'),
        at('price'),
        at('fee'),
        at('total'),
        at('price/fee/total unit'),
      ];
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const symbolOfProduct = cachedSymbols(symbolOf);
      let totalTold = false;
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfProduct(check.requiredText('product', cells[product]));
        const pair = parsePair(symbol);
        const base = check.text('size unit', cells[sizeUnit])?.toUpperCase();
        if (pair !== null && base !== undefined && base !== pair.base) {
          check.refuse(`size unit is ${quoted(base)}, but the product is ${quoted(symbol)}`);
        }
        const fill = execution({
          venue: 'coinbase',
          account: check.text('portfolio', cells[portfolio]),
          symbol,
          side: check.side('side', cells[side]),
          price: check.positive('price', cells[price]),
          quantity: check.positive('size', cells[size]),
          fee: check.number('fee', cells[fee]),
          feeCurrency: check.text('unit', cells[unit])?.toUpperCase() ?? null,
          executedAtUs: check.requiredTime('created at', cells[created], iso),
          tradeId: check.requiredText('trade id', cells[tradeId]),
        });
        const stated = check.number('total', cells[total]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        if (!totalTold && stated !== null && !isTotal(stated, fill.side, fill.price * fill.quantity, fill.fee ?? 0)) {
          totalTold = true;
          context.warn(`The total is not size times price with the fee, first on line ${line}.`);
        }
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

/** What was spent (negative) or received, fee included: exact in real exports, up to the rounding of its last digits. */
function isTotal(total: number, side: 'buy' | 'sell', notional: number, fee: number): boolean {
  const expected = side === 'buy' ? -(notional + fee) : notional - fee;
  return Math.abs(total - expected) <= 1e-9 * Math.max(1, notional);
}
