import { isUtcDay, type UtcDay } from '../../../shared/base/time';
import type { CallArgs } from '../../../shared/contract/calls';
import type { WaterfallCause } from '../../../shared/parity/waterfall';

/** What the address of a Parity page asks for. Pure. */
export type ParityRoute =
  | { readonly view: 'strategies' }
  | { readonly view: 'strategy'; readonly strategy: string }
  | { readonly view: 'symbol'; readonly strategy: string; readonly symbol: string }
  /** symbol null = the portfolio's day. */
  | { readonly view: 'day'; readonly strategy: string; readonly symbol: string | null; readonly day: UtcDay }
  | { readonly view: 'unknown' };

/** Reads the segments behind `#/parity`; anything else than the addresses of `addresses.ts` is unknown. */
export function parityRouteOf(path: readonly string[]): ParityRoute {
  const [, strategy, part, name, day, ...rest] = path;
  if (strategy === undefined) return { view: 'strategies' };
  if (part === undefined) return { view: 'strategy', strategy };
  if (rest.length > 0 || name === undefined) return { view: 'unknown' };
  if (part === 'day' && day === undefined && isUtcDay(name)) return { view: 'day', strategy, symbol: null, day: name };
  if (part !== 'symbol') return { view: 'unknown' };
  if (day === undefined) return { view: 'symbol', strategy, symbol: name };
  return isUtcDay(day) ? { view: 'day', strategy, symbol: name, day } : { view: 'unknown' };
}

type OrderArgs = CallArgs<'parity.orders'>;
export type OrderSelection = Pick<OrderArgs, 'kind' | 'sort' | 'descending'>;

export const orderKinds = [
  'all',
  'matched',
  'missed',
  'extra',
  'unfilled',
] as const satisfies readonly OrderArgs['kind'][];
export const orderSorts = [
  'time',
  'gap',
  'slippage',
  'latency',
  'price',
  'quantity',
  'fees',
] as const satisfies readonly OrderArgs['sort'][];

/** Which orders the address selects; by default all, the dearest first. */
export function orderSelectionOf(query: Readonly<Record<string, string>>): OrderSelection {
  return {
    kind: orderKinds.find((kind) => kind === query['kind']) ?? 'all',
    sort: orderSorts.find((sort) => sort === query['sort']) ?? 'gap',
    descending: query['order-by'] === 'descending',
  };
}

export function queryOf(selection: OrderSelection, order: string | null, cause: WaterfallCause | null) {
  return {
    kind: selection.kind === 'all' ? null : selection.kind,
    sort: selection.sort === 'gap' ? null : selection.sort,
    'order-by': selection.descending ? 'descending' : null,
    order,
    cause,
  };
}

/** Causes made of orders; carry, other and the residual belong to none. */
export const orderCauses: readonly WaterfallCause[] = [
  'delay',
  'execution',
  'price',
  'priceWithoutArrival',
  'quantity',
  'fees',
  'missed',
  'extra',
];

/** The orders behind a bar of the waterfall, those that weigh most in its direction first. */
export function selectionOfCause(cause: WaterfallCause, value: number): OrderSelection {
  const descending = value > 0;
  switch (cause) {
    case 'missed':
    case 'extra':
      return { kind: cause, sort: 'gap', descending };
    case 'quantity':
    case 'fees':
      return { kind: 'matched', sort: cause, descending };
    case 'delay':
    case 'execution':
    case 'price':
    case 'priceWithoutArrival':
      return { kind: 'matched', sort: 'price', descending };
    default:
      return { kind: 'all', sort: 'gap', descending };
  }
}

/** The neighbours of one entry in a list; null at the ends and for an entry that is not there. */
export function neighboursOf(
  list: readonly string[],
  entry: string,
): { readonly before: string | null; readonly after: string | null } {
  const place = list.indexOf(entry);
  if (place < 0) return { before: null, after: null };
  return { before: list[place - 1] ?? null, after: list[place + 1] ?? null };
}
