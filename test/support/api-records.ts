/** One message of every venue's API as the venue shapes it, with values of our own. */

const at = 1_700_000_000_123;

export const binanceTrade = {
  ...{ symbol: 'ETHBTC', id: 71, orderId: 9_007_199_254_740_000, orderListId: -1, price: '0.05', qty: '2.0' },
  ...{ quoteQty: '0.1', commission: '0.002', commissionAsset: 'ETH', time: at, isBuyer: true, isMaker: false },
};
export const binanceOrder = {
  ...{ symbol: 'ETHUSDT', orderId: 5, clientOrderId: 'mine', price: '0', origQty: '3', executedQty: '2' },
  ...{ cummulativeQuoteQty: '4000.00', status: 'EXPIRED', type: 'MARKET', side: 'SELL', time: at, updateTime: at + 9 },
};
export const binanceOrderFull = {
  ...{ symbol: 'BTCUSDT', orderId: 8, clientOrderId: 'full', transactTime: at, price: '0', origQty: '3' },
  ...{ executedQty: '3', cummulativeQuoteQty: '90300', status: 'FILLED', type: 'MARKET', side: 'BUY' },
  fills: [
    { price: '30000', qty: '1', commission: '0.001', commissionAsset: 'BTC', tradeId: 1 },
    { price: '30150', qty: '2', commission: '0.002', commissionAsset: 'BTC', tradeId: 2 },
  ],
};
export const executionReport = {
  ...{ e: 'executionReport', E: at + 2, s: 'BTCUSDT', c: 'cancel-1', S: 'SELL', o: 'LIMIT', q: '2', p: '30000' },
  ...{ C: 'mine', x: 'TRADE', X: 'PARTIALLY_FILLED', r: 'NONE', i: 44, l: '0.5', z: '0.5', L: '30001' },
  ...{ n: '0.75', N: 'USDT', T: at + 1, t: 900, m: false, O: at },
};
export const orderTradeUpdate = {
  ...{ e: 'ORDER_TRADE_UPDATE', E: at + 2, T: at + 1 },
  o: {
    ...{ s: 'BTCUSDT', c: 'mine', S: 'BUY', q: '2', p: '30000', ap: '0', x: 'TRADE', X: 'FILLED', i: 45, l: '2' },
    ...{ z: '2', L: '29999', n: '-0.5', N: 'USDT', T: at, t: 901, m: true, rp: '0' },
  },
};
export const tradeLite = {
  ...{ e: 'TRADE_LITE', E: at + 1, T: at, s: 'BTCUSDT', c: 'mine', S: 'BUY', q: '2', p: '30000', i: 45, l: '2' },
  ...{ L: '29999', t: 901, m: true },
};
export const bybitExecution = {
  ...{ symbol: 'BTCUSDT', orderId: 'o', orderLinkId: 'mine', side: 'Sell', orderPrice: '30000', orderQty: '2' },
  ...{ leavesQty: '1', orderType: 'Limit', execFee: '-0.3', execId: 'x', execPrice: '30000', execQty: '1' },
  ...{ execType: 'Trade', execValue: '30000', execTime: String(at), feeCurrency: '', isMaker: true },
};
export const bybitFast = {
  ...{ category: 'linear', symbol: 'BTCUSDT', execId: 'x', execPrice: '30000', execQty: '1', orderId: 'o' },
  ...{ isMaker: false, orderLinkId: 'mine', side: 'Buy', execTime: String(at), seq: 7 },
};
export const bybitOrder = {
  ...{ orderId: 'o', orderLinkId: 'mine', symbol: 'ETHUSDT', price: '2000', qty: '3', side: 'Buy' },
  ...{ orderStatus: 'PartiallyFilledCanceled', cancelType: 'CancelByUser', rejectReason: 'EC_NoError' },
  ...{ avgPrice: '1999', leavesQty: '2', cumExecQty: '1', cumExecValue: '1999', cumExecFee: '1.1', orderType: 'Limit' },
  ...{ lastPriceOnCreated: '1998.5', createdTime: String(at), updatedTime: String(at + 50), category: 'linear' },
};
export const okxFill = {
  ...{ instType: 'SPOT', instId: 'SOL-USDT', tradeId: '1', ordId: '1234567890123456789', clOrdId: '', billId: 'b' },
  ...{ fillPx: '60', fillSz: '4', side: 'sell', execType: 'M', feeCcy: 'USDT', fee: '-0.19', ts: String(at) },
};
export const okxOrderMessage = {
  ...{ instType: 'SPOT', instId: 'SOL-USDT', ordId: '77', clOrdId: 'mine', ordType: 'limit', px: '60', sz: '5' },
  ...{
    accFillSz: '4',
    avgPx: '60',
    fillPx: '60',
    fillSz: '4',
    fillTime: String(at + 9),
    tradeId: '2',
    state: 'partially_filled',
  },
  ...{ side: 'buy', execType: 'T', fee: '-0.004', feeCcy: 'SOL', fillFee: '-0.003', fillFeeCcy: 'SOL', tgtCcy: '' },
  ...{ cTime: String(at), uTime: String(at + 9), cancelSourceReason: '' },
};
const { execType: _, fillFee: __, fillFeeCcy: ___, ...listed } = okxOrderMessage;
export const okxOrder = { ...listed, state: 'filled', sz: '4' };

/** Examples by format id, wrapped as the venue wraps them. */
export const apiMessages: Readonly<Record<string, unknown>> = {
  'binance-rest-myTrades': [binanceTrade],
  'binance-rest-allOrders': [binanceOrder],
  'binance-rest-order-FULL': binanceOrderFull,
  'binance-ws-executionReport': { subscriptionId: 0, event: executionReport },
  'binance-ws-futures-ORDER_TRADE_UPDATE': { stream: 's', data: orderTradeUpdate },
  'binance-ws-futures-TRADE_LITE': tradeLite,
  'bybit-v5-execution-list': { retCode: 0, result: { category: 'linear', list: [bybitExecution] } },
  'bybit-v5-execution-fast': { topic: 'execution.fast', creationTime: at, data: [bybitFast] },
  'bybit-v5-order-history': { retCode: 0, result: { nextPageCursor: '', list: [bybitOrder] } },
  'okx-v5-fills': { code: '0', data: [okxFill] },
  'okx-v5-ws-orders': { arg: { channel: 'orders' }, data: [okxOrderMessage] },
  'okx-v5-orders': { code: '0', data: [okxOrder] },
};
