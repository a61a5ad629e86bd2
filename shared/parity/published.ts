import { formatCountOf } from '../base/format';
import { utf8Length } from '../market/text-column';
import type { Interval, Report } from './document';
import type { Recommendation } from './recommendations';

/**
 * The report document as it leaves the desk: the same keys in the same order, figures with the digits that mean something, and no more
 * bytes than a script or a mail wants to carry. What is left out for that is counted in a note.
 */

/** Significant digits: money keeps its attribution within the identity's tolerance, other figures need fewer. */
const moneyDigits = 12;
const figureDigits = 9;
/** Ends of an interval: a thousand resamples tell fewer. */
const intervalDigits = 5;

/** UTF-8 bytes of the JSON of a day of one symbol, or of a portfolio of about a dozen symbols. */
const mostBytes = 5_000;

/** The same report gives the same document, byte for byte; a published document publishes as itself. */
export function publishedReport(report: Report): Report {
  const rounded: Report = {
    ...withDigits(report, figureDigits),
    pnl: withDigits(report.pnl, moneyDigits),
    attribution: withDigits(report.attribution, moneyDigits),
    slippage: { ...withDigits(report.slippage, figureDigits), ...shortEnds('meanInterval', report.slippage) },
    ...shortEnds('feeDifferenceInterval', report),
    ...shortEnds('latencyDifferenceInterval', report),
  };
  return report.key.from === report.key.to ? fewerSymbols(fewerBreachOrders(withinSize(rounded))) : rounded;
}

/** Integers (counts, instants) are left as they are. */
function withDigits<Value>(value: Value, digits: number): Value {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(digits)) : part,
  );
  return JSON.parse(text) as Value; // plain data of the same shape
}

/** The interval of that name with short ends, where there is one. */
function shortEnds<Name extends string>(
  name: Name,
  from: { readonly [key in Name]?: Interval | null | undefined },
): { readonly [key in Name]?: Interval | null } {
  const interval = from[name];
  // A computed name widens to any string.
  return interval == null
    ? {}
    : ({ [name]: withDigits(interval, intervalDigits) } as { readonly [key in Name]: Interval });
}

/** Leaves each breach event the largest of its orders, where the document is still too large. */
function fewerBreachOrders(report: Report): Report {
  const spare = report.breaches.reduce((total, { largestOrders }) => total + Math.max(0, largestOrders.length - 1), 0);
  if (spare === 0 || utf8Length(JSON.stringify(report)) <= mostBytes) return report;
  return {
    ...report,
    breaches: report.breaches.map((breach) => ({ ...breach, largestOrders: breach.largestOrders.slice(0, 1) })),
    dataQuality: {
      ...report.dataQuality,
      notes: [
        ...report.dataQuality.notes,
        ...leftOut(spare, 'order of a breach with a smaller share', 'orders of breaches with smaller shares'),
      ],
    },
  };
}

/** So many symbols stay, whatever the size. */
const fewestSymbols = 8;

/**
 * Leaves out the symbols with the smallest gaps until the document is small enough; the rest keep their order. What is left out is counted
 * and summed, and a note says where it is.
 */
function fewerSymbols(report: Report): Report {
  const { symbols, dataQuality } = report;
  const byGap = [...symbols].sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap) || (a.symbol < b.symbol ? -1 : 1));
  let smaller = report;
  // A quarter at a time: the same symbols give the same document, and few tries are made.
  for (let kept = symbols.length; utf8Length(JSON.stringify(smaller)) > mostBytes && kept > fewestSymbols; ) {
    kept = Math.max(fewestSymbols, Math.floor(kept * 0.75));
    const shown = new Set(byGap.slice(0, kept).map(({ symbol }) => symbol));
    const rest = byGap.slice(kept);
    smaller = {
      ...report,
      symbols: symbols.filter(({ symbol }) => shown.has(symbol)),
      symbolsLeftOut: {
        count: rest.length,
        gap: Number(rest.reduce((total, { gap }) => total + gap, 0).toPrecision(moneyDigits)),
      },
      dataQuality: {
        ...dataQuality,
        notes: [
          ...dataQuality.notes,
          `Left out of this document: ${formatCountOf(rest.length, 'symbol')} with smaller gaps; each has a report of its own (lockstep report --symbol).`,
        ],
      },
    };
  }
  return smaller;
}

/** Leaves out recommendations from the smallest effect on, then the weakest correlations, until the document is small enough. */
function withinSize(report: Report): Report {
  const { recommendations, correlation, dataQuality } = report;
  const pairs = correlation?.pairs ?? [];
  const byEffect = [...recommendations].sort((a, b) => effectOf(b) - effectOf(a));
  const byStrength = [...pairs].sort((a, b) => strengthOf(b) - strengthOf(a));
  // The largest recommendation stays, whatever the size.
  const spareAdvice = Math.max(0, recommendations.length - 1);
  const spare = spareAdvice + pairs.length;
  let smaller = report;
  for (let dropped = 1; dropped <= spare && utf8Length(JSON.stringify(smaller)) > mostBytes; dropped++) {
    const advice = recommendations.length - Math.min(dropped, spareAdvice);
    const shown = pairs.length - Math.max(0, dropped - spareAdvice);
    smaller = {
      ...report,
      recommendations: recommendations.filter((one) => byEffect.indexOf(one) < advice),
      correlation: correlation && { ...correlation, pairs: pairs.filter((pair) => byStrength.indexOf(pair) < shown) },
      dataQuality: {
        ...dataQuality,
        notes: [
          ...dataQuality.notes,
          ...leftOut(
            recommendations.length - advice,
            'recommendation with a smaller effect',
            'recommendations with smaller effects',
          ),
          ...leftOut(pairs.length - shown, 'weaker correlation', 'weaker correlations'),
        ],
      },
    };
  }
  return smaller;
}

function effectOf({ expectedEffectBps }: Recommendation): number {
  return Math.abs(expectedEffectBps ?? 0);
}

function strengthOf(pair: { readonly pearson: number | null; readonly spearman: number | null }): number {
  return Math.max(Math.abs(pair.pearson ?? 0), Math.abs(pair.spearman ?? 0));
}

function leftOut(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`Left out of this document: ${formatCountOf(count, one, many)}.`];
}
