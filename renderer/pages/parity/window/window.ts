import { addUtcDays, isUtcDay, type UtcDay } from '../../../../shared/base/time';

/** The days that a strategy or a symbol is looked at over, as the address has them: the last so many, all, or from one to another. Pure. */

export const windowChoices = [
  { value: '7', title: '7 days' },
  { value: '30', title: '30 days' },
  { value: '90', title: '90 days' },
  { value: 'all', title: 'All days' },
] as const;
export type WindowChoice = (typeof windowChoices)[number]['value'];
/** What is shown unless the address says otherwise. */
const usualChoice: WindowChoice = '30';

export interface DayWindow {
  /** Null = a range of its own. */
  readonly choice: WindowChoice | null;
  readonly from: UtcDay;
  readonly to: UtcDay;
}

type QueryText = Readonly<Record<string, string | undefined>>;

/**
 * The window of an address. Windows of so many days end on the last day with data; a range that is no range is as if it were not there.
 * @param days with data, any order; at least one
 */
export function windowOf(query: QueryText, days: readonly UtcDay[]): DayWindow {
  const sorted = [...days].sort();
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const { from, to } = query;
  if (from !== undefined && to !== undefined && isUtcDay(from) && isUtcDay(to) && from <= to)
    return { choice: null, from, to };
  const choice = windowChoices.find(({ value }) => value === query['window'])?.value ?? usualChoice;
  if (choice === 'all') return { choice, from: first, to: last };
  return { choice, from: addUtcDays(last, 1 - Number(choice)), to: last };
}

/** What an address says of a window; what was opened in another window is closed. */
export function windowQuery(
  query: QueryText,
  window: WindowChoice | { readonly from: string; readonly to: string },
): Record<string, string | null | undefined> {
  const rest = { ...query, why: null, 'why-order': null };
  return typeof window === 'string'
    ? { ...rest, from: null, to: null, window: window === usualChoice ? null : window }
    : { ...rest, window: null, from: window.from, to: window.to };
}

/** The gravest days first: those that stray most, the unknown last. */
export function worstDays<Day extends { readonly day: string; readonly worstTrackingBps: number | null }>(
  days: readonly Day[],
  most: number,
): readonly Day[] {
  return [...days]
    .sort((a, b) => (b.worstTrackingBps ?? -1) - (a.worstTrackingBps ?? -1) || (a.day < b.day ? 1 : -1))
    .slice(0, most);
}
