import { addUtcDays, isUtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { CallArgs } from '../../../shared/contract/calls';

/** What the address asks to see; a day that is none narrows nothing. `to` is a day of which everything counts. */
export function auditFilter(query: Readonly<Record<string, string>>): Omit<CallArgs<'audit.list'>, 'page'> {
  const text = (name: string) => query[name] || null;
  const { from, to } = query;
  return {
    action: text('action'),
    subject: text('subject'),
    actor: text('actor'),
    fromUs: from !== undefined && isUtcDay(from) ? utcDayStartUs(from) : null,
    toUs: to !== undefined && isUtcDay(to) ? utcDayStartUs(addUtcDays(to, 1)) - 1 : null,
  };
}

export function dayProblem(text: string | undefined): string | null {
  return text === undefined || text === '' || isUtcDay(text) ? null : 'Write a day as YYYY-MM-DD.';
}
