import { clientOrderIdOf, fillRowsOf, type OrderTable, orderStatusCode } from '../market/orders';
import { applyCalibration, type BacktestSettings, type BacktestSide, unchangedBacktest } from './calibration-apply';
import { joinedFills, keptFills } from './changed-fills';
import type { Attribution, Report } from './document';
import type { Matching } from './matching';
import type { FeeFigures } from './measures';
import type { TableSide } from './pair-table';
import { type DayFrame, gapsOfDay, type TrackedSide, type TrackedSides } from './tracked-day';
import { amount, count, decimals, signed } from './verdict';

/**
 * Recommendations are computed: each changes the day's fills, works the day's gap out again from them, and says what the tracking
 * difference would have been. What would move it by less than a basis point, or cannot be worked out, is not recommended. Where two
 * causes hide each other or only together explain the day, what both would do is worked out too.
 */

export type Recommendation = Report['recommendations'][number];

type RecommendedSide = TableSide & { readonly fees: Float64Array | null; readonly positionAtStart: number };

export interface RecommendationEvidence {
  readonly live: RecommendedSide;
  readonly backtest: RecommendedSide;
  readonly matching: Matching;
  readonly frame: DayFrame;
  readonly attribution: Attribution;
  readonly fees: FeeFigures;
  readonly liveMakerShare: number | null;
  readonly slippage: Report['slippage'];
  readonly latency: Report['latency'];
  readonly quote: string | null;
}

const leastEffectBps = 1;
/** A cause smaller than this is not worked out: it cannot have the least effect. */
const leastCauseBps = leastEffectBps / 2;
const mostRecommendations = 5;

/** What takes a cause away: the sides with it changed. Row for row as before, but for the orders it adds or leaves out. */
type Change = (sides: TrackedSides) => TrackedSides;

interface Candidate {
  readonly topic: string;
  /** Quote currency: what the day's split says of the cause. */
  readonly money: number;
  readonly change: Change;
  say(outcome: string): { what: string; why: string };
}

export function recommendationsOf(evidence: RecommendationEvidence): Recommendation[] {
  const { attribution, frame } = evidence;
  const { capital } = frame;
  if (!(capital > 0)) return [];
  const sides: TrackedSides = { live: sideOf(evidence.live), backtest: sideOf(evidence.backtest) };
  const before = (1e4 * attribution.gap) / capital;
  const gapOf = gapsOfDay(frame);
  const after = (...changes: readonly Change[]) =>
    (1e4 * gapOf(changes.reduce((changed, change) => change(changed), sides))) / capital;
  const outcomeOf = (differenceBps: number) =>
    `the tracking difference would have been ${signed(differenceBps)} instead of ${signed(before)} bps`;

  const found: (Recommendation & { readonly order: number; readonly change: Change; readonly after: number })[] = [];
  for (const [order, { topic, money, change, say }] of candidatesOf(evidence).entries()) {
    if (!((1e4 * Math.abs(money)) / capital >= leastCauseBps)) continue;
    const changed = after(change);
    if (!(Math.abs(changed - before) >= leastEffectBps)) continue;
    const hidden = Math.abs(changed) > Math.abs(before) ? ', since it offsets other causes' : '';
    const words = say(`${outcomeOf(changed)}${hidden}`);
    found.push({ topic, ...words, expectedEffectBps: changed - before, order, change, after: changed });
  }
  found.sort((a, b) => Math.abs(b.expectedEffectBps ?? 0) - Math.abs(a.expectedEffectBps ?? 0));

  const recommendations: Recommendation[] = found.map(({ topic, what, why, expectedEffectBps }) => ({
    topic,
    what,
    why,
    expectedEffectBps,
  }));
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    // Orders are left out of a side before others are added to it: rows are those of the log until then.
    const both = first.order < second.order ? [first, second] : [second, first];
    const changed = after(...both.map(({ change }) => change));
    const better = Math.min(Math.abs(first.after), Math.abs(second.after)) - Math.abs(changed) >= leastEffectBps;
    if (better && Math.abs(changed) < Math.abs(before) + leastEffectBps) {
      recommendations.length = Math.min(recommendations.length, mostRecommendations - 1);
      recommendations.push({
        topic: both.map(({ topic }) => topic).join(' and '),
        what: `Do both, ${both.map(({ topic }) => topic).join(' and ')}: ${outcomeOf(changed)}.`,
        why: `Alone, ${first.topic} would have left ${signed(first.after)} bps and ${second.topic} ${signed(second.after)} bps.`,
        expectedEffectBps: changed - before,
      });
    }
  }
  recommendations.length = Math.min(recommendations.length, mostRecommendations);
  return recommendations;
}

