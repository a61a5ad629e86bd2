/** Gate v4's own spot trades. The fee is paid in the coin, in GT or in points; only one of the three is not zero. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { ParsedExecution } from '../format';
import { apiFormat, epochMs, type Fields, feeIn, hasKeys, unwrapped } from './api-record';

function feeOf(fields: Fields): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const fee = fields.number('fee');
  const inGt = fields.number('gt_fee') ?? 0;
  const inPoints = fields.number('point_fee') ?? 0;
  if ([fee ?? 0, inGt, inPoints].filter((part) => part !== 0).length > 1)
    fields.refuse('fee, gt_fee and point_fee name more than one fee');
  if (inGt !== 0) return { fee: inGt, feeCurrency: 'GT' };
  if (inPoints !== 0) return { fee: inPoints, feeCurrency: 'POINT' };
  return feeIn(fee, fields.text('fee_currency'));
}

/** `text` is the client's own when it begins with `t-`; else it names where the order came from. */
function clientOrderId(fields: Fields): string | null {
  const text = fields.text('text');
  return text?.startsWith('t-') ? text : null;
}

export const gateTrades = apiFormat({
  id: 'gate-v4-my_trades',
  title: 'Gate trades (API)',
  describes: 'Every record is a fill of spot, with its fee in the coin, in GT or in points.',
  reason: "keys of Gate's trades: currency_pair, create_time_ms, role, gt_fee",
  isRecord: (record) =>
    hasKeys(record, ['id', 'create_time_ms', 'currency_pair', 'side', 'role', 'amount', 'price', 'order_id', 'fee']),
  records: (message) => unwrapped(message, ['result']),
  open() {
    return (fields) =>
      fields.fill({
        venue: 'gate',
        symbol: symbolOf(fields.requiredText('currency_pair')),
        side: fields.side('side'),
        price: fields.positive('price'),
        quantity: fields.positive('amount'),
        ...feeOf(fields),
        liquidity: fields.liquidityOfWord('role', /^maker$/i, /^taker$/i),
        executedAtUs: fields.requiredTime('create_time_ms', epochMs),
        tradeId: fields.requiredText('id'),
        orderId: fields.text('order_id'),
        clientOrderId: clientOrderId(fields),
      });
  },
});
