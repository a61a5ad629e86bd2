import { CompensatedSum } from '../base/sums';
import { MINUTE_US, type UtcDay, utcDayStartUs } from '../base/time';
import type { PriceSeries } from '../market/marks';
import { fillRowsOf, type OrderTable } from '../market/orders';
import { pairKindCode } from './attribution';
import { type CauseReason, causeReasons, codeOf } from './cause-names';
import { type CauseShares, ShareCollector } from './cause-shares';
import { clocksApart } from './clock-words';
import { OpenDifferences } from './open-differences';
import type { TableSide } from './pair-table';
import { PriceCauses } from './price-causes';
import type { ParitySettings } from './settings';
import { sizePatternOf, sizeStepsOf } from './size-causes';
import type { SymbolDayResult } from './symbol-day';
import { type UnmatchedCause, unmatchedCauses } from './unmatched-causes';
import { count } from './verdict';

/**
 * Why a symbol's day differs: the money of every order split over causes, so that the parts of all orders, carry and other add up to the
 * gap. The rules are in the table of cause-names.ts. Pure; money in quote currency, signed live minus backtest.
 */

export interface CausesInput {
  readonly result: SymbolDayResult;
  /** Imported prices of the symbol over the day; may be empty. */
  readonly prices: PriceSeries;
  readonly settings: ParitySettings;
  /** Live's clock minus the backtest's, ms; null = not estimated. */
  readonly clockOffsetMs: number | null;
}

/** What one cause and reason took on the day, in sums that add up over symbols and days. */
export interface CauseSums {
  readonly money: number;
  /** Orders it has a part of, and those of which it is the main cause. */
  readonly orders: number;
  readonly mainOrders: number;
  /** Orders among them that follow from an earlier one. */
  readonly following: number;
  readonly liveNotional: number;
  readonly backtestNotional: number;
  /** Common quantity at the backtest's price: what a price difference is measured against. */
  readonly commonNotional: number;
  readonly liveFee: number;
  readonly backtestFee: number;
  /** Of live, and of the backtest: filled as maker, and filled with known liquidity. */
  readonly makerNotional: number;
  readonly knownNotional: number;
  readonly backtestMakerNotional: number;
  readonly backtestKnownNotional: number;
  /** Lateness, summed over the orders, ms. */
  readonly lateMs: number;
  /** Why the venue refused, by message; currencies of unpriced fees. */
  readonly messages: ReadonlyMap<string, number>;
}

export interface DayCauses {
  readonly shares: CauseShares;
  /** By cause and reason; carry and other besides those that have orders. */
  readonly sums: ReadonlyMap<CauseReason, CauseSums>;
  readonly unmatched: ReadonlyMap<number, UnmatchedCause>;
  /** What the logs cannot tell, and what would. */
  readonly untold: readonly string[];
}

/** Part of an order's notional below which a difference is rounding. */
const dustShare = 1e-12;

