import {
  formatCount,
  formatCountOf,
  formatFigure,
  formatFigureWithUnit,
  formatMoney,
  formatUtc,
  formatUtcTime,
  typeset,
} from '../../../shared/base/format';
import { compensatedSum } from '../../../shared/base/sums';
import type { NoExplanation } from '../../../shared/parity/comparison';
import type { IntervalSeries, ParityStatus, Report } from '../../../shared/parity/document';
import type { Explanation } from '../../../shared/parity/explanation';
import type { ParitySettings } from '../../../shared/parity/settings';
import { waterfallOf } from '../../../shared/parity/waterfall';
import {
  bothSidesTraded,
  feeState,
  gapSentence,
  headlineOf,
  type LimitState,
  latencyBasisWords,
  latencyState,
  limitStateOf,
  lostPointsOf,
  metricWords,
} from '../../../shared/parity/words';
import { dayDrawing, daysDrawing, type TrackingPoint, waterfallDrawing } from './charts';
import type { Drawing } from './drawing';

/**
 * A report as one printed page: what stands on it, in words and drawings, whatever it is printed by. Everything is bounded, so that it is
 * one page; what is left out is counted, and the JSON document has it all.
 */

export interface SheetInput {
  readonly report: Report;
  /** The day's course; null in a report of several days, or where there is none. */
  readonly series: IntervalSeries | null;
  /** The days of a report of several days, oldest first. */
  readonly days: readonly TrackingPoint[];
  readonly limits: Pick<ParitySettings, 'trackingBps' | 'feeBps' | 'latencyMs' | 'minMatchedOrders'>;
  readonly explanation: Explanation | NoExplanation;
  /** When the report was made; null where it is made on demand. */
  readonly madeAtUs: number | null;
  /** Revisions of the day's report that are kept. */
  readonly revisions: number;
  /** The data is simulated. */
  readonly sample: boolean;
  /** Version of the product. */
  readonly version: string;
}

export interface FigureLine {
  readonly name: string;
  readonly value: string;
  readonly interval: string;
  readonly limits: string;
  readonly state: LimitState | null;
  readonly detail: string;
}

export interface SheetList {
  readonly title: string;
  readonly items: readonly { readonly lead: string; readonly text: string }[];
  /** What stands there instead of no items. */
  readonly empty: string;
  /** Items left out. */
  readonly more: number;
}

