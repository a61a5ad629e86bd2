import { type OrderTable, orderStatusCode } from '../market/orders';
import { type PairColumns, pairKindCode } from './attribution';
import type { CauseReason } from './cause-names';

/** Why the quantity of a pair differs: steps that lead from the backtest's quantity to live's. */

export interface SizeStep {
  readonly name: CauseReason;
  /** Base units; the steps of a pair add up to live's quantity minus the backtest's. */
  readonly quantity: number;
}

export interface SizePattern {
  /** Live's size over the backtest's where it is the same for nearly all orders; NaN where it is not. */
  readonly ratio: number;
}

/** Pairs a constant ratio needs, the part of them that must have it, how near they must be and how far from one the ratio must be. */
const ratioPairs = 3;
const ratioShare = 0.8;
const ratioTolerance = 0.005;
const leastRatioOff = 0.01;
const complete = 1 - 1e-9;
const sameSize = 1e-9;
/** An order short by no more than this was rather sized differently than filled in part. */
const leastUntold = 0.01;

/** What the order asked for as far as its log tells; NaN = unknown. An order sent before the day began is not judged by it. */
function askedFor(orders: OrderTable, order: number, startUs: number): number {
  if (orders.decidedAtUs[order]! < startUs || orders.submittedAtUs[order]! < startUs) return Number.NaN;
  // What was filled beyond what was asked for was asked for in some other way.
  return Math.max(orders.intended[order]!, orders.quantity[order]!);
}

/** Whether the log says that the order ended before it was full, without saying how much that would have been. */
function endedEarly(orders: OrderTable, order: number): boolean {
  return orders.status[order] === orderStatusCode.partial && Number.isNaN(orders.intended[order]!);
}

export function sizePatternOf(rows: PairColumns, live: OrderTable, backtest: OrderTable, startUs: number): SizePattern {
  const ratios: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (rows.kind[row] !== pairKindCode.matched) continue;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    if (endedEarly(live, l)) continue;
    const asked = askedFor(live, l, startUs);
    const modelled = askedFor(backtest, b, startUs);
    ratios.push(
      (Number.isNaN(asked) ? live.quantity[l]! : asked) / (Number.isNaN(modelled) ? backtest.quantity[b]! : modelled),
    );
  }
  if (ratios.length < ratioPairs) return { ratio: Number.NaN };
  ratios.sort((a, b) => a - b);
  const ratio = ratios[Math.floor(ratios.length / 2)]!;
  const near = ratios.reduce((found, one) => found + (isRatio(one, ratio) ? 1 : 0), 0);
  const constant = near >= ratioShare * ratios.length && Math.abs(ratio - 1) >= leastRatioOff;
  return { ratio: constant ? ratio : Number.NaN };
}

function isRatio(value: number, ratio: number): boolean {
  return Math.abs(value / ratio - 1) <= ratioTolerance;
}

export function sizeStepsOf(
  live: OrderTable,
  l: number,
  backtest: OrderTable,
  b: number,
  startUs: number,
  pattern: SizePattern,
): readonly SizeStep[] {
  const filled = live.quantity[l]!;
  const modelled = backtest.quantity[b]!;
  const asked = askedFor(live, l, startUs);
  const modelAsked = askedFor(backtest, b, startUs);
  if (Number.isNaN(asked) && endedEarly(live, l) && filled < modelled) {
    return [{ name: 'partial.live', quantity: filled - modelled }];
  }
  const from = Number.isNaN(modelAsked) ? modelled : modelAsked;
  const to = Number.isNaN(asked) ? filled : asked;
  const steps: SizeStep[] = [];
  if (modelled < from * complete) steps.push({ name: 'partial.backtest', quantity: from - modelled });
  if (filled < to * complete) steps.push({ name: 'partial.live', quantity: filled - to });
  if (Math.abs(to / from - 1) > sameSize)
    steps.push({ name: sizeReason(from, to, Number.isNaN(asked), pattern), quantity: to - from });
  return steps;
}

function sizeReason(from: number, to: number, untold: boolean, { ratio }: SizePattern): CauseReason {
  if (isRatio(to / from, ratio)) return 'wrongSize.ratio';
  if (isCut(from, to)) return 'wrongSize.rounding';
  return untold && to < from * (1 - leastUntold) ? 'wrongSize.untold' : 'wrongSize.size';
}

/** Whether `to` is `from` with fewer decimals, rounded down, up or to the nearest. */
function isCut(from: number, to: number): boolean {
  const decimals = decimalsOf(to);
  return decimals < decimalsOf(from) && Math.abs(to - from) < 10 ** -decimals;
}

function decimalsOf(value: number): number {
  // Twelve digits: what the sum of several fills leaves beyond is rounding.
  const [mantissa = '', exponent = '0'] = String(Number(value.toPrecision(12))).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
