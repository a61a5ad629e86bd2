import { ContentHash } from '../base/hash';
import { canonicalJson } from '../base/json';
import type { ParitySettings } from './settings';

/**
 * Version of everything in `shared/parity` that decides a figure. It changes with every change that can change a report, so that
 * stored reports say what made them and are made again.
 */
export const methodVersion = 'parity-5';

/** Fingerprint of the settings a report was made with: equal settings, equal text. */
export function settingsHashOf(settings: ParitySettings): string {
  const { low, high } = new ContentHash().addText(canonicalJson(settings)).finish();
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

/** The figure for the document: null for what is not known (NaN) or beyond float64. */
export function figure(value: number): number | null {
  // `+ 0` turns a negative zero into zero
  return Number.isFinite(value) ? value + 0 : null;
}
