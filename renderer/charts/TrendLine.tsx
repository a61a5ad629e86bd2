import { cssColour, type PaletteColour } from './palette';

/**
 * The course of a figure beside its limit: a line with the limit as a rule and the last value as a dot. Looks without a value break the
 * line. The figures stand in the row it belongs to, so it is hidden from listeners.
 */
export function TrendLine(props: {
  readonly values: readonly (number | null)[];
  readonly limit: number;
  readonly colour: PaletteColour;
  readonly width?: number;
  readonly height?: number;
}) {
  const { values, limit, colour, width = 96, height = 20 } = props;
  const path = trendPath(values, limit, width, height);
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={`M0 ${path.limitY}H${width}`} stroke={cssColour('fail')} strokeDasharray="2 2" opacity={0.7} />
      <path d={path.line} fill="none" stroke={cssColour('textMuted')} strokeWidth={1.25} strokeLinejoin="round" />
      {path.last && <circle cx={path.last.x} cy={path.last.y} r={2.2} fill={cssColour(colour)} />}
    </svg>
  );
}

/** Both the values and the limit are in view, with a tenth of their range above and below. */
export function trendPath(
  values: readonly (number | null)[],
  limit: number,
  width: number,
  height: number,
): {
  readonly line: string;
  readonly limitY: number;
  readonly last: { readonly x: number; readonly y: number } | null;
} {
  const margin = 2.5;
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  const low = known.reduce<number>((least, value) => Math.min(least, value ?? least), limit);
  const high = known.reduce<number>((most, value) => Math.max(most, value ?? most), limit);
  const room = (high - low) * 0.1 || Math.abs(limit) * 0.1 || 1;
  const [bottom, top] = [low - room, high + room];
  const round = (pixel: number) => Math.round(pixel * 10) / 10;
  const yOf = (value: number) => round(height - margin - ((value - bottom) / (top - bottom)) * (height - 2 * margin));
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  let line = '';
  let drawing = false;
  let last: { x: number; y: number } | null = null;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    last = { x: round(margin + index * step), y: yOf(value) };
    line += `${drawing ? 'L' : 'M'}${last.x} ${last.y}`;
    drawing = true;
  });
  return { line, limitY: yOf(limit), last };
}
