import { Random } from '../../../shared/base/random';
import { DAY_US, MINUTE_US, SECOND_US } from '../../../shared/base/time';
import type { Execution, Liquidity, OrderEvent, Side } from '../../../shared/market/executions';
import { type SampleInstrument, type SampleMarket, sampleInstruments } from './market';

/**
 * The sample desk's strategies: each trades round trips, once as its backtest believes and once as a venue would have it, with
 * latency, spread, partial fills, rejects, duplicates and lost client ids. One is fine, one decays, one has the wrong fee model.
 */

export interface SampleStrategy {
  readonly name: string;
  readonly version: string;
  readonly story: string;
  readonly symbols: readonly string[];
  readonly tripsPerDay: number;
  /** Quote value of one entry. */
  readonly lotNotional: number;
  /** Capital of one symbol, quote currency; the strategy's is the sum over its symbols. */
  readonly capitalPerSymbol: number;
  readonly holdMinutes: readonly [number, number];
  /** Share of orders that rest in the book, in the backtest. */
  readonly makerShare: number;
  /** Share of resting orders that live had to cross the spread for. */
  readonly crossedShare: number;
  readonly backtestFeeBps: { readonly maker: number; readonly taker: number };
  readonly liveFeeBps: { readonly maker: number; readonly taker: number };
  /** Median latency from decision to first fill, ms, by day (from 0). */
  latencyMs(day: number): number;
  /** How much the market has moved against the order when it arrives, bps, by day. */
  adverseMoveBps(day: number): number;
}

/** Grows in a straight line from 0 at day `from` to `top` on the last day. */
function ramp(day: number, from: number, top: number): number {
  return day <= from ? 0 : (top * (day - from)) / (sampleDays - 1 - from);
}

export const sampleDays = 30;

export const sampleStrategies: readonly SampleStrategy[] = [
  {
    name: 'momentum-5m',
    version: '2.3.0',
    story: 'fine: small noise, an order missed now and then',
    symbols: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT', 'LINK/USDT'],
    tripsPerDay: 32,
    lotNotional: 10_000,
    capitalPerSymbol: 120_000,
    holdMinutes: [6, 45],
    makerShare: 0.35,
    crossedShare: 0.04,
    backtestFeeBps: { maker: 2, taker: 5 },
    liveFeeBps: { maker: 2, taker: 5 },
    latencyMs: () => 66,
    adverseMoveBps: () => 0.15,
  },
  {
    name: 'mean-reversion-1m',
    version: '1.8.2',
    story: 'drifts: others trade the same signal first, and the gateway slows down',
    symbols: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'],
    tripsPerDay: 45,
    lotNotional: 8_000,
    capitalPerSymbol: 100_000,
    holdMinutes: [3, 25],
    makerShare: 0.5,
    crossedShare: 0.05,
    backtestFeeBps: { maker: 2, taker: 5 },
    liveFeeBps: { maker: 2, taker: 5 },
    latencyMs: (day) => 58 + ramp(day, 9, 46),
    adverseMoveBps: (day) => 0.1 + ramp(day, 9, 4.3),
  },
  {
    name: 'breakout-15m',
    version: '4.0.1',
    story: 'wrong fee model: the backtest rests every order at 2 bps, live crosses most of them at 9.6',
    symbols: ['BTC/USDT', 'ETH/USDT', 'XRP/USDT', 'LINK/USDT'],
    tripsPerDay: 28,
    lotNotional: 12_000,
    capitalPerSymbol: 120_000,
    holdMinutes: [20, 120],
    makerShare: 0.22,
    crossedShare: 0.02,
    backtestFeeBps: { maker: 2, taker: 2 },
    liveFeeBps: { maker: 2, taker: 9.6 },
    latencyMs: () => 71,
    adverseMoveBps: () => 0.2,
  },
];

interface SampleLog {
  readonly executions: readonly Execution[];
  readonly orderEvents: readonly OrderEvent[];
}

export interface SampleTrades {
  readonly backtest: SampleLog;
  readonly live: SampleLog;
}

/** What the strategy asks for; `legs` share a trip, and an exit asks for what its entry got. */
interface Intent {
  readonly decidedAtUs: number;
  readonly side: Side;
  readonly quantity: number;
  readonly liquidity: Liquidity;
  readonly clientOrderId: string;
}

interface Writing {
  readonly executions: Execution[];
  readonly orderEvents: OrderEvent[];
  nextOrder: number;
  nextTrade: number;
}

const backtestLatencyUs = 40_000;
const rejectReasons = ['post-only order would cross', 'rate limit exceeded', 'insufficient margin'] as const;

export function simulateStrategy(seed: string, strategy: SampleStrategy, market: SampleMarket): SampleTrades {
  const backtest: Writing = { executions: [], orderEvents: [], nextOrder: 1, nextTrade: 1 };
  const live: Writing = { executions: [], orderEvents: [], nextOrder: 48_200_117, nextTrade: 913_004_562 };
  for (const symbol of strategy.symbols) {
    const instrument = sampleInstruments.find((candidate) => candidate.symbol === symbol);
    if (instrument === undefined) throw new Error(`The sample market has no ${symbol}.`);
    simulateSymbol(new Random(`${seed}/${strategy.name}/${symbol}`), strategy, instrument, market, backtest, live);
  }
  return { backtest: inTimeOrder(backtest), live: inTimeOrder(live) };
}

