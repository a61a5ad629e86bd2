import { freqtradeCagr, freqtradeDrawdown } from '../../../shared/base/freqtrade-statistics';
import {
  leanAnnualPerformance,
  leanObservedSharpe,
  leanProbabilisticSharpe,
  leanRecoveryDays,
  leanStatistics,
  leanTrackingError,
} from '../../../shared/base/lean-statistics';
import { normalQuantile } from '../../../shared/base/special-functions';
import { mean, quantileOfSorted, sampleDeviation } from '../../../shared/base/statistics';
import { computeSymbolDay } from '../../../shared/parity/symbol-day';
import { symbolDay } from '../../support/symbol-day';
import { type Adapter, type Inputs, NotOurs } from '../adapter';

/** QuantConnect/Lean, freqtrade/freqtrade and spinnaker/kayenta where they count what we count, and the split of the gap. */

function leanPair(inputs: Inputs, first: string) {
  const [returns, benchmark] = [inputs.list(first), inputs.list('benchmark')];
  if (returns.length !== benchmark.length) {
    throw new NotOurs('series of different length: Lean answers 0, a perfect score; here nothing is known (NaN)');
  }
  return { returns, benchmark, days: inputs.number('tradingDaysPerYear', 252) };
}

const lean: Readonly<Record<string, Adapter>> = {
  leanPortfolioStatistics: (inputs) => {
    const { returns, benchmark, days } = leanPair(inputs, 'returns');
    return {
      ...leanStatistics(returns, days, inputs.number('riskFreeRate', 0)),
      trackingError: leanTrackingError(returns, benchmark, days),
    };
  },
  annualisedTrackingError: (inputs) => {
    const { returns, benchmark, days } = leanPair(inputs, 'algo');
    return leanTrackingError(returns, benchmark, days);
  },
  leanAnnualPerformance: (inputs) =>
    leanAnnualPerformance(inputs.list('returns'), inputs.number('tradingDaysPerYear', 252)),
  maxDrawdownRecoveryDays: (inputs) => leanRecoveryDays(inputs.list('dailyEquity')),
  probabilisticSharpeRatio: (inputs) =>
    leanProbabilisticSharpe(inputs.list('returns'), leanObservedSharpe(inputs.list('benchmarkReturns'))),
  observedSharpe: (inputs) => leanObservedSharpe(inputs.list('returns'), inputs.number('riskFreeRate', 0)),
};

const freqtrade: Readonly<Record<string, Adapter>> = {
  cagr365: (inputs) =>
    freqtradeCagr(inputs.number('startingBalance'), inputs.number('finalBalance'), inputs.number('days')),
  maxDrawdownFromProfits: (inputs, { expected }) => {
    const relative = inputs.has('relative') && inputs.flag('relative');
    const found = freqtradeDrawdown(inputs.list('profits'), inputs.number('startingBalance', 0), relative);
    // Where freqtrade throws, here there is none.
    if (found === null)
      return typeof expected === 'string' && expected.startsWith('error: No losing trade') ? expected : null;
    return { ...found, highDay: found.highIndex, lowDay: found.lowIndex };
  },
};

const kayenta: Readonly<Record<string, Adapter>> = {
  percentile: (inputs) => quantileOfSorted(Float64Array.from(inputs.list('values')).sort(), inputs.number('p') / 100),
  normalQuantile: (inputs) => normalQuantile(inputs.number('p')),
  summary: (inputs) => {
    const values = inputs.list('values');
    if (values.length === 0) throw new NotOurs('an empty sample: Kayenta says 0 for all, here nothing is known (NaN)');
    return {
      min: Math.min(...values),
      max: Math.max(...values),
      mean: mean(values),
      std: sampleDeviation(values),
      count: values.length,
    };
  },
};

/**
 * One order of a day through the whole computation. There, cost is positive, here live minus backtest; there, slippage the backtest
 * budgeted is apart from delay by the decision price, which does not matter here: their sum is compared. Beyond the backtest's
 * quantity, there price differences count on all that was filled and here on what both filled: the difference changes sides.
 */
const decomposeGap: Adapter = (inputs, { expected }) => {
  const [liveQuantity, quantity] = [inputs.number('liveQty'), inputs.number('backtestQty')];
  const [livePrice, price] = [inputs.optional('liveAvgPrice'), inputs.number('backtestPrice')];
  const side = inputs.number('side') > 0 ? 1 : -1;
  const arrival = inputs.optional('arrivalPrice');
  const order = { side, clientOrderId: 'order' } as const;
  const backtest = { ...order, at: 10, price, quantity, fee: inputs.number('backtestFees') };
  const live = { ...order, at: 11, price: livePrice ?? price, quantity: liveQuantity, fee: inputs.number('liveFees') };
  const { report } = computeSymbolDay(
    symbolDay({
      backtest: [backtest],
      live: liveQuantity > 0 ? [arrival === null ? live : { ...live, arrivalPrice: arrival }] : [],
      prices: [[86_399, inputs.number('markPrice')]],
      settings: { capital: quantity * price },
    }),
  );
  const { attribution, pnl, trackingDifferenceBps } = report;
  const fees = liveQuantity > 0 ? -attribution.fees : -inputs.number('backtestFees');
  const beyond = side * Math.max(0, liveQuantity - quantity);
  const scale = Math.max(1, liveQuantity / quantity);
  const model = modelOf(expected);
  return {
    paperPnl: pnl.backtest,
    livePnl: pnl.live,
    gap: -attribution.gap,
    gapBps: trackingDifferenceBps === null ? null : -trackingDifferenceBps,
    components: {
      model,
      delay: -(attribution.delay ?? 0) * scale - model,
      execution: -(attribution.execution ?? 0) * scale,
      opportunity:
        -attribution.quantity -
        beyond * ((livePrice ?? price) - price) -
        attribution.missed -
        (liveQuantity > 0 ? 0 : fees),
      fees,
    },
  };
};

function modelOf(expected: unknown): number {
  const components =
    typeof expected === 'object' && expected !== null && 'components' in expected && expected.components;
  const model = typeof components === 'object' && components !== null && 'model' in components && components.model;
  return typeof model === 'number' ? model : 0;
}

export const engineAdapters: Readonly<Record<string, Adapter>> = { ...lean, ...freqtrade, ...kayenta, decomposeGap };
