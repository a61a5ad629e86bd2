/** Coinbase Advanced's list of fills: sizes in the base, or in the quote where the entry says so. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, feeIn, hasKeys, isoUtc, unwrapped } from './api-record';

export const coinbaseAdvancedFills = apiFormat({
  id: 'coinbase-advanced-fills',
  title: 'Coinbase Advanced fills',
  describes:
    'Every entry of "fills" is a fill; reversals and corrections are set aside, because they change an earlier fill.',
  reason: 'keys of Coinbase Advanced fills: entry_id, trade_time, size_in_quote',
  isRecord: (record) =>
    hasKeys(record, ['entry_id', 'trade_time', 'trade_type', 'liquidity_indicator', 'product_id', 'commission']),
  records: (message) => unwrapped(message, ['fills']),
  open() {
    return (fields) => {
      const symbol = symbolOf(fields.requiredText('product_id'));
      const executedAtUs = fields.requiredTime('trade_time', isoUtc);
      if ((fields.text('trade_type') ?? 'FILL') !== 'FILL')
        fields.refuseValue('trade_type', 'which changes an earlier fill and is not applied');
      const price = fields.positive('price');
      const size = fields.positive('size');
      return fields.fill({
        venue: 'coinbase',
        account: fields.text('retail_portfolio_id'),
        symbol,
        side: fields.side('side'),
        price,
        quantity: fields.flag('size_in_quote') === true ? size / price : size,
        ...feeIn(fields.number('commission'), parsePair(symbol)?.quote ?? null),
        liquidity: fields.liquidityOfWord('liquidity_indicator', /^(?:MAKER|M)$/i, /^(?:TAKER|T)$/i),
        executedAtUs,
        tradeId: fields.text('trade_id'),
        orderId: fields.text('order_id'),
      });
    };
  },
});
