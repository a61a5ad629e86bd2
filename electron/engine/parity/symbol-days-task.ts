import { computeSymbolDay, type SymbolDayInput, type SymbolDayResult } from '../../../shared/parity/symbol-day';
import type { TaskFunction } from '../worker/protocol';

/** Symbols' days worked out on a thread of its own, because they would hold up the main one. Their pair tables stay there. */
export interface SymbolDaysTask {
  readonly args: readonly SymbolDayInput[];
  /** In the order of the inputs. */
  readonly result: readonly Pick<SymbolDayResult, 'report' | 'contribution'>[];
  readonly progress: never;
  readonly host: object;
}

export const symbolDaysTask: TaskFunction<SymbolDaysTask> = async (inputs) =>
  inputs.map((input) => {
    const { report, contribution } = computeSymbolDay(input);
    return { report, contribution };
  });
