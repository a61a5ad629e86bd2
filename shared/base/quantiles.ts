import { Scratch } from './scratch';

/**
 * Quantiles without sorting everything. The values are counted into buckets of equal width between the smallest and the largest; only
 * the buckets that hold an order statistic asked for are looked into, again by buckets until few values are left.
 */

/** So many values are sorted. */
const few = 64;
/** Rounds of buckets before sorting: values that crowd together round after round would take for ever. */
const mostRounds = 8;
const mostBuckets = 4_096;

const [countScratch, placeScratch] = [
  new Scratch((length) => new Uint32Array(length)),
  new Scratch((length) => new Uint32Array(length)),
];

/**
 * Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy); NaN without
 * values.
 * @param values without NaN, in any order; left unchanged
 * @param shares each 0..1
 */
export function quantilesOf(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 0) return shares.map(() => Number.NaN);
  const below = shares.map((share) => Math.floor(last * share));
  const statistics = orderStatistics(values, [...below, ...below.map((rank) => Math.min(rank + 1, last))], 0);
  return shares.map((share, index) => {
    const low = statistics[index]!;
    const high = statistics[shares.length + index]!;
    return low === high ? low : low + (last * share - below[index]!) * (high - low);
  });
}

/** The values that would stand at the ranks (from 0) if all were sorted ascending. */
function orderStatistics(values: Float64Array, ranks: readonly number[], round: number): number[] {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  if (smallest === largest) return ranks.map(() => smallest);
  const buckets = Math.min(mostBuckets, values.length >> 2);
  const scale = (buckets - 1) / (largest - smallest);
  // Differences beyond float64 make no buckets.
  if (values.length <= few || round === mostRounds || !(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    const sorted = values.slice().sort();
    return ranks.map((rank) => sorted[rank]!);
  }
  const ends = countScratch.lend(buckets).fill(0);
  for (let index = 0; index < values.length; index++) ends[((values[index]! - smallest) * scale) >>> 0]!++;
  for (let bucket = 1; bucket < buckets; bucket++) ends[bucket]! += ends[bucket - 1]!;
  // Where the values of each bucket asked for stand among those of all of them, plus one: zero is a bucket that nobody asks for.
  const next = placeScratch.lend(buckets).fill(0);
  const asked: { readonly bucket: number; readonly from: number; readonly size: number; readonly start: number }[] = [];
  const bucketOfRank = ranks.map((rank) => firstAbove(ends, rank));
  let total = 0;
  for (const bucket of bucketOfRank) {
    if (next[bucket] !== 0) continue;
    const start = bucket === 0 ? 0 : ends[bucket - 1]!;
    const size = ends[bucket]! - start;
    asked.push({ bucket, from: total, size, start });
    next[bucket] = total + 1;
    total += size;
  }
  // From one pass over all.
  const inside = new Float64Array(total);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const bucket = ((value - smallest) * scale) >>> 0;
    const at = next[bucket]!;
    if (at === 0) continue;
    inside[at - 1] = value;
    next[bucket] = at + 1;
  }
  const found: number[] = new Array(ranks.length).fill(Number.NaN);
  for (const { bucket, from, size, start } of asked) {
    if (size <= few) {
      sortPart(inside, from, from + size);
      for (let index = 0; index < ranks.length; index++) {
        if (bucketOfRank[index] === bucket) found[index] = inside[from + ranks[index]! - start]!;
      }
      continue;
    }
    const together = [...bucketOfRank.keys()].filter((index) => bucketOfRank[index] === bucket);
    const statistics = orderStatistics(
      inside.subarray(from, from + size),
      together.map((index) => ranks[index]! - start),
      round + 1,
    );
    for (const [at, index] of together.entries()) found[index] = statistics[at]!;
  }
  return found;
}

/** Sorts the values [from, to) ascending by insertion: they are few, and a call of the engine's sort costs more than that. */
function sortPart(values: Float64Array, from: number, to: number): void {
  for (let index = from + 1; index < to; index++) {
    const value = values[index]!;
    let at = index;
    while (at > from && values[at - 1]! > value) {
      values[at] = values[at - 1]!;
      at--;
    }
    values[at] = value;
  }
}

/** First index whose value is above the bound; the values ascend and the last one is. */
function firstAbove(values: Uint32Array, bound: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
