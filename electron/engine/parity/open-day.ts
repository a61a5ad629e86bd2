import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { DayCauses } from '../../../shared/parity/causes';
import { PairTable } from '../../../shared/parity/pair-table';
import type { SymbolDayResult } from '../../../shared/parity/symbol-day';
import type { TaskRunner } from '../worker/tasks';
import { type OpenDayInput, opened } from './open-day-task';

/** Opens a symbol's day: its orders side by side and the causes of its gap. */

export interface OpenDay {
  readonly result: SymbolDayResult;
  readonly columns: Readonly<Record<Source, ExecutionColumns | null>>;
  readonly causes: DayCauses;
}

/** About ten milliseconds of work. */
const inlineExecutions = 8_000;

/** Worked out here when so many executions are quick, and on another thread when it would hold up this one. */
export async function openDay(tasks: TaskRunner, day: OpenDayInput): Promise<OpenDay> {
  const { live, backtest } = day.input;
  const columns = { live: live.executions, backtest: backtest.executions };
  const executions = (live.executions?.count ?? 0) + (backtest.executions?.count ?? 0);
  if (executions <= inlineExecutions) return { ...opened(day), columns };
  const { result, pairs, causes } = await tasks.run('openDay', day, { host: {} });
  const table = PairTable.of({
    ...pairs,
    live: { ...pairs.live, columns: columns.live, events: live.orderEvents },
    backtest: { ...pairs.backtest, columns: columns.backtest, events: backtest.orderEvents },
  });
  return { result: { ...result, pairs: table }, causes, columns };
}
