import { formatIsoUs } from '../base/time';
import type { ParityStatus, Report } from './document';
import type { ParitySettings } from './settings';

/** From figures to a status and its reasons. Missing evidence never passes, and never hides a breach. */

export type Reason = Report['reasons'][number];

export interface JudgedFigures {
  readonly trackingErrorBps: number;
  readonly trackingDifferenceBps: number;
  readonly feeDifferenceBps: number;
  readonly latencyDifferenceMs: number;
}

/** Codes of the reasons that say a day's data is incomplete; a window that holds such a day cannot be judged either. */
export const incompleteCodes = new Set([
  'day-open',
  'side-absent',
  'coverage',
  'mark-missing',
  'not-computable',
  'currency-mixed',
  'clock-offset',
]);

/**
 * UNKNOWN if anything is missing; else FAIL at the limits, WARN at the warnings or where the fees cannot be judged, else PASS. The reasons
 * come worst first: what is missing, limits broken, warnings.
 * @param cautions what keeps a day that lacks nothing from a PASS
 */
export function verdictOf(
  figures: JudgedFigures,
  missing: readonly Reason[],
  settings: ParitySettings,
  cautions: readonly Reason[] = [],
): { readonly status: ParityStatus; readonly reasons: Reason[] } {
  const failures: Reason[] = [];
  const warnings: Reason[] = [];
  const tracking = (code: string, name: string, value: number, shown: string) => {
    const { warn, limit } = settings.trackingBps;
    if (value >= limit) failures.push({ code, message: `${name} ${shown} >= ${limit}` });
    else if (value >= warn) warnings.push({ code, message: `${name} ${shown} >= ${warn}` });
  };
  tracking(
    'tracking-error',
    'tracking error',
    figures.trackingErrorBps,
    `${decimals(figures.trackingErrorBps)} bps/day`,
  );
  tracking(
    'tracking-difference',
    'tracking difference',
    Math.abs(figures.trackingDifferenceBps),
    `${signed(figures.trackingDifferenceBps)} bps/day, size`,
  );
  const above = (code: string, name: string, value: number, shown: string, limits: { warn: number; limit: number }) => {
    if (value > limits.limit) failures.push({ code, message: `${name} ${shown} > ${limits.limit}` });
    else if (value > limits.warn) warnings.push({ code, message: `${name} ${shown} > ${limits.warn}` });
  };
  above(
    'fee-difference',
    'fee difference',
    Math.abs(figures.feeDifferenceBps),
    `${signed(figures.feeDifferenceBps)} bps, size`,
    settings.feeBps,
  );
  above(
    'latency-difference',
    'latency difference',
    figures.latencyDifferenceMs,
    `${decimals(figures.latencyDifferenceMs)} ms`,
    settings.latencyMs,
  );
  if (Number.isNaN(figures.feeDifferenceBps) && missing.length === 0) {
    warnings.push({ code: 'fees-unknown', message: 'fee difference unknown: no pair has known fees on both sides' });
  }
  if (missing.length === 0) warnings.push(...cautions);
  const reasons = [...missing.map(({ code, message }) => ({ code, message })), ...failures, ...warnings];
  if (missing.length > 0) return { status: 'UNKNOWN', reasons };
  if (failures.length > 0) return { status: 'FAIL', reasons };
  return { status: warnings.length > 0 ? 'WARN' : 'PASS', reasons };
}

export interface SideEvidence {
  readonly name: 'live' | 'backtest';
  readonly fills: number;
  readonly orders: number;
  /** First and last fill of the day; NaN without fills. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly coverage: { readonly firstUs: number; readonly lastUs: number } | null;
}

/** What is missing to judge the day; empty = complete. */
export function missingEvidence(
  day: { readonly startUs: number; readonly endUs: number },
  sides: readonly [SideEvidence, SideEvidence],
  matched: number,
  nowUs: number,
  settings: ParitySettings,
): Reason[] {
  const missing: Reason[] = [];
  const closesUs = day.endUs + settings.graceMs * 1_000;
  if (nowUs < closesUs) missing.push({ code: 'day-open', message: `day not closed before ${formatIsoUs(closesUs)}` });
  if (sides.every((side) => side.orders === 0)) {
    missing.push({ code: 'no-data', message: 'neither side has orders on this day' });
  }
  const toleranceUs = settings.coverageToleranceMs * 1_000;
  for (const [side, other] of [sides, [sides[1], sides[0]]] as const) {
    if (other.fills === 0) continue;
    const covers = side.coverage !== null && side.coverage.firstUs < day.endUs && side.coverage.lastUs >= day.startUs;
    if (side.orders === 0 && !covers) {
      const what = `no ${side.name} log covers this day, on which the ${other.name} has ${count(other.orders, 'order')}`;
      missing.push({ code: 'side-absent', message: what });
      continue;
    }
    if (side.coverage !== null && other.lastUs - side.coverage.lastUs > toleranceUs) {
      const what = `${side.name} log ends at ${formatIsoUs(side.coverage.lastUs)}, ${other.name} trades until ${formatIsoUs(other.lastUs)}`;
      missing.push({ code: 'coverage', message: what });
    } else if (side.coverage !== null && side.coverage.firstUs - other.firstUs > toleranceUs) {
      const what = `${side.name} log begins at ${formatIsoUs(side.coverage.firstUs)}, ${other.name} trades from ${formatIsoUs(other.firstUs)}`;
      missing.push({ code: 'coverage', message: what });
    } else if (side.orders === 0) {
      missing.push({
        code: 'side-silent',
        message: `no ${side.name} orders, ${count(other.orders, 'order')} ${other.name}`,
      });
    }
  }
  missing.push(...tooFewPairs(matched, settings));
  return missing;
}

/** Empty where the pairs suffice for a judgement. */
export function tooFewPairs(matched: number, { minMatchedOrders }: ParitySettings): Reason[] {
  if (matched >= minMatchedOrders) return [];
  return [{ code: 'too-few-pairs', message: `${count(matched, 'matched order')} < ${minMatchedOrders}` }];
}

export const capitalUnknown: Reason = {
  code: 'capital-unknown',
  message: 'no capital configured, and no backtest exposure to estimate it from',
};

export function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

/** One decimal; two significant digits below one, so that a small figure is not shown as nothing. */
export function decimals(value: number): string {
  return shown(value, 1);
}

/** Money: two decimals, two significant digits below one. */
export function amount(value: number): string {
  return shown(value, 2);
}

export function signed(value: number): string {
  return value > roundingDust ? `+${decimals(value)}` : decimals(value);
}

/** Below this a figure in bps or money is what rounding leaves of zero, and is written so. */
const roundingDust = 1e-6;

function shown(value: number, places: number): string {
  const size = Math.abs(value);
  if (size < roundingDust) return (0).toFixed(places);
  return size >= 1 ? value.toFixed(places) : value.toPrecision(2);
}
