import { z } from 'zod';
import { failureSchema } from '../base/errors';
import { evaluationSchema } from '../canary/evaluation';
import { stageSchema, verdictSchema } from '../canary/events';
import { promotionRulesSchema } from '../canary/promotion-rules';
import { calibrationSchema } from '../parity/calibration-document';
import { comparisonSchema } from '../parity/comparison';
import { pairRowSchema, parityStatusSchema, reportSchema } from '../parity/document';
import { causeReasonSchema, explanationSchema } from '../parity/explanation';
import { paritySettingsSchema } from '../parity/settings';
import { importQuestionSchema, mergedRowSchema, quarantinedRowSchema, watchSchema, zoneAssumedSchema } from './calls';
import { canaryCalls, deploymentSummarySchema } from './canary';
import { causeOrderSchema } from './causes';
import { formatPageSchema } from './format-page';

/**
 * What `lockstep … --json` prints: stable, documented shapes that desks script against. A key is added freely; one that changes its
 * meaning or goes changes the `schema` beside it.
 */

const figure = z.number().nullable();

export const importOutputSchemaId = 'lockstep.import/1';
const importFileOutputSchema = z.strictObject({
  path: z.string(),
  format: z.string().nullable(),
  confidence: figure,
  reason: z.string().nullable(),
  /** Rows of the source: rowsRead = executions + orderEvents + otherRows + duplicates + quarantinedRows. */
  rowsRead: z.number(),
  executions: z.number(),
  orderEvents: z.number(),
  otherRows: z.number(),
  duplicates: z.number(),
  /** At most the first 10,000; `quarantinedRows` says how many there are. */
  quarantined: z.array(z.strictObject({ line: z.number(), reason: z.string(), text: z.string() })),
  quarantinedRows: z.number(),
  firstUs: figure,
  lastUs: figure,
  symbols: z.array(z.string()),
  /** Executions stored: more than `executions` where a row is a whole round trip. */
  fills: z.number(),
  /** Executions of the file for which another log's row stands, since it tells more of the same trade; their rows are duplicates. */
  merged: z.number(),
  strategies: z.array(z.string()),
  /** Rows that are no executions, by name. */
  otherRowNames: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  /** The zone naive times were read in although nobody stated it; null = nothing was assumed. */
  zoneAssumed: zoneAssumedSchema.nullable(),
  /** What the file leaves open although it was imported, with what speaks for each answer. */
  questions: z.array(importQuestionSchema),
  /** Null for a dry run and a file that failed. */
  importId: z.string().nullable(),
  /** Why nothing of the file was stored; null when it was. */
  failure: failureSchema.nullable(),
});
export type ImportFileOutput = z.infer<typeof importFileOutputSchema>;
export const importOutputSchema = z.strictObject({
  schema: z.literal(importOutputSchemaId),
  dryRun: z.boolean(),
  files: z.array(importFileOutputSchema),
  /** Of folders that were named: what lies in them and is no log, with the reason. It is no failure. */
  notRead: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** The counts of all files together. */
  total: z.strictObject({
    files: z.number(),
    failed: z.number(),
    rowsRead: z.number(),
    executions: z.number(),
    orderEvents: z.number(),
    otherRows: z.number(),
    duplicates: z.number(),
    quarantinedRows: z.number(),
    fills: z.number(),
  }),
});
export type ImportOutput = z.infer<typeof importOutputSchema>;

export const mergedOutputSchemaId = 'lockstep.merged/1';
export const mergedOutputSchema = z.strictObject({
  schema: z.literal(mergedOutputSchemaId),
  rows: z.array(mergedRowSchema),
});

export const quarantineOutputSchemaId = 'lockstep.quarantine/1';
export const quarantineOutputSchema = z.strictObject({
  schema: z.literal(quarantineOutputSchemaId),
  rows: z.array(quarantinedRowSchema.strict()),
});

export const quarantineRetryOutputSchemaId = 'lockstep.quarantine-retry/1';
export const quarantineRetryOutputSchema = z.strictObject({
  schema: z.literal(quarantineRetryOutputSchemaId),
  results: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(['fixed', 'open']),
      /** Why it stays open. */
      reason: z.string().nullable(),
      executions: z.number(),
    }),
  ),
});

export const quarantineChangeOutputSchemaId = 'lockstep.quarantine-change/1';
export const quarantineChangeOutputSchema = z.strictObject({
  schema: z.literal(quarantineChangeOutputSchemaId),
  ids: z.array(z.string()),
  state: z.enum(['open', 'dismissed']),
});

