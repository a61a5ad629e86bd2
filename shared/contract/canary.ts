import { z } from 'zod';
import { auditRecordSchema } from '../base/audit-chain';
import { deploymentConfigurationSchema } from '../canary/configuration';
import { deploymentSchema } from '../canary/deployment';
import { evaluationSchema, unmetSchema } from '../canary/evaluation';
import { stageSchema, storedEventSchema, verdictSchema } from '../canary/events';
import { playbookSchema } from '../canary/playbook';
import { promotionRulesSchema } from '../canary/promotion-rules';

/**
 * The canary's and the audit's calls. Whatever changes a deployment names the state version it was decided on (`conflict` when another
 * one is there by now), and is written with who did it.
 */

const id = z.string().min(1).max(60);
const page = z.object({ offset: z.int().min(0), limit: z.int().min(1).max(1_000) });
const asOf = { asOfUs: z.number() };
const decided = { id, stateVersion: z.int() };
const reason = z.string().trim().min(1).max(1_000);

/** Time observed in a stage, and what it has to be. */
const stageProgressSchema = z.object({
  stage: z.enum(['development', 'staging', 'canary', 'production']),
  state: z.enum(['past', 'present', 'ahead']),
  observedMs: z.number(),
  requiredMs: z.number().nullable(),
});

export const deploymentSummarySchema = z.object({
  id,
  strategy: z.string(),
  version: z.string(),
  stage: stageSchema,
  stateVersion: z.int(),
  paused: z.array(z.string()),
  verdict: verdictSchema.nullable(),
  /** The first reason of the verdict. */
  reason: z.string().nullable(),
  observedMs: z.number(),
  requiredMs: z.number().nullable(),
  allocatedCapital: z.number(),
  currency: z.string(),
  riskBudgetUsedPercent: z.number().nullable(),
  dailyLossPercent: z.number().nullable(),
  drawdownPercent: z.number().nullable(),
  createdAtUs: z.number(),
  stageSinceUs: z.number(),
  evaluatedAtUs: z.number().nullable(),
});
export type DeploymentSummary = z.infer<typeof deploymentSummarySchema>;

/** What a guarded rollback will do, and the single use the operator's confirmation has. */
export const rollbackChallengeSchema = z.object({
  challengeId: z.string(),
  deploymentId: id,
  strategy: z.string(),
  /** What has to be typed. */
  version: z.string(),
  stage: stageSchema,
  stateVersion: z.int(),
  steps: z.array(
    z.object({ id: z.string(), title: z.string(), effect: z.string(), required: z.boolean(), does: z.string() }),
  ),
  expiresAtUs: z.number(),
  /** How long the control has to be held. */
  holdMs: z.number(),
});
export type RollbackChallenge = z.infer<typeof rollbackChallengeSchema>;

