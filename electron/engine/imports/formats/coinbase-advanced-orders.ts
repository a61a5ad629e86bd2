/** Coinbase Advanced's orders: lists of REST and the `user` channel, whose updates repeat what was filled so far. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { RowOutcome } from '../format';
import { type ListedOrder, listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, type Fields, hasKeys, isoUtc, unwrapped } from './api-record';
import { recordOf } from './json';
import { otherRow } from './row';

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ...['OPEN', 'PENDING', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED'].map((word): [string, OrderState] => [word, 'open']),
  ['FILLED', 'filled'],
  ['CANCELLED', 'cancelled'],
  ['EXPIRED', 'expired'],
  ['FAILED', 'rejected'],
]);

/** What lists and channel share. */
function commonFields(
  fields: Fields,
): Pick<ListedOrder, 'venue' | 'symbol' | 'orderId' | 'clientOrderId' | 'state' | 'fee' | 'feeCurrency'> {
  const symbol = symbolOf(fields.requiredText('product_id'));
  return {
    ...{
      venue: 'coinbase',
      symbol,
      orderId: fields.requiredText('order_id'),
      clientOrderId: fields.text('client_order_id'),
    },
    state: orderState(fields, 'status', states),
    ...{ fee: fields.number('total_fees'), feeCurrency: parsePair(symbol)?.quote ?? null },
  };
}

function refuseFutures(fields: Fields, filledQuantity: number | null): void {
  if (filledQuantity !== null && (fields.text('product_type') ?? 'SPOT') !== 'SPOT')
    fields.refuse(`how much one contract of ${fields.text('product_id') ?? '?'} is, is not in the log`);
}

export const coinbaseAdvancedOrders = apiFormat({
  id: 'coinbase-advanced-orders',
  title: 'Coinbase Advanced orders (API)',
  describes:
    'Ended orders of spot become one execution at their average price, cancelled, expired and failed ones order events; executed futures contracts are set aside.',
  reason: "keys of Coinbase Advanced's orders: order_configuration, filled_size, average_filled_price",
  isRecord: (record) =>
    hasKeys(record, ['order_id', 'product_id', 'order_configuration', 'side', 'status', 'filled_size', 'created_time']),
  records: (message) => unwrapped(message, ['orders', 'order']),
  open(context) {
    const outcome = listedOrders(context);
    return (fields): RowOutcome => {
      // The one entry of the configuration is named after the kind of order.
      const configuration = fields.inside('order_configuration');
      const asked = configuration.inside(configuration.keys()[0] ?? '');
      const filledQuantity = fields.positiveOrNone('filled_size');
      refuseFutures(fields, filledQuantity);
      const submittedAtUs = fields.time('created_time', isoUtc);
      const changedAtUs = fields.time('last_fill_time', isoUtc) ?? fields.time('last_update_time', isoUtc);
      const common = commonFields(fields);
      if (common.state !== 'open' && changedAtUs === null)
        context.warn('Some orders do not say when they ended; they count as ended when they were created.');
      return outcome(fields, {
        ...common,
        account: fields.text('retail_portfolio_id'),
        side: fields.side('side'),
        submittedAtUs,
        changedAtUs,
        intendedQuantity: asked.positiveOrNone('base_size'),
        limitPrice: asked.positiveOrNone('limit_price'),
        filledQuantity,
        averagePrice: fields.positiveOrNone('average_filled_price'),
        reason: fields.text('reject_message') ?? fields.text('cancel_message') ?? fields.text('reject_reason'),
      });
    };
  },
});

/** Orders of the channel's events, each with the time of its message. */
function* channelRecords(message: unknown): Generator<unknown> {
  for (const one of unwrapped(message, [])) {
    const { channel, timestamp, events } = recordOf(one) ?? {};
    if (channel !== 'user' || !Array.isArray(events)) {
      yield one;
      continue;
    }
    for (const order of unwrapped(
      events.map((event) => recordOf(event)?.['orders'] ?? []),
      [],
    )) {
      yield recordOf(order) === null ? order : { timestamp, ...recordOf(order) };
    }
  }
}

export const coinbaseAdvancedUserChannel = apiFormat({
  id: 'coinbase-advanced-ws-user',
  title: 'Coinbase Advanced user channel',
  describes:
    'Orders become one execution at their average price when they end, at the time of the message, and order events when they open, are cancelled, expire or fail. Other channels are passed over.',
  reason: "keys of Coinbase's user channel: cumulative_quantity, leaves_quantity, order_side",
  isRecord: (record) =>
    hasKeys(record, ['order_id', 'product_id', 'order_side', 'status', 'cumulative_quantity', 'leaves_quantity']),
  records: channelRecords,
  open(context) {
    const outcome = listedOrders(context);
    return (fields): RowOutcome => {
      if (!fields.has('order_id')) return otherRow(`message ${fields.text('channel') ?? 'without orders'}`);
      const filledQuantity = fields.positiveOrNone('cumulative_quantity');
      refuseFutures(fields, filledQuantity);
      const leaves = fields.number('leaves_quantity');
      const common = commonFields(fields);
      return outcome(fields, {
        ...common,
        side: fields.side('order_side'),
        submittedAtUs: fields.time('creation_time', isoUtc),
        changedAtUs: fields.time('timestamp', isoUtc),
        // What is left of an ended order is zero, whatever was asked for.
        intendedQuantity: leaves === null || common.state !== 'open' ? null : leaves + (filledQuantity ?? 0) || null,
        limitPrice: fields.positiveOrNone('limit_price'),
        filledQuantity,
        averagePrice: fields.positiveOrNone('avg_price'),
        reason: fields.text('reject_reason') ?? fields.text('cancel_reason'),
      });
    };
  },
});
