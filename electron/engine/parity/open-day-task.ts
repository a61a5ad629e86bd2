import type { Source } from '../../../shared/market/executions';
import type { PriceSeries } from '../../../shared/market/marks';
import { causesOfDay, type DayCauses } from '../../../shared/parity/causes';
import { causalOffsetMs } from '../../../shared/parity/clock-words';
import type { PairTableParts } from '../../../shared/parity/pair-table';
import { computeSymbolDay, type SymbolDayInput, type SymbolDayResult } from '../../../shared/parity/symbol-day';
import type { TaskFunction } from '../worker/protocol';

/**
 * A symbol's day with its orders and the causes of its gap, worked out on a thread of its own. Its columns are moved back; the
 * executions, which the caller has, stay behind.
 */

export interface OpenDayTask {
  readonly args: OpenDayInput;
  readonly result: {
    readonly result: Omit<SymbolDayResult, 'pairs'>;
    readonly pairs: Omit<PairTableParts, Source> &
      Readonly<Record<Source, Omit<PairTableParts[Source], 'columns' | 'events'>>>;
    readonly causes: DayCauses;
  };
  readonly progress: never;
  readonly host: object;
}

export interface OpenDayInput {
  readonly input: SymbolDayInput;
  /** Imported prices of the symbol over the day, its last instant included. */
  readonly prices: PriceSeries;
}

/** The day with its orders as a table. */
export function opened({ input, prices }: OpenDayInput): {
  readonly result: SymbolDayResult;
  readonly causes: DayCauses;
} {
  const result = computeSymbolDay(input);
  const clockOffsetMs = causalOffsetMs(result.report);
  return { result, causes: causesOfDay({ result, prices, settings: input.settings, clockOffsetMs }) };
}

export const openDayTask: TaskFunction<OpenDayTask> = async (day, { moveWithResult }) => {
  const { result, causes } = opened(day);
  const { pairs, ...others } = result;
  const { live, backtest, rows, matching, latencyMs } = pairs.parts();
  const side = ({ source, orders, partial }: PairTableParts[Source]) => ({ source, orders, partial });
  moveWithResult(
    buffersOf(rows, matching, live.orders, backtest.orders, causes.shares, {
      latencyMs,
      live: live.partial,
      backtest: backtest.partial,
    }),
  );
  return { result: others, pairs: { rows, matching, latencyMs, live: side(live), backtest: side(backtest) }, causes };
};

/** Those under the records' columns, each once; several columns may share one. */
function buffersOf(...records: readonly object[]): readonly ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const value of records.flatMap((record) => Object.values(record))) {
    // An empty one may be a constant, which a second day could not move again.
    if (ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer && value.buffer.byteLength > 0) {
      buffers.add(value.buffer);
    }
  }
  return [...buffers];
}
