import {
  causeWords,
  type WaterfallCause,
  type Waterfall as WaterfallModel,
  type WaterfallStep,
} from '../../shared/parity/waterfall';
import { amountsLike, formatFigure } from '../format';

/**
 * The gap from zero to its total, one row per cause: name, bar, money, bps. Rows are text and buttons rather than a picture, so that
 * every figure can be read, copied and reached by keyboard.
 */
export function Waterfall(props: {
  readonly model: WaterfallModel;
  readonly currency: string | null;
  /** Causes whose orders can be shown; picking the selected one again clears it. */
  readonly pickable?: readonly WaterfallCause[];
  readonly selected?: WaterfallCause | null;
  readonly onPick?: (cause: WaterfallCause | null) => void;
}) {
  const { model, currency, pickable = [], selected = null, onPick } = props;
  const amount = amountsLike(Math.max(Math.abs(model.total), model.high - model.low), currency, { signed: true });
  const shown = model.steps.filter((step) => step.value !== 0 || step.cause !== 'other');
  return (
    <table className="waterfall">
      <caption className="visually-hidden">
        The gap between live and backtest by cause; plus means live earned more than the backtest
      </caption>
      <WaterfallHead currency={currency} last="Weight" lastTitle="Share of the sum of the sizes of all causes" />
      <tbody>
        {shown.map((step) => {
          const words = causeWords[step.cause];
          const canPick = onPick !== undefined && pickable.includes(step.cause) && step.value !== 0;
          return (
            <tr
              key={step.cause}
              data-selected={selected === step.cause || undefined}
              data-zero={step.value === 0 || undefined}
            >
              <th scope="row" title={words.meaning}>
                {canPick ? (
                  <button
                    type="button"
                    aria-pressed={selected === step.cause}
                    onClick={() => onPick(selected === step.cause ? null : step.cause)}
                  >
                    {words.title}
                  </button>
                ) : (
                  words.title
                )}
              </th>
              <WaterfallCells step={step} model={model} amount={amount} />
              <td className="numeric figures muted">{formatFigure(step.share, 'percent')} %</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Gap</th>
          <WaterfallCells
            step={{ value: model.total, from: 0, to: model.total, bps: model.totalBps }}
            model={model}
            amount={amount}
            total
          />
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

/** The columns of a table of causes; the last one is the table's own. */
export function WaterfallHead(props: {
  readonly currency: string | null;
  readonly last: string;
  readonly lastTitle?: string;
}) {
  return (
    <thead>
      <tr>
        <th scope="col">Cause</th>
        <th scope="col" className="waterfall-direction">
          <span>− worse</span>
          <span>better +</span>
        </th>
        <th scope="col" className="numeric">
          {props.currency ?? 'Amount'}
        </th>
        <th scope="col" className="numeric">
          bps
        </th>
        <th scope="col" className="numeric" title={props.lastTitle}>
          {props.last}
        </th>
      </tr>
    </thead>
  );
}

interface DrawnStep {
  readonly step: Pick<WaterfallStep, 'value' | 'from' | 'to'>;
  readonly model: Pick<WaterfallModel, 'low' | 'high'>;
  /** The sum of all steps, from zero. */
  readonly total?: boolean;
}

/** Bar, money and bps of one row. */
export function WaterfallCells(
  props: DrawnStep & {
    readonly step: Pick<WaterfallStep, 'bps'>;
    readonly amount: (value: number) => string;
  },
) {
  const { step, amount } = props;
  return (
    <>
      <td className="waterfall-bar">
        <WaterfallBar {...props} />
      </td>
      <td className="numeric figures">{amount(step.value)}</td>
      <td className="numeric figures">{formatFigure(step.bps, 'bps', { signed: true })}</td>
    </>
  );
}

/** One step of a waterfall, drawn from where the one before it ended. */
function WaterfallBar({ step, model, total = false }: DrawnStep) {
  const span = model.high - model.low || 1;
  const percent = (value: number) => `${((value - model.low) / span) * 100}%`;
  const left = Math.min(step.from, step.to);
  const width = `${(Math.abs(step.to - step.from) / span) * 100}%`;
  const direction = total ? 'total' : step.value < 0 ? 'worse' : 'better';
  return (
    <svg width="100%" height="100%" aria-hidden="true">
      <line className="waterfall-zero" x1={percent(0)} x2={percent(0)} y1="0" y2="100%" />
      {!total && <line className="waterfall-link" x1={percent(step.to)} x2={percent(step.to)} y1="50%" y2="100%" />}
      {!total && <line className="waterfall-link" x1={percent(step.from)} x2={percent(step.from)} y1="0" y2="50%" />}
      {step.value !== 0 && (
        <rect
          className={`waterfall-${direction}`}
          x={percent(left)}
          width={width}
          y="20%"
          height="60%"
          style={{ minWidth: 1 }}
        />
      )}
    </svg>
  );
}
