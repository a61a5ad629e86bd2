import { z } from 'zod';
import type { FigureUnit } from '../base/format';
import { parityStatusSchema, type Report } from './document';
import { causeReasonSchema, type Explanation } from './explanation';
import { figure } from './method';
import { causeWords, type WaterfallCause } from './waterfall';

/**
 * Two reports beside each other: two days, two symbols, two strategies, or two versions of one. Every figure with its difference; where
 * both have an interval, whether the difference is more than they leave open.
 */

export const comparisonSchemaId = 'lockstep.comparison/1';

/** The plain rule of `beyond`, as it is shown and stored. */
export const beyondRule =
  'A difference is beyond the intervals when the two 95 % intervals share no value. The rule is cautious: intervals that just touch may still differ. Figures without an interval on both sides are not judged.';

const maybe = z.number().nullable();
const interval = z.object({ lower: z.number(), upper: z.number(), level: z.number() }).nullable();

export const comparedFigures = [
  'trackingErrorBps',
  'trackingDifferenceBps',
  'trackingErrorWindowBps',
  'feeDifferenceBps',
  'liveFeesBps',
  'backtestFeesBps',
  'latencyDifferenceMs',
  'slippageBps',
  'slippageDeviationBps',
  'partialFillRateDifference',
  'liveFillRatio',
  'matchRate',
  'executionQualityScore',
  'matched',
  'missed',
  'extra',
  'grossNotional',
  'capital',
] as const;
export type ComparedFigure = (typeof comparedFigures)[number];

export const comparedComponents = [
  'gap',
  'price',
  'delay',
  'execution',
  'quantity',
  'fees',
  'missed',
  'extra',
  'carry',
  'other',
] as const;

const sideSchema = z.object({
  strategy: z.string(),
  /** null = the whole strategy, whatever the version. */
  version: z.string().nullable(),
  symbol: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  revision: z.number(),
  status: parityStatusSchema,
  currency: z.string().nullable(),
  reasons: z.array(z.string()),
  settingsHash: z.string(),
  methodVersion: z.string(),
});

