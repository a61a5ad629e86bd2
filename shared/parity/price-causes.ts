import { MINUTE_US, SECOND_US } from '../base/time';
import { lastAtOrBefore, type PriceSeries } from '../market/marks';
import type { OrderTable } from '../market/orders';
import { type PairColumns, pairKindCode } from './attribution';
import type { CauseReason } from './cause-names';

/** Why the price of a pair differs: which part the backtest's price source, lateness and execution have in it. */

/** One part of a pair's price difference; the parts of a pair add up to `-s * qm * (p_live - p_backtest)`. */
export interface PricePart {
  readonly name: CauseReason;
  /** Quote currency. */
  readonly money: number;
}

export interface PriceEvidence {
  readonly live: OrderTable;
  readonly backtest: OrderTable;
  readonly rows: PairColumns;
  /** Imported prices of the symbol; may be empty. */
  readonly prices: PriceSeries;
  /** Live's clock minus the backtest's, microseconds; null = not estimated. */
  readonly clockOffsetUs: number | null;
  /** Live is late when it fills later than the backtest by more than this, microseconds. */
  readonly lateUs: number;
}

/** What the times of a pair say about lateness. */
type Timing = 'arrival' | 'latency' | 'fillTimes' | 'offset' | 'inTime' | 'untold';

/** Widest distance of two imported prices between which the market can be told. */
const widestBracketUs = 5 * MINUTE_US;
/** A price may lie this many usual steps beyond the imported prices around it: between two closes the market goes farther than they do. */
const marketSteps = 3;
/** A side fills at stored prices when this part of its prices are among them. */
const storedShare = 0.8;
/** Pairs a systematic difference needs, those of each side, and the part of them that must agree in direction. */
const systematicPairs = 10;
const systematicPerSide = 3;
const systematicAgreement = 0.9;
/** Half of the differences may be no farther from the median than this part of it. */
const systematicSpread = 0.5;
const leastSystematicBps = 0.1;
/** A side's times are on a grid when nearly all of them are; a grid of minutes needs several orders to be told from chance. */
const grids = [60, 30, 15, 5, 1].map((minutes) => minutes * MINUTE_US).concat(SECOND_US);
const onGridShare = 0.95;
const gridOrders = 3;

/** The day's evidence on prices, looked through once; then each pair can be asked. */
export class PriceCauses {
  private readonly market: MarketAround | null;
  private readonly liveGridUs: number;
  private readonly backtestGridUs: number;
  private readonly timing: (Timing | null)[];
  /** Market price at the backtest's fill where its own price cannot be one of it; NaN = it can, or nothing tells. */
  private readonly marketInstead: Float64Array;
  /** p_reference / p_backtest - 1 of every pair, whatever its side. */
  private readonly offset: number;
  /** The same against the side of the trade: positive = live worse. */
  private readonly spread: number;
  /** Length of the backtest's bars, where it stamps its trades with them, microseconds; 0 = it does not. */
  readonly barUs: number;
  /** The backtest fills at stored prices, as one that takes candles' closes does, and live does not. */
  private readonly fillsAtStored: boolean;

  constructor(private readonly evidence: PriceEvidence) {
    const { live, backtest, rows, prices } = evidence;
    this.market = prices.atUs.length < 2 ? null : new MarketAround(prices);
    this.liveGridUs = gridOf(live);
    this.backtestGridUs = gridOf(backtest);
    this.barUs = this.backtestGridUs >= MINUTE_US ? this.backtestGridUs : 0;
    this.timing = new Array(rows.count).fill(null);
    this.marketInstead = new Float64Array(rows.count).fill(Number.NaN);
    this.fillsAtStored =
      this.market !== null &&
      this.storedShare(backtest, this.market) >= storedShare &&
      this.storedShare(live, this.market) < 1 - storedShare;
    for (let row = 0; row < rows.count; row++) {
      if (rows.kind[row] !== pairKindCode.matched) continue;
      this.timing[row] = this.timingOf(row);
      this.marketInstead[row] = this.marketInsteadOf(row);
    }
    this.offset = this.systematic(false);
    this.spread = Number.isNaN(this.offset) ? this.systematic(true) : Number.NaN;
  }

  /** Live's fill minus the backtest's, the clocks' offset taken out, microseconds. */
  gapUs(row: number): number {
    const { live, backtest, rows, clockOffsetUs } = this.evidence;
    return live.firstUs[rows.live[row]!]! - backtest.firstUs[rows.backtest[row]!]! - (clockOffsetUs ?? 0);
  }

  /** How much later than the backtest live was: by its own times where it has them, else by the fills; microseconds. */
  latenessUs(row: number): number {
    if (this.timing[row] !== 'latency') return this.gapUs(row);
    const { live, backtest, rows } = this.evidence;
    const modelled = latencyOf(backtest, rows.backtest[row]!);
    return latencyOf(live, rows.live[row]!) - (Number.isNaN(modelled) ? 0 : modelled);
  }

