/** dYdX v4's fills from its indexer: sizes in the base, fees in USDC. */
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, feeIn, hasKeys, isoUtc, unwrapped } from './api-record';

export const dydxFills = apiFormat({
  id: 'dydx-v4-fills',
  title: 'dYdX fills (API)',
  describes: 'Every record is a fill, liquidations and deleveraging too, with its fee in USDC.',
  reason: "keys of dYdX's fills: market, liquidity, createdAtHeight, orderId",
  isRecord: (record) =>
    hasKeys(record, [
      'id',
      'side',
      'liquidity',
      'type',
      'market',
      'price',
      'size',
      'fee',
      'createdAt',
      'createdAtHeight',
    ]),
  records: (message) => unwrapped(message, ['result', 'contents', 'fills']),
  open() {
    return (fields) =>
      fields.fill({
        venue: 'dydx',
        symbol: symbolOf(fields.requiredText('market')),
        side: fields.side('side'),
        price: fields.positive('price'),
        quantity: fields.positive('size'),
        ...feeIn(fields.number('fee'), 'USDC'),
        liquidity: fields.liquidityOfWord('liquidity', /^MAKER$/i, /^TAKER$/i),
        executedAtUs: fields.requiredTime('createdAt', isoUtc),
        tradeId: fields.requiredText('id'),
        orderId: fields.text('orderId'),
        account: fields.text('subaccountNumber'),
      });
  },
});
