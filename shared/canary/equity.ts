import { type SharpeSample, sharpeSample } from '../base/sharpe';
import { CompensatedSum } from '../base/sums';
import { addUtcDays, DAY_US, HOUR_US, MINUTE_US, type UtcDay, utcDayOf, utcDayStartUs } from '../base/time';
import { bucketMs, dayBoundaries, type Ledger, type LedgerDay, type LedgerFrame } from './ledger';

/** A deployment's money, put together from the days of its ledger: position, equity at the hours, returns, peak, exposure, orders. */

/** Values by hour, ascending; NaN = unknown. */
export interface HourSeries {
  readonly startUs: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

export interface SymbolPosition {
  readonly symbol: string;
  /** Signed, base units. */
  readonly quantity: number;
  /** Last known price; null = none is known. */
  readonly mark: number | null;
  readonly markAtUs: number | null;
  /**
   * Quantity bought and sold both, at the difference of the average prices; `unrealised` is the rest against its average price and the
   * mark. The position the stage began with counts as bought or sold at its mark then. Fees stand apart. Null without a mark.
   */
  readonly realised: number | null;
  readonly unrealised: number | null;
}

export interface AccountSummary {
  readonly capital: number;
  readonly stageFromUs: number;
  readonly sessionStartMinutes: number;
  /** Until when hours count as complete. */
  readonly coveredUntilUs: number;
  /** Equity of the stage at {@link boundariesUs}, ascending; NaN = unknown. Those ahead of the data carry the last marks on. */
  readonly boundariesUs: Float64Array;
  readonly equityAt: Float64Array;
  /** Null = cannot be told, `unknown` says why. */
  readonly equity: number | null;
  readonly unknown: string | null;
  /** Highest equity of the boundaries until now, the stage's capital among them, and the deepest fall from a highest one, in money. */
  readonly peak: number;
  readonly deepestFall: number;
  readonly positions: readonly SymbolPosition[];
  readonly realised: number | null;
  readonly unrealised: number | null;
  /** Known fees; `unknownFees` counts the fills without one in quote currency. */
  readonly fees: number;
  readonly unknownFees: number;
  readonly grossExposure: number | null;
  /** Oldest mark of an open position; null = nothing is open. */
  readonly oldestMarkUs: number | null;
  readonly fills: number;
  readonly orders: number;
  readonly rejected: number;
  readonly latency: { readonly count: number; readonly averageMs: number | null; readonly p95Ms: number | null };
  /** Returns on the stage's capital of the complete hours, as a share. */
  readonly hourly: HourSeries;
  /** Of the known hourly returns. */
  readonly returns: SharpeSample;
  readonly meanReturn: number;
  readonly returnDeviation: number;
}

/** A quantity this much smaller than what was traded is what rounding left of none. */
const noQuantity = 1e-12;

/**
 * @param untilUs now: boundaries are made until the end of its day
 * @param coveredUntilUs until when all data is there: a later hour has no return yet, which is not a return of zero
 */
export function summarise(ledger: Ledger, untilUs: number, coveredUntilUs: number): AccountSummary {
  const { frame } = ledger;
  const bySymbol = new Map<string, LedgerDay[]>();
  // By name, so that no sum depends on which day arrived first.
  const keys = Object.keys(ledger.days).sort();
  for (const key of keys) {
    const day = ledger.days[key]!;
    const days = bySymbol.get(day.symbol);
    if (days === undefined) bySymbol.set(day.symbol, [day]);
    else days.push(day);
  }
  const grid = gridOf(frame, untilUs, ledger);
  const equityAt = new Float64Array(grid.boundariesUs.length).fill(frame.capital);
  const unknown: string[] = [];
  const positions: SymbolPosition[] = [];
  const fees = new CompensatedSum();
  let [fills, orders, rejected, unknownFees] = [0, 0, 0, 0];
  for (const [symbol, days] of bySymbol) {
    const folded = foldSymbol(symbol, days, grid, equityAt);
    if (folded.unknown !== null) unknown.push(folded.unknown);
    if (folded.position !== null) positions.push(folded.position);
    for (const day of days) {
      fees.add(day.fees);
      fills += day.fills;
      orders += day.orders;
      rejected += day.rejected;
      unknownFees += day.unknownFees;
    }
  }
  const last = equityAt[equityAt.length - 1] ?? frame.capital;
  const equity = Number.isNaN(last) || unknown.length > 0 ? null : last;
  const hourly = hourlyReturns(grid.boundariesUs, equityAt, frame.capital, coveredUntilUs);
  const returns = sharpeSample(hourly.value);
  const { mean, deviation } = momentsOf(hourly.value);
  const total = (of: (position: SymbolPosition) => number | null) =>
    positions.reduce<number | null>((sum, position) => {
      const value = of(position);
      return sum === null || value === null ? null : sum + value;
    }, 0);
  const open = positions.filter(({ quantity }) => quantity !== 0);
  return {
    capital: frame.capital,
    stageFromUs: frame.stageFromUs,
    sessionStartMinutes: frame.sessionStartMinutes,
    coveredUntilUs,
    boundariesUs: grid.boundariesUs,
    equityAt,
    equity,
    unknown: unknown.length === 0 ? null : unknown.join('; '),
    ...heights(grid.boundariesUs, equityAt, frame.capital, untilUs),
    positions,
    realised: total(({ realised }) => realised),
    unrealised: total(({ unrealised }) => unrealised),
    fees: fees.value,
    unknownFees,
    grossExposure:
      unknown.length > 0 ? null : total(({ quantity, mark }) => (mark === null ? null : Math.abs(quantity * mark))),
    oldestMarkUs: open.length === 0 ? null : Math.min(...open.map(({ markAtUs }) => markAtUs ?? 0)),
    fills,
    orders,
    rejected,
    latency: latencyOf([...bySymbol.values()].flat()),
    hourly,
    returns,
    meanReturn: mean,
    returnDeviation: deviation,
  };
}

/** Equity at the beginning of the session that `atUs` is in; the stage's capital while the stage is younger. Null = unknown. */
export function equityAtSessionStart(account: AccountSummary, atUs: number): number | null {
  const offsetUs = account.sessionStartMinutes * MINUTE_US;
  const startUs = Math.floor((atUs - offsetUs) / DAY_US) * DAY_US + offsetUs;
  if (startUs <= account.stageFromUs) return account.capital;
  const index = indexOf(account.boundariesUs, startUs);
  if (index === account.boundariesUs.length) return account.equity;
  const equity = account.equityAt[index]!;
  return Number.isNaN(equity) ? null : equity;
}

/** First boundary at or after the instant; the length when there is none. */
function indexOf(boundariesUs: Float64Array, atUs: number): number {
  let low = 0;
  let high = boundariesUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (boundariesUs[middle]! < atUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Grid {
  readonly boundariesUs: Float64Array;
  /** Days of the stage in order, and where each one's boundaries begin; one more place for the end. */
  readonly days: readonly UtcDay[];
  readonly starts: readonly number[];
}

/** All days from the stage's first to today, or to the last one with data. */
function gridOf(frame: LedgerFrame, untilUs: number, ledger: Ledger): Grid {
  const days: UtcDay[] = [];
  const starts = [0];
  const boundaries: number[] = [];
  let lastUs = Math.max(untilUs, frame.stageFromUs);
  for (const { day } of Object.values(ledger.days)) lastUs = Math.max(lastUs, utcDayStartUs(day));
  const lastDay = utcDayOf(lastUs);
  for (let day = utcDayOf(frame.stageFromUs); day <= lastDay; day = addUtcDays(day, 1)) {
    days.push(day);
    for (const atUs of dayBoundaries(frame, day)) boundaries.push(atUs);
    starts.push(boundaries.length);
  }
  return { boundariesUs: Float64Array.from(boundaries), days, starts };
}

/** Adds what one symbol earned since the stage began to the equity at every boundary. */
function foldSymbol(
  symbol: string,
  days: readonly LedgerDay[],
  { days: gridDays, starts }: Grid,
  equityAt: Float64Array,
): { readonly position: SymbolPosition | null; readonly unknown: string | null } {
  const unfit = days.find((day) => day.unfit !== null)?.unfit ?? null;
  if (unfit !== null) {
    equityAt.fill(Number.NaN);
    return { position: null, unknown: unfit };
  }
  let [bought, boughtNotional, sold, soldNotional] = [0, 0, 0, 0];
  let opening = 0;
  let [mark, markAtUs] = [Number.NaN, Number.NaN];
  let at = 0;
  for (; at < days.length && days[at]!.day < gridDays[0]!; at++) {
    const before = days[at]!;
    opening += before.openingQuantity;
    if (before.marks.length > 0) [mark, markAtUs] = [before.marks[before.marks.length - 1]!, before.lastMarkUs];
  }
  if (at < days.length && days[at]!.day === gridDays[0]) opening += days[at]!.openingQuantity;
  const traded = days.reduce((sum, day) => sum + day.bought + day.sold, Math.abs(opening));
  const isFlat = Math.abs(opening) <= noQuantity * traded;
  if (isFlat) opening = 0;
  let openingWorth = Number.NaN;
  let cash = 0;
  let position = opening;
  for (let index = 0; index < gridDays.length; index++) {
    const day = at < days.length && days[at]!.day === gridDays[index] ? days[at++]! : null;
    const from = starts[index]!;
    const size = starts[index + 1]! - from;
    const isMarked = day !== null && day.marks.length > 0;
    for (let boundary = 0; boundary < size; boundary++) {
      const price = isMarked && (boundary >= day.markedFrom || Number.isNaN(mark)) ? day.marks[boundary]! : mark;
      // A price from later in the day values nothing that was held before it.
      const isKnown = !Number.isNaN(price) && (!isMarked || boundary >= day.markedFrom || !Number.isNaN(mark));
      if (index === 0 && boundary === 0) openingWorth = opening === 0 ? 0 : isKnown ? opening * price : Number.NaN;
      const held = position === 0 ? 0 : isKnown ? position * price : Number.NaN;
      equityAt[from + boundary]! += cash + held + (day?.traded[boundary] ?? 0) - openingWorth;
    }
    if (day !== null) {
      if (isMarked) [mark, markAtUs] = [day.marks[day.marks.length - 1]!, day.lastMarkUs];
      cash += day.soldNotional - day.boughtNotional - day.fees;
      position += day.bought - day.sold;
      bought += day.bought;
      boughtNotional += day.boughtNotional;
      sold += day.sold;
      soldNotional += day.soldNotional;
      if (Math.abs(position) <= noQuantity * traded) position = 0;
    }
  }
  const isKnown = !Number.isNaN(mark);
  const withoutMark = (position !== 0 && !isKnown) || Number.isNaN(openingWorth);
  if (traded === 0) return { position: null, unknown: null };
  if (opening > 0) {
    bought += opening;
    boughtNotional += openingWorth;
  } else if (opening < 0) {
    sold -= opening;
    soldNotional -= openingWorth;
  }
  const matched = Math.min(bought, sold);
  const realised = matched === 0 ? 0 : matched * (soldNotional / sold - boughtNotional / bought);
  const unrealised =
    position === 0
      ? 0
      : position > 0
        ? position * (mark - boughtNotional / bought)
        : position * (mark - soldNotional / sold);
  return {
    position: {
      symbol,
      quantity: position,
      mark: isKnown ? mark : null,
      markAtUs: isKnown ? markAtUs : null,
      realised: Number.isNaN(realised) ? null : realised,
      unrealised: Number.isNaN(unrealised) ? null : unrealised,
    },
    unknown: withoutMark ? `no price of ${symbol} is known, so its position cannot be valued` : null,
  };
}

function hourlyReturns(
  boundariesUs: Float64Array,
  equityAt: Float64Array,
  capital: number,
  coveredUntilUs: number,
): HourSeries {
  const startUs: number[] = [];
  const value: number[] = [];
  let before = -1;
  for (let index = 0; index < boundariesUs.length && boundariesUs[index]! <= coveredUntilUs; index++) {
    if (boundariesUs[index]! % HOUR_US !== 0) continue;
    // A day's end is the next one's beginning: the mark may move between the two, and that belongs to the hour that begins there.
    if (before >= 0 && boundariesUs[index] === boundariesUs[before]) continue;
    if (before >= 0) {
      startUs.push(boundariesUs[before]!);
      value.push((equityAt[index]! - equityAt[before]!) / capital);
    }
    before = index;
  }
  return { startUs: Float64Array.from(startUs), value: Float64Array.from(value) };
}

function heights(
  boundariesUs: Float64Array,
  equityAt: Float64Array,
  capital: number,
  untilUs: number,
): { readonly peak: number; readonly deepestFall: number } {
  let peak = capital;
  let deepestFall = 0;
  for (let index = 0; index < boundariesUs.length && boundariesUs[index]! <= untilUs; index++) {
    const equity = equityAt[index]!;
    if (equity > peak) peak = equity;
    if (peak - equity > deepestFall) deepestFall = peak - equity;
  }
  return { peak, deepestFall };
}

function momentsOf(values: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) continue;
    count++;
    const away = value - mean;
    mean += away / count;
    squares += away * (value - mean);
  }
  return {
    mean: count === 0 ? Number.NaN : mean,
    deviation: count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1)),
  };
}

function latencyOf(days: readonly LedgerDay[]): AccountSummary['latency'] {
  const buckets = new Map<number, number>();
  const sum = new CompensatedSum();
  let count = 0;
  for (const { latency } of days) {
    count += latency.count;
    sum.add(latency.sumMs);
    for (const [bucket, held] of latency.buckets) buckets.set(bucket, (buckets.get(bucket) ?? 0) + held);
  }
  if (count === 0) return { count, averageMs: null, p95Ms: null };
  const ascending = [...buckets].sort(([one], [other]) => one - other);
  const rank = Math.ceil(0.95 * count);
  let seen = 0;
  const [bucket] = ascending.find(([, held]) => {
    seen += held;
    return seen >= rank;
  }) ?? [0];
  return { count, averageMs: sum.value / count, p95Ms: bucketMs(bucket) };
}
