/**
 * NautilusTrader's order events as JSON, as its `to_dict` gives them and its streams store them: initialised, submitted, filled and how
 * orders ended. The first two tell when an order was decided and sent. Times are nanoseconds.
 */
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import type { Format } from '../format';
import { apiFormat, type Fields, hasKeys, unwrapped } from './api-record';
import { instrumentOf, moneyOf, nautilusIds, nautilusLiquidity, nautilusTime } from './nautilus';
import { orderEvent, otherRow } from './row';

const kinds: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['OrderSubmitted', 'submitted'],
  ['OrderDenied', 'rejected'],
  ['OrderRejected', 'rejected'],
  ['OrderCanceled', 'cancelled'],
  ['OrderExpired', 'expired'],
]);

/** What earlier events told of an order. */
interface KnownOrder {
  side: Side | null;
  quantity: number | null;
  decidedAtUs: number | null;
  submittedAtUs: number | null;
}

export const nautilusEventsJson: Format = {
  ...apiFormat({
    id: 'nautilus-events-json',
    title: 'NautilusTrader order events',
    describes:
      'OrderFilled events are fills, with when the order was decided (OrderInitialized) and sent (OrderSubmitted); submitted, denied, rejected, cancelled and expired orders are events; all other events are counted by name.',
    reason: "keys of NautilusTrader's order events: type, instrument_id, client_order_id, ts_event",
    isRecord: (record) =>
      typeof record['type'] === 'string' &&
      /^Order[A-Z]\w+$/.test(record['type']) &&
      hasKeys(record, ['trader_id', 'strategy_id', 'instrument_id', 'client_order_id', 'event_id', 'ts_init']),
    records: (message) => unwrapped(message, ['events']),
    open() {
      const orders = new Map<string, KnownOrder>();
      const knownOf = (id: string): KnownOrder => {
        const known = orders.get(id);
        if (known !== undefined) return known;
        const fresh = { side: null, quantity: null, decidedAtUs: null, submittedAtUs: null };
        orders.set(id, fresh);
        return fresh;
      };
      return (fields) => {
        const type = fields.requiredText('type');
        const kind = kinds.get(type);
        if (fields.problem === null && kind === undefined && type !== 'OrderFilled' && type !== 'OrderInitialized') {
          return otherRow(`event ${type}`);
        }
        const { symbol, venue } = instrumentOf(fields);
        const atUs = timeOf(fields);
        const known = knownOf(fields.requiredText('client_order_id'));
        const ids = nautilusIds(fields);
        if (type === 'OrderFilled') {
          return fields.fill({
            ...ids,
            ...moneyOf(fields, 'commission'),
            ...{ symbol, venue, executedAtUs: atUs, intendedQuantity: known.quantity },
            side: fields.side('order_side'),
            price: fields.positive('last_px'),
            quantity: fields.positive('last_qty'),
            liquidity: nautilusLiquidity(fields),
            decidedAtUs: known.decidedAtUs,
            submittedAtUs: known.submittedAtUs,
            tradeId: fields.text('trade_id') ?? fields.requiredText('execution_id'),
          });
        }
        if (type === 'OrderInitialized') {
          known.side = fields.side('order_side');
          known.quantity = fields.flag('quote_quantity') === true ? null : fields.positiveOrNone('quantity');
          known.decidedAtUs = atUs;
          return fields.problem === null ? otherRow('event OrderInitialized') : fields.check.quarantine(symbol, atUs);
        }
        if (kind === 'submitted') known.submittedAtUs = atUs;
        const reason = fields.text('reason');
        if (fields.problem !== null || kind === undefined) return fields.check.quarantine(symbol, atUs);
        const event = orderEvent({
          ...ids,
          symbol,
          venue,
          kind,
          atUs,
          reason,
          side: known.side,
          intendedQuantity: known.quantity,
        });
        return { kind: 'orderEvents', orderEvents: [event] };
      };
    },
  }),
  impliedSource: null,
};

/** When it happened; what the strategy itself makes has only the time of its making. */
function timeOf(fields: Fields): number {
  return fields.time('ts_event', nautilusTime) ?? fields.requiredTime('ts_init', nautilusTime);
}
