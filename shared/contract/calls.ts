import { z } from 'zod';
import { failureSchema } from '../base/errors';
import { isUtcDay } from '../base/time';
import { sideSchema, sourceSchema } from '../market/executions';
import { twinRules } from '../market/identity';
import { calibrationSchema } from '../parity/calibration-document';
import { comparisonSchema } from '../parity/comparison';
import { dayPointSchema } from '../parity/day-point';
import {
  attributionSchema,
  intervalSeriesSchema,
  pairRowSchema,
  parityStatusSchema,
  reportSchema,
} from '../parity/document';
import { causeReasonSchema, causeSchema, explanationSchema } from '../parity/explanation';
import { paritySettingsSchema } from '../parity/settings';
import { statisticsSchema } from '../parity/statistics';
import { auditCalls, canaryCalls, canaryEvents, secretCalls } from './canary';
import { causeOrderSchema } from './causes';
import { csvMapDraftSchema, statusMeanings } from './csv-map';
import { formatPageSchema } from './format-page';

/**
 * Every call between the page and the engine: arguments, result, and whether it writes. Electron IPC, the loopback WebSocket and
 * direct calls all carry exactly this. Adding a call means adding it here and a handler in `electron/engine/handlers`; nothing else.
 */

const day = z.string().refine((text) => isUtcDay(text), 'must be a day written YYYY-MM-DD');
const strategy = z.string().min(1).max(200);
const symbol = z.string().min(1).max(100);
const page = z.object({ offset: z.int().min(0), limit: z.int().min(1).max(1_000) });
const asOf = { /** Instant the answer was true. */ asOfUs: z.number() };
const figure = z.number().nullable();

/** A file the shell admitted: the page holds a token, never a path. */
export const admittedFileSchema = z.object({ token: z.string(), name: z.string(), sizeBytes: z.number() });
export type AdmittedFile = z.infer<typeof admittedFileSchema>;

export const importCountsSchema = z.object({
  rowsRead: z.number(),
  executions: z.number(),
  orderEvents: z.number(),
  otherRows: z.number(),
  duplicates: z.number(),
  quarantined: z.number(),
});

const quarantineStateSchema = z.enum(['open', 'fixed', 'dismissed']);
const quarantineIds = z.array(z.string().min(1).max(40)).min(1).max(1_000);

export const quarantinedRowSchema = z.object({
  id: z.string(),
  importId: z.string(),
  line: z.number(),
  /** UTC day and symbol the row counts for; null where it does not tell. */
  day: z.string().nullable(),
  symbol: z.string().nullable(),
  reason: z.string(),
  text: z.string(),
  fileName: z.string(),
  state: quarantineStateSchema,
  /** What a fixed row became; who dismissed or reopened it, when and why; null while nobody touched it. */
  note: z.string().nullable(),
});

/** The zone naive times were read in although nobody stated it, and why this one. */
export const zoneAssumedSchema = z.object({ zone: z.string(), reason: z.string() });
export type ZoneAssumed = z.infer<typeof zoneAssumedSchema>;