  partsOf(row: number): readonly PricePart[] {
    const { live, backtest, rows } = this.evidence;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    const price = rows.price[row]!;
    const unit = live.side[l]! * Math.min(live.quantity[l]!, backtest.quantity[b]!);
    const parts: PricePart[] = [];
    let rest = price;
    const take = (name: CauseReason, money: number) => {
      parts.push({ name, money });
      rest -= money;
    };
    const timing = this.timing[row];
    const modelled = backtest.price[b]!;
    const instead = this.marketInstead[row]!;
    /** The price the backtest would have had from the market, as far as that is known. */
    let sound = modelled;
    if (!Number.isNaN(instead)) {
      take('priceSource.outsideMarket', unit * (modelled - instead));
      sound = instead;
    } else if (!Number.isNaN(this.offset)) {
      sound = modelled * (1 + this.offset);
      take('priceSource.offset', unit * (modelled - sound));
    } else if (!Number.isNaN(this.spread) && judgedForSpread(timing)) {
      sound = modelled + live.side[l]! * Math.abs(modelled) * this.spread;
      take('priceSource.spread', unit * (modelled - sound));
    }
    const arrival = live.arrivalPrice[l]!;
    if (timing === 'arrival') {
      take('late.arrival', unit * (sound - arrival));
      parts.push({ name: 'execution.onArrival', money: rest });
      return parts;
    }
    const market = this.marketAtFill(row, timing);
    if (!Number.isNaN(market)) {
      take('late.market', unit * (sound - market));
      parts.push({ name: 'execution.atMarket', money: rest });
      return parts;
    }
    parts.push({ name: restOf[timing ?? 'untold'], money: rest });
    return parts;
  }

  private timingOf(row: number): Timing {
    const { live, backtest, rows, clockOffsetUs, lateUs } = this.evidence;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    if (!Number.isNaN(live.arrivalPrice[l]!)) return 'arrival';
    const own = latencyOf(live, l);
    if (!Number.isNaN(own)) {
      // A backtest that does not say filled at once.
      const modelled = latencyOf(backtest, b);
      return own - (Number.isNaN(modelled) ? 0 : modelled) > lateUs ? 'latency' : 'inTime';
    }
    const room = lateUs + this.liveGridUs + this.backtestGridUs;
    if (this.gapUs(row) > room) return 'fillTimes';
    if (clockOffsetUs !== null && this.gapUs(row) + clockOffsetUs > room) return 'offset';
    return this.liveGridUs + this.backtestGridUs > lateUs ? 'untold' : 'inTime';
  }

  /** The market's price when live filled; NaN where nothing tells, or live was not late. */
  private marketAtFill(row: number, timing: Timing | null | undefined): number {
    if (this.market === null || (timing !== 'latency' && timing !== 'fillTimes')) return Number.NaN;
    const { backtest, rows, lateUs } = this.evidence;
    const gapUs = this.gapUs(row);
    if (!(gapUs > lateUs + this.liveGridUs + this.backtestGridUs)) return Number.NaN;
    const atUs = backtest.firstUs[rows.backtest[row]!]! + gapUs;
    return this.market.priceAt(atUs, Math.min(widestBracketUs, 2 * gapUs));
  }

  private storedShare(orders: OrderTable, market: MarketAround): number {
    if (orders.filledCount < gridOrders) return Number.NaN;
    let stored = 0;
    for (let order = 0; order < orders.filledCount; order++) if (market.isStored(orders.price[order]!)) stored++;
    return stored / orders.filledCount;
  }

  private marketInsteadOf(row: number): number {
    const { live, backtest, rows } = this.evidence;
    if (this.market === null) return Number.NaN;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    const from = backtest.firstUs[b]!;
    const modelled = backtest.price[b]!;
    const atStored = this.fillsAtStored && this.market.isStored(modelled);
    const range = this.market.rangeAround(from, this.barUs, atStored ? 0 : marketSteps);
    if (range === null || (modelled >= range.low && modelled <= range.high)) return Number.NaN;
    // Prices that live did not trade at either are another market's.
    const liveRange = this.market.rangeAround(from + this.gapUs(row), this.liveGridUs, marketSteps);
    const paid = live.price[l]!;
    if (liveRange === null || paid < liveRange.low || paid > liveRange.high) return Number.NaN;
    if (this.barUs > 0) return modelled < range.low ? range.low : range.high;
    return this.market.priceAt(from, widestBracketUs);
  }

