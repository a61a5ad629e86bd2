/** Fills of Coinbase Exchange (formerly Pro): one a record, the fee in the quote. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, feeIn, hasKeys, isoUtc, unwrapped } from './api-record';

export const coinbaseproRestFills = apiFormat({
  id: 'coinbasepro-rest-fills',
  title: 'Coinbase Exchange fills (API)',
  describes: 'Every record is a fill with its fee in the quote, settled or not.',
  reason: "keys of Coinbase Exchange's fills: created_at, product_id, liquidity, settled",
  isRecord: (record) =>
    hasKeys(record, [
      'created_at',
      'trade_id',
      'product_id',
      'order_id',
      'liquidity',
      'price',
      'size',
      'fee',
      'side',
      'settled',
    ]),
  records: (message) => unwrapped(message, ['fills']),
  open() {
    return (fields) => {
      const symbol = symbolOf(fields.requiredText('product_id'));
      return fields.fill({
        venue: 'coinbase',
        symbol,
        side: fields.side('side'),
        price: fields.positive('price'),
        quantity: fields.positive('size'),
        ...feeIn(fields.number('fee'), parsePair(symbol)?.quote ?? null),
        liquidity: fields.liquidityOfWord('liquidity', /^M$/i, /^T$/i),
        executedAtUs: fields.requiredTime('created_at', isoUtc),
        tradeId: fields.requiredText('trade_id'),
        orderId: fields.text('order_id'),
      });
    };
  },
});