export const formatsOutputSchemaId = 'lockstep.formats/1';
export const formatsOutputSchema = z.strictObject({
  schema: z.literal(formatsOutputSchemaId),
  formats: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      describes: z.string(),
      kind: z.enum(['executions', 'orders', 'prices']),
      exampleHeader: z.string().nullable(),
    }),
  ),
  maps: z.array(z.strictObject({ id: z.string(), title: z.string(), describes: z.string() })),
  /** Where one format or map is named: its reference page. */
  page: formatPageSchema.optional(),
});

/** `report --json` is the report document itself; with `--orders` it has `pairs` besides. */
export const reportWithPairsSchema = reportSchema.extend({
  pairs: z.array(pairRowSchema.extend({ symbol: z.string() })),
});

export const mapsOutputSchemaId = 'lockstep.maps/1';
export const mapsOutputSchema = z.strictObject({
  schema: z.literal(mapsOutputSchemaId),
  /** What the desk keeps, or what was imported or removed. */
  maps: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      kind: z.enum(['fills', 'roundTrips']).nullable(),
      header: z.array(z.string()).nullable(),
      savedAtUs: z.number(),
      failure: failureSchema.nullable(),
    }),
  ),
});

/** `report compare --json`. */
export const comparisonOutputSchema = comparisonSchema;

export const reportFilesOutputSchemaId = 'lockstep.report-files/1';
export const reportFilesOutputSchema = z.strictObject({
  schema: z.literal(reportFilesOutputSchemaId),
  directory: z.string(),
  files: z.array(
    z.strictObject({
      file: z.string(),
      strategy: z.string(),
      symbol: z.string().nullable(),
      day: z.string(),
      status: parityStatusSchema,
    }),
  ),
});

export const calibrationsOutputSchemaId = 'lockstep.calibrations/1';
export const calibrationsOutputSchema = z.strictObject({
  schema: z.literal(calibrationsOutputSchemaId),
  /** One per symbol. */
  calibrations: z.array(calibrationSchema),
});

export const calibrationFilesOutputSchemaId = 'lockstep.calibration-files/1';
export const calibrationFilesOutputSchema = z.strictObject({
  schema: z.literal(calibrationFilesOutputSchemaId),
  directory: z.string(),
  /** Null = the calibration found no settings to write. */
  files: z.array(z.strictObject({ symbol: z.string(), state: z.string(), file: z.string().nullable() })),
});

export const checkOutputSchemaId = 'lockstep.check/1';
export const checkOutputSchema = z.strictObject({
  schema: z.literal(checkOutputSchemaId),
  strategy: z.string(),
  symbol: z.string().nullable(),
  day: z.string(),
  status: parityStatusSchema,
  reasons: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  /** 0 PASS or WARN, 2 FAIL, 3 UNKNOWN: the process's exit code. */
  exitCode: z.int(),
  worstTrackingBps: figure,
  feeDifferenceBps: figure,
  latencyDifferenceMs: figure,
  executionQualityScore: figure,
});

export const explainOutputSchemaId = 'lockstep.explain/1';
export const explainOutputSchema = explanationSchema
  .extend({
    schema: z.literal(explainOutputSchemaId),
    /** The orders that weigh most in each cause, causes as above; `money` is their part of this `reason`. */
    orders: z.array(causeOrderSchema.extend({ reason: causeReasonSchema }).strict()),
  })
  .strict();
export type ExplainOutput = z.infer<typeof explainOutputSchema>;

export const settingsOutputSchemaId = 'lockstep.settings/1';
export const settingsOutputSchema = z.strictObject({
  schema: z.literal(settingsOutputSchemaId),
  /** Null = the whole desk. */
  strategy: z.string().nullable(),
  /** Null = the whole strategy. */
  symbol: z.string().nullable(),
  settings: paritySettingsSchema,
});

export const sampleOutputSchemaId = 'lockstep.sample/1';
export const sampleOutputSchema = z.strictObject({
  schema: z.literal(sampleOutputSchemaId),
  directory: z.string(),
  strategies: z.array(
    z.strictObject({
      strategy: z.string(),
      firstDay: z.string(),
      lastDay: z.string(),
      symbols: z.number(),
      liveExecutions: z.number(),
      backtestExecutions: z.number(),
      status: parityStatusSchema,
    }),
  ),
});

export const doctorOutputSchemaId = 'lockstep.doctor/1';
export const doctorOutputSchema = z.strictObject({
  schema: z.literal(doctorOutputSchemaId),
  healthy: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'failed']),
      message: z.string(),
      hint: z.string().nullable(),
    }),
  ),
  backups: z.array(z.strictObject({ path: z.string(), sizeBytes: z.number(), madeAtUs: z.number() })),
});
export type DoctorOutput = z.infer<typeof doctorOutputSchema>;

