import { columnBlock } from '../base/block';
import { addUtcDays, HOUR_US, type UtcDay, utcDayStartUs } from '../base/time';
import type { ExecutionColumns } from '../market/columns';
import type { OrderEvent, Source } from '../market/executions';
import { type PricedFees, priceFees, quoteCurrency } from '../market/fees';
import { marksAtBoundaries, type PriceSeries } from '../market/marks';
import { formOrders, type OrderTable, orderStatusCode } from '../market/orders';
import { pairOfSymbol } from '../market/symbols';
import { attribute, type PairColumns, pairColumns, pairKindCode, pnlOf } from './attribution';
import { breachesOf, type LargestOrder, type LargestOrders } from './breaches';
import { capitalOf } from './capital';
import { type IntervalSeries, type Report, reportSchemaId } from './document';
import { type Matching, matchOrders } from './matching';
import { feesOf, impactOf, latencyColumns, latencyOf, slippageOf } from './measures';
import { figure, methodVersion, settingsHashOf } from './method';
import type { PairFigures } from './pair-figures';
import { PairTable, type TableSide } from './pair-table';
import { recommendationsOf } from './recommendations';
import { scoreOf } from './score';
import type { ParitySettings } from './settings';
import {
  equityAtBoundaries,
  intervalBoundaries,
  intervalDifferences,
  seriesOf,
  trackingErrorBps,
  trackingIntervals,
} from './tracking';
import { count, missingEvidence, type SideEvidence, verdictOf } from './verdict';

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

interface LiquidityShare {
  readonly maker: number;
  readonly known: number;
}

interface FillShare {
  readonly filled: number;
  readonly intended: number;
}

interface PartialCount {
  readonly judged: number;
  readonly partial: number;
}

export interface SymbolDayResult {
  readonly report: Report;
  readonly series: IntervalSeries;
  readonly pairs: PairTable;
  readonly contribution: SymbolDayContribution;
}

/** A first price is at most this old to be preferred over a later fill. */
const freshMarkUs = HOUR_US;

