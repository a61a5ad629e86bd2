/**
 * Executions and order events as JSON Lines: the documented, stable shape that `import --print` writes and the format
 * `lockstep-jsonl` reads back. Keys keep this order, an unknown value is null. `account` and `paper` follow only where they say
 * something (an account is known, the fill is simulated).
 */
import { formatIsoUs } from '../../../shared/base/time';
import type { Execution, OrderEvent } from '../../../shared/market/executions';

/** One line without its line end. `executedAt` is ISO 8601 UTC with microseconds. */
export function printExecution(execution: Execution): string {
  return JSON.stringify({
    type: 'execution',
    source: execution.source,
    venue: execution.venue,
    strategy: execution.strategy,
    version: execution.version,
    symbol: execution.symbol,
    side: execution.side,
    price: execution.price,
    quantity: execution.quantity,
    fee: execution.fee,
    feeCurrency: execution.feeCurrency,
    liquidity: execution.liquidity,
    executedAtUs: execution.executedAtUs,
    executedAt: formatIsoUs(execution.executedAtUs),
    tradeId: execution.tradeId,
    orderId: execution.orderId,
    clientOrderId: execution.clientOrderId,
    decidedAtUs: execution.decidedAtUs,
    submittedAtUs: execution.submittedAtUs,
    arrivalPrice: execution.arrivalPrice,
    intendedQuantity: execution.intendedQuantity,
    line: execution.line,
    ...(execution.account !== null && { account: execution.account }),
    ...(execution.paper && { paper: true }),
  });
}

/** One line without its line end. */
export function printOrderEvent(event: OrderEvent): string {
  return JSON.stringify({
    type: 'order',
    source: event.source,
    venue: event.venue,
    strategy: event.strategy,
    version: event.version,
    symbol: event.symbol,
    side: event.side,
    kind: event.kind,
    atUs: event.atUs,
    at: formatIsoUs(event.atUs),
    orderId: event.orderId,
    clientOrderId: event.clientOrderId,
    intendedQuantity: event.intendedQuantity,
    price: event.price,
    reason: event.reason,
    line: event.line,
    ...(event.account !== null && { account: event.account }),
    ...(event.paper && { paper: true }),
  });
}
