/** Alpaca's account activities: FILL is a fill; fees come as activities of their own, for the day and not for the fill. */

import type { Side } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, type Fields, hasKeys, isoUtc, unwrapped } from './api-record';
import { otherRow } from './row';

/** Shares keep their ticker, which has five letters at most; a longer glued name is a pair of coins. */
function alpacaSymbol(name: string): string {
  return name.includes('/') || /^[A-Z]{6,}$/.test(name) ? symbolOf(name) : name;
}

function sideOf(fields: Fields): Side {
  return fields.text('side') === 'sell_short' ? 'sell' : fields.side('side');
}

export const alpacaActivities = apiFormat({
  id: 'alpaca-activities',
  title: 'Alpaca account activities (API)',
  describes: 'Activities of the type FILL are fills without fees; all other activities are named and passed over.',
  reason: "keys of Alpaca's activities: activity_type, transaction_time, leaves_qty",
  isRecord: (record) =>
    record['activity_type'] === 'FILL' &&
    hasKeys(record, ['id', 'transaction_time', 'price', 'qty', 'side', 'symbol', 'order_id']),
  records: (message) => unwrapped(message, ['activities']),
  open(context) {
    return (fields) => {
      const type = fields.text('activity_type');
      if (type !== 'FILL') return otherRow(type === null ? 'message without an activity' : `activity ${type}`);
      context.warn('Alpaca tells fees as activities of their own: the fees of these fills are unknown, not zero.');
      const [done, left] = [fields.number('cum_qty'), fields.number('leaves_qty')];
      return fields.fill({
        venue: 'alpaca',
        symbol: alpacaSymbol(fields.requiredText('symbol')),
        side: sideOf(fields),
        price: fields.positive('price'),
        quantity: fields.positive('qty'),
        executedAtUs: fields.requiredTime('transaction_time', isoUtc),
        tradeId: fields.requiredText('id'),
        orderId: fields.text('order_id'),
        intendedQuantity: done === null || left === null ? null : done + left || null,
      });
    };
  },
});