export function causesOfDay({ result, prices, settings, clockOffsetMs }: CausesInput): DayCauses {
  const { pairs: table, report } = result;
  const { rows, live, backtest } = table;
  const startUs = utcDayStartUs(report.key.from as UtcDay); // a daily report's key names its day
  const priceCauses = new PriceCauses({
    live: live.orders,
    backtest: backtest.orders,
    rows,
    prices,
    clockOffsetUs: clockOffsetMs === null ? null : clockOffsetMs * 1_000,
    lateUs: settings.latencyMs.limit * 1_000,
  });
  const pattern = sizePatternOf(rows, live.orders, backtest.orders, startUs);
  const { liveCoverage, backtestCoverage } = report.dataQuality;
  const unmatched = unmatchedCauses(
    table,
    { live: liveCoverage, backtest: backtestCoverage },
    settings.matchToleranceMs * 1_000,
  );
  const { base, quote, closingMark } = result.contribution;
  const own: ReadonlySet<string | null> = new Set([base, quote]);
  const shares = new ShareCollector(rows.count);
  const differences = new OpenDifferences();
  if (result.positionDifference !== 0) differences.take('carry', 'carry.carry', result.positionDifference, true);
  for (let row = 0; row < rows.count; row++) {
    const kind = rows.kind[row];
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    if (kind === pairKindCode.unfilled) continue;
    const notional = l >= 0 ? live.orders.notional[l]! : backtest.orders.notional[b]!;
    shares.begin(dustShare * Math.abs(notional));
    if (kind !== pairKindCode.matched) {
      const { name } = unmatched.get(row)!;
      const quantity = l >= 0 ? signedQuantity(live.orders, l) : -signedQuantity(backtest.orders, b);
      const from = differences.take(l >= 0 ? 'extra' : 'missed', name, quantity, !withoutEvidence.has(name));
      shares.add(row, from ?? name, rows.gap[row]!, from !== null);
      continue;
    }
    const fees = feeParts(live, l, backtest, b, rows.fees[row]!, own);
    const price = rows.price[row]!;
    shares.add(row, fees.name, fees.model + (price === 0 ? fees.price : 0));
    for (const part of priceCauses.partsOf(row)) {
      // The fee that follows from another price is counted with it.
      shares.add(row, part.name, part.money + (price === 0 ? 0 : (fees.price * part.money) / price));
    }
    const steps = sizeStepsOf(live.orders, l, backtest.orders, b, startUs, pattern);
    const difference = live.orders.quantity[l]! - backtest.orders.quantity[b]!;
    let left = rows.quantity[row]! + fees.quantity;
    const outer = difference > 0 ? live.orders.price[l]! : backtest.orders.price[b]!;
    const side = live.orders.side[l]!;
    const unit = side * (closingMark - outer) - fees.rate * Math.abs(backtest.orders.price[b]!);
    if (steps.length === 0) shares.add(row, 'wrongSize.rounding', left);
    for (const [at, step] of steps.entries()) {
      const money = at === steps.length - 1 ? left : unit * step.quantity;
      const from = opensPosition.has(step.name)
        ? differences.take('size', step.name, side * step.quantity, !withoutEvidence.has(step.name))
        : null;
      shares.add(row, from ?? step.name, money, from !== null);
      left -= money;
    }
  }
  const finished = shares.finish();
  return {
    shares: finished,
    sums: sumsOf(result, finished, priceCauses, unmatched),
    unmatched,
    untold: untoldOf(result, finished, priceCauses, prices),
  };
}

/** An order with one of these may follow from an earlier one. */
const withoutEvidence: ReadonlySet<CauseReason> = new Set([
  'missed.noLiveOrder',
  'extra.notInBacktest',
  'wrongSize.size',
  'wrongSize.untold',
]);

/** Sizes that leave a difference of positions for a later order to undo; a ratio or rounding is in every order alike. */
const opensPosition: ReadonlySet<CauseReason> = new Set([
  'partial.live',
  'partial.backtest',
  'wrongSize.size',
  'wrongSize.untold',
]);

function signedQuantity(orders: OrderTable, order: number): number {
  return orders.side[order]! * orders.quantity[order]!;
}

/**
 * The fee difference of a pair: what another rate on live's notional makes, and what follows from another quantity and price at the
 * backtest's rate. With a fee unknown on either side it is all one part.
 */
function feeParts(live: TableSide, l: number, backtest: TableSide, b: number, fees: number, own: Own): FeeParts {
  const missing = feeMissing(live, l, own) ?? feeMissing(backtest, b, own);
  if (missing !== null) return { name: missing.name, model: fees, quantity: 0, price: 0, rate: 0 };
  const liveNotional = Math.abs(live.orders.notional[l]!);
  const backtestNotional = Math.abs(backtest.orders.notional[b]!);
  const rate = backtestNotional > 0 && liveNotional > 0 ? backtest.orders.fee[b]! / backtestNotional : 0;
  const follows = rate * (backtestNotional - liveNotional);
  const cheaper = Math.abs(backtest.orders.price[b]!) - Math.abs(live.orders.price[l]!);
  const price = rate * live.orders.quantity[l]! * cheaper;
  return { name: 'feeModel.rate', model: fees - follows, quantity: follows - price, price, rate };
}

interface FeeParts {
  readonly name: CauseReason;
  readonly model: number;
  readonly quantity: number;
  readonly price: number;
  /** The backtest's fee per notional. */
  readonly rate: number;
}

