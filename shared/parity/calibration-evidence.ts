import { priceFees, quoteCurrency } from '../market/fees';
import { formOrders } from '../market/orders';
import { pairOfSymbol } from '../market/symbols';
import type { BacktestSide } from './calibration-apply';
import type { OrderRow } from './document';
import { computeSymbolDay, type SideInput, type SymbolDayInput } from './symbol-day';
import type { DayFrame, TrackedSide } from './tracked-day';
import { intervalBoundaries } from './tracking';
import { incompleteCodes } from './verdict';

/** What a calibration takes from a day: its pairs as columns to fit on, and its fills to work it out again with other settings. */

export type Liquidity = 'maker' | 'taker' | null;

/** One matched pair. NaN = unknown; money in quote currency. */
export interface PairSample {
  readonly side: 1 | -1;
  /** Positive = live worse. */
  readonly slippageBps: number;
  /** The part of it that the price had moved before the order arrived. */
  readonly delayBps: number;
  readonly liveNotional: number;
  readonly backtestNotional: number;
  readonly liveFee: number;
  readonly backtestFee: number;
  readonly liveLiquidity: Liquidity;
  readonly backtestLiquidity: Liquidity;
  readonly liveQuantity: number;
  readonly backtestQuantity: number;
  /** Live minus backtest, on the day's basis. */
  readonly addedLatencyMs: number;
  /** First live fill after decision, or after submission where only that is known. */
  readonly liveLatencyMs: number;
}

export interface CalibrationDay {
  readonly day: string;
  /** Why the day is no evidence; null = it is. */
  readonly leftOut: string | null;
  readonly currency: string | null;
  /** All pairs, or of a day with very many every so-manieth. */
  readonly pairs: readonly PairSample[];
  readonly matched: number;
  readonly missed: number;
  /** At the backtest's prices: the backtest's orders that live filled, what live filled of them, and the orders it missed. */
  readonly askedNotional: number;
  readonly filledNotional: number;
  readonly missedNotional: number;
  readonly latencyBasis: 'decision' | 'submission' | 'displacement' | 'none';
  readonly capital: number;
}

/** Pairs that are kept of a day: more would tell no more, and cost memory over hundreds of days. */
const mostPairs = 5_000;

export function calibrationDayOf(input: SymbolDayInput): CalibrationDay {
  const { report, pairs: table } = computeSymbolDay({ ...input, intervals: false });
  const pairs: PairSample[] = [];
  let askedNotional = 0;
  let filledNotional = 0;
  let missedNotional = 0;
  let met = 0;
  const stride = Math.ceil(report.matches.matched / mostPairs);
  for (let row = 0; row < table.count; row++) {
    const { kind, live, backtest, slippageBps, latencyMs } = table.pairRowAt(row);
    if (kind === 'missed' && backtest !== null) missedNotional += Math.abs(backtest.notional);
    if (kind !== 'matched' || live === null || backtest === null) continue;
    const asked = Math.abs(backtest.notional);
    askedNotional += asked;
    filledNotional += (asked * live.filledQuantity) / backtest.filledQuantity;
    if (met++ % stride !== 0) continue;
    const side = live.side === 'buy' ? 1 : -1;
    const price = backtest.averagePrice ?? Number.NaN;
    pairs.push({
      side,
      slippageBps: slippageBps ?? Number.NaN,
      delayBps: ((side * ((live.arrivalPrice ?? Number.NaN) - price)) / Math.abs(price)) * 1e4,
      liveNotional: Math.abs(live.notional),
      backtestNotional: Math.abs(backtest.notional),
      liveFee: live.feeQuote ?? Number.NaN,
      backtestFee: backtest.feeQuote ?? Number.NaN,
      liveLiquidity: live.liquidity,
      backtestLiquidity: backtest.liquidity,
      liveQuantity: live.filledQuantity,
      backtestQuantity: backtest.filledQuantity,
      addedLatencyMs: latencyMs ?? Number.NaN,
      liveLatencyMs: latencyOf(live),
    });
  }
  const incomplete = report.reasons.find(({ code }) => incompleteCodes.has(code) || code === 'side-silent');
  const noPairs = pairs.length === 0 ? 'no matched orders' : null;
  const noCapital = report.capital.value === null ? 'no capital' : null;
  return {
    day: input.day,
    leftOut: incomplete?.code ?? noPairs ?? noCapital,
    currency: report.currency,
    pairs,
    matched: report.matches.matched,
    missed: report.matches.missed,
    askedNotional,
    filledNotional,
    missedNotional,
    latencyBasis: report.latency.basis,
    capital: report.capital.value ?? Number.NaN,
  };
}

function latencyOf({ firstFillUs, decidedAtUs, submittedAtUs }: OrderRow): number {
  const sentUs = decidedAtUs ?? submittedAtUs;
  return firstFillUs === null || sentUs === null ? Number.NaN : (firstFillUs - sentUs) / 1_000;
}

/** A day's fills, ready to be worked out again. */
export interface ReplayDay {
  readonly frame: DayFrame;
  readonly live: TrackedSide;
  readonly backtest: BacktestSide;
  /** Base units the backtest bought less those it sold. */
  readonly netQuantity: number;
}

/** @param capital the day's, as its report has it: the measure stays the same with all settings */
export function replayDayOf(input: SymbolDayInput, capital: number): ReplayDay {
  const pair = pairOfSymbol(input.symbol);
  const quote = quoteCurrency(pair, [input.live.executions, input.backtest.executions]);
  const sideOf = ({ executions, orderEvents, positionAtStart }: SideInput) => {
    const { feePrices, settings } = input;
    const feeQuote =
      executions === null
        ? null
        : priceFees(executions, pair?.base ?? null, quote, feePrices, settings.feePriceMaxAgeMs * 1_000).quote;
    const orders = formOrders(executions, feeQuote, orderEvents, settings.orderProximityMs * 1_000);
    return { fills: executions, feeQuote, positionAtStart, orders };
  };
  const backtest = sideOf(input.backtest);
  let netQuantity = 0;
  for (let row = 0; row < (backtest.fills?.count ?? 0); row++) {
    netQuantity += backtest.fills!.side[row]! * backtest.fills!.quantity[row]!;
  }
  return {
    frame: {
      boundariesUs: intervalBoundaries(input.day, input.settings.intervalsPerDay),
      prices: input.prices,
      lastFillBefore: input.lastFillBefore,
      capital,
    },
    live: sideOf(input.live),
    backtest,
    netQuantity,
  };
}
