/** The formats of venues' APIs: what a program stores that asks for its fills and orders, or listens to its stream of them. */
import type { Format } from '../format';
import { alpacaActivities } from './alpaca-activities';
import { binanceRestOrderFull } from './binance-rest-order-full';
import { binanceRestAllOrders } from './binance-rest-orders';
import { binanceRestMyTrades } from './binance-rest-trades';
import { binanceWsExecutionReport } from './binance-ws-execution-report';
import { binanceWsFuturesOrders, binanceWsFuturesTradeLite } from './binance-ws-futures';
import { bitfinexV1Trades } from './bitfinex-v1-trades';
import { bitgetFills } from './bitget-fills';
import { bitmexExecutions } from './bitmex-executions';
import { bitstampTransactions } from './bitstamp-rest-transactions';
import { bybitExecutions, bybitFastExecutions } from './bybit-executions';
import { bybitOrders } from './bybit-orders';
import { ccxtOrders, ccxtTrades } from './ccxt-unified';
import { coinbaseAdvancedOrders, coinbaseAdvancedUserChannel } from './coinbase-advanced-orders';
import { coinbaseproRestFills } from './coinbasepro-rest-fills';
import { dydxFills } from './dydx-fills';
import { gateTrades } from './gate-trades';
import { geminiOrders } from './gemini-orders';
import { hyperliquidUserFills } from './hyperliquid-fills';
import { krakenFuturesFills } from './kraken-futures-fills';
import { krakenRestOrders } from './kraken-rest-orders';
import { krakenRestTrades } from './kraken-rest-trades';
import { okxFills } from './okx-fills';
import { okxOrders, okxOrdersChannel } from './okx-orders';

export const apiFormats: readonly Format[] = [
  binanceRestMyTrades,
  binanceRestAllOrders,
  binanceRestOrderFull,
  binanceWsExecutionReport,
  binanceWsFuturesOrders,
  binanceWsFuturesTradeLite,
  bybitExecutions,
  bybitFastExecutions,
  bybitOrders,
  okxFills,
  okxOrdersChannel,
  okxOrders,
  krakenRestTrades,
  krakenRestOrders,
  krakenFuturesFills,
  coinbaseAdvancedOrders,
  coinbaseAdvancedUserChannel,
  coinbaseproRestFills,
  bitmexExecutions,
  hyperliquidUserFills,
  dydxFills,
  bitfinexV1Trades,
  bitgetFills,
  gateTrades,
  bitstampTransactions,
  geminiOrders,
  ccxtTrades,
  ccxtOrders,
  alpacaActivities,
];
