/** Axis domains on round numbers. */
export interface Domain {
  readonly min: number;
  readonly max: number;
  /** Distance between ticks. */
  readonly interval: number;
}

/** Below this distance two figures are the same for the eye, and steps between them would drown in rounding. */
export function leastSpread(low: number, high: number): number {
  return 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/**
 * The smallest domain on round steps that holds every finite value and everything in `include`, with about `ticks` steps.
 * Nothing finite at all gives 0 to 1.
 */
export function domainOf(values: Iterable<number | null>, include: readonly number[] = [], ticks = 5): Domain {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number | null) => {
    if (value === null || !Number.isFinite(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const value of values) take(value);
  for (const value of include) take(value);
  if (low > high) return { min: 0, max: 1, interval: 0.25 };
  const least = leastSpread(low, high);
  if (high - low < least) {
    const margin = Math.abs(low) > least ? Math.abs(low) * 0.1 : 1;
    low -= margin;
    high += margin;
  }
  const interval = roundStep((high - low) / ticks);
  return {
    min: Math.floor(low / interval + 1e-9) * interval,
    max: Math.ceil(high / interval - 1e-9) * interval,
    interval,
  };
}
