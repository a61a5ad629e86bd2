import { z } from 'zod';
import { liquiditySchema, sideSchema } from '../market/executions';

/**
 * The report document: what `lockstep report --json` prints, what the store keeps and what the console shows. Its keys are
 * stable; `schema` changes when a key changes meaning or goes. A figure that cannot be known is null, never zero.
 */
export const reportSchemaId = 'lockstep.report/1';

export const parityStatusSchema = z.enum(['PASS', 'WARN', 'FAIL', 'UNKNOWN']);
export type ParityStatus = z.infer<typeof parityStatusSchema>;

const figure = z.number().nullable();
const knownIntervalSchema = z.object({
  lower: z.number(),
  upper: z.number(),
  level: z.number(),
  method: z.string(),
  /** Why the true value may lie outside more often than `level` says; absent when nothing speaks for it. */
  caution: z.string().optional(),
});
/** A confidence interval, in the unit of its figure. */
export type Interval = z.infer<typeof knownIntervalSchema>;
const intervalSchema = knownIntervalSchema.nullable();
/** Absent in revisions that were made before there was such an interval. */
const laterIntervalSchema = intervalSchema.optional();

export const breachSchema = z.object({
  metric: z.enum(['trackingErrorBps', 'trackingDifferenceBps', 'feeDifferenceBps', 'latencyDifferenceMs']),
  value: z.number(),
  limit: z.number(),
  severity: z.enum(['warning', 'limit', 'critical']),
  /** First instant of the day at which the figure so far stood beyond the limit. */
  firstSeenUs: z.number(),
  /**
   * Up to three orders with the largest share, largest first; ids as in {@link orderRowSchema}. `gap` is the order's share of the
   * P&L gap in quote currency; for the fee breach the part of it that fees make.
   */
  largestOrders: z.array(z.object({ id: z.string(), symbol: z.string(), gap: z.number() })),
});
export type Breach = z.infer<typeof breachSchema>;

export const recommendationSchema = z.object({
  /** Which setting or part of the chain it is about: fees, latency, slippage, order size, missed orders; or two of them. */
  topic: z.string(),
  what: z.string(),
  why: z.string(),
  /** Expected change of the tracking difference in bps, signed; null where it cannot be computed. */
  expectedEffectBps: figure,
});

export const attributionSchema = z.object({
  gap: z.number(),
  price: z.number(),
  /** Part of `price`; null unless at least one pair has an arrival price. */
  delay: figure,
  execution: figure,
  quantity: z.number(),
  fees: z.number(),
  missed: z.number(),
  extra: z.number(),
  carry: z.number(),
  other: z.number(),
  /** gap minus the sum of price, quantity, fees, missed, extra, carry and other; within 1e-9 of gross notional or it is an error. */
  residual: z.number(),
});
export type Attribution = z.infer<typeof attributionSchema>;

const latencySideSchema = z.object({ p50: figure, p95: figure, p99: figure, mean: figure, orders: z.number() });

