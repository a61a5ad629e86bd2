import type { Calibration } from './calibration-document';

/**
 * Calibrated settings in the words of the engines that run backtests. Only settings an engine documents are written; what it has no setting
 * for is said in a comment. The interfaces meant:
 *
 * - freqtrade: configuration key `fee` (a ratio, charged on entry and on exit), comments in configuration files; strategy callbacks
 *   `custom_entry_price` and `custom_exit_price`. https://www.freqtrade.io/en/stable/configuration/, …/strategy-callbacks/
 * - LEAN: `FeeModel.get_order_fee`, `get_slippage_approximation`, `Security.set_fee_model`, `Security.set_slippage_model`.
 *   https://www.quantconnect.com/docs/v2/writing-algorithms/reality-modeling
 * - NautilusTrader: `FillModel(prob_fill_on_limit, prob_slippage)`, `MakerTakerFeeModel` with the instrument's maker_fee and taker_fee,
 *   `LatencyModel(base_latency_nanos)`, all given to `BacktestEngine.add_venue`. https://nautilustrader.io/docs/latest/concepts/backtesting
 */

export const calibrationFormats = ['freqtrade', 'freqtrade-strategy', 'lean', 'nautilus', 'json'] as const;
export type CalibrationFormat = (typeof calibrationFormats)[number];

export interface CalibrationExport {
  /** A file name, without a folder. */
  readonly name: string;
  readonly text: string;
}

type Settings = NonNullable<Calibration['settings']>;

/** @returns null where the calibration found no settings to give; as JSON it is given whatever it found */
export function exportCalibration(calibration: Calibration, format: CalibrationFormat): CalibrationExport | null {
  const { settings } = calibration;
  const name = `calibration_${slug(calibration.strategy)}_${slug(calibration.symbol)}`;
  if (format === 'json') return { name: `${name}.json`, text: `${JSON.stringify(calibration, null, 2)}\n` };
  if (settings === null) return null;
  switch (format) {
    case 'freqtrade':
      return { name: `${name}_freqtrade.json`, text: freqtradeConfig(calibration, settings) };
    case 'freqtrade-strategy':
      return { name: `${name}_freqtrade.py`, text: freqtradeStrategy(calibration, settings) };
    case 'lean':
      return { name: `${name}_lean.py`, text: lean(calibration, settings) };
    case 'nautilus':
      return { name: `${name}_nautilus.py`, text: nautilus(calibration, settings) };
  }
}

const noSlippage = { buyBps: 0, sellBps: 0, impactBpsPerSqrtNotional: 0 };

function freqtradeConfig(calibration: Calibration, { feeBps, slippage, delayMs, fillRatio }: Settings): string {
  const fee = feeBps === null ? null : feeBps.unknown / 1e4;
  const usual = usualSlippageBps(slippage);
  const lines = [
    ...about(calibration, '  // '),
    '  // Add it to a run: freqtrade backtesting --config config.json --config this-file.json',
    ...(fee === null
      ? ['  // The fee agrees with live already: "fee" is left as it is.']
      : [
          '  // One ratio for entry and exit, maker and taker: freqtrade has no others, so this is what live paid on average.',
          ...(feeBps !== null && feeBps.maker !== feeBps.taker
            ? [`  // In live, ${bps(feeBps.maker)} as maker and ${bps(feeBps.taker)} as taker.`]
            : []),
        ]),
    ...(usual === 0
      ? []
      : [
          `  // freqtrade has no slippage setting. The strategy part of this calibration carries the ${bps(usual)} of it;`,
          `  // without that part, a fee of ${ratio((feeBps?.unknown ?? 0) + usual)} costs the same per trade${feeBps === null ? ' on top of the present fee' : ''}.`,
        ]),
    ...(delayMs === null ? [] : [`  // freqtrade has no latency setting: live fills ${number(delayMs, 1)} ms later.`]),
    ...(fillRatio === null
      ? []
      : [
          `  // freqtrade has no setting for orders that fill in part: live fills ${percent(fillRatio)} of what is asked.`,
        ]),
  ];
  return `{\n${lines.join('\n')}\n${fee === null ? '' : `  "fee": ${ratio(fee * 1e4)}\n`}}\n`;
}

