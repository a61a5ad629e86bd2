import type { StatisticId } from './statistics';

/**
 * How every figure is counted, as data: shown beside the figure, as a table, and in the help. Definitions of one name differ between tools
 * (the same eight returns have Sharpe ratios of 1.72, 4.17 and 2.22), so each says which it is.
 */
export interface Convention {
  readonly title: string;
  /** In words; D = days a year of the settings (365 or 252). */
  readonly formula: string;
  /** Divisor of its standard deviation: `n − 1`, or `—` where there is none. */
  readonly deviation: string;
  /** Factor from a day to a year. */
  readonly annualised: string;
  readonly riskFree: string;
  /** What plus or minus means. */
  readonly sign: string;
  /** What it is when the data cannot say. */
  readonly empty: string;
  readonly source: string;
}

const none = '—';
const noDays = 'no number below 7 days';
const onReturns = { deviation: none, annualised: none, riskFree: none, empty: noDays } as const;

export const statisticConventions: Readonly<Record<StatisticId | 'excessSharpe' | 'excessProbability', Convention>> = {
  totalReturn: {
    ...onReturns,
    title: 'Total return',
    formula: 'product of (1 + r) − 1; r = P&L of the day / capital of the day',
    sign: 'plus: earned',
    empty: 'no number without a day',
    source: 'empyrical cum_returns_final',
  },
  annualReturn: {
    ...onReturns,
    title: 'Annual return',
    formula: '(product of (1 + r))^(D / n) − 1',
    annualised: 'compounded, D / n',
    sign: 'plus: earned',
    source: 'empyrical annual_return',
  },
  annualVolatility: {
    ...onReturns,
    title: 'Volatility',
    formula: 'standard deviation of r × √D',
    deviation: 'n − 1',
    annualised: '√D',
    sign: 'never negative',
    source: 'empyrical annual_volatility',
  },
  downsideRisk: {
    ...onReturns,
    title: 'Downside risk',
    formula: '√ mean of min(r, 0)² over all days × √D',
    deviation: 'n',
    annualised: '√D',
    sign: 'never negative; 0 when no day lost',
    source: 'empyrical downside_risk',
  },
  maxDrawdown: {
    ...onReturns,
    title: 'Maximum drawdown',
    formula: 'least of wealth / highest wealth so far − 1; the beginning counts as a high',
    sign: 'minus: lost from the high',
    empty: 'no number without a day; 0 when nothing was lost',
    source: 'empyrical max_drawdown',
  },
  sharpe: {
    ...onReturns,
    title: 'Sharpe ratio',
    formula: 'mean of r / standard deviation of r × √D',
    deviation: 'n − 1',
    annualised: '√D',
    riskFree: '0 per day',
    sign: 'plus: earned',
    empty: `${noDays}; none when all days are equal`,
    source: 'empyrical sharpe_ratio',
  },
  sharpeStandardError: {
    ...onReturns,
    title: 'Standard error of the Sharpe ratio',
    formula: '√((1 − g3 SR + (g4 − 1)/4 SR²) / n) × √D; SR per day, g3 skewness, g4 kurtosis (3 = normal)',
    deviation: 'moments: n',
    annualised: '√D',
    riskFree: '0 per day',
    sign: 'never negative; days taken as independent',
    source: 'Mertens 2002',
  },
  probabilisticSharpe: {
    ...onReturns,
    title: 'Probability that the true Sharpe ratio exceeds the threshold',
    formula: 'Φ((SR − SR*) √(n − 1) / √(1 − g3 SR + (g4 − 1)/4 SR²)); SR* = threshold / √D',
    deviation: 'SR: n − 1, moments: n',
    annualised: 'per day inside',
    riskFree: '0 per day',
    sign: '50 %: cannot be told; days taken as independent',
    source: 'Bailey and López de Prado 2012, not Lean’s',
  },
  minimumTrackRecordDays: {
    ...onReturns,
    title: 'Minimum track record',
    formula: '1 + (1 − g3 SR + (g4 − 1)/4 SR²) (1.645 / (SR − SR*))² days, for 95 %',
    deviation: 'SR: n − 1, moments: n',
    riskFree: '0 per day',
    sign: 'days in all',
    empty: `${noDays}; never where SR does not exceed the threshold`,
    source: 'Bailey and López de Prado 2012',
  },
  daysStillNeeded: {
    ...onReturns,
    title: 'Days still needed',
    formula: 'minimum track record − n, at least 0',
    riskFree: '0 per day',
    sign: '0: shown at 95 %',
    empty: `${noDays}; never where SR does not exceed the threshold`,
    source: 'Bailey and López de Prado 2012',
  },
  sortino: {
    ...onReturns,
    title: 'Sortino ratio',
    formula: 'mean of r × D / downside risk',
    deviation: 'n, all days',
    annualised: 'D over √D',
    riskFree: 'required return 0 per day',
    sign: 'plus: earned',
    empty: `${noDays}; none when no day lost`,
    source: 'empyrical sortino_ratio',
  },
  calmar: {
    ...onReturns,
    title: 'Calmar ratio',
    formula: 'annual return / size of the maximum drawdown',
    annualised: 'compounded, D / n',
    sign: 'plus: earned',
    empty: `${noDays}; none without a drawdown`,
    source: 'empyrical calmar_ratio',
  },
  excessSharpe: {
    ...onReturns,
    title: 'Excess Sharpe ratio',
    formula: 'mean of (r live − r backtest) / its standard deviation, per day',
    deviation: 'n − 1',
    annualised: 'not annualised',
    riskFree: 'the backtest in its place',
    sign: 'minus: live earned less',
    empty: `${noDays}; none when every day differs alike`,
    source: 'empyrical excess_sharpe; also called information ratio',
  },
  excessProbability: {
    ...onReturns,
    title: 'Probability that live earns more',
    formula: 'as the probability above, of the daily differences r live − r backtest against 0',
    deviation: 'SR: n − 1, moments: n',
    annualised: 'per day inside',
    riskFree: 'the backtest in its place',
    sign: '50 %: cannot be told; below 2.5 % or above 97.5 % not by chance',
    empty: `${noDays}; none when every day differs alike`,
    source: 'Bailey and López de Prado 2012, on differences',
  },
  leanSharpe: {
    ...onReturns,
    title: 'Sharpe ratio as Lean counts',
    formula: '((1 + mean of r)^D − 1) / (standard deviation of r × √D)',
    deviation: 'n − 1',
    annualised: 'mean compounded to D; √D below',
    riskFree: '0 per year',
    sign: 'plus: earned',
    empty: `${noDays}; Lean itself says 0 when all days are equal`,
    source: 'Lean PortfolioStatistics.SharpeRatio',
  },
  leanSortino: {
    ...onReturns,
    title: 'Sortino ratio as Lean counts',
    formula: '((1 + mean of r)^D − 1) / (standard deviation of the negative r × √D)',
    deviation: 'n − 1 of the losing days',
    annualised: 'mean compounded to D; √D below',
    riskFree: '0 per year',
    sign: 'plus: earned',
    empty: `${noDays}; Lean itself says 0 below two losing days`,
    source: 'Lean PortfolioStatistics.SortinoRatio',
  },
  leanProbabilisticSharpe: {
    ...onReturns,
    title: 'Probabilistic Sharpe ratio as Lean counts',
    formula: 'as above against an annual 1, with unbiased skewness and excess kurtosis (normal = 0)',
    deviation: 'n − 1',
    annualised: 'per day inside',
    riskFree: '0 per day',
    sign: '50 %: cannot be told',
    empty: `${noDays}; not computable where the variance of the estimate comes out negative (Lean says 0)`,
    source: 'Lean Statistics.ProbabilisticSharpeRatio',
  },
  freqtradeDrawdown: {
    ...onReturns,
    title: 'Drawdown as freqtrade counts',
    formula: 'largest fall from a high of the account; the beginning is no high',
    sign: 'minus: lost from the high',
    empty: 'no number without a day; 0 when nothing was lost after a gain',
    source: 'freqtrade calculate_max_drawdown',
  },
};

