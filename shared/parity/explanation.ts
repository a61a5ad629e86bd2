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

/** What a causeless figure of a double is, beside the traded notional. */
const roundingShare = 1e-9;

/**
 * @param sums of every symbol and day the report covers, in its currency
 * @param untold remarks of every symbol and day; each is told once
 */
export function explain(
  report: Pick<Report, 'key' | 'currency' | 'capital' | 'attribution' | 'grossNotional' | 'dataQuality'>,
  sums: ReadonlyMap<CauseReason, CauseSums>,
  untold: readonly string[],
): Explanation {
  const { key, currency, capital } = report;
  const { gap } = report.attribution;
  const rounding = roundingShare * report.grossNotional;
  const causes: ExplainedCause[] = [];
  let residual = gap;
  for (const [reason, sum] of sums) {
    residual -= sum.money;
    if (Math.abs(sum.money) <= rounding && reason !== 'carry.carry') continue;
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
  { currency, capital, attribution: { gap }, dataQuality }: Parameters<typeof explain>[0],
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
  const verb = gap < 0 ? 'lost' : 'gained';
  const start = `Live ${verb} ${money(gap)} ${gap < 0 ? 'to' : 'on'} the backtest${bps}.`;
  const share = largest.money / gap;
  // Shares say something only while they are parts of a whole.
  if (share > 0 && share <= 1.0005) {
    const sentence = causes.find(({ cause }) => cause === largest.cause)!.sentence;
    return `${start} ${percent(share)} is ${causeWords[largest.cause]}: ${lowerFirst(sentence)}`;
  }
  return `${start} Causes outweigh each other: ${listed(byCause.slice(0, 3), money)}.`;
}

function percent(share: number): string {
  return share > 0.995 ? 'All of it' : `${decimals(100 * share)} %`;
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