/** Currencies of the symbol: fees in them are always priced. */
type Own = ReadonlySet<string | null>;

interface MissingFee {
  readonly name: 'feeModel.unknown' | 'feeModel.unpriced';
  /** Of the fee that could not be priced; empty where the log does not name it. */
  readonly currency: string;
}

/** Why the order's fee is not known in quote currency: its log has none, or nothing prices it; null = it is known. */
function feeMissing({ columns, orders }: TableSide, order: number, own: Own): MissingFee | null {
  if (orders.feeGaps[order] === 0 || columns === null) return null;
  for (const row of fillRowsOf(orders, order)) {
    const fee = columns.fee[row]!;
    const currency = columns.dictionaries.feeCurrencies[columns.feeCurrency[row]!] ?? '';
    if (!Number.isNaN(fee) && fee !== 0 && !own.has(currency)) return { name: 'feeModel.unpriced', currency };
  }
  return { name: 'feeModel.unknown', currency: '' };
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

function sumsOf(
  { pairs: table, report, contribution }: SymbolDayResult,
  shares: CauseShares,
  priceCauses: PriceCauses,
  unmatched: ReadonlyMap<number, UnmatchedCause>,
): ReadonlyMap<CauseReason, CauseSums> {
  const { rows, live, backtest } = table;
  const own: Own = new Set([contribution.base, contribution.quote]);
  const sums = new Map<
    CauseReason,
    Mutable<Omit<CauseSums, 'messages'>> & { readonly messages: Map<string, number> }
  >();
  const money = new Map<CauseReason, CompensatedSum>();
  for (let at = 0; at < shares.count; at++) {
    const row = shares.row[at]!;
    const name = causeReasons[shares.reason[at]!]!;
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = { ...noSums, messages: new Map() };
      sums.set(name, sum);
      money.set(name, new CompensatedSum());
    }
    money.get(name)!.add(shares.money[at]!);
    sum.orders++;
    sum.following += shares.follows[at]!;
    if (shares.main[row] === shares.reason[at]) sum.mainOrders++;
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    if (l >= 0) {
      sum.liveNotional += Math.abs(live.orders.notional[l]!);
      sum.liveFee += live.orders.fee[l]!;
      sum.makerNotional += live.orders.makerNotional[l]!;
      sum.knownNotional += live.orders.makerNotional[l]! + live.orders.takerNotional[l]!;
    }
    if (b >= 0) {
      sum.backtestNotional += Math.abs(backtest.orders.notional[b]!);
      sum.backtestFee += backtest.orders.fee[b]!;
      sum.backtestMakerNotional += backtest.orders.makerNotional[b]!;
      sum.backtestKnownNotional += backtest.orders.makerNotional[b]! + backtest.orders.takerNotional[b]!;
    }
    const told = (message: string) => sum.messages.set(message, (sum.messages.get(message) ?? 0) + 1);
    if (l < 0 || b < 0) {
      const message = unmatched.get(row)?.message;
      if (message != null) told(message);
      continue;
    }
    if (shares.follows[at] === 1) continue;
    const common = Math.min(live.orders.quantity[l]!, backtest.orders.quantity[b]!);
    sum.commonNotional += common * Math.abs(backtest.orders.price[b]!);
    sum.lateMs += priceCauses.latenessUs(row) / 1_000;
    if (name === 'feeModel.unpriced') told((feeMissing(live, l, own) ?? feeMissing(backtest, b, own))?.currency ?? '');
  }
  const found = new Map<CauseReason, CauseSums>();
  for (const [name, sum] of sums) found.set(name, { ...sum, money: money.get(name)!.value });
  const { carry, other } = report.attribution;
  const followed = found.get('carry.carry') ?? noSums;
  if (carry !== 0 || followed.orders > 0) found.set('carry.carry', { ...followed, money: followed.money + carry });
  if (other !== 0) found.set('other.other', { ...noSums, money: other });
  return found;
}

