import { FailureError } from '../../../shared/base/errors';
import { windowStatistics } from '../../engine/parity/window-statistics';
import type { Session } from '../session';
import { describeStatistics } from '../statistics-text';
import { exitCode, usageFailure } from '../terminal';
import { dayOption } from './report';

export interface StatisticsOptions {
  readonly strategy: string;
  readonly symbol?: string;
  readonly from?: string;
  readonly to?: string;
  readonly threshold?: string;
}

/** Live beside backtest over a window of days, all of the strategy's unless told. */
export async function writeStatistics(session: Session, options: StatisticsOptions): Promise<number> {
  const { terminal, json } = session;
  const [from, to] = [dayOption('--from', options.from), dayOption('--to', options.to)];
  const threshold = options.threshold === undefined ? 0 : Number(options.threshold);
  if (!(Math.abs(threshold) <= 100) || options.threshold?.trim() === '') {
    throw new FailureError(
      usageFailure(`--threshold ${options.threshold} is no Sharpe ratio.`, 'Write an annual ratio, for example 1.5.'),
    );
  }
  return session.withDesk('existing', async (desk) => {
    const statistics = await windowStatistics(desk, options.strategy, options.symbol ?? null, from, to, threshold);
    terminal.out(json ? `${JSON.stringify(statistics)}\n` : describeStatistics(statistics));
    return exitCode.done;
  });
}
