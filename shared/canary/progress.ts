import { z } from 'zod';
import { stageSchema } from './events';

/** What one evaluation leaves to the next: small, plain, and changed by `evaluate` only. It is about one stage; another one begins anew. */

export const observedTimeSchema = z.strictObject({
  /** Minutes with fresh data and no pause, in milliseconds. */
  observedMs: z.number(),
  /** Wall time since the stage began without the jumps of the clock. */
  stageMs: z.number(),
  /** The look before: its clocks, and whether data was fresh and nothing paused. */
  last: z.strictObject({
    atUs: z.number(),
    monotonicMs: z.number(),
    run: z.string(),
    counts: z.boolean(),
  }),
});
export type ObservedTime = z.infer<typeof observedTimeSchema>;

export const driftProgressSchema = z.strictObject({
  /** Differences so far, their mean and sum of squared deviations. */
  count: z.int(),
  mean: z.number(),
  squares: z.number(),
  /** Cumulative sums towards better and towards worse. */
  up: z.number(),
  down: z.number(),
  looks: z.int(),
  lastHourUs: z.number(),
});
export type DriftProgress = z.infer<typeof driftProgressSchema>;

export const progressSchema = z.strictObject({
  stage: stageSchema,
  stageSinceUs: z.number(),
  observed: observedTimeSchema,
  /** Evaluations in a row that saw a breach, by gate and id of the criterion. */
  held: z.record(z.string(), z.int()),
  /** Highest equity and deepest fall any evaluation of the stage saw, in money; null = none yet. */
  peak: z.number().nullable(),
  deepestFall: z.number().nullable(),
  /** Confidence sequences of counts as last made: they change only when the counts do. */
  intervals: z.record(z.string(), z.strictObject({ key: z.string(), low: z.number(), high: z.number() })),
  /** Uninterrupted time without the deployment's own data while the monitor was awake. */
  withoutDataMs: z.number(),
  /** `stageMs` when the stage was first seen overdue. */
  overdueFromMs: z.number().nullable(),
  drift: driftProgressSchema.nullable(),
});
export type Progress = z.infer<typeof progressSchema>;
