/**
 * The causes of a day's gap and their reasons. Every order with fills has one main cause, the largest of the parts its money is split
 * into; the parts of all orders, carry and other add up to the gap. What the logs cannot tell is a reason of its own, never a guess.
 *
 * | cause, reason | rule | evidence it needs | what it cannot tell |
 * |---|---|---|---|
 * | late, `arrival` | the market moved from the backtest's price to the price on arrival, either way | arrival price of the live order | whether the strategy, the gateway or the venue was slow |
 * | late, `market` | live filled later than the backtest by more than the latency limit and the resolution of both clocks; imported prices moved in between | imported prices nearer to each other than twice the gap | a move between two imported prices |
 * | late, `latency` | live's own time from decision (else submission) to fill is longer than the backtest's by more than the latency limit | decision or submission times | lateness from execution: the whole price difference counts as late |
 * | late, `fillTimes` | as `market`, without prices to follow | nothing but fill times | lateness from execution, and a slow order from a clock that is off |
 * | clockOffset, `timeGap` | the fill times alone would call the order late, the offset between the logs' clocks explains it | an estimated offset | a constant delay of every order from a clock that is off |
 * | partial, `live` | filled less than the log says was asked for, or ended early after its first fill | intended quantity, or the event that ended it | why the rest did not fill |
 * | partial, `backtest` | the backtest filled less than it asked for | the backtest's intended quantity | |
 * | wrongSize, `ratio` | of three orders and more four in five are the same multiple (within 0.5 %) of the backtest's, one per cent off at least | quantities | who set the size |
 * | wrongSize, `rounding` | live's quantity is the backtest's cut to fewer decimals | quantities as logged | whether the venue or the bot rounds |
 * | wrongSize, `size` | asked for another quantity than the backtest | intended quantity; without one, more than the backtest's was filled, or less by one per cent at most | |
 * | wrongSize, `untold` | filled less than the backtest by more than one per cent, and the log does not say what was asked for | nothing | a smaller order from a partial fill |
 * | missed, `rejected`, `cancelled`, `open` | a live order without fills carries its id, or fits in side, time and size | order events in the live log | |
 * | missed, `outsideLivePeriod` | before the first or after the last instant of the live logs | | |
 * | missed, `liveGap` | three missed orders and more in a row with nothing live in between | | a stopped bot from a hole in the log |
 * | missed, `noLiveOrder` | nothing live fits | | never sent from not logged |
 * | extra, `outsideBacktestPeriod` | as above, of the backtest | | |
 * | extra, `duplicate` | a matched live order of the same side and size (within 1 %) filled within ten seconds | | |
 * | extra, `manual` | no client order id, while four in five of the matched live orders have one | client order ids | |
 * | extra, `unfilledInBacktest` | a backtest order without fills carries its id, or fits in side, time and size | order events in the backtest | |
 * | extra, `notInBacktest` | the backtest has nothing that fits | | |
 * | feeModel, `rate` | live's fee rate on live's notional differs from the backtest's | fees of all fills of both orders | a fixed fee per order from a rate |
 * | feeModel, `unpriced`, `unknown` | a fee could not be priced, or is not in the log: the other side's fee stands alone in the gap | | the true fee difference |
 * | priceSource, `outsideMarket` | the backtest's price lies outside the imported prices around its fill, widened by three of the day's usual steps, and live's does not; a backtest of which four prices in five are stored prices needs no widening | imported prices at most five minutes apart | which price the backtest took, unless it equals a stored one |
 * | priceSource, `offset` | of ten orders and more nine in ten (three buys and three sells at least) differ in the same direction in price, by a nearly constant amount | prices | another venue from another currency or contract |
 * | priceSource, `spread` | as `offset`, but against the side of the trade; orders that are late, or have an arrival price, are not judged | prices | a spread that live paid from a backtest price too good |
 * | execution, `onArrival` | what live paid beyond the price on arrival | arrival price | spread from impact |
 * | execution, `atMarket` | what is left when the market's move until the live fill is taken out | imported prices | spread from impact |
 * | execution, `inTime` | the price difference of an order that was not late | times finer than the latency limit | spread from impact |
 * | execution, `untold` | the price difference of an order of which the times tell nothing | nothing | spread and impact from lateness and from the backtest's price |
 * | none | live repeated the backtest | | |
 *
 * A fee that follows from another size or price is counted with that size or price, at the backtest's rate; the rest is the fee model.
 * Fees of missed and extra orders stay with them. A missed or extra order or another size without evidence of its own, which undoes an
 * earlier difference of the same quantity (or the one the day began with), follows from that one and is counted with its cause.
 */
export const reasonsOfCause = {
  late: ['arrival', 'market', 'latency', 'fillTimes'],
  clockOffset: ['timeGap'],
  partial: ['live', 'backtest'],
  wrongSize: ['ratio', 'rounding', 'size', 'untold'],
  missed: ['rejected', 'cancelled', 'open', 'outsideLivePeriod', 'liveGap', 'noLiveOrder'],
  extra: ['outsideBacktestPeriod', 'duplicate', 'manual', 'unfilledInBacktest', 'notInBacktest'],
  feeModel: ['rate', 'unpriced', 'unknown'],
  priceSource: ['outsideMarket', 'offset', 'spread'],
  execution: ['onArrival', 'atMarket', 'inTime', 'untold'],
  none: ['same'],
  carry: ['carry'],
  other: ['other'],
} as const;

export type Cause = keyof typeof reasonsOfCause;
/** `late.arrival`: a cause with its reason. */
export type CauseReason = { [Name in Cause]: `${Name}.${(typeof reasonsOfCause)[Name][number]}` }[Cause];

export const causeNames = Object.keys(reasonsOfCause) as Cause[]; // the keys of the object above
export const causeReasons = causeNames.flatMap((cause) =>
  reasonsOfCause[cause].map((reason) => `${cause}.${reason}`),
) as CauseReason[]; // built as the type is
const codes = new Map(causeReasons.map((name, code) => [name, code]));

/** Place of the cause with its reason in {@link causeReasons}. */
export function codeOf(name: CauseReason): number {
  return codes.get(name)!;
}

export function causeOf(name: CauseReason): Cause {
  return name.slice(0, name.indexOf('.')) as Cause; // the part before the dot, as the type is built
}