export const comparisonSchema = z.object({
  schema: z.literal(comparisonSchemaId),
  a: sideSchema,
  b: sideSchema,
  rule: z.string(),
  /** `difference` = b minus a; null where either is unknown. */
  figures: z.array(
    z.object({
      figure: z.enum(comparedFigures),
      a: maybe,
      b: maybe,
      difference: maybe,
      aInterval: interval,
      bInterval: interval,
      /** null = not judged: a side has no interval. */
      beyond: z.boolean().nullable(),
    }),
  ),
  /** Components of the gap in quote currency and in bps of each side's capital; money is compared only in one currency. */
  attribution: z.array(
    z.object({
      component: z.enum(comparedComponents),
      a: maybe,
      b: maybe,
      difference: maybe,
      aBps: maybe,
      bBps: maybe,
      differenceBps: maybe,
    }),
  ),
  /**
   * Causes of the two gaps, the largest money of either side first; null where a side's are not known, and `cautions` says why. A cause
   * that a side does not have did nothing there: the causes of a side add up to its gap.
   */
  causes: z
    .array(
      z.object({
        reason: causeReasonSchema,
        title: z.string(),
        a: z.number(),
        b: z.number(),
        difference: maybe,
        /** Of the side's gap; null where that is nothing. */
        aShare: maybe,
        bShare: maybe,
      }),
    )
    .nullable(),
  /** What keeps the two from being like for like. */
  cautions: z.array(z.string()),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Why there is no list of causes. */
export interface NoExplanation {
  readonly unexplained: string;
}

export interface ComparedReport {
  readonly report: Report;
  readonly version: string | null;
  readonly explanation: Explanation | NoExplanation;
}

/** Pure; differences are b minus a. */
export function compareReports(a: ComparedReport, b: ComparedReport): Comparison {
  const [first, second] = [a.report, b.report];
  const sameCurrency = first.currency === second.currency;
  const bps = (report: Report, value: number | null) =>
    value === null || report.capital.value === null ? null : figure((1e4 * value) / report.capital.value);
  return {
    schema: comparisonSchemaId,
    a: sideOf(a),
    b: sideOf(b),
    rule: beyondRule,
    figures: comparedFigures.map((name) => {
      const [one, other] = [figureOf[name](first), figureOf[name](second)];
      const money = name === 'grossNotional' || name === 'capital';
      const [aInterval, bInterval] = [intervalOf(name, first), intervalOf(name, second)];
      return {
        figure: name,
        a: one,
        b: other,
        difference: money && !sameCurrency ? null : minus(other, one),
        aInterval,
        bInterval,
        beyond:
          aInterval === null || bInterval === null
            ? null
            : aInterval.upper < bInterval.lower || bInterval.upper < aInterval.lower,
      };
    }),
    attribution: comparedComponents.map((component) => {
      const [one, other] = [first.attribution[component], second.attribution[component]];
      const [aBps, bBps] = [bps(first, one), bps(second, other)];
      return {
        component,
        a: one,
        b: other,
        difference: sameCurrency ? minus(other, one) : null,
        aBps,
        bBps,
        differenceBps: minus(bBps, aBps),
      };
    }),
    causes: comparedCauses(a, b),
    cautions: [...cautionsOf(first, second), ...unexplainedOf(a, b)],
  };
}

const figureOf: Readonly<Record<ComparedFigure, (report: Report) => number | null>> = {
  trackingErrorBps: (report) => report.trackingErrorBps,
  trackingDifferenceBps: (report) => report.trackingDifferenceBps,
  trackingErrorWindowBps: (report) => report.window?.trackingErrorWindowBps ?? null,
  feeDifferenceBps: (report) => report.feeDifferenceBps,
  liveFeesBps: (report) => report.fees.liveBps,
  backtestFeesBps: (report) => report.fees.backtestBps,
  latencyDifferenceMs: (report) => report.latencyDifferenceMs,
  slippageBps: (report) => report.slippage.meanBps,
  slippageDeviationBps: (report) => report.slippage.deviationBps,
  partialFillRateDifference: (report) => report.partialFillRateDifference,
  liveFillRatio: (report) => report.partialFills.liveFillRatio,
  matchRate: (report) => report.matchRate,
  executionQualityScore: (report) => report.executionQualityScore,
  matched: (report) => report.matches.matched,
  missed: (report) => report.matches.missed,
  extra: (report) => report.matches.extra,
  grossNotional: (report) => report.grossNotional,
  capital: (report) => report.capital.value,
};

export const comparedFigureWords: Readonly<
  Record<ComparedFigure, { readonly title: string; readonly unit: FigureUnit | 'money'; readonly signed: boolean }>
> = {
  trackingErrorBps: { title: 'Tracking error', unit: 'bpsPerDay', signed: false },
  trackingDifferenceBps: { title: 'Tracking difference', unit: 'bpsPerDay', signed: true },
  trackingErrorWindowBps: { title: 'Spread of the days', unit: 'bpsPerDay', signed: false },
  feeDifferenceBps: { title: 'Fee difference', unit: 'bps', signed: true },
  liveFeesBps: { title: 'Fees live', unit: 'bps', signed: false },
  backtestFeesBps: { title: 'Fees backtest', unit: 'bps', signed: false },
  latencyDifferenceMs: { title: 'Latency difference', unit: 'ms', signed: true },
  slippageBps: { title: 'Slippage', unit: 'bps', signed: true },
  slippageDeviationBps: { title: 'Slippage deviation', unit: 'bps', signed: false },
  partialFillRateDifference: { title: 'Partial fill rate difference', unit: 'percent', signed: true },
  liveFillRatio: { title: 'Fill ratio live', unit: 'percent', signed: false },
  matchRate: { title: 'Match rate', unit: 'percent', signed: false },
  executionQualityScore: { title: 'Execution quality', unit: 'score', signed: false },
  matched: { title: 'Orders matched', unit: 'count', signed: false },
  missed: { title: 'Orders missed', unit: 'count', signed: false },
  extra: { title: 'Orders extra', unit: 'count', signed: false },
  grossNotional: { title: 'Traded, both sides', unit: 'money', signed: false },
  capital: { title: 'Capital', unit: 'money', signed: false },
};

export function componentTitle(component: (typeof comparedComponents)[number]): string {
  if (component === 'gap') return 'Gap, live − backtest';
  const cause: WaterfallCause = component;
  return causeWords[cause].title;
}

function sideOf({ report, version }: ComparedReport): Comparison['a'] {
  const { key, status, currency, reasons, settingsHash, methodVersion } = report;
  return {
    ...key,
    version,
    status,
    currency,
    reasons: reasons.map(({ message }) => message),
    settingsHash,
    methodVersion,
  };
}

function intervalOf(name: ComparedFigure, report: Report): Comparison['figures'][number]['aInterval'] {
  const intervals: Partial<Record<ComparedFigure, Report['trackingErrorInterval']>> = {
    trackingErrorBps: report.trackingErrorInterval,
    trackingDifferenceBps: report.trackingDifferenceInterval,
    trackingErrorWindowBps: report.window?.trackingErrorWindowInterval ?? null,
    feeDifferenceBps: report.feeDifferenceInterval ?? null,
    latencyDifferenceMs: report.latencyDifferenceInterval ?? null,
    slippageBps: report.slippage.meanInterval ?? null,
  };
  const found = intervals[name] ?? null;
  return found === null ? null : { lower: found.lower, upper: found.upper, level: found.level };
}

function comparedCauses(a: ComparedReport, b: ComparedReport): Comparison['causes'] {
  const [first, second] = [a.explanation, b.explanation];
  if ('unexplained' in first || 'unexplained' in second) return null;
  const titles = new Map([...first.causes, ...second.causes].map(({ reason, title }) => [reason, title]));
  const size = ({ a: one, b: other }: { readonly a: number; readonly b: number }) =>
    Math.max(Math.abs(one), Math.abs(other));
  return [...titles]
    .map(([reason, title]) => {
      const [one, other] = [first, second].map(({ causes }) => causes.find((cause) => cause.reason === reason));
      const [money, otherMoney] = [one?.money ?? 0, other?.money ?? 0];
      return {
        reason,
        title,
        a: figure(money) ?? 0,
        b: figure(otherMoney) ?? 0,
        difference: first.currency === second.currency ? figure(otherMoney - money) : null,
        aShare: one?.shareOfGap ?? null,
        bShare: other?.shareOfGap ?? null,
      };
    })
    .sort((one, other) => size(other) - size(one) || (one.reason < other.reason ? -1 : 1));
}

function unexplainedOf(...sides: readonly ComparedReport[]): string[] {
  const remarks = sides.flatMap(({ explanation }) => ('unexplained' in explanation ? explanation.unexplained : []));
  return [...new Set(remarks)];
}

function minus(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : figure(left - right);
}

function cautionsOf(a: Report, b: Report): string[] {
  const unknown = [a, b].filter(({ status }) => status === 'UNKNOWN').length;
  return [
    ...(unknown === 0
      ? []
      : [
          `${unknown === 2 ? 'Both sides are' : 'One side is'} UNKNOWN: its figures rest on missing or too little data.`,
        ]),
    ...(a.currency === b.currency
      ? []
      : [`Money is in ${a.currency ?? 'no'} and in ${b.currency ?? 'no'} currency and is not subtracted.`]),
    ...(a.settingsHash === b.settingsHash ? [] : ['The two are judged by different settings.']),
    ...(a.methodVersion === b.methodVersion
      ? []
      : [`The two were made by different methods: ${a.methodVersion} and ${b.methodVersion}.`]),
    ...(a.capital.basis === b.capital.basis
      ? []
      : [`Capital is ${a.capital.basis} on one side and ${b.capital.basis} on the other.`]),
    ...(a.latency.basis === b.latency.basis ? [] : ['Latency is measured from different instants.']),
  ];
}
