import { OctagonX, TriangleAlert } from 'lucide-react';
import { type FigureLimits, type LimitState, limitStateOf } from '../../shared/parity/words';
import { type FigureUnit, formatFigure, UNKNOWN_TEXT, unitWord } from '../format';
import { Tooltip } from './Tooltip';

const stateClass: Record<LimitState, string> = {
  within: '',
  warn: 'figure-warn',
  limit: 'figure-fail',
  critical: 'figure-fail',
  unknown: 'figure-unknown',
};

export interface FigureProps {
  readonly label: string;
  readonly value: number | null | undefined;
  readonly unit: FigureUnit;
  readonly signed?: boolean;
  readonly limits?: FigureLimits;
  /** Judged by somebody else than the limits (only one side counts, or less is worse): this state is shown. */
  readonly state?: LimitState;
  /** `key` is read from two metres. */
  readonly size?: 'key' | 'normal' | 'small';
  /** What the figure means; shown on hover and focus of the label. */
  readonly explanation?: string;
  /** Why there is no figure; shown beside the dash. */
  readonly unknownReason?: string | undefined;
  /** A line under the figure: interval, limit, sample. */
  readonly note?: React.ReactNode;
  /** Draws the scale with its limits under the figure. */
  readonly scale?: boolean;
}

/** One figure with its name, unit and where it stands against its limits, in words, shape and colour. */
export function Figure({
  label,
  value,
  unit,
  signed = false,
  limits,
  state,
  size = 'normal',
  explanation,
  unknownReason,
  note,
  scale = false,
}: FigureProps) {
  const stand = state ?? limitStateOf(value, limits);
  const digits = formatFigure(value, unit, { signed });
  const unknown = digits === UNKNOWN_TEXT;
  return (
    <div className={`figure figure-${size} ${stateClass[stand]}`}>
      <dt className="label">
        {explanation === undefined ? (
          label
        ) : (
          <Tooltip text={explanation}>
            <span className="explained">{label}</span>
          </Tooltip>
        )}
      </dt>
      <dd>
        <span className="figure-line">
          <LimitMark state={stand} size={size === 'key' ? 22 : 14} />
          <span className="figure-digits figures">{digits}</span>
          {!unknown && <span className="figure-unit">{unitWord(unit)}</span>}
          <LimitWord state={stand} limits={limits} />
        </span>
        {scale && limits && <LimitScale value={value} limits={limits} unit={unit} />}
        {unknown && unknownReason !== undefined && <span className="figure-note">{unknownReason}</span>}
        {note !== undefined && !(unknown && unknownReason !== undefined) && <span className="figure-note">{note}</span>}
      </dd>
    </div>
  );
}

function LimitMark({ state, size }: { readonly state: LimitState; readonly size: number }) {
  if (state === 'warn') return <TriangleAlert className="mark mark-warn" size={size} aria-hidden="true" />;
  if (state === 'limit' || state === 'critical') {
    return <OctagonX className="mark mark-fail" size={size} aria-hidden="true" />;
  }
  return null;
}

function LimitWord({ state, limits }: { readonly state: LimitState; readonly limits: FigureLimits | undefined }) {
  if (state === 'within' || state === 'unknown') return null;
  const bound = limits && { warn: limits.warn, limit: limits.limit, critical: limits.critical ?? limits.limit }[state];
  const word = state === 'warn' ? 'warning' : state === 'limit' ? 'limit' : 'critical';
  return (
    <span className={`figure-word mark-${state === 'warn' ? 'warn' : 'fail'}`}>
      {word}
      {bound !== undefined && ` ≥ ${bound}`}
    </span>
  );
}

/** A scale from zero to a fifth beyond the last limit, ticks at the limits, a bar to the size of the figure. */
function LimitScale({
  value,
  limits,
  unit,
}: {
  readonly value: number | null | undefined;
  readonly limits: FigureLimits;
  readonly unit: FigureUnit;
}) {
  const end = (limits.critical ?? limits.limit) * 1.2;
  const known = typeof value === 'number' && Number.isFinite(value);
  const share = known ? Math.min(1, Math.abs(value) / end) : 0;
  const state = limitStateOf(value, limits);
  const ticks = [limits.warn, limits.limit, ...(limits.critical === undefined ? [] : [limits.critical])];
  const percent = (part: number) => `${(part * 100).toFixed(2)}%`;
  const said = known ? `${formatFigure(Math.abs(value), unit)} of limits ${ticks.join(', ')}` : 'unknown';
  return (
    <svg className={`limit-scale ${stateClass[state]}`} width="100%" height="22" role="img" aria-label={said}>
      <rect className="limit-scale-track" x="0" y="2" width="100%" height="6" />
      {known && <rect className="limit-scale-bar" x="0" y="2" width={percent(share)} height="6" />}
      {known && Math.abs(value) > end && <rect className="limit-scale-over" x="98.5%" y="0" width="1.5%" height="10" />}
      {ticks.map((tick) => (
        <g key={tick}>
          <rect className="limit-scale-tick" x={percent(tick / end)} y="0" width="1" height="10" />
          <text className="limit-scale-text" x={percent(tick / end)} y="20" textAnchor="middle">
            {tick}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Lays figures side by side as one list of terms. */
export function Figures({ children, dense = false }: { readonly children: React.ReactNode; readonly dense?: boolean }) {
  return <dl className={`figures-grid ${dense ? 'figures-dense' : ''}`}>{children}</dl>;
}
