import type { CriterionResult } from './evaluation';
import type { Verdict } from './events';

/** All criteria together. Worst wins: breach > no data > inconclusive > warning > healthy. */

/** A criterion's share of the verdict. Only rollback criteria make a breach; a promotion criterion not met is a reason to wait. */
function verdictOf({ gate, outcome }: CriterionResult): Verdict {
  if (outcome === 'breached') return gate === 'rollback' ? 'breach' : 'warning';
  return outcome === 'ok' ? 'healthy' : outcome;
}

const worstFirst: readonly Verdict[] = ['breach', 'no-data', 'inconclusive', 'warning', 'healthy'];

/** @returns the verdict and the reasons of all that is not in order, worst first */
export function verdictOfAll(criteria: readonly CriterionResult[]): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
} {
  if (criteria.length === 0) return { verdict: 'no-data', reasons: ['nothing was judged'] };
  const ranked = criteria.map((criterion) => ({ rank: worstFirst.indexOf(verdictOf(criterion)), criterion }));
  const worst = ranked.reduce((least, { rank }) => Math.min(least, rank), worstFirst.length - 1);
  const unhealthy = ranked
    .filter(({ rank }) => worstFirst[rank] !== 'healthy')
    .sort((one, other) => one.rank - other.rank);
  const reasons = unhealthy.map(({ criterion }) => criterion.reason);
  return {
    verdict: worstFirst[worst] ?? 'no-data',
    reasons: reasons.length > 0 ? reasons : [`all ${criteria.length} criteria are met`],
  };
}