function candidatesOf(evidence: RecommendationEvidence): Candidate[] {
  const { attribution, matching, live, backtest, slippage, latency } = evidence;
  const money = evidence.quote === null ? '' : ` ${evidence.quote}`;
  const share = (part: number) => shareOfGap(part, attribution.gap, money);
  const { notional: notionals, filledCount } = backtest.orders;
  let notional = 0;
  for (let order = 0; order < filledCount; order++) notional += Math.abs(notionals[order]!);
  const setBacktest =
    (settings: Partial<BacktestSettings>): Change =>
    (sides) => ({
      ...sides,
      backtest: applyCalibration(settable(sides.backtest, backtest), { ...unchangedBacktest, ...settings }),
    });

  const candidates: Candidate[] = [];
  const { liveBps, backtestBps } = evidence.fees;
  if (Number.isFinite(liveBps)) {
    const taker =
      evidence.liveMakerShare === null ? '' : ` (taker share ${(100 * (1 - evidence.liveMakerShare)).toFixed(0)} %)`;
    candidates.push({
      topic: 'fees',
      money: ((liveBps - backtestBps) * notional) / 1e4,
      change: setBacktest({ feeBps: { maker: liveBps, taker: liveBps, unknown: liveBps } }),
      say: (outcome) => ({
        what: `Set the backtest fee to ${decimals(liveBps)} bps: ${outcome}.`,
        why: `Fees ${share(attribution.fees)}: live paid ${decimals(liveBps)} bps${taker}, the backtest assumed ${decimals(backtestBps)} bps.`,
      }),
    });
  }
  if (attribution.delay !== null && Math.abs(attribution.delay) * 2 >= Math.abs(attribution.price)) {
    const { delay } = attribution;
    candidates.push({
      topic: 'latency',
      money: delay,
      change: (sides) => ({ ...sides, backtest: onArrival(sides.backtest, evidence) }),
      say: (outcome) => ({
        what: `Let the backtest fill at the price on arrival${
          latency.live.mean === null ? '' : ` (${decimals(latency.live.mean)} ms later)`
        }: ${outcome}.`,
        why: `The market moved before the orders arrived: such delays ${share(delay)} (${amount(delay)}${money}).`,
      }),
    });
  } else if (slippage.meanBps !== null) {
    const bias = slippage.meanBps;
    const direction = bias > 0 ? 'worse' : 'better';
    candidates.push({
      topic: 'slippage',
      money: (bias * notional) / 1e4,
      change: setBacktest({ slippage: { buyBps: bias, sellBps: bias, impactBpsPerSqrtNotional: 0 } }),
      say: (outcome) => ({
        what: `Let the backtest fill ${decimals(Math.abs(bias))} bps ${direction}: ${outcome}.`,
        why: `Prices ${share(attribution.price)}: live filled ${decimals(Math.abs(bias))} bps ${direction} on average, half of the orders ${decimals(slippage.p50Bps ?? bias)} bps or more.`,
      }),
    });
  }
  candidates.push(
    {
      topic: 'order size',
      money: attribution.quantity,
      change: (sides) => ({ ...sides, backtest: inLiveSize(sides.backtest, evidence) }),
      say: (outcome) => ({
        what: `Size orders so that they fill in full, or let the backtest fill what live filled: ${outcome}.`,
        why: `Quantities that differ ${share(attribution.quantity)} (${amount(attribution.quantity)}${money}).`,
      }),
    },
    {
      topic: 'extra orders',
      money: attribution.extra,
      change: (sides) => ({ ...sides, live: withoutOrders(sides.live, live.orders, matching.backtestOf) }),
      say: (outcome) => {
        const extra = withoutPartner(matching.backtestOf);
        return {
          what: `Find out why live sent ${count(extra, 'order')} the backtest did not: without them ${outcome}.`,
          why: `Extra orders ${share(attribution.extra)} (${amount(attribution.extra)}${money}).`,
        };
      },
    },
    {
      topic: 'missed orders',
      money: attribution.missed,
      change: (sides) => ({ ...sides, live: withOrders(sides.live, sides.backtest, backtest.orders, matching.liveOf) }),
      say: (outcome) => {
        const missed = withoutPartner(matching.liveOf);
        const rejected = rejectedAmongMissed(evidence);
        const cause = rejected === 0 ? '' : `, ${rejected} of them rejected or cancelled at the venue`;
        return {
          what: `Find out why ${count(missed, 'backtest order')} had no live fill${cause}: with them ${outcome}.`,
          why: `Missed orders ${share(attribution.missed)} (${amount(attribution.missed)}${money}).`,
        };
      },
    },
    {
      topic: 'carry',
      money: attribution.carry,
      change: ({ live: from, backtest: to }) => ({
        live: { ...from, positionAtStart: to.positionAtStart },
        backtest: to,
      }),
      say: (outcome) => ({
        what: `Bring the live position in line before the day begins: ${outcome}.`,
        why: `Live started the day ${signed(live.positionAtStart - backtest.positionAtStart)} base units off the backtest; positions carried over ${share(attribution.carry)} (${amount(attribution.carry)}${money}).`,
      }),
    },
  );
  return candidates;
}

