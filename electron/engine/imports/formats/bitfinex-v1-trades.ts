/** Bitfinex's past trades (API v1): asked for by pair, so that the records do not name it. What was paid as a fee is negative. */
import { apiFormat, epochSeconds, feeIn, hasKeys, paidOf, unwrapped } from './api-record';
import { bitfinexAsset } from './bitfinex-trades-csv';
import { symbolOfUser } from './columns';

export const bitfinexV1Trades = apiFormat({
  id: 'bitfinex-v1-mytrades',
  title: 'Bitfinex past trades (API v1)',
  describes:
    'Every record is a fill of the pair that is named with --symbol, because the records do not name it; ids and fees are read where they are told.',
  reason: "keys of Bitfinex's past trades: price, amount, timestamp, exchange, type",
  isRecord: (record) =>
    hasKeys(record, ['price', 'amount', 'timestamp', 'exchange', 'type']) &&
    /^(?:buy|sell)$/i.test(String(record['type'])),
  records: (message) => unwrapped(message, []),
  open(context) {
    let symbol: string | null = null;
    return (fields) => {
      symbol ??= symbolOfUser(context);
      const unit = fields.text('fee_currency');
      return fields.fill({
        venue: 'bitfinex',
        symbol,
        side: fields.side('type'),
        price: fields.positive('price'),
        quantity: fields.positive('amount'),
        ...feeIn(paidOf(fields.number('fee_amount')), unit === null ? null : bitfinexAsset(unit)),
        executedAtUs: fields.requiredTime('timestamp', epochSeconds),
        tradeId: fields.text('tid'),
        orderId: fields.text('order_id'),
      });
    };
  },
});
