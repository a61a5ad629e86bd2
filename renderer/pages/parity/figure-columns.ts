import { conventionText, reportConventions } from '../../../shared/parity/conventions';
import type { ParityStatus } from '../../../shared/parity/document';
import type { Column } from '../../components/Table';
import { amountsLike, formatCount, formatFigure } from '../../format';

/** Columns of figures that tables of symbols and tables of days have in common. */
interface FigureRow {
  readonly trackingErrorBps: number | null;
  readonly trackingDifferenceBps: number | null;
  readonly feeDifferenceBps: number | null;
  readonly latencyDifferenceMs: number | null;
  readonly matchRate: number | null;
  readonly executionQualityScore: number | null;
  readonly matched: number;
  readonly missed: number;
  readonly extra: number;
  readonly gap: number;
}

/** Worst first. */
export const statusRank: Readonly<Record<ParityStatus, number>> = { FAIL: 0, UNKNOWN: 1, WARN: 2, PASS: 3 };

export function figureColumn<Row>(spec: {
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly pick: (row: Row) => number | null;
  readonly text: (value: number | null) => string;
  /** Least width, pixels. */
  readonly least?: number;
}): Column<Row> {
  const { id, title, explanation, pick, text, least = 60 } = spec;
  return {
    id,
    title,
    explanation,
    width: `minmax(${least}px, 1fr)`,
    align: 'end',
    sortValue: pick,
    cell: (row) => text(pick(row)),
  };
}

const signed = { signed: true } as const;

/** Which figure it is, and how it is counted. */
function counted(id: keyof typeof reportConventions): string {
  return `${reportConventions[id].title}. ${conventionText(reportConventions[id])}`;
}

export const commonColumns = {
  error: figureColumn<FigureRow>({
    id: 'error',
    title: 'Error',
    explanation: counted('trackingErrorBps'),
    pick: (row) => row.trackingErrorBps,
    text: (value) => formatFigure(value, 'bps'),
  }),
  difference: figureColumn<FigureRow>({
    id: 'difference',
    title: 'Difference',
    explanation: counted('trackingDifferenceBps'),
    pick: (row) => row.trackingDifferenceBps,
    text: (value) => formatFigure(value, 'bps', signed),
    least: 84,
  }),
  fees: figureColumn<FigureRow>({
    id: 'fees',
    title: 'Fees',
    explanation: counted('feeDifferenceBps'),
    pick: (row) => row.feeDifferenceBps,
    text: (value) => formatFigure(value, 'bps', signed),
    least: 58,
  }),
  latency: figureColumn<FigureRow>({
    id: 'latency',
    title: 'Latency',
    explanation: counted('latencyDifferenceMs'),
    pick: (row) => row.latencyDifferenceMs,
    text: (value) => formatFigure(value, 'ms', signed),
    least: 72,
  }),
  match: figureColumn<FigureRow>({
    id: 'match',
    title: 'Match %',
    explanation: counted('matchRate'),
    pick: (row) => row.matchRate,
    text: (value) => formatFigure(value, 'percent'),
    least: 72,
  }),
  matched: figureColumn<FigureRow>({
    id: 'matched',
    title: 'Matched',
    explanation: 'Orders matched.',
    pick: (row) => row.matched,
    text: formatCount,
    least: 74,
  }),
  missed: figureColumn<FigureRow>({
    id: 'missed',
    title: 'Missed',
    explanation: 'Backtest orders that never happened live.',
    pick: (row) => row.missed,
    text: formatCount,
    least: 68,
  }),
  extra: figureColumn<FigureRow>({
    id: 'extra',
    title: 'Extra',
    explanation: 'Live orders the backtest never made.',
    pick: (row) => row.extra,
    text: formatCount,
  }),
  score: figureColumn<FigureRow>({
    id: 'score',
    title: 'Score',
    explanation: counted('executionQualityScore'),
    pick: (row) => row.executionQualityScore,
    text: (value) => formatFigure(value, 'score'),
  }),
};

/** The units of these columns, which are too narrow to carry them: stands above their table. */
export function unitsOfColumns(currency: string | null): string {
  return `bps, latency in ms${currency === null ? '' : `, gap in ${currency}`}`;
}

/** The gap, with the decimals its largest amount asks for. */
export function gapColumn(rows: readonly FigureRow[]): Column<FigureRow> {
  return figureColumn<FigureRow>({
    id: 'gap',
    title: 'Gap',
    explanation: counted('gap'),
    pick: (row) => row.gap,
    text: amountsLike(largestGap(rows), null, signed),
    least: 88,
  });
}

export function largestGap(rows: readonly { readonly gap: number }[]): number {
  return rows.reduce((most, row) => Math.max(most, Math.abs(row.gap)), 0);
}