  /**
   * Median relative price difference where nearly all pairs share it, else NaN.
   * @param againstSide judge the difference against the side of the trade, of the orders that were neither late nor have an arrival price
   */
  private systematic(againstSide: boolean): number {
    const { live, backtest, rows } = this.evidence;
    const differences: number[] = [];
    let buys = 0;
    for (let row = 0; row < rows.count; row++) {
      if (rows.kind[row] !== pairKindCode.matched || !Number.isNaN(this.marketInstead[row]!)) continue;
      const timing = this.timing[row];
      if (againstSide && !judgedForSpread(timing)) continue;
      const l = rows.live[row]!;
      const modelled = backtest.price[rows.backtest[row]!]!;
      const side = live.side[l]!;
      const reference = timing === 'arrival' ? live.arrivalPrice[l]! : live.price[l]!;
      if (modelled === 0) continue;
      differences.push(((againstSide ? side : 1) * (reference - modelled)) / Math.abs(modelled));
      if (side > 0) buys++;
    }
    const count = differences.length;
    if (count < systematicPairs || buys < systematicPerSide || count - buys < systematicPerSide) return Number.NaN;
    const middle = medianOf(differences);
    const agreeing = differences.reduce((found, one) => found + (one * middle > 0 ? 1 : 0), 0);
    const away = medianOf(differences.map((one) => Math.abs(one - middle)));
    const holds =
      agreeing >= systematicAgreement * count &&
      away <= systematicSpread * Math.abs(middle) &&
      Math.abs(middle) * 1e4 >= leastSystematicBps;
    return holds ? middle : Number.NaN;
  }
}

const restOf: Readonly<Record<Timing, CauseReason>> = {
  arrival: 'execution.onArrival',
  latency: 'late.latency',
  fillTimes: 'late.fillTimes',
  offset: 'clockOffset.timeGap',
  inTime: 'execution.inTime',
  untold: 'execution.untold',
};

function judgedForSpread(timing: Timing | null | undefined): boolean {
  return timing === 'inTime' || timing === 'untold' || timing === 'offset';
}

/** First fill minus decision, else submission, microseconds; NaN = the log tells neither. */
function latencyOf(orders: OrderTable, order: number): number {
  const decided = orders.decidedAtUs[order]!;
  return orders.firstUs[order]! - (Number.isNaN(decided) ? orders.submittedAtUs[order]! : decided);
}

/** The coarsest grid that nearly all of the side's fills are on, microseconds; 0 = finer than a second. */
function gridOf(orders: OrderTable): number {
  for (const grid of grids) {
    if (grid >= MINUTE_US && orders.filledCount < gridOrders) continue;
    let on = 0;
    for (let order = 0; order < orders.filledCount; order++) if (orders.firstUs[order]! % grid === 0) on++;
    if (on > 0 && on >= onGridShare * orders.filledCount) return grid;
  }
  return 0;
}

/** The imported prices around an instant. */
class MarketAround {
  /** Usual distance of a price from the one before. */
  private readonly step: number;
  private readonly stored: Set<number>;

  constructor(private readonly prices: PriceSeries) {
    const steps = new Float64Array(prices.price.length - 1);
    for (let at = 0; at < steps.length; at++) steps[at] = Math.abs(prices.price[at + 1]! - prices.price[at]!);
    this.step = medianOf(steps);
    this.stored = new Set(prices.price);
  }

  isStored(price: number): boolean {
    return this.stored.has(price);
  }

  /** Price at the instant, on the line between the prices around it; NaN where these are farther apart than `widestUs`. */
  priceAt(atUs: number, widestUs: number): number {
    const { atUs: times, price } = this.prices;
    const before = lastAtOrBefore(times, atUs);
    if (before < 0) return Number.NaN;
    if (times[before] === atUs) return price[before]!;
    const from = times[before]!;
    const to = times[before + 1];
    if (to === undefined || to - from > widestUs) return Number.NaN;
    return price[before]! + ((atUs - from) / (to - from)) * (price[before + 1]! - price[before]!);
  }

  /** Lowest and highest price around the instant, `reachUs` before and after it included, widened by usual steps; null = unknown. */
  rangeAround(atUs: number, reachUs: number, steps: number): { readonly low: number; readonly high: number } | null {
    const { atUs: times, price } = this.prices;
    const first = lastAtOrBefore(times, atUs - reachUs);
    if (first < 0) return null;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = first; ; at++) {
      if (at >= times.length) return null;
      if (at > first && times[at]! - times[at - 1]! > widestBracketUs) return null;
      low = Math.min(low, price[at]!);
      high = Math.max(high, price[at]!);
      if (times[at]! >= atUs + reachUs) return { low: low - steps * this.step, high: high + steps * this.step };
    }
  }
}

/** The middle value; NaN of none. */
function medianOf(values: readonly number[] | Float64Array): number {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)] ?? Number.NaN;
}
