import type { ParityStatus } from '../../shared/parity/document';
import { cssColour } from './palette';

/**
 * The course of worst tracking over the last days, beside a name: a line with the limit as a rule and the last day as a dot. Days
 * without a figure break the line. The figures stand in the row it belongs to, so it is hidden from listeners.
 */
export function Sparkline(props: {
  readonly values: readonly (number | null)[];
  readonly limit: number;
  readonly lastStatus: ParityStatus;
  readonly width?: number;
  readonly height?: number;
}) {
  const { values, limit, lastStatus, width = 96, height = 20 } = props;
  const path = sparklinePath(values, limit, width, height);
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={`M0 ${path.limitY}H${width}`} stroke={cssColour('fail')} strokeDasharray="2 2" opacity={0.7} />
      <path d={path.line} fill="none" stroke={cssColour('textMuted')} strokeWidth={1.25} strokeLinejoin="round" />
      {path.last && <circle cx={path.last.x} cy={path.last.y} r={2.2} fill={cssColour(statusColour(lastStatus))} />}
    </svg>
  );
}

function statusColour(status: ParityStatus) {
  return ({ PASS: 'pass', WARN: 'warn', FAIL: 'fail', UNKNOWN: 'unknown' } as const)[status];
}

export interface SparklinePath {
  readonly line: string;
  readonly limitY: number;
  readonly last: { readonly x: number; readonly y: number } | null;
}

/** Zero at the bottom; the top is the largest value, or a quarter above the limit, up to three times the limit. */
export function sparklinePath(
  values: readonly (number | null)[],
  limit: number,
  width: number,
  height: number,
): SparklinePath {
  const margin = 2.5;
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), limit * 1.25);
  const top = Math.min(largest, limit * 3);
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  const round = (pixel: number) => Math.round(pixel * 10) / 10;
  const yOf = (value: number) => round(height - margin - (Math.min(value, top) / top) * (height - 2 * margin));
  let line = '';
  let drawing = false;
  let last: SparklinePath['last'] = null;
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
