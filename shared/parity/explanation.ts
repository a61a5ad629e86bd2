import { z } from 'zod';
import { type Cause, type CauseReason, causeNames, causeOf, causeReasons } from './cause-names';
import { nextStepOf, sentenceOf, titleOf } from './cause-words';
import type { CauseSums } from './causes';
import type { Report } from './document';
import { amount, count, decimals, signed } from './verdict';

/**
 * Why a day, a portfolio's day or a window differs, on one screen: a sentence, the causes by money, and what the logs cannot tell. The
 * money of the causes adds up to the gap.
 */

const figure = z.number().nullable();
export const causeSchema = z.enum(causeNames);
export const causeReasonSchema = z.enum(causeReasons);

export const explainedCauseSchema = z.object({
  cause: causeSchema,
  /** The cause with why it is thought to be one: `late.arrival`. */
  reason: causeReasonSchema,
  title: z.string(),
  /** Quote currency, signed live minus backtest: negative = live did worse. */
  money: z.number(),
  /** Of capital; null where that is unknown. */
  bps: figure,
  /** money / gap; null where the gap is nothing. */
  shareOfGap: figure,
  /** Orders it has a part of, and those of which it is the main cause; none for carry and other. */
  orders: z.number(),
  mainOrders: z.number(),
  sentence: z.string(),
  next: z.string(),
});
export type ExplainedCause = z.infer<typeof explainedCauseSchema>;

