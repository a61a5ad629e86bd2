/** Time is integer microseconds since 1970-01-01 UTC (suffix `Us`), durations carry their unit in the name. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

/** A UTC calendar day written `YYYY-MM-DD`. */
export type UtcDay = string & { readonly __brand: 'UtcDay' };

const utcDayPattern = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the text is an existing calendar day `YYYY-MM-DD`. */
export function isUtcDay(text: string): text is UtcDay {
  if (!utcDayPattern.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

/** The UTC day that contains the instant. */
export function utcDayOf(atUs: number): UtcDay {
  return new Date(Math.floor(atUs / DAY_US) * DAY_MS).toISOString().slice(0, 10) as UtcDay; // toISOString gives this shape for years 0 to 9999
}

/** First instant of the day. */
export function utcDayStartUs(day: UtcDay): number {
  return Date.parse(`${day}T00:00:00Z`) * 1_000;
}

/** The day `days` later (negative: earlier). */
export function addUtcDays(day: UtcDay, days: number): UtcDay {
  return utcDayOf(utcDayStartUs(day) + days * DAY_US);
}

/** ISO 8601 UTC with microseconds, for example `2026-01-31T23:59:59.000001Z`. */
export function formatIsoUs(atUs: number): string {
  const ms = Math.floor(atUs / 1_000);
  const us = atUs - ms * 1_000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us).padStart(3, '0')}Z`;
}
