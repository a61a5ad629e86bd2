/** Bybit's executions (REST pages and the `execution` stream). `execution.fast` comes earlier, without fee, for the same fills. */
import type { Format, RowOutcome } from '../format';
import { apiFormat, epochMs, type Fields, feeIn, hasKeys, type JsonRecord } from './api-record';
import { bybitInstrument, bybitRecords } from './bybit-record';
import { otherRow } from './row';

const fastKeys = ['symbol', 'execId', 'execPrice', 'execQty', 'execTime', 'orderId', 'side'];
const isFull = (record: JsonRecord): boolean => hasKeys(record, fastKeys) && 'execType' in record;

/** Kinds that move a position; funding and settlement do not trade. */
const fillTypes = new Set(['Trade', 'AdlTrade', 'BustTrade', 'BlockTrade']);

export const bybitExecutions: Format = apiFormat({
  id: 'bybit-v5-execution-list',
  title: 'Bybit executions (API)',
  describes:
    'Trades (liquidations and deleveraging too) become fills; funding and settlement are set aside, and so is execution.fast, which tells the same fills without fees.',
  reason: "keys of Bybit's executions: execId, execType, execQty, execTime",
  isRecord: isFull,
  records: bybitRecords,
  open: () => (fields) =>
    fields.has('execId') && !fields.has('execType')
      ? otherRow('fast execution beside its full one')
      : execution(fields),
});

export const bybitFastExecutions: Format = apiFormat({
  id: 'bybit-v5-execution-fast',
  title: 'Bybit fast executions',
  describes: 'Every record of the execution.fast stream is a fill; the stream tells no fees.',
  reason: "keys of Bybit's fast executions: execId, execQty, execTime without execType",
  isRecord: (record) => hasKeys(record, fastKeys) && !isFull(record),
  isForeign: isFull,
  records: bybitRecords,
  open: (context) => (fields) => {
    if (!fields.has('execType')) context.warn('The fast stream tells no fees: they are unknown, not zero.');
    return execution(fields);
  },
});

function execution(fields: Fields): RowOutcome {
  if (!fields.has('execId'))
    return otherRow(`message ${fields.text('op') ?? fields.text('topic') ?? 'without records'}`);
  const type = fields.text('execType') ?? 'Trade';
  if (!fillTypes.has(type)) return otherRow(`execution ${type}`);
  const { symbol, isInverse, feeCurrency } = bybitInstrument(fields);
  const price = fields.positive('execPrice');
  // Of an inverse contract the quantity is USD, so that quantity over price is the amount of the coin.
  const quantity = isInverse ? fields.positive('execQty') / price : fields.positive('execQty');
  // A market buy on spot may be asked for in the quote.
  const isAskedInBase = !isInverse && !(fields.text('category') === 'spot' && fields.text('orderType') === 'Market');
  return fields.fill({
    venue: 'bybit',
    symbol,
    side: fields.side('side'),
    price,
    quantity,
    ...feeIn(fields.number('execFee'), fields.text('feeCurrency') ?? feeCurrency),
    liquidity: fields.liquidityOfFlag('isMaker'),
    executedAtUs: fields.requiredTime('execTime', epochMs),
    tradeId: fields.requiredText('execId'),
    orderId: fields.text('orderId'),
    clientOrderId: fields.text('orderLinkId'),
    intendedQuantity: isAskedInBase ? fields.positiveOrNone('orderQty') : null,
  });
}
