/** Binance's spot user stream: `executionReport` events, bare or wrapped; everything else in the stream is named and passed over. */
import type { OrderEventKind } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, epochMs, feeIn, unwrapped } from './api-record';
import { orderEvent, otherRow } from './row';

const endings: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['NEW', 'submitted'],
  ['CANCELED', 'cancelled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
  ['TRADE_PREVENTION', 'expired'],
]);

export const binanceWsExecutionReport = apiFormat({
  id: 'binance-ws-executionReport',
  title: 'Binance spot user stream',
  describes:
    'Execution reports of trades become fills, those of new, cancelled, rejected and expired orders order events; balances are not read.',
  reason: 'events of the type executionReport',
  isRecord: (record) => record['e'] === 'executionReport' && 'x' in record && 'i' in record,
  records: (message) => unwrapped(message, ['event', 'data']),
  open() {
    return (fields) => {
      const event = fields.text('e');
      if (event !== 'executionReport') return otherRow(event === null ? 'message without an event' : `event ${event}`);
      const symbol = symbolOf(fields.requiredText('s'));
      const atUs = fields.requiredTime('T', epochMs);
      const type = fields.requiredText('x');
      const original = fields.text('C');
      const common = {
        ...{ venue: 'binance', symbol, side: fields.side('S'), orderId: fields.requiredText('i') },
        // A cancel has an id of its own in `c` and the order's in `C`.
        clientOrderId: original ?? fields.text('c'),
        intendedQuantity: fields.positiveOrNone('q'),
      };
      if (type === 'TRADE') {
        return fields.fill({
          ...common,
          price: fields.positive('L'),
          quantity: fields.positive('l'),
          ...feeIn(fields.number('n'), fields.text('N')),
          liquidity: fields.liquidityOfFlag('m'),
          executedAtUs: atUs,
          submittedAtUs: fields.time('O', epochMs),
          tradeId: fields.requiredText('t'),
        });
      }
      const kind = endings.get(type);
      const price = fields.positiveOrNone('p');
      const reason = fields.text('r');
      if (kind === undefined && type !== 'REPLACED') fields.refuseValue('x', 'which is no known kind of report');
      if (fields.problem !== null) return fields.check.quarantine(symbol, atUs);
      if (kind === undefined) return otherRow('order replaced');
      const why = reason === 'NONE' ? null : reason;
      return { kind: 'orderEvents', orderEvents: [orderEvent({ ...common, kind, atUs, price, reason: why })] };
    };
  },
});
