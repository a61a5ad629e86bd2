/** Coinbase Advanced Trade: the `fills` of its historical fills call, as saved from the API. Money is text there. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ReadContext, RowOutcome } from '../format';
import { isoReader, type TimeReader } from '../times';
import { recordOf } from './json';
import { execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

export const coinbaseAdvancedFills: Format = {
  id: 'coinbase-advanced-fills',
  title: 'Coinbase Advanced fills',
  describes:
    'Every entry of "fills" is a fill; reversals and corrections are set aside, because they change an earlier fill.',
  kind: 'executions',
  exampleHeader: null,
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'json') return null;
    const marks = [
      '"entry_id"',
      '"trade_time"',
      '"trade_type"',
      '"liquidity_indicator"',
      '"product_id"',
      '"commission"',
    ];
    if (!marks.every((mark) => sample.text.includes(mark))) return null;
    return { confidence: 0.98, reason: 'keys of Coinbase Advanced fills: entry_id, trade_time, size_in_quote' };
  },
  reader: {
    shape: 'json',
    *rows(document, context) {
      const fills = recordOf(document)?.['fills'] ?? document;
      const read = fillReader(context);
      for (const [index, value] of (Array.isArray(fills) ? fills : [fills]).entries()) {
        yield { line: index + 1, text: () => JSON.stringify(value) ?? '', outcome: read(value) };
      }
    },
  },
};

function fillReader(context: ReadContext): (value: unknown) => RowOutcome {
  const time: TimeReader = isoReader(zoneChoice(context, null));
  const check = new RowCheck();
  return (value) => {
    const fill = recordOf(value);
    if (fill === null) return { kind: 'quarantine', reason: 'the entry is no JSON object' };
    check.reset();
    const symbol = symbolOf(check.requiredText('product_id', fill['product_id']));
    const executedAtUs = check.requiredTime('trade_time', fill['trade_time'], time);
    const tradeType = check.text('trade_type', fill['trade_type']) ?? 'FILL';
    if (tradeType !== 'FILL')
      check.refuse(`trade_type is ${quoted(tradeType)}: it changes an earlier fill and is not applied`);
    const price = check.positive('price', fill['price']);
    const size = check.positive('size', fill['size']);
    const fee = check.number('commission', fill['commission']);
    const liquidity = check.text('liquidity_indicator', fill['liquidity_indicator']);
    const isStated = liquidity !== null && !liquidity.startsWith('UNKNOWN');
    const result = execution({
      venue: 'coinbase',
      account: check.text('retail_portfolio_id', fill['retail_portfolio_id']),
      symbol,
      side: check.side('side', fill['side']),
      price,
      quantity: fill['size_in_quote'] === true ? size / price : size,
      fee,
      feeCurrency: fee === null ? null : (parsePair(symbol)?.quote ?? null),
      liquidity: isStated ? check.liquidity('liquidity_indicator', liquidity) : null,
      executedAtUs,
      tradeId: check.text('trade_id', fill['trade_id']),
      orderId: check.text('order_id', fill['order_id']),
    });
    if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
    return { kind: 'executions', executions: [result] };
  };
}