export const reportSchema = z.object({
  schema: z.literal(reportSchemaId),
  key: z.object({
    strategy: z.string(),
    /** null = portfolio: all symbols of the strategy. */
    symbol: z.string().nullable(),
    /** First and last UTC day; the same day in a daily report. */
    from: z.string(),
    to: z.string(),
    revision: z.number(),
  }),
  status: parityStatusSchema,
  /** Why the status is what it is, worst first, with the figures: "tracking error 27.4 bps/day >= 20". */
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  currency: z.string().nullable(),
  trackingErrorBps: figure,
  trackingErrorInterval: intervalSchema,
  trackingDifferenceBps: figure,
  trackingDifferenceInterval: intervalSchema,
  worstTrackingBps: figure,
  /**
   * Over a window of two days and more: spread of the daily tracking differences; null in a daily report. The interval of their mean is
   * `trackingDifferenceInterval`, since a window's tracking difference is that mean.
   */
  window: z
    .object({
      days: z.number(),
      trackingErrorWindowBps: figure,
      trackingErrorWindowInterval: intervalSchema,
      meanTrackingDifferenceBps: figure,
      annualisedTrackingErrorBps: figure,
      annualisationDays: z.number(),
    })
    .nullable(),
  pnl: z.object({ live: figure, backtest: figure }),
  slippage: z.object({
    meanBps: figure,
    deviationBps: figure,
    rmsBps: figure,
    p5Bps: figure,
    p50Bps: figure,
    p95Bps: figure,
    /** Sum of the pairs' weights qm * p_backtest, quote currency: what pools these figures over days. */
    weight: z.number(),
    /** Of the mean. */
    meanInterval: laterIntervalSchema,
  }),
  feeDifferenceBps: figure,
  feeDifferenceInterval: laterIntervalSchema,
  /** Fee rates over the pairs whose fees are known on both sides, the notional they rest on, and the maker share of all fills. */
  fees: z.object({
    liveBps: figure,
    backtestBps: figure,
    liveNotional: z.number(),
    backtestNotional: z.number(),
    liveMakerShare: figure,
    backtestMakerShare: figure,
  }),
  latencyDifferenceMs: figure,
  latencyDifferenceInterval: laterIntervalSchema,
  latency: z.object({
    basis: z.enum(['decision', 'submission', 'displacement', 'none']),
    live: latencySideSchema,
    backtest: latencySideSchema,
  }),
  partialFillRateDifference: figure,
  /** Rates over orders with fills whose intended quantity is known (`liveOrders`, `backtestOrders`); ratios over all such orders. */
  partialFills: z.object({
    liveRate: figure,
    backtestRate: figure,
    liveFillRatio: figure,
    backtestFillRatio: figure,
    liveOrders: z.number(),
    backtestOrders: z.number(),
  }),
  impact: z.object({ slopeBpsPerSqrtNotional: figure, standardError: figure, pairs: z.number() }),
  matchRate: figure,
  executionQualityScore: figure,
  /** Points lost per cause; they and the score add up to 100. Null where the figure is unknown: then there is no score either. */
  scorePoints: z.object({
    tracking: figure,
    fees: figure,
    latency: figure,
    partialFills: figure,
    unmatched: figure,
  }),
  capital: z.object({ value: figure, basis: z.enum(['configured', 'allocated', 'estimated', 'none']) }),
  orders: z.object({ live: z.number(), backtest: z.number(), liveRejected: z.number(), liveCancelled: z.number() }),
  matches: z.object({
    matched: z.number(),
    byKey: z.number(),
    byTime: z.number(),
    missed: z.number(),
    extra: z.number(),
    ambiguous: z.number(),
    /** Mean confidence of the pairs by time, 0 to 1. */
    timeConfidence: figure,
  }),
  /**
   * How the live log's clock stands to the backtest's, live minus backtest: the median over `pairs` orders and its 95 % interval. Null in
   * portfolios and windows, whose symbols' days each have their own.
   */
  clockOffset: z
    .object({
      verdict: z.enum(['agree', 'corrected', 'offset-or-delay', 'beyond-limit', 'time-zone', 'spread', 'unknown']),
      /** The event that was compared: fills have a delay between them as well. */
      basis: z.enum(['decision', 'submission', 'fill']),
      pairedBy: z.enum(['key', 'time']).nullable(),
      offsetMs: figure,
      lowerMs: figure,
      upperMs: figure,
      pairs: z.number(),
      /** What the live clock gains in a day; null where it cannot be told from zero. */
      driftMsPerDay: figure,
      /** What matching by time took from the live times; 0 = nothing. No other figure is corrected. */
      correctedMs: z.number(),
      limitMs: z.number(),
      /**
       * The latency figures: taken on each log's own clock, which no offset touches; between the two clocks, uncorrected; withheld, for
       * between clocks that stand apart there is no latency; or none.
       */
      latency: z.enum(['own-clocks', 'between-clocks', 'withheld', 'none']),
      why: z.string(),
    })
    .nullable(),
  /** Traded notional of both sides, and of the pairs (mean of their two sides). */
  grossNotional: z.number(),
  matchedNotional: z.number(),
  unmatchedNotional: z.number(),
  attribution: attributionSchema,
  breaches: z.array(breachSchema),
  recommendations: z.array(recommendationSchema),
  /**
   * Portfolio only: correlation of the symbols' interval differences; null where there is nothing to correlate. Pairs of the eight symbols
   * with the largest differences; the component's share is over all symbols.
   */
  correlation: z
    .object({
      symbols: z.array(z.string()),
      /** Row by row, upper triangle without the diagonal; n = common intervals. */
      pairs: z.array(
        z.object({ a: z.string(), b: z.string(), pearson: figure, spearman: figure, intervals: z.number() }),
      ),
      firstComponentShare: figure,
    })
    .nullable(),
  /** Portfolio only: the symbols it sums, worst first. */
  symbols: z.array(
    z.object({
      symbol: z.string(),
      status: parityStatusSchema,
      worstTrackingBps: figure,
      gap: z.number(),
    }),
  ),
  /** Published portfolios of very many symbols: those with the smallest gaps, left out of `symbols` for the size of the document. */
  symbolsLeftOut: z.object({ count: z.number(), gap: z.number() }).optional(),
  dataQuality: z.object({
    unpricedFees: z.number(),
    unknownFees: z.number(),
    quarantinedRows: z.number(),
    ambiguousMatches: z.number(),
    paperExecutions: z.number(),
    /** Intervals in which the sides traded or held different positions and the mark at the end was older than an hour. */
    staleMarks: z.number(),
    dayClosed: z.boolean(),
    liveCoverage: z.object({ firstUs: figure, lastUs: figure }),
    backtestCoverage: z.object({ firstUs: figure, lastUs: figure }),
    notes: z.array(z.string()),
  }),
  methodVersion: z.string(),
  settingsHash: z.string(),
});
export type Report = z.infer<typeof reportSchema>;

