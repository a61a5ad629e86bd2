import { z } from 'zod';
import { deploymentConfigurationSchema } from './configuration';
import { pauseReasonSchema, rollbackTriggerSchema, stageSchema, stepOutcomeSchema, verdictSchema } from './events';

/** A deployment as its events make it. */

export const stepProgressSchema = z.strictObject({
  stepId: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  attempts: z.int(),
  outcome: stepOutcomeSchema.nullable(),
  detail: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  durationMs: z.number().nullable(),
});

export const rollbackProgressSchema = z.strictObject({
  id: z.string(),
  trigger: rollbackTriggerSchema,
  reason: z.string(),
  startedAtUs: z.number(),
  endedAtUs: z.number().nullable(),
  outcome: z.enum(['rolled-back', 'failed']).nullable(),
  /** In the order of the playbook. */
  steps: z.array(stepProgressSchema),
});
export type RollbackProgress = z.infer<typeof rollbackProgressSchema>;

export const deploymentSchema = z.strictObject({
  id: z.string(),
  /** Sequence of the last event: whoever decides says which state was decided on. */
  stateVersion: z.int(),
  configuration: deploymentConfigurationSchema,
  stage: stageSchema,
  /** Stage the rollback or abort came from; null while neither happened. */
  leftStage: stageSchema.nullable(),
  createdAtUs: z.number(),
  stageSinceUs: z.number(),
  /** Capital of the present stage; 0 outside of stages that trade. */
  allocatedCapital: z.number(),
  paused: z.array(z.strictObject({ why: pauseReasonSchema, reason: z.string(), sinceUs: z.number() })),
  verdict: verdictSchema.nullable(),
  /** The canary has to be decided by then; null outside of it. */
  decideByUs: z.number().nullable(),
  overdueSinceUs: z.number().nullable(),
  /** The last rollback. */
  rollback: rollbackProgressSchema.nullable(),
  lastDrillAtUs: z.number().nullable(),
  /** The last record of each recorded figure. */
  recorded: z.array(
    z.strictObject({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      sample: z.number(),
      atUs: z.number(),
      by: z.string(),
    }),
  ),
  drift: z.strictObject({ atUs: z.number(), reason: z.string() }).nullable(),
});
export type Deployment = z.infer<typeof deploymentSchema>;
