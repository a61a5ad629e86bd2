import type { CallResult } from '../../../../shared/contract/calls';
import type { ExplainedCause, Explanation } from '../../../../shared/parity/explanation';
import { useQuery } from '../../../api/use-query';
import { WaterfallCells, WaterfallHead } from '../../../charts/Waterfall';
import { Panel } from '../../../components/Page';
import { Answer } from '../../../components/States';
import { amountsLike, formatCount, typeset } from '../../../format';
import { CauseOrders } from './CauseOrders';
import { type CausesKey, causeStepsOf } from './cause-steps';
import './causes.css';

/** Why a day or a window of days differs, in one screen: a sentence, the causes by money until they reach the gap, the orders behind the chosen one. */
export function WhyPanel(
  props: CausesKey & {
    /** The chosen cause and reason; null = the largest. */
    readonly reason: string | null;
    readonly onReason: (reason: string) => void;
    /** `SYMBOL live:12` of the opened order. */
    readonly order: string | null;
    readonly onOrder: (order: string | null) => void;
  },
) {
  const { strategy, symbol, from, to } = props;
  const causes = useQuery('parity.causes', { strategy, symbol, from, to });
  return (
    <Panel title={from === to ? 'Why this day differs' : 'Why these days differ'} flush>
      <Answer query={causes} skeletonLines={17}>
        {(answer) => <Why {...props} explanation={answer.explanation} />}
      </Answer>
    </Panel>
  );
}

function Why(
  props: Parameters<typeof WhyPanel>[0] & { readonly explanation: CallResult<'parity.causes'>['explanation'] },
) {
  const { explanation, strategy, symbol, from, to, reason, onReason, order, onOrder } = props;
  const { causes, untold, sentence, currency } = explanation;
  const chosen = causes.find((cause) => cause.reason === reason) ?? causes[0] ?? null;
  return (
    <div className="why">
      <p className="why-sentence">{typeset(sentence)}</p>
      {chosen !== null && (
        <div className="why-parts">
          <CauseList explanation={explanation} chosen={chosen} onReason={onReason} />
          <section className="why-cause" aria-label={chosen.title}>
            <h3>{chosen.title}</h3>
            <p>{typeset(chosen.sentence)}</p>
            <p className="muted">{typeset(chosen.next)}</p>
            {chosen.orders > 0 && (
              <CauseOrders
                key={chosen.reason}
                strategy={strategy}
                symbol={symbol}
                from={from}
                to={to}
                cause={chosen}
                currency={currency}
                order={order}
                onOrder={onOrder}
              />
            )}
          </section>
        </div>
      )}
      {untold.length > 0 && (
        <div className="why-untold">
          <h3>What cannot be told</h3>
          <ul>
            {untold.map((remark) => (
              <li key={remark}>{typeset(remark)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function CauseList(props: {
  readonly explanation: Explanation;
  readonly chosen: ExplainedCause;
  readonly onReason: (reason: string) => void;
}) {
  const { explanation, chosen, onReason } = props;
  const { gap, gapBps, currency } = explanation;
  const { steps, low, high } = causeStepsOf(explanation);
  const amount = amountsLike(Math.max(Math.abs(gap), high - low), currency, { signed: true });
  return (
    <table className="waterfall why-causes">
      <caption className="visually-hidden">
        Causes of the gap by money, the largest first; plus means live earned more than the backtest
      </caption>
      <WaterfallHead currency={currency} last="Orders" />
      <tbody>
        {steps.map(({ cause, from, to }) => (
          <tr key={cause.reason} data-selected={cause.reason === chosen.reason || undefined}>
            <th scope="row">
              <button
                type="button"
                aria-pressed={cause.reason === chosen.reason}
                title={typeset(cause.sentence)}
                onClick={() => onReason(cause.reason)}
              >
                {cause.title}
              </button>
            </th>
            <WaterfallCells
              step={{ value: cause.money, from, to, bps: cause.bps }}
              model={{ low, high }}
              amount={amount}
            />
            <td className="numeric figures muted">{cause.orders === 0 ? '' : formatCount(cause.orders)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Gap</th>
          <WaterfallCells
            step={{ value: gap, from: 0, to: gap, bps: gapBps }}
            model={{ low, high }}
            amount={amount}
            total
          />
          <td />
        </tr>
      </tfoot>
    </table>
  );
}
