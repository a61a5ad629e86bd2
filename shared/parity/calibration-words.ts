import type { Calibration, CalibrationParameter } from './calibration-document';

/** A calibration's parameters in words, the same on the page and on the terminal. */

export interface ParameterWords {
  readonly title: string;
  readonly unit: 'bps' | 'ms' | '%';
  /** What the figure is multiplied by to be shown in the unit. */
  readonly scale: number;
  readonly digits: number;
}

const bps = { unit: 'bps', scale: 1, digits: 2 } as const;
const ms = { unit: 'ms', scale: 1, digits: 1 } as const;
const percent = { unit: '%', scale: 100, digits: 1 } as const;

export const parameterWords: Readonly<Record<CalibrationParameter['id'], ParameterWords>> = {
  feeMakerBps: { title: 'Maker fee', ...bps },
  feeTakerBps: { title: 'Taker fee', ...bps },
  feeBps: { title: 'Fee, blended', ...bps },
  makerShare: { title: 'Maker share', ...percent },
  slippageBps: { title: 'Slippage', ...bps },
  slippageBuyBps: { title: 'Slippage of buys', ...bps },
  slippageSellBps: { title: 'Slippage of sells', ...bps },
  impactBpsPerSqrtNotional: { title: 'Impact per √notional', unit: 'bps', scale: 1, digits: 4 },
  slippageInDelayBps: { title: 'Slippage before arrival', ...bps },
  delayMs: { title: 'Delay to add', ...ms },
  latencyP50Ms: { title: 'Live latency, median', ...ms },
  latencyP95Ms: { title: 'Live latency, 95 %', ...ms },
  fillProbability: { title: 'Orders filled at all', ...percent },
  fillRatio: { title: 'Filled of those', ...percent },
  expectedFill: { title: 'Expected fill', ...percent },
};

export const calibrationStateWords: Readonly<Record<Calibration['state'], string>> = {
  improves: 'settings found',
  'no-improvement': 'no improvement',
  'no-difference': 'nothing to set',
  'not-enough-data': 'not enough data',
};

/** Why a day is no evidence; codes are those of a report's reasons. */
export function leftOutWords(reason: string): string {
  return leftOut[reason] ?? reason;
}

const leftOut: Readonly<Record<string, string>> = {
  'day-open': 'not closed yet',
  'side-absent': 'one side has no log',
  'side-silent': 'one side has no orders',
  coverage: 'a log ends within the day',
  'mark-missing': 'no price to value positions at',
  'not-computable': 'figures too large to compute with',
  'currency-mixed': 'several quote currencies',
};