function withoutPartner(partners: Int32Array): number {
  let alone = 0;
  for (let order = 0; order < partners.length; order++) if (partners[order]! < 0) alone++;
  return alone;
}

function sideOf({ columns, fees, positionAtStart }: RecommendedSide): TrackedSide {
  return { fills: columns, feeQuote: fees, positionAtStart };
}

/** The backtest as changed so far, with what settings look at besides its money. */
function settable(changed: TrackedSide, { columns, orders }: RecommendedSide): BacktestSide {
  const fills = columns === null || changed.fills === null ? null : { ...changed.fills, liquidity: columns.liquidity };
  return { ...changed, fills, orders };
}

/** The backtest orders of pairs whose live order has an arrival price, filled at it. */
function onArrival(side: TrackedSide, { live, backtest, matching }: RecommendationEvidence): TrackedSide {
  if (side.fills === null) return side;
  const price = side.fills.price.slice();
  for (let order = 0; order < backtest.orders.filledCount; order++) {
    const partner = matching.liveOf[order]!;
    const arrival = partner < 0 ? Number.NaN : live.orders.arrivalPrice[partner]!;
    if (!Number.isNaN(arrival)) for (const row of fillRowsOf(backtest.orders, order)) price[row] = arrival;
  }
  return { ...side, fills: { ...side.fills, price } };
}

/** The backtest orders of pairs in the size that live filled, their fees in proportion. */
function inLiveSize(side: TrackedSide, { live, backtest, matching }: RecommendationEvidence): TrackedSide {
  if (side.fills === null || side.feeQuote === null) return side;
  const quantity = side.fills.quantity.slice();
  const feeQuote = side.feeQuote.slice();
  for (let order = 0; order < backtest.orders.filledCount; order++) {
    const partner = matching.liveOf[order]!;
    const asked = backtest.orders.quantity[order]!;
    if (partner < 0 || asked === live.orders.quantity[partner]!) continue;
    const part = live.orders.quantity[partner]! / asked;
    for (const row of fillRowsOf(backtest.orders, order)) {
      quantity[row]! *= part;
      feeQuote[row]! *= part;
    }
  }
  return { ...side, fills: { ...side.fills, quantity }, feeQuote };
}