function simulateSymbol(
  random: Random,
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  market: SampleMarket,
  backtest: Writing,
  live: Writing,
): void {
  const endUs = market.firstUs + market.minutes * MINUTE_US;
  const base = instrument.symbol.split('/')[0] ?? instrument.symbol;
  let number = 0;
  let atUs = market.firstUs + random.between(1, 20) * MINUTE_US;
  while (atUs < endUs) {
    const holdUs = random.between(...strategy.holdMinutes) * MINUTE_US;
    const exitUs = atUs + holdUs;
    if (exitUs > endUs - 5 * MINUTE_US) break;
    const day = Math.floor((atUs - market.firstUs) / DAY_US);
    const quantity = toStep(
      (strategy.lotNotional * random.between(0.7, 1.3)) / market.midAt(instrument.symbol, atUs),
      instrument.lot,
    );
    const side: Side = random.chance(0.54) ? 'buy' : 'sell';
    const entryLiquidity: Liquidity = random.chance(strategy.makerShare) ? 'maker' : 'taker';
    const exitLiquidity: Liquidity = random.chance(strategy.makerShare) ? 'maker' : 'taker';
    const id = `${strategy.name}-${base}-${String(++number).padStart(5, '0')}`;
    const entry: Intent = {
      decidedAtUs: Math.round(atUs),
      side,
      quantity,
      liquidity: entryLiquidity,
      clientOrderId: `${id}-in`,
    };
    const exit: Intent = {
      decidedAtUs: Math.round(exitUs),
      side: side === 'buy' ? 'sell' : 'buy',
      quantity,
      liquidity: exitLiquidity,
      clientOrderId: `${id}-out`,
    };
    for (const intent of [entry, exit]) fillInBacktest(strategy, instrument, market, intent, backtest);
    const held = sendLive(random, strategy, instrument, market, entry, day, live);
    if (held > 0) closeLive(random, strategy, instrument, market, { ...exit, quantity: held }, day, live);
    atUs += Math.max(0.5, random.exponential(1_440 / strategy.tripsPerDay)) * MINUTE_US;
  }
}

function fillInBacktest(
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  market: SampleMarket,
  intent: Intent,
  into: Writing,
): void {
  const mid = market.midAt(instrument.symbol, intent.decidedAtUs);
  const crossing = intent.liquidity === 'taker' ? 1 : -1;
  const price = toStep(mid * (1 + sign(intent.side) * crossing * instrument.halfSpreadBps * 1e-4), instrument.tick);
  into.executions.push({
    source: 'backtest',
    venue: 'binance',
    account: null,
    strategy: strategy.name,
    version: strategy.version,
    symbol: instrument.symbol,
    side: intent.side,
    price,
    quantity: intent.quantity,
    fee: toFee(price * intent.quantity * strategy.backtestFeeBps[intent.liquidity] * 1e-4),
    feeCurrency: 'USDT',
    liquidity: intent.liquidity,
    executedAtUs: intent.decidedAtUs + backtestLatencyUs,
    tradeId: `bt-${into.nextTrade++}`,
    orderId: `bt-${into.nextOrder++}`,
    clientOrderId: intent.clientOrderId,
    decidedAtUs: intent.decidedAtUs,
    submittedAtUs: null,
    arrivalPrice: null,
    intendedQuantity: intent.quantity,
    paper: false,
    line: 0,
  });
}

/** Sends an entry and returns what it filled. */
function sendLive(
  random: Random,
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  market: SampleMarket,
  intent: Intent,
  day: number,
  into: Writing,
): number {
  if (random.chance(0.009)) {
    writeEvent('rejected', rejectReasons[random.integer(0, 2)]!, strategy, instrument, intent, into, 35_000);
    return 0;
  }
  if (intent.liquidity === 'maker' && random.chance(0.008)) {
    writeEvent('cancelled', 'not filled within 60 s', strategy, instrument, intent, into, 60 * SECOND_US);
    return 0;
  }
  const filledShare = random.chance(0.03) ? random.between(0.4, 0.97) : 1;
  const filled = Math.max(toStep(intent.quantity * filledShare, instrument.lot), instrument.lot);
  fillLive(random, strategy, instrument, market, intent, filled, day, into);
  if (random.chance(0.002)) {
    // A resend after a time-out that had been filled after all: the desk holds it twice and closes it seconds later.
    const doubled: Intent = {
      ...intent,
      decidedAtUs: intent.decidedAtUs + 2 * SECOND_US,
      clientOrderId: `${intent.clientOrderId}-retry`,
    };
    fillLive(random, strategy, instrument, market, doubled, filled, day, into);
    const undo: Intent = {
      ...doubled,
      decidedAtUs: doubled.decidedAtUs + 20 * SECOND_US,
      side: intent.side === 'buy' ? 'sell' : 'buy',
      clientOrderId: `${intent.clientOrderId}-undo`,
    };
    fillLive(random, strategy, instrument, market, undo, filled, day, into);
  }
  return filled;
}

