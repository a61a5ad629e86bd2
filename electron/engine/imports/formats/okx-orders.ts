/**
 * OKX's orders. The `orders` channel sends one message a fill and change of state; the lists of REST tell an order once, with its
 * average price and only the last of its fills. Messages of the channel say who was maker (`execType`), lists do not.
 */
import type { RowOutcome } from '../format';
import { listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, epochMs, type Fields, feeIn, hasKeys, type JsonRecord, paidOf, unwrapped } from './api-record';
import { type OkxInstrument, okxInstruments, okxMaker, okxQuantity, okxTaker } from './okx-record';
import { orderEvent, otherRow } from './row';

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ['live', 'open'],
  ['partially_filled', 'open'],
  ['filled', 'filled'],
  ['canceled', 'cancelled'],
  ['mmp_canceled', 'cancelled'],
]);

const keys = ['instId', 'ordId', 'state', 'sz', 'accFillSz', 'side', 'cTime', 'uTime'];
const records = (message: unknown): Iterable<unknown> => unwrapped(message, ['data']);
const isChannel = (record: JsonRecord): boolean => hasKeys(record, keys) && 'execType' in record;

/** What was asked for, in base units; null for contracts of unknown size and for market orders sized in the quote. */
function intendedOf(fields: Fields, instrument: OkxInstrument, price: number | null): number | null {
  const unit = fields.text('tgtCcy');
  const inBase =
    unit === 'base_ccy' || (unit === null && !(fields.text('ordType') === 'market' && fields.text('side') === 'buy'));
  return instrument.isContract || inBase ? instrument.quantity(fields.positiveOrNone('sz'), price) : null;
}

export const okxOrdersChannel = apiFormat({
  id: 'okx-v5-ws-orders',
  title: 'OKX orders channel',
  describes:
    'Messages with a fill become fills of spot or margin, new and cancelled orders order events; fills in contracts need the size of one (--lot-size), which the log does not say.',
  reason: "keys of OKX's orders channel: ordId, state, accFillSz, execType",
  isRecord: isChannel,
  records,
  open(context) {
    const instrumentOf = okxInstruments(context);
    return (fields) =>
      fields.has('ordId')
        ? channelMessage(fields, instrumentOf(fields))
        : otherRow(`message ${fields.text('event') ?? 'without orders'}`);
  },
});

function channelMessage(fields: Fields, instrument: OkxInstrument): RowOutcome {
  const state = orderState(fields, 'state', states);
  // A market order has no price of its own; what it got is near enough to tell what it asked for.
  const askedPrice = fields.positiveOrNone('px') ?? fields.positiveOrNone('avgPx');
  const common = {
    ...{ venue: 'okx', symbol: instrument.symbol, side: fields.side('side'), orderId: fields.requiredText('ordId') },
    ...{ clientOrderId: fields.text('clOrdId'), intendedQuantity: intendedOf(fields, instrument, askedPrice) },
  };
  const changedAtUs = fields.requiredTime('uTime', epochMs);
  const fillSize = fields.positiveOrNone('fillSz');
  if (fillSize !== null && state !== 'cancelled') {
    const price = fields.positive('fillPx');
    const quantity = okxQuantity(fields, 'fillSz', instrument, price);
    // `fee` adds up over the order; of this fill alone it is only when the order has no other.
    const isOnly = fillSize === fields.number('accFillSz');
    const fee = fields.has('fillFee') ? fields.number('fillFee') : isOnly ? fields.number('fee') : null;
    return fields.fill({
      ...common,
      price,
      quantity,
      ...feeIn(paidOf(fee), (fields.has('fillFee') ? fields.text('fillFeeCcy') : null) ?? fields.text('feeCcy')),
      liquidity: fields.liquidityOfWord('execType', okxMaker, okxTaker),
      executedAtUs: fields.requiredTime('fillTime', epochMs),
      submittedAtUs: fields.time('cTime', epochMs),
      tradeId: fields.requiredText('tradeId'),
    });
  }
  const price = fields.positiveOrNone('px');
  const createdAtUs = fields.time('cTime', epochMs);
  const cancelReason = fields.text('cancelSourceReason');
  if (fields.problem !== null) return fields.check.quarantine(instrument.symbol, changedAtUs);
  if (state === 'filled' || fields.text('state') === 'partially_filled') return otherRow('order changed');
  const isOpen = state === 'open';
  const atUs = isOpen ? (createdAtUs ?? changedAtUs) : changedAtUs;
  const kind = isOpen ? 'submitted' : state;
  return { kind: 'orderEvents', orderEvents: [orderEvent({ ...common, kind, atUs, price, reason: cancelReason })] };
}

export const okxOrders = apiFormat({
  id: 'okx-v5-orders',
  title: 'OKX orders (API)',
  describes:
    'Ended orders of spot and margin become one execution at their average price, cancelled ones order events; executed contracts need the size of one (--lot-size), which the log does not say.',
  reason: "keys of OKX's list of orders: ordId, state, accFillSz, avgPx",
  isRecord: (record) => hasKeys(record, keys) && 'avgPx' in record && !isChannel(record),
  isForeign: isChannel,
  records,
  open(context) {
    const outcome = listedOrders(context);
    const instrumentOf = okxInstruments(context);
    return (fields) => {
      const instrument = instrumentOf(fields);
      const filledSize = fields.positiveOrNone('accFillSz');
      const averagePrice = fields.positiveOrNone('avgPx');
      const state = orderState(fields, 'state', states);
      const isFilled = filledSize !== null && state !== 'open';
      const filledQuantity = isFilled ? okxQuantity(fields, 'accFillSz', instrument, averagePrice) : null;
      return outcome(fields, {
        venue: 'okx',
        symbol: instrument.symbol,
        side: fields.side('side'),
        orderId: fields.requiredText('ordId'),
        clientOrderId: fields.text('clOrdId'),
        state,
        submittedAtUs: fields.time('cTime', epochMs),
        changedAtUs: (state === 'filled' ? fields.time('fillTime', epochMs) : null) ?? fields.time('uTime', epochMs),
        intendedQuantity: intendedOf(fields, instrument, fields.positiveOrNone('px') ?? averagePrice),
        limitPrice: fields.positiveOrNone('px'),
        filledQuantity,
        averagePrice,
        fee: paidOf(fields.number('fee')),
        feeCurrency: fields.text('feeCcy'),
        reason: fields.text('cancelSourceReason'),
      });
    };
  },
});
