import { addUtcDays, type UtcDay, utcDayStartUs } from '../base/time';
import type { ExecutionColumns } from '../market/columns';
import type { OrderEvent, Source } from '../market/executions';
import { type PricedFees, priceFees, quoteCurrency } from '../market/fees';
import { freshMarkUs, marksAtBoundaries, type PriceSeries } from '../market/marks';
import { formOrders, type OrderTable, orderStatusCode } from '../market/orders';
import { pairOfSymbol } from '../market/symbols';
import { dayReport, withoutInfinity } from './assembly';
import { attribute, pairColumns, pnlOf } from './attribution';
import { type LargestOrders, largestOrders } from './breaches';
import { capitalOf } from './capital';
import { clockReason, clocksApart, reportedClock } from './clock-words';
import { dayNotes, staleIntervals } from './day-notes';
import type { IntervalSeries, Report } from './document';
import { exposureSteps, largestNotional, peakOf } from './exposure';
import { matchOrders, meanTimeConfidence } from './matching';
import { latencyColumns, measuresOf } from './measures';
import { figure } from './method';
import {
  type FillShare,
  type LiquidityShare,
  liquidityOf,
  notionals,
  type PartialCount,
  partialFills,
  rateOf,
  statusCount,
  valueFill,
} from './order-figures';
import { type PairFigures, pairFiguresOf, spreadOverRows } from './pair-figures';
import { PairTable, type TableSide } from './pair-table';
import { recommendationsOf } from './recommendations';
import type { ParitySettings } from './settings';
import { equityAtBoundaries, intervalBoundaries, intervalDifferences, seriesOf } from './tracking';
import { capitalUnknown, missingEvidence, type SideEvidence } from './verdict';

/**
 * One strategy, one symbol, one UTC day: from the fills and order events of both sides to the report, its interval series and its orders
 * side by side. Pure: the same input gives the same output, byte for byte.
 */

export type { PriceSeries };

export interface SideInput {
  readonly executions: ExecutionColumns | null;
  readonly orderEvents: readonly OrderEvent[];
  /** Base units held at the day's first instant. */
  readonly positionAtStart: number;
  /** First and last instant the source's logs of the strategy cover; null when nothing of it is stored. */
  readonly coverage: { readonly firstUs: number; readonly lastUs: number } | null;
}

export interface SymbolDayInput {
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
  readonly live: SideInput;
  readonly backtest: SideInput;
  /** Imported prices of the symbol over the day, its last instant (24:00) included, and the last one before it; may be empty. */
  readonly prices: PriceSeries;
  /** Last fill of either source before the day. */
  readonly lastFillBefore: { readonly price: number; readonly atUs: number } | null;
  /** Imported prices by symbol, for fees paid in a third currency: `FEE/QUOTE` or its inverse. */
  readonly feePrices: ReadonlyMap<string, PriceSeries>;
  readonly allocatedCapital: number | null;
  readonly quarantinedRows: number;
  readonly nowUs: number;
  readonly settings: ParitySettings;
  readonly revision: number;
  /** Whether to compute the bootstrap intervals. */
  readonly intervals: boolean;
}

/** What a symbol's day adds to the portfolio's: plain data, so that it can cross to another thread. Money in quote currency. */
export interface SymbolDayContribution {
  readonly symbol: string;
  /** Null where the symbol does not name one. */
  readonly base: string | null;
  readonly quote: string | null;
  /** Mark at the end of the day; NaN where there is none. */
  readonly closingMark: number;
  /** Equity of each side at the day's start and at the end of each interval. */
  readonly liveEquity: Float64Array;
  readonly backtestEquity: Float64Array;
  /** Gross exposure of the backtest as a step function: instants and |position| * price from then on. */
  readonly exposureAtUs: Float64Array;
  readonly exposure: Float64Array;
  /** Notional of the backtest's largest order. */
  readonly largestOrder: number;
  readonly pairs: PairFigures;
  readonly largest: LargestOrders;
  /** Maker notional and notional of known liquidity, over all fills of each side. */
  readonly maker: { readonly live: LiquidityShare; readonly backtest: LiquidityShare };
  /** Filled and intended quantity at the closing mark, over the orders whose intended quantity is known. */
  readonly fill: { readonly live: FillShare; readonly backtest: FillShare };
  /** Orders with fills that were judged and those that were partial. */
  readonly partial: { readonly live: PartialCount; readonly backtest: PartialCount };
}

