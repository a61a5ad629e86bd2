/** Binance's list of own trades (`myTrades` of spot, `userTrades` of futures): one fill a record. */
import { apiFormat, epochMs, feeIn, hasKeys, unwrapped } from './api-record';
import { binanceSymbol, refuseContracts } from './binance-symbol';
import { cachedSymbols } from './row';

export const binanceRestMyTrades = apiFormat({
  id: 'binance-rest-myTrades',
  title: 'Binance trades (API)',
  describes:
    'Every record of myTrades or of the futures userTrades is a fill with its commission; coin-margined ones by their baseQty.',
  reason: "keys of Binance's own trades: orderId, commissionAsset, isBuyer or realizedPnl",
  isRecord: (record) =>
    hasKeys(record, ['symbol', 'id', 'orderId', 'price', 'qty', 'commission', 'commissionAsset', 'time']) &&
    ('isBuyer' in record || hasKeys(record, ['side', 'realizedPnl'])),
  records: (message) => unwrapped(message, ['data', 'result']),
  open() {
    const symbolOfName = cachedSymbols(binanceSymbol);
    return (fields) => {
      const isCoinMargined = fields.has('baseQty');
      if (!isCoinMargined) refuseContracts(fields, 'symbol');
      return fields.fill({
        venue: 'binance',
        symbol: symbolOfName(fields.requiredText('symbol')),
        side: fields.has('side') ? fields.side('side') : fields.sideOfFlag('isBuyer'),
        price: fields.positive('price'),
        quantity: fields.positive(isCoinMargined ? 'baseQty' : 'qty'),
        ...feeIn(fields.number('commission'), fields.text('commissionAsset')),
        liquidity: fields.liquidityOfFlag(fields.has('maker') ? 'maker' : 'isMaker'),
        executedAtUs: fields.requiredTime('time', epochMs),
        tradeId: fields.requiredText('id'),
        orderId: fields.text('orderId'),
      });
    };
  },
});
