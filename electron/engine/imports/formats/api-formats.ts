/** The formats of venues' APIs: what a program stores that asks for its fills and orders, or listens to its stream of them. */
import type { Format } from '../format';
import { binanceRestOrderFull } from './binance-rest-order-full';
import { binanceRestAllOrders } from './binance-rest-orders';
import { binanceRestMyTrades } from './binance-rest-trades';
import { binanceWsExecutionReport } from './binance-ws-execution-report';
import { binanceWsFuturesOrders, binanceWsFuturesTradeLite } from './binance-ws-futures';
import { bybitExecutions, bybitFastExecutions } from './bybit-executions';
import { bybitOrders } from './bybit-orders';
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
];
