import type { CauseReason } from './cause-names';
import type { CauseSums } from './causes';
import { amount, count, decimals } from './verdict';

/** What a cause is called, what it did in one sentence with its numbers, and what to do about it. */

const titles: Readonly<Record<CauseReason, string>> = {
  'late.arrival': 'Late: moved before arrival',
  'late.market': 'Late: moved before the fill',
  'late.latency': 'Late by its own times',
  'late.fillTimes': 'Late by the fill times',
  'clockOffset.timeGap': 'Clock offset, not lateness',
  'partial.live': 'Partial fills',
  'partial.backtest': 'Partial fills of the backtest',
  'wrongSize.ratio': 'Order size: a constant ratio',
  'wrongSize.rounding': 'Order size: rounding',
  'wrongSize.size': 'Order size: another quantity',
  'wrongSize.untold': 'Smaller quantity, cause not told',
  'missed.rejected': 'Missed: rejected',
  'missed.cancelled': 'Missed: cancelled',
  'missed.open': 'Missed: sent, never filled',
  'missed.outsideLivePeriod': 'Missed: outside the live logs',
  'missed.liveGap': 'Missed: gap in the live feed',
  'missed.noLiveOrder': 'Missed: no live order',
  'extra.outsideBacktestPeriod': 'Extra: outside the backtest',
  'extra.duplicate': 'Extra: duplicate signal',
  'extra.manual': 'Extra: by hand',
  'extra.unfilledInBacktest': 'Extra: unfilled in the backtest',
  'extra.notInBacktest': 'Extra: not in the backtest',
  'feeModel.rate': 'Fee model: another rate',
  'feeModel.unpriced': 'Fees without a price',
  'feeModel.unknown': 'Fees missing in a log',
  'priceSource.outsideMarket': 'Price source: outside the market',
  'priceSource.offset': 'Price source: constant offset',
  'priceSource.spread': 'Price source: no spread in the backtest',
  'execution.onArrival': 'Execution: beyond the arrival price',
  'execution.atMarket': 'Execution: beyond the market price',
  'execution.inTime': 'Execution: spread and impact',
  'execution.untold': 'Price difference, cause not told',
  'none.same': 'As the backtest',
  'carry.carry': 'Positions held over',
  'other.other': 'Funding and adjustments',
};

export function titleOf(reason: CauseReason): string {
  return titles[reason];
}