export const backupOutputSchemaId = 'lockstep.backup/1';
export const backupOutputSchema = z.strictObject({
  schema: z.literal(backupOutputSchemaId),
  path: z.string(),
  sizeBytes: z.number(),
});

export const restoreOutputSchemaId = 'lockstep.restore/1';
export const restoreOutputSchema = z.strictObject({
  schema: z.literal(restoreOutputSchemaId),
  restored: z.string(),
  /** Where the desk that was there is kept; null when there was none. */
  setAside: z.string().nullable(),
});

export const watchesOutputSchemaId = 'lockstep.watches/1';
export const watchesOutputSchema = z.strictObject({
  schema: z.literal(watchesOutputSchemaId),
  /** The process that follows: this one, another one, or none (then nothing is read). */
  follower: z.enum(['this', 'other', 'none']),
  watches: z.array(watchSchema),
});
export type WatchesOutput = z.infer<typeof watchesOutputSchema>;

/** Of `canary create` with a file that describes no deployment, and of its dry run. */
export const canaryProblemsOutputSchemaId = 'lockstep.canary-problems/1';
export const canaryProblemsOutputSchema = z.strictObject({
  schema: z.literal(canaryProblemsOutputSchemaId),
  file: z.string(),
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
});

/** Of every `canary` command that decides something: what was done, and the deployment as it stands then. */
export const canaryDecisionOutputSchemaId = 'lockstep.canary-decision/1';
export const canaryDecisionOutputSchema = z.strictObject({
  schema: z.literal(canaryDecisionOutputSchemaId),
  did: z.string(),
  /** Null where it was about the desk: stopping the line. */
  deployment: deploymentSummarySchema.nullable(),
  stopped: promotionRulesSchema.shape.stopped,
});

export const canaryStatusOutputSchemaId = 'lockstep.canary-status/1';
export const canaryStatusOutputSchema = z.strictObject({
  schema: z.literal(canaryStatusOutputSchemaId),
  deployments: z.array(deploymentSummarySchema),
  /** Null in the lines `monitor` writes. */
  monitor: canaryCalls['canary.list'].result.shape.monitor.nullable(),
  stopped: promotionRulesSchema.shape.stopped,
  /** Of the one deployment that was named. */
  detail: canaryCalls['canary.get'].result.nullable(),
});

export const canaryHistoryOutputSchemaId = 'lockstep.canary-history/1';
export const canaryHistoryOutputSchema = z.strictObject({
  schema: z.literal(canaryHistoryOutputSchemaId),
  deployments: canaryCalls['canary.history'].result.shape.deployments,
  total: z.number(),
  rates: canaryCalls['canary.history'].result.shape.rates,
});

export const monitorOutputSchemaId = 'lockstep.monitor/1';
export const monitorOutputSchema = z.strictObject({
  schema: z.literal(monitorOutputSchemaId),
  /** False = another process has the right to evaluate, and these are its evaluations. */
  evaluatedHere: z.boolean(),
  /** 0 healthy, 2 breach or rolled back, 3 not proved: warning, inconclusive, no data, or nothing to evaluate. */
  exit: z.number(),
  deployments: z.array(
    z.strictObject({
      id: z.string(),
      strategy: z.string(),
      version: z.string(),
      stage: stageSchema,
      verdict: verdictSchema,
      reasons: z.array(z.string()),
      evaluation: evaluationSchema.nullable(),
    }),
  ),
});
export type MonitorOutput = z.infer<typeof monitorOutputSchema>;

export const auditVerifyOutputSchemaId = 'lockstep.audit-verify/1';
export const auditVerifyOutputSchema = z.strictObject({
  schema: z.literal(auditVerifyOutputSchemaId),
  /** The exported trail; null = the desk's own. */
  file: z.string().nullable(),
  /** Records before the first that does not belong; all of them where there is none. */
  records: z.number(),
  broken: z.strictObject({ sequence: z.number(), problem: z.string() }).nullable(),
});

export const auditExportOutputSchemaId = 'lockstep.audit-export/1';
export const auditExportOutputSchema = z.strictObject({
  schema: z.literal(auditExportOutputSchemaId),
  path: z.string(),
  records: z.number(),
});

/** What a command that failed writes to standard error with `--json`. */
export const errorOutputSchema = z.strictObject({ error: failureSchema });
