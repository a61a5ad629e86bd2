/**
 * Kraken's futures fills, of REST and of the `fills` feed. Inverse contracts (`PI_`, `FI_`) count USD, so that size over price is
 * the amount of the coin; multi-collateral ones (`PF_`) count the coin itself.
 */
import { apiFormat, epochMs, feeIn, hasKeys, isoUtc, unwrapped } from './api-record';
import { krakenSymbol } from './kraken-rest-trades';
import { otherRow } from './row';

export const krakenFuturesFills = apiFormat({
  id: 'kraken-futures-fills',
  title: 'Kraken futures fills (API)',
  describes:
    'Every record is a fill; inverse contracts are turned into coins by their price. Contracts of other kinds are set aside, because the log does not say how much they are.',
  reason: "keys of Kraken's futures fills: fill_id, order_id, fillType or fill_type",
  isRecord: (record) =>
    hasKeys(record, ['fill_id', 'order_id', 'price']) &&
    (hasKeys(record, ['symbol', 'fillTime', 'size', 'fillType']) ||
      hasKeys(record, ['instrument', 'time', 'qty', 'buy'])),
  records: (message) => unwrapped(message, ['fills']),
  open() {
    return (fields) => {
      if (!fields.has('fill_id'))
        return otherRow(`message ${fields.text('feed') ?? fields.text('event') ?? 'without fills'}`);
      const isFeed = fields.has('instrument');
      const name = fields.requiredText(isFeed ? 'instrument' : 'symbol').toUpperCase();
      const [kind = '', pair = ''] = name.split('_');
      const isInverse = kind === 'PI' || kind === 'FI';
      if (!isInverse && kind !== 'PF') fields.refuse(`how much one contract of ${name} is, is not in the log`);
      const price = fields.positive('price');
      const size = fields.positive(isFeed ? 'qty' : 'size');
      return fields.fill({
        venue: 'kraken',
        symbol: kind === 'PF' ? krakenSymbol(pair) : name,
        side: isFeed ? fields.sideOfFlag('buy') : fields.side('side'),
        price,
        quantity: isInverse ? size / price : size,
        ...feeIn(fields.number('fee_paid'), fields.text('fee_currency')),
        liquidity: fields.liquidityOfWord(isFeed ? 'fill_type' : 'fillType', /^maker$/i, /^taker/i),
        executedAtUs: isFeed ? fields.requiredTime('time', epochMs) : fields.requiredTime('fillTime', isoUtc),
        tradeId: fields.requiredText('fill_id'),
        orderId: fields.text('order_id'),
        clientOrderId: fields.text(isFeed ? 'cli_ord_id' : fields.has('cliOrdId') ? 'cliOrdId' : 'cli_ord_id'),
      });
    };
  },
});
