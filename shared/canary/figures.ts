import { z } from 'zod';

/** The figures an evaluation knows by name, each with its unit. Figures a desk records itself are named `recorded.<name>`. */
export const figureUnits = {
  totalReturnPercent: 'percent',
  /** Loss since the session began, of the stage's capital; a gain is 0. */
  dailyLossPercent: 'percent',
  /** Fall from the highest equity of the stage. */
  drawdownPercent: 'percent',
  /** Of hourly returns, annualised. */
  volatilityPercent: 'percent',
  /** Of hourly returns, annualised. */
  sharpe: 'ratio',
  /** Rejected or failed orders of all submitted. */
  errorRatePercent: 'percent',
  orders: 'count',
  averageLatencyMs: 'ms',
  p95LatencyMs: 'ms',
  grossExposurePercent: 'percent',
  /** Gross exposure of the stage's allocated capital. */
  riskBudgetUsedPercent: 'percent',
  /** Over the last 24 hours, live against backtest. */
  trackingErrorBps: 'bps/day',
  trackingDifferenceBps: 'bps',
  parityScore: 'points',
} as const;
export type FigureName = keyof typeof figureUnits;
export const figureNames = Object.keys(figureUnits) as FigureName[]; // Object.keys widens to string[]; these are exactly its keys

/** Money: acts on the first evaluation that sees it. Everything else has to hold or to be proved. */
export const moneyFigures: ReadonlySet<string> = new Set<FigureName>([
  'dailyLossPercent',
  'drawdownPercent',
  'grossExposurePercent',
  'riskBudgetUsedPercent',
]);

export const recordedName = /^recorded\.[a-z][A-Za-z0-9]{0,59}$/;
export const figureNameSchema = z.union([
  z.enum(figureNames as [FigureName, ...FigureName[]]), // not empty, as the table above shows
  z.string().regex(recordedName),
]);

/** A figure of one evaluation. `null` value = it cannot be told; `note` says why. */
export const canaryFigureSchema = z.strictObject({
  name: figureNameSchema,
  unit: z.string(),
  value: z.number().nullable(),
  /** What it rests on, counted in `sampleUnit`. */
  sample: z.number(),
  sampleUnit: z.enum(['orders', 'hours', 'executions', 'minutes', 'records']),
  /** Last instant that entered it; null = none did. */
  asOfUs: z.number().nullable(),
  /** The desk's own executions, a parity report, or whoever recorded it. */
  from: z.strictObject({ kind: z.enum(['executions', 'parity', 'recorded']), by: z.string().nullable() }),
  note: z.string().nullable(),
});
export type CanaryFigure = z.infer<typeof canaryFigureSchema>;