/** One order of one source inside a day, as rows of the Parity page and of `report --orders`. */
export const orderRowSchema = z.object({
  /** Stable within a day: `live:12` or `backtest:3`. */
  id: z.string(),
  /** Null for an order of which only an event without a side is known. */
  side: sideSchema.nullable(),
  orderId: z.string().nullable(),
  clientOrderId: z.string().nullable(),
  /** How its fills were put together: by order id, or by nearness in time. */
  formedBy: z.enum(['orderId', 'proximity', 'event']),
  /** `open`: sent, and neither filled nor ended within the day. */
  status: z.enum(['filled', 'partial', 'rejected', 'cancelled', 'open']),
  decidedAtUs: figure,
  submittedAtUs: figure,
  /** Null for an order without fills; so is the average price. */
  firstFillUs: figure,
  lastFillUs: figure,
  /** When the log says the order ended without (further) fills: rejected, cancelled, expired. */
  endedAtUs: figure,
  intendedQuantity: figure,
  filledQuantity: z.number(),
  averagePrice: figure,
  notional: z.number(),
  /** In quote currency; null when a fee is unknown or could not be priced. */
  feeQuote: figure,
  liquidity: liquiditySchema.nullable(),
  arrivalPrice: figure,
  fills: z.number(),
});
export type OrderRow = z.infer<typeof orderRowSchema>;

/**
 * One line of the order comparison: a pair, a missed order (live null), an extra one (backtest null), or an order of either side
 * that was never filled (rejected, cancelled, open), with its money. `gap` = price + quantity + fees for a pair; the whole order is
 * the gap of a missed or extra one; an unfilled order has none.
 */
export const pairRowSchema = z.object({
  kind: z.enum(['matched', 'missed', 'extra', 'unfilled']),
  matchedBy: z.enum(['key', 'time']).nullable(),
  confidence: figure,
  ambiguous: z.boolean(),
  /** First live fill minus first backtest fill. */
  timeGapMs: figure,
  live: orderRowSchema.nullable(),
  backtest: orderRowSchema.nullable(),
  /** Positive = live worse. */
  slippageBps: figure,
  /** Live latency minus backtest latency on the report's latency basis. */
  latencyMs: figure,
  gap: z.number(),
  price: z.number(),
  delay: figure,
  execution: figure,
  quantity: z.number(),
  fees: z.number(),
});
export type PairRow = z.infer<typeof pairRowSchema>;

/** The day's interval series behind the tracking error and the equity chart; arrays of equal length. */
export const intervalSeriesSchema = z.object({
  endsUs: z.array(z.number()),
  liveEquity: z.array(z.number()),
  backtestEquity: z.array(z.number()),
  /** Change of (live - backtest) within the interval over capital, bps; null without a capital to measure it against. */
  differenceBps: z.array(figure),
});
export type IntervalSeries = z.infer<typeof intervalSeriesSchema>;