export const canaryCalls = {
  'canary.list': {
    writes: false,
    args: z.object({ filter: z.enum(['active', 'ended', 'all']), page }),
    result: z.object({
      deployments: z.array(deploymentSummarySchema),
      total: z.number(),
      /** Who evaluates: this process, another one, or none (then nothing is watched). */
      monitor: z.object({
        evaluator: z.enum(['this', 'other', 'none']),
        intervalMs: z.number(),
        lastCycleUs: z.number().nullable(),
        nextCycleUs: z.number().nullable(),
      }),
      rules: promotionRulesSchema,
      ...asOf,
    }),
  },
  'canary.get': {
    writes: false,
    args: z.object({ id }),
    result: z.object({
      deployment: deploymentSchema,
      stages: z.array(stageProgressSchema),
      evaluation: evaluationSchema.nullable(),
      /** What stands between the deployment and its next stage; empty = it can be promoted. Null outside of staging and canary. */
      promotion: z.object({ to: z.enum(['canary', 'production']), unmet: z.array(unmetSchema) }).nullable(),
      drillDue: z.boolean(),
      ...asOf,
    }),
  },
  /** Equity and drawdown of the present stage (or of one that was left), from evaluations; at most `points` of them, highs and lows kept. */
  'canary.series': {
    writes: false,
    args: z.object({ id, stage: z.enum(['staging', 'canary', 'production']), points: z.int().min(10).max(5_000) }),
    result: z.object({
      atUs: z.array(z.number()),
      equity: z.array(z.number().nullable()),
      drawdownPercent: z.array(z.number().nullable()),
      dailyLossPercent: z.array(z.number().nullable()),
      riskBudgetUsedPercent: z.array(z.number().nullable()),
      verdict: z.array(verdictSchema),
      /** The last values of each criterion, oldest first, for its trend. */
      trends: z.record(z.string(), z.array(z.number().nullable())),
      ...asOf,
    }),
  },
  /** Newest first. */
  'canary.evaluations': {
    writes: false,
    args: z.object({ id, page }),
    result: z.object({ evaluations: z.array(evaluationSchema), total: z.number(), ...asOf }),
  },
  /** Newest first. */
  'canary.events': {
    writes: false,
    args: z.object({ id, page }),
    result: z.object({ events: z.array(storedEventSchema), total: z.number(), ...asOf }),
  },
  /** How deployments ended, and how rollbacks and drills went. */
  'canary.history': {
    writes: false,
    args: z.object({ strategy: z.string().nullable(), page }),
    result: z.object({
      deployments: z.array(
        deploymentSummarySchema.extend({
          endedAtUs: z.number().nullable(),
          rollbackMs: z.number().nullable(),
          trigger: z.string().nullable(),
        }),
      ),
      total: z.number(),
      rates: z.object({
        ended: z.int(),
        promotedToProduction: z.int(),
        rolledBack: z.int(),
        rollbackFailed: z.int(),
        aborted: z.int(),
        drills: z.int(),
        drillsPassed: z.int(),
        medianStoppedMs: z.number().nullable(),
        medianFlatMs: z.number().nullable(),
      }),
      ...asOf,
    }),
  },
  /** What is wrong with a configuration, without creating anything; also a ready-made one with the defaults to begin from. */
  'canary.check': {
    writes: false,
    args: z.object({ configuration: z.unknown() }),
    result: z.object({
      problems: z.array(z.object({ path: z.string(), message: z.string() })),
      configuration: deploymentConfigurationSchema.nullable(),
    }),
  },
  'canary.create': {
    writes: true,
    args: z.object({ configuration: deploymentConfigurationSchema }),
    result: z.object({ id }),
  },
  'canary.startStaging': { writes: true, args: z.object(decided), result: z.object({}) },
  /** Bound to the evaluation it was shown: `conflict` when a later one is there, `not-allowed` with all that is unmet. */
  'canary.promote': {
    writes: true,
    args: z.object({ ...decided, evaluationId: z.string(), reason }),
    result: z.object({ stage: stageSchema }),
  },
  'canary.pause': { writes: true, args: z.object({ ...decided, reason }), result: z.object({}) },
  'canary.resume': { writes: true, args: z.object({ ...decided, reason }), result: z.object({}) },
  'canary.abort': { writes: true, args: z.object({ ...decided, reason }), result: z.object({}) },
  'canary.record': {
    writes: true,
    args: z.object({
      id,
      name: z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/),
      value: z.number(),
      unit: z.string().min(1).max(20),
      sample: z.number().min(0),
      atUs: z.number().nullable(),
    }),
    result: z.object({}),
  },
  'canary.replacePlaybook': {
    writes: true,
    args: z.object({ ...decided, playbook: playbookSchema, reason }),
    result: z.object({}),
  },
  /** Runs the playbook against stand-ins of its targets; the answer comes when it has ended. */
  'canary.drill': { writes: true, args: z.object({ id }), result: z.object({ drillId: z.string() }) },
  /** Only for the guarded control's own view and the command line. */
  'canary.rollbackChallenge': { writes: true, args: z.object({ id }), result: rollbackChallengeSchema },
  /** Begins the rollback the challenge described; only once, only while nothing has changed. */
  'canary.rollback': {
    writes: true,
    args: z.object({ challengeId: z.string(), typedVersion: z.string().max(200), reason, heldMs: z.number() }),
    result: z.object({ rollbackId: z.string() }),
  },
  'canary.setWindows': {
    writes: true,
    args: z.object({
      windows: z.array(promotionRulesSchema.shape.windows.element.omit({ note: true })).max(50),
      freezes: z.array(promotionRulesSchema.shape.freezes.element.omit({ note: true })).max(200),
      reason,
    }),
    result: z.object({ rules: promotionRulesSchema }),
  },
  'canary.stopTheLine': { writes: true, args: z.object({ reason }), result: z.object({ rules: promotionRulesSchema }) },
  'canary.releaseTheLine': {
    writes: true,
    args: z.object({ reason }),
    result: z.object({ rules: promotionRulesSchema }),
  },
} as const satisfies Record<string, { writes: boolean; args: z.ZodType; result: z.ZodType }>;

/** Secrets of playbooks: names go out, values only ever come in. */
export const secretCalls = {
  'secrets.list': {
    writes: false,
    args: z.object({}),
    result: z.object({
      names: z.array(z.object({ name: z.string(), setAtUs: z.number() })),
      /** Why the keychain cannot be used; null = it can. */
      unavailable: z.string().nullable(),
      ...asOf,
    }),
  },
  'secrets.set': {
    writes: true,
    args: z.object({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/),
      value: z.string().min(1).max(10_000),
    }),
    result: z.object({}),
  },
  'secrets.remove': { writes: true, args: z.object({ name: z.string() }), result: z.object({}) },
} as const satisfies Record<string, { writes: boolean; args: z.ZodType; result: z.ZodType }>;

export const auditCalls = {
  /** Newest first. */
  'audit.list': {
    writes: false,
    args: z.object({
      action: z.string().max(100).nullable(),
      subject: z.string().max(200).nullable(),
      actor: z.string().max(200).nullable(),
      fromUs: z.number().nullable(),
      toUs: z.number().nullable(),
      page,
    }),
    result: z.object({ records: z.array(auditRecordSchema), total: z.number(), actions: z.array(z.string()), ...asOf }),
  },
  'audit.verify': {
    writes: false,
    args: z.object({}),
    result: z.object({
      records: z.number(),
      /** The first record that does not belong; null = the chain is whole. */
      broken: z.object({ sequence: z.number(), problem: z.string() }).nullable(),
      ...asOf,
    }),
  },
  /** The chain as JSON Lines. */
  'audit.export': {
    writes: false,
    args: z.object({}),
    result: z.object({ name: z.string(), content: z.string() }),
  },
} as const satisfies Record<string, { writes: boolean; args: z.ZodType; result: z.ZodType }>;

export const canaryEvents = {
  /** A deployment, the monitor or the promotion rules changed; null = not one deployment alone. */
  'canary.changed': z.object({ id: id.nullable() }),
} as const satisfies Record<string, z.ZodType>;
