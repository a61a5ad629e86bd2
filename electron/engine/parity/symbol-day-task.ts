import { computeSymbolDay, type SymbolDayInput, type SymbolDayResult } from '../../../shared/parity/symbol-day';
import type { TaskFunction } from '../worker/protocol';

/** A symbol's day worked out on a thread of its own: for days that would hold up the main one. Its pair table stays there. */
export interface SymbolDayTask {
  readonly args: SymbolDayInput;
  readonly result: Pick<SymbolDayResult, 'report' | 'contribution'>;
  readonly progress: never;
  readonly host: object;
}

export const symbolDayTask: TaskFunction<SymbolDayTask> = async (input) => {
  const { report, contribution } = computeSymbolDay(input);
  return { report, contribution };
};
