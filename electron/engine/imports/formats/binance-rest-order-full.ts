/** Binance's answer to a new order with its fills (`newOrderRespType=FULL`): one order a record. */
import { compensatedSum } from '../../../../shared/base/sums';
import { orderState } from './api-order';
import { apiFormat, epochMs, feeIn, hasKeys, unwrapped } from './api-record';
import { binanceStates } from './binance-rest-orders';
import { binanceSymbol } from './binance-symbol';
import { amountCheck } from './columns';
import { execution, orderEvent, otherRow } from './row';

export const binanceRestOrderFull = apiFormat({
  id: 'binance-rest-order-FULL',
  title: 'Binance new orders with fills (API)',
  describes:
    'The fills of each answer become executions at its transactTime; orders that ended without filling all become order events.',
  reason: "keys of Binance's answer to a new order: transactTime, executedQty, fills",
  isRecord: (record) =>
    hasKeys(record, ['symbol', 'orderId', 'clientOrderId', 'transactTime', 'origQty', 'executedQty', 'fills']),
  records: (message) => unwrapped(message, ['data', 'result']),
  open(context) {
    const checkAmount = amountCheck(context, 'cummulativeQuoteQty');
    return (fields, line) => {
      const symbol = binanceSymbol(fields.requiredText('symbol'));
      const atUs = fields.requiredTime('transactTime', epochMs);
      const side = fields.side('side');
      const state = orderState(fields, 'status', binanceStates);
      const executed = fields.number('executedQty') ?? 0;
      const common = {
        ...{ venue: 'binance', symbol, side, intendedQuantity: fields.positiveOrNone('origQty') },
        ...{ orderId: fields.requiredText('orderId'), clientOrderId: fields.text('clientOrderId') },
      };
      const fills = fields.list('fills').map((fill) =>
        execution({
          ...common,
          price: fill.positive('price'),
          quantity: fill.positive('qty'),
          ...feeIn(fill.number('commission'), fill.text('commissionAsset')),
          executedAtUs: atUs,
          tradeId: fill.text('tradeId'),
        }),
      );
      const total = compensatedSum(fills.map(({ quantity }) => quantity));
      if (Math.abs(total - executed) > 1e-9 * Math.max(total, executed))
        fields.refuse(`executedQty is ${executed}, but the fills add up to ${total}`);
      const limitPrice = fields.positiveOrNone('price');
      const amount = fields.number('cummulativeQuoteQty');
      if (fields.problem !== null) return fields.check.quarantine(symbol, atUs);
      const notional = compensatedSum(fills.map(({ price, quantity }) => price * quantity));
      checkAmount(notional / total, total, amount, line);
      const kind = state === 'open' ? (fills.length === 0 ? 'submitted' : null) : state === 'filled' ? null : state;
      const orderEvents = kind === null ? [] : [orderEvent({ ...common, kind, atUs, price: limitPrice })];
      if (fills.length > 0) return { kind: 'executions', executions: fills, orderEvents };
      return orderEvents.length > 0 ? { kind: 'orderEvents', orderEvents } : otherRow('order without fills');
    };
  },
});