/** An exit always gets out, if need be on a second attempt after a reject. */
function closeLive(
  random: Random,
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  market: SampleMarket,
  intent: Intent,
  day: number,
  into: Writing,
): void {
  let sent = intent;
  if (random.chance(0.004)) {
    writeEvent(
      'rejected',
      rejectReasons[1],
      strategy,
      instrument,
      { ...intent, clientOrderId: `${intent.clientOrderId}-a` },
      into,
      30_000,
    );
    sent = { ...intent, decidedAtUs: intent.decidedAtUs + 400_000 };
  }
  fillLive(random, strategy, instrument, market, sent, sent.quantity, day, into);
}

function fillLive(
  random: Random,
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  market: SampleMarket,
  intent: Intent,
  quantity: number,
  day: number,
  into: Writing,
): void {
  const direction = sign(intent.side);
  const liquidity: Liquidity =
    intent.liquidity === 'maker' && random.chance(strategy.crossedShare) ? 'taker' : intent.liquidity;
  const latencyUs = Math.round(random.logNormal(strategy.latencyMs(day), 0.38) * 1_000);
  const submittedAtUs = intent.decidedAtUs + Math.round(latencyUs * random.between(0.08, 0.16));
  const arrivedAtUs = intent.decidedAtUs + latencyUs;
  const adverse = strategy.adverseMoveBps(day) * random.between(0.5, 1.5) + 1.1 * random.normal();
  const arrivalPrice = market.midAt(instrument.symbol, arrivedAtUs) * (1 + direction * adverse * 1e-4);
  const crossing = liquidity === 'taker' ? 1 : -1;
  const parts = splitQuantity(random, quantity, instrument.lot);
  const orderId = String(into.nextOrder++);
  const clientOrderId = random.chance(0.02) ? null : intent.clientOrderId;
  let executedAtUs = arrivedAtUs;
  parts.forEach((part, index) => {
    if (index > 0) executedAtUs += Math.round(random.exponential(90) * 1_000) + 1_000;
    const cost =
      instrument.halfSpreadBps * crossing + 0.25 * random.normal() + (liquidity === 'taker' ? 0.4 * index : 0);
    const price = toStep(arrivalPrice * (1 + direction * cost * 1e-4), instrument.tick);
    into.executions.push({
      source: 'live',
      venue: 'binance',
      account: 'main',
      strategy: strategy.name,
      version: strategy.version,
      symbol: instrument.symbol,
      side: intent.side,
      price,
      quantity: part,
      fee: toFee(price * part * strategy.liveFeeBps[liquidity] * 1e-4),
      feeCurrency: 'USDT',
      liquidity,
      executedAtUs,
      tradeId: String(into.nextTrade++),
      orderId,
      clientOrderId,
      decidedAtUs: intent.decidedAtUs,
      submittedAtUs,
      arrivalPrice: toStep(arrivalPrice, instrument.tick / 2),
      intendedQuantity: intent.quantity,
      paper: false,
      line: 0,
    });
  });
}

function writeEvent(
  kind: 'rejected' | 'cancelled',
  reason: string,
  strategy: SampleStrategy,
  instrument: SampleInstrument,
  intent: Intent,
  into: Writing,
  afterUs: number,
): void {
  into.orderEvents.push({
    source: 'live',
    venue: 'binance',
    account: 'main',
    strategy: strategy.name,
    version: strategy.version,
    symbol: instrument.symbol,
    side: intent.side,
    kind,
    atUs: intent.decidedAtUs + afterUs,
    orderId: String(into.nextOrder++),
    clientOrderId: intent.clientOrderId,
    intendedQuantity: intent.quantity,
    price: null,
    reason,
    paper: false,
    line: 0,
  });
}

/** Mostly one fill, sometimes two or three, each a whole number of lots. */
function splitQuantity(random: Random, quantity: number, lot: number): readonly number[] {
  const draw = random.uniform();
  const count = draw < 0.72 ? 1 : draw < 0.92 ? 2 : 3;
  const parts: number[] = [];
  let lots = Math.round(quantity / lot);
  for (let left = count; left > 1 && lots > left; left--) {
    const taken = Math.max(1, Math.floor((lots / left) * random.between(0.5, 1.4)));
    parts.push(toStep(taken * lot, lot));
    lots -= taken;
  }
  parts.push(toStep(lots * lot, lot));
  return parts;
}

function sign(side: Side): 1 | -1 {
  return side === 'buy' ? 1 : -1;
}

/** Rounds to a multiple of the step, written with no more digits than the step has. */
function toStep(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toFixed(Math.max(0, Math.ceil(-Math.log10(step)) + 1)));
}

function toFee(value: number): number {
  return Number(value.toFixed(8));
}

function inTimeOrder(log: Writing): SampleLog {
  return {
    executions: log.executions.sort((a, b) => a.executedAtUs - b.executedAtUs),
    orderEvents: log.orderEvents.sort((a, b) => a.atUs - b.atUs),
  };
}
