/** One message of every venue's API as the venue shapes it, with values of our own: what the reference runs the readers over. */

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

export const krakenTrade = {
  ...{ ordertxid: 'O1', pair: 'XETHZEUR', time: 1_700_000_000.1234, type: 'sell', ordertype: 'limit', price: '1800.0' },
  ...{ cost: '900.0', fee: '1.44', vol: '0.5', margin: '0', misc: '', maker: true, trade_id: 9 },
};
export const krakenOrder = {
  ...{ refid: null, userref: 0, status: 'canceled', reason: 'User requested', opentm: 1_700_000_000.1234 },
  ...{ closetm: 1_700_000_060.5, descr: { pair: 'XETHZEUR', type: 'buy', ordertype: 'limit', price: '1799' } },
  ...{ vol: '2', vol_exec: '0.5', cost: '899', fee: '1.4', price: '1798', oflags: 'fciq' },
};
export const krakenFuturesFill = {
  ...{ fill_id: 'f', symbol: 'PI_XBTUSD', side: 'sell', order_id: 'o', fillTime: '2023-11-14T22:13:20.123Z' },
  ...{ size: 15_000, price: 30_000, fillType: 'taker', fee_paid: 0.00025, fee_currency: 'BTC', cli_ord_id: 'mine' },
};
const coinbaseFill = {
  ...{ entry_id: 'e', trade_id: 't', order_id: 'o', trade_time: '2023-11-14T22:13:20.123Z', trade_type: 'FILL' },
  ...{ price: '2000', size: '0.5', commission: '1', product_id: 'ETH-USD', liquidity_indicator: 'MAKER' },
  ...{ size_in_quote: false, side: 'BUY' },
};
export const coinbaseOrder = {
  ...{ order_id: 'o', client_order_id: 'mine', product_id: 'ETH-USD', side: 'SELL', status: 'CANCELLED' },
  order_configuration: { limit_limit_gtc: { base_size: '2', limit_price: '2000' } },
  ...{ created_time: '2023-11-14T22:13:20.123Z', last_fill_time: '2023-11-14T22:14:20Z', filled_size: '0.5' },
  ...{ average_filled_price: '2001', total_fees: '2.5', cancel_message: 'User requested cancel', product_type: 'SPOT' },
};
export const coinbaseUserOrder = {
  ...{ order_id: 'o', client_order_id: 'mine', product_id: 'ETH-USD', order_side: 'BUY', status: 'FILLED' },
  ...{ creation_time: '2023-11-14T22:13:20.123Z', cumulative_quantity: '2', leaves_quantity: '0', avg_price: '2000' },
  ...{ total_fees: '4', limit_price: '2001', product_type: 'SPOT' },
};
export const exchangeFill = {
  ...{ created_at: '2023-11-14T22:13:20.123456Z', trade_id: 12, product_id: 'ETH-EUR', order_id: 'o', liquidity: 'M' },
  ...{ price: '1800', size: '0.5', fee: '0.9', side: 'sell', settled: true },
};
export const bitmexExecution = {
  ...{ execID: 'x', orderID: 'o', clOrdID: 'mine', account: 7, symbol: 'XBTUSD', side: 'Buy', lastQty: 300 },
  ...{ lastPx: 30_000, lastLiquidityInd: 'RemovedLiquidity', orderQty: 600, price: 30_001, settlCurrency: 'XBt' },
  ...{ execType: 'Trade', execComm: -25, homeNotional: 0.01, foreignNotional: -300, ordRejReason: '' },
  transactTime: '2023-11-14T22:13:20.123Z',
};
export const hyperliquidFill = {
  ...{ coin: 'SOL', px: '60.5', sz: '3', side: 'A', time: at, startPosition: '3', dir: 'Close Long', closedPnl: '1' },
  ...{ hash: '0x1', oid: 88, crossed: true, fee: '0.08', tid: 1_234_567, feeToken: 'USDC', cloid: '0xabc' },
};
export const dydxFill = {
  ...{ id: 'f', side: 'SELL', liquidity: 'MAKER', type: 'LIMIT', market: 'SOL-USD', marketType: 'PERPETUAL' },
  ...{ price: '60.5', size: '3', fee: '-0.02', createdAt: '2023-11-14T22:13:20.123Z', createdAtHeight: '5' },
  ...{ orderId: 'o', subaccountNumber: 0 },
};
export const bitgetFill = {
  ...{ symbol: 'SOLUSDT', orderId: '1', tradeId: '2', orderType: 'limit', side: 'sell', priceAvg: '60.5', size: '3' },
  feeDetail: { deduction: 'no', feeCoin: 'USDT', totalFee: '-0.18' },
  ...{ amount: '181.5', tradeScope: 'maker', cTime: String(at), uTime: String(at + 5) },
};
export const gateTrade = {
  ...{ id: '3', create_time: '1700000000', create_time_ms: '1700000000123.456000', currency_pair: 'SOL_USDT' },
  ...{ side: 'buy', role: 'maker', amount: '3', price: '60.5', order_id: '4', fee: '0', fee_currency: 'SOL' },
  ...{ point_fee: '0', gt_fee: '0.02', text: 't-mine' },
};
export const bitstampTransaction = {
  ...{ eth: '-0.50000000', eur: '900.00', eth_eur: '1800.00', btc: 0, usd: 0, fee: '1.8', type: '2' },
  ...{ id: 5, order_id: 1_234_567_890, datetime: '2023-11-14 22:13:20.123456' },
};
export const geminiOrder = {
  ...{ order_id: '6', id: '6', symbol: 'ethusd', side: 'buy', timestampms: at, is_live: false, is_cancelled: true },
  ...{ executed_amount: '0.5', original_amount: '2', price: '1800', client_order_id: 'mine', reason: 'Requested' },
  trades: [
    {
      ...{ price: '1799', amount: '0.5', timestampms: at + 40, type: 'Buy', aggressor: true, fee_currency: 'USD' },
      ...{ fee_amount: '3.1', tid: 7, order_id: '6' },
    },
  ],
};
export const ccxtTrade = {
  ...{ id: 't', order: 'o', timestamp: at, datetime: '2023-11-14T22:13:20.123Z', symbol: 'SOL/USDT', type: 'limit' },
  ...{ side: 'sell', takerOrMaker: 'maker', price: 60.5, amount: 3, cost: 181.5 },
  ...{ fee: { cost: 0.18, currency: 'USDT' }, info: { id: 't' } },
};
export const ccxtOrder = {
  ...{
    id: 'o',
    clientOrderId: 'mine',
    timestamp: at,
    datetime: '2023-11-14T22:13:20.123Z',
    lastTradeTimestamp: at + 70,
  },
  ...{ symbol: 'SOL/USDT', type: 'limit', side: 'buy', price: 61, average: 60.5, amount: 4, filled: 3, remaining: 1 },
  ...{ cost: 181.5, status: 'canceled', fee: null, fees: [], trades: [], info: {} },
};
export const bitfinexPastTrade = {
  ...{ price: '30000.5', amount: '0.25', timestamp: '1700000000.0', exchange: 'bitfinex', type: 'Sell', tid: 11 },
  ...{ fee_currency: 'USD', fee_amount: '-7.5', order_id: 446 },
};
export const alpacaActivity = {
  ...{ activity_type: 'FILL', id: '20231114::a', transaction_time: '2023-11-14T22:13:20.123Z', type: 'partial_fill' },
  ...{ price: '190.5', qty: '3', side: 'sell_short', symbol: 'AAPL', leaves_qty: '7', order_id: 'o', cum_qty: '3' },
};
export const leanOrderEvent = {
  ...{ id: 'run-7-2', algorithmId: 'run', orderId: 7, orderEventId: 2, symbol: 'ETHBTC XJ', symbolValue: 'ETHBTC' },
  ...{ symbolPermtick: 'ETHBTC', time: at / 1_000, status: 'filled', orderFeeAmount: 2.1, orderFeeCurrency: 'USD' },
  ...{ fillPrice: 0.051, fillPriceCurrency: 'BTC', fillQuantity: -2.5, direction: 'sell', isAssignment: false },
  quantity: -2.5,
};
export const nautilusFilled = {
  ...{
    type: 'OrderFilled',
    trader_id: 'TRADER-001',
    strategy_id: 'EMACross-000',
    instrument_id: 'ETHUSDT-PERP.BINANCE',
  },
  ...{ client_order_id: 'O-1', venue_order_id: '71', account_id: 'BINANCE-001', trade_id: 'T-9', position_id: null },
  ...{ order_side: 'BUY', order_type: 'LIMIT', last_qty: '0.500', last_px: '2000.00', currency: 'USDT' },
  ...{ commission: '0.40000000 USDT', liquidity_side: 'MAKER', event_id: 'e-3', ts_event: at * 1_000_000 },
  ...{ ts_init: at * 1_000_000, info: {}, reconciliation: false },
};

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
  'kraken-rest-TradesHistory': { error: [], result: { count: 1, trades: { T1: krakenTrade } } },
  'kraken-rest-ClosedOrders': { error: [], result: { count: 1, closed: { O1: krakenOrder } } },
  'kraken-futures-fills': { result: 'success', fills: [krakenFuturesFill] },
  'coinbase-advanced-fills': { cursor: '', fills: [coinbaseFill] },
  'coinbase-advanced-orders': { has_next: false, orders: [coinbaseOrder] },
  'coinbase-advanced-ws-user': {
    ...{ channel: 'user', timestamp: '2023-11-14T22:15:00Z', sequence_num: 0 },
    events: [{ type: 'update', orders: [coinbaseUserOrder] }],
  },
  'coinbasepro-rest-fills': [exchangeFill],
  'bitmex-rest-execution': { table: 'execution', action: 'insert', data: [bitmexExecution] },
  'hyperliquid-userFills': { channel: 'userFills', data: { user: '0x0', fills: [hyperliquidFill] } },
  'dydx-v4-fills': { fills: [dydxFill] },
  'bitfinex-v1-mytrades': [bitfinexPastTrade],
  'bitget-v2-spot-fills': { code: '00000', data: [bitgetFill] },
  'gate-v4-my_trades': [gateTrade],
  'bitstamp-rest-user_transactions': [bitstampTransaction],
  'gemini-order-with-trades': geminiOrder,
  'ccxt-unified-fetchMyTrades': [ccxtTrade],
  'ccxt-unified-orders': [ccxtOrder],
  'alpaca-activities': [alpacaActivity],
  'lean-order-events-json': [leanOrderEvent],
  'nautilus-events-json': [nautilusFilled],
};
