import { z } from 'zod';

/** What a calibration says, for the page, the command line and scripts: stable, versioned. Unknown figures are null. */

export const calibrationSchemaId = 'lockstep.calibration/1';

const figure = z.number().nullable();
const interval = { lower: figure, upper: figure };

export const calibrationParameterIds = [
  'feeMakerBps',
  'feeTakerBps',
  'feeBps',
  'makerShare',
  'slippageBps',
  'slippageBuyBps',
  'slippageSellBps',
  'impactBpsPerSqrtNotional',
  'slippageInDelayBps',
  'delayMs',
  'latencyP50Ms',
  'latencyP95Ms',
  'fillProbability',
  'fillRatio',
  'expectedFill',
] as const;

export const calibrationParameterSchema = z.object({
  id: z.enum(calibrationParameterIds),
  value: figure,
  /** 95 %. */
  ...interval,
  /** Orders it rests on. */
  n: z.number(),
  /** What the backtest has now, where its log tells; slippage, delay and fills are measured against it and begin at none. */
  backtest: figure,
  /** It differs from the backtest beyond chance: the settings hold it, where there are any. Else `note` says why not. */
  used: z.boolean(),
  note: z.string().nullable(),
});
export type CalibrationParameter = z.infer<typeof calibrationParameterSchema>;

/** Days judged with the backtest as it is and with the settings. Means over the days, bps of capital per day. */
const judgedSchema = z.object({
  days: z.number(),
  trackingErrorBps: z.object({ before: figure, after: figure }),
  /** Signed mean: what is left of a drift. */
  trackingDifferenceBps: z.object({ before: figure, after: figure }),
  /** Mean of before minus after, day by day, with its 95 % Student interval: positive = better. */
  errorImprovementBps: z.object({ value: figure, ...interval }),
  /** The same of the size of the tracking difference. */
  differenceImprovementBps: z.object({ value: figure, ...interval }),
});

export const backtestSettingsSchema = z.object({
  /** Bps of notional by the liquidity the backtest gives its fill; null = leave the fees as they are. */
  feeBps: z.object({ maker: z.number(), taker: z.number(), unknown: z.number() }).nullable(),
  /** On top of what the backtest's prices have already; positive = worse. */
  slippage: z.object({ buyBps: z.number(), sellBps: z.number(), impactBpsPerSqrtNotional: z.number() }).nullable(),
  /** On top of the backtest's own. */
  delayMs: figure,
  fillRatio: figure,
});

export const calibrationSchema = z.object({
  schema: z.literal(calibrationSchemaId),
  strategy: z.string(),
  symbol: z.string(),
  currency: z.string().nullable(),
  /**
   * `improves`: the settings make the days they were not fitted on track better. `no-improvement`: they do not, so none are given.
   * `no-difference`: nothing differs beyond chance. `not-enough-data`: `missing` says what.
   */
  state: z.enum(['improves', 'no-improvement', 'no-difference', 'not-enough-data']),
  message: z.string(),
  missing: z.array(z.object({ what: z.string(), have: z.number(), need: z.number() })),
  /** Days fitted on come first in time; later ones judge. Null where there are too few to part. */
  days: z.object({
    usable: z.number(),
    leftOut: z.array(z.object({ reason: z.string(), days: z.number() })),
    fit: z.object({ from: z.string(), to: z.string(), days: z.number(), pairs: z.number() }).nullable(),
    heldOut: z.object({ from: z.string(), to: z.string(), days: z.number(), pairs: z.number() }).nullable(),
  }),
  parameters: z.array(calibrationParameterSchema),
  /** Null unless the state is `improves`. */
  settings: backtestSettingsSchema.nullable(),
  /** Null where nothing was tried. */
  judged: z.object({ fit: judgedSchema, heldOut: judgedSchema }).nullable(),
  series: z.array(
    z.object({
      day: z.string(),
      part: z.enum(['fit', 'heldOut']),
      errorBefore: figure,
      errorAfter: figure,
      differenceBefore: figure,
      differenceAfter: figure,
    }),
  ),
  notes: z.array(z.string()),
  methodVersion: z.string(),
});
export type Calibration = z.infer<typeof calibrationSchema>;