export const importSchema = z.object({
  id: z.string(),
  fileName: z.string(),
  path: z.string().nullable(),
  sizeBytes: z.number(),
  source: sourceSchema,
  strategy: z.string(),
  version: z.string().nullable(),
  account: z.string().nullable(),
  format: z.string(),
  formatTitle: z.string(),
  confidence: z.number(),
  reason: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  startedAtUs: z.number(),
  endedAtUs: figure,
  counts: importCountsSchema,
  /** Executions of this import for which another import's row stands by now; their rows are among the duplicates. */
  merged: z.number(),
  otherRowNames: z.record(z.string(), z.number()),
  firstUs: figure,
  lastUs: figure,
  symbols: z.array(z.string()),
  /** null = every time stated its zone, or the user or the format did. */
  zoneAssumed: zoneAssumedSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type ImportView = z.infer<typeof importSchema>;

export const importProgressSchema = z.object({
  id: z.string(),
  fileName: z.string(),
  state: z.enum(['queued', 'running']),
  bytesRead: z.number(),
  sizeBytes: z.number(),
  rowsRead: z.number(),
  rowsPerSecond: z.number(),
  /** null until it can be told. */
  remainingMs: figure,
});
export type ImportProgress = z.infer<typeof importProgressSchema>;

/** A folder or file that is followed: what is written there comes into the desk by itself. */
export const watchSchema = z.object({
  id: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  source: sourceSchema,
  strategy: z.string().nullable(),
  account: z.string().nullable(),
  version: z.string().nullable(),
  format: z.string().nullable(),
  map: z.string().nullable(),
  zone: z.string().nullable(),
  symbol: z.string().nullable(),
  state: z.enum(['watching', 'paused', 'unreachable', 'failed']),
  /** Why it is not simply watching, or what is worth knowing of it; null = nothing. */
  reason: z.string().nullable(),
  /** Since when it is in this state. */
  sinceUs: z.number(),
  files: z.number(),
  /** Executions its files brought. */
  executions: z.number(),
  /** Latest execution among them. */
  lastRecordUs: figure,
  /** When rows were last read from it. */
  lastReadUs: figure,
  /** From the latest execution to the moment it was read, at the last reading. */
  delayMs: figure,
});

/** A file below a watch. */
export const watchedFileSchema = z.object({
  name: z.string(),
  format: z.string().nullable(),
  /** Up to here its rows are in the desk. */
  positionBytes: z.number(),
  sizeBytes: z.number(),
  executions: z.number(),
  quarantined: z.number(),
  /** `writing` = it ends within a row or document that is not complete yet; `gone` = it is no longer there. */
  state: z.enum(['following', 'writing', 'failed', 'gone']),
  reason: z.string().nullable(),
});

/** An execution as the preview and the fills table show it. */
export const executionViewSchema = z.object({
  source: sourceSchema,
  venue: z.string().nullable(),
  account: z.string().nullable(),
  strategy: z.string(),
  version: z.string().nullable(),
  symbol: z.string(),
  side: sideSchema,
  price: z.number(),
  quantity: z.number(),
  fee: figure,
  feeCurrency: z.string().nullable(),
  liquidity: z.enum(['maker', 'taker']).nullable(),
  executedAtUs: z.number(),
  tradeId: z.string().nullable(),
  orderId: z.string().nullable(),
  clientOrderId: z.string().nullable(),
  decidedAtUs: figure,
  submittedAtUs: figure,
  arrivalPrice: figure,
  intendedQuantity: figure,
  paper: z.boolean(),
  line: z.number(),
});

const importedRowSchema = z.object({
  importId: z.string(),
  fileName: z.string(),
  format: z.string(),
  line: z.number(),
});

export const mergedRowSchema = z.object({
  kept: importedRowSchema,
  merged: importedRowSchema,
  /** The row that was kept, as it was logged. */
  execution: executionViewSchema,
  /** What says that both are one: `trade id`, `order id`, `client order id`. */
  rule: z.enum(twinRules),
});

export const recognitionSchema = z.object({
  format: z.string(),
  formatTitle: z.string(),
  confidence: z.number(),
  reason: z.string(),
  /** Source the content itself tells (a backtest result is never live); null = the user must say. */
  impliedSource: sourceSchema.nullable(),
  /** Strategy names the content itself tells. */
  impliedStrategies: z.array(z.string()),
});

/** Which part of a date written in figures comes first. */
export const dateOrderSchema = z.enum(['dmy', 'mdy']);
export type DateOrder = z.infer<typeof dateOrderSchema>;

/** Something the content leaves open. It is answered by naming one of the options, or a value of one's own, in the argument of that name. */
export const importQuestionSchema = z.object({
  field: z.enum(['zone', 'dateOrder', 'symbol', 'strategy', 'lotSize']),
  message: z.string(),
  /** What is taken while nobody answers; null = the file is not imported without an answer. */
  assumed: z.string().nullable(),
  /** Answers that something speaks for, the likeliest first; may be empty. */
  options: z.array(z.object({ value: z.string(), reason: z.string() })),
});
export type ImportQuestion = z.infer<typeof importQuestionSchema>;

/** The limits a verdict was measured against, as configured for that strategy and symbol (portfolio: for the strategy). */
export const limitsSchema = paritySettingsSchema.pick({
  trackingBps: true,
  feeBps: true,
  latencyMs: true,
  minMatchedOrders: true,
});
export type Limits = z.infer<typeof limitsSchema>;

/** One symbol on one day: in lists over symbols, `latestDay` is the symbol's latest day with data (or the day asked for). */
export const symbolSummarySchema = z.object({
  symbol: z.string(),
  status: parityStatusSchema,
  latestDay: z.string(),
  days: z.number(),
  trackingErrorBps: figure,
  trackingDifferenceBps: figure,
  worstTrackingBps: figure,
  feeDifferenceBps: figure,
  latencyDifferenceMs: figure,
  partialFillRateDifference: figure,
  matchRate: figure,
  executionQualityScore: figure,
  gap: z.number(),
  attribution: attributionSchema,
  matched: z.number(),
  missed: z.number(),
  extra: z.number(),
  /** Up to the last 30 days with data, oldest first, ending with `latestDay`: the line beside the symbol's name. */
  recent: z.array(z.object({ day: z.string(), status: parityStatusSchema, worstTrackingBps: figure })),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type SymbolSummary = z.infer<typeof symbolSummarySchema>;

export const strategySummarySchema = z.object({
  strategy: z.string(),
  symbols: z.number(),
  firstDay: z.string(),
  lastDay: z.string(),
  liveExecutions: z.number(),
  backtestExecutions: z.number(),
});

/** How rows of `parity.orders` are put in order; `slippage` and `latency` put rows that have none last, either way. */
const orderSelection = {
  kind: z.enum(['all', 'matched', 'missed', 'extra', 'unfilled']),
  sort: z.enum(['time', 'gap', 'slippage', 'latency', 'price', 'quantity', 'fees']),
  descending: z.boolean(),
};

const reportSelection = {
  strategy,
  symbol: symbol.nullable(),
  from: day,
  to: day,
  /** Of a single day; null = the latest. */
  revision: z.int().min(1).nullable(),
};

/** `version` looks at the fills of one version of the strategy alone; null = at all of them. */
const comparedSelection = { ...reportSelection, version: z.string().min(1).max(200).nullable() };

/** What some files leave unsaid; absent or null where the file tells or the format's default holds. */
const notInFile = {
  /**
   * Symbol of a file that names none: `ETH/USDT`. Where the file names instruments without a separator, how those are split whose
   * parts are in doubt; several are separated by commas.
   */
  symbol: symbol.nullable().optional(),
  /** Zone of times that do not state theirs: an IANA name or an offset. */
  zone: z.string().min(1).max(100).nullable().optional(),
  /** Order of day and month in dates such as 04/05/2026, where none of the file's dates tells it. */
  dateOrder: dateOrderSchema.nullable().optional(),
  /** Units of a lot, where sizes are in lots: `100000`, or by symbol `XAUUSD=100,US30=1`. */
  lotSize: z.string().min(1).max(1_000).nullable().optional(),
};

const savedMapSchema = z.object({
  /** The map's id; of one that cannot be read any more its signature. */
  id: z.string(),
  title: z.string(),
  kind: z.enum(['fills', 'roundTrips']).nullable(),
  /** null = used only where it is named. */
  header: z.array(z.string()).nullable(),
  signature: z.string(),
  /** The map as its file is written. */
  text: z.string(),
  savedAtUs: z.number(),
  /** Why it cannot be used any more; null = it can. */
  failure: failureSchema.nullable(),
});
export type SavedMapView = z.infer<typeof savedMapSchema>;

/** A column of a file that no format knows. */
const seenColumnSchema = z.object({
  /** How a map names it: its header, or `#3` where the header has none or has it twice. */
  name: z.string(),
  title: z.string(),
  look: z.enum(['time', 'number', 'words', 'text', 'empty']),
  /** The first values that are not empty. */
  values: z.array(z.string()),
  /** Rows of the sample in which it is filled. */
  filled: z.number(),
  /** The different words of a column that has few, and what every reader takes them for; null = it must be said. */
  words: z.array(
    z.object({
      text: z.string(),
      count: z.number(),
      side: sideSchema.nullable(),
      direction: z.enum(['long', 'short']).nullable(),
      liquidity: z.enum(['maker', 'taker']).nullable(),
      status: z.enum(statusMeanings).nullable(),
    }),
  ),
  /** How its dates are put; `ambiguous` = day and month cannot be told apart. null = they need no telling. */
  dateOrder: z.enum(['dayFirst', 'monthFirst', 'ambiguous', 'mixed']).nullable(),
  /** Its times do not say their zone. */
  naive: z.boolean(),
});
export type SeenColumn = z.infer<typeof seenColumnSchema>;

export const calls = {
  'app.info': {
    writes: false,
    args: z.object({}),
    result: z.object({
      version: z.string(),
      methodVersion: z.string(),
      deskName: z.string(),
      sample: z.boolean(),
      /** A sample desk exists and can be opened without being made first. */
      sampleAvailable: z.boolean(),
      dataDirectory: z.string(),
      carrier: z.enum(['electron', 'browser']),
      storeSizeBytes: z.number(),
      ...asOf,
    }),
  },
  'desk.overview': {
    writes: false,
    args: z.object({ strategy: strategy.nullable(), days: z.int().min(1).max(400) }),
    result: z.object({
      strategies: z.array(strategySummarySchema),
      /** The strategy shown; null when nothing is stored. */
      strategy: z.string().nullable(),
      /** Portfolio report of the latest day with data; null when nothing is stored. */
      portfolio: reportSchema.nullable(),
      portfolioDays: z.array(dayPointSchema),
      symbols: z.array(symbolSummarySchema),
      feeds: z.array(
        z.object({
          source: sourceSchema,
          strategy: z.string(),
          lastExecutionUs: figure,
          lastImportUs: figure,
        }),
      ),
      limits: limitsSchema,
      ...asOf,
    }),
  },
  'parity.symbols': {
    writes: false,
    args: z.object({ strategy }),
    result: z.object({
      /** Worst first. */
      symbols: z.array(symbolSummarySchema),
      portfolioDays: z.array(dayPointSchema),
      limits: limitsSchema,
      ...asOf,
    }),
  },
  /** The symbols behind one portfolio day, worst first. */
  'parity.daySymbols': {
    writes: false,
    args: z.object({ strategy, day }),
    result: z.object({ symbols: z.array(symbolSummarySchema), ...asOf }),
  },
  'parity.days': {
    writes: false,
    args: z.object({ strategy, symbol: symbol.nullable() }),
    result: z.object({
      days: z.array(dayPointSchema),
      limits: limitsSchema,
      ...asOf,
    }),
  },
  'parity.report': {
    writes: false,
    args: z.object({ strategy, symbol: symbol.nullable(), from: day, to: day }),
    result: z.object({
      report: reportSchema,
      series: intervalSeriesSchema.nullable(),
      revisions: z.number(),
      limits: limitsSchema,
      ...asOf,
    }),
  },
  /** Which settings would make the symbol's backtest come out as live; null = from the first, to the last day there is. */
  'parity.calibration': {
    writes: false,
    args: z.object({ strategy, symbol, from: day.nullable(), to: day.nullable() }),
    result: z.object({ calibration: calibrationSchema, ...asOf }),
  },
  /**
   * Statistics over a window of days, live beside backtest; `from` and `to` null or absent = first and last day with executions.
   * `no-data` when the window has none. Too few days is a state, never a number.
   */
  'parity.statistics': {
    writes: false,
    args: z.object({
      strategy,
      symbol: symbol.nullable(),
      from: day.nullable().optional(),
      to: day.nullable().optional(),
      /** Annual Sharpe ratio the probability and the track record are about; 0 unless told. */
      sharpeThreshold: z.number().min(-100).max(100).optional(),
    }),
    result: statisticsSchema.extend(asOf),
  },
  'parity.orders': {
    writes: false,
    args: z.object({
      strategy,
      symbol,
      day,
      ...orderSelection,
      page,
    }),
    result: z.object({ rows: z.array(pairRowSchema), total: z.number(), ...asOf }),
  },
  /** One row of `parity.orders` by the id of either of its orders, and where it stands in the list so selected. */
  'parity.order': {
    writes: false,
    args: z.object({ strategy, symbol, day, orderId: z.string().min(1).max(100), ...orderSelection }),
    result: z.object({
      row: pairRowSchema,
      /** From 0; null when the list does not hold it (an extra order in the list of matched ones). */
      index: figure,
      ...asOf,
    }),
  },
  /**
   * The day's matched orders as points of the distribution and the scatter, in time order; arrays of equal length, null = unknown.
   * `ids` are the live orders' ids as in `parity.orders`. At most 200,000 pairs; a larger day is thinned evenly over its order and
   * `total` tells how many there are.
   */
  'parity.points': {
    writes: false,
    args: z.object({ strategy, symbol, day }),
    result: z.object({
      ids: z.array(z.string()),
      slippageBps: z.array(figure),
      latencyMs: z.array(figure),
      /** qm * p_backtest: the weight of the pair, quote currency. */
      notional: z.array(z.number()),
      total: z.number(),
      ...asOf,
    }),
  },
  'parity.fills': {
    writes: false,
    /** Order ids as in the rows of `parity.orders` (`live:12`). */
    args: z.object({ strategy, symbol, day, orderIds: z.array(z.string()).min(1).max(2) }),
    result: z.object({
      fills: z.array(
        executionViewSchema.extend({ orderRowId: z.string(), importId: z.string(), fileName: z.string() }),
      ),
      ...asOf,
    }),
  },
  /** Why a day or a window of at most 92 days differs; symbol null = the portfolio. */
  'parity.causes': {
    writes: false,
    args: z.object({ strategy, symbol: symbol.nullable(), from: day, to: day }),
    result: z.object({ explanation: explanationSchema, ...asOf }),
  },
  /** The orders a cause has a part of, the largest money first. */
  'parity.causeOrders': {
    writes: false,
    args: z.object({
      strategy,
      symbol: symbol.nullable(),
      from: day,
      to: day,
      cause: causeSchema,
      /** Null = whatever the reason. */
      reason: causeReasonSchema.nullable(),
      page,
    }),
    result: z.object({ rows: z.array(causeOrderSchema), total: z.number(), ...asOf }),
  },
  /** Which days of a month have which report: of the portfolio (symbol null) and of every symbol. */
  'reports.calendar': {
    writes: false,
    args: z.object({
      strategy,
      month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month written YYYY-MM'),
    }),
    result: z.object({
      /** First and last day with executions of the strategy. */
      firstDay: z.string(),
      lastDay: z.string(),
      symbols: z.array(z.string()),
      reports: z.array(
        z.object({
          symbol: z.string().nullable(),
          day: z.string(),
          status: parityStatusSchema,
          revision: z.number(),
          worstTrackingBps: figure,
          gap: z.number(),
          currency: z.string().nullable(),
        }),
      ),
      ...asOf,
    }),
  },
  /** All that is kept of a day's report, oldest first; the last one is up to date. */
  'reports.revisions': {
    writes: false,
    args: z.object({ strategy, symbol: symbol.nullable(), day }),
    result: z.object({
      revisions: z.array(
        z.object({
          revision: z.number(),
          madeAtUs: z.number(),
          status: parityStatusSchema,
          worstTrackingBps: figure,
          trackingDifferenceBps: figure,
          gap: z.number(),
          matched: z.number(),
          missed: z.number(),
          extra: z.number(),
          currency: z.string().nullable(),
        }),
      ),
      ...asOf,
    }),
  },
  /**
   * The report as a file: the document, one printed page, or the orders as a table. `not-found` for a revision that is not kept,
   * `limit-exceeded` for a table too large for a page.
   */
  'reports.export': {
    writes: false,
    args: z.object({
      ...reportSelection,
      format: z.enum(['json', 'html', 'pdf', 'csv']),
      paper: z.enum(['A4', 'LETTER']),
    }),
    result: z.object({
      name: z.string(),
      /** A PDF travels as base64, everything else as the text it is. */
      encoding: z.enum(['utf8', 'base64']),
      content: z.string(),
    }),
  },
  /** Two reports beside each other; differences are b minus a. */
  'reports.compare': {
    writes: false,
    args: z.object({ a: z.object(comparedSelection), b: z.object(comparedSelection) }),
    result: z.object({ comparison: comparisonSchema, ...asOf }),
  },
  'formats.list': {
    writes: false,
    args: z.object({}),
    result: z.object({
      formats: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          describes: z.string(),
          kind: z.enum(['executions', 'orders', 'prices']),
          exampleHeader: z.string().nullable(),
        }),
      ),
      maps: z.array(z.object({ id: z.string(), title: z.string(), describes: z.string() })),
    }),
  },
  /** The reference page of one format or map; `not-found` when there is none. */
  'formats.describe': {
    writes: false,
    args: z.object({ format: z.string().min(1).max(100) }),
    result: formatPageSchema,
  },
  'imports.preview': {
    writes: false,
    args: z.object({
      token: z.string(),
      format: z.string().nullable(),
      map: z.string().nullable(),
      source: sourceSchema.nullable(),
      strategy: strategy.nullable(),
      ...notInFile,
    }),
    result: z.object({
      recognised: recognitionSchema,
      /** Other readings the content allows, best first. */
      alternatives: z.array(recognitionSchema),
      /** First executions as they would be stored. */
      executions: z.array(executionViewSchema),
      quarantined: z.array(z.object({ line: z.number(), reason: z.string(), text: z.string() })),
      warnings: z.array(z.string()),
      /** What the content leaves open, most important first. */
      questions: z.array(importQuestionSchema),
    }),
  },
  /** The beginning of a delimited file as columns, and what they may mean: what a map of it is made from. */
  'imports.columns': {
    writes: false,
    args: z.object({ token: z.string() }),
    result: z.object({
      /** File inside the archive; null = the file itself. */
      member: z.string().nullable(),
      delimiter: z.string(),
      headerLine: z.number(),
      header: z.array(z.string()),
      /** Names the header among those a map was saved for. */
      signature: z.string(),
      rows: z.array(z.array(z.string())),
      columns: z.array(seenColumnSchema),
      guess: z.object({
        draft: csvMapDraftSchema,
        reasons: z.array(z.object({ field: z.string(), column: z.string(), reason: z.string() })),
      }),
      /** The map kept for this header. */
      saved: savedMapSchema.nullable(),
    }),
  },
  'maps.list': { writes: false, args: z.object({}), result: z.object({ maps: z.array(savedMapSchema), ...asOf }) },
  /** Keeps a map for its header; `conflict` when another one is kept for that header or under that name, unless it is to be replaced. */
  'maps.save': {
    writes: true,
    args: z.object({ text: z.string().max(200_000), replace: z.boolean() }),
    result: z.object({ map: savedMapSchema }),
  },
  'maps.remove': { writes: true, args: z.object({ id: z.string() }), result: z.object({}) },
  'imports.start': {
    writes: true,
    args: z.object({
      files: z
        .array(
          z.object({
            token: z.string(),
            source: sourceSchema,
            strategy: strategy.nullable(),
            version: z.string().max(200).nullable(),
            account: z.string().max(200).nullable(),
            format: z.string().nullable(),
            map: z.string().nullable(),
            ...notInFile,
          }),
        )
        .min(1)
        .max(1_000),
    }),
    result: z.object({ ids: z.array(z.string()) }),
  },
  'imports.cancel': { writes: true, args: z.object({ id: z.string() }), result: z.object({}) },
  'imports.list': {
    writes: false,
    args: z.object({ page }),
    result: z.object({
      imports: z.array(importSchema),
      total: z.number(),
      running: z.array(importProgressSchema),
      ...asOf,
    }),
  },
  /** One import by its id; `not-found` when there is none. */
  'imports.get': {
    writes: false,
    args: z.object({ id: z.string() }),
    result: z.object({
      import: importSchema,
      /** Where trades of it are stored under another strategy or symbol as well, with the same ids, and how many at least. */
      elsewhere: z.array(z.object({ strategy: z.string(), symbol: z.string(), trades: z.number() })),
      ...asOf,
    }),
  },
  'imports.quarantine': {
    writes: false,
    args: z.object({
      importId: z.string().nullable(),
      state: quarantineStateSchema.nullable().optional(),
      /** One of `imports.causes`; null or absent = whatever the cause. */
      cause: z.string().max(2_000).nullable().optional(),
      page,
    }),
    result: z.object({ rows: z.array(quarantinedRowSchema), total: z.number(), ...asOf }),
  },
  /** Why rows were set aside, rows of the same cause together, the commonest first. */
  'imports.causes': {
    writes: false,
    args: z.object({ importId: z.string().nullable(), state: quarantineStateSchema.nullable() }),
    result: z.object({
      /** `cause` is the reason with its values left out: `price is "…", which is no number`. */
      causes: z.array(z.object({ cause: z.string(), rows: z.number() })),
      ...asOf,
    }),
  },
  /**
   * Reads open quarantined rows again with corrected texts, those of one file together. A row that can be used is fixed, the others stay
   * open and say why. Nothing is stored when one of them is not open (`conflict`) or not there (`not-found`).
   */
  'imports.retry': {
    writes: true,
    args: z.object({
      rows: z
        .array(z.object({ id: z.string().min(1).max(40), text: z.string().max(1_048_576) }))
        .min(1)
        .max(1_000),
    }),
    result: z.object({
      results: z.array(
        z.object({
          id: z.string(),
          state: z.enum(['fixed', 'open']),
          reason: z.string().nullable(),
          /** Executions stored; 0 for a row that is a duplicate, an order event or no trade. */
          executions: z.number(),
        }),
      ),
    }),
  },
  /** Trades that several logs tell: which row was kept and which was merged into it. Of one import (on either side), or of all. */
  'imports.merged': {
    writes: false,
    args: z.object({ importId: z.string().nullable(), page }),
    result: z.object({ rows: z.array(mergedRowSchema), total: z.number(), ...asOf }),
  },
  /** Sets open rows aside for good or until they are reopened; they are kept and shown, but count as open no more. */
  'imports.dismiss': {
    writes: true,
    args: z.object({ ids: quarantineIds, reason: z.string().trim().min(1).max(500) }),
    result: z.object({}),
  },
  /** Opens dismissed rows again. */
  'imports.reopen': { writes: true, args: z.object({ ids: quarantineIds }), result: z.object({}) },
  'watches.list': {
    writes: false,
    args: z.object({}),
    result: z.object({
      watches: z.array(watchSchema),
      /** The process that follows them: this one, another one, or none (then nothing is read). */
      follower: z.enum(['this', 'other', 'none']),
      ...asOf,
    }),
  },
  /** Follows the folder or file the token stands for, with the settings of `imports.start`. `conflict` when it is followed already. */
  'watches.add': {
    writes: true,
    args: z.object({
      token: z.string(),
      source: sourceSchema,
      strategy: strategy.nullable(),
      version: z.string().max(200).nullable(),
      account: z.string().max(200).nullable(),
      format: z.string().nullable(),
      map: z.string().nullable(),
      ...notInFile,
    }),
    result: z.object({ id: z.string() }),
  },
  /** Ends the following; what was read stays in the desk. */
  'watches.remove': { writes: true, args: z.object({ id: z.string() }), result: z.object({}) },
  'watches.pause': { writes: true, args: z.object({ id: z.string() }), result: z.object({}) },
  'watches.resume': { writes: true, args: z.object({ id: z.string() }), result: z.object({}) },
  /** The files below a watch, by name. */
  'watches.files': {
    writes: false,
    args: z.object({ id: z.string(), page }),
    result: z.object({ files: z.array(watchedFileSchema), total: z.number(), ...asOf }),
  },
  /** Makes the sample desk when there is none, and switches the console to it. */
  'desk.openSample': { writes: true, args: z.object({}), result: z.object({}) },
  'desk.openMain': { writes: true, args: z.object({}), result: z.object({}) },
  ...canaryCalls,
  ...auditCalls,
  ...secretCalls,
} as const satisfies Record<string, { writes: boolean; args: z.ZodType; result: z.ZodType }>;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallArgs<Name extends CallName> = z.infer<Calls[Name]['args']>;
export type CallResult<Name extends CallName> = z.infer<Calls[Name]['result']>;
export const callNames = Object.keys(calls) as CallName[]; // Object.keys widens to string[]; the object above has exactly these keys

/** Events the engine sends to every page; bounded and coalesced, so a page may miss intermediate ones but never the last. */
export const events = {
  'imports.progress': z.object({ running: z.array(importProgressSchema) }),
  /** `id` is what `imports.start` gave; `importId` names the record it left, null when it ended before there was one. */
  'imports.ended': z.object({
    id: z.string(),
    importId: z.string().nullable(),
    fileName: z.string(),
    state: z.enum(['done', 'failed', 'cancelled']),
    failure: failureSchema.nullable(),
  }),
  /** A watch was added, removed, or is in another state. */
  'watches.changed': z.object({}),
  /** Stored data changed (this process or another): what is on screen should be asked for again. */
  'data.changed': z.object({ asOfUs: z.number() }),
  /** Another desk was opened (sample or main): start over. */
  'desk.changed': z.object({ sample: z.boolean() }),
  'sample.progress': z.object({ done: z.number(), total: z.number() }),
  ...canaryEvents,
} as const satisfies Record<string, z.ZodType>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<Name extends EventName> = z.infer<Events[Name]>;
export const eventNames = Object.keys(events) as EventName[]; // as above