export interface SymbolDayResult {
  readonly report: Report;
  readonly series: IntervalSeries;
  readonly pairs: PairTable;
  /** Base units that live held more than the backtest at the day's first instant. */
  readonly positionDifference: number;
  readonly contribution: SymbolDayContribution;
}

export function computeSymbolDay(input: SymbolDayInput): SymbolDayResult {
  const { symbol, settings } = input;
  const startUs = utcDayStartUs(input.day);
  const endUs = utcDayStartUs(addUtcDays(input.day, 1));
  const pair = pairOfSymbol(symbol);
  const quote = quoteCurrency(pair, [input.live.executions, input.backtest.executions]);
  const base = pair?.base ?? null;

  const live = prepareSide('live', input.live, base, quote, input);
  const backtest = prepareSide('backtest', input.backtest, base, quote, input);
  const matching = matchOrders(
    live.orders,
    backtest.orders,
    live.columns?.clientOrderId ?? null,
    backtest.columns?.clientOrderId ?? null,
    settings.matchToleranceMs,
    settings.clockOffsetLimitMs,
  );
  const matched = matching.byKey + matching.byTime;

  const boundaries = intervalBoundaries(input.day, settings.intervalsPerDay);
  const marks = marksAtBoundaries(
    boundaries,
    input.prices,
    live.columns,
    backtest.columns,
    input.lastFillBefore,
    freshMarkUs,
  );
  const openingMark = marks.price[0]!;
  const closingMark = marks.price.at(-1)!;
  const marked = !Number.isNaN(closingMark);
  const [liveStart, backtestStart] = [input.live.positionAtStart, input.backtest.positionAtStart];
  const positionDifference = liveStart - backtestStart;

  const rows = pairColumns(live.orders, backtest.orders, matching, closingMark);
  const livePnl = pnlOf(live.columns, live.fees, liveStart, openingMark, closingMark);
  const backtestPnl = pnlOf(backtest.columns, backtest.fees, backtestStart, openingMark, closingMark);
  const grossNotional = livePnl.grossNotional + backtestPnl.grossNotional;
  const carry = positionDifference === 0 || !marked ? 0 : positionDifference * (closingMark - openingMark);
  const attribution = attribute(rows, livePnl, backtestPnl, carry);

  const exposure = exposureSteps(backtest.columns, backtestStart, openingMark, startUs);
  const largestOrder = largestNotional(backtest.orders);
  const capital = capitalOf(settings.capital, input.allocatedCapital, () => Math.max(peakOf(exposure), largestOrder));
  const capitalValue = capital.value ?? Number.NaN;
  const liveEquity = equityAtBoundaries(live.columns, live.fees, liveStart, boundaries, marks.price);
  const backtestEquity = equityAtBoundaries(backtest.columns, backtest.fees, backtestStart, boundaries, marks.price);
  const differences = intervalDifferences(liveEquity, backtestEquity);

  const pairs = pairFiguresOf(live.orders, backtest.orders, rows, matching);
  if (clocksApart(matching.clock)) pairs.displacementMs.fill(Number.NaN);
  const measures = measuresOf(pairs);
  const latencyOfRow = spreadOverRows(rows, latencyColumns(pairs, measures.latency.basis));
  const partial = {
    live: partialFills(live.orders, matching.backtestOf, backtest.orders, startUs),
    backtest: partialFills(backtest.orders, null, null, startUs),
  };
  const notional = notionals(live.orders, backtest.orders, rows);
  const maker = { live: liquidityOf(live.orders), backtest: liquidityOf(backtest.orders) };
  const makerShare = {
    live: maker.live.maker / maker.live.known,
    backtest: maker.backtest.maker / maker.backtest.known,
  };

  const tables: { live: TableSide; backtest: TableSide } = {
    live: { ...live, partial: partial.live.flags },
    backtest: { ...backtest, partial: partial.backtest.flags },
  };
  const table = new PairTable(rows, tables.live, tables.backtest, matching, latencyOfRow);
  const largest: LargestOrders = {
    gap: largestOrders(table, rows.gap, rows.gap, symbol),
    fees: largestOrders(table, rows.fees, rows.fees, symbol),
    latency: largestOrders(table, latencyOfRow, rows.gap, symbol),
  };

  const evidence: [SideEvidence, SideEvidence] = [
    sideEvidence(live, input.live),
    sideEvidence(backtest, input.backtest),
  ];
  const missing = missingEvidence({ startUs, endUs }, evidence, matched, input.nowUs, settings);
  if (positionDifference !== 0 && !(marked && marks.knownAtStart)) {
    missing.push({
      code: 'mark-missing',
      message: `no price at the start of the day for different positions (live ${liveStart}, backtest ${backtestStart} base units)`,
    });
  }
  const clock = clockReason(matching.clock, settings.clockOffsetLimitMs, {
    live: live.orders.filledCount,
    backtest: backtest.orders.filledCount,
    byKey: matching.byKey,
  });
  if (clock !== null) missing.push(clock);
  if (capital.value === null && evidence.some((side) => side.fills > 0)) missing.push(capitalUnknown);
  const computed = [attribution.gap, attribution.residual, livePnl.grossNotional, backtestPnl.grossNotional];
  if (!computed.every(Number.isFinite)) {
    missing.push({ code: 'not-computable', message: 'prices or quantities are too large to compute with' });
  }

  const staleMarks = staleIntervals(live.columns, backtest.columns, positionDifference, boundaries, marks.ageUs);
  const unpriced = addedUnpriced(live.unpriced, backtest.unpriced);
  const borrowedOpeningMark = (liveStart !== 0 || backtestStart !== 0) && !marks.knownAtStart && marked;
  const report = dayReport({
    input,
    symbol,
    currency: quote,
    boundaries,
    differences,
    pairs,
    measures,
    largest,
    missing,
    capital,
    attribution,
    grossNotional,
    matchedNotional: notional.matched,
    unmatchedNotional: notional.unmatched,
    pnl: { live: livePnl.traded + livePnl.carried, backtest: backtestPnl.traded + backtestPnl.carried },
    makerShare,
    partialFills: {
      liveRate: rateOf(partial.live.count),
      backtestRate: rateOf(partial.backtest.count),
      liveFillRatio: partial.live.fill.filled / partial.live.fill.intended,
      backtestFillRatio: partial.backtest.fill.filled / partial.backtest.fill.intended,
      liveOrders: partial.live.count.judged,
      backtestOrders: partial.backtest.count.judged,
    },
    orders: {
      live: live.orders.count,
      backtest: backtest.orders.count,
      liveRejected: statusCount(live.orders, orderStatusCode.rejected),
      liveCancelled: statusCount(live.orders, orderStatusCode.cancelled),
    },
    matches: {
      matched,
      byKey: matching.byKey,
      byTime: matching.byTime,
      missed: backtest.orders.filledCount - matched,
      extra: live.orders.filledCount - matched,
      ambiguous: matching.ambiguousCount,
      timeConfidence: figure(meanTimeConfidence(matching)),
    },
    clockOffset: reportedClock(matching.clock, settings.clockOffsetLimitMs, measures.latency.basis),
    recommendations: recommendationsOf({
      ...measures,
      live: { ...tables.live, fees: live.fees, positionAtStart: liveStart },
      backtest: { ...tables.backtest, fees: backtest.fees, positionAtStart: backtestStart },
      matching,
      frame: {
        boundariesUs: boundaries,
        prices: input.prices,
        lastFillBefore: input.lastFillBefore,
        capital: capitalValue,
      },
      attribution,
      liveMakerShare: figure(makerShare.live),
      quote,
    }),
    correlation: null,
    symbols: [],
    dataQuality: {
      unpricedFees: [...unpriced.values()].reduce((total, fills) => total + fills, 0),
      unknownFees: live.unknown + backtest.unknown,
      quarantinedRows: input.quarantinedRows,
      ambiguousMatches: matching.ambiguousCount,
      paperExecutions: paperFills(live.columns),
      staleMarks,
      dayClosed: input.nowUs >= endUs + settings.graceMs * 1_000,
      liveCoverage: coverageOf(input.live),
      backtestCoverage: coverageOf(input.backtest),
      notes: dayNotes({
        live,
        backtest,
        startUs,
        matching,
        rows,
        attribution,
        grossNotional,
        unpriced,
        borrowedOpeningMark,
      }),
    },
  });
  return {
    report: withoutInfinity(report),
    series: seriesOf(boundaries, liveEquity, backtestEquity, differences, capitalValue),
    pairs: table,
    positionDifference,
    contribution: {
      symbol,
      base,
      quote,
      closingMark,
      liveEquity,
      backtestEquity,
      exposureAtUs: exposure.atUs,
      exposure: exposure.value,
      largestOrder,
      pairs,
      largest,
      maker,
      fill: {
        live: valueFill(partial.live.fill, closingMark),
        backtest: valueFill(partial.backtest.fill, closingMark),
      },
      partial: { live: partial.live.count, backtest: partial.backtest.count },
    },
  };
}

