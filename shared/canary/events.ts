import { z } from 'zod';
import { deploymentConfigurationSchema } from './configuration';
import { playbookSchema } from './playbook';

/**
 * Everything that can happen to a deployment. Its state is folded from these and from nothing else; each is written in one
 * transaction with its audit record and never changed.
 */

/** Who or what caused it. */
export const actorSchema = z.strictObject({
  kind: z.enum(['user', 'rule', 'process']),
  /** User name of the system, name of the rule, or of the process. */
  name: z.string().min(1).max(200),
});
export type Actor = z.infer<typeof actorSchema>;

export const stageSchema = z.enum([
  'development',
  'staging',
  'canary',
  'production',
  'rolling-back',
  'rolled-back',
  'rollback-failed',
  'aborted',
  /** Another version of the strategy was promoted to production. */
  'superseded',
]);
export type Stage = z.infer<typeof stageSchema>;

export const pauseReasonSchema = z.enum(['operator', 'no-data', 'budget-guard', 'overdue']);
export type PauseReason = z.infer<typeof pauseReasonSchema>;

export const verdictSchema = z.enum(['healthy', 'warning', 'inconclusive', 'no-data', 'breach']);
export type Verdict = z.infer<typeof verdictSchema>;

const reason = z.string().trim().min(1).max(1_000);
const evaluationId = z.string().nullable();

export const rollbackTriggerSchema = z.enum(['breach', 'operator', 'command-line', 'no-data', 'overdue', 'retry']);
export const stepOutcomeSchema = z.enum(['done', 'failed', 'timed-out', 'interrupted', 'dry-run']);
export type StepOutcome = z.infer<typeof stepOutcomeSchema>;

export const deploymentEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('created'), configuration: deploymentConfigurationSchema }),
  z.strictObject({ kind: z.literal('staging-started'), allocatedCapital: z.number() }),
  /** From staging to the canary, from the canary to production; bound to the evaluation it was confirmed on. */
  z.strictObject({
    kind: z.literal('promoted'),
    to: z.enum(['canary', 'production']),
    evaluationId: z.string(),
    allocatedCapital: z.number(),
    reason,
  }),
  z.strictObject({ kind: z.literal('paused'), why: pauseReasonSchema, reason }),
  z.strictObject({ kind: z.literal('resumed'), why: pauseReasonSchema, reason }),
  z.strictObject({
    kind: z.literal('verdict-changed'),
    from: verdictSchema.nullable(),
    to: verdictSchema,
    evaluationId: z.string(),
    reason,
  }),
  z.strictObject({ kind: z.literal('evaluation-failed'), message: z.string() }),
  /** Time that was not observed: the machine slept, the process stalled, or the wall clock jumped by `byMs` (negative = back). */
  z.strictObject({ kind: z.literal('gap'), what: z.enum(['sleep', 'stall', 'clock-jump']), byMs: z.number() }),
  z.strictObject({
    kind: z.literal('figure-recorded'),
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    /** What it rests on. */
    sample: z.number(),
    atUs: z.number(),
  }),
  /** The canary was not decided in its time; this pauses it, too. */
  z.strictObject({ kind: z.literal('overdue'), sinceUs: z.number() }),
  z.strictObject({ kind: z.literal('playbook-replaced'), playbook: playbookSchema, reason }),
  /** The figures of a version in production have changed. */
  z.strictObject({ kind: z.literal('drift-found'), evaluationId, statistic: z.number(), limit: z.number(), reason }),
  z.strictObject({ kind: z.literal('superseded'), by: z.string() }),
  z.strictObject({ kind: z.literal('aborted'), reason }),
  z.strictObject({
    kind: z.literal('rollback-started'),
    rollbackId: z.string(),
    trigger: rollbackTriggerSchema,
    evaluationId,
    reason,
  }),
  z.strictObject({
    kind: z.literal('step-started'),
    rollbackId: z.string(),
    stepId: z.string(),
    attempt: z.int().min(1),
    /** The same at every attempt of the step in this rollback, so that a target acts once. */
    idempotencyKey: z.string(),
  }),
  z.strictObject({
    kind: z.literal('step-ended'),
    rollbackId: z.string(),
    stepId: z.string(),
    attempt: z.int().min(1),
    outcome: stepOutcomeSchema,
    /** What the target said, at most a few hundred characters, secrets struck out. */
    detail: z.string(),
    durationMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('rollback-ended'),
    rollbackId: z.string(),
    outcome: z.enum(['rolled-back', 'failed']),
    /** Ids of required steps that are not done. */
    missing: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('drilled'),
    drillId: z.string(),
    outcome: z.enum(['passed', 'failed']),
    /** From the start to the last step that stops entries, and to the last that flattens; null = there is none or it failed. */
    stoppedMs: z.number().nullable(),
    flatMs: z.number().nullable(),
    steps: z.array(
      z.strictObject({
        stepId: z.string(),
        outcome: stepOutcomeSchema,
        attempts: z.int(),
        durationMs: z.number(),
        detail: z.string(),
      }),
    ),
  }),
]);
export type DeploymentEvent = z.infer<typeof deploymentEventSchema>;
export type DeploymentEventKind = DeploymentEvent['kind'];

/** An event as it is stored. `sequence` counts the events of its deployment from 1: the deployment's state version. */
export const storedEventSchema = z.strictObject({
  deploymentId: z.string(),
  sequence: z.int().min(1),
  atUs: z.number(),
  actor: actorSchema,
  event: deploymentEventSchema,
});
export type StoredEvent = z.infer<typeof storedEventSchema>;
