/**
 * Orders as venues list them: state, what was asked for and what was filled on average, without the single fills. An order counts
 * as one execution at its average price once it has ended; before that its filled quantity still grows and would count twice.
 */
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import type { ReadContext, RowOutcome } from '../format';
import type { Fields } from './api-record';
import { execution, orderEvent, otherRow } from './row';

export type OrderState = 'open' | 'filled' | Exclude<OrderEventKind, 'submitted'>;

export interface ListedOrder {
  readonly venue: string | null;
  readonly account?: string | null;
  readonly strategy?: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly state: OrderState;
  readonly submittedAtUs: number | null;
  /** When the order last changed: for an order that has ended its end. */
  readonly changedAtUs: number | null;
  /** Base units; null = not told, or not told in base units. */
  readonly intendedQuantity: number | null;
  readonly limitPrice: number | null;
  /** Base units. */
  readonly filledQuantity: number | null;
  readonly averagePrice: number | null;
  readonly fee: number | null;
  readonly feeCurrency: string | null;
  readonly arrivalPrice?: number | null;
  readonly reason?: string | null;
}

/** The state a venue's word stands for; an unknown word is the record's problem. */
export function orderState(fields: Fields, name: string, states: ReadonlyMap<string, OrderState>): OrderState {
  const state = states.get(fields.text(name) ?? '');
  if (state === undefined) fields.refuseValue(name, 'which is no state of an order that is known');
  return state ?? 'open';
}

/** Makes the function that turns an order into its outcome. An order listed again after its end is named and counts once. */
export function listedOrders(context: ReadContext): (fields: Fields, order: ListedOrder) => RowOutcome {
  const ended = new Set<string>();
  return (fields, order) => {
    const { state, symbol, submittedAtUs, changedAtUs, filledQuantity, averagePrice, fee } = order;
    const atUs = state === 'open' ? (submittedAtUs ?? changedAtUs) : (changedAtUs ?? submittedAtUs);
    if (atUs === null) fields.refuse('the order says neither when it was created nor when it changed');
    const isFilled = filledQuantity !== null && filledQuantity > 0;
    if (state === 'filled' && !isFilled) fields.refuse('the order says it was filled, but not how much');
    if (state !== 'open' && isFilled && !(averagePrice !== null && averagePrice > 0))
      fields.refuse('the order says how much was filled, but not at what price');
    if (fields.problem !== null || atUs === null) return fields.check.quarantine(symbol, atUs);
    if (state !== 'open' && order.orderId !== null) {
      if (ended.has(order.orderId)) return otherRow('order listed again');
      ended.add(order.orderId);
    }
    const common = {
      ...{
        venue: order.venue,
        account: order.account ?? null,
        strategy: order.strategy ?? null,
        symbol,
        side: order.side,
      },
      ...{ orderId: order.orderId, clientOrderId: order.clientOrderId, intendedQuantity: order.intendedQuantity },
    };
    const events =
      state === 'filled'
        ? []
        : [
            orderEvent({
              ...common,
              kind: state === 'open' ? 'submitted' : state,
              atUs,
              price: order.limitPrice,
              reason: order.reason ?? null,
            }),
          ];
    if (state === 'open' || !isFilled || averagePrice === null) return { kind: 'orderEvents', orderEvents: events };
    context.warn(
      'Orders are listed without their fills: each is read as one execution at its average price when it ended. Import the fills instead where there are any, never both: they would count twice.',
    );
    const fill = execution({
      ...common,
      price: averagePrice,
      quantity: filledQuantity,
      fee,
      feeCurrency: fee === null ? null : order.feeCurrency,
      executedAtUs: atUs,
      submittedAtUs,
      arrivalPrice: order.arrivalPrice ?? null,
    });
    return { kind: 'executions', executions: [fill], ...(events.length > 0 && { orderEvents: events }) };
  };
}
