import { contrastOf, type Estimate, huberRegression, meanEstimate, medianEstimate } from '../base/robust';
import { quantileOfSorted } from '../base/statistics';
import type { BacktestSettings } from './calibration-apply';
import type { CalibrationParameter } from './calibration-document';
import type { CalibrationDay, PairSample } from './calibration-evidence';
import { figure } from './method';

/**
 * The settings that make the backtest's orders come out as live's, from the pairs of some days. Each part is estimated by itself:
 *
 * - Fees: maker and taker rate are medians over the live orders of that liquidity. What the backtest should charge a fill it calls maker is
 *   what live paid for those orders, some of which crossed after all: fees over notional, by the backtest's liquidity. Without liquidity
 *   in the live log there is one blended rate.
 * - Slippage: Huber regression of each pair's slippage on a constant and the square root of the backtest order's notional. The impact is
 *   kept only where its interval lies above zero, buys and sells are parted only where they differ with 99 % confidence.
 * - Delay: median of live's latency minus the backtest's.
 * - Fills: matched over all backtest orders, and filled over asked.
 *
 * A part is used where its 95 % interval leaves out "as the backtest has it". Days, not orders, are the independent draws of every
 * interval but those of medians.
 */

export interface Fit {
  readonly parameters: readonly CalibrationParameter[];
  /** Only the parts that differ beyond chance. */
  readonly settings: BacktestSettings;
  readonly notes: readonly string[];
}

interface Sampled extends PairSample {
  /** Number of its day. */
  readonly group: number;
}

/** Orders that an estimate of a part of them needs. */
const leastOrders = 10;
/** Differences below these are rounding, whatever their interval. */
const leastBps = 0.01;
const leastMs = 1;
/** Liquidity must be known for this part of the live notional before maker and taker are told apart. */
const knownLiquidity = 0.95;
/** Live orders whose usual size is farther from the backtest's than this are another size, not badly filled. */
const sizeTolerance = 0.01;

export function fitSettings(days: readonly CalibrationDay[]): Fit {
  const samples = days.flatMap(({ pairs }, group) => pairs.map((pair) => ({ ...pair, group })));
  const fees = fitFees(samples);
  const slippage = fitSlippage(samples);
  const delay = fitDelay(samples, days);
  const fills = fitFills(samples, days);
  return {
    parameters: [...fees.parameters, ...slippage.parameters, ...delay.parameters, ...fills.parameters],
    settings: {
      feeBps: fees.setting,
      slippage: slippage.setting,
      delayMs: delay.setting,
      fillRatio: fills.setting,
    },
    notes: [...fees.notes, ...slippage.notes, ...delay.notes, ...fills.notes],
  };
}

interface Part<Setting> {
  readonly parameters: readonly CalibrationParameter[];
  readonly setting: Setting | null;
  readonly notes: readonly string[];
}

function parameterOf(
  id: CalibrationParameter['id'],
  { value, lower, upper, n }: Estimate,
  used: boolean,
  note: string | null = null,
  backtest: number = Number.NaN,
): CalibrationParameter {
  return {
    id,
    value: figure(value),
    lower: figure(lower),
    upper: figure(upper),
    n,
    backtest: figure(backtest),
    used,
    note,
  };
}