export const explanationSchema = z.object({
  key: z.object({ strategy: z.string(), symbol: z.string().nullable(), from: z.string(), to: z.string() }),
  currency: z.string().nullable(),
  capital: z.object({ value: figure, basis: z.enum(['configured', 'allocated', 'estimated', 'none']) }),
  gap: z.number(),
  gapBps: figure,
  /** Gap minus the money of all causes: what rounding leaves. */
  residual: z.number(),
  /** The answer in a sentence or two. */
  sentence: z.string(),
  /** Largest money first, whichever its sign. */
  causes: z.array(explainedCauseSchema),
  /** What the logs cannot tell, and what would. */
  untold: z.array(z.string()),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** Parts of the traded notional: a gap no larger is none, and a cause no larger is what rounding left. */
const noGapShare = 1e-9;
const noCauseShare = 1e-12;

/**
 * @param sums of every symbol and day the report covers, in its currency
 * @param untold remarks of every symbol and day; each is told once
 */
export function explain(
  report: Pick<Report, 'key' | 'currency' | 'capital' | 'attribution' | 'grossNotional' | 'dataQuality' | 'matches'>,
  sums: ReadonlyMap<CauseReason, CauseSums>,
  untold: readonly string[],
): Explanation {
  const { key, currency, capital } = report;
  const { gap } = report.attribution;
  const rounding = noGapShare * report.grossNotional;
  const causes: ExplainedCause[] = [];
  let residual = gap;
  for (const [reason, sum] of sums) {
    residual -= sum.money;
    if (Math.abs(sum.money) <= noCauseShare * report.grossNotional) continue;
    causes.push({
      cause: causeOf(reason),
      reason,
      title: titleOf(reason),
      money: sum.money,
      bps: capital.value === null ? null : (1e4 * sum.money) / capital.value,
      shareOfGap: Math.abs(gap) <= rounding ? null : sum.money / gap,
      orders: sum.orders,
      mainOrders: sum.mainOrders,
      sentence: sentenceOf(reason, sum, currency),
      next: nextStepOf(reason),
    });
  }
  causes.sort((a, b) => Math.abs(b.money) - Math.abs(a.money) || (a.reason < b.reason ? -1 : 1));
  return {
    key: { strategy: key.strategy, symbol: key.symbol, from: key.from, to: key.to },
    currency,
    capital,
    gap,
    gapBps: capital.value === null ? null : (1e4 * gap) / capital.value,
    residual,
    sentence: headlineOf(report, causes, rounding),
    causes,
    untold: [...incompleteness(report), ...new Set(untold)],
  };
}

function headlineOf(
  { currency, capital, attribution: { gap }, dataQuality, matches }: Parameters<typeof explain>[0],
  causes: readonly ExplainedCause[],
  rounding: number,
): string {
  const money = (value: number) => `${amount(Math.abs(value))}${currency === null ? '' : ` ${currency}`}`;
  if (dataQuality.liveCoverage.firstUs === null && dataQuality.backtestCoverage.firstUs !== null) {
    return `No live log covers this time: nothing can be compared, and all the backtest did (${money(gap)}) counts as missed.`;
  }
  if (dataQuality.backtestCoverage.firstUs === null && dataQuality.liveCoverage.firstUs !== null) {
    return `No backtest covers this time: nothing can be compared, and all that live did (${money(gap)}) counts as extra.`;
  }
  const byCause = moneyByCause(causes);
  const [largest] = byCause;
  if (largest === undefined) return 'Live and backtest earned the same, order by order.';
  if (Math.abs(gap) <= rounding) {
    return `Live and backtest earned the same, but causes of both signs hide in it: ${listed(byCause.slice(0, 2), money)}.`;
  }
  const bps = capital.value === null ? '' : ` (${signed((1e4 * gap) / capital.value)} bps)`;
  const alone = matches.matched === 0 ? ' No order of one side was matched to one of the other.' : '';
  const start = `Live ${gap < 0 ? 'lost' : 'gained'} ${money(gap)} ${gap < 0 ? 'to' : 'on'} the backtest${bps}.${alone}`;
  const share = largest.money / gap;
  const reasons = causes.filter(({ cause }) => cause === largest.cause);
  const told =
    reasons.length === 1
      ? lowerFirst(reasons[0]!.sentence)
      : `${reasons.map(({ title, money: part }) => `${title.slice(title.indexOf(': ') + 1).trim()} ${signedMoney(part)}`).join(', ')}.`;
  // A share says something only of a part of a whole.
  if (share >= 0.995 && share <= 1.005) return `${start} All of it is ${causeWords[largest.cause]}: ${told}`;
  if (share > 0 && share < 1) return `${start} ${decimals(100 * share)} % is ${causeWords[largest.cause]}: ${told}`;
  if (share > 1) {
    const others = gap - largest.money;
    return `${start} More than all of it is ${causeWords[largest.cause]}: ${told} Everything else together ${others < 0 ? 'cost' : 'earned'} ${money(others)}.`;
  }
  return `${start} Causes outweigh each other: ${listed(byCause.slice(0, 3), money)}.`;
}

function signedMoney(value: number): string {
  return `${value > 0 ? '+' : ''}${amount(value)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function listed(causes: readonly { cause: Cause; money: number }[], money: (value: number) => string): string {
  return causes
    .map(({ cause, money: value }) => `${causeWords[cause]} ${value < 0 ? 'cost' : 'earned'} ${money(value)}`)
    .join(', ');
}

/** Money of the causes over their reasons, the largest first. */
export function moneyByCause(
  causes: readonly Pick<ExplainedCause, 'cause' | 'money'>[],
): { cause: Cause; money: number }[] {
  const sums = new Map<Cause, number>();
  for (const { cause, money } of causes) sums.set(cause, (sums.get(cause) ?? 0) + money);
  return [...sums]
    .map(([cause, money]) => ({ cause, money }))
    .sort((a, b) => Math.abs(b.money) - Math.abs(a.money) || (a.cause < b.cause ? -1 : 1));
}

/** The cause in the middle of a sentence. */
const causeWords: Readonly<Record<Cause, string>> = {
  late: 'lateness',
  clockOffset: 'clock offset',
  partial: 'partial fills',
  wrongSize: 'order size',
  missed: 'missed orders',
  extra: 'extra orders',
  feeModel: 'fees',
  priceSource: 'the price source',
  execution: 'execution',
  none: 'nothing',
  carry: 'positions held over',
  other: 'funding and adjustments',
};

function incompleteness({ dataQuality }: Pick<Report, 'dataQuality'>): string[] {
  const remarks: string[] = [];
  if (!dataQuality.dayClosed) remarks.push('The day is not closed yet: orders may still come.');
  if (dataQuality.unknownFees > 0) {
    remarks.push(`${count(dataQuality.unknownFees, 'fill')} without a fee in the log: what they paid is in no figure.`);
  }
  if (dataQuality.unpricedFees > 0) {
    remarks.push(`${count(dataQuality.unpricedFees, 'fee')} in a currency without a price: left out of every figure.`);
  }
  if (dataQuality.quarantinedRows > 0) {
    remarks.push(
      `${count(dataQuality.quarantinedRows, 'row')} in quarantine: orders counted as missed may be among them.`,
    );
  }
  return remarks;
}
