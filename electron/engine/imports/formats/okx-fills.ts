/** OKX's fills: transaction details and the `fills` channel. */
import { apiFormat, epochMs, feeIn, hasKeys, paidOf, unwrapped } from './api-record';
import { okxInstruments, okxMaker, okxQuantity, okxTaker } from './okx-record';
import { otherRow } from './row';

export const okxFills = apiFormat({
  id: 'okx-v5-fills',
  title: 'OKX fills (API)',
  describes:
    'Every record is a fill of spot or margin; OKX writes a fee that is paid as a negative number. Sizes in contracts need the size of one (--lot-size), which the log does not say.',
  reason: "keys of OKX's fills: instId, tradeId, ordId, fillPx, fillSz, ts",
  isRecord: (record) =>
    hasKeys(record, ['instId', 'tradeId', 'ordId', 'fillPx', 'fillSz', 'side', 'ts']) && !('state' in record),
  records: (message) => unwrapped(message, ['data']),
  open(context) {
    const instrumentOf = okxInstruments(context);
    return (fields) => {
      if (!fields.has('ordId')) return otherRow(`message ${fields.text('event') ?? 'without fills'}`);
      const instrument = instrumentOf(fields);
      const price = fields.positive('fillPx');
      fields.positive('fillSz');
      return fields.fill({
        venue: 'okx',
        symbol: instrument.symbol,
        side: fields.side('side'),
        price,
        quantity: okxQuantity(fields, 'fillSz', instrument, price),
        ...feeIn(paidOf(fields.number('fee')), fields.text('feeCcy')),
        liquidity: fields.liquidityOfWord('execType', okxMaker, okxTaker),
        executedAtUs: fields.requiredTime(fields.has('fillTime') ? 'fillTime' : 'ts', epochMs),
        tradeId: fields.requiredText('tradeId'),
        orderId: fields.text('ordId'),
        clientOrderId: fields.text('clOrdId'),
      });
    };
  },
});
