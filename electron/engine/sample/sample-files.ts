import { formatIsoUs, MINUTE_US } from '../../../shared/base/time';
import type { Execution } from '../../../shared/market/executions';
import { printExecution, printOrderEvent } from '../imports/print';
import type { SampleMarket } from './market';
import type { SampleTrades } from './strategies';

/** The sample desk's logs as a strategy, a backtest and a price recorder would write them. */

const backtestNames = [
  ...['strategy', 'version', 'symbol', 'side', 'price', 'quantity', 'fee', 'feeCurrency', 'liquidity', 'executedAt'],
  ...['tradeId', 'orderId', 'clientOrderId', 'decidedAt', 'intendedQuantity', 'venue'],
] as const;

/** A backtest's result as Lockstep CSV. */
export function backtestCsv(trades: SampleTrades): string {
  return `${[backtestNames.join(','), ...trades.backtest.executions.map(csvLine)].join('\n')}\n`;
}

function csvLine(execution: Execution): string {
  const { executedAtUs, decidedAtUs } = execution;
  const cells = {
    ...execution,
    executedAt: formatIsoUs(executedAtUs),
    decidedAt: decidedAtUs === null ? null : formatIsoUs(decidedAtUs),
  };
  return backtestNames.map((name) => cells[name] ?? '').join(',');
}

/** What a strategy logs while it trades, as Lockstep JSON Lines in time order: fills, rejects and cancels. */
export function liveJsonLines(trades: SampleTrades): string {
  const lines = [
    ...trades.live.executions.map((execution) => ({ atUs: execution.executedAtUs, text: printExecution(execution) })),
    ...trades.live.orderEvents.map((event) => ({ atUs: event.atUs, text: printOrderEvent(event) })),
  ];
  lines.sort((a, b) => a.atUs - b.atUs);
  return `${lines.map((line) => line.text).join('\n')}\n`;
}

const candleMinutes = 5;

/** Candles of five minutes; a line's time is its candle's first instant. */
export function candlesCsv(market: SampleMarket, symbol: string): string {
  const mids = market.mids.get(symbol);
  if (mids === undefined) throw new Error(`The sample market has no ${symbol}.`);
  const lines = ['timestamp,open,high,low,close,volume,symbol,timeframe'];
  for (let minute = 0; minute + candleMinutes <= market.minutes; minute += candleMinutes) {
    const path = mids.subarray(minute, minute + candleMinutes + 1);
    const [open = Number.NaN] = path;
    const close = path.at(-1) ?? Number.NaN;
    const cells = [open, Math.max(...path), Math.min(...path), close].map((price) => Number(price.toPrecision(9)));
    const volume = Math.round((Math.abs(close / open - 1) * 4e7 + 2e5) / open);
    lines.push([formatIsoUs(market.firstUs + minute * MINUTE_US), ...cells, volume, symbol, '5m'].join(','));
  }
  return `${lines.join('\n')}\n`;
}
