import { z } from 'zod';

/**
 * Everything that decides a parity verdict besides the executions themselves. Unknown keys are refused; each report carries the
 * settings' hash. Defaults are the limits that ship.
 */
export const paritySettingsSchema = z.strictObject({
  /** Tracking error and size of tracking difference, bps of capital per day. */
  trackingBps: z.strictObject({ warn: z.number(), limit: z.number(), critical: z.number() }),
  /** Size of the fee difference, bps of notional. */
  feeBps: z.strictObject({ warn: z.number(), limit: z.number() }),
  /** Live latency minus backtest latency, ms. */
  latencyMs: z.strictObject({ warn: z.number(), limit: z.number() }),
  /** Pairs that a day needs before it can be anything but UNKNOWN. */
  minMatchedOrders: z.int().min(1),
  /** Widest time gap of a pair matched by time, ms. */
  matchToleranceMs: z.number().positive(),
  /** Largest clock offset between the logs that matching by time takes out, ms; 0 = none is. */
  clockOffsetLimitMs: z.number().nonnegative(),
  /** Fills without order ids, same symbol and side, at most this far apart are one order, ms. */
  orderProximityMs: z.number().nonnegative(),
  /** Intervals a day is cut into for the tracking error. */
  intervalsPerDay: z.int().min(1).max(1440),
  /** A day closes this long after its last instant, ms. */
  graceMs: z.number().nonnegative(),
  /** A side whose data ends (or begins) this much before (after) the other's trading that day is incomplete, ms. */
  coverageToleranceMs: z.number().nonnegative(),
  /** A price that turns a fee into quote currency may be at most this old, ms. */
  feePriceMaxAgeMs: z.number().nonnegative(),
  /** Days a year, for annualised figures: 365 or 252. */
  annualisationDays: z.union([z.literal(365), z.literal(252)]),
  /** Capital of the strategy in quote currency; null = estimated from the backtest's peak gross exposure of the day. */
  capital: z.number().positive().nullable(),
});
export type ParitySettings = z.infer<typeof paritySettingsSchema>;

export const defaultParitySettings: ParitySettings = {
  trackingBps: { warn: 15, limit: 20, critical: 25 },
  feeBps: { warn: 3, limit: 5 },
  latencyMs: { warn: 75, limit: 100 },
  minMatchedOrders: 10,
  matchToleranceMs: 60_000,
  clockOffsetLimitMs: 300_000,
  orderProximityMs: 1_000,
  intervalsPerDay: 24,
  graceMs: 3_600_000,
  coverageToleranceMs: 3_600_000,
  feePriceMaxAgeMs: 3_600_000,
  annualisationDays: 365,
  capital: null,
};