export interface SheetFacts {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Why the day or the days differ: the causes by money, the largest first. */
export interface SheetCauses {
  readonly title: string;
  readonly rows: readonly {
    readonly cause: string;
    readonly money: string;
    readonly share: string;
    readonly detail: string;
  }[];
  /** What stands under the rows: those left out, or why there are none. */
  readonly rest: string;
}

export interface Sheet {
  readonly name: string;
  readonly strategy: string;
  readonly subject: string;
  readonly when: string;
  readonly about: string;
  readonly status: ParityStatus;
  readonly verdict: string;
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly figures: readonly FigureLine[];
  readonly drawings: readonly Drawing[];
  /** What stands in place of drawings; empty where there are some. */
  readonly noDrawings: string;
  readonly causes: SheetCauses;
  readonly facts: readonly SheetFacts[];
  readonly lists: readonly SheetList[];
  readonly notes: readonly string[];
  readonly foot: readonly string[];
}

export const stateWords: Readonly<Record<LimitState, string>> = {
  within: 'within',
  warn: 'WARN',
  limit: 'BEYOND',
  critical: 'CRITICAL',
  unknown: 'unknown',
};

export function sheetOf(input: SheetInput): Sheet {
  const { report, series, days, limits, revisions, madeAtUs, sample, version } = input;
  const { key, attribution, capital, currency } = report;
  const oneDay = key.from === key.to;
  const waterfall = waterfallOf(attribution, capital.value, report.grossNotional);
  const traded = bothSidesTraded(report);
  const course =
    series === null
      ? daysDrawing(days, limits.trackingBps)
      : dayDrawing(series, capital.value, limits.trackingBps.limit);
  const drawings = traded ? [waterfallDrawing(waterfall, currency), ...(course === null ? [] : [course])] : [];
  const kept = oneDay && revisions > 1 ? `, revision ${key.revision} of ${revisions}` : '';
  return {
    name: sheetName(report),
    strategy: clipped(key.strategy, 60),
    subject: clipped(key.symbol ?? 'Portfolio', 30),
    when: oneDay ? key.from : `${key.from} to ${key.to}`,
    about: `${oneDay ? 'Daily parity report' : `Parity report of ${formatCountOf(days.length, 'day')}`}${kept}${sample ? ' · SAMPLE DATA' : ''}`,
    status: report.status,
    verdict: headlineOf(report),
    summary: traded
      ? gapSentence(report, waterfall)
      : 'Only one side traded: what the gap would be measured against is missing.',
    reasons: bounded(
      report.reasons.map(({ message }) => clipped(typeset(message), 150)),
      3,
    ),
    figures: figureLines(report, limits),
    drawings,
    noDrawings: drawings.length > 0 ? '' : 'No charts: one side has no executions to compare with.',
    causes: causesOf(input),
    facts: [scoreFacts(report), orderFacts(report), qualityFacts(report)],
    lists: [breachList(report), adviceList(report), ...(key.symbol === null ? [symbolList(report)] : [])],
    notes: bounded(
      [...cautionsOf(report), ...report.dataQuality.notes].map((note) => clipped(note, 150)),
      3,
    ),
    foot: [
      `Capital ${capital.value === null ? 'unknown' : formatMoney(capital.value, currency)} (${capital.basis}); basis points are of it. Tracking limits ${limits.trackingBps.warn} warn, ${limits.trackingBps.limit} fail, ${limits.trackingBps.critical} critical, bps a day; UNKNOWN below ${limits.minMatchedOrders} matched orders. Unexplained ${Math.abs(attribution.residual).toPrecision(1)}${currency === null ? '' : ` ${currency}`}.`,
      `Method ${report.methodVersion} · settings ${report.settingsHash} · Lockstep ${version}${madeAtUs === null ? '' : ` · made ${formatUtc(madeAtUs)} UTC`} · days and times are UTC`,
    ],
  };
}

/** Why an interval may promise more than it keeps. */
function cautionsOf(report: Report): readonly string[] {
  const intervals = [
    report.trackingErrorInterval,
    report.trackingDifferenceInterval,
    report.window?.trackingErrorWindowInterval,
    report.feeDifferenceInterval,
    report.latencyDifferenceInterval,
    report.slippage.meanInterval,
  ];
  return [...new Set(intervals.flatMap((interval) => interval?.caution ?? []))].map(
    (caution) => `Intervals: ${caution}`,
  );
}

/** Name of the report's file, without extension. */
export function sheetName({ key }: Pick<Report, 'key'>): string {
  const day = key.from === key.to ? key.from : `${key.from}_${key.to}`;
  return [key.strategy, key.symbol ?? 'portfolio', day].map(fileNamePart).join('_');
}

/** Letters, digits, dot and dash stay; everything else becomes a dash, so that the name is a name on every system. */
export function fileNamePart(text: string): string {
  return [...text.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^\.+/, '-')].slice(0, 80).join('');
}

