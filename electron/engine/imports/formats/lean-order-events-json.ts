/** QuantConnect LEAN's `…-order-events.json`: every change of every order, with the fee of each fill. Times are seconds in UTC. */
import type { Format } from '../format';
import { apiFormat, epochSeconds, Fields, feeIn, type JsonRecord, unwrapped } from './api-record';
import { leanEvents, leanRecord, leanStatus, leanSymbol } from './lean';
import { orderEvent, otherRow } from './row';

const needed = ['orderId', 'orderEventId', 'symbol', 'time', 'status', 'fillPrice', 'fillQuantity', 'direction'];

function isOrderEvent(record: JsonRecord): boolean {
  const event = leanRecord(record);
  return needed.every((name) => name in event);
}

/** Base units; in the file negative for sales. */
export function sizeOf(fields: Fields, name: string): number | null {
  const quantity = fields.number(name);
  return quantity === null || quantity === 0 ? null : Math.abs(quantity);
}

export const leanOrderEventsJson: Format = {
  ...apiFormat({
    id: 'lean-order-events-json',
    title: 'QuantConnect LEAN order events',
    describes:
      'Every fill with its fee, and when orders were submitted, cancelled or refused; other changes of an order are counted, not read. Arrival quotes are not in this file but in the result beside it; of the two import one, or trades count twice.',
    reason: "keys of LEAN's order events: orderId, orderEventId, fillPrice, fillQuantity",
    isRecord: isOrderEvent,
    records: (message) => unwrapped(message, ['orderEvents', 'OrderEvents']),
    open() {
      const submitted = new Map<string, number>();
      return (raw) => {
        const fields = new Fields(raw.check, leanRecord(raw.all()));
        const status = leanStatus(fields);
        const orderId = fields.requiredText('orderId');
        const symbol = leanSymbol(
          fields.text('symbolValue') ?? fields.requiredText('symbol').split(' ')[0] ?? '',
          fields.text('fillPriceCurrency'),
        );
        const atUs = fields.requiredTime('time', epochSeconds);
        const side = fields.side('direction');
        const common = { symbol, side, orderId, intendedQuantity: sizeOf(fields, 'quantity') };
        const kind = leanEvents.get(status);
        if (kind === 'submitted' && !submitted.has(orderId)) submitted.set(orderId, atUs);
        const filled = sizeOf(fields, 'fillQuantity');
        if (filled !== null) {
          const fee = fields.number('orderFeeAmount');
          return fields.fill({
            ...common,
            ...feeIn(fee, fields.text('orderFeeCurrency')),
            price: fields.positive('fillPrice'),
            quantity: filled,
            executedAtUs: atUs,
            submittedAtUs: submitted.get(orderId) ?? null,
            tradeId: fields.text('executionId'),
          });
        }
        const limit = fields.positiveOrNone('limitPrice');
        const reason = kind === 'submitted' ? null : fields.text('message');
        if (status === 'filled' || status === 'partiallyFilled')
          fields.refuse('the order was filled, but fillQuantity is zero');
        if (fields.problem !== null) return fields.check.quarantine(symbol, atUs);
        if (kind === undefined) return otherRow(`order ${status}`);
        return { kind: 'orderEvents', orderEvents: [orderEvent({ ...common, kind, atUs, price: limit, reason })] };
      };
    },
  }),
  // Backtests and live runs write the same file.
  impliedSource: null,
};
