import { HOUR_US, MINUTE_US } from '../../../shared/base/time';
import type { ImportQuestion } from '../../../shared/contract/calls';

/**
 * The zone of naive times by comparison with stored prices: in the right zone a fill lies between the prices around its time. It only
 * ever suggests; a market that stands still, or comes back to the same price, fits many zones and suggests none.
 */

export interface AlignedFill {
  readonly atUs: number;
  readonly price: number;
}

/** Prices in time order. */
export interface PriceSeries {
  readonly atUs: Float64Array;
  readonly price: Float64Array;
}

export interface ZoneSuggestion {
  /** Offset of the zone from UTC, microseconds: what was read as UTC lies this much too late. */
  readonly offsetUs: number;
  /** Fills that lie within the prices around them under that offset, and as read. */
  readonly fitting: number;
  readonly fittingAsRead: number;
  /** Fills that could be compared. */
  readonly compared: number;
}

const earliestOffsetUs = -12 * HOUR_US;
const latestOffsetUs = 14 * HOUR_US;
const stepUs = 30 * MINUTE_US;
const leastFills = 10;
/** Share of the fills that must fit, and by how much more than in any other zone. */
const leastShare = 0.7;
const leastLead = 0.2;
/** Prices further apart than this say nothing about what lies between them. */
const longestGapUs = 2 * HOUR_US;

/** The offset from UTC under which most fills read as UTC fit the prices; null = none stands out, or too few could be compared. */
export function suggestedOffset(fills: readonly AlignedFill[], prices: PriceSeries): ZoneSuggestion | null {
  const tried: { readonly offsetUs: number; readonly fitting: number; readonly compared: number }[] = [];
  for (let offsetUs = earliestOffsetUs; offsetUs <= latestOffsetUs; offsetUs += stepUs) {
    let [fitting, compared] = [0, 0];
    for (const { atUs, price } of fills) {
      const fits = fitsAround(prices, atUs - offsetUs, price);
      if (fits === null) continue;
      compared += 1;
      if (fits) fitting += 1;
    }
    tried.push({ offsetUs, fitting, compared });
  }
  const share = (one: { fitting: number; compared: number }) =>
    one.compared < leastFills ? 0 : one.fitting / one.compared;
  const [best, ...others] = [...tried].sort((left, right) => share(right) - share(left));
  if (best === undefined || share(best) < leastShare) return null;
  if (others.some((other) => share(best) - share(other) < leastLead)) return null;
  const { offsetUs, fitting, compared } = best;
  return { offsetUs, fitting, compared, fittingAsRead: tried.find((one) => one.offsetUs === 0)?.fitting ?? 0 };
}

/** Whether the price lies within the two prices before and the two after the instant; null = there are none near it. */
function fitsAround({ atUs, price }: PriceSeries, instantUs: number, own: number): boolean | null {
  let [low, high] = [0, atUs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (atUs[middle]! < instantUs) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || low === atUs.length || atUs[low]! - atUs[low - 1]! > longestGapUs) return null;
  const near = price.subarray(Math.max(0, low - 2), low + 2);
  return own >= Math.min(...near) && own <= Math.max(...near);
}

/** The question about the zone with what the prices speak for as its first option; what is assumed stays as it is. */
export function withSuggestedZone(
  question: ImportQuestion,
  { offsetUs, fitting, fittingAsRead, compared }: ZoneSuggestion,
): ImportQuestion {
  const inUtc = offsetUs === 0 ? '' : `; read as UTC, ${fittingAsRead} do`;
  const value = offsetUs === 0 ? 'UTC' : offsetName(offsetUs);
  const reason = `${fitting} of ${compared} fills then lie within the prices stored around their time${inUtc}`;
  return { ...question, options: [{ value, reason }, ...question.options.filter((option) => option.value !== value)] };
}

/** An offset as zones are written: `+05:30`. */
function offsetName(offsetUs: number): string {
  const minutes = Math.round(Math.abs(offsetUs) / MINUTE_US);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetUs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
