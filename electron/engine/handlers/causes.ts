import { FailureError, failure } from '../../../shared/base/errors';
import type { UtcDay } from '../../../shared/base/time';
import type { Handlers } from '../gate';
import { explainDays, ordersOfCause } from '../parity/explain-days';
import type { HandlerContext } from './context';

/** Why a day or a window differs, and the orders behind each cause. */
export function causeHandlers(context: HandlerContext): Pick<Handlers, 'parity.causes' | 'parity.causeOrders'> {
  const { clock } = context;
  return {
    async 'parity.causes'(args) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      return { explanation: await explainDays(desk, rangeOf(args)), asOfUs };
    },

    async 'parity.causeOrders'({ cause, reason, page, ...args }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const { rows, total } = await ordersOfCause(desk, rangeOf(args), { cause, reason }, page);
      return { rows: [...rows], total, asOfUs };
    },
  };
}

function rangeOf<Range extends { readonly from: UtcDay; readonly to: UtcDay }>(range: Range): Range {
  if (range.from <= range.to) return range;
  throw new FailureError(
    failure(
      'invalid-arguments',
      `The range begins on ${range.from}, after its end on ${range.to}.`,
      'Swap the two days.',
    ),
  );
}
