/**
 * Binance's futures user stream. `ORDER_TRADE_UPDATE` tells everything; `TRADE_LITE` comes earlier, without the fee, for the same
 * fills, so it is read only from a log that has nothing else.
 */
import type { OrderEventKind } from '../../../../shared/market/executions';
import type { RowOutcome } from '../format';
import { apiFormat, epochMs, type Fields, feeIn, type JsonRecord, unwrapped } from './api-record';
import { binanceSymbol, refuseContracts } from './binance-symbol';
import { orderEvent, otherRow } from './row';

const kinds: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['NEW', 'submitted'],
  ['CANCELED', 'cancelled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
]);

const isFullReport = (record: JsonRecord): boolean => record['e'] === 'ORDER_TRADE_UPDATE' && 'o' in record;
const records = (message: unknown): Iterable<unknown> => unwrapped(message, ['data']);

export const binanceWsFuturesOrders = apiFormat({
  id: 'binance-ws-futures-ORDER_TRADE_UPDATE',
  title: 'Binance futures user stream',
  describes:
    'Trades of ORDER_TRADE_UPDATE (liquidations too) become fills, new and ended orders order events. TRADE_LITE tells the same fills without fees and is passed over.',
  reason: 'events of the type ORDER_TRADE_UPDATE',
  isRecord: isFullReport,
  records,
  open() {
    return (fields) => {
      const event = fields.text('e');
      if (event === 'TRADE_LITE') return otherRow('TRADE_LITE beside its full report');
      if (event !== 'ORDER_TRADE_UPDATE')
        return otherRow(event === null ? 'message without an event' : `event ${event}`);
      return orderReport(fields.inside('o'));
    };
  },
});

function orderReport(fields: Fields): RowOutcome {
  const symbol = binanceSymbol(fields.requiredText('s'));
  const atUs = fields.requiredTime('T', epochMs);
  const type = fields.requiredText('x');
  const isFill = type === 'TRADE' || (type === 'CALCULATED' && (fields.number('l') ?? 0) > 0);
  const ids = {
    ...{ venue: 'binance', symbol, side: fields.side('S'), orderId: fields.requiredText('i') },
    clientOrderId: fields.text('c'),
  };
  const intendedQuantity = symbol.includes('_') ? null : fields.positiveOrNone('q');
  if (isFill) {
    refuseContracts(fields, 's');
    return fields.fill({
      ...ids,
      intendedQuantity,
      price: fields.positive('L'),
      quantity: fields.positive('l'),
      ...feeIn(fields.number('n'), fields.text('N')),
      liquidity: fields.liquidityOfFlag('m'),
      executedAtUs: atUs,
      tradeId: fields.requiredText('t'),
    });
  }
  const kind = kinds.get(type);
  const price = fields.positiveOrNone('p');
  if (kind === undefined && !['AMENDMENT', 'CALCULATED'].includes(type))
    fields.refuseValue('x', 'which is no known kind of report');
  if (fields.problem !== null) return fields.check.quarantine(symbol, atUs);
  if (kind === undefined) return otherRow(type === 'AMENDMENT' ? 'order amended' : 'liquidation without a fill');
  return { kind: 'orderEvents', orderEvents: [orderEvent({ ...ids, intendedQuantity, kind, atUs, price })] };
}

export const binanceWsFuturesTradeLite = apiFormat({
  id: 'binance-ws-futures-TRADE_LITE',
  title: 'Binance futures trades, light stream',
  describes: 'Every TRADE_LITE event is a fill; the stream tells no fees.',
  reason: 'events of the type TRADE_LITE and none of ORDER_TRADE_UPDATE',
  isRecord: (record) => record['e'] === 'TRADE_LITE',
  isForeign: isFullReport,
  records,
  open(context) {
    return (fields) => {
      const event = fields.text('e');
      if (event === 'ORDER_TRADE_UPDATE') return orderReport(fields.inside('o'));
      if (event !== 'TRADE_LITE') return otherRow(event === null ? 'message without an event' : `event ${event}`);
      context.warn('The light stream tells no fees: they are unknown, not zero.');
      refuseContracts(fields, 's');
      return fields.fill({
        venue: 'binance',
        symbol: binanceSymbol(fields.requiredText('s')),
        side: fields.side('S'),
        price: fields.positive('L'),
        quantity: fields.positive('l'),
        liquidity: fields.liquidityOfFlag('m'),
        executedAtUs: fields.requiredTime('T', epochMs),
        tradeId: fields.requiredText('t'),
        orderId: fields.requiredText('i'),
        clientOrderId: fields.text('c'),
        intendedQuantity: fields.positiveOrNone('q'),
      });
    };
  },
});
