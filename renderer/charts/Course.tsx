import { cssColour, type PaletteColour } from './palette';

/** A line through values in time, its limit, and where it ends; pixels from the top left. */
export interface CoursePath {
  readonly line: string;
  readonly limitY: number;
  readonly last: { readonly x: number; readonly y: number } | null;
}

/** Room around the line, so that its dot is whole. */
export const courseMargin = 2.5;

/**
 * @param yOf the height a value stands at
 * @returns values that are unknown break the line
 */
export function coursePath(
  values: readonly (number | null)[],
  limit: number,
  width: number,
  yOf: (value: number) => number,
): CoursePath {
  const round = (pixel: number) => Math.round(pixel * 10) / 10;
  const step = values.length > 1 ? (width - 2 * courseMargin) / (values.length - 1) : 0;
  let line = '';
  let drawing = false;
  let last: CoursePath['last'] = null;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    last = { x: round(courseMargin + index * step), y: round(yOf(value)) };
    line += `${drawing ? 'L' : 'M'}${last.x} ${last.y}`;
    drawing = true;
  });
  return { line, limitY: round(yOf(limit)), last };
}

/** The picture of it: the limit as a rule, the last value as a dot. Its figures stand beside it, so it is hidden from listeners. */
export function Course(props: {
  readonly path: CoursePath;
  readonly colour: PaletteColour;
  readonly width: number;
  readonly height: number;
}) {
  const { path, colour, width, height } = props;
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={`M0 ${path.limitY}H${width}`} stroke={cssColour('fail')} strokeDasharray="2 2" opacity={0.7} />
      <path d={path.line} fill="none" stroke={cssColour('textMuted')} strokeWidth={1.25} strokeLinejoin="round" />
      {path.last && <circle cx={path.last.x} cy={path.last.y} r={2.2} fill={cssColour(colour)} />}
    </svg>
  );
}
