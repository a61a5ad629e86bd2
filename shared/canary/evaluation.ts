import { z } from 'zod';
import { stageSchema, verdictSchema } from './events';
import { canaryFigureSchema } from './figures';

/** One pass of the monitor over one deployment: figures, criteria, verdict. It is stored as it is and never changed. */

export const criterionOutcomeSchema = z.enum(['ok', 'warning', 'breached', 'inconclusive', 'no-data']);
export type CriterionOutcome = z.infer<typeof criterionOutcomeSchema>;

export const criterionResultSchema = z.strictObject({
  gate: z.enum(['promotion', 'rollback', 'guard', 'control', 'data']),
  id: z.string(),
  figure: z.string(),
  unit: z.string(),
  comparison: z.enum(['at-most', 'at-least']),
  limit: z.number(),
  value: z.number().nullable(),
  /** Distance to the limit, positive on the good side; null without a value. */
  margin: z.number().nullable(),
  sample: z.number(),
  minimumSample: z.number(),
  sampleUnit: z.string(),
  outcome: criterionOutcomeSchema,
  /** Evaluations in a row that saw a breach, of those it needs. */
  held: z.int(),
  holdEvaluations: z.int(),
  /** Where a sequential test judges: the truth lies between these with the stated confidence, at every look. */
  interval: z.strictObject({ low: z.number(), high: z.number(), confidencePercent: z.number() }).nullable(),
  /** The outcome in words, with the figures. */
  reason: z.string(),
});
export type CriterionResult = z.infer<typeof criterionResultSchema>;

export const sharpeEvidenceSchema = z.strictObject({
  value: z.number().nullable(),
  standardError: z.number().nullable(),
  /** That the true Sharpe ratio exceeds the limit. */
  probability: z.number().nullable(),
  limit: z.number(),
  observedDays: z.number(),
  /** Days until the value, if it stays, is proved; null = it never would be. */
  daysNeeded: z.number().nullable(),
});

export const controlResultSchema = z.strictObject({
  label: z.string(),
  /** Paired hours. */
  pairs: z.int(),
  /** Return of the deployment minus that of its control, per hour. */
  meanDifferenceBps: z.number().nullable(),
  lowBps: z.number().nullable(),
  highBps: z.number().nullable(),
  /** Exposure of each arm against the split of the budgets; `p` small = they do not get what was agreed. */
  exposure: z
    .strictObject({ observedPercent: z.number(), agreedPercent: z.number(), p: z.number(), orders: z.int() })
    .nullable(),
});

/** Change detection of a version in production. */
export const driftResultSchema = z.strictObject({
  statistic: z.number(),
  limit: z.number(),
  /** Looks between two false alarms on average. */
  falseAlarmEvery: z.number(),
  looks: z.int(),
  alarm: z.boolean(),
});

/** A condition of the promotion that is not met. */
export const unmetSchema = z.strictObject({ code: z.string(), message: z.string() });
export type Unmet = z.infer<typeof unmetSchema>;

export const evaluationSchema = z.strictObject({
  id: z.string(),
  deploymentId: z.string(),
  /** Sequence of the deployment's last event when it was judged. */
  stateVersion: z.int(),
  stage: stageSchema,
  atUs: z.number(),
  verdict: verdictSchema,
  /** What made it the verdict, worst first. */
  reasons: z.array(z.string()),
  /** Minutes with fresh data and no pause, in this stage. */
  observedMs: z.number(),
  requiredMs: z.number().nullable(),
  /** Data age per source of the deployment; null = nothing was ever seen. */
  dataAge: z.array(z.strictObject({ source: z.string(), ageMs: z.number().nullable(), limitMs: z.number() })),
  allocatedCapital: z.number(),
  equity: z.number().nullable(),
  figures: z.array(canaryFigureSchema),
  criteria: z.array(criterionResultSchema),
  sharpe: sharpeEvidenceSchema.nullable(),
  control: controlResultSchema.nullable(),
  drift: driftResultSchema.nullable(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