function freqtradeStrategy(calibration: Calibration, { slippage }: Settings): string {
  const { buyBps, sellBps, impactBpsPerSqrtNotional } = slippage ?? noSlippage;
  return `${about(calibration, '# ').join('\n')}
# Put CalibratedPrices before IStrategy: class MyStrategy(CalibratedPrices, IStrategy)
# freqtrade fills at these prices while they lie within the candle's range. In live and dry runs they are left alone.
${impactBpsPerSqrtNotional === 0 ? '' : '# The size of an entry is not known to custom_entry_price: the configured stake amount stands for it.\n'}${slippage === null ? '# Prices agree with live already: both slippages are zero.\n' : ''}from math import sqrt


class CalibratedPrices:
    BUY_SLIPPAGE_BPS = ${python(buyBps)}
    SELL_SLIPPAGE_BPS = ${python(sellBps)}
    IMPACT_BPS_PER_SQRT_NOTIONAL = ${python(impactBpsPerSqrtNotional)}

    def _calibrated(self, rate: float, buys: bool, notional: float) -> float:
        if self.dp.runmode.value not in ("backtest", "hyperopt"):
            return rate
        bps = self.BUY_SLIPPAGE_BPS if buys else self.SELL_SLIPPAGE_BPS
        bps += self.IMPACT_BPS_PER_SQRT_NOTIONAL * sqrt(max(0.0, notional))
        return rate * (1 + (bps if buys else -bps) / 1e4)

    def _stake(self) -> float:
        stake = self.config.get("stake_amount")
        return float(stake) if isinstance(stake, (int, float)) else 0.0

    def custom_entry_price(self, pair, trade, current_time, proposed_rate, entry_tag, side, **kwargs) -> float:
        return self._calibrated(proposed_rate, side == "long", self._stake())

    def custom_exit_price(self, pair, trade, current_time, proposed_rate, current_profit, exit_tag, **kwargs) -> float:
        return self._calibrated(proposed_rate, trade.is_short, trade.amount * proposed_rate)
`;
}

function lean(calibration: Calibration, { feeBps, slippage, delayMs, fillRatio }: Settings): string {
  const { buyBps, sellBps, impactBpsPerSqrtNotional } = slippage ?? noSlippage;
  const left = [
    ...(delayMs === null
      ? []
      : [`# LEAN has no latency setting in a backtest: live fills ${number(delayMs, 1)} ms later.`]),
    ...(fillRatio === null
      ? []
      : [
          '# LEAN has no setting for orders that fill in part (only a fill model of your own can do it):',
          `# live fills ${percent(fillRatio)} of what is asked.`,
        ]),
    '# LEAN asks a slippage model for market and stop market orders; limit orders fill at their limit.',
    ...(slippage === null ? ['# Prices agree with live already: no slippage is added.'] : []),
    ...(feeBps === null ? ['# Fees agree with live already: the fee model is left as it is.'] : []),
  ];
  const feeModel =
    feeBps === null
      ? ''
      : `
class CalibratedFeeModel(FeeModel):
    MAKER_BPS = ${python(feeBps.maker)}
    TAKER_BPS = ${python(feeBps.taker)}

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        order, security = parameters.order, parameters.security
        rests = order.type == OrderType.LIMIT and not order.is_marketable
        notional = abs(order.get_value(security))
        fee = float(notional) * (self.MAKER_BPS if rests else self.TAKER_BPS) / 1e4
        return OrderFee(CashAmount(fee, parameters.security.quote_currency.symbol))

`;
  return `${about(calibration, '# ').join('\n')}
# In the algorithm's initialize():
#     security = self.add_crypto(${JSON.stringify(leanTicker(calibration.symbol))})  # or however it is added
#     calibrate(security)
${left.join('\n')}
from math import sqrt

from AlgorithmImports import *

${feeModel}
class CalibratedSlippageModel:
    BUY_BPS = ${python(buyBps)}
    SELL_BPS = ${python(sellBps)}
    IMPACT_BPS_PER_SQRT_NOTIONAL = ${python(impactBpsPerSqrtNotional)}

    def get_slippage_approximation(self, asset: Security, order: Order) -> float:
        notional = abs(float(order.quantity) * float(asset.price))
        bps = self.BUY_BPS if order.direction == OrderDirection.BUY else self.SELL_BPS
        return float(asset.price) * (bps + self.IMPACT_BPS_PER_SQRT_NOTIONAL * sqrt(notional)) / 1e4


def calibrate(security: Security) -> None:
${feeBps === null ? '' : '    security.set_fee_model(CalibratedFeeModel())\n'}    security.set_slippage_model(CalibratedSlippageModel())
`;
}