interface Side {
  readonly source: Source;
  readonly columns: ExecutionColumns | null;
  readonly events: readonly OrderEvent[];
  readonly fees: Float64Array | null;
  readonly unknown: number;
  readonly unpriced: ReadonlyMap<string, number>;
  readonly orders: OrderTable;
}

const noFees: PricedFees = { quote: new Float64Array(0), unknown: 0, unpriced: new Map() };

function prepareSide(
  source: Source,
  side: SideInput,
  base: string | null,
  quote: string | null,
  { feePrices, settings }: SymbolDayInput,
): Side {
  const columns = side.executions;
  const fees =
    columns === null ? noFees : priceFees(columns, base, quote, feePrices, settings.feePriceMaxAgeMs * 1_000);
  const orders = formOrders(
    columns,
    columns === null ? null : fees.quote,
    side.orderEvents,
    settings.orderProximityMs * 1_000,
  );
  return {
    source,
    columns,
    events: side.orderEvents,
    fees: columns === null ? null : fees.quote,
    unknown: fees.unknown,
    unpriced: fees.unpriced,
    orders,
  };
}

function sideEvidence(side: Side, input: SideInput): SideEvidence {
  const fills = side.columns?.count ?? 0;
  return {
    name: side.source,
    fills,
    orders: side.orders.count,
    firstUs: fills === 0 ? Number.NaN : side.columns!.executedAtUs[0]!,
    lastUs: fills === 0 ? Number.NaN : side.columns!.executedAtUs[fills - 1]!,
    coverage: input.coverage,
  };
}

function paperFills(columns: ExecutionColumns | null): number {
  let paper = 0;
  for (let row = 0; row < (columns?.count ?? 0); row++) paper += columns!.paper[row]!;
  return paper;
}

function coverageOf({ coverage }: SideInput): { firstUs: number | null; lastUs: number | null } {
  return { firstUs: coverage?.firstUs ?? null, lastUs: coverage?.lastUs ?? null };
}

function addedUnpriced(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const merged = new Map(a);
  for (const [key, value] of b) merged.set(key, (merged.get(key) ?? 0) + value);
  return merged;
}
