/**
 * Bitstamp's user_transactions: amounts under the names of their currencies, the price under both (`btc_usd`). Only type 2 is a
 * trade. What is received is positive and what is given negative.
 */
import { apiFormat, type Fields, feeIn, isoUtc, type JsonRecord, unwrapped } from './api-record';
import { otherRow } from './row';

const names: ReadonlyMap<string, string> = new Map([
  ['0', 'deposit'],
  ['1', 'withdrawal'],
  ['14', 'transfer between accounts'],
]);

/** Base and quote of the keys that name a price: `btc_usd` beside `btc` and `usd`. */
function pricedPairs(keys: readonly string[]): readonly (readonly [string, string])[] {
  return keys.flatMap((key) => {
    const [base = '', quote = '', more] = key.split('_');
    return more === undefined && keys.includes(base) && keys.includes(quote) ? [[base, quote] as const] : [];
  });
}

function isTransaction(record: JsonRecord): boolean {
  return (
    ['id', 'datetime', 'type', 'fee'].every((key) => key in record) &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(String(record['datetime'])) &&
    pricedPairs(Object.keys(record)).length > 0
  );
}

export const bitstampTransactions = apiFormat({
  id: 'bitstamp-rest-user_transactions',
  title: 'Bitstamp transactions (API)',
  describes:
    'Transactions of type 2 are fills with their fee in the quote; deposits, withdrawals and all other types are named and passed over.',
  reason: "keys of Bitstamp's transactions: datetime, type, and a price beside the amounts of both its currencies",
  isRecord: isTransaction,
  records: (message) => unwrapped(message, ['data']),
  open: () => (fields) => {
    const type = fields.requiredText('type');
    if (fields.problem === null && type !== '2') return otherRow(names.get(type) ?? `transaction of type ${type}`);
    const traded = pricedPairs(fields.keys()).filter(([base, quote]) => (fields.number(`${base}_${quote}`) ?? 0) !== 0);
    const [pair] = traded;
    if (pair === undefined || traded.length > 1) {
      fields.refuse('the transaction does not tell which pair was traded');
      return fields.check.quarantine(null, fields.time('datetime', isoUtc));
    }
    return trade(fields, pair);
  },
});

function trade(fields: Fields, [base, quote]: readonly [string, string]) {
  const [received, paid] = [fields.number(base) ?? 0, fields.number(quote) ?? 0];
  if (received === 0 || Math.sign(received) === Math.sign(paid))
    fields.refuse(
      `${base} is ${received} and ${quote} is ${paid}: one must be received and the other given, so the side cannot be told`,
    );
  return fields.fill({
    venue: 'bitstamp',
    symbol: `${base}/${quote}`.toUpperCase(),
    side: received > 0 ? 'buy' : 'sell',
    price: fields.positive(`${base}_${quote}`),
    quantity: Math.abs(received),
    ...feeIn(fields.number('fee'), quote.toUpperCase()),
    executedAtUs: fields.requiredTime('datetime', isoUtc),
    tradeId: fields.requiredText('id'),
    orderId: fields.text('order_id'),
  });
}