export function computeSymbolDay(input: SymbolDayInput): SymbolDayResult {
  const { settings } = input;
  const startUs = utcDayStartUs(input.day);
  const endUs = utcDayStartUs(addUtcDays(input.day, 1));
  const pair = pairOfSymbol(input.symbol);
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
  );

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
  const positionDifference = input.live.positionAtStart - input.backtest.positionAtStart;
  const marked = !Number.isNaN(closingMark);

  const rows = pairColumns(live.orders, backtest.orders, matching, closingMark);
  const livePnl = pnlOf(live.columns, live.fees, input.live.positionAtStart, openingMark, closingMark);
  const backtestPnl = pnlOf(backtest.columns, backtest.fees, input.backtest.positionAtStart, openingMark, closingMark);
  const carry = positionDifference === 0 || !marked ? 0 : positionDifference * (closingMark - openingMark);
  const attribution = attribute(rows, livePnl, backtestPnl, carry);

  const exposure = exposureSteps(backtest, input.backtest.positionAtStart, openingMark, startUs);
  const largestOrder = largestNotional(backtest.orders);
  const capital = capitalOf(settings.capital, input.allocatedCapital, () =>
    Math.max(peak(exposure.value), largestOrder),
  );
  const capitalValue = capital.value ?? Number.NaN;

  const liveEquity = equityAtBoundaries(live.columns, live.fees, input.live.positionAtStart, boundaries, marks.price);
  const backtestEquity = equityAtBoundaries(
    backtest.columns,
    backtest.fees,
    input.backtest.positionAtStart,
    boundaries,
    marks.price,
  );
  const differences = intervalDifferences(liveEquity, backtestEquity);
  const errorBps = trackingErrorBps(differences, capitalValue);
  const differenceBps = capitalValue > 0 ? (1e4 * attribution.gap) / capitalValue : Number.NaN;
  const worstBps = Math.max(errorBps, Math.abs(differenceBps));

  const pairs = pairFiguresOf(live.orders, backtest.orders, rows, matching);
  const slippage = slippageOf(pairs);
  const fees = feesOf(pairs);
  const { latency, differenceMs } = latencyOf(pairs);
  const latencies = latencyColumns(pairs, latency.basis);
  const latencyOfRow = spreadOverRows(rows, latencies);
  const partial = {
    live: partialFills(live, matching.backtestOf, backtest.orders, startUs),
    backtest: partialFills(backtest, null, null, startUs),
  };
  const rateDifference = rateOf(partial.live.count) - rateOf(partial.backtest.count);
  const notional = notionals(live.orders, backtest.orders, rows);
  const matchRate = notional.matched / (notional.matched + notional.unmatched);
  const maker = { live: liquidityOf(live.orders), backtest: liquidityOf(backtest.orders) };
  const liveMakerShare = figure(maker.live.maker / maker.live.known);

  const tables: { live: TableSide; backtest: TableSide } = {
    live: { ...live, partial: partial.live.flags },
    backtest: { ...backtest, partial: partial.backtest.flags },
  };
  const table = new PairTable(rows, tables.live, tables.backtest, matching, latencyOfRow);
  const largest: LargestOrders = {
    gap: largestOrders(table, rows.gap, rows.gap, input.symbol),
    fees: largestOrders(table, rows.fees, rows.fees, input.symbol),
    latency: largestOrders(table, latencyOfRow, rows.gap, input.symbol),
  };

  const matched = matching.byKey + matching.byTime;
  const evidence: [SideEvidence, SideEvidence] = [
    sideEvidence(live, input.live),
    sideEvidence(backtest, input.backtest),
  ];
  const missing = missingEvidence({ startUs, endUs }, evidence, matched, input.nowUs, settings);
  const carriesPosition = input.live.positionAtStart !== 0 || input.backtest.positionAtStart !== 0;
  if (positionDifference !== 0 && !(marked && marks.knownAtStart)) {
    const held = `live ${input.live.positionAtStart}, backtest ${input.backtest.positionAtStart} base units`;
    missing.push({
      code: 'mark-missing',
      message: `no price at the start of the day for different positions (${held})`,
    });
  }
  if (capital.value === null && evidence.some((side) => side.fills > 0)) {
    missing.push({
      code: 'capital-unknown',
      message: 'no capital configured, and no backtest exposure to estimate it from',
    });
  }
  if (
    ![attribution.gap, attribution.residual, livePnl.grossNotional, backtestPnl.grossNotional].every(Number.isFinite)
  ) {
    missing.push({ code: 'not-computable', message: 'prices or quantities are too large to compute with' });
  }

  const judged = {
    trackingErrorBps: errorBps,
    trackingDifferenceBps: differenceBps,
    feeDifferenceBps: fees.differenceBps,
    latencyDifferenceMs: differenceMs,
  };
  const { status, reasons } = verdictOf(judged, missing, settings);
  const { score, points } = scoreOf(
    {
      worstTrackingBps: worstBps,
      feeDifferenceBps: fees.differenceBps,
      latencyDifferenceMs: differenceMs,
      partialFillRateDifference: rateDifference,
      matchRate,
    },
    settings,
  );
  const staleMarks = staleIntervals(live, backtest, positionDifference, boundaries, marks.ageUs);
  const intervals = input.intervals
    ? trackingIntervals(differences, capitalValue, `${input.strategy}|${input.symbol}|${input.day}|${input.day}`)
    : { trackingErrorInterval: null, trackingDifferenceInterval: null };
  const unpriced = mergeCounts(live.unpriced, backtest.unpriced);

  const notes: string[] = [];
  if (carriesPosition && !marks.knownAtStart && marked) {
    notes.push(
      'No price is known at the start of the day: positions held over are valued from the first price of the day on.',
    );
  }
  for (const [currency, fills] of unpriced) {
    notes.push(
      `${count(fills, 'fee')} ${currency === '' ? 'without a currency' : `in ${currency}`} could not be priced and ${fills === 1 ? 'is' : 'are'} left out of every figure.`,
    );
  }
  if (live.unknown + backtest.unknown > 0) {
    notes.push(`Fills without a fee in their log: live ${live.unknown}, backtest ${backtest.unknown}.`);
  }
  if (attribution.delay !== null) {
    let known = 0;
    for (const delay of rows.delay) if (!Number.isNaN(delay)) known++;
    if (known < matched)
      notes.push(`Delay and execution cover the ${known} of ${matched} pairs with an arrival price.`);
  }
  for (const side of [live, backtest]) {
    const early = sentBefore(side.orders, startUs);
    if (early > 0) {
      notes.push(
        `${count(early, `${side.source} order`)} sent before the day began: what filled today is an order of today, and its size is not judged.`,
      );
    }
    const backwards = filledBeforeSent(side.orders);
    if (backwards > 0) {
      notes.push(`${count(backwards, `${side.source} order`)} filled before decision or submission: check the clocks.`);
    }
  }
  if (matching.sharedKeys > 0) {
    notes.push(
      `${count(matching.sharedKeys, 'order')} share a client order id with another order of their side: matched by time.`,
    );
  }
  if (matching.narrowed > 0) {
    notes.push(
      `${count(matching.narrowed, 'live order')} had more candidates than are compared: the nearest in time were.`,
    );
  }
  if (livePnl.grossNotional + backtestPnl.grossNotional > 0) {
    const bound = 1e-9 * (livePnl.grossNotional + backtestPnl.grossNotional);
    if (Math.abs(attribution.residual) > bound)
      notes.push('The attribution leaves more unexplained than rounding: please report it.');
  }

  const report: Report = {
    schema: reportSchemaId,
    key: {
      strategy: input.strategy,
      symbol: input.symbol,
      from: input.day,
      to: input.day,
      revision: input.revision,
    },
    status,
    reasons,
    currency: quote,
    trackingErrorBps: figure(errorBps),
    trackingErrorInterval: intervals.trackingErrorInterval,
    trackingDifferenceBps: figure(differenceBps),
    trackingDifferenceInterval: intervals.trackingDifferenceInterval,
    worstTrackingBps: figure(worstBps),
    window: null,
    pnl: { live: figure(livePnl.traded + livePnl.carried), backtest: figure(backtestPnl.traded + backtestPnl.carried) },
    slippage,
    feeDifferenceBps: figure(fees.differenceBps),
    fees: {
      liveBps: figure(fees.liveBps),
      backtestBps: figure(fees.backtestBps),
      liveNotional: fees.liveNotional,
      backtestNotional: fees.backtestNotional,
      liveMakerShare,
      backtestMakerShare: figure(maker.backtest.maker / maker.backtest.known),
    },
    latencyDifferenceMs: figure(differenceMs),
    latency,
    partialFillRateDifference: figure(rateDifference),
    partialFills: {
      liveRate: figure(rateOf(partial.live.count)),
      backtestRate: figure(rateOf(partial.backtest.count)),
      liveFillRatio: figure(partial.live.fill.filled / partial.live.fill.intended),
      backtestFillRatio: figure(partial.backtest.fill.filled / partial.backtest.fill.intended),
      liveOrders: partial.live.count.judged,
      backtestOrders: partial.backtest.count.judged,
    },
    impact: impactOf(pairs),
    matchRate: figure(matchRate),
    executionQualityScore: score,
    scorePoints: points,
    capital,
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
    },
    grossNotional: livePnl.grossNotional + backtestPnl.grossNotional,
    matchedNotional: notional.matched,
    unmatchedNotional: notional.unmatched,
    attribution,
    breaches: breachesOf({
      figures: judged,
      settings,
      endsUs: boundaries.subarray(1),
      differences,
      capital: capitalValue,
      pairs,
      latencyBasis: latency.basis,
      largest,
    }),
    recommendations: recommendationsOf({
      ...tables,
      matching,
      closingMark,
      capital: capitalValue,
      attribution,
      fees,
      liveMakerShare,
      slippage,
      latency,
      latencyDifferenceMs: differenceMs,
      latencyWarnMs: settings.latencyMs.warn,
      positionDifference,
      staleMarks,
      unpriced,
      quote,
    }),
    correlation: null,
    symbols: [],
    dataQuality: {
      unpricedFees: total(unpriced),
      unknownFees: live.unknown + backtest.unknown,
      quarantinedRows: input.quarantinedRows,
      ambiguousMatches: matching.ambiguousCount,
      paperExecutions: paperFills(live.columns),
      staleMarks,
      dayClosed: input.nowUs >= endUs + settings.graceMs * 1_000,
      liveCoverage: coverageOf(input.live),
      backtestCoverage: coverageOf(input.backtest),
      notes,
    },
    methodVersion,
    settingsHash: settingsHashOf(settings),
  };
  return {
    report: withoutInfinity(report),
    series: seriesOf(boundaries, liveEquity, backtestEquity, differences, capitalValue),
    pairs: table,
    contribution: {
      symbol: input.symbol,
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

/** |position| * price of one side at the start of the day and after each fill. */
function exposureSteps(
  side: Side,
  positionAtStart: number,
  openingMark: number,
  startUs: number,
): { readonly atUs: Float64Array; readonly value: Float64Array } {
  const fills = side.columns?.count ?? 0;
  const atUs = new Float64Array(fills + 1);
  const value = new Float64Array(fills + 1);
  atUs[0] = startUs;
  value[0] = positionAtStart === 0 || Number.isNaN(openingMark) ? 0 : Math.abs(positionAtStart * openingMark);
  let position = positionAtStart;
  for (let row = 0; row < fills; row++) {
    position += side.columns!.side[row]! * side.columns!.quantity[row]!;
    atUs[row + 1] = side.columns!.executedAtUs[row]!;
    value[row + 1] = Math.abs(position * side.columns!.price[row]!);
  }
  return { atUs, value };
}

function peak(values: Float64Array): number {
  let highest = 0;
  for (const value of values) if (value > highest) highest = value;
  return highest;
}

function largestNotional(orders: OrderTable): number {
  let largest = 0;
  for (let order = 0; order < orders.filledCount; order++)
    largest = Math.max(largest, Math.abs(orders.notional[order]!));
  return largest;
}

function pairFiguresOf(live: OrderTable, backtest: OrderTable, rows: PairColumns, matching: Matching): PairFigures {
  const size = matching.byKey + matching.byTime;
  const decided = anyKnown(live.decidedAtUs) && anyKnown(backtest.decidedAtUs);
  const submitted = anyKnown(live.submittedAtUs) && anyKnown(backtest.submittedAtUs);
  const column = columnBlock(size, 8 + (decided ? 2 : 0) + (submitted ? 2 : 0));
  const figures = {
    count: size,
    atUs: column(),
    slippageBps: column(),
    weight: column(),
    notional: { live: column(), backtest: column() },
    fee: { live: column(), backtest: column() },
    displacementMs: column(),
  };
  const decisionMs = decided ? { live: column(), backtest: column() } : null;
  const submissionMs = submitted ? { live: column(), backtest: column() } : null;
  for (let row = 0, at = 0; row < rows.count; row++) {
    if (rows.kind[row] !== pairKindCode.matched) continue;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    figures.atUs[at] = Math.max(live.lastUs[l]!, backtest.lastUs[b]!);
    figures.slippageBps[at] = rows.slippageBps[row]!;
    figures.weight[at] = Math.min(live.quantity[l]!, backtest.quantity[b]!) * Math.abs(backtest.price[b]!);
    figures.notional.live[at] = live.notional[l]!;
    figures.notional.backtest[at] = backtest.notional[b]!;
    figures.fee.live[at] = live.feeGaps[l] === 0 ? live.fee[l]! : Number.NaN;
    figures.fee.backtest[at] = backtest.feeGaps[b] === 0 ? backtest.fee[b]! : Number.NaN;
    figures.displacementMs[at] = (live.firstUs[l]! - backtest.firstUs[b]!) / 1_000;
    if (decisionMs !== null) {
      decisionMs.live[at] = (live.firstUs[l]! - live.decidedAtUs[l]!) / 1_000;
      decisionMs.backtest[at] = (backtest.firstUs[b]! - backtest.decidedAtUs[b]!) / 1_000;
    }
    if (submissionMs !== null) {
      submissionMs.live[at] = (live.firstUs[l]! - live.submittedAtUs[l]!) / 1_000;
      submissionMs.backtest[at] = (backtest.firstUs[b]! - backtest.submittedAtUs[b]!) / 1_000;
    }
    at++;
  }
  return { ...figures, decisionMs, submissionMs };
}

function anyKnown(values: Float64Array): boolean {
  for (const value of values) if (!Number.isNaN(value)) return true;
  return false;
}

/** Live minus backtest latency on the rows of the table, NaN where it is unknown. */
function spreadOverRows(rows: PairColumns, latencies: { live: Float64Array; backtest: Float64Array }): Float64Array {
  const spread = new Float64Array(rows.count).fill(Number.NaN);
  for (let row = 0, at = 0; row < rows.count && at < latencies.live.length; row++) {
    if (rows.kind[row] === pairKindCode.matched) spread[row] = latencies.live[at]! - latencies.backtest[at++]!;
  }
  return spread;
}

/**
 * Which filled orders filled less than was asked for, and the sums of the fill ratio. What was asked for is the log's, else the
 * partner's quantity; a backtest order without either asked for what it filled. Orders sent before the day began are not judged.
 */
function partialFills(side: Side, partners: Int32Array | null, partnerOrders: OrderTable | null, startUs: number) {
  const { orders } = side;
  const flags = new Uint8Array(orders.count);
  let judged = 0;
  let partial = 0;
  let filled = 0;
  let intended = 0;
  for (let order = 0; order < orders.count; order++) {
    const quantity = orders.quantity[order]!;
    if (orders.decidedAtUs[order]! < startUs || orders.submittedAtUs[order]! < startUs) continue;
    let asked = orders.intended[order]!;
    if (Number.isNaN(asked) && order < orders.filledCount) {
      const partner = partners === null ? -1 : partners[order]!;
      if (partnerOrders === null) asked = quantity;
      else if (partner >= 0) asked = partnerOrders.quantity[partner]!;
    }
    const known = !Number.isNaN(asked);
    if (known) {
      filled += quantity;
      intended += asked;
    }
    if (order >= orders.filledCount) continue;
    const endedEarly = orders.status[order] === orderStatusCode.partial;
    if (!known && !endedEarly) continue;
    judged++;
    if (endedEarly || quantity < asked * (1 - 1e-9)) {
      flags[order] = 1;
      partial++;
    }
  }
  return { flags, count: { judged, partial }, fill: { filled, intended } };
}

export function rateOf({ judged, partial }: PartialCount): number {
  return judged === 0 ? Number.NaN : partial / judged;
}

function valueFill(fill: FillShare, mark: number): FillShare {
  return Number.isNaN(mark)
    ? { filled: 0, intended: 0 }
    : { filled: fill.filled * mark, intended: fill.intended * mark };
}

/** Notional of the pairs (mean of their sides) and of the orders without a partner. */
function notionals(live: OrderTable, backtest: OrderTable, rows: PairColumns) {
  let matched = 0;
  let unmatched = 0;
  for (let row = 0; row < rows.count; row++) {
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    const liveNotional = l < 0 ? 0 : Math.abs(live.notional[l]!);
    const backtestNotional = b < 0 ? 0 : Math.abs(backtest.notional[b]!);
    if (rows.kind[row] === pairKindCode.matched) matched += (liveNotional + backtestNotional) / 2;
    else unmatched += liveNotional + backtestNotional;
  }
  return { matched, unmatched };
}

function liquidityOf(orders: OrderTable): LiquidityShare {
  let maker = 0;
  let taker = 0;
  for (let order = 0; order < orders.filledCount; order++) {
    maker += orders.makerNotional[order]!;
    taker += orders.takerNotional[order]!;
  }
  return { maker, known: maker + taker };
}

/** The three rows with the largest absolute key, largest first, with their share. */
function largestOrders(table: PairTable, keys: Float64Array, shares: Float64Array, symbol: string): LargestOrder[] {
  const top: number[] = [];
  for (let row = 0; row < keys.length; row++) {
    const size = Math.abs(keys[row]!);
    if (!(size > 0) || (top.length === 3 && size <= Math.abs(keys[top[2]!]!))) continue;
    top.push(row);
    top.sort((a, b) => Math.abs(keys[b]!) - Math.abs(keys[a]!) || a - b);
    if (top.length > 3) top.pop();
  }
  return top.map((row) => ({ id: table.idAt(row), symbol, gap: shares[row]! }));
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

/** Intervals whose closing mark is older than an hour although a side traded in them or the sides held different positions. */
function staleIntervals(
  live: Side,
  backtest: Side,
  positionDifference: number,
  boundaries: Float64Array,
  ageUs: Float64Array,
): number {
  if (!ageUs.some((age) => age > freshMarkUs)) return 0;
  let stale = 0;
  let difference = positionDifference;
  const cursors = [
    { columns: live.columns, row: 0, sign: 1 },
    { columns: backtest.columns, row: 0, sign: -1 },
  ];
  for (let boundary = 1; boundary < boundaries.length; boundary++) {
    let moved = difference !== 0;
    for (const cursor of cursors) {
      if (cursor.columns === null) continue;
      while (cursor.row < cursor.columns.count && cursor.columns.executedAtUs[cursor.row]! < boundaries[boundary]!) {
        difference += cursor.sign * cursor.columns.side[cursor.row]! * cursor.columns.quantity[cursor.row]!;
        cursor.row++;
        moved = true;
      }
    }
    if (moved && ageUs[boundary]! > freshMarkUs) stale++;
  }
  return stale;
}

function sentBefore(orders: OrderTable, startUs: number): number {
  let early = 0;
  for (let order = 0; order < orders.filledCount; order++) {
    if (orders.decidedAtUs[order]! < startUs || orders.submittedAtUs[order]! < startUs) early++;
  }
  return early;
}

function filledBeforeSent(orders: OrderTable): number {
  let backwards = 0;
  for (let order = 0; order < orders.filledCount; order++) {
    const first = orders.firstUs[order]!;
    if (orders.decidedAtUs[order]! > first || orders.submittedAtUs[order]! > first) backwards++;
  }
  return backwards;
}

function statusCount(orders: OrderTable, status: number): number {
  let found = 0;
  for (let order = 0; order < orders.count; order++) if (orders.status[order] === status) found++;
  return found;
}

function paperFills(columns: ExecutionColumns | null): number {
  let paper = 0;
  for (let row = 0; row < (columns?.count ?? 0); row++) paper += columns!.paper[row]!;
  return paper;
}

function coverageOf({ coverage }: SideInput): { firstUs: number | null; lastUs: number | null } {
  return { firstUs: coverage?.firstUs ?? null, lastUs: coverage?.lastUs ?? null };
}

function mergeCounts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const merged = new Map(a);
  for (const [key, value] of b) merged.set(key, (merged.get(key) ?? 0) + value);
  return merged;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const value of counts.values()) sum += value;
  return sum;
}

/** The document cannot carry NaN or infinities; where sums of absurd inputs end there, the figure is zero and the status UNKNOWN. */
function withoutInfinity(report: Report): Report {
  const attribution = { ...report.attribution };
  for (const [name, value] of Object.entries(attribution)) {
    if (typeof value === 'number' && !Number.isFinite(value)) Object.assign(attribution, { [name]: 0 });
  }
  const finite = (value: number) => (Number.isFinite(value) ? value : 0);
  return {
    ...report,
    attribution,
    slippage: { ...report.slippage, weight: finite(report.slippage.weight) },
    fees: {
      ...report.fees,
      liveNotional: finite(report.fees.liveNotional),
      backtestNotional: finite(report.fees.backtestNotional),
    },
    grossNotional: finite(report.grossNotional),
    matchedNotional: finite(report.matchedNotional),
    unmatchedNotional: finite(report.unmatchedNotional),
  };
}