function figureLines(report: Report, limits: SheetInput['limits']): readonly FigureLine[] {
  const { slippage, fees, latency, partialFills, matches, window } = report;
  const bps = (value: number | null, signed = false) => formatFigure(value, 'bps', { signed });
  const between = (interval: Report['feeDifferenceInterval'], signed = false, unit: 'bps' | 'ms' = 'bps') =>
    interval == null
      ? '—'
      : `${formatFigure(interval.lower, unit, { signed })} to ${formatFigure(interval.upper, unit, { signed })}`;
  const two = ({ warn, limit }: { readonly warn: number; readonly limit: number }) => `${warn} / ${limit}`;
  const line = (
    name: string,
    value: string,
    detail: string,
    rest: Partial<Pick<FigureLine, 'interval' | 'limits' | 'state'>> = {},
  ): FigureLine => ({ name, value, interval: '—', limits: '—', state: null, detail, ...rest });
  const tracking = (value: number | null) => ({
    limits: two(limits.trackingBps),
    state: limitStateOf(value, limits.trackingBps),
  });
  return [
    line(
      'Tracking error',
      formatFigureWithUnit(report.trackingErrorBps, 'bpsPerDay'),
      'size of the differences within the day',
      {
        interval: between(report.trackingErrorInterval),
        ...tracking(report.trackingErrorBps),
      },
    ),
    line(
      'Tracking difference',
      formatFigureWithUnit(report.trackingDifferenceBps, 'bpsPerDay', { signed: true }),
      'live minus backtest; minus: live earned less',
      { interval: between(report.trackingDifferenceInterval, true), ...tracking(report.trackingDifferenceBps) },
    ),
    ...(window === null
      ? []
      : [
          line(
            'Spread of the days',
            formatFigureWithUnit(window.trackingErrorWindowBps, 'bpsPerDay'),
            `over ${formatCountOf(window.days, 'day')}; annualised ${bps(window.annualisedTrackingErrorBps)} bps (${window.annualisationDays} days)`,
            { interval: between(window.trackingErrorWindowInterval) },
          ),
        ]),
    line(
      'Fee difference',
      formatFigureWithUnit(report.feeDifferenceBps, 'bps', { signed: true }),
      `live ${bps(fees.liveBps)}, backtest ${bps(fees.backtestBps)}; maker ${percent(fees.liveMakerShare)} and ${percent(fees.backtestMakerShare)}`,
      {
        interval: between(report.feeDifferenceInterval, true),
        limits: two(limits.feeBps),
        state: feeState(report.feeDifferenceBps, limits.feeBps),
      },
    ),
    line(
      'Latency difference',
      formatFigureWithUnit(report.latencyDifferenceMs, 'ms', { signed: true }),
      `live p50 ${formatFigure(latency.live.p50, 'ms')}, p95 ${formatFigure(latency.live.p95, 'ms')}; ${latency.basis === 'displacement' ? 'live fill minus backtest fill' : latencyBasisWords[latency.basis]}`,
      {
        interval: between(report.latencyDifferenceInterval, true, 'ms'),
        limits: two(limits.latencyMs),
        state: latencyState(report.latencyDifferenceMs, limits.latencyMs),
      },
    ),
    line(
      'Slippage',
      formatFigureWithUnit(slippage.meanBps, 'bps', { signed: true }),
      `deviation ${bps(slippage.deviationBps)}, p5 ${bps(slippage.p5Bps, true)}, p50 ${bps(slippage.p50Bps, true)}, p95 ${bps(slippage.p95Bps, true)}; plus: live worse`,
      { interval: between(slippage.meanInterval, true) },
    ),
    line(
      'Partial fills',
      formatFigureWithUnit(report.partialFillRateDifference, 'percent', { signed: true }),
      `live ${percent(partialFills.liveRate)}, backtest ${percent(partialFills.backtestRate)} of orders; filled ${percent(partialFills.liveFillRatio)} and ${percent(partialFills.backtestFillRatio)}`,
    ),
    line(
      'Match rate',
      formatFigureWithUnit(report.matchRate, 'percent'),
      `of notional; ${formatCount(matches.matched)} orders matched, ${formatCount(matches.missed)} missed, ${formatCount(matches.extra)} extra`,
    ),
    line(
      'Execution quality',
      formatFigureWithUnit(report.executionQualityScore, 'score'),
      report.executionQualityScore === null
        ? 'no score: a figure it rests on is unknown'
        : 'points lost are listed below',
    ),
  ];
}

/** Causes a page lists; the rest is told as one sum. */
const mostCauses = 4;

function causesOf({ report, explanation }: SheetInput): SheetCauses {
  const { key } = report;
  const title = key.from === key.to ? 'Why this day differs' : 'Why these days differ';
  if ('unexplained' in explanation) return { title, rows: [], rest: explanation.unexplained };
  const { causes, currency } = explanation;
  if (causes.length === 0) return { title, rows: [], rest: clipped(explanation.sentence, 190) };
  const money = (value: number) => formatMoney(value, currency, { signed: true });
  const shown = causes.slice(0, mostCauses);
  const others = compensatedSum(causes.slice(mostCauses).map((cause) => cause.money));
  const left = causes.length - shown.length;
  return {
    title,
    rows: shown.map((cause) => ({
      cause: cause.title,
      money: money(cause.money),
      share: formatFigureWithUnit(cause.shareOfGap, 'percent'),
      detail: clipped(cause.sentence, 130),
    })),
    rest: left === 0 ? '' : `and ${formatCountOf(left, 'smaller cause')}, together ${money(others)}`,
  };
}

function scoreFacts(report: Report): SheetFacts {
  return {
    title: `Score ${formatFigure(report.executionQualityScore, 'score')} of 100: points lost`,
    facts: lostPointsOf(report.scorePoints).map(({ cause, lost, most }) => [
      cause,
      `${formatFigure(lost === null ? null : -lost, 'score')} of ${most}`,
    ]),
  };
}

function orderFacts({ orders, matches, pnl, currency }: Report): SheetFacts {
  return {
    title: 'Orders and matches',
    facts: [
      ['Live, backtest', `${formatCount(orders.live)}, ${formatCount(orders.backtest)}`],
      ['Matched by key, by time', `${formatCount(matches.byKey)}, ${formatCount(matches.byTime)}`],
      ['Missed, extra', `${formatCount(matches.missed)}, ${formatCount(matches.extra)}`],
      ['Rejected, cancelled', `${formatCount(orders.liveRejected)}, ${formatCount(orders.liveCancelled)}`],
      ['P&L live', formatMoney(pnl.live, currency, { signed: true })],
      ['P&L backtest', formatMoney(pnl.backtest, currency, { signed: true })],
    ],
  };
}