function fitFees(samples: readonly Sampled[]): Part<NonNullable<BacktestSettings['feeBps']>> {
  const paid = samples.filter(({ liveFee, liveNotional }) => !Number.isNaN(liveFee) && liveNotional > 0);
  if (paid.length < leastOrders) {
    const note = `fees known for ${paid.length} live orders, ${leastOrders} needed`;
    return { parameters: [parameterOf('feeBps', unknownEstimate(paid.length), false, note)], setting: null, notes: [] };
  }
  const rateOf = (orders: readonly Sampled[]) =>
    (1e4 * total(orders, ({ liveFee }) => liveFee)) / total(orders, ({ liveNotional }) => liveNotional);
  const both = paid.filter(({ backtestFee, backtestNotional }) => !Number.isNaN(backtestFee) && backtestNotional > 0);
  const backtestRate = (orders: readonly Sampled[]) =>
    (1e4 * total(orders, ({ backtestFee }) => backtestFee)) / total(orders, ({ backtestNotional }) => backtestNotional);
  const blended = rateOf(paid);
  const byDay = perDay(paid, rateOf);
  const difference = meanEstimate(perDay(both, (orders) => rateOf(orders) - backtestRate(orders)));
  const differs = beyond(difference, leastBps);
  const same = differs
    ? null
    : both.length < leastOrders
      ? 'the backtest has no fees to compare with'
      : 'the same as the backtest’s within chance';
  const used = differs || both.length < leastOrders;

  const known = paid.filter(({ liveLiquidity }) => liveLiquidity !== null);
  const told =
    total(known, ({ liveNotional }) => liveNotional) >=
    knownLiquidity * total(paid, ({ liveNotional }) => liveNotional);
  const parameters: CalibrationParameter[] = [];
  const notes: string[] = [];
  const liquidities = ['maker', 'taker'] as const;
  if (told) {
    for (const liquidity of liquidities) {
      const orders = known.filter(({ liveLiquidity }) => liveLiquidity === liquidity);
      const id = liquidity === 'maker' ? 'feeMakerBps' : 'feeTakerBps';
      const own = both.filter(({ backtestLiquidity }) => backtestLiquidity === liquidity);
      const now = own.length === 0 ? Number.NaN : backtestRate(own);
      if (orders.length < leastOrders) {
        const note = `${orders.length} ${liquidity} orders, ${leastOrders} needed`;
        parameters.push(parameterOf(id, unknownEstimate(orders.length), false, note, now));
        continue;
      }
      const rates = medianEstimate(orders.map(({ liveFee, liveNotional }) => (1e4 * liveFee) / liveNotional));
      const rateDiffers = !(Math.abs(rates.value - now) < leastBps);
      const sameRate = 'as the backtest has it; what differs is which orders pay it';
      parameters.push(parameterOf(id, rates, used && rateDiffers, same ?? (rateDiffers ? null : sameRate), now));
    }
    const share = (orders: readonly Sampled[]) =>
      total(
        orders.filter(({ liveLiquidity }) => liveLiquidity === 'maker'),
        ({ liveNotional }) => liveNotional,
      ) / total(orders, ({ liveNotional }) => liveNotional);
    const shares = meanEstimate(perDay(known, share));
    const labelled = both.filter(({ backtestLiquidity }) => backtestLiquidity !== null);
    const backtestShare =
      total(
        labelled.filter(({ backtestLiquidity }) => backtestLiquidity === 'maker'),
        ({ backtestNotional }) => backtestNotional,
      ) / total(labelled, ({ backtestNotional }) => backtestNotional);
    parameters.push(parameterOf('makerShare', centred(shares, share(known), known.length), false, null, backtestShare));
  } else {
    notes.push('The live log does not tell maker from taker: the fee is one blended rate.');
  }
  parameters.push(
    parameterOf('feeBps', centred(meanEstimate(byDay), blended, paid.length), used, same, backtestRate(both)),
  );
  const charged = (liquidity: 'maker' | 'taker') => {
    const called = told ? paid.filter(({ backtestLiquidity }) => backtestLiquidity === liquidity) : [];
    if (called.length >= leastOrders) return rateOf(called);
    const schedule = parameters.find(({ id }) => id === (liquidity === 'maker' ? 'feeMakerBps' : 'feeTakerBps'));
    return schedule?.value ?? blended;
  };
  return {
    parameters,
    setting: used ? { maker: charged('maker'), taker: charged('taker'), unknown: blended } : null,
    notes,
  };
}

