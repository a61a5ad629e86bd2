import { z } from 'zod';
import { figureNameSchema } from './figures';
import { playbookSchema } from './playbook';

/** What a deployment is agreed on when it is created. Bounds that no setting lifts stand here; unknown keys are refused. */

export const stagingCapPercent = 1;
export const canaryCapPercent = 5;

/** A criterion and how it is judged. */
export const criterionSchema = z.strictObject({
  /** Unique within its list. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  figure: figureNameSchema,
  /** The side of the limit that is good: `at-most` is breached above it, `at-least` below it. */
  comparison: z.enum(['at-most', 'at-least']),
  limit: z.number(),
  /** Below this much evidence it is inconclusive. */
  minimumSample: z.number().min(0),
  /** Evaluations in a row that have to see a breach before it acts. Money figures act on the first: 1. */
  holdEvaluations: z.int().min(1).max(1_000),
  /** `sequential` also acts when an always-valid test says so, and keeps chance from acting before. */
  judgedBy: z.enum(['value', 'sequential']),
});
export type Criterion = z.infer<typeof criterionSchema>;

const criteria = z
  .array(criterionSchema)
  .min(1)
  .max(40)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two criteria have the same id');

/** Live executions that belong to a deployment: all that is stated must agree. */
export const belongsSchema = z.strictObject({
  /** Tag of the logs; null = the deployment's version. */
  version: z.string().min(1).max(200).nullable(),
  account: z.string().min(1).max(200).nullable(),
  clientOrderIdPrefix: z.string().min(1).max(100).nullable(),
  /** Empty = every symbol. */
  symbols: z.array(z.string().min(1).max(100)).max(500),
});

/** What the version is compared with over the same window; null = nothing. */
export const controlArmSchema = z.discriminatedUnion('kind', [
  /** The version in production of the same strategy. */
  z.strictObject({ kind: z.literal('version'), version: z.string().min(1).max(200) }),
  /** The backtest of the deployment's own version. */
  z.strictObject({ kind: z.literal('backtest') }),
]);

const percent = z.number().gt(0).max(100);

export const deploymentConfigurationSchema = z.strictObject({
  strategy: z.string().trim().min(1).max(200),
  version: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(2_000),
  /** The strategy's capital in all; a stage gets its percent of it. */
  totalCapital: z.number().gt(0),
  currency: z.string().min(1).max(20),
  stagingPercent: z.number().gt(0).max(stagingCapPercent),
  canaryPercent: z.number().gt(0).max(canaryCapPercent),
  /** Observed days before staging can be left. */
  stagingDays: z.number().min(7).max(90),
  /** Observed hours before the canary can be promoted, and clock hours after which it is overdue. */
  canaryHours: z
    .strictObject({ minimum: z.number().min(48).max(72), maximum: z.number().min(48).max(72) })
    .refine(({ minimum, maximum }) => minimum <= maximum, 'the minimum is above the maximum'),
  /** When a day begins for the daily loss, minutes after 00:00 UTC. */
  sessionStartMinutes: z.int().min(0).max(1_439),
  belongs: belongsSchema,
  promotion: criteria,
  rollback: criteria,
  /** Warn and block promotion; percent of the stage's capital. */
  guards: z.strictObject({
    dailyLossPercent: percent,
    drawdownPercent: percent,
    grossExposurePercent: z.number().gt(0),
  }),
  automaticRollback: z.boolean(),
  /** Data older than this pauses promotion and is `no data`. */
  maxDataAgeMinutes: z.number().gt(0).max(1_440),
  /** What happens beyond pausing when there has been no data for `afterMinutes`. */
  onNoData: z.strictObject({ action: z.enum(['hold', 'roll-back']), afterMinutes: z.number().gt(0).max(10_080) }),
  /** What happens when nobody decided `afterHours` after the canary became overdue. */
  onOverdue: z.strictObject({ action: z.enum(['hold', 'roll-back']), afterHours: z.number().min(0).max(720) }),
  /** The Sharpe criterion stays inconclusive until its evidence is there. */
  strictSharpe: z.boolean(),
  /** Chance, over a whole stage, that the sequential tests act without cause. */
  falseRollbackPercent: z.number().gt(0).max(20),
  control: controlArmSchema.nullable(),
  playbook: playbookSchema,
});
export type DeploymentConfiguration = z.infer<typeof deploymentConfigurationSchema>;
