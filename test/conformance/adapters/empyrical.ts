import {
  alphaBeta,
  annualReturn,
  annualVolatility,
  calmar,
  capture,
  captureWhere,
  conditionalValueAtRisk,
  downsideRisk,
  excessSharpe,
  maxDrawdown,
  omega,
  sortino,
  stability,
  tailRatio,
  totalReturn,
  valueAtRisk,
  wealthOf,
} from '../../../shared/base/returns';
import { annualisedSharpe } from '../../../shared/base/sharpe';
import { DAY_MS } from '../../../shared/base/time';
import type { Adapter, Inputs } from '../adapter';
import { numberOf, type Vector } from '../vectors';

/** stefan-jansen/empyrical-reloaded: returns by name of a series, figures annualised by the name of the period. */

const periodsPerYear: Readonly<Record<string, number>> = {
  daily: 252,
  weekly: 52,
  monthly: 12,
  quarterly: 4,
  yearly: 1,
};

interface Series {
  readonly values: readonly number[];
  /** ISO date of each value; empty where the fixture has no start. */
  readonly dates: readonly string[];
}

/** A calculation on the arguments of one window or one column. */
type Statistic = (call: Call) => unknown;

interface Call {
  readonly returns: readonly number[];
  readonly benchmark: readonly number[];
  readonly perYear: number;
  readonly inputs: Inputs;
  /** A number, or a series of the same periods. */
  rate(name: string): number | readonly number[];
}

const statistics: Readonly<Record<string, Statistic>> = {
  cum_returns: ({ returns, inputs }) => {
    const start = inputs.number('starting_value', 0);
    return Array.from(wealthOf(returns), (wealth) => (start === 0 ? wealth - 1 : start * wealth));
  },
  cum_returns_final: ({ returns, inputs }) => {
    const start = inputs.number('starting_value', 0);
    const earned = totalReturn(returns);
    return start === 0 ? earned : start * (1 + earned);
  },
  max_drawdown: ({ returns }) => maxDrawdown(returns),
  annual_return: ({ returns, perYear }) => annualReturn(returns, perYear),
  cagr: ({ returns, perYear }) => annualReturn(returns, perYear),
  annual_volatility: ({ returns, perYear }) => annualVolatility(returns, perYear),
  volatility: ({ returns, perYear }) => annualVolatility(returns, perYear),
  calmar_ratio: ({ returns, perYear }) => calmar(returns, perYear),
  omega_ratio: ({ returns, perYear, inputs, rate }) =>
    omega(returns, perYear, { riskFree: rate('risk_free'), required: inputs.number('required_return', 0) }),
  sharpe_ratio: ({ returns, perYear, rate }) => annualisedSharpe(returns, perYear, rate('risk_free')),
  downside_risk: ({ returns, perYear, rate }) => downsideRisk(returns, perYear, rate('required_return')),
  sortino_ratio: ({ returns, perYear, rate }) => sortino(returns, perYear, rate('required_return')),
  excess_sharpe: ({ returns, rate }) => excessSharpe(returns, rate('factor_returns')),
  stability_of_timeseries: ({ returns }) => stability(returns),
  tail_ratio: ({ returns }) => tailRatio(returns),
  value_at_risk: ({ returns, inputs }) => valueAtRisk(returns, inputs.number('cutoff', 0.05)),
  conditional_value_at_risk: ({ returns, inputs }) => conditionalValueAtRisk(returns, inputs.number('cutoff', 0.05)),
  alpha: (call) => regression(call).alpha,
  beta: (call) => regression(call).beta,
  alpha_beta: (call) => [regression(call).alpha, regression(call).beta],
  capture: ({ returns, benchmark, perYear }) => capture(returns, benchmark, perYear),
  up_capture: ({ returns, benchmark, perYear }) => captureWhere('up', returns, benchmark, perYear),
  down_capture: ({ returns, benchmark, perYear }) => captureWhere('down', returns, benchmark, perYear),
  up_down_capture: ({ returns, benchmark, perYear }) =>
    captureWhere('up', returns, benchmark, perYear) / captureWhere('down', returns, benchmark, perYear),
};

function regression({ returns, benchmark, perYear, inputs }: Call) {
  return alphaBeta(returns, benchmark, perYear, inputs.number('risk_free', 0));
}

const aligned = new Set(['alpha', 'beta', 'alpha_beta', 'capture', 'up_capture', 'down_capture', 'up_down_capture']);

