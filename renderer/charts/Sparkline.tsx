import type { ParityStatus } from '../../shared/parity/document';
import { Course, type CoursePath, courseMargin, coursePath } from './Course';

/** The course of worst tracking over the last days, beside a name. */
export function Sparkline(props: {
  readonly values: readonly (number | null)[];
  readonly limit: number;
  readonly lastStatus: ParityStatus;
  readonly width?: number;
  readonly height?: number;
}) {
  const { values, limit, lastStatus, width = 96, height = 20 } = props;
  const path = sparklinePath(values, limit, width, height);
  return <Course path={path} colour={statusColour(lastStatus)} width={width} height={height} />;
}

function statusColour(status: ParityStatus) {
  return ({ PASS: 'pass', WARN: 'warn', FAIL: 'fail', UNKNOWN: 'unknown' } as const)[status];
}

/** Zero at the bottom; the top is the largest value, or a quarter above the limit, up to three times the limit. */
export function sparklinePath(
  values: readonly (number | null)[],
  limit: number,
  width: number,
  height: number,
): CoursePath {
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), limit * 1.25);
  const top = Math.min(largest, limit * 3);
  const span = height - 2 * courseMargin;
  return coursePath(values, limit, width, (value) => height - courseMargin - (Math.min(value, top) / top) * span);
}
