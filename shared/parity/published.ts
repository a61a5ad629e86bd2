import { formatCountOf } from '../base/format';
import { utf8Length } from '../market/text-column';
import type { Report } from './document';
import type { Recommendation } from './recommendations';

/**
 * The report document as it leaves the desk: the same keys in the same order, figures with the digits that mean something, and no more
 * bytes than a script or a mail wants to carry. What is left out for that is counted in a note.
 */

/** Significant digits: money keeps its attribution within the identity's tolerance, other figures need fewer. */
const moneyDigits = 12;
const figureDigits = 9;

/** UTF-8 bytes of the JSON of a day of one symbol, or of a portfolio of about a dozen symbols. */
const mostBytes = 5_000;

/** The same report gives the same document, byte for byte; a published document publishes as itself. */
export function publishedReport(report: Report): Report {
  const rounded: Report = {
    ...withDigits(report, figureDigits),
    pnl: withDigits(report.pnl, moneyDigits),
    attribution: withDigits(report.attribution, moneyDigits),
  };
  return report.key.from === report.key.to ? withinSize(rounded) : rounded;
}

/** Integers (counts, instants) are left as they are. */
function withDigits<Value>(value: Value, digits: number): Value {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(digits)) : part,
  );
  return JSON.parse(text) as Value; // plain data of the same shape
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
