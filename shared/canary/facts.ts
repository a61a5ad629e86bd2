import type { Deployment } from './deployment';
import type { AccountSummary, HourSeries } from './equity';
import type { Progress } from './progress';

/** What the monitor hands to an evaluation. Nothing in it is read from a clock or a store: equal facts give equal evaluations. */

/** One look of the monitor. */
export interface Look {
  /** Wall clock. */
  readonly atUs: number;
  /** Monotonic clock of this process. */
  readonly monotonicMs: number;
  /** Names the process's monotonic clock: readings of different ones are not compared. */
  readonly run: string;
  /** Time between looks that the monitor aims at. */
  readonly intervalMs: number;
  /** The machine slept since the last look, as far as the operating system says. */
  readonly slept: boolean;
}

/** A source of the deployment's data. Sources named `executions` and `parity` say how fresh these facts are; `prices` is found from the marks. */
export interface SourceFreshness {
  readonly source: string;
  /** Last instant at which the source is known to have been complete; null = never. */
  readonly heardAtUs: number | null;
}

/** Rolling figures of parity over the last 24 hours. */
export interface ParityFacts {
  readonly trackingErrorBps: number | null;
  /** Signed, live minus backtest. */
  readonly trackingDifferenceBps: number | null;
  readonly parityScore: number | null;
  /** Matched orders they rest on. */
  readonly sample: number;
  readonly asOfUs: number | null;
  /** Why a figure is null, or what has to be said of it. */
  readonly note: string | null;
  /**
   * Live minus backtest, bps of capital in the hour: what sequential tests and drift detection run on; null = not kept. Since the stage
   * began; in production also the hours of the canary before it, which are the baseline.
   */
  readonly hourlyDifferencesBps: HourSeries | null;
}

/** The arm the deployment is compared with. */
export interface ControlFacts {
  readonly label: string;
  /** Returns of its capital by hour, as a share (0.01 = 1 %). */
  readonly hourlyReturns: HourSeries;
  /** Orders and capital of the arm over the same window; null for one that sends no orders of its own. */
  readonly exposure: { readonly orders: number; readonly capital: number } | null;
}

export interface EvaluationInput {
  readonly deployment: Deployment;
  readonly look: Look;
  /** Ids for what may come of it. */
  readonly ids: { readonly evaluation: string; readonly rollback: string };
  /** Of the evaluation before; null = there is none. */
  readonly progress: Progress | null;
  readonly sources: readonly SourceFreshness[];
  /** The deployment's own executions, of `summarise`; null = they could not be read. */
  readonly account: AccountSummary | null;
  readonly parity: ParityFacts | null;
  readonly control: ControlFacts | null;
}
