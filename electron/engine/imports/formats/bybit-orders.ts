/** Bybit's orders: history pages and the `order` stream, with the last price when the order was created. */

import { listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, epochMs, hasKeys } from './api-record';
import { bybitInstrument, bybitRecords } from './bybit-record';
import { otherRow } from './row';

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ...['New', 'PartiallyFilled', 'Untriggered', 'Triggered', 'Created', 'Active'].map((word): [string, OrderState] => [
    word,
    'open',
  ]),
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['PartiallyFilledCanceled', 'cancelled'],
  ['Deactivated', 'cancelled'],
  ['Rejected', 'rejected'],
]);
const noReason = new Set(['', 'EC_NoError', 'UNKNOWN']);

export const bybitOrders = apiFormat({
  id: 'bybit-v5-order-history',
  title: 'Bybit orders (API)',
  describes:
    'Ended orders become one execution at their average price, with the last price when they were created; rejected and cancelled ones (filled in part or not) order events.',
  reason: "keys of Bybit's orders: orderStatus, cumExecQty, createdTime, updatedTime",
  isRecord: (record) =>
    hasKeys(record, ['symbol', 'orderId', 'side', 'orderStatus', 'qty', 'cumExecQty', 'createdTime', 'updatedTime']),
  records: bybitRecords,
  open(context) {
    const outcome = listedOrders(context);
    return (fields) => {
      if (!fields.has('orderStatus'))
        return otherRow(`message ${fields.text('op') ?? fields.text('topic') ?? 'without orders'}`);
      const { symbol, isInverse, feeCurrency } = bybitInstrument(fields);
      const executed = fields.positiveOrNone('cumExecQty');
      const value = fields.positiveOrNone('cumExecValue');
      const [filledQuantity, amount] = isInverse ? [value, executed] : [executed, value];
      const average = fields.positiveOrNone('avgPrice');
      const isAskedInBase =
        !isInverse && !(fields.text('category') === 'spot' && fields.text('orderType') === 'Market');
      const reasons = [fields.text('rejectReason'), fields.text('cancelType')];
      return outcome(fields, {
        venue: 'bybit',
        symbol,
        side: fields.side('side'),
        orderId: fields.requiredText('orderId'),
        clientOrderId: fields.text('orderLinkId'),
        state: orderState(fields, 'orderStatus', states),
        submittedAtUs: fields.time('createdTime', epochMs),
        changedAtUs: fields.time('updatedTime', epochMs),
        intendedQuantity: isAskedInBase ? fields.positiveOrNone('qty') : null,
        limitPrice: fields.positiveOrNone('price'),
        filledQuantity,
        averagePrice: average ?? (amount === null || filledQuantity === null ? null : amount / filledQuantity),
        fee: fields.number('cumExecFee'),
        feeCurrency: fields.text('feeCurrency') ?? feeCurrency,
        arrivalPrice: fields.positiveOrNone('lastPriceOnCreated'),
        reason: reasons.find((reason) => reason !== null && !noReason.has(reason)) ?? null,
      });
    };
  },
});
