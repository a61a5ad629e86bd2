import { CompensatedSum } from '../base/sums';
import { clientOrderIdOf, type OrderTable, orderStatusCode } from '../market/orders';
import type { Attribution, Report } from './document';
import type { Matching } from './matching';
import type { FeeFigures } from './measures';
import type { TableSide } from './pair-table';
import { amount, count, decimals, signed } from './verdict';

/**
 * Recommendations are computed: each takes one cause away, works the day out again from its orders, and says what the tracking
 * difference would have been. One that would move it by less than a basis point is not made.
 */

export type Recommendation = Report['recommendations'][number];

export interface RecommendationEvidence {
  readonly live: TableSide;
  readonly backtest: TableSide;
  readonly matching: Matching;
  readonly closingMark: number;
  readonly capital: number;
  readonly attribution: Attribution;
  readonly fees: FeeFigures;
  readonly liveMakerShare: number | null;
  readonly slippage: Report['slippage'];
  readonly latency: Report['latency'];
  readonly latencyDifferenceMs: number;
  readonly latencyWarnMs: number;
  /** Base units that live held more than the backtest at the start of the day. */
  readonly positionDifference: number;
  readonly staleMarks: number;
  /** Fees that could not be priced, by currency. */
  readonly unpriced: ReadonlyMap<string, number>;
  readonly quote: string | null;
}

const leastEffectBps = 1;
const mostRecommendations = 5;

export function recommendationsOf(evidence: RecommendationEvidence): Recommendation[] {
  const { attribution, capital } = evidence;
  const found: Recommendation[] = [];
  const before = (1e4 * attribution.gap) / capital;
  const money = evidence.quote === null ? '' : ` ${evidence.quote}`;
  /** Adds the recommendation if the day worked out again without its cause differs enough. */
  const offer = (topic: string, gapAfter: number, say: (outcome: string) => { what: string; why: string }) => {
    const after = (1e4 * gapAfter) / capital;
    if (!(Math.abs(after - before) >= leastEffectBps)) return;
    const outcome = `the tracking difference would have been ${signed(after)} instead of ${signed(before)} bps`;
    found.push({ topic, ...say(outcome), expectedEffectBps: after - before });
  };
  const share = (part: number) => shareOfGap(part, attribution.gap, money);

  const { liveBps, backtestBps } = evidence.fees;
  if (Number.isFinite(liveBps)) {
    const taker =
      evidence.liveMakerShare === null ? '' : ` (taker share ${(100 * (1 - evidence.liveMakerShare)).toFixed(0)} %)`;
    offer('fees', attribution.gap + feesAtRate(evidence.backtest.orders, liveBps), (outcome) => ({
      what: `Set the backtest fee to ${decimals(liveBps)} bps: ${outcome}.`,
      why: `Fees ${share(attribution.fees)}: live paid ${decimals(liveBps)} bps${taker}, the backtest assumed ${decimals(backtestBps)} bps.`,
    }));
  }

  if (attribution.delay !== null && Math.abs(attribution.delay) * 2 >= Math.abs(attribution.price)) {
    const { delay } = attribution;
    offer('latency', attribution.gap + fillsOnArrival(evidence), (outcome) => ({
      what: `Let the backtest fill at the price on arrival${
        evidence.latency.live.mean === null ? '' : ` (${decimals(evidence.latency.live.mean)} ms later)`
      }: ${outcome}.`,
      why: `The market moved before the orders arrived: such delays ${share(delay)} (${amount(delay)}${money}).`,
    }));
  } else if (evidence.slippage.meanBps !== null) {
    const bias = evidence.slippage.meanBps;
    offer('slippage', attribution.gap + fillsWorseBy(evidence.backtest.orders, bias), (outcome) => ({
      what: `Let the backtest fill ${decimals(Math.abs(bias))} bps ${bias > 0 ? 'worse' : 'better'}: ${outcome}.`,
      why: `Prices ${share(attribution.price)}: live filled ${decimals(Math.abs(bias))} bps ${bias > 0 ? 'worse' : 'better'} on average, half of the orders ${decimals(evidence.slippage.p50Bps ?? bias)} bps or more.`,
    }));
  }
  if (evidence.latencyDifferenceMs > evidence.latencyWarnMs && !found.some(({ topic }) => topic === 'latency')) {
    found.push({
      topic: 'latency',
      what: `Let the backtest fill ${decimals(evidence.latencyDifferenceMs)} ms later and run it again; without arrival prices the effect cannot be worked out.`,
      why: `Live filled ${decimals(evidence.latencyDifferenceMs)} ms later than the backtest (measured from ${basisWords[evidence.latency.basis]}).`,
      expectedEffectBps: null,
    });
  }

  offer('order size', attribution.gap - attribution.quantity, (outcome) => ({
    what: `Size orders so that they fill in full, or model partial fills: ${outcome}.`,
    why: `Quantities that differ ${share(attribution.quantity)} (${amount(attribution.quantity)}${money}).`,
  }));
  offer('missed orders', attribution.gap - attribution.missed, (outcome) => {
    const missed = evidence.matching.liveOf.reduce((total, live) => total + (live < 0 ? 1 : 0), 0);
    const rejected = rejectedAmongMissed(evidence);
    const cause = rejected === 0 ? '' : `, ${rejected} of them rejected or cancelled at the venue`;
    return {
      what: `Find out why ${count(missed, 'backtest order')} had no live fill${cause}: with them ${outcome}.`,
      why: `Missed orders ${share(attribution.missed)} (${amount(attribution.missed)}${money}).`,
    };
  });
  offer('extra orders', attribution.gap - attribution.extra, (outcome) => {
    const extra = evidence.matching.backtestOf.reduce((total, backtest) => total + (backtest < 0 ? 1 : 0), 0);
    return {
      what: `Find out why live sent ${count(extra, 'order')} the backtest did not: without them ${outcome}.`,
      why: `Extra orders ${share(attribution.extra)} (${amount(attribution.extra)}${money}).`,
    };
  });
  offer('carry', attribution.gap - attribution.carry, (outcome) => ({
    what: `Bring the live position in line before the day begins: ${outcome}.`,
    why: `Live started the day ${signed(evidence.positionDifference)} base units off the backtest; positions carried over ${share(attribution.carry)} (${amount(attribution.carry)}${money}).`,
  }));

  found.sort((a, b) => Math.abs(b.expectedEffectBps ?? 0) - Math.abs(a.expectedEffectBps ?? 0));
  found.length = Math.min(found.length, mostRecommendations);
  for (const [currency, fills] of evidence.unpriced) {
    found.push({
      topic: 'price source',
      what:
        currency === ''
          ? 'Name the fee currency in the log or its column map.'
          : `Import prices of ${currency}/${evidence.quote ?? 'the quote currency'}.`,
      why: `The fees of ${count(fills, 'fill')}${currency === '' ? ' name no currency' : ` are in ${currency}`} and could not be priced: they are left out of the gap.`,
      expectedEffectBps: null,
    });
  }
  if (evidence.staleMarks > 0) {
    found.push({
      topic: 'price source',
      what: 'Import prices of the symbol for the whole day.',
      why: `In ${count(evidence.staleMarks, 'interval')} the mark was older than an hour.`,
      expectedEffectBps: null,
    });
  }
  return found;
}

