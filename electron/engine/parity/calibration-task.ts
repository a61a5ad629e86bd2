import { calibrate } from '../../../shared/parity/calibration';
import type { Calibration } from '../../../shared/parity/calibration-document';
import type { SymbolDayInput } from '../../../shared/parity/symbol-day';
import type { TaskFunction } from '../worker/protocol';

/** A calibration on a thread of its own: it asks the engine for one day after the other. */
export interface CalibrationTask {
  readonly args: {
    readonly strategy: string;
    readonly symbol: string;
    readonly days: readonly string[];
    /** Executions of all days together. */
    readonly executions: number;
  };
  readonly result: Calibration;
  readonly progress: never;
  readonly host: { day(day: string): Promise<SymbolDayInput> };
}

/** Days are looked at several times; up to this many executions they are kept instead of asked for again. About 20 MB. */
const keptExecutions = 200_000;

export const calibrationTask: TaskFunction<CalibrationTask> = async (
  { strategy, symbol, days, executions },
  { host, signal },
) => {
  const kept = new Map<string, SymbolDayInput>();
  return calibrate({ strategy, symbol }, days, async (day) => {
    signal.throwIfAborted();
    const known = kept.get(day);
    if (known) return known;
    const input = await host.day(day);
    if (executions <= keptExecutions) kept.set(day, input);
    return input;
  });
};
