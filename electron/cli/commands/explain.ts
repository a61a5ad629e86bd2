import { FailureError } from '../../../shared/base/errors';
import type { UtcDay } from '../../../shared/base/time';
import { type ExplainOutput, explainOutputSchemaId } from '../../../shared/contract/output';
import type { Desk } from '../../engine/desk';
import { type ExplainedRange, explainDays, ordersOfCause } from '../../engine/parity/explain-days';
import { describeExplanation } from '../explain-text';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { rangeOf } from './report';

export interface ExplainOptions {
  readonly strategy: string;
  readonly symbol?: string;
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly top?: string;
}

const mostOrders = 100;

/** Why a day differs: the sentence, the causes by money, the orders that weigh most in each. */
export async function explain(session: Session, options: ExplainOptions): Promise<number> {
  const { terminal, json } = session;
  const top = topOf(options.top);
  return session.withDesk('existing', async (desk) => {
    const { strategy, symbol = null } = options;
    const told = options.day !== undefined || options.from !== undefined || options.to !== undefined;
    const days = told ? await rangeOf(desk, options) : await lastDifferent(desk, strategy, symbol);
    const range: ExplainedRange = { strategy, symbol, ...days };
    const explanation = await explainDays(desk, range);
    const orders: ExplainOutput['orders'] = [];
    for (const { cause, reason } of top === 0 ? [] : explanation.causes) {
      const { rows } = await ordersOfCause(desk, range, { cause, reason }, { offset: 0, limit: top });
      for (const row of rows) orders.push({ reason, ...row });
    }
    const document: ExplainOutput = { schema: explainOutputSchemaId, ...explanation, orders };
    terminal.out(json ? `${JSON.stringify(document)}\n` : describeExplanation(document));
    return exitCode.done;
  });
}

function topOf(text: string | undefined): number {
  if (text === undefined) return 3;
  const top = Number(text);
  if (Number.isInteger(top) && top >= 0 && top <= mostOrders) return top;
  throw new FailureError(
    usageFailure(`--top ${text} is no number from 0 to ${mostOrders}.`, 'Say how many orders of each cause to show.'),
  );
}

/** The latest day on which both sides traded and earned different amounts; the latest day with data where there is none. */
async function lastDifferent(
  desk: Desk,
  strategy: string,
  symbol: string | null,
): Promise<{ readonly from: UtcDay; readonly to: UtcDay }> {
  const { from, to } = await desk.parity.span(strategy);
  const reports = await desk.parity.daily(strategy, symbol, from, to);
  const different = reports.findLast(
    ({ attribution, grossNotional, orders }) =>
      orders.live > 0 && orders.backtest > 0 && Math.abs(attribution.gap) > 1e-9 * grossNotional,
  );
  const day = (different ?? reports.at(-1))?.key.from as UtcDay | undefined; // a daily report's key names its day
  return day === undefined ? { from: to, to } : { from: day, to: day };
}
