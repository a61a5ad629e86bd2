import { textHash } from '../base/hash';
import { canonicalJson } from '../base/json';
import type { ParitySettings } from './settings';

/** Version of the rules in this folder; it changes whenever equal inputs could give another report. */
export const methodVersion = 'parity-1';

/** Fingerprint of the settings a report was made with: equal settings, equal text. */
export function settingsHashOf(settings: ParitySettings): string {
  return textHash(canonicalJson(settings));
}

/** The figure for the document: null for what is not known (NaN) or beyond float64. */
export function figure(value: number): number | null {
  // `+ 0` turns a negative zero into zero
  return Number.isFinite(value) ? value + 0 : null;
}
