import type { Report } from './document';

/**
 * The capital that turns money into basis points: configured for the strategy, else allocated to the deployment, else estimated as the
 * backtest's peak gross exposure of the day (at least its largest order). None when even that is zero.
 */
export function capitalOf(
  configured: number | null,
  allocated: number | null,
  estimate: () => number,
): Report['capital'] {
  if (configured !== null) return { value: configured, basis: 'configured' };
  if (allocated !== null && allocated > 0) return { value: allocated, basis: 'allocated' };
  const estimated = estimate();
  if (estimated > 0 && Number.isFinite(estimated)) return { value: estimated, basis: 'estimated' };
  return { value: null, basis: 'none' };
}
