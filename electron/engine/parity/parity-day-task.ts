import type { IntervalSeries, Report } from '../../../shared/parity/document';
import { computePortfolioDay, type PortfolioDayInput } from '../../../shared/parity/portfolio';
import {
  computeSymbolDay,
  type SymbolDayContribution,
  type SymbolDayInput,
  type SymbolDayResult,
} from '../../../shared/parity/symbol-day';
import type { TaskFunction } from '../worker/protocol';

/**
 * A day's symbols and the portfolio on top of them, worked out on a thread of its own. It asks for the executions a group of symbols at
 * a time, so that a day of any size takes the memory of two groups; what the symbols add to the portfolio stays there unless it is wanted.
 */

export type JudgedSymbol = Pick<SymbolDayResult, 'report' | 'contribution'>;

export interface ParityDayTask {
  readonly args: {
    readonly portfolio: Omit<PortfolioDayInput, 'symbols'>;
    /** How many groups there are to judge. */
    readonly groups: number;
    /** Symbols that are judged already. */
    readonly known: readonly JudgedSymbol[];
    /** Whether what the judged symbols add is wanted back. */
    readonly keep: boolean;
  };
  readonly result: {
    /** The symbols of all groups in their order. */
    readonly symbols: readonly { readonly report: Report; readonly contribution: SymbolDayContribution | null }[];
    readonly portfolio: { readonly report: Report; readonly series: IntervalSeries };
  };
  readonly progress: never;
  readonly host: {
    /** The symbols of a group, by its number from 0. */
    inputs(group: number): Promise<readonly SymbolDayInput[]>;
  };
}

export const parityDayTask: TaskFunction<ParityDayTask> = async ({ portfolio, groups, known, keep }, { host }) => {
  const judged: JudgedSymbol[] = [];
  let reading = groups > 0 ? host.inputs(0) : null;
  for (let group = 0; reading !== null; ) {
    const inputs: readonly SymbolDayInput[] = await reading;
    // The next group is on its way while this one is worked out.
    reading = ++group < groups ? host.inputs(group) : null;
    reading?.catch(() => undefined); // heard of when it is awaited
    for (const input of inputs) {
      const { report, contribution } = computeSymbolDay(input);
      judged.push({ report, contribution });
    }
  }
  return {
    symbols: keep ? judged : judged.map(({ report }) => ({ report, contribution: null })),
    portfolio: computePortfolioDay({ ...portfolio, symbols: [...known, ...judged] }),
  };
};
