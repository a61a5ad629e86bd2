import type { UtcDay } from '../base/time';
import type { IntervalSeries, Report } from './document';
import type { ParitySettings } from './settings';
import type { SymbolDayContribution } from './symbol-day';

export interface PortfolioDayInput {
  readonly strategy: string;
  readonly day: UtcDay;
  /** Daily reports of all symbols of the strategy with what each adds; the order does not matter. */
  readonly symbols: readonly { readonly report: Report; readonly contribution: SymbolDayContribution }[];
  readonly allocatedCapital: number | null;
  /** Rows in quarantine that name no symbol, besides those counted in the symbols' reports. */
  readonly quarantinedRows: number;
  readonly nowUs: number;
  readonly settings: ParitySettings;
  readonly revision: number;
  readonly intervals: boolean;
}

export declare function computePortfolioDay(input: PortfolioDayInput): {
  readonly report: Report;
  readonly series: IntervalSeries;
};
