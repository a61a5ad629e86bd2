import { formatFigure, formatMoney } from '../../../shared/base/format';
import { DAY_US, HOUR_US } from '../../../shared/base/time';
import type { IntervalSeries } from '../../../shared/parity/document';
import { causeWords, type Waterfall } from '../../../shared/parity/waterfall';
import type { Drawing, Ink, Shape } from './drawing';

/** The charts of a printed report: where the gap comes from, and how it came about over the day or the days. */

const chartWidth = 260;
const textSize = 6.6;
const rowHeight = 12.6;

export function waterfallDrawing({ steps, total, totalBps, low, high }: Waterfall, currency: string | null): Drawing {
  const left = 64;
  const right = 96;
  const width = chartWidth - left - right;
  const span = high - low || 1;
  const x = (value: number) => left + ((value - low) / span) * width;
  const rows = [
    ...steps.map(({ cause, value, from, to, bps }) => ({ name: causeWords[cause].title, value, from, to, bps })),
    { name: 'Gap', value: total, from: 0, to: total, bps: totalBps },
  ];
  const height = rows.length * rowHeight + 12;
  const shapes: Shape[] = [
    {
      kind: 'line',
      points: [
        [x(0), 10],
        [x(0), height],
      ],
      ink: 'muted',
      width: 0.6,
    },
    label(chartWidth - 38, 7, currency ?? 'money', 'end', 'muted'),
    label(chartWidth, 7, 'bps', 'end', 'muted'),
  ];
  rows.forEach(({ name, value, from, to, bps }, index) => {
    const top = 11 + index * rowHeight;
    const bold = index === rows.length - 1;
    if (bold)
      shapes.push({
        kind: 'line',
        points: [
          [0, top],
          [chartWidth, top],
        ],
        ink: 'rule',
        width: 0.6,
      });
    const [start, end] = [x(Math.min(from, to)), x(Math.max(from, to))];
    const baseline = top + 8.8;
    shapes.push(label(0, baseline, name, 'start', 'text', bold));
    if (value !== 0) {
      const bar = { x: start, y: top + 2.4, width: Math.max(0.8, end - start), height: rowHeight - 4.8 };
      shapes.push({ kind: 'bar', ...bar, ink: value < 0 ? 'loss' : 'gain', hollow: value > 0 });
    }
    // Each step begins where the one before ended.
    if (index < rows.length - 2) {
      shapes.push({
        kind: 'line',
        points: [
          [x(to), top + rowHeight - 2.4],
          [x(to), top + rowHeight + 2.4],
        ],
        ink: 'muted',
        width: 0.4,
      });
    }
    shapes.push(label(chartWidth - 38, baseline, formatMoney(value, null, { signed: true }), 'end', 'text', bold));
    shapes.push(label(chartWidth, baseline, formatFigure(bps, 'bps', { signed: true }), 'end', 'text', bold));
  });
  return {
    title: 'Where the money goes',
    description: rows.map(({ name, value }) => `${name} ${formatMoney(value, null, { signed: true })}`).join(', '),
    width: chartWidth,
    height,
    shapes,
  };
}

export interface TrackingPoint {
  readonly day: string;
  readonly trackingErrorBps: number | null;
  readonly trackingDifferenceBps: number | null;
}

/** Within the day: the difference so far above, its change per interval below. Null where there is no capital to measure against. */
export function dayDrawing(series: IntervalSeries, capital: number | null, limitBps: number): Drawing | null {
  const { endsUs, liveEquity, backtestEquity, differenceBps } = series;
  const lastUs = endsUs.at(-1);
  if (capital === null || capital <= 0 || lastUs === undefined) return null;
  const startUs = lastUs - DAY_US;
  const at = (instantUs: number) => (instantUs - startUs) / DAY_US;
  const soFar = endsUs.map((_, index) => (1e4 * (liveEquity[index]! - backtestEquity[index]!)) / capital);
  const starts = endsUs.map((_, index) => at(index === 0 ? startUs : endsUs[index - 1]!));
  const ticks = [0, 6, 12, 18, 24].map((hour) => ({
    at: at(startUs + hour * HOUR_US),
    text: `${String(hour).padStart(2, '0')}:00`,
  }));
  return panels({
    title: 'Tracking over the day',
    ticks,
    upper: {
      name: 'live − backtest so far, bps of capital',
      points: [[0, 0], ...soFar.map((value, index) => [at(endsUs[index]!), value] as const)],
      limits: [limitBps, -limitBps],
    },
    lower: {
      name: 'change in each interval, bps',
      bars: differenceBps.map((value, index) => ({ from: starts[index]!, to: at(endsUs[index]!), value })),
      limits: [],
    },
  });
}

/** Over several days: the tracking difference above, the tracking error of each below. */
export function daysDrawing(days: readonly TrackingPoint[], limits: { readonly limit: number }): Drawing | null {
  if (days.length < 2) return null;
  const at = (index: number) => index / days.length;
  const shown = [0, Math.floor((days.length - 1) / 2), days.length - 1];
  return panels({
    title: 'Tracking, day by day',
    ticks: shown.map((index) => ({ at: at(index + 0.5), text: days[index]!.day.slice(5) })),
    upper: {
      name: 'tracking difference per day, bps',
      points: days.map(({ trackingDifferenceBps }, index) => [at(index + 0.5), trackingDifferenceBps] as const),
      limits: [limits.limit, -limits.limit],
    },
    lower: {
      name: 'tracking error per day, bps',
      bars: days.map(({ trackingErrorBps }, index) => ({
        from: at(index),
        to: at(index + 1),
        value: trackingErrorBps,
      })),
      limits: [limits.limit],
    },
  });
}

