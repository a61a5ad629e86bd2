import { Course, type CoursePath, courseMargin, coursePath } from './Course';
import type { PaletteColour } from './palette';

/** The course of a figure over the last looks, beside its limit. */
export function TrendLine(props: {
  readonly values: readonly (number | null)[];
  readonly limit: number;
  readonly colour: PaletteColour;
  readonly width?: number;
  readonly height?: number;
}) {
  const { values, limit, colour, width = 96, height = 20 } = props;
  return <Course path={trendPath(values, limit, width, height)} colour={colour} width={width} height={height} />;
}

/** Both the values and the limit are in view, with a tenth of their range above and below. */
export function trendPath(
  values: readonly (number | null)[],
  limit: number,
  width: number,
  height: number,
): CoursePath {
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  const low = known.reduce<number>((least, value) => Math.min(least, value ?? least), limit);
  const high = known.reduce<number>((most, value) => Math.max(most, value ?? most), limit);
  const room = (high - low) * 0.1 || Math.abs(limit) * 0.1 || 1;
  const [bottom, top] = [low - room, high + room];
  const span = height - 2 * courseMargin;
  return coursePath(
    values,
    limit,
    width,
    (value) => height - courseMargin - ((value - bottom) / (top - bottom)) * span,
  );
}