/** @param currency of the money; null = unknown */
export function sentenceOf(reason: CauseReason, sums: CauseSums, currency: string | null): string {
  const unit = currency === null ? '' : ` ${currency}`;
  const effect = `${sums.money < 0 ? 'cost' : 'earned'} ${amount(Math.abs(sums.money))}${unit}`;
  const own = sums.orders - sums.following;
  const orders = count(own, 'order');
  const them = own === 1 ? 'it' : 'them';
  const follow = sums.following === 0 ? '' : `, ${count(sums.following, 'order')} that followed from ${them} included`;
  const bps = `${decimals((1e4 * Math.abs(sums.money)) / sums.commonNotional)} bps`;
  const worse = sums.money < 0 ? 'worse' : 'better';
  const against = sums.money < 0 ? 'against' : 'in favour of';
  const late = lateness(sums.lateMs / sums.orders);
  const size = `${sizeOf(sums)} of the backtest’s notional`;
  const messages = messagesOf(sums.messages);
  switch (reason) {
    case 'late.arrival':
      return `The market moved ${bps} ${against} ${orders} before arrival, filled ${late} after the backtest: that ${effect}.`;
    case 'late.market':
      return `Live filled ${orders} ${late} later; the market had moved ${bps} ${against} ${them}: that ${effect}.`;
    case 'late.latency':
      return `From decision to fill ${orders} took ${late} longer; all of the price difference (${bps}) counts as late: that ${effect}.`;
    case 'late.fillTimes':
      return `Live filled ${orders} ${late} later at prices ${bps} ${worse}: that ${effect}; nothing but the fill times says so.`;
    case 'clockOffset.timeGap':
      return `The clocks of the logs explain why ${orders} seem late; the price difference that would have been put on lateness ${effect}.`;
    case 'partial.live':
      return `Live filled ${orders} in part, ${size}: what stayed unfilled ${effect}${follow}.`;
    case 'partial.backtest':
      return `The backtest filled ${orders} in part that live filled further: that ${effect}${follow}.`;
    case 'wrongSize.ratio':
      return `Live trades ${size} in ${orders}, nearly the same in each: that ${effect}.`;
    case 'wrongSize.rounding':
      return `Live rounds the quantity of ${orders} to fewer decimals: that ${effect}.`;
    case 'wrongSize.size':
      return `Live’s quantity differs in ${orders}, together ${size}: that ${effect}${follow}.`;
    case 'wrongSize.untold':
      return `Live filled less in ${orders}, together ${size}; whether it asked for less is not in its log: that ${effect}${follow}.`;
    case 'missed.rejected':
      return `The venue rejected ${orders}${messages}: missing ${them} ${effect}${follow}.`;
    case 'missed.cancelled':
      return `Live cancelled ${orders} or let ${them} expire without a fill${messages}: missing ${them} ${effect}${follow}.`;
    case 'missed.open':
      return `Live sent ${orders} without a fill that day: missing ${them} ${effect}${follow}.`;
    case 'missed.outsideLivePeriod':
      return `The backtest traded ${orders} at times no live log covers: missing ${them} ${effect}${follow}.`;
    case 'missed.liveGap':
      return `The live log is silent while the backtest traded ${orders}: missing ${them} ${effect}${follow}.`;
    case 'missed.noLiveOrder':
      return `The live log has nothing for ${orders} of the backtest: missing ${them} ${effect}${follow}.`;
    case 'extra.outsideBacktestPeriod':
      return `Live traded ${orders} at times the backtest does not cover: that ${effect}${follow}.`;
    case 'extra.duplicate':
      return `Live traded ${orders} again within seconds, with the same side and size: that ${effect}${follow}.`;
    case 'extra.manual':
      return `Live traded ${orders} without the client order id the others have: that ${effect}${follow}.`;
    case 'extra.unfilledInBacktest':
      return `Live filled ${orders} that the backtest left unfilled: that ${effect}${follow}.`;
    case 'extra.notInBacktest':
      return `The backtest has nothing for ${orders} of live: that ${effect}${follow}.`;
    case 'feeModel.rate':
      return `Live paid ${rateOf(sums.liveFee, sums.liveNotional)}${makerShareOf(sums.makerNotional, sums.knownNotional)}, the backtest assumed ${rateOf(sums.backtestFee, sums.backtestNotional)}${makerShareOf(sums.backtestMakerNotional, sums.backtestKnownNotional)}: that ${effect} over ${orders}.`;
    case 'feeModel.unpriced':
      return `No price turns the fees of ${orders}${messages} into${unit === '' ? ' the quote currency' : unit}: the other side’s fee stands alone, which ${effect} on paper.`;
    case 'feeModel.unknown':
      return `A log has no fee for ${orders}: the other side’s fee stands alone, which ${effect} on paper.`;
    case 'priceSource.outsideMarket':
      return `The backtest filled ${orders} at prices the market did not have then, ${bps} off: that ${effect}.`;
    case 'priceSource.offset':
      return `Live’s prices stand apart from the backtest’s by nearly the same in ${orders}, buys and sells alike: that ${effect}.`;
    case 'priceSource.spread':
      return `Live filled ${orders} about ${bps} ${worse} throughout, as against a backtest without the spread: that ${effect}.`;
    case 'execution.onArrival':
      return `Live filled ${orders} ${bps} ${worse} than the price on arrival: that ${effect}.`;
    case 'execution.atMarket':
      return `Beyond the market’s move live filled ${orders} ${bps} ${worse}: that ${effect}.`;
    case 'execution.inTime':
      return `Live filled ${orders} in time, ${bps} ${worse} than the backtest: that ${effect}.`;
    case 'execution.untold':
      return `Live filled ${orders} ${bps} ${worse}; the times are too coarse to say why: that ${effect}.`;
    case 'none.same':
      return `Live repeated ${orders} of the backtest.`;
    case 'carry.carry':
      return `Live began the day with another position than the backtest: that ${effect}${sums.following === 0 ? '' : `, ${count(sums.following, 'order')} that undid the difference included`}.`;
    case 'other.other':
      return `Funding and adjustments differ: that ${effect}.`;
    default:
      return reason satisfies never;
  }
}

