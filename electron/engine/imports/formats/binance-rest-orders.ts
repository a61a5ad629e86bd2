/** Binance's lists of orders (`allOrders`, `openOrders`; spot and futures): one order a record, without its fills. */

import { listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, epochMs, hasKeys, unwrapped } from './api-record';
import { binanceSymbol, refuseContracts } from './binance-symbol';

export const binanceStates: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ...['NEW', 'PENDING_NEW', 'PARTIALLY_FILLED', 'PENDING_CANCEL'].map((word): [string, OrderState] => [word, 'open']),
  ['FILLED', 'filled'],
  ['CANCELED', 'cancelled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
  ['EXPIRED_IN_MATCH', 'expired'],
]);

export const binanceRestAllOrders = apiFormat({
  id: 'binance-rest-allOrders',
  title: 'Binance orders (API)',
  describes:
    'Ended orders become one execution at their average price, without fees, and cancelled, expired and rejected ones order events.',
  reason: "keys of Binance's orders: origQty, executedQty, updateTime",
  isRecord: (record) =>
    hasKeys(record, ['symbol', 'orderId', 'clientOrderId', 'origQty', 'executedQty', 'status', 'time', 'updateTime']) &&
    !('fills' in record),
  records: (message) => unwrapped(message, ['data', 'result']),
  open(context) {
    const outcome = listedOrders(context);
    return (fields) => {
      // Coin-margined orders tell in base units what was filled, but not what was asked for.
      const isCoinMargined = fields.has('cumBase');
      const filledQuantity = fields.positiveOrNone(isCoinMargined ? 'cumBase' : 'executedQty');
      if (filledQuantity !== null && !isCoinMargined) refuseContracts(fields, 'symbol');
      const amount = fields.has('cumQuote')
        ? fields.positiveOrNone('cumQuote')
        : fields.positiveOrNone('cummulativeQuoteQty');
      const average = fields.positiveOrNone('avgPrice');
      return outcome(fields, {
        venue: 'binance',
        symbol: binanceSymbol(fields.requiredText('symbol')),
        side: fields.side('side'),
        orderId: fields.requiredText('orderId'),
        clientOrderId: fields.text('clientOrderId'),
        state: orderState(fields, 'status', binanceStates),
        submittedAtUs: fields.time('time', epochMs),
        changedAtUs: fields.time('updateTime', epochMs),
        intendedQuantity: isCoinMargined ? null : fields.positiveOrNone('origQty'),
        limitPrice: fields.positiveOrNone('price'),
        filledQuantity,
        averagePrice: average ?? (amount === null || filledQuantity === null ? null : amount / filledQuantity),
        fee: null,
        feeCurrency: null,
      });
    };
  },
});
