/** Gemini's order status with the order's trades inside. */
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, epochMs, feeIn, hasKeys, unwrapped } from './api-record';
import { execution, orderEvent } from './row';

export const geminiOrders = apiFormat({
  id: 'gemini-order-with-trades',
  title: 'Gemini orders with trades (API)',
  describes: 'The trades of each order become fills, live and cancelled orders order events.',
  reason: "keys of Gemini's orders: original_amount, executed_amount, is_live, trades",
  isRecord: (record) =>
    hasKeys(record, [
      'order_id',
      'symbol',
      'side',
      'timestampms',
      'is_live',
      'is_cancelled',
      'original_amount',
      'executed_amount',
      'trades',
    ]),
  records: (message) => unwrapped(message, ['orders']),
  open(context) {
    return (fields) => {
      const submittedAtUs = fields.requiredTime('timestampms', epochMs);
      const symbol = symbolOf(fields.requiredText('symbol'));
      const common = {
        ...{ venue: 'gemini', symbol, side: fields.side('side'), orderId: fields.requiredText('order_id') },
        ...{
          clientOrderId: fields.text('client_order_id'),
          intendedQuantity: fields.positiveOrNone('original_amount'),
        },
      };
      const fills = fields.list('trades').map((trade) =>
        execution({
          ...common,
          price: trade.positive('price'),
          quantity: trade.positive('amount'),
          ...feeIn(trade.number('fee_amount'), trade.text('fee_currency')),
          liquidity: trade.liquidityOfFlag('aggressor', 'taker'),
          executedAtUs: trade.requiredTime('timestampms', epochMs),
          submittedAtUs,
          tradeId: trade.requiredText('tid'),
        }),
      );
      const executed = fields.number('executed_amount') ?? 0;
      const total = fills.reduce((sum, { quantity }) => sum + quantity, 0);
      if (Math.abs(total - executed) > 1e-9 * Math.max(total, executed))
        fields.refuse(`executed_amount is ${executed}, but the trades add up to ${total}`);
      const isCancelled = fields.flag('is_cancelled') === true;
      const isLive = fields.flag('is_live') === true;
      const price = fields.positiveOrNone('price');
      const reason = fields.text('reason');
      if (fields.problem !== null) return fields.check.quarantine(symbol, submittedAtUs);
      if (isCancelled)
        context.warn('Cancelled orders do not say when: their last trade counts as the time, or else their creation.');
      const endedAtUs = Math.max(submittedAtUs, ...fills.map(({ executedAtUs }) => executedAtUs));
      const orderEvents = isCancelled
        ? [orderEvent({ ...common, kind: 'cancelled', atUs: endedAtUs, price, reason })]
        : isLive || fills.length === 0
          ? [orderEvent({ ...common, kind: 'submitted', atUs: submittedAtUs, price })]
          : [];
      return fills.length > 0
        ? { kind: 'executions', executions: fills, orderEvents }
        : { kind: 'orderEvents', orderEvents };
    };
  },
});
