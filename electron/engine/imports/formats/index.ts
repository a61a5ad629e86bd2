/** Every format Lockstep reads; recognition asks all of them, so the order here decides nothing. */
import type { Format } from '../format';
import { lockstepCsv } from './lockstep-csv';
import { lockstepJsonl } from './lockstep-jsonl';

export const formats: readonly Format[] = [lockstepCsv, lockstepJsonl];

export function formatById(id: string): Format | null {
  return formats.find((format) => format.id === id) ?? null;
}