const onOrders = { deviation: none, annualised: none, riskFree: none } as const;

/** Figures of the daily report. */
export const reportConventions = {
  trackingErrorBps: {
    ...onOrders,
    title: 'Tracking error',
    formula: '10⁴ × √ sum of d²; d = change of (live − backtest equity) in each interval of the day / capital',
    deviation: 'not centred',
    annualised: 'per day',
    sign: 'never negative',
    empty: 'unknown without capital or marks',
    source: 'own definition; other tools take the standard deviation of daily differences',
  },
  trackingErrorWindowBps: {
    ...onOrders,
    title: 'Tracking error of a window',
    formula: 'standard deviation of the daily tracking differences',
    deviation: 'n − 1',
    annualised: '× √D where it says annualised',
    sign: 'never negative; 0 for a constant bias',
    empty: 'unknown below 2 days',
    source: 'Lean Statistics.TrackingError',
  },
  trackingDifferenceBps: {
    ...onOrders,
    title: 'Tracking difference',
    formula: '10⁴ × (P&L live − P&L backtest) / capital; of a window the mean of its days',
    annualised: 'per day',
    sign: 'minus: live earned less',
    empty: 'unknown without capital',
    source: 'own definition',
  },
  slippageBps: {
    ...onOrders,
    title: 'Slippage',
    formula: '10⁴ × side × (price live − price backtest) / price backtest, mean weighted by matched notional',
    deviation: '1 − sum of squared weights',
    sign: 'plus: live worse',
    empty: 'unknown without matched orders',
    source: 'own definition; tcapy has the opposite sign',
  },
  feeDifferenceBps: {
    ...onOrders,
    title: 'Fee difference',
    formula: '10⁴ × (fees live / notional live − fees backtest / notional backtest), matched orders with known fees',
    sign: 'plus: live paid more',
    empty: 'unknown without known fees on both sides',
    source: 'own definition',
  },
  latencyDifferenceMs: {
    ...onOrders,
    title: 'Latency difference',
    formula: 'mean of first fill − decision (or submission) over pairs, live − backtest',
    sign: 'plus: live slower',
    empty: 'displacement of the fills where neither time is logged',
    source: 'own definition',
  },
  partialFillRateDifference: {
    ...onOrders,
    title: 'Partial fills',
    formula: 'share of orders filled below the intended quantity, live − backtest',
    sign: 'plus: live leaves more unfinished',
    empty: 'unknown without intended quantities',
    source: 'own definition',
  },
  matchRate: {
    ...onOrders,
    title: 'Match rate',
    formula: 'matched notional / (matched + missed + extra notional)',
    sign: '0 to 100 %',
    empty: 'unknown without orders',
    source: 'own definition',
  },
  executionQualityScore: {
    ...onOrders,
    title: 'Execution quality',
    formula:
      '100 less points for tracking (≤ 30), latency (≤ 25), fees (≤ 20), partial fills (≤ 15), unmatched orders (≤ 10)',
    sign: '0 to 100, more is better',
    empty: 'unknown when a part is',
    source: 'own definition',
  },
  gap: {
    ...onOrders,
    title: 'Gap',
    formula: 'P&L live − P&L backtest, both at the same marks; the causes add up to it',
    annualised: 'per day',
    sign: 'minus: live earned less',
    empty: 'unknown without marks',
    source: 'own definition; shortfall is its negative elsewhere',
  },
} as const satisfies Readonly<Record<string, Convention>>;

/** Everything the table of conventions lists, in its order. */
export const allConventions: readonly Convention[] = [
  ...Object.values(reportConventions),
  ...Object.values(statisticConventions),
];

/** The convention in a sentence or two, for the hover text of a figure. */
export function conventionText(convention: Convention): string {
  const { formula, deviation, annualised, riskFree, sign, empty, source } = convention;
  const parts = [
    formula,
    ...(deviation === none ? [] : [`divisor ${deviation}`]),
    ...(annualised === none ? [] : [`annualised: ${annualised}`]),
    ...(riskFree === none ? [] : [`risk-free: ${riskFree}`]),
    sign,
    empty,
    `source: ${source}`,
  ];
  const text = parts.join('. ');
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
