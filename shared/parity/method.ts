import { ContentHash } from '../base/hash';
import { canonicalJson } from '../base/json';
import type { ParitySettings } from './settings';

/**
 * Version of everything in `shared/parity` that decides a figure. It changes with every change that can change a report, so that
 * stored reports say what made them and are made again.
 */
export const methodVersion = 'parity-6';

const hashes = new WeakMap<ParitySettings, string>();

/** Fingerprint of the settings a report was made with: equal settings, equal text. Settings are values: they never change. */
export function settingsHashOf(settings: ParitySettings): string {
  let hash = hashes.get(settings);
  if (hash === undefined) {
    const { low, high } = new ContentHash().addText(canonicalJson(settings)).finish();
    hash = [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
    hashes.set(settings, hash);
  }
  return hash;
}

/** The figure for the document: null for what is not known (NaN) or beyond float64. */
export function figure(value: number): number | null {
  // `+ 0` turns a negative zero into zero
  return Number.isFinite(value) ? value + 0 : null;
}