function nautilus(calibration: Calibration, { feeBps, slippage, delayMs, fillRatio }: Settings): string {
  const usual = usualSlippageBps(slippage);
  const inDelay = estimateOf(calibration, 'slippageInDelayBps');
  const parts = delayMs !== null && inDelay !== null;
  const slips = Math.max(0, parts ? usual - inDelay : usual);
  const latencyMs = delayMs === null ? null : (estimateOf(calibration, 'latencyP50Ms') ?? delayMs);
  const fills = fillRatio === null ? null : estimateOf(calibration, 'fillProbability');
  const notes = [
    ...(slippage === null || usual <= 0
      ? ['# Prices agree with live already, or are better: prob_slippage stays 0.']
      : [
          '# prob_slippage moves a fill by one tick with that probability, and counts on an L1 book only (quotes, trades, bars).',
          '# More than one tick on average cannot be said: the probability ends at 1.',
        ]),
    ...(parts
      ? [
          `# Of ${bps(usual)} of slippage, ${bps(inDelay)} is what the market moved until the order arrived. The latency model brings`,
          '# that part by itself, so only the rest is given to the fill model.',
        ]
      : delayMs !== null && usual > 0
        ? [
            '# The slippage holds what the market moved during the delay, and no arrival prices tell how much: with the latency',
            '# model that part may count twice. Leave one of the two out and compare.',
          ]
        : []),
    ...(slippage !== null && slippage.impactBpsPerSqrtNotional !== 0
      ? ['# FillModel has no setting for a cost that grows with size: the impact is not exported.']
      : []),
    ...(slippage !== null && slippage.buyBps !== slippage.sellBps
      ? ['# FillModel does not part buys from sells: the mean of both is used.']
      : []),
    ...(fillRatio === null
      ? []
      : [
          '# prob_fill_on_limit is the part of all orders that filled at all; it acts on limit orders that are touched.',
          `# Orders that fill in part have no setting: live fills ${percent(fillRatio)} of what is asked, missed orders included.`,
        ]),
    ...(feeBps === null ? ['# Fees agree with live already: the instrument keeps its own.'] : []),
    ...(latencyMs === null
      ? []
      : ['# Newer releases call LatencyModel StaticLatencyModel; its arguments are the same.']),
  ];
  return `${about(calibration, '# ').join('\n')}
# engine.add_venue(..., **calibrated_venue(instrument, price))
${notes.join('\n')}
from decimal import Decimal

from nautilus_trader.backtest.models import FillModel
${latencyMs === null ? '' : 'from nautilus_trader.backtest.models import LatencyModel\n'}${feeBps === null ? '' : 'from nautilus_trader.backtest.models import MakerTakerFeeModel\n'}
${
  feeBps === null
    ? ''
    : `# MakerTakerFeeModel charges what the instrument says: create it with these.
MAKER_FEE = Decimal("${ratio(feeBps.maker)}")
TAKER_FEE = Decimal("${ratio(feeBps.taker)}")
`
}SLIPPAGE_BPS = ${python(slips)}
PROB_FILL_ON_LIMIT = ${python(fills ?? 1)}
${latencyMs === null ? '' : `BASE_LATENCY_NANOS = ${Math.max(0, Math.round(latencyMs * 1e6))}  # ${number(latencyMs, 1)} ms\n`}

def calibrated_venue(instrument, price: float) -> dict:
    """Arguments of BacktestEngine.add_venue; price = what the instrument usually costs, which turns bps into ticks."""
    ticks = SLIPPAGE_BPS / 1e4 * price / float(instrument.price_increment)
    return {
        "fill_model": FillModel(
            prob_fill_on_limit=PROB_FILL_ON_LIMIT,
            prob_slippage=min(1.0, ticks),
            random_seed=42,
        ),
${feeBps === null ? '' : '        "fee_model": MakerTakerFeeModel(),\n'}${latencyMs === null ? '' : '        "latency_model": LatencyModel(base_latency_nanos=BASE_LATENCY_NANOS),\n'}    }
`;
}

/** What a reader of the file must know of it, each line behind the mark of a comment. */
function about({ strategy, symbol, days, judged }: Calibration, mark: string): string[] {
  const heldOut = judged?.heldOut;
  const error = (value: number | null | undefined) => (value === null || value === undefined ? '?' : number(value, 2));
  return [
    `Calibration of ${oneLine(strategy)}, ${oneLine(symbol)}: fitted on ${days.fit?.from} to ${days.fit?.to}.`,
    `Tracking error on ${days.heldOut?.from} to ${days.heldOut?.to}, which it was not fitted on: ${error(heldOut?.trackingErrorBps.before)} bps/day before, ${error(heldOut?.trackingErrorBps.after)} with it.`,
    'Slippage and delay are on top of what the backtest assumed when it was run; fees replace its fees.',
  ].map((line) => mark + line);
}

function usualSlippageBps(slippage: Settings['slippage']): number {
  return slippage === null ? 0 : (slippage.buyBps + slippage.sellBps) / 2;
}

function estimateOf({ parameters }: Calibration, id: Calibration['parameters'][number]['id']): number | null {
  return parameters.find((parameter) => parameter.id === id)?.value ?? null;
}

/** A number as Python, JSON and Decimal read it: never 1e-7. */
function plain(value: number, places: number): string {
  return value
    .toFixed(places)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '.0');
}

function python(value: number): string {
  return plain(value + 0, 6);
}

/** Bps as a ratio. */
function ratio(rateBps: number): string {
  return plain(rateBps / 1e4, 8);
}

function number(value: number, places: number): string {
  return value.toFixed(places);
}

function bps(value: number): string {
  return `${number(value, 2)} bps`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** Names come out of logs: a line end in one must not end the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function leanTicker(symbol: string): string {
  return symbol.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function slug(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^[.-]+|-+$/g, '');
}
