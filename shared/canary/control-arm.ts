import type { z } from 'zod';
import { asymptoticHalfWidth, asymptoticRho } from '../base/sequential';
import { sampleRatioPValue } from '../base/two-samples';
import type { AccountSummary, HourSeries } from './equity';
import type { CriterionResult, controlResultSchema } from './evaluation';
import type { ControlFacts } from './facts';
import { worded } from './figure-words';
import { leastHours } from './sequential-criteria';

/** The deployment beside its control: returns of the same hours in pairs, and whether each arm gets the share that was agreed. */

export type ControlResult = z.infer<typeof controlResultSchema>;

/** A sample ratio less likely than this, with at least as many orders in each arm, is no chance. */
const exposureAlpha = 0.001;
const leastOrders = 8;

/** Hours both series know, value of the first minus value of the second; ascending. */
export function pairedDifferences(one: HourSeries, other: HourSeries): HourSeries {
  const startUs: number[] = [];
  const value: number[] = [];
  let at = 0;
  for (let index = 0; index < one.startUs.length; index++) {
    const hourUs = one.startUs[index]!;
    while (at < other.startUs.length && other.startUs[at]! < hourUs) at++;
    const difference = one.value[index]! - other.value[at]!;
    if (at === other.startUs.length || other.startUs[at] !== hourUs || Number.isNaN(difference)) continue;
    startUs.push(hourUs);
    value.push(difference);
  }
  return { startUs, value };
}

/** @param alpha of the confidence sequence over the whole stage @param plannedHours where it is narrowest */
export function compareWithControl(
  account: AccountSummary,
  control: ControlFacts,
  alpha: number,
  plannedHours: number,
): { readonly result: ControlResult; readonly criteria: readonly CriterionResult[] } {
  const { value } = pairedDifferences(account.hourly, control.hourlyReturns);
  const pairs = value.length;
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < pairs; index++) {
    const away = 1e4 * value[index]! - mean;
    mean += away / (index + 1);
    squares += away * (1e4 * value[index]! - mean);
  }
  const deviation = pairs < 2 ? Number.NaN : Math.sqrt(squares / (pairs - 1));
  const isEnough = pairs >= leastHours;
  const half = isEnough
    ? deviation * asymptoticHalfWidth(pairs, alpha, asymptoticRho(alpha, plannedHours, 'two'), 'two')
    : Number.NaN;
  const exposure = exposureOf(account, control);
  const result: ControlResult = {
    label: control.label,
    pairs,
    meanDifferenceBps: pairs === 0 ? null : mean,
    lowBps: isEnough ? mean - half : null,
    highBps: isEnough ? mean + half : null,
    exposure,
  };
  return { result, criteria: [differenceCriterion(result, alpha), ...exposureCriterion(result)] };
}

function exposureOf(account: AccountSummary, { exposure }: ControlFacts): ControlResult['exposure'] {
  if (exposure === null) return null;
  const orders = account.orders + exposure.orders;
  const p = sampleRatioPValue([account.orders, exposure.orders], [account.capital, exposure.capital]);
  return {
    observedPercent: orders === 0 ? 0 : (100 * account.orders) / orders,
    agreedPercent: (100 * account.capital) / (account.capital + exposure.capital),
    p,
    orders,
  };
}

const common = {
  gate: 'control',
  minimumSample: 0,
  held: 0,
  holdEvaluations: 1,
  interval: null,
} as const;

/** Worse than the control is a warning as soon as it is proved; before enough pairs nothing can be said. */
function differenceCriterion(result: ControlResult, alpha: number): CriterionResult {
  const { pairs, meanDifferenceBps: mean, lowBps, highBps, label } = result;
  const isKnown = lowBps !== null && highBps !== null && mean !== null;
  const range = isKnown ? `${mean.toFixed(2)} bps an hour (${lowBps.toFixed(2)} to ${highBps.toFixed(2)})` : '';
  return {
    ...common,
    id: 'control-difference',
    figure: 'controlDifference',
    unit: 'bps',
    comparison: 'at-least',
    limit: 0,
    value: mean,
    margin: mean,
    sample: pairs,
    minimumSample: leastHours,
    sampleUnit: 'hours',
    outcome: !isKnown ? 'inconclusive' : highBps < 0 ? 'warning' : 'ok',
    interval: isKnown ? { low: lowBps, high: highBps, confidencePercent: 100 * (1 - alpha) } : null,
    reason: !isKnown
      ? `control-difference: ${pairs} of the ${leastHours} paired hours with ${label} it needs`
      : highBps < 0
        ? `control-difference: it earns less than ${label}, ${range}`
        : `control-difference: not proved to earn less than ${label}, ${range}`,
  };
}

function exposureCriterion({ exposure, label }: ControlResult): CriterionResult[] {
  if (exposure === null) return [];
  const { observedPercent, agreedPercent, p, orders } = exposure;
  const own = Math.round((observedPercent / 100) * orders);
  const isEnough = own >= leastOrders && orders - own >= leastOrders;
  const shares = `${worded(observedPercent, 'percent')} of the orders, ${worded(agreedPercent, 'percent')} of the capital beside ${label}`;
  // Orders of none while the other sends many are the clearest mismatch of all.
  const isOff = p < exposureAlpha && (isEnough || orders >= 4 * leastOrders);
  return [
    {
      ...common,
      id: 'control-exposure',
      figure: 'controlExposure',
      unit: 'ratio',
      comparison: 'at-least',
      limit: exposureAlpha,
      value: p,
      margin: p - exposureAlpha,
      sample: orders,
      sampleUnit: 'orders',
      outcome: isOff ? 'warning' : isEnough ? 'ok' : 'inconclusive',
      reason: `control-exposure: it got ${shares}${isOff ? `, which chance does not do (p ${p.toExponential(1)})` : isEnough ? '' : ', too few orders to say more'}`,
    },
  ];
}
