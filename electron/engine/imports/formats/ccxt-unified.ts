/**
 * ccxt's unified trades and orders. Amounts of contracts (a symbol with its settlement after the colon) become base units through
 * the cost, which ccxt gives in the quote for linear and in the base for inverse contracts.
 */
import { symbolOf } from '../../../../shared/market/symbols';
import type { ParsedExecution } from '../format';
import { listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, epochMs, type Fields, feeIn, hasKeys, unwrapped } from './api-record';

/** Bots store the lists bare; ccxt's own recordings put them under the method and `parsedResponse`. */
const wrappers = [
  'methods',
  'parsedResponse',
  'fetchMyTrades',
  'fetchOrderTrades',
  'fetchOrders',
  'fetchOrder',
  'fetchClosedOrders',
  'fetchOpenOrders',
  'fetchCanceledOrders',
  'createOrder',
  'cancelOrder',
];
const records = (message: unknown): Iterable<unknown> => unwrapped(message, wrappers);

interface CcxtMarket {
  readonly symbol: string;
  readonly isContract: boolean;
  readonly isInverse: boolean;
}

function market(fields: Fields): CcxtMarket {
  const name = fields.requiredText('symbol');
  const [pair = '', settlement] = name.split(':');
  const isInverse = settlement !== undefined && pair.split('/')[0] === settlement.split('-')[0];
  return { symbol: symbolOf(name), isContract: settlement !== undefined, isInverse };
}

/** Base units of an amount that was traded at the price. */
function baseQuantity(
  fields: Fields,
  { isContract, isInverse }: CcxtMarket,
  amountName: string,
  price: number,
): number {
  if (!isContract) return fields.positive(amountName);
  const cost = fields.positiveOrNone('cost');
  if (cost === null)
    fields.refuseValue(amountName, 'in contracts, and without a cost it is not known how much they are');
  const quantity = (cost ?? Number.NaN) / (isInverse ? 1 : price);
  const amount = fields.positive(amountName);
  // A contract of one: the amount itself has no rounding.
  return Math.abs(quantity - amount) <= 1e-9 * amount ? amount : quantity;
}

/** The one fee, told as `fee` or as the only entry of `fees`; several in one currency are added up. */
function feeOf(fields: Fields): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const listed = fields.list('fees').filter((fee) => fee.number('cost') !== null);
  const single = fields.inside('fee');
  const all = listed.length > 0 ? listed : single.number('cost') === null ? [] : [single];
  const [first] = all;
  if (first === undefined) return { fee: null, feeCurrency: null };
  const feeCurrency = first.text('currency');
  if (all.some((fee) => fee.text('currency') !== feeCurrency)) fields.refuse('fees are in several currencies');
  return feeIn(
    all.reduce((sum, fee) => sum + (fee.number('cost') ?? 0), 0),
    feeCurrency,
  );
}

export const ccxtTrades = apiFormat({
  id: 'ccxt-unified-fetchMyTrades',
  title: 'ccxt trades',
  describes:
    'Every unified trade is a fill; contracts are turned into base units by their cost, and set aside where there is none.',
  reason: "keys of ccxt's unified trade: datetime, order, takerOrMaker, cost",
  isRecord: (record) =>
    hasKeys(record, ['id', 'order', 'timestamp', 'datetime', 'symbol', 'side', 'takerOrMaker', 'price', 'amount']),
  records,
  open: () => (fields) => {
    const traded = market(fields);
    const price = fields.positive('price');
    return fields.fill({
      symbol: traded.symbol,
      side: fields.side('side'),
      price,
      quantity: baseQuantity(fields, traded, 'amount', price),
      ...feeOf(fields),
      liquidity: fields.liquidityOfWord('takerOrMaker', /^maker$/, /^taker$/),
      executedAtUs: fields.requiredTime('timestamp', epochMs),
      tradeId: fields.text('id'),
      orderId: fields.text('order'),
    });
  },
});

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ['open', 'open'],
  ['closed', 'filled'],
  ['canceled', 'cancelled'],
  ['canceling', 'open'],
  ['expired', 'expired'],
  ['rejected', 'rejected'],
]);

export const ccxtOrders = apiFormat({
  id: 'ccxt-unified-orders',
  title: 'ccxt orders',
  describes:
    'Ended unified orders become one execution at their average price, open, cancelled, expired and rejected ones order events; trades inside orders are not read.',
  reason: "keys of ccxt's unified order: datetime, filled, remaining, average, status",
  isRecord: (record) =>
    hasKeys(record, [
      'id',
      'clientOrderId',
      'timestamp',
      'datetime',
      'symbol',
      'side',
      'amount',
      'filled',
      'remaining',
      'status',
    ]),
  records,
  open(context) {
    const outcome = listedOrders(context);
    return (fields) => {
      const traded = market(fields);
      const state = orderState(fields, 'status', states);
      const filled = fields.positiveOrNone('filled');
      const cost = traded.isContract ? null : fields.positiveOrNone('cost');
      const average = fields.positiveOrNone('average') ?? (cost === null || filled === null ? null : cost / filled);
      const isCounted = filled !== null && state !== 'open';
      if (isCounted && average === null) fields.refuse('the order says how much was filled, but not at what price');
      const filledQuantity = isCounted ? baseQuantity(fields, traded, 'filled', average ?? Number.NaN) : null;
      const amount = fields.positiveOrNone('amount');
      return outcome(fields, {
        venue: null,
        symbol: traded.symbol,
        side: fields.side('side'),
        orderId: fields.text('id'),
        clientOrderId: fields.text('clientOrderId'),
        state,
        submittedAtUs: fields.time('timestamp', epochMs),
        changedAtUs:
          (state === 'filled' ? fields.time('lastTradeTimestamp', epochMs) : null) ??
          fields.time('lastUpdateTimestamp', epochMs) ??
          fields.time('lastTradeTimestamp', epochMs),
        intendedQuantity: !traded.isContract
          ? amount
          : traded.isInverse || amount === null || filled === null || filledQuantity === null
            ? null
            : (amount / filled) * filledQuantity,
        limitPrice: fields.positiveOrNone('price'),
        filledQuantity,
        averagePrice: average,
        ...feeOf(fields),
      });
    };
  },
});
