import { cssColour, type PaletteColour } from './palette';

/** A share of a whole as a ring, with what it says in the middle; beyond the whole the ring is full and says so in its colour. */
export function Donut(props: {
  /** 0 to 1 and beyond; null = unknown. */
  readonly share: number | null;
  readonly colour: PaletteColour;
  readonly text: string;
  readonly label: string;
  readonly size?: number;
}) {
  const { share, colour, text, label, size = 132 } = props;
  const width = 14;
  const radius = (size - width) / 2;
  const round = 2 * Math.PI * radius;
  const filled = Math.min(1, Math.max(0, share ?? 0));
  const middle = size / 2;
  return (
    <svg className="donut" width={size} height={size} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <circle
        cx={middle}
        cy={middle}
        r={radius}
        fill="none"
        stroke={cssColour('surface3')}
        strokeWidth={width}
        {...(share === null && { strokeDasharray: '3 5' })}
      />
      {filled > 0 && (
        <circle
          cx={middle}
          cy={middle}
          r={radius}
          fill="none"
          stroke={cssColour(colour)}
          strokeWidth={width}
          strokeDasharray={`${filled * round} ${round}`}
          transform={`rotate(-90 ${middle} ${middle})`}
        />
      )}
      <text className="donut-text" x={middle} y={middle} textAnchor="middle" dominantBaseline="central">
        {text}
      </text>
    </svg>
  );
}
