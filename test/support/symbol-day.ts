import { HOUR_US, type UtcDay, utcDayStartUs } from '../../shared/base/time';
import { type ExecutionColumns, liquidityCode } from '../../shared/market/columns';
import type { OrderEvent } from '../../shared/market/executions';
import { textColumnOf } from '../../shared/market/text-column';
import { defaultParitySettings, type ParitySettings } from '../../shared/parity/settings';
import type { SideInput, SymbolDayInput } from '../../shared/parity/symbol-day';

/** Builders of parity inputs with defaults: a test names what it is about and nothing else. */

export const day = '2026-03-02' as UtcDay; // a literal in the brand's shape
export const dayStartUs = utcDayStartUs(day);

export interface Fill {
  /** Seconds after the start of the day. */
  readonly at: number;
  readonly side?: 1 | -1;
  readonly price: number;
  readonly quantity?: number;
  /** null = the log has no fee. */
  readonly fee?: number | null;
  readonly feeCurrency?: string;
  readonly liquidity?: keyof typeof liquidityCode;
  readonly orderId?: string;
  readonly clientOrderId?: string;
  /** Seconds after the start of the day. */
  readonly decidedAt?: number;
  readonly submittedAt?: number;
  readonly arrivalPrice?: number;
  readonly intended?: number;
  readonly venue?: string;
  readonly account?: string;
  readonly paper?: boolean;
}

/** Columns of the fills in time order; ties keep the order given. */
export function columnsOf(fills: readonly Fill[]): ExecutionColumns {
  const sorted = [...fills].sort((a, b) => a.at - b.at);
  const index = (values: readonly string[]) => {
    const names = [''];
    const codes = values.map((value) => {
      if (!names.includes(value)) names.push(value);
      return names.indexOf(value);
    });
    return { names, codes: Uint16Array.from(codes) };
  };
  const currencies = index(sorted.map((fill) => fill.feeCurrency ?? (fill.fee === null ? '' : 'USDT')));
  const venues = index(sorted.map((fill) => fill.venue ?? ''));
  const accounts = index(sorted.map((fill) => fill.account ?? ''));
  const numbers = (of: (fill: Fill) => number | undefined) =>
    Float64Array.from(sorted, (fill) => of(fill) ?? Number.NaN);
  const instant = (seconds: number | undefined) =>
    seconds === undefined ? undefined : dayStartUs + Math.round(seconds * 1e6);
  return {
    count: sorted.length,
    executedAtUs: numbers((fill) => instant(fill.at)),
    side: Int8Array.from(sorted, (fill) => fill.side ?? 1),
    price: numbers((fill) => fill.price),
    quantity: numbers((fill) => fill.quantity ?? 1),
    fee: numbers((fill) => (fill.fee === null ? Number.NaN : (fill.fee ?? 0))),
    feeCurrency: currencies.codes,
    liquidity: Uint8Array.from(sorted, (fill) => liquidityCode[fill.liquidity ?? 'unknown']),
    decidedAtUs: numbers((fill) => instant(fill.decidedAt)),
    submittedAtUs: numbers((fill) => instant(fill.submittedAt)),
    arrivalPrice: numbers((fill) => fill.arrivalPrice),
    intendedQuantity: numbers((fill) => fill.intended),
    venue: venues.codes,
    account: accounts.codes,
    version: new Uint16Array(sorted.length),
    paper: Uint8Array.from(sorted, (fill) => (fill.paper ? 1 : 0)),
    tradeId: textColumnOf(sorted.map(() => '')),
    orderId: textColumnOf(sorted.map((fill) => fill.orderId ?? '')),
    clientOrderId: textColumnOf(sorted.map((fill) => fill.clientOrderId ?? '')),
    line: Uint32Array.from(sorted, (_, row) => row + 2),
    importIndex: new Uint16Array(sorted.length),
    dictionaries: {
      feeCurrencies: currencies.names,
      venues: venues.names,
      accounts: accounts.names,
      versions: [''],
      importIds: ['import-1'],
    },
  };
}

export function orderEvent(event: Partial<Omit<OrderEvent, 'atUs'>> & { readonly at: number }): OrderEvent {
  const { at, ...rest } = event;
  return {
    source: 'live',
    venue: null,
    account: null,
    strategy: 'trend',
    version: null,
    symbol: 'BTC/USDT',
    side: 'buy',
    kind: 'rejected',
    atUs: dayStartUs + Math.round(at * 1e6),
    orderId: null,
    clientOrderId: null,
    intendedQuantity: null,
    price: null,
    reason: null,
    paper: false,
    line: 1,
    ...rest,
  };
}

export function sideOf(fills: readonly Fill[], side: Partial<SideInput> = {}): SideInput {
  return {
    executions: fills.length === 0 ? null : columnsOf(fills),
    orderEvents: [],
    positionAtStart: 0,
    coverage: { firstUs: dayStartUs - 30 * 24 * HOUR_US, lastUs: dayStartUs + 30 * 24 * HOUR_US },
    ...side,
  };
}

export interface DayOptions extends Partial<Omit<SymbolDayInput, 'live' | 'backtest' | 'settings' | 'prices'>> {
  readonly live?: readonly Fill[] | SideInput;
  readonly backtest?: readonly Fill[] | SideInput;
  readonly settings?: Partial<ParitySettings>;
  /** Imported prices: [seconds after the start of the day, price]. */
  readonly prices?: readonly (readonly [at: number, price: number])[];
}

/** A closed day of BTC/USDT with 10,000 of capital; a single pair is enough to be judged. */
export function symbolDay(options: DayOptions): SymbolDayInput {
  const { live = [], backtest = [], settings, prices = [], ...rest } = options;
  const side = (fills: readonly Fill[] | SideInput) => ('executions' in fills ? fills : sideOf(fills));
  return {
    strategy: 'trend',
    symbol: 'BTC/USDT',
    day,
    live: side(live),
    backtest: side(backtest),
    prices: {
      atUs: Float64Array.from(prices, ([at]) => dayStartUs + Math.round(at * 1e6)),
      price: Float64Array.from(prices, ([, price]) => price),
    },
    lastFillBefore: null,
    feePrices: new Map(),
    allocatedCapital: null,
    quarantinedRows: 0,
    nowUs: dayStartUs + 48 * HOUR_US,
    settings: { ...defaultParitySettings, capital: 10_000, minMatchedOrders: 1, ...settings },
    revision: 1,
    intervals: false,
    ...rest,
  };
}