function fitSlippage(samples: readonly Sampled[]): Part<NonNullable<BacktestSettings['slippage']>> {
  const known = samples.filter(({ slippageBps }) => Number.isFinite(slippageBps));
  const y = Float64Array.from(known, ({ slippageBps }) => slippageBps);
  const group = Uint32Array.from(known, (pair) => pair.group);
  const ones = new Float64Array(known.length).fill(1);
  const root = Float64Array.from(known, ({ backtestNotional }) => Math.sqrt(backtestNotional));
  const buys = Float64Array.from(known, ({ side }) => (side === 1 ? 1 : 0));
  const sells = buys.map((value) => 1 - value);
  const sized = huberRegression(y, [ones, root], group);
  const alone = huberRegression(y, [ones], group);
  if (alone === null) {
    const note = 'too few days with prices on both sides';
    return {
      parameters: [parameterOf('slippageBps', unknownEstimate(known.length), false, note)],
      setting: null,
      notes: [],
    };
  }
  const parameters: CalibrationParameter[] = [];
  const notes: string[] = [];
  const impact = sized === null ? null : contrastOf(sized, [0, 1]);
  const withImpact = impact !== null && impact.lower > 0;
  const sides = [buys, sells].map((column) => column.reduce((sum, value) => sum + value, 0));
  const parted =
    Math.min(...sides) < leastOrders
      ? null
      : huberRegression(y, withImpact ? [buys, sells, root] : [buys, sells], group);
  const apart = parted === null ? null : contrastOf(parted, withImpact ? [1, -1, 0] : [1, -1], 0.99);
  const partSides = apart !== null && (apart.lower > 0 || apart.upper < 0);
  const rest = withImpact ? [0] : [];
  let setting: NonNullable<BacktestSettings['slippage']>;
  let used: boolean;
  if (parted !== null && partSides) {
    const buy = contrastOf(parted, [1, 0, ...rest]);
    const sell = contrastOf(parted, [0, 1, ...rest]);
    used = withImpact || beyond(buy, leastBps) || beyond(sell, leastBps);
    const note = 'buys and sells differ clearly';
    parameters.push(
      parameterOf('slippageBuyBps', { ...buy, n: sides[0]! }, used, note),
      parameterOf('slippageSellBps', { ...sell, n: sides[1]! }, used, note),
    );
    setting = { buyBps: buy.value, sellBps: sell.value, impactBpsPerSqrtNotional: 0 };
  } else {
    const constant = contrastOf(withImpact && sized !== null ? sized : alone, [1, ...rest]);
    used = withImpact || beyond(constant, leastBps);
    parameters.push(parameterOf('slippageBps', constant, used, used ? null : 'no different from none within chance'));
    setting = { buyBps: constant.value, sellBps: constant.value, impactBpsPerSqrtNotional: 0 };
  }
  if (withImpact) {
    const fit = parted !== null && partSides ? parted : sized!; // with an impact there is the fit it comes from
    const slope = contrastOf(fit, parted !== null && partSides ? [0, 0, 1] : [0, 1]);
    parameters.push(parameterOf('impactBpsPerSqrtNotional', slope, true));
    setting = { ...setting, impactBpsPerSqrtNotional: slope.value };
  } else {
    const note =
      impact === null
        ? 'order sizes do not vary enough to tell an impact'
        : impact.upper < 0
          ? 'larger orders filled better: no impact a setting could have'
          : 'no different from none within chance';
    parameters.push(parameterOf('impactBpsPerSqrtNotional', impact ?? unknownEstimate(known.length), false, note));
  }
  const arrived = known.filter(({ delayBps }) => Number.isFinite(delayBps));
  const delayed =
    arrived.length < leastOrders
      ? null
      : huberRegression(
          Float64Array.from(arrived, ({ delayBps }) => delayBps),
          [new Float64Array(arrived.length).fill(1)],
          Uint32Array.from(arrived, (pair) => pair.group),
        );
  if (delayed !== null) {
    const note = 'part of the slippage; not to be given to an engine that models the delay';
    parameters.push(parameterOf('slippageInDelayBps', contrastOf(delayed, [1]), false, note));
  }
  return { parameters, setting: used ? setting : null, notes };
}