/** The side without its orders that have no partner. */
function withoutOrders(side: TrackedSide, orders: OrderTable, partners: Int32Array): TrackedSide {
  const { fills, feeQuote } = side;
  if (fills === null || feeQuote === null) return side;
  return { ...side, ...keptFills({ fills, feeQuote }, (row) => partners[orders.orderOfRow[row]!]! >= 0) };
}

/** The side with those orders of the other that have no partner, as the other filled them. */
function withOrders(side: TrackedSide, other: TrackedSide, orders: OrderTable, partners: Int32Array): TrackedSide {
  const { fills, feeQuote } = other;
  if (fills === null || feeQuote === null) return side;
  const added = keptFills({ fills, feeQuote }, (row) => partners[orders.orderOfRow[row]!]! < 0);
  if (side.fills === null || side.feeQuote === null) return { ...side, ...added };
  return { ...side, ...joinedFills({ fills: side.fills, feeQuote: side.feeQuote }, added) };
}

function rejectedAmongMissed({ live, backtest, matching }: RecommendationEvidence): number {
  const ended = new Set<string>();
  for (let order = live.orders.filledCount; order < live.orders.count; order++) {
    if (live.orders.status[order] === orderStatusCode.open) continue;
    const key = clientOrderIdOf(live.orders, order, live.columns, live.events);
    if (key !== '') ended.add(key);
  }
  if (ended.size === 0) return 0;
  let rejected = 0;
  for (let order = 0; order < backtest.orders.filledCount; order++) {
    if (matching.liveOf[order] !== -1) continue;
    if (ended.has(clientOrderIdOf(backtest.orders, order, backtest.columns, backtest.events))) rejected++;
  }
  return rejected;
}

/** A cause this many times the gap is told beside it: "2,079 % of the gap" would say nothing. */
const mostShareOfGap = 2;

/** "explain 62 % of the gap", or, where causes outweigh each other, what they are beside it. */
function shareOfGap(part: number, gap: number, money: string): string {
  if (Math.abs(part) > mostShareOfGap * Math.abs(gap)) {
    return `are outweighed by other causes, the gap being ${amount(gap)}${money}`;
  }
  const share = part / gap;
  if (share < 0) return `offset ${decimals(-100 * share)} % of the gap`;
  return `explain ${decimals(100 * share)} % of the gap`;
}

/**
 * One recommendation per topic out of many symbols' or days': the largest one's words, and the effects added up.
 * @param scale what turns the part's basis points into those of the whole
 */
export function gatherRecommendations(
  parts: readonly {
    readonly name: string;
    readonly scale: number;
    readonly recommendations: readonly Recommendation[];
  }[],
): Recommendation[] {
  const topics = new Map<
    string,
    { largest: Recommendation; name: string; size: number; effect: number; names: number }
  >();
  for (const { name, scale, recommendations } of parts) {
    for (const recommendation of recommendations) {
      const effect = (recommendation.expectedEffectBps ?? 0) * scale;
      const topic = topics.get(recommendation.topic);
      if (topic === undefined) {
        topics.set(recommendation.topic, { largest: recommendation, name, size: Math.abs(effect), effect, names: 1 });
        continue;
      }
      topic.effect += effect;
      topic.names++;
      if (Math.abs(effect) <= topic.size) continue;
      topic.largest = recommendation;
      topic.name = name;
      topic.size = Math.abs(effect);
    }
  }
  return [...topics.values()]
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, mostRecommendations)
    .map(({ largest, name, effect, names }) => ({
      topic: largest.topic,
      what: `${name}${names > 1 ? ` and ${names - 1} more` : ''}: ${largest.what}`,
      why: `${name}: ${largest.why}`,
      expectedEffectBps: largest.expectedEffectBps === null ? null : effect,
    }));
}