const nextSteps: Readonly<Record<CauseReason, string>> = {
  'late.arrival':
    'Let the backtest fill at the price on arrival, or find where the time goes between decision and arrival.',
  'late.market': 'Let the backtest fill that much later, or find where the time goes between signal and fill.',
  'late.latency':
    'Find where the time goes between decision and fill; log the price on arrival to split it from execution.',
  'late.fillTimes':
    'Log decision times or arrival prices, or import prices: then lateness and execution are told apart.',
  'clockOffset.timeGap': 'Put the clocks of both logs in line (time zone, NTP) and import again.',
  'partial.live': 'Model partial fills in the backtest, or send smaller orders.',
  'partial.backtest': 'Look at the fill model of the backtest: live found more volume than it allows.',
  'wrongSize.ratio': 'Compare the size or leverage configured live with the backtest’s.',
  'wrongSize.rounding': 'Give the backtest the lot step of the venue.',
  'wrongSize.size': 'Compare how both sides size orders: equity, percentage, and the price it is divided by.',
  'wrongSize.untold':
    'Log the intended quantity, or import the order log: then partial fills and sizes are told apart.',
  'missed.rejected': 'Fix what the venue says, or let the backtest reject such orders too.',
  'missed.cancelled': 'Look at limit prices and time in force; let the backtest miss such fills too.',
  'missed.open': 'Look at limit prices; let the backtest miss such fills too.',
  'missed.outsideLivePeriod': 'Import the rest of the live log, or cut the backtest to the time live ran.',
  'missed.liveGap': 'Check whether the bot stood still or the log has a hole; import what is missing.',
  'missed.noLiveOrder': 'Compare signals: the order log of live tells whether the order was ever sent.',
  'extra.outsideBacktestPeriod': 'Run the backtest over the whole time live ran.',
  'extra.duplicate': 'Look for signals handled twice: restarts, retries, two instances.',
  'extra.manual': 'Leave orders by hand out of the strategy’s account, or tell them by an account of their own.',
  'extra.unfilledInBacktest': 'Look at the fill model of the backtest: it refuses what live fills.',
  'extra.notInBacktest': 'Compare signals: other data, parameters or version than the backtest’s.',
  'feeModel.rate': 'Set the backtest’s fees to what live pays, by maker and taker.',
  'feeModel.unpriced': 'Import prices of the fee currency.',
  'feeModel.unknown': 'Import a log that holds the fees.',
  'priceSource.outsideMarket':
    'Check which price the backtest fills at: a candle’s close or open from another time, or another market.',
  'priceSource.offset': 'Check that both sides trade the same venue, contract and currency.',
  'priceSource.spread': 'Let the backtest pay the spread: fill buys at the ask and sells at the bid.',
  'execution.onArrival': 'Add spread and impact to the backtest; look at order type and size.',
  'execution.atMarket': 'Add spread and impact to the backtest; look at order type and size.',
  'execution.inTime': 'Add spread and impact to the backtest; look at order type and size.',
  'execution.untold':
    'Log fill times to the millisecond, or arrival prices: then lateness, price source and execution are told apart.',
  'none.same': 'Nothing.',
  'carry.carry': 'Bring the positions in line before the day begins; the day they parted tells why.',
  'other.other': 'Compare funding and adjustments of both sides.',
};

export function nextStepOf(reason: CauseReason): string {
  return nextSteps[reason];
}

function rateOf(fee: number, notional: number): string {
  return `${((1e4 * fee) / notional).toFixed(2)} bps`;
}

function makerShareOf(maker: number, known: number): string {
  return known > 0 ? ` (${((100 * maker) / known).toFixed(0)} % maker)` : '';
}

/** As many digits as tell the two apart. */
function sizeOf({ liveNotional, backtestNotional }: CauseSums): string {
  const percent = (100 * liveNotional) / backtestNotional;
  return `${percent.toFixed(Math.abs(percent - 100) < 1 ? 3 : 1)} %`;
}

const mostMessages = 2;

function messagesOf(messages: ReadonlyMap<string, number>): string {
  const told = [...messages]
    .filter(([message]) => message !== '')
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (told.length === 0) return '';
  const shown = told
    .slice(0, mostMessages)
    .map(([message, orders]) => (orders > 1 ? `${message}, ${orders} times` : message));
  return ` (${shown.join('; ')}${told.length > mostMessages ? `; ${told.length - mostMessages} more` : ''})`;
}

function lateness(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${ms.toFixed(0)} ms`;
  return Math.abs(ms) < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}