function qualityFacts({ dataQuality, key }: Report): SheetFacts {
  const oneDay = key.from === key.to;
  const span = ({ firstUs, lastUs }: { readonly firstUs: number | null; readonly lastUs: number | null }) =>
    firstUs === null ? 'none' : `${formatUtcTime(firstUs, 'minute')} to ${endTime(lastUs)}`;
  return {
    title: 'Data quality',
    facts: [
      // Of several days the document knows the last one's alone.
      ...(oneDay
        ? ([
            ['Live data', span(dataQuality.liveCoverage)],
            ['Backtest data', span(dataQuality.backtestCoverage)],
          ] as const)
        : []),
      ['Quarantined rows', formatCount(dataQuality.quarantinedRows)],
      ['Fees unpriced, unknown', `${formatCount(dataQuality.unpricedFees)}, ${formatCount(dataQuality.unknownFees)}`],
      [
        'Ambiguous, stale marks',
        `${formatCount(dataQuality.ambiguousMatches)}, ${formatCount(dataQuality.staleMarks)}`,
      ],
      ['Paper executions', formatCount(dataQuality.paperExecutions)],
      [oneDay ? 'Day' : 'Days', dataQuality.dayClosed ? 'closed' : 'still open'],
    ],
  };
}

/** Midnight at the end of the day is 24:00. */
function endTime(atUs: number | null): string {
  const text = formatUtcTime(atUs, 'minute');
  return text === '00:00' ? '24:00' : text;
}

/** Characters of a list's text: a portfolio has three lists beside each other, a symbol two. */
function mostTextOf({ symbol }: Report['key']): number {
  return symbol === null ? 120 : 190;
}

function breachList({ breaches, currency, key }: Report): SheetList {
  const most = 3;
  return {
    title: 'Limits crossed',
    items: breaches.slice(0, most).map(({ metric, value, limit, severity, firstSeenUs, largestOrders }) => {
      const { title, unit } = metricWords[metric];
      const since = key.from === key.to ? formatUtcTime(firstSeenUs, 'minute') : formatUtc(firstSeenUs, 'minute');
      const largest = largestOrders
        .map(
          ({ id, symbol, gap }) =>
            `${key.symbol === null ? `${symbol} ` : ''}${id} ${formatMoney(gap, null, { signed: true })}`,
        )
        .join(', ');
      return {
        lead: `${severity.toUpperCase()}: ${title} ${formatFigureWithUnit(value, unit, { signed: value < 0 })}`,
        text: clipped(
          `${severity === 'warning' ? 'warns at' : 'limit'} ${limit}, first beyond at ${since}${largest === '' ? '' : `; largest orders: ${largest}${currency === null ? '' : ` ${currency}`}`}`,
          mostTextOf(key),
        ),
      };
    }),
    empty: 'No limit was crossed.',
    more: Math.max(0, breaches.length - most),
  };
}

function adviceList({ recommendations, key }: Report): SheetList {
  const most = 3;
  return {
    title: 'What to change',
    items: recommendations.slice(0, most).map(({ what, why, expectedEffectBps }) => ({
      lead: `${clipped(typeset(what), mostTextOf(key))}${expectedEffectBps === null ? '' : ` [${formatFigureWithUnit(expectedEffectBps, 'bps', { signed: true })}]`}`,
      text: clipped(typeset(why), mostTextOf(key)),
    })),
    empty: 'Nothing to change follows from these figures.',
    more: Math.max(0, recommendations.length - most),
  };
}

function symbolList({ symbols, currency, correlation }: Report): SheetList {
  const most = 6;
  const share = correlation?.firstComponentShare ?? null;
  return {
    title: 'Symbols, worst first',
    items: [
      ...symbols.slice(0, most).map(({ symbol, status, worstTrackingBps, gap }) => ({
        lead: `${status} ${clipped(symbol, 30)}`,
        text: `worst tracking ${formatFigureWithUnit(worstTrackingBps, 'bpsPerDay')}, gap ${formatMoney(gap, currency, { signed: true })}`,
      })),
      ...(share === null
        ? []
        : [
            {
              lead: `${formatFigureWithUnit(share, 'percent')} in common`,
              text: 'share of the first principal component of the symbols’ differences: near 100 % means one common cause, near an equal share each has its own',
            },
          ]),
    ],
    empty: 'No symbol traded.',
    more: Math.max(0, symbols.length - most),
  };
}

function percent(share: number | null): string {
  return formatFigureWithUnit(share, 'percent');
}

function clipped(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

function bounded(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${formatCount(lines.length - most)} more`];
}
