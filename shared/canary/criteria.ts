import { MINUTE_MS } from '../base/time';
import type { Criterion } from './configuration';
import type { CriterionOutcome, CriterionResult } from './evaluation';
import { worded, wordedLimit } from './figure-words';
import { type CanaryFigure, moneyFigures } from './figures';
import { hasSequentialTest, type Sequence } from './sequential-criteria';

/**
 * One criterion against its figure: five outcomes, with the figures in words. Money acts on the look that sees it; everything else has
 * to hold for some looks, or to be proved where it is judged sequentially. What is not known or too old never passes.
 */

export interface CriterionFacts {
  readonly gate: CriterionResult['gate'];
  /** Undefined = nothing of that name is there. */
  readonly figure: CanaryFigure | undefined;
  /** Instead of the figure's own value: the stage's largest drawdown, where that is what counts. */
  readonly value?: number | null;
  /** Why the figure is too old to be relied on; null = it is not. */
  readonly stale: string | null;
  /** Looks in a row before this one that saw a breach. */
  readonly heldBefore: number;
  readonly sequence: Sequence | null;
  readonly confidencePercent: number;
  /** Why a value on the good side is not yet evidence; null = it is. */
  readonly unproved: string | null;
}

/** A tracking difference is signed: `at-most` bounds its size. */
const signedFigures: ReadonlySet<string> = new Set(['trackingDifferenceBps']);

export function judge(criterion: Criterion, facts: CriterionFacts): CriterionResult {
  const { figure, gate, sequence } = facts;
  const unit = figure?.unit ?? '';
  const known = facts.value === undefined ? (figure?.value ?? null) : facts.value;
  const bySize = criterion.comparison === 'at-most' && signedFigures.has(criterion.figure);
  const value = known === null ? null : bySize ? Math.abs(known) : known;
  const margin = value === null ? null : marginOf(criterion, value);
  const sample = figure?.sample ?? 0;
  const isMoney = moneyFigures.has(criterion.figure);
  const isTested = criterion.judgedBy === 'sequential' && !isMoney && hasSequentialTest(criterion.figure);
  const base = {
    gate,
    id: criterion.id,
    figure: criterion.figure,
    unit,
    comparison: criterion.comparison,
    limit: criterion.limit,
    value,
    margin,
    sample,
    minimumSample: criterion.minimumSample,
    sampleUnit: figure?.sampleUnit ?? 'records',
    holdEvaluations: isMoney ? 1 : criterion.holdEvaluations,
    interval:
      isTested && sequence !== null
        ? { low: sequence.low, high: sequence.high, confidencePercent: facts.confidencePercent }
        : null,
  };
  const result = (outcome: CriterionOutcome, held: number, reason: string): CriterionResult => ({
    ...base,
    outcome,
    held,
    reason: `${criterion.id}: ${reason}`,
  });
  const isPast = margin !== null && margin < 0;
  const about = value === null ? '' : sentence(criterion, value, unit, sample, base.sampleUnit);
  if (isMoney && isPast) return result('breached', facts.heldBefore + 1, about);
  if (figure === undefined) return result('no-data', 0, `nothing called ${criterion.figure} was ever recorded`);
  if (facts.stale !== null) return result('no-data', 0, facts.stale);
  if (sample < criterion.minimumSample) {
    return result('inconclusive', 0, `${sample} of the ${criterion.minimumSample} ${base.sampleUnit} it needs`);
  }
  if (value === null) return result('no-data', 0, figure.note ?? `${criterion.figure} is not known`);
  if (!isPast) {
    return facts.unproved === null ? result('ok', 0, about) : result('inconclusive', 0, `${about}; ${facts.unproved}`);
  }
  const held = facts.heldBefore + 1;
  if (isTested) {
    if (sequence === null) return result('warning', held, `${about}; too little is known to prove it`);
    const range = `${worded(sequence.low, unit)} to ${worded(sequence.high, unit)} at every look with ${facts.confidencePercent.toFixed(1)} %`;
    return isProved(criterion, sequence, bySize)
      ? result('breached', held, `${about}; the truth is ${range}`)
      : result('warning', held, `${about}; not proved, the truth is ${range}`);
  }
  if (held >= criterion.holdEvaluations) return result('breached', held, `${about}, ${held} looks in a row`);
  return result('warning', held, `${about}, at ${held} of the ${criterion.holdEvaluations} looks in a row that act`);
}

/** Distance to the limit, positive or zero on the good side. */
function marginOf({ comparison, limit }: Pick<Criterion, 'comparison' | 'limit'>, value: number): number {
  return comparison === 'at-most' ? limit - value : value - limit;
}

/** The whole sequence lies beyond the limit. */
function isProved({ comparison, limit }: Criterion, { low, high }: Sequence, bySize: boolean): boolean {
  if (comparison === 'at-least') return high < limit;
  return low > limit || (bySize && high < -limit);
}

function sentence(criterion: Criterion, value: number, unit: string, sample: number, sampleUnit: string): string {
  const { comparison, limit, figure } = criterion;
  const margin = marginOf(criterion, value);
  const relation = comparison === 'at-most' ? (margin < 0 ? 'above' : 'not above') : margin < 0 ? 'below' : 'not below';
  return `${figure} ${worded(value, unit, limit)} is ${relation} the limit ${wordedLimit(limit, unit)} (${sample} ${sampleUnit})`;
}

/** A budget guard: it warns and blocks, it never rolls back. */
export function judgeGuard(
  id: string,
  figure: CanaryFigure | undefined,
  limit: number,
  stale: string | null,
): CriterionResult {
  const judged = judge(
    {
      id,
      figure: figure?.name ?? 'drawdownPercent',
      comparison: 'at-most',
      limit,
      minimumSample: 0,
      holdEvaluations: 1,
      judgedBy: 'value',
    },
    { gate: 'guard', figure, stale, heldBefore: 0, sequence: null, confidencePercent: 0, unproved: null },
  );
  return judged.outcome === 'breached' ? { ...judged, outcome: 'warning' } : judged;
}

/** Whether a source's data is fresh. */
export function judgeAge(source: string, ageMs: number | null, limitMs: number): CriterionResult {
  const value = ageMs === null ? null : ageMs / MINUTE_MS;
  const limit = limitMs / MINUTE_MS;
  const isFresh = ageMs !== null && ageMs <= limitMs;
  const old = value === null ? 'nothing was ever read' : `the last is ${worded(value, 'minutes', limit)} old`;
  return {
    gate: 'data',
    id: `data-${source}`,
    figure: 'dataAge',
    unit: 'minutes',
    comparison: 'at-most',
    limit,
    value,
    margin: value === null ? null : limit - value,
    sample: value === null ? 0 : 1,
    minimumSample: 0,
    sampleUnit: 'records',
    outcome: isFresh ? 'ok' : 'no-data',
    held: 0,
    holdEvaluations: 1,
    interval: null,
    reason: `${source}: ${old}, ${isFresh ? 'within' : 'and may be'} ${wordedLimit(limit, 'minutes')}`,
  };
}