const basisWords = {
  decision: 'the decision',
  submission: 'the submission',
  displacement: 'the backtest fill',
  none: 'nothing',
} as const;

/** Change of the gap if every backtest order had paid the rate. */
function feesAtRate(orders: OrderTable, rateBps: number): number {
  const change = new CompensatedSum();
  for (let order = 0; order < orders.filledCount; order++) {
    change.add((rateBps / 1e4) * Math.abs(orders.notional[order]!) - orders.fee[order]!);
  }
  return change.value;
}

/** Change of the gap if every backtest order had filled worse by that part of its price: s * q * (s * |p| * part). */
function fillsWorseBy(orders: OrderTable, bps: number): number {
  const change = new CompensatedSum();
  for (let order = 0; order < orders.filledCount; order++) {
    change.add((orders.quantity[order]! * Math.abs(orders.price[order]!) * bps) / 1e4);
  }
  return change.value;
}

/** Change of the gap if the backtest orders of pairs with an arrival price had filled at it. */
function fillsOnArrival({ live, backtest, matching }: RecommendationEvidence): number {
  const { orders } = backtest;
  const change = new CompensatedSum();
  for (let order = 0; order < orders.filledCount; order++) {
    const partner = matching.liveOf[order]!;
    const arrival = partner < 0 ? Number.NaN : live.orders.arrivalPrice[partner]!;
    if (Number.isNaN(arrival)) continue;
    change.add(orders.side[order]! * orders.quantity[order]! * (arrival - orders.price[order]!));
  }
  return change.value;
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
