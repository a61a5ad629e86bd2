/** Kraken's ClosedOrders and OpenOrders: orders told under their ids, with an average price and a fee in the quote. */
import { pairOfSymbol } from '../../../../shared/market/symbols';
import { listedOrders, type OrderState, orderState } from './api-order';
import { apiFormat, epochSeconds, hasKeys } from './api-record';
import { krakenRecords, krakenSymbol } from './kraken-rest-trades';

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ['pending', 'open'],
  ['open', 'open'],
  ['closed', 'filled'],
  ['canceled', 'cancelled'],
  ['expired', 'expired'],
]);

export const krakenRestOrders = apiFormat({
  id: 'kraken-rest-ClosedOrders',
  title: 'Kraken orders (API)',
  describes:
    'Ended orders become one execution at their average price, cancelled and expired ones (filled in part or not) order events.',
  reason: "keys of Kraken's orders: opentm, descr, vol_exec",
  isRecord: (record) => hasKeys(record, ['txid', 'status', 'opentm', 'descr', 'vol', 'vol_exec', 'cost', 'fee']),
  records: (message) => krakenRecords(message, ['closed', 'open'], 'txid'),
  open(context) {
    const outcome = listedOrders(context);
    return (fields) => {
      const description = fields.inside('descr');
      const symbol = krakenSymbol(description.requiredText('pair'));
      // `viqc`: the volume asked for is in the quote.
      const isAskedInQuote = (fields.text('oflags') ?? '').includes('viqc');
      const filledQuantity = fields.positiveOrNone('vol_exec');
      return outcome(fields, {
        venue: 'kraken',
        symbol,
        side: description.side('type'),
        orderId: fields.requiredText('txid'),
        clientOrderId: fields.text('cl_ord_id') ?? userReference(fields.text('userref')),
        state: orderState(fields, 'status', states),
        submittedAtUs: fields.time('opentm', epochSeconds),
        changedAtUs: fields.time('closetm', epochSeconds),
        intendedQuantity: isAskedInQuote ? null : fields.positiveOrNone('vol'),
        limitPrice: description.positiveOrNone('price'),
        filledQuantity,
        averagePrice: fields.positiveOrNone('price'),
        fee: fields.number('fee'),
        feeCurrency: pairOfSymbol(symbol)?.quote ?? null,
        reason: fields.text('reason'),
      });
    };
  },
});

/** Zero is Kraken's "none". */
function userReference(text: string | null): string | null {
  return text === '0' ? null : text;
}