interface Panels {
  readonly title: string;
  /** Places along the time axis, 0 to 1. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly upper: {
    readonly name: string;
    readonly points: readonly (readonly [at: number, value: number | null])[];
    readonly limits: readonly number[];
  };
  readonly lower: {
    readonly name: string;
    readonly bars: readonly { readonly from: number; readonly to: number; readonly value: number | null }[];
    readonly limits: readonly number[];
  };
}

function panels({ title, ticks, upper, lower }: Panels): Drawing {
  const left = 26;
  const width = chartWidth - left - 4;
  const height = 163;
  const x = (at: number) => left + at * width;
  const shapes: Shape[] = [];

  const axis = (name: string, top: number, tall: number, values: readonly number[], limits: readonly number[]) => {
    const size = Math.max(...values.map(Math.abs), 0.1);
    // A limit far off would flatten what there is to see; then it is told in words.
    const near = limits.filter((limit) => Math.abs(limit) <= 2 * size);
    const low = Math.min(0, ...values, ...near);
    const high = Math.max(0, ...values, ...near);
    const room = (high - low) * 0.04 || 1;
    const y = (value: number) => top + tall - ((value - low + room) / (high - low + 2 * room)) * tall;
    const far =
      limits.length > 0 && near.length === 0
        ? `; limit ${limits.length > 1 ? '±' : ''}${limits[0]} is off the scale`
        : '';
    shapes.push(label(0, top - 4, `${name}${far}`, 'start', 'muted'));
    for (const tick of ticks)
      shapes.push({
        kind: 'line',
        points: [
          [x(tick.at), top],
          [x(tick.at), top + tall],
        ],
        ink: 'rule',
        width: 0.3,
      });
    for (const value of new Set([low, 0, high])) {
      // Zero is always named; an end so near that the words would touch is not.
      if (value !== 0 && Math.abs(y(value) - y(0)) < textSize) continue;
      shapes.push(label(left - 4, y(value) + 2.3, formatFigure(value, 'bps', { signed: true }), 'end', 'muted'));
    }
    shapes.push({
      kind: 'line',
      points: [
        [left, y(0)],
        [left + width, y(0)],
      ],
      ink: 'muted',
      width: 0.5,
    });
    for (const limit of near) {
      shapes.push({
        kind: 'line',
        points: [
          [left, y(limit)],
          [left + width, y(limit)],
        ],
        ink: 'limit',
        width: 0.7,
        dash: [3, 2],
      });
      shapes.push(
        // At the start of the day, where the course is near zero, and on the side of zero: nothing is drawn over it.
        label(
          left + 3,
          y(limit) + (limit > 0 ? textSize : -2),
          `limit ${formatFigure(limit, 'bps', { signed: limit < 0 })}`,
          'start',
          'limit',
        ),
      );
    }
    return y;
  };

  const known = (value: number | null): value is number => value !== null && Number.isFinite(value);
  const upperValues = upper.points.map(([, value]) => value).filter(known);
  const yUpper = axis(upper.name, 12, 76, upperValues, upper.limits);
  let run: [number, number][] = [];
  const endRun = () => {
    if (run.length > 1) shapes.push({ kind: 'line', points: run, ink: 'text', width: 1.2 });
    run = [];
  };
  for (const [at, value] of upper.points) {
    if (known(value)) run.push([x(at), yUpper(value)]);
    else endRun();
  }
  endRun();

  const lowerValues = lower.bars.map(({ value }) => value).filter(known);
  const yLower = axis(lower.name, 104, 46, lowerValues, lower.limits);
  for (const { from, to, value } of lower.bars) {
    if (!known(value) || value === 0) continue;
    const gap = Math.min(0.8, (x(to) - x(from)) * 0.15);
    const [top, bottom] = [yLower(Math.max(0, value)), yLower(Math.min(0, value))];
    shapes.push({
      kind: 'bar',
      x: x(from) + gap,
      y: top,
      width: Math.max(0.4, x(to) - x(from) - 2 * gap),
      height: Math.max(0.4, bottom - top),
      ink: value < 0 ? 'loss' : 'gain',
      hollow: value > 0,
    });
  }
  for (const { at, text } of ticks) {
    const anchor = at === 0 ? 'start' : at === 1 ? 'end' : 'middle';
    shapes.push(label(x(at), height - 4, text, anchor, 'muted'));
  }
  const last = upperValues.at(-1);
  return {
    title,
    description: last === undefined ? 'Nothing to draw' : `Ends at ${formatFigure(last, 'bps', { signed: true })} bps`,
    width: chartWidth,
    height,
    shapes,
  };
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', ink: Ink, bold = false): Shape {
  return { kind: 'text', x, y, text, size: textSize, anchor, ink, ...(bold && { bold }) };
}
