/** Bitget v2's fills of spot and of contracts (which it counts in the base). Fees that are paid are negative. */
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, epochMs, Fields, feeIn, hasKeys, paidOf, unwrapped } from './api-record';
import { recordOf } from './json';

/** The fee as a record: it may be one, a list of one, or the text of either. */
function feeDetail(fields: Fields): Fields {
  let value = fields.raw('feeDetail');
  if (typeof value === 'string' && value.trim() !== '') {
    try {
      value = JSON.parse(value);
    } catch {
      fields.refuseValue('feeDetail', 'which is no JSON');
    }
  }
  if (Array.isArray(value) && value.length > 1) fields.refuse('feeDetail names fees in several coins');
  return new Fields(fields.check, recordOf(Array.isArray(value) ? value[0] : value) ?? {}, 'feeDetail.');
}

export const bitgetFills = apiFormat({
  id: 'bitget-v2-spot-fills',
  title: 'Bitget fills (API)',
  describes: 'Every record is a fill of spot or of linear contracts; a fee that is paid is negative there.',
  reason: "keys of Bitget's fills: tradeId, tradeScope, feeDetail, cTime",
  isRecord: (record) =>
    hasKeys(record, ['symbol', 'orderId', 'tradeId', 'side', 'feeDetail', 'tradeScope', 'cTime']) &&
    ('size' in record || 'baseVolume' in record),
  records: (message) => unwrapped(message, ['data', 'fillList']),
  open() {
    return (fields) => {
      const name = fields.requiredText('symbol');
      const isContract = fields.has('baseVolume');
      // Coin-margined contracts are named after plain USD; what they count is not in the log.
      if (isContract && /USD(?:[FGHJKMNQUVXZ]\d{2})?$/.test(name))
        fields.refuse(`how much one contract of ${name} is, is not in the log`);
      const fee = feeDetail(fields);
      return fields.fill({
        venue: 'bitget',
        symbol: symbolOf(name),
        side: fields.side('side'),
        price: fields.positive(fields.has('priceAvg') ? 'priceAvg' : 'price'),
        quantity: fields.positive(isContract ? 'baseVolume' : 'size'),
        ...feeIn(paidOf(fee.number('totalFee')), fee.text('feeCoin')),
        liquidity: fields.liquidityOfWord('tradeScope', /^maker$/i, /^taker$/i),
        executedAtUs: fields.requiredTime('cTime', epochMs),
        tradeId: fields.requiredText('tradeId'),
        orderId: fields.text('orderId'),
        clientOrderId: fields.text('clientOid'),
      });
    };
  },
});
