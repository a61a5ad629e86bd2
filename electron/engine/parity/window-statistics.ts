import { FailureError, failure } from '../../../shared/base/errors';
import type { UtcDay } from '../../../shared/base/time';
import { type Statistics, statisticsOf } from '../../../shared/parity/statistics';
import type { ParityService } from './parity-service';

/**
 * The statistics of a strategy or one of its symbols over the days from `from` to `to`, null = its first and last. Throws `not-found` for
 * an unknown strategy, `invalid-arguments` for a range the wrong way round and `no-data` for one without executions.
 */
export async function windowStatistics(
  { parity }: { readonly parity: ParityService },
  strategy: string,
  symbol: string | null,
  from: UtcDay | null,
  to: UtcDay | null,
  sharpeThreshold?: number,
): Promise<Statistics> {
  const span = await parity.span(strategy);
  const [first, last] = [from ?? span.from, to ?? span.to];
  if (first > last) {
    throw new FailureError(
      failure('invalid-arguments', `The range begins on ${first}, after its end on ${last}.`, 'Swap the two days.'),
    );
  }
  const reports = await parity.daily(strategy, symbol, first, last);
  if (reports.length === 0) {
    throw new FailureError(
      failure(
        'no-data',
        `There are no executions of ${symbol === null ? strategy : `${symbol} in ${strategy}`} from ${first} to ${last}.`,
        `Choose days from ${span.from} to ${span.to}${symbol === null ? '' : ', or another symbol'}.`,
        { strategy, symbol, from: first, to: last },
      ),
    );
  }
  return statisticsOf(reports, await parity.settings(strategy, symbol), sharpeThreshold);
}