function fitDelay(samples: readonly Sampled[], days: readonly CalibrationDay[]): Part<number> {
  const added = samples.map(({ addedLatencyMs }) => addedLatencyMs).filter(Number.isFinite);
  const own = samples
    .map(({ liveLatencyMs }) => liveLatencyMs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const parameters: CalibrationParameter[] = [];
  const notes: string[] = [];
  if (own.length >= leastOrders) {
    const tail = 1.96 * Math.sqrt(0.95 * 0.05 * own.length);
    const at = (rank: number) => own[Math.min(own.length - 1, Math.max(0, Math.round(rank)))]!;
    parameters.push(
      parameterOf('latencyP50Ms', medianEstimate(own), false, 'sent to first fill'),
      parameterOf(
        'latencyP95Ms',
        {
          value: quantileOfSorted(own, 0.95),
          lower: at(0.95 * own.length - tail),
          upper: at(0.95 * own.length + tail),
          n: own.length,
        },
        false,
        'sent to first fill',
      ),
    );
  }
  if (added.length < leastOrders) {
    const note = `times known for ${added.length} pairs, ${leastOrders} needed`;
    parameters.push(parameterOf('delayMs', unknownEstimate(added.length), false, note));
    return { parameters, setting: null, notes };
  }
  const estimate = medianEstimate(added);
  const used = estimate.lower > 0 && estimate.value >= leastMs;
  const note = used
    ? null
    : estimate.upper < 0
      ? 'live filled before the backtest did: no delay could say that; compare the clocks, or the candle times'
      : 'no different from the backtest’s within chance';
  parameters.push(parameterOf('delayMs', estimate, used, note));
  if (used && days.some(({ latencyBasis }) => latencyBasis === 'displacement')) {
    notes.push('Some days have no decision or submission times: their delay is live’s fill against the backtest’s.');
  }
  return { parameters, setting: used ? estimate.value : null, notes };
}

function fitFills(samples: readonly Sampled[], days: readonly CalibrationDay[]): Part<number> {
  const sum = (of: (day: CalibrationDay) => number) => days.reduce((added, day) => added + of(day), 0);
  const matched = sum((day) => day.matched);
  const orders = matched + sum((day) => day.missed);
  const usual = medianEstimate(samples.map(({ liveQuantity, backtestQuantity }) => liveQuantity / backtestQuantity));
  const traded = days.filter(({ askedNotional }) => askedNotional > 0);
  const asked = sum((day) => day.askedNotional);
  const filled = sum((day) => day.filledNotional);
  const ofPairs = centred(
    meanEstimate(traded.map((day) => day.filledNotional / day.askedNotional)),
    filled / asked,
    matched,
  );
  const ofAll = meanEstimate(traded.map((day) => day.filledNotional / (day.askedNotional + day.missedNotional)));
  const expected = centred(ofAll, filled / (asked + sum((day) => day.missedNotional)), orders);
  // Orders of one trip are missed together, which the days show; where none was missed, only the number of orders says how sure that is.
  const binomial = wilson(matched, orders);
  const daily = centred(
    meanEstimate(traded.map((day) => day.matched / (day.matched + day.missed))),
    binomial.value,
    orders,
  );
  const probability = {
    ...binomial,
    lower: Math.max(0, Math.min(binomial.lower, daily.lower)),
    upper: Math.min(1, Math.max(binomial.upper, daily.upper)),
  };
  const otherSize = Math.abs(usual.value - 1) > sizeTolerance;
  const used = !otherSize && expected.upper < 1;
  const note = otherSize
    ? `live orders are usually ${usual.value.toPrecision(3)} of the backtest’s size: let both trade the same size first`
    : used
      ? null
      : 'orders fill as in the backtest within chance';
  return {
    parameters: [
      parameterOf('fillProbability', probability, false, 'of the backtest’s orders'),
      parameterOf('fillRatio', ofPairs, false, 'of what the backtest filled'),
      parameterOf('expectedFill', expected, used, note),
    ],
    setting: used ? expected.value : null,
    notes: [],
  };
}

/** The interval of a mean over days around the figure of all their orders, where days weigh by what they traded. */
function centred({ value, lower, upper }: Estimate, around: number, n: number): Estimate {
  return { value: around, lower: around + lower - value, upper: around + upper - value, n };
}

/** Wilson's score interval of a share. */
function wilson(hits: number, n: number): Estimate {
  const z = 1.959963984540054;
  const share = hits / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const reach = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { value: share, lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach), n };
}

function unknownEstimate(n: number): Estimate {
  return { value: Number.NaN, lower: Number.NaN, upper: Number.NaN, n };
}

/** The interval leaves out zero, and the value is more than rounding. */
function beyond({ value, lower, upper }: Estimate, least: number): boolean {
  return Math.abs(value) >= least && (lower > 0 || upper < 0);
}

function total(samples: readonly Sampled[], of: (sample: Sampled) => number): number {
  return samples.reduce((sum, sample) => sum + of(sample), 0);
}

function perDay(samples: readonly Sampled[], of: (samples: readonly Sampled[]) => number): number[] {
  const days = new Map<number, Sampled[]>();
  for (const sample of samples) {
    const day = days.get(sample.group);
    if (day) day.push(sample);
    else days.set(sample.group, [sample]);
  }
  return [...days.values()].map(of);
}
