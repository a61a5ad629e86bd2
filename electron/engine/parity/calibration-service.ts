import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import type { UtcDay } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { Calibration } from '../../../shared/parity/calibration-document';
import type { SymbolDayInput } from '../../../shared/parity/symbol-day';
import type { DeskStore, SegmentSummary } from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { gatherEvidence, thirdCurrencies } from './day-evidence';
import type { ParityService } from './parity-service';

/** Which settings would make a strategy's backtest of one symbol come out as live, from the days that are stored. */
export interface CalibrationService {
  /** Symbols of the strategy with fills of both sources in the range, ascending; throws `not-found` without such a strategy. */
  symbols(strategy: string, range: DayRange): Promise<readonly string[]>;
  /** Throws `not-found` without such a strategy, `no-data` where the symbol has no fills in the range. */
  calibrate(strategy: string, symbol: string, range: DayRange): Promise<Calibration>;
}

/** Null = from the first, to the last day there is. */
export interface DayRange {
  readonly from: UtcDay | null;
  readonly to: UtcDay | null;
}

export interface CalibrationServiceOptions {
  readonly store: DeskStore;
  readonly parity: Pick<ParityService, 'span' | 'settings'>;
  readonly tasks: TaskRunner;
  readonly clock: Clock;
}

export function createCalibrationService(options: CalibrationServiceOptions): CalibrationService {
  const { parity, tasks, clock } = options;
  const { executions } = options.store;

  async function rangeOf(strategy: string, { from, to }: DayRange): Promise<{ from: UtcDay; to: UtcDay }> {
    const span = await parity.span(strategy);
    const range = { from: from ?? span.from, to: to ?? span.to };
    if (range.from <= range.to) return range;
    throw new FailureError(
      failure(
        'invalid-arguments',
        `The range begins on ${range.from}, after its end on ${range.to}.`,
        'Swap the two days.',
      ),
    );
  }

  return {
    async symbols(strategy, range) {
      const sources = new Map<string, Set<Source>>();
      for (const { key } of await executions.segments({ strategy, ...(await rangeOf(strategy, range)) })) {
        sources.set(key.symbol, (sources.get(key.symbol) ?? new Set()).add(key.source));
      }
      return [...sources].flatMap(([symbol, found]) => (found.size === 2 ? [symbol] : [])).sort();
    },

    async calibrate(strategy, symbol, asked) {
      const range = await rangeOf(strategy, asked);
      const segments = await executions.segments({ strategy, symbol, ...range });
      if (segments.length === 0) {
        throw new FailureError(
          failure(
            'no-data',
            `There are no executions of ${symbol} in ${strategy} from ${range.from} to ${range.to}.`,
            'Choose a symbol and days that the strategy traded.',
            { strategy, symbol, ...range },
          ),
        );
      }
      const days = new Map<UtcDay, Record<Source, SegmentSummary | null>>();
      for (const segment of segments) {
        const { day, source } = segment.key;
        days.set(day, { ...(days.get(day) ?? { live: null, backtest: null }), [source]: segment });
      }
      const [settings, live, backtest] = await Promise.all([
        parity.settings(strategy, symbol),
        executions.coverage('live', strategy),
        executions.coverage('backtest', strategy),
      ]);
      const context = { executions, nowUs: clock.nowUs(), coverage: { live, backtest } };

      async function inputOf(name: string): Promise<SymbolDayInput> {
        const found = [...days].find(([day]) => day === name);
        if (found === undefined) throw new Error(`${name} is no day of this calibration`);
        const [day, sides] = found;
        const columns: Record<Source, ExecutionColumns | null> = { live: null, backtest: null };
        const stored = [sides.live, sides.backtest].filter((segment) => segment !== null);
        for await (const { key, columns: read } of executions.readSegments(stored)) columns[key.source] = read;
        const feeCurrencies = thirdCurrencies(symbol, [columns.live, columns.backtest]);
        const asked = [{ symbol, segments: sides, feeCurrencies, settings }];
        const [gathered] = await gatherEvidence(strategy, day, asked, context);
        if (gathered === undefined) throw new Error(`no evidence was gathered for ${name}`);
        return {
          ...gathered.input,
          live: { ...gathered.input.live, executions: columns.live },
          backtest: { ...gathered.input.backtest, executions: columns.backtest },
          revision: 1,
          intervals: false,
        };
      }

      const args = {
        strategy,
        symbol,
        days: [...days.keys()].sort(),
        executions: segments.reduce((sum, { count }) => sum + count, 0),
      };
      return tasks.run('calibration', args, { host: { day: inputOf } });
    },
  };
}