function adapterOf(name: string, statistic: Statistic, rolling: boolean): Adapter {
  return (inputs, vector) => {
    const perYear = inputs.number('annualization', periodsPerYear[inputs.text('period', 'daily')] ?? Number.NaN);
    const columns = columnsOf(inputs, 'returns');
    const benchmarkName = ['benchmark', 'factor_returns'].find((input) => typeof inputs.given[input] === 'string');
    const results = columns.map(([column, series]) => {
      let returns = series;
      let benchmark: Series = { values: [], dates: [] };
      if (benchmarkName !== undefined && aligned.has(name)) {
        benchmark = columnsOf(inputs, benchmarkName)[0]![1];
        [returns, benchmark] = align(returns, benchmark);
      }
      const callOn = (from: number, to: number): Call => ({
        returns: returns.values.slice(from, to),
        benchmark: benchmark.values.slice(from, to),
        perYear,
        inputs,
        rate(input) {
          if (typeof inputs.given[input] !== 'string') return inputs.number(input, 0);
          return align(returns, columnsOf(inputs, input)[0]![1])[1].values.slice(from, to);
        },
      });
      if (!rolling) return [column, statistic(callOn(0, returns.values.length))] as const;
      const window = inputs.number('window');
      const places = Math.max(0, returns.values.length - window + 1);
      return [column, Array.from({ length: places }, (_, at) => statistic(callOn(at, at + window)))] as const;
    });
    return columns[0]?.[0] === '' ? results[0]?.[1] : inShapeOf(vector, results);
  };
}

/** A table's results as the vector writes them: by column, a list of columns, or a list of rows. */
function inShapeOf({ expected }: Vector, results: readonly (readonly [string, unknown])[]): unknown {
  if (!Array.isArray(expected)) return Object.fromEntries(results);
  const lists = results.map(([, result]) => result);
  const rows = expected.length !== lists.length && lists.every(Array.isArray);
  return rows ? expected.map((_, row) => lists.map((list) => (Array.isArray(list) ? list[row] : undefined))) : lists;
}

function columnsOf(inputs: Inputs, name: string): (readonly [string, Series])[] {
  if (inputs.has(`${name}_literal`)) return [['', { values: inputs.list(`${name}_literal`), dates: [] }]];
  if (Array.isArray(inputs.given[name])) return [['', { values: inputs.list(name), dates: [] }]];
  const fixture = inputs.fixture(name);
  if (typeof fixture !== 'object' || fixture === null || !('values' in fixture))
    throw new Error(`fixture of ${name} has no values`);
  const start = 'start' in fixture && typeof fixture.start === 'string' ? fixture.start : null;
  const index = 'index' in fixture ? String(fixture.index) : '';
  const series = (list: unknown): Series => {
    if (!Array.isArray(list)) throw new Error(`fixture of ${name} is no list`);
    const values = list.map((value) => numberOf(value) ?? Number.NaN);
    return { values, dates: start === null ? [] : values.map((_, at) => dateAt(start, index, at)) };
  };
  if (Array.isArray(fixture.values)) return [['', series(fixture.values)]];
  const tables = Object.entries(fixture.values ?? {});
  // A table of one column is a series.
  return tables.length === 1 ? [['', series(tables[0]?.[1])]] : tables.map(([column, list]) => [column, series(list)]);
}

function dateAt(start: string, index: string, at: number): string {
  const first = new Date(`${start.slice(0, 10)}T00:00:00Z`);
  if (index.includes('Month'))
    return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + at, 0)).toISOString().slice(0, 10);
  if (index.includes('Year')) return new Date(Date.UTC(first.getUTCFullYear() + at, 11, 31)).toISOString().slice(0, 10);
  return new Date(first.getTime() + at * DAY_MS * (index.includes('Week') ? 7 : 1)).toISOString().slice(0, 10);
}

/** Both series over the dates of either; what one does not have is unknown. */
function align(a: Series, b: Series): [Series, Series] {
  if (a.dates.length === 0 || b.dates.length === 0) return [a, b];
  const dates = [...new Set([...a.dates, ...b.dates])].sort();
  const over = ({ values, dates: own }: Series) => {
    const byDate = new Map(own.map((date, at) => [date, values[at] ?? Number.NaN]));
    return { values: dates.map((date) => byDate.get(date) ?? Number.NaN), dates };
  };
  return [over(a), over(b)];
}

/** Returns compounded over calendar weeks, months, quarters or years. */
const aggregate: Adapter = (inputs) => {
  const { values, dates } = columnsOf(inputs, 'returns')[0]![1];
  const groups = new Map<string, number[]>();
  for (const [at, date] of dates.entries()) {
    const period = periodOf(date, inputs.text('convert_to'));
    groups.set(period, [...(groups.get(period) ?? []), values[at]!]);
  }
  return [...groups.values()].map(totalReturn);
};

function periodOf(date: string, kind: string): string {
  const month = Number(date.slice(5, 7));
  switch (kind) {
    case 'yearly':
      return date.slice(0, 4);
    case 'quarterly':
      return `${date.slice(0, 4)} ${Math.ceil(month / 3)}`;
    case 'monthly':
      return date.slice(0, 7);
    case 'weekly': {
      // The Monday of its week.
      const day = new Date(`${date}T00:00:00Z`);
      return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
    }
    default:
      throw new Error(`input convert_to is ${kind}`);
  }
}

export const empyricalAdapters: Readonly<Record<string, Adapter>> = {
  aggregate_returns: aggregate,
  ...Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => [name, adapterOf(name, statistic, false)]),
  ),
  ...Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => [`roll_${name}`, adapterOf(name, statistic, true)]),
  ),
};
