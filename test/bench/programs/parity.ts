import { Random } from '../../../shared/base/random';
import { DAY_US, HOUR_US, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import { formOrders } from '../../../shared/market/orders';
import { textColumnOf } from '../../../shared/market/text-column';
import { matchOrders } from '../../../shared/parity/matching';
import { computePortfolioDay } from '../../../shared/parity/portfolio';
import { defaultParitySettings } from '../../../shared/parity/settings';
import { computeSymbolDay, type SymbolDayInput } from '../../../shared/parity/symbol-day';
import { trackingErrorBps } from '../../../shared/parity/tracking';
import { peakMemoryMb } from '../peak-memory.mjs';

/**
 * Parity on columns in memory, one process, one thread: one symbol-day of 1,000 and of 100,000 executions a side, keys missing,
 * intervals, tracking error alone, and the reference work (1,500 symbol-days, a million fills a side) with its 30 portfolio days.
 * A plain peer, objects and maps, does the simplest part of the same work (group, match by key, weighted slippage) for proportion.
 * Prints milliseconds as JSON.
 */

const day = '2026-03-02' as UtcDay; // a literal in the brand's shape

interface PlainFill {
  readonly atUs: number;
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  readonly fee: number;
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** Live repeats the backtest: 20 to 80 ms later, 3 bps of noise, 5 % in two fills, 1 % missing, `unkeyed` of the ids gone. */
function logs(
  count: number,
  startUs: number,
  unkeyed: number,
  seed: string,
): { live: PlainFill[]; backtest: PlainFill[] } {
  const random = new Random(seed);
  const live: PlainFill[] = [];
  const backtest: PlainFill[] = [];
  let price = 50_000;
  for (let index = 0; index < count; index++) {
    price *= 1 + random.normal() * 1e-5;
    const atUs = startUs + Math.floor(((index + random.uniform()) * (DAY_US - 2_000_000)) / count);
    const side = random.chance(0.5) ? 1 : -1;
    const quantity = random.logNormal(0.05, 0.5);
    const clientOrderId = `c${index}`;
    backtest.push({ atUs, side, price, quantity, fee: price * quantity * 5e-4, orderId: `b${index}`, clientOrderId });
    if (random.chance(0.01)) continue;
    const filled = price * (1 + random.normal() * 3e-4);
    const parts = random.chance(0.05) ? 2 : 1;
    const key = random.chance(unkeyed) ? '' : clientOrderId;
    for (let part = 0; part < parts; part++) {
      const delayUs = Math.floor(random.between(20_000, 80_000));
      const size = quantity / parts;
      live.push({
        atUs: atUs + delayUs,
        side,
        price: filled,
        quantity: size,
        fee: filled * size * 6e-4,
        orderId: `l${index}`,
        clientOrderId: key,
      });
    }
  }
  live.sort((a, b) => a.atUs - b.atUs);
  return { live, backtest };
}

function columnsOf(fills: readonly PlainFill[]): ExecutionColumns {
  const numbers = (of: (fill: PlainFill) => number) => Float64Array.from(fills, of);
  const unknown = () => new Float64Array(fills.length).fill(Number.NaN);
  return {
    count: fills.length,
    executedAtUs: numbers((fill) => fill.atUs),
    side: Int8Array.from(fills, (fill) => fill.side),
    price: numbers((fill) => fill.price),
    quantity: numbers((fill) => fill.quantity),
    fee: numbers((fill) => fill.fee),
    feeCurrency: new Uint16Array(fills.length).fill(1),
    liquidity: new Uint8Array(fills.length).fill(2),
    decidedAtUs: unknown(),
    submittedAtUs: unknown(),
    arrivalPrice: unknown(),
    intendedQuantity: unknown(),
    venue: new Uint16Array(fills.length),
    account: new Uint16Array(fills.length),
    version: new Uint16Array(fills.length),
    paper: new Uint8Array(fills.length),
    tradeId: textColumnOf(fills.map(() => '')),
    orderId: textColumnOf(fills.map((fill) => fill.orderId)),
    clientOrderId: textColumnOf(fills.map((fill) => fill.clientOrderId)),
    line: new Uint32Array(fills.length),
    importIndex: new Uint16Array(fills.length),
    dictionaries: { feeCurrencies: ['', 'USDT'], venues: [''], accounts: [''], versions: [''], importIds: [''] },
  };
}

function inputOf(
  live: ExecutionColumns,
  backtest: ExecutionColumns,
  symbol: string,
  intervals: boolean,
): SymbolDayInput {
  const startUs = utcDayStartUs(day);
  const coverage = { firstUs: startUs, lastUs: startUs + DAY_US };
  return {
    strategy: 'bench',
    symbol,
    day,
    live: { executions: live, orderEvents: [], positionAtStart: 0, coverage },
    backtest: { executions: backtest, orderEvents: [], positionAtStart: 0, coverage },
    prices: { atUs: new Float64Array(0), price: new Float64Array(0) },
    lastFillBefore: null,
    feePrices: new Map(),
    allocatedCapital: null,
    quarantinedRows: 0,
    nowUs: startUs + DAY_US + 2 * HOUR_US,
    settings: defaultParitySettings,
    revision: 1,
    intervals,
  };
}

/** What a straightforward program would do for a fraction of the report. */
function plainPeer(live: readonly PlainFill[], backtest: readonly PlainFill[]): number {
  const orders = new Map<string, { key: string; side: number; quantity: number; notional: number; fee: number }>();
  for (const fill of live) {
    const order = orders.get(fill.orderId) ?? {
      key: fill.clientOrderId,
      side: fill.side,
      quantity: 0,
      notional: 0,
      fee: 0,
    };
    order.quantity += fill.quantity;
    order.notional += fill.quantity * fill.price;
    order.fee += fill.fee;
    orders.set(fill.orderId, order);
  }
  const byKey = new Map(backtest.map((fill) => [fill.clientOrderId, fill]));
  let [sum, weight] = [0, 0];
  for (const order of orders.values()) {
    const partner = byKey.get(order.key);
    if (partner === undefined) continue;
    const slippage = (order.side * (order.notional / order.quantity - partner.price)) / partner.price;
    sum += slippage * partner.price * order.quantity;
    weight += partner.price * order.quantity;
  }
  return sum / weight;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

/** Median of the rounds in ms per run; `runs` runs a round, rounds of all rows interleaved. */
function measure(
  rows: Record<string, { readonly runs: number; readonly run: () => unknown }>,
  rounds = 7,
): Record<string, number> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, { runs, run }] of Object.entries(rows)) {
      const start = performance.now();
      for (let index = 0; index < runs; index++) run();
      const ms = (performance.now() - start) / runs;
      if (round >= 0) times[name]!.push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

const startUs = utcDayStartUs(day);
const small = logs(1_000, startUs, 0.03, 'small');
const large = logs(100_000, startUs, 0.03, 'large');
const keyless = logs(50_000, startUs, 1, 'keyless');
const smallColumns = { live: columnsOf(small.live), backtest: columnsOf(small.backtest) };
const largeColumns = { live: columnsOf(large.live), backtest: columnsOf(large.backtest) };
const keylessOrders = [keyless.live, keyless.backtest].map((fills) => formOrders(columnsOf(fills), null, [], 1e6));
const keylessKeys = [keyless.live, keyless.backtest].map((fills) => columnsOf(fills).clientOrderId);
const differences = Float64Array.from({ length: 1_000 }, (_, index) => Math.sin(index));

const report = (columns: typeof smallColumns, intervals: boolean) =>
  computeSymbolDay(inputOf(columns.live, columns.backtest, 'BTC/USDT', intervals));
const symbols = Array.from({ length: 50 }, (_, index) => `S${index}/USDT`);
const reference = symbols.map((symbol) => {
  const { live, backtest } = logs(667, startUs, 0.03, symbol);
  return { symbol, live: columnsOf(live), backtest: columnsOf(backtest) };
});

/** 50 symbols over 30 days, a million fills a side, and each day's portfolio. */
function referenceDays(): void {
  for (let index = 0; index < 30; index++) {
    const results = reference.map(({ symbol, live, backtest }) =>
      computeSymbolDay(inputOf(live, backtest, symbol, false)),
    );
    computePortfolioDay({
      strategy: 'bench',
      day,
      symbols: results,
      allocatedCapital: null,
      quarantinedRows: 0,
      nowUs: startUs + 2 * DAY_US,
      settings: defaultParitySettings,
      revision: 1,
      intervals: false,
    });
  }
}

const figures = measure({
  report1000: { runs: 50, run: () => report(smallColumns, false) },
  report1000WithIntervals: { runs: 50, run: () => report(smallColumns, true) },
  plain1000: { runs: 50, run: () => plainPeer(small.live, small.backtest) },
  report100000: { runs: 1, run: () => report(largeColumns, false) },
  plain100000: { runs: 1, run: () => plainPeer(large.live, large.backtest) },
  timeMatching50000: {
    runs: 1,
    run: () => matchOrders(keylessOrders[0]!, keylessOrders[1]!, keylessKeys[0]!, keylessKeys[1]!),
  },
  trackingError1000: { runs: 1_000, run: () => trackingErrorBps(differences, 1e6) },
});
const { days } = measure({ days: { runs: 1, run: referenceDays } }, 3);
console.log(JSON.stringify({ ...figures, referenceDays: days, peakMemoryMb: peakMemoryMb() }));