const noSums: CauseSums = {
  money: 0,
  orders: 0,
  mainOrders: 0,
  following: 0,
  liveNotional: 0,
  backtestNotional: 0,
  commonNotional: 0,
  liveFee: 0,
  backtestFee: 0,
  makerNotional: 0,
  knownNotional: 0,
  backtestMakerNotional: 0,
  backtestKnownNotional: 0,
  lateMs: 0,
  messages: new Map(),
};

/** The sums of several days or symbols as one; `rate` turns a part's money into the common currency. */
export function addedSums(
  parts: readonly { readonly sums: ReadonlyMap<CauseReason, CauseSums>; readonly rate: number }[],
): ReadonlyMap<CauseReason, CauseSums> {
  const added = new Map<CauseReason, CauseSums>();
  const money = new Map<CauseReason, CompensatedSum>();
  for (const { sums, rate } of parts) {
    for (const [name, sum] of sums) {
      const before = added.get(name) ?? noSums;
      const messages = new Map(before.messages);
      for (const [message, orders] of sum.messages) messages.set(message, (messages.get(message) ?? 0) + orders);
      const total = money.get(name) ?? new CompensatedSum();
      money.set(name, total);
      total.add(sum.money * rate);
      added.set(name, {
        money: total.value,
        orders: before.orders + sum.orders,
        mainOrders: before.mainOrders + sum.mainOrders,
        following: before.following + sum.following,
        liveNotional: before.liveNotional + sum.liveNotional * rate,
        backtestNotional: before.backtestNotional + sum.backtestNotional * rate,
        commonNotional: before.commonNotional + sum.commonNotional * rate,
        liveFee: before.liveFee + sum.liveFee * rate,
        backtestFee: before.backtestFee + sum.backtestFee * rate,
        makerNotional: before.makerNotional + sum.makerNotional * rate,
        knownNotional: before.knownNotional + sum.knownNotional * rate,
        backtestMakerNotional: before.backtestMakerNotional + sum.backtestMakerNotional * rate,
        backtestKnownNotional: before.backtestKnownNotional + sum.backtestKnownNotional * rate,
        lateMs: before.lateMs + sum.lateMs,
        messages,
      });
    }
  }
  return added;
}

/** What the day's logs cannot tell, with what would tell it. */
function untoldOf(
  { pairs: table, report }: SymbolDayResult,
  shares: CauseShares,
  { barUs }: PriceCauses,
  prices: PriceSeries,
): readonly string[] {
  const ordersOf = (name: CauseReason) => {
    const code = codeOf(name);
    return shares.reason.reduce((found, one) => found + (one === code ? 1 : 0), 0);
  };
  const untold: string[] = [];
  const byTimes = ordersOf('late.fillTimes');
  if (byTimes > 0) {
    untold.push(
      `Late cannot be told from execution for ${count(byTimes, 'order')}: no decision times or arrival prices in the live log${prices.atUs.length === 0 ? ', and no imported prices' : ', and the imported prices are too far apart'}.`,
    );
  }
  if (barUs > 0) {
    untold.push(
      `The backtest stamps its trades with bars of ${count(barUs / MINUTE_US, 'minute')}: within a bar it cannot be told how late live was.`,
    );
  } else if (ordersOf('execution.untold') > 0) {
    untold.push('The fill times are whole seconds: lateness below them cannot be told from execution.');
  }
  const clock = report.clockOffset;
  if (clock !== null && clocksApart(clock)) untold.push(clock.why);
  if (ordersOf('late.latency') > 0) {
    untold.push(
      'The logs tell how late orders were, but not what the market did meanwhile: their whole price difference counts as late. Import prices, or log the price on arrival.',
    );
  }
  const sizes = ordersOf('wrongSize.untold');
  if (sizes > 0) {
    untold.push(
      `A partial fill cannot be told from a smaller order for ${count(sizes, 'order')}: the live log does not say what was asked for.`,
    );
  }
  if (ordersOf('missed.noLiveOrder') > 0 && table.live.events.length === 0) {
    untold.push('The live log holds fills only: rejected and cancelled orders would not show.');
  }
  if (report.matches.ambiguous > 0) {
    untold.push(`${count(report.matches.ambiguous, 'matched order')} could have another partner as well.`);
  }
  return untold;
}
