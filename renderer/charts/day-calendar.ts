import { addUtcDays, DAY_MS, isUtcDay, utcDayStartUs } from '../../shared/base/time';
import type { DayPoint } from '../../shared/parity/day-point';

/**
 * Daily points laid on the calendar: one place for every day from the first to the last, empty where the strategy has no data, so
 * that a line breaks there instead of bridging days nobody measured.
 */
export interface DayCalendar {
  readonly startMs: number;
  readonly days: readonly string[];
  /** Null = no data that day. */
  readonly points: readonly (DayPoint | null)[];
}

/** A calendar longer than this is a wrong date somewhere, not a history: the points are then laid side by side. */
const LONGEST_DAYS = 20_000;

export function calendarOf(points: readonly DayPoint[]): DayCalendar {
  const known = points.filter((point) => isUtcDay(point.day)).sort((a, b) => (a.day < b.day ? -1 : 1));
  const first = known[0]?.day;
  const last = known.at(-1)?.day;
  if (first === undefined || last === undefined || !isUtcDay(first) || !isUtcDay(last)) {
    return { startMs: 0, days: [], points: [] };
  }
  const startMs = utcDayStartUs(first) / 1_000;
  const span = Math.round((utcDayStartUs(last) / 1_000 - startMs) / DAY_MS) + 1;
  if (span > LONGEST_DAYS) return { startMs, days: known.map((point) => point.day), points: known };
  const byDay = new Map(known.map((point) => [point.day, point]));
  const days = Array.from({ length: span }, (_, index) => addUtcDays(first, index));
  return { startMs, days, points: days.map((day) => byDay.get(day) ?? null) };
}

/** The day with data nearest to the instant; null when there is none. */
export function nearestDay(calendar: DayCalendar, atMs: number): DayPoint | null {
  const last = calendar.points.length - 1;
  const place = Math.max(0, Math.min(last, Math.round((atMs - calendar.startMs) / DAY_MS)));
  for (let away = 0; away <= last; away++) {
    const found = calendar.points[place - away] ?? calendar.points[place + away];
    if (found) return found;
  }
  return null;
}
